"""All evidence on a set of candidate types, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from typology.errors import TypologyError
from typology.evidence.artefacts import artefact_flags
from typology.evidence.power import power
from typology.evidence.resample import Stability, resample
from typology.evidence.rivals import LatentClasses, PlainClusters, latent_classes, plain_clusters
from typology.evidence.sensitivity import sensitivity
from typology.evidence.verdict import Existence, decide, existence
from typology.models.agreement import adjusted_rand, match, overlap
from typology.models.association import rank_p
from typology.models.parallel import run_all
from typology.progress import Progress
from typology.results import Discovery, Evidence, Floats, Ints, Prepared
from typology.schema.study import StudyConfig


def gather_evidence(
    prepared: Prepared, discovery: Discovery, config: StudyConfig, *, jobs: int = 1, progress: Progress
) -> Evidence:
    """Resample the types, compare them with rivals, and decide whether there are types.

    Parameters
    ----------
    prepared : Prepared
    discovery : Discovery
        Brings its own calibration against surveys without types.
    config : StudyConfig
    jobs : int
        Processes; results do not depend on it.
    progress : Progress

    Returns
    -------
    Evidence

    Raises
    ------
    TypologyError
        When the discovery carries no way to repeat it.
    """
    if discovery.refit is None or discovery.again is None or discovery.planting is None:
        raise TypologyError("This discovery cannot be repeated, so there is no evidence to gather.")
    sample = discovery.sample
    searched = prepared.take(sample)
    other_seed = int(np.random.SeedSequence([config.seed, 3]).generate_state(1)[0])
    progress.start("Rival methods and another seed", total=3)
    tasks: list[tuple[Any, ...]] = [
        (latent_classes, searched, config.seed),
        (_from, discovery.again, other_seed),
        (plain_clusters, searched, config.seed),
    ]
    found: list[Any] = []
    for result in run_all(_call, tasks, jobs=jobs):
        found.append(result)
        progress.advance()
    classes: LatentClasses = found[0]
    again: Ints = found[1]
    plain: PlainClusters = found[2]
    stability = resample(
        discovery.labels[sample],
        discovery.n_types,
        discovery.refit,
        most=config.evidence.resamples,
        seed=config.seed,
        jobs=jobs,
        progress=progress,
    )
    test = existence(discovery.calibration, n=searched.n)
    p_association = rank_p(discovery.association, discovery.chance_association)
    kept = sum(grade != "dissolved" for grade in stability.grades())
    flags = artefact_flags(prepared, discovery)
    found_if_planted = power(discovery.planting, seed=config.seed, jobs=jobs, progress=progress)
    verdict, reason = decide(test, p_association=p_association, kept=kept, candidates=discovery.n_types)
    return Evidence(
        verdict=verdict,
        reason=reason,
        p_no_types=test.p,
        p_no_association=p_association,
        statistics=_statistics(discovery, test),
        types=_types(discovery, stability, classes, flags),
        fit=classes.fit,
        rivals=_rivals(discovery, classes, plain),
        crosswalk=_crosswalk(discovery, classes),
        power=found_if_planted,
        sensitivity=sensitivity(prepared, discovery, seed=config.seed),
        seed_agreement=adjusted_rand(discovery.membership[sample].argmax(axis=1), again),
    )


def _call(function: Callable[..., Any], given: Any, seed: int) -> Any:
    return function(given, seed=seed)


def _from(again: Callable[[int], Ints], *, seed: int) -> Ints:
    return again(seed)


def _statistics(discovery: Discovery, test: Existence) -> pd.DataFrame:
    types, association = "types beyond degree (standard deviations)", "association between items"
    rows = [(types, "observed", 0, test.distance)]
    rows += [(types, "no types", draw + 1, value) for draw, value in enumerate(test.null)]
    rows.append((association, "observed", 0, discovery.association))
    rows += [
        (association, "no association", draw + 1, value)
        for draw, value in enumerate(discovery.chance_association)
    ]
    return pd.DataFrame(rows, columns=["statistic", "source", "draw", "value"])


def _types(
    discovery: Discovery, stability: Stability, classes: LatentClasses, flags: list[str]
) -> pd.DataFrame:
    labels, k = discovery.labels[discovery.sample], discovery.n_types
    n_classes = len(classes.profile)
    counts = overlap(labels, classes.labels, k, n_classes)
    similarity = np.array([[_profile_r(a, b) for b in classes.profile] for a in discovery.profile])
    partner: dict[int, int] = dict(match(counts.astype(float)))
    low, high = stability.interval()
    sizes = np.array([int((labels == c).sum()) for c in range(k)])
    core = np.array([int((discovery.core[discovery.sample] & (labels == c)).sum()) for c in range(k)])
    return pd.DataFrame(
        {
            "jaccard": stability.mean,
            "jaccard_lo": low,
            "jaccard_hi": high,
            "core_share": core / np.maximum(sizes, 1),
            "lca_class": [partner.get(c, -1) + 1 for c in range(k)],
            "lca_profile_r": [similarity[c, partner[c]] if c in partner else np.nan for c in range(k)],
            "lca_overlap": [
                counts[c, partner[c]] / max(sizes[c], 1) if c in partner else np.nan for c in range(k)
            ],
            "grade": stability.grades(),
            "flags": flags,
        }
    )


def _profile_r(first: Floats, second: Floats) -> float:
    return float(np.corrcoef(first, second)[0, 1])


def _rivals(
    discovery: Discovery, classes: LatentClasses, plain: PlainClusters
) -> Mapping[str, Mapping[str, float]]:
    labels = discovery.labels[discovery.sample]
    return {
        "latent_class": {
            "classes": len(classes.profile),
            "ari": adjusted_rand(labels, classes.labels),
        },
        "plain_umap_hdbscan": {
            "clusters": int(plain.labels.max(initial=-1)) + 1,
            "noise_share": float((plain.labels < 0).mean()),
            "ari": adjusted_rand(labels[plain.sample], plain.labels),
        },
    }


def _crosswalk(discovery: Discovery, classes: LatentClasses) -> pd.DataFrame:
    labels = discovery.labels[discovery.sample]
    return pd.DataFrame(overlap(labels, classes.labels, discovery.n_types, len(classes.profile)))
