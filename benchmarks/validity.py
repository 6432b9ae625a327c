"""Compare methods: who finds the planted types, and who finds types where there are none.

    python benchmarks/validity.py --draws 5 --jobs 2 --out benchmarks/validity.csv

Every family of :mod:`typology.simulate.planted` x every method: adjusted Rand index to the planted types
with unassigned counted as wrong, that index over the Bayes-optimal one, number of types, CPU seconds. On
surveys without types a method errs when it reports more than one group (for this package: when the verdict
is `types`).
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from surveys import prepared

from typology.discover.types import discover
from typology.evidence.resample import resample
from typology.evidence.rivals import latent_classes, plain_clusters
from typology.evidence.verdict import decide, existence
from typology.models.agreement import adjusted_rand
from typology.models.association import rank_p
from typology.models.parallel import run_all
from typology.models.scores import latent_scores
from typology.progress import SilentProgress
from typology.results import Prepared
from typology.schema.study import StudyConfig
from typology.simulate.planted import FAMILIES, NULLS, PlantedSurvey, plant

CONFIG = StudyConfig.model_validate(
    {"study": "validity", "survey": {"data": "simulated", "codebook": "none"}, "evidence": {"resamples": 30}}
)
SEEDS_COMPARED = ("clear", "moderate")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Groups a method found; `claims` says whether it would report them as types."""

    labels: np.ndarray
    groups: int
    claims: bool
    details: dict[str, object] = dataclasses.field(default_factory=dict)


def ours(data: Prepared, seed: int) -> Outcome:
    """Discovery, resampling and verdict of this package (its rival methods have their own rows)."""
    quiet = SilentProgress()
    found = discover(data, CONFIG.model_copy(update={"seed": seed}), jobs=1, progress=quiet)
    assert found.refit is not None
    stability = resample(found.labels, found.n_types, found.refit, most=30, seed=seed, jobs=1, progress=quiet)
    kept = np.array([grade != "dissolved" for grade in stability.grades()])
    test = existence(found.calibration, n=data.n)
    p_association = rank_p(found.association, found.chance_association)
    verdict, _ = decide(test, p_association=p_association, kept=int(kept.sum()), candidates=len(kept))
    labels = np.where(kept[found.labels] & (found.labels >= 0), found.labels, -1)
    details = {
        "verdict": verdict,
        "distance": test.distance,
        "size": test.size,
        "p": test.p,
        "severity inside": bool(found.parameters["severity_inside_types"]),
    }
    return Outcome(labels, int(kept.sum()), verdict == "types", details)


def ours_again(data: Prepared, seed: int) -> Outcome:
    """Discovery of this package from another root seed, to see how well two seeds agree."""
    found = discover(
        data, CONFIG.model_copy(update={"seed": seed + 77_777}), jobs=1, progress=SilentProgress()
    )
    return Outcome(found.labels, found.n_types, claims=True)


def plain(data: Prepared, seed: int) -> Outcome:
    """UMAP on the items and HDBSCAN, defaults."""
    labels, _ = plain_clusters(data, seed=seed)
    groups = int(labels.max(initial=-1)) + 1
    return Outcome(labels, groups, groups > 1)


