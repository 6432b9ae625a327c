"""Discovery: from the clustering input to candidate types.

UMAP+HDBSCAN over neighbourhoods, sizes and seeds propose; a measurement model started from the proposals
places every respondent; the number of types is judged against surveys without types. Whether the types are
real is asked later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.discover.calibrate import Gains, NullModel, answers, light_search, null_model
from typology.discover.choose import best_by_kind, selection_table
from typology.discover.embed import Run, co_occurrence, embed
from typology.discover.propose import Encoded, Proposals, encoded, propose, settings
from typology.discover.refit import Refit, place
from typology.discover.search import Answers, Candidate, search
from typology.models.agreement import adjusted_rand
from typology.models.excess import correlation_strength, strongest
from typology.models.parallel import run_all
from typology.progress import Progress
from typology.results import Bools, Calibration, Discovery, Floats, Ints, Prepared
from typology.schema.study import StudyConfig

LARGEST = 10
SMALLEST_SHARE = 0.02
ASSOCIATION_DRAWS = 199
LEAST_MEMBERSHIP = 0.4
WORST_FIT = -4.0


def discover(prepared: Prepared, config: StudyConfig, *, jobs: int = 1, progress: Progress) -> Discovery:
    """Find candidate types.

    Parameters
    ----------
    prepared : Prepared
        Respondents sorted by id; unanswered items are left out of the likelihood, never filled in.
    config : StudyConfig
    jobs : int
        Processes for the null draws and the UMAP runs; results do not depend on it.
    progress : Progress

    Returns
    -------
    Discovery
        Types numbered by weighted size.
    """
    data = encoded(prepared)
    seeds = [int(s) for s in np.random.SeedSequence(config.seed).generate_state(2 + config.evidence.nulls)]
    progress.start("UMAP and HDBSCAN", total=2 * len(config.embed.n_neighbors))
    null = null_model(prepared, data)
    proposals = _proposals(data, config, seeds[:2], null.careless, jobs=jobs, progress=progress)
    progress.start("Number of types", total=2)
    pool = answers(data, seed=seeds[0])
    smallest = max(SMALLEST_SHARE, 10 / prepared.n)
    tasks = [(pool, proposals, smallest, seeds[0], (severity,)) for severity in (False, True)]
    candidates: list[Candidate] = []
    for found in run_all(_search, tasks, jobs=jobs):
        candidates += found
        progress.advance()
    best = best_by_kind(candidates, n=prepared.n, smallest=smallest)
    calibrations = _calibrate(
        null, data, config, best, proposals.scores.dimensions, seeds, jobs=jobs, progress=progress
    )
    selection = selection_table(candidates, best, calibrations, n=prepared.n)
    chosen = next(best[kind.severity] for kind in calibrations if kind.chosen)
    return _result(prepared, data, config, proposals, chosen, calibrations, selection)


def _search(
    pool: Answers, proposals: Proposals, smallest: float, seed: int, kinds: tuple[bool, ...]
) -> list[Candidate]:
    return search(
        pool,
        co_occurrence(proposals.runs),
        [run.labels for run in proposals.runs],
        largest=LARGEST,
        smallest_share=smallest,
        seed=seed % 2**31,
        kinds=kinds,
    )


def _proposals(
    data: Encoded, config: StudyConfig, seeds: Sequence[int], fixed: Bools, *, jobs: int, progress: Progress
) -> Proposals:
    def mapper(function: Callable[..., list[Run]], tasks: Sequence[tuple[Any, ...]]) -> list[list[Run]]:
        found = []
        for runs in run_all(function, tasks, jobs=jobs):
            found.append(runs)
            progress.advance()
        return found

    return propose(
        data,
        config,
        seeds=seeds,
        n_neighbors=config.embed.n_neighbors,
        permutations=ASSOCIATION_DRAWS,
        fixed=fixed,
        mapper=mapper,
    )


def _calibrate(
    null: NullModel,
    data: Encoded,
    config: StudyConfig,
    best: dict[bool, Candidate],
    dimensions: int,
    seeds: Sequence[int],
    *,
    jobs: int,
    progress: Progress,
) -> tuple[Calibration, ...]:
    """Search the survey and every null draw alike, and set the gains side by side."""
    largest = {severity: candidate.n_types for severity, candidate in best.items()}
    progress.start("Surveys without types", total=1 + config.evidence.nulls)
    tasks: list[tuple[Any, ...]] = [(data, None, config, largest, seeds[0])]
    tasks += [(data, null, config, largest, seed) for seed in seeds[2:]]
    found = []
    for gains in run_all(_gains, tasks, jobs=jobs):
        found.append(gains)
        progress.advance()
    strength = np.array(
        [correlation_strength(gains.eigenvalues, n=len(data.codes), dimensions=dimensions) for gains in found]
    )
    kinds = tuple(
        Calibration(
            severity=severity,
            n_types=n_types,
            gain=found[0].by_kind[severity][n_types - 2],
            null=np.array([draw.by_kind[severity][n_types - 2] for draw in found[1:]]),
            strength=strength[0],
            null_strength=strength[1:],
        )
        for severity, n_types in largest.items()
    )
    place = strongest(kinds)[0]
    return tuple(replace(kind, chosen=at == place) for at, kind in enumerate(kinds))


def _gains(
    data: Encoded, null: NullModel | None, config: StudyConfig, largest: dict[bool, int], seed: int
) -> Gains:
    codes = data.codes if null is None else null.draw(seed)
    return light_search(Encoded(codes, data.columns, data.group), config, largest=largest, seed=seed % 2**31)


def _result(
    prepared: Prepared,
    data: Encoded,
    config: StudyConfig,
    proposals: Proposals,
    chosen: Candidate,
    calibrations: tuple[Calibration, ...],
    selection: pd.DataFrame,
) -> Discovery:
    model = chosen.model
    membership, fit = place(model, data.codes)
    labels = membership.argmax(axis=1)
    weight = prepared.design.weight
    size = np.bincount(labels, weights=weight, minlength=model.n_types)
    order = np.argsort(-size, kind="stable")
    membership = membership[:, order]
    labels = membership.argmax(axis=1).astype(np.int64)
    runs = _runs_table(proposals.runs, labels)
    core = _core(proposals.runs, labels, membership)
    labels[(membership.max(axis=1) < LEAST_MEMBERSHIP) | (fit < WORST_FIT)] = -1
    map_xy = embed(
        proposals.scores.mean[proposals.sample],
        n_neighbors=30,
        n_components=2,
        min_dist=0.1,
        seed=config.seed % 2**31,
    )
    positions = np.full((prepared.n, 2), np.nan)
    positions[proposals.sample] = map_xy
    refit = Refit(data, proposals, chosen.n_types, chosen.severity)
    everyone = np.arange(prepared.n)
    halves = [
        refit.from_runs(everyone, [run for run in proposals.runs if run.seed == seed], seed=seed)
        for seed in sorted({run.seed for run in proposals.runs})
    ]
    return Discovery(
        labels=labels,
        membership=membership,
        core=core & (labels >= 0),
        severity=proposals.scores.mean[:, 0],
        map_xy=positions,
        runs=runs,
        selection=selection,
        seed_agreement=adjusted_rand(halves[0], halves[1]),
        parameters={
            "dimensions": proposals.scores.dimensions,
            "severity_inside_types": chosen.severity,
            "types_searched_up_to": LARGEST,
            "umap_components": settings(
                config, n=prepared.n, dimensions=proposals.scores.dimensions
            ).n_components,
            "map_sample": len(proposals.sample),
        },
        calibration=calibrations,
        association=proposals.scores.association,
        chance_association=proposals.scores.chance_association,
        profile=model.profile()[order],
        refit=refit,
    )


def _runs_table(runs: Sequence[Run], labels: Ints) -> pd.DataFrame:
    rows = []
    for run in runs:
        seen = run.labels >= 0
        rows.append(
            {
                "n_neighbors": run.n_neighbors,
                "min_cluster_size": run.min_cluster_size,
                "method": run.method,
                "seed": run.seed,
                "clusters": int(run.labels.max(initial=-1) + 1),
                "noise": float(1 - seen.mean()),
                "ari_to_types": adjusted_rand(run.labels, labels),
            }
        )
    return pd.DataFrame(rows)


def _core(runs: Sequence[Run], labels: Ints, membership: Floats) -> Bools:
    """In a cluster dominated by one's own type in at least half of the runs that clustered at all."""
    k = membership.shape[1]
    votes, cast = np.zeros(len(labels)), 0
    for run in runs:
        clusters = int(run.labels.max(initial=-1)) + 1
        if clusters < 2:
            continue
        cast += 1
        table = np.zeros((clusters, k))
        inside = run.labels >= 0
        np.add.at(table, (run.labels[inside], labels[inside]), 1)
        owner = np.r_[table.argmax(axis=1), -1]
        votes += owner[run.labels] == labels
    return np.asarray((votes >= 0.5 * max(cast, 1)) & (membership.max(axis=1) >= 0.5))
