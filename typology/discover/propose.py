"""Proposals for types: UMAP+HDBSCAN over neighbourhoods, sizes and seeds.

Respondents who share an answer pattern would sit on one point and form an island of their own, which is a
popular answer pattern and not a type; they are spread by the uncertainty of their latent scores. Above a
few thousand respondents the runs see a sample; the measurement model sees everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from typology.discover.embed import EPOCHS, Run, Settings, run_once
from typology.models.layout import Layout, indicators, item_layout
from typology.models.scores import LatentScores, latent_scores
from typology.results import Bools, Floats, Ints, Prepared
from typology.schema.study import StudyConfig

LARGEST_SAMPLE = 4000
SMALLEST_CLUSTER = 10
AUTO_SIZES = (0.03, 0.06)
MOST_COMPONENTS = 5


Mapper = Callable[[Callable[..., list[Run]], Sequence[tuple[Any, ...]]], list[list[Run]]]


@dataclass(frozen=True)
class Encoded:
    """Answers as the models read them.

    Attributes
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered.
    columns : Layout
    group : int array, (n,)
        Known group (country), from 0; all zero when there is none.
    """

    codes: Ints
    columns: Layout
    group: Ints

    @property
    def matrix(self) -> Floats:
        """Indicators, (n, C)."""
        return indicators(self.codes, self.columns)


@dataclass(frozen=True)
class Proposals:
    """Runs over a sample of respondents, spread back over all of them.

    Attributes
    ----------
    scores : LatentScores
        Of all respondents.
    runs : tuple of Run
        Labels (n,), -1 for noise and outside the sample.
    sample : int array, (m,)
        Rows the runs saw.
    """

    scores: LatentScores
    runs: tuple[Run, ...]
    sample: Ints


def encoded(prepared: Prepared) -> Encoded:
    """Levels, layout and known group of the clustered respondents."""
    columns = item_layout(prepared.items)
    group = np.zeros(prepared.n, dtype=np.int64)
    if prepared.group is not None:
        group = np.unique(prepared.group.astype(str), return_inverse=True)[1].astype(np.int64)
    return Encoded(prepared.codes.astype(np.int64), columns, group)


def settings(config: StudyConfig, *, n: int, dimensions: int) -> Settings:
    """Resolve every ``auto``.

    Parameters
    ----------
    config : StudyConfig
    n : int
        Respondents: automatic cluster sizes are shares of them, or of the sample the runs see.
    dimensions : int
        Latent dimensions: automatic UMAP components follow them, from two to five.
    """
    n = min(n, LARGEST_SAMPLE)
    asked = config.cluster.min_cluster_size
    shares = AUTO_SIZES if asked == "auto" else (asked,)
    sizes = [round(share * n) if share < 1 else int(share) for share in shares]
    components = config.embed.n_components
    return Settings(
        n_neighbors=config.embed.n_neighbors,
        n_components=min(max(2, dimensions), MOST_COMPONENTS) if components == "auto" else components,
        min_dist=config.embed.min_dist,
        min_cluster_sizes=tuple(sorted({max(size, SMALLEST_CLUSTER) for size in sizes})),
        min_samples=config.cluster.min_samples,
    )


def propose(
    data: Encoded,
    config: StudyConfig,
    *,
    seeds: Sequence[int],
    n_neighbors: Sequence[int],
    permutations: int = 10,
    epochs: int = EPOCHS,
    fixed: Bools | None = None,
    mapper: Mapper | None = None,
) -> Proposals:
    """Run UMAP+HDBSCAN for every seed and neighbourhood.

    Parameters
    ----------
    data : Encoded
    config : StudyConfig
    seeds, n_neighbors : sequences of int
    permutations : int
        For parallel analysis and the association test.
    epochs : int
        Of each embedding.
    fixed : bool array, (n,), optional
        Careless respondents, not permuted.
    mapper : callable, optional
        ``mapper(function, tasks) -> results`` in the order of the tasks; may work in parallel.

    Returns
    -------
    Proposals
    """
    rng = np.random.default_rng(seeds[0])
    matrix = data.matrix
    scores = latent_scores(
        matrix, data.columns, rng=rng, permutations=permutations, group=data.group, fixed=fixed
    )
    n = len(matrix)
    sample = np.arange(n) if n <= LARGEST_SAMPLE else np.sort(rng.choice(n, LARGEST_SAMPLE, replace=False))
    _, pattern, count = np.unique(data.codes[sample], axis=0, return_inverse=True, return_counts=True)
    shared = count[pattern.ravel()] > 1
    spread = np.where(
        shared[:, None], rng.normal(size=scores.mean[sample].shape) * scores.spread[sample], 0.0
    )
    points = scores.mean[sample] + spread
    resolved = replace(settings(config, n=n, dimensions=scores.dimensions), epochs=epochs)
    tasks = [(points, resolved, k, seed) for seed in seeds for k in n_neighbors]
    found = [_task(*task) for task in tasks] if mapper is None else mapper(_task, tasks)
    runs = [_spread(run, sample, n) for group in found for run in group]
    return Proposals(scores, tuple(runs), sample)


def _task(points: Floats, resolved: Settings, n_neighbors: int, seed: int) -> list[Run]:
    return run_once(points, resolved, n_neighbors=n_neighbors, seed=seed)


def _spread(run: Run, sample: Ints, n: int) -> Run:
    labels = np.full(n, -1, dtype=np.int64)
    labels[sample] = run.labels
    return Run(run.n_neighbors, run.min_cluster_size, run.method, run.seed, labels)
