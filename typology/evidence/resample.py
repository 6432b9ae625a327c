"""Whether the same types come out of another sample of respondents.

Respondents are resampled with replacement, the types are searched anew, and every type is compared with the
most similar one of the resample by the Jaccard index. Resampling stops early once no type's grade can
change any more.

References
----------
Hennig 2007, Computational Statistics & Data Analysis 52:258-271 (cluster-wise
bootstrap; the bands are those of the fpc documentation).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from typology.models.agreement import jaccard, overlap
from typology.models.parallel import run_all
from typology.progress import Progress
from typology.results import BANDS, Floats, Grade, Ints

BATCH = 10
SETTLED = 3.0


@dataclass(frozen=True)
class Stability:
    """Jaccard similarities.

    Attributes
    ----------
    values : float array, (resamples, K)
        Of each type with the most similar one of each resample.
    """

    values: Floats

    @property
    def mean(self) -> Floats:
        """Mean over resamples, (K,)."""
        return np.asarray(self.values.mean(axis=0))

    def interval(self) -> tuple[Floats, Floats]:
        """Bounds of the middle 95% of the resamples, (K,) each."""
        low, high = np.quantile(self.values, [0.025, 0.975], axis=0)
        return np.asarray(low), np.asarray(high)

    def grades(self) -> list[Grade]:
        """Grade of every type by its mean."""
        return [grade(float(value)) for value in self.mean]

    def settled(self, most: float = np.inf) -> bool:
        """Whether every mean is at least three standard errors away from the bounds of its band.

        Parameters
        ----------
        most : float
            Resamples at most: the error is that of the mean so far as a guess of the mean of all of these,
            which these resamples are part of.
        """
        error = self.values.std(axis=0, ddof=1) * np.sqrt(1 / len(self.values) - 1 / most)
        distance = np.abs(self.mean[:, None] - np.array([bound for bound, _ in BANDS]))
        return bool((distance.min(axis=1) > SETTLED * error).all())


def grade(stability: float) -> Grade:
    """Grade of a mean Jaccard similarity: the lower bound of a band belongs to it."""
    for bound, name in BANDS:
        if stability >= bound:
            return name
    return "dissolved"


def resample(
    labels: Ints,
    n_types: int,
    refit: Callable[[Ints, int], Ints],
    *,
    most: int,
    seed: int,
    jobs: int,
    progress: Progress,
) -> Stability:
    """Resample until all grades are settled, or `most` times.

    Parameters
    ----------
    labels : int array, (n,)
        Types, -1 unassigned (who take part in the refits but count for no type).
    n_types : int
    refit : callable
        ``refit(rows, seed) -> labels`` of the resampled respondents.
    most : int
        Resamples at most; never fewer than twenty unless this is less.
    seed : int
    jobs : int
        Processes; results do not depend on it.
    progress : Progress

    Returns
    -------
    Stability
    """
    progress.start("Resampling", total=most)
    seeds = [int(s) for s in np.random.SeedSequence([seed, 1]).generate_state(most)]
    values: list[Floats] = []
    for start in range(0, most, BATCH):
        tasks = [(labels, n_types, refit, one) for one in seeds[start : start + BATCH]]
        for row in run_all(_compare, tasks, jobs=jobs):
            values.append(row)
            progress.advance()
        stability = Stability(np.array(values))
        if len(values) >= 2 * BATCH and stability.settled(most):
            break
    progress.advance(most - len(values))
    return Stability(np.array(values))


def _compare(labels: Ints, n_types: int, refit: Callable[[Ints, int], Ints], seed: int) -> Floats:
    rows = np.sort(np.random.default_rng(seed).integers(0, len(labels), len(labels)))
    again = refit(rows, seed)
    # respondents drawn twice count once: a duplicate would agree with itself
    once = np.r_[True, np.diff(rows) > 0]
    mine, other = labels[rows][once], again[once]
    count = int(other.max()) + 1
    table = overlap(mine, other, n_types, count)
    sizes = np.bincount(mine[mine >= 0], minlength=n_types)
    return np.asarray(jaccard(table, sizes, np.bincount(other, minlength=count)).max(axis=1))
