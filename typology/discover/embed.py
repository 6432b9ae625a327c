"""One UMAP+HDBSCAN run: neighbour graph, embedding, clusters at several sizes.

The exact neighbour graph is computed once for the largest neighbourhood and cut for the smaller ones. UMAP
starts from the latent scores and not from a spectral layout: it needs fewer epochs and gives the same
answer twice. HDBSCAN is told its `min_samples` (which otherwise follows the cluster size) and the exact
spanning tree.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.neighbors import NearestNeighbors

from typology.results import Floats, Ints

EPOCHS = 200
MOST_COMPONENTS = 5


@dataclass(frozen=True)
class Run:
    """Clusters of one run: labels from 0, -1 noise."""

    n_neighbors: int
    min_cluster_size: int
    method: str
    seed: int
    labels: Ints


@dataclass(frozen=True)
class Settings:
    """UMAP and HDBSCAN settings with every ``auto`` resolved."""

    n_neighbors: tuple[int, ...]
    n_components: int
    min_dist: float
    min_cluster_sizes: tuple[int, ...]
    min_samples: int
    epochs: int = EPOCHS


def embed(
    scores: Floats, *, n_neighbors: int, n_components: int, min_dist: float, seed: int, epochs: int = EPOCHS
) -> Floats:
    """UMAP of the latent scores.

    Parameters
    ----------
    scores : float array, (n, m)
    n_neighbors : int
        At most n - 1 are used.
    n_components : int
    min_dist : float
    seed : int
    epochs : int

    Returns
    -------
    float array, (n, n_components)
    """
    import umap

    k = min(n_neighbors, len(scores) - 1)
    distance, index = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(scores).kneighbors(scores)
    rng = np.random.default_rng(seed)
    start = rng.normal(scale=0.05, size=(len(scores), n_components))
    shared = min(n_components, scores.shape[1])
    start[:, :shared] += 3 * scores[:, :shared] / scores[:, 0].std()
    model = umap.UMAP(
        n_neighbors=k,
        n_components=n_components,
        min_dist=min_dist,
        n_epochs=epochs,
        init=start.astype(np.float32),
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(index, distance.astype(np.float32), None),
    )
    with warnings.catch_warnings():
        # said whenever a neighbour graph is handed over; new respondents are never embedded here
        warnings.filterwarnings("ignore", message="precomputed_knn")
        return np.asarray(model.fit_transform(scores.astype(np.float32)), dtype=float)


class _OneTree:
    """Handed to HDBSCAN as its cache: the tree of one embedding serves every cluster size and method.

    Its own cache would be files, and an embedding is of single respondents.
    """

    def __init__(self) -> None:
        self.made: Any = None

    def cache(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def once(*given: Any, **named: Any) -> Any:
            if self.made is None:
                self.made = function(*given, **named)
            return self.made

        return once


def clusters(
    embedding: Floats, *, min_cluster_sizes: Sequence[int], min_samples: int
) -> Iterator[tuple[int, str, Ints]]:
    """HDBSCAN labels of the points at every size, by excess of mass (``eom``) and by leaf.

    Parameters
    ----------
    embedding : float array, (n, d)
    min_cluster_sizes : sequence of int
    min_samples : int

    Yields
    ------
    tuple
        Size, method and labels, (n,), -1 noise.
    """
    import hdbscan

    tree = _OneTree()
    for size in min_cluster_sizes:
        for method in ("eom", "leaf"):
            model = hdbscan.HDBSCAN(
                min_cluster_size=size,
                min_samples=min_samples,
                cluster_selection_method=method,
                approx_min_span_tree=False,
                core_dist_n_jobs=1,
                memory=tree,
            )
            yield size, method, np.asarray(model.fit_predict(embedding), dtype=np.int64)


def run_once(scores: Floats, settings: Settings, *, n_neighbors: int, seed: int) -> list[Run]:
    """One embedding, clustered at every size, by excess of mass and by leaf."""
    embedding = embed(
        scores,
        n_neighbors=n_neighbors,
        n_components=settings.n_components,
        min_dist=settings.min_dist,
        seed=seed,
        epochs=settings.epochs,
    )
    found = clusters(
        embedding, min_cluster_sizes=settings.min_cluster_sizes, min_samples=settings.min_samples
    )
    return [Run(n_neighbors, size, method, seed, labels) for size, method, labels in found]


def co_occurrence(runs: Sequence[Run]) -> Floats:
    """Cluster indicators of all runs side by side, (n, r).

    Noise is a row of zeros in its run; runs with fewer than two clusters say nothing and are left out.
    """
    blocks = []
    for run in runs:
        if run.labels.max(initial=-1) >= 1:
            block = np.zeros((len(run.labels), run.labels.max() + 1))
            inside = run.labels >= 0
            block[np.flatnonzero(inside), run.labels[inside]] = 1.0
            blocks.append(block)
    return np.hstack(blocks) if blocks else np.zeros((len(runs[0].labels), 0))
