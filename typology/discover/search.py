"""From UMAP+HDBSCAN clusters to one measurement model for every number of types.

Clusters are proposals. For each number of types the proposals are the consensus of all runs, single runs
that happen to have that many clusters, and the best solution with one type fewer, each of its types split
in turn; going back down, the best solution with one type more, each pair merged. The measurement model is
started from every proposal, briefly; the most likely one is fitted to the end. Both kinds of model compete:
types only, and types with degree inside them.

References
----------
Wu et al. 2015, IEEE TKDE 27:155-169 (k-means consensus over cluster indicators). Ueda et al. 2000, Neural
Computation 12:2109-2128 (split and merge against local maxima).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import eigh
from sklearn.cluster import KMeans

from typology.discover.embed import Run, co_occurrence
from typology.models.layout import Layout
from typology.models.mixture import PSEUDO, Mixture, fit_pooled
from typology.models.pooled import Pooled, pooled
from typology.results import Floats, Ints

BRIEF = 4
FINISH = 100
# of a number of types that only leads to the next: a hundred steps there end at the same types
ON_THE_WAY = 8
TOLERANCE = 1e-5
SINGLE_RUNS = 2
MERGES = 5


@dataclass(frozen=True)
class Answers:
    """Distinct answer patterns with their counts: what the measurement model is fitted to.

    Attributes
    ----------
    matrix : float array, (u, C)
        Indicators; unanswered items are blocks of zeros.
    columns : Layout
    count : float array, (u,)
        Respondents per pattern.
    pattern : int array, (n,)
        Pattern of each respondent.
    single : bool
        Fit in single precision: for searches that are made again and again and only compared.
    """

    matrix: Floats
    columns: Layout
    count: Floats
    pattern: Ints
    single: bool = False

    @property
    def n(self) -> float:
        """Respondents."""
        return float(self.count.sum())

    @cached_property
    def prepared(self) -> Pooled:
        """The same, as the steps of a fit read it: made once for the hundreds of fits of a search."""
        return pooled(self.matrix, self.columns, self.count, PSEUDO, None, single=self.single)

    @cached_property
    def weighed(self) -> Floats:
        """The matrix, in the precision of the fits."""
        return self.matrix.astype(np.float32) if self.single else self.matrix

    def pooled(self, start: Floats) -> Floats:
        """A membership of respondents, averaged over those who share a pattern."""
        total = np.zeros((len(self.count), start.shape[1]))
        np.add.at(total, self.pattern, start)
        return np.asarray(total / self.count[:, None])


@dataclass(frozen=True)
class Candidate:
    """The best model found for one number of types, with or without severity inside types."""

    n_types: int
    severity: bool
    model: Mixture


def search(
    answers: Answers,
    runs: Sequence[Run],
    *,
    largest: int,
    smallest_share: float,
    seed: int,
    thorough: bool = True,
    only_last: bool = False,
    enough: Callable[[Sequence[Candidate]], bool] | None = None,
    kinds: tuple[bool, ...] = (False, True),
) -> list[Candidate]:
    """Best models for 1 to `largest` types, without and with severity.

    Parameters
    ----------
    answers : Answers
    runs : sequence of Run
        Clusters of the same respondents.
    largest : int
    smallest_share : float
        Types below this share of respondents end the ladder.
    seed : int
    thorough : bool
        Also merge back down. Null draws go without, and are compared with the survey searched the same way.
    only_last : bool
        Only the model of the most types is used: those of fewer, which lead to it, are fitted briefly.
    enough : callable, optional
        Ends the ladder of a kind, told its candidates so far.
    kinds : tuple of bool
        Model kinds to search: without severity inside types (False), with (True).

    Returns
    -------
    list of Candidate
        Kind by kind, by number of types.
    """
    proposals = _Proposals(answers, runs, seed)
    found: list[Candidate] = []
    for severity in kinds:
        lead = [candidate.model for candidate in found]
        fits = _ladder(
            answers, proposals, largest, smallest_share, severity=severity, lead=lead, thorough=thorough,
            only_last=only_last, enough=enough,
        )  # fmt: skip
        found += [Candidate(model.n_types, severity, model) for model in fits]
    return found


class _Proposals:
    """Starting memberships for a number of types, from the runs."""

    def __init__(self, answers: Answers, runs: Sequence[Run], seed: int) -> None:
        self.answers, self.seed = answers, seed
        self.indicators = co_occurrence(runs)
        self.partitions = [run.labels for run in runs]
        self.made: dict[int, list[Floats]] = {}

    def for_number(self, n_types: int) -> list[Floats]:
        """Made once for both kinds of model."""
        if n_types not in self.made:
            self.made[n_types] = self._starts(n_types)
        return self.made[n_types]

    def _starts(self, n_types: int) -> list[Floats]:
        starts = []
        if self.indicators.shape[1] >= n_types:
            labels = KMeans(n_types, n_init=3, random_state=self.seed).fit_predict(self.indicators)
            starts.append(np.eye(n_types)[labels])
        single = [labels for labels in self.partitions if labels.max(initial=-1) + 1 == n_types]
        starts += [np.eye(n_types + 1)[labels][:, :n_types] for labels in single[:SINGLE_RUNS]]
        return [self.answers.pooled(start) for start in starts]


def _ladder(
    answers: Answers,
    proposals: _Proposals,
    largest: int,
    smallest_share: float,
    *,
    severity: bool,
    lead: Sequence[Mixture],
    thorough: bool,
    only_last: bool,
    enough: Callable[[Sequence[Candidate]], bool] | None,
) -> list[Mixture]:
    """Up the number of types by splitting, then down by merging."""
    brief = ON_THE_WAY if only_last else FINISH
    fits = [_finish(answers, np.ones((len(answers.count), 1)), severity=severity, steps=brief)]
    for n_types in range(2, largest + 1):
        starts = proposals.for_number(n_types) + _splits(answers, fits[-1], severity=severity)
        if n_types <= len(lead):
            starts.append(lead[n_types - 1].membership(answers.matrix)[0])
        steps = FINISH if n_types == largest else brief
        best = _best(answers, starts, severity=severity, slopes=fits[-1].slopes, steps=steps)
        fits.append(best)
        if best.shares.min() < smallest_share:
            break
        if enough is not None and enough([Candidate(model.n_types, severity, model) for model in fits]):
            break
    for index in range(len(fits) - 2, 0, -1) if thorough else ():
        posterior = fits[index + 1].membership(answers.matrix)[0]
        merged = _best(answers, _merges(posterior), severity=severity, slopes=fits[index + 1].slopes)
        if merged.log_likelihood > fits[index].log_likelihood:
            fits[index] = merged
    return fits


def _best(
    answers: Answers, starts: Sequence[Floats], *, severity: bool, slopes: Floats, steps: int = FINISH
) -> Mixture:
    given = slopes if severity else None
    field = [_step(answers, start, given, severity=severity) for start in starts]
    while len(field) > 1:  # a race: after every few steps the less likely two thirds drop out
        field = sorted(field, key=lambda model: -model.log_likelihood)[: max(1, len(field) // 3)]
        if len(field) > 1:
            field = [
                _step(
                    answers,
                    model.membership(answers.matrix)[0],
                    model.slopes if severity else None,
                    severity=severity,
                )
                for model in field
            ]
    lead = field[0]
    start = lead.membership(answers.matrix)[0]
    return _finish(answers, start, severity=severity, slopes=lead.slopes, steps=steps)


def _step(answers: Answers, start: Floats, slopes: Floats | None, *, severity: bool) -> Mixture:
    return fit_pooled(
        answers.prepared, start, severity=severity, iterations=BRIEF, tolerance=TOLERANCE, slopes=slopes
    )


def _finish(
    answers: Answers, start: Floats, *, severity: bool, slopes: Floats | None = None, steps: int = FINISH
) -> Mixture:
    return fit_pooled(
        answers.prepared, start, severity=severity, iterations=steps, tolerance=TOLERANCE,
        slopes=slopes if severity else None,
    )  # fmt: skip


def _splits(answers: Answers, model: Mixture, *, severity: bool) -> list[Floats]:
    """Cut each type in two along the direction in which its members differ most.

    With severity inside types the first direction is severity itself, so the second is tried as well.
    """
    posterior, matrix = model.membership(answers.matrix)[0], answers.weighed
    starts = []
    for c in range(model.n_types):
        weight = (posterior[:, c] * answers.count).astype(matrix.dtype)
        centred = matrix - (weight @ matrix) / weight.sum()
        spread = centred * np.sqrt(weight)[:, None]
        covariance = spread.T @ spread  # of a matrix with itself, which takes half the time
        asked = 2 if severity and len(covariance) > 1 else 1
        vectors = eigh(covariance, subset_by_index=(len(covariance) - asked, len(covariance) - 1))[1]
        for which in range(-1, -1 - asked, -1):
            side = centred @ vectors[:, which]
            upper = side > np.average(side, weights=weight)
            halves = posterior[:, [c]] * np.stack([upper, ~upper], axis=1)
            starts.append(np.hstack([np.delete(posterior, c, axis=1), halves]))
    return starts


def _merges(posterior: Floats) -> list[Floats]:
    """Merge the pairs of types that are most often confused."""
    overlap = np.triu(posterior.T @ posterior, 1)
    pairs = [divmod(int(at), overlap.shape[1]) for at in np.argsort(overlap, axis=None)[::-1][:MERGES]]
    return [
        np.hstack([np.delete(posterior, [a, b], axis=1), posterior[:, [a]] + posterior[:, [b]]])
        for a, b in pairs
        if a != b
    ]
