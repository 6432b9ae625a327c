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

from typology.discover.calibrate import (
    Gains,
    NullModel,
    ShuffledAnswers,
    answers,
    compared_with,
    light_search,
    null_model,
    side_by_side,
)
from typology.discover.choose import best_by_kind, selection_table
from typology.discover.embed import Run, embed
from typology.discover.everyone import place_everyone, runs_table, working_sample
from typology.discover.planting import planting
from typology.discover.propose import Encoded, Proposals, encoded, propose, settings
from typology.discover.refit import Again, Refit
from typology.discover.search import Answers, Candidate, search
from typology.models.excess import strongest
from typology.models.parallel import run_all
from typology.progress import Progress
from typology.results import Bools, Calibration, Discovery, Floats, Ints, Prepared
from typology.schema.study import StudyConfig

LARGEST = 10
SMALLEST_SHARE = 0.02
ASSOCIATION_DRAWS = 199
# Twenty surveys without types tell the spread of their gains to a sixth. That is enough far from the bound of
# the verdict (3.5 standard deviations). Between the first two distances as many again are drawn, and between
# the second two, which lie closer as forty tell more, once more.
OPEN = ((2.0, 8.0), (2.4, 6.3))


def discover(prepared: Prepared, config: StudyConfig, *, jobs: int = 1, progress: Progress) -> Discovery:
    """Find candidate types.

    Parameters
    ----------
    prepared : Prepared
        Respondents sorted by id; unanswered items are left out of the likelihood, never filled in. Of more
        than 20,000 a random 10,000 are searched, and everybody is placed.
    config : StudyConfig
    jobs : int
        Processes for the null draws and the UMAP runs; results do not depend on it.
    progress : Progress

    Returns
    -------
    Discovery
        Types numbered by weighted size.
    """
    sample = working_sample(prepared.n, seed=config.seed)
    looked_at = prepared.take(sample)
    data = encoded(looked_at)
    draws = (1 + len(OPEN)) * config.evidence.nulls
    seeds = [int(s) for s in np.random.SeedSequence(config.seed).generate_state(2 + draws)]
    progress.start("UMAP and HDBSCAN", total=2 * len(config.embed.n_neighbors))
    null = null_model(looked_at, data)
    proposals = _proposals(data, config, seeds[:2], null.careless, jobs=jobs, progress=progress)
    progress.start("Number of types", total=2)
    pool = answers(data)
    smallest = max(SMALLEST_SHARE, 10 / looked_at.n)
    tasks = [(pool, proposals, smallest, seeds[0], (severity,)) for severity in (False, True)]
    candidates: list[Candidate] = []
    for found in run_all(_search, tasks, jobs=jobs):
        candidates += found
        progress.advance()
    best = best_by_kind(candidates, n=looked_at.n, smallest=smallest)
    without = compared_with(null, data, proposals.scores)
    calibrations = _calibrate(
        without, data, config, best, proposals.scores.dimensions, seeds, jobs=jobs, progress=progress
    )
    chosen = next(best[kind.severity] for kind in calibrations if kind.chosen)
    everyone = place_everyone(prepared, sample, proposals, chosen.model, jobs=jobs)
    return Discovery(
        labels=everyone.labels,
        membership=everyone.membership,
        core=everyone.core,
        severity=everyone.severity,
        map_xy=_map(prepared.n, sample[proposals.sample], proposals, config),
        runs=runs_table(proposals.runs, everyone.labels[sample]),
        selection=selection_table(candidates, best, calibrations, n=looked_at.n),
        parameters={
            "dimensions": proposals.scores.dimensions,
            "severity_inside_types": chosen.severity,
            "types_searched_up_to": LARGEST,
            "umap_components": settings(
                config, n=looked_at.n, dimensions=proposals.scores.dimensions
            ).n_components,
            "map_sample": len(proposals.sample),
            "respondents_searched": looked_at.n,
        },
        calibration=calibrations,
        association=proposals.scores.association,
        chance_association=proposals.scores.chance_association,
        profile=everyone.profile,
        sample=sample,
        clustered=sample[proposals.sample],
        clusters=np.column_stack([run.labels[proposals.sample] for run in proposals.runs]),
        refit=Refit(data, proposals, chosen.n_types, chosen.severity),
        again=Again(data, config, chosen.severity, LARGEST, smallest),
        planting=planting(null, data, config, calibrations, best[True].model.shares),
    )


def _map(n: int, rows: Ints, proposals: Proposals, config: StudyConfig) -> Floats:
    """Positions on the map, (n, 2); NaN for respondents of a large survey who are not on it."""
    positions = np.full((n, 2), np.nan)
    positions[rows] = embed(
        proposals.scores.mean[proposals.sample],
        n_neighbors=30,
        n_components=2,
        min_dist=0.1,
        seed=config.seed % 2**31,
    )
    return positions


def _search(
    pool: Answers, proposals: Proposals, smallest: float, seed: int, kinds: tuple[bool, ...]
) -> list[Candidate]:
    return search(
        pool,
        proposals.runs,
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
    null: NullModel | ShuffledAnswers,
    data: Encoded,
    config: StudyConfig,
    best: dict[bool, Candidate],
    dimensions: int,
    seeds: Sequence[int],
    *,
    jobs: int,
    progress: Progress,
) -> tuple[Calibration, ...]:
    """Search the survey and every null draw alike, and set the gains side by side.

    Where the first draws leave it open whether the survey stands out from them, more are made.
    """
    largest = {severity: candidate.n_types for severity, candidate in best.items()}
    first = config.evidence.nulls
    progress.start("Surveys without types", total=1 + first)
    tasks: list[tuple[Any, ...]] = [(data, None, config, largest, seeds[0])]
    tasks += [(data, null, config, largest, seed) for seed in seeds[2:]]
    found = []

    def run(some: Sequence[tuple[Any, ...]]) -> tuple[Calibration, ...]:
        for gains in run_all(_gains, some, jobs=jobs):
            found.append(gains)
            progress.advance()
        return side_by_side(found, largest, n=len(data.codes), dimensions=dimensions)

    calibrations = run(tasks[: 1 + first])
    for low, high in OPEN:
        if not low <= strongest(calibrations)[2] < high:
            break
        progress.start("More surveys without types", total=first)
        calibrations = run(tasks[len(found) : len(found) + first])
    place = strongest(calibrations)[0]
    return tuple(replace(kind, chosen=at == place) for at, kind in enumerate(calibrations))


def _gains(
    data: Encoded,
    null: NullModel | ShuffledAnswers | None,
    config: StudyConfig,
    largest: dict[bool, int],
    seed: int,
) -> Gains:
    codes = data.codes if null is None else null.draw(seed)
    return light_search(Encoded(codes, data.columns, data.group), config, largest=largest, seed=seed % 2**31)