def on_components(data: Prepared, seed: int) -> Outcome:
    """UMAP on principal components kept by parallel analysis, and HDBSCAN."""
    from typology.discover.embed import clusters, embed
    from typology.discover.propose import encoded

    inputs = encoded(data)
    scores = latent_scores(inputs.matrix, inputs.columns, rng=np.random.default_rng(seed))
    points = embed(scores.mean, n_neighbors=30, n_components=2, min_dist=0.0, seed=seed)
    (_, _, labels), _ = clusters(points, min_cluster_sizes=(max(10, data.n // 33),), min_samples=5)
    groups = int(labels.max(initial=-1)) + 1
    return Outcome(labels, groups, groups > 1)


def step_mix(data: Prepared, seed: int) -> Outcome:
    """Latent classes by StepMix, the number by BIC."""
    found = latent_classes(data, seed=seed)
    groups = len(found.profile)
    return Outcome(found.labels, groups, groups > 1)


def k_prototypes(data: Prepared, seed: int) -> Outcome:
    """k-prototypes, k by the largest second difference of its cost (it has no criterion for one group)."""
    from kmodes.kprototypes import KPrototypes

    codes = data.codes.astype(float)
    codes[codes < 0] = np.nan
    ordered = np.array([item.level == "ordinal" for item in data.items])
    filled = np.where(np.isnan(codes), np.nanmedian(codes, axis=0), codes)
    categorical = np.flatnonzero(~ordered).tolist()
    costs, fits = [], []
    for k in range(1, 8):
        if ordered.any():
            model = KPrototypes(k, init="Cao", n_init=1, max_iter=20, random_state=seed)
            labels = model.fit_predict(filled, categorical=categorical)
        else:
            from kmodes.kmodes import KModes

            model = KModes(k, init="Cao", n_init=1, max_iter=20, random_state=seed)
            labels = model.fit_predict(filled)
        costs.append(model.cost_)
        fits.append(np.asarray(labels, dtype=np.int64))
    k = int(np.diff(costs, 2).argmax()) + 1
    return Outcome(fits[k], k + 1, claims=True)


FIRST_SEED, SECOND_SEED = "typology", "typology, second seed"
METHODS: dict[str, Callable[[Prepared, int], Outcome]] = {
    FIRST_SEED: ours,
    SECOND_SEED: ours_again,
    "UMAP on items + HDBSCAN": plain,
    "UMAP on components + HDBSCAN": on_components,
    "latent classes, BIC": step_mix,
    "k-prototypes": k_prototypes,
}


def one(family: str, draw: int, methods: tuple[str, ...], base: int) -> list[dict[str, object]]:
    """Run the methods on one survey."""
    warnings.simplefilter("ignore")  # of the peers: they warn of convergence on every other survey
    seed = base + zlib.crc32(family.encode()) % 10_000 * 100 + draw
    survey: PlantedSurvey = plant({**FAMILIES, **NULLS}[family], seed=seed)
    data = prepared(survey)
    planted = len(np.unique(survey.truth))
    bayes = adjusted_rand(survey.truth, survey.bayes)
    rows: list[dict[str, object]] = []
    labels: dict[str, np.ndarray] = {}
    for method in methods:
        if method == SECOND_SEED and family not in SEEDS_COMPARED:
            continue
        started = time.process_time()
        outcome = METHODS[method](data, seed)
        labels[method] = outcome.labels
        ari = adjusted_rand(survey.truth, outcome.labels) if planted > 1 else np.nan
        rows.append(
            {
                "family": family,
                "types planted": planted if planted > 1 else 0,
                "draw": draw,
                "method": method,
                "claims types": outcome.claims,
                "groups": outcome.groups,
                "ari": ari,
                "bayes": bayes if planted > 1 else np.nan,
                "of bayes": ari / bayes if planted > 1 else np.nan,
                "cpu seconds": time.process_time() - started,
                **outcome.details,
            }
        )
    if FIRST_SEED in labels and SECOND_SEED in labels:
        rows[0]["seeds agree"] = adjusted_rand(labels[FIRST_SEED], labels[SECOND_SEED])
    return rows


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a family and method."""
    return (
        table.assign(right=table["groups"] == table["types planted"])
        .groupby(["family", "method"], sort=False)
        .agg(
            surveys=("draw", "size"),
            claims=("claims types", "mean"),
            right_number=("right", "mean"),
            groups=("groups", "mean"),
            ari=("ari", "mean"),
            of_bayes=("of bayes", "mean"),
            cpu_seconds=("cpu seconds", "median"),
        )
        .reset_index()
    )


def main() -> None:
    """Run the benchmark and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=5, help="surveys a family")
    parser.add_argument("--from", dest="first", type=int, default=0, help="first draw, to add to a table")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--families", default=",".join([*FAMILIES, *NULLS]))
    parser.add_argument("--methods", default=";".join(METHODS), help="names separated by ';'")
    parser.add_argument("--base", type=int, default=1_000_000, help="first seed")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/validity.csv"))
    arguments = parser.parse_args()
    methods = tuple(name for name in METHODS if name in arguments.methods.split(";"))
    tasks = [
        (family, draw, methods, arguments.base)
        for draw in range(arguments.first, arguments.first + arguments.draws)
        for family in arguments.families.split(",")
    ]
    rows: list[dict[str, object]] = []
    for found in run_all(one, tasks, jobs=arguments.jobs):
        rows += found
        for row in found:
            print({k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}, flush=True)
        pd.DataFrame(rows).to_csv(arguments.out, index=False)
    print(summary(pd.DataFrame(rows)).round(3).to_string())


if __name__ == "__main__":
    main()
