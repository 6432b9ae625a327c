"""How much an estimate moves when the types are found again on other respondents.

Classification errors come from a model that was itself estimated. Respondents (or whole sampling units) are
drawn with replacement, the types are found again among them, everybody is placed by what was found, and the
estimates are made anew *from the same answers*. Their spread is what the types add to uncertainty, on top of
sampling, which the linearised variance covers.

References
----------
Bakk, Oberski & Vermunt 2014, Political Analysis 22:520-540 (uncertainty of the first step, added likewise).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from typology.label.classification import Classification, classify
from typology.label.sampling import SurveyDesign
from typology.models.parallel import run_all
from typology.results import Floats, Ints

RECLUSTERINGS = 30


class Recluster(Protocol):
    """Types found again on some of the respondents that discovery looked at."""

    @property
    def searched(self) -> Ints:
        """Whom discovery looked at, as positions among the clustered, (m,)."""

    def __call__(self, rows: Ints, seed: int) -> tuple[Ints, Floats]:
        """Place all whom discovery looked at, by the types found on `rows` of them.

        Returns
        -------
        placed : int array, (m,)
            In the order of the presented types; -1 for respondents without one.
        membership : float array, (m, K)
        """


@dataclass(frozen=True)
class Spread:
    """Places in each of the reclusterings; none where nothing was clustered again.

    Attributes
    ----------
    draws : tuple of Classification
        Of the respondents `rows`.
    rows : int array, (m,)
        Respondents that were clustered again, or set aside; only of very many respondents not all.
    """

    draws: tuple[Classification, ...] = ()
    rows: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def covariance(self, y: Floats, weight: Floats, group: int) -> Floats:
        """Covariance between reclusterings of the share in a type and in the rest, (2, 2).

        Parameters
        ----------
        y : float array, (n,)
            1, 0 or NaN.
        weight : float array, (n,)
        group : int
        """
        if not self.draws:
            return np.zeros((2, 2))
        known = np.isfinite(y[self.rows])
        w = np.where(known, weight[self.rows], 0.0)
        answer = np.where(known, y[self.rows], 0.0)
        found = []
        for draw in self.draws:
            member = draw.corrected[:, group]
            sides = np.column_stack([member, 1.0 - member])
            found.append((w * answer) @ sides / (w @ sides))
        shares = np.array(found)
        return np.asarray(np.cov(shares, rowvar=False) * (1.0 + 1.0 / len(shares)))


def draw_rows(design: SurveyDesign, among: Ints, rng: np.random.Generator) -> Ints:
    """Draw as many sampling units of each stratum as it has, with replacement.

    Parameters
    ----------
    design : SurveyDesign
    among : int array, (m,)
        Whom to draw from, as positions among all respondents.
    rng : Generator

    Returns
    -------
    int array
        Positions in `among`, sorted; everybody of a unit drawn twice comes twice.
    """
    unit = design.psu[among]
    order = np.argsort(unit, kind="stable")
    _, start, size = np.unique(unit[order], return_index=True, return_counts=True)
    stratum = design.stratum[among][order][start]
    drawn: list[Ints] = []
    for each in np.unique(stratum):
        here = np.flatnonzero(stratum == each)
        drawn += [order[start[at] : start[at] + size[at]] for at in rng.choice(here, size=len(here))]
    return np.sort(np.concatenate(drawn)).astype(np.int64)


def draw_half(design: SurveyDesign, among: Ints, rng: np.random.Generator) -> Ints:
    """Half of the sampling units, spread evenly over the strata; respondents of a unit stay together.

    Returns
    -------
    int array
        Positions in `among`, sorted.
    """
    units = np.unique(design.psu[among])
    stratum = np.zeros(int(design.psu.max()) + 1, dtype=np.int64)
    stratum[design.psu] = design.stratum
    shuffled = rng.permutation(units)
    shuffled = shuffled[np.argsort(stratum[shuffled], kind="stable")]
    return np.flatnonzero(np.isin(design.psu[among], shuffled[::2])).astype(np.int64)


def recluster_all(
    design: SurveyDesign, clustered: Ints, recluster: Recluster, *, seed: int, jobs: int
) -> Spread:
    """Find the types again `RECLUSTERINGS` times.

    Parameters
    ----------
    design : SurveyDesign
    clustered : int array, (m,)
        Positions of the clustered among all respondents.
    recluster : callable
    seed : int
    jobs : int
        Processes; results do not depend on it.

    Returns
    -------
    Spread
    """
    seeds = [int(s) for s in np.random.SeedSequence([seed, 7]).generate_state(RECLUSTERINGS)]
    searched = clustered[recluster.searched]
    rows = [draw_rows(design, searched, np.random.default_rng(each)) for each in seeds]
    tasks = list(zip([recluster] * len(seeds), rows, seeds, strict=True))
    draws = run_all(_once, tasks, jobs=jobs)
    left = np.ones(design.n, dtype=bool)
    left[clustered] = False
    left[searched] = True
    rows_again = np.flatnonzero(left)
    at = np.searchsorted(rows_again, searched).astype(np.int64)
    weight = design.weight[rows_again]
    return Spread(
        tuple(_among(weight, at, placed, membership) for placed, membership in draws),
        rows_again.astype(np.int64),
    )


def _once(recluster: Recluster, rows: Ints, seed: int) -> tuple[Ints, Floats]:
    return recluster(rows, seed)


def among_all(design: SurveyDesign, clustered: Ints, placed: Ints, membership: Floats) -> Classification:
    """Classification of everybody read; those who were not clustered have no type."""
    return _among(design.weight, clustered, placed, membership)


def _among(weight: Floats, at: Ints, placed: Ints, membership: Floats) -> Classification:
    """Classification of respondents of whom those `at` were clustered."""
    of_all = np.full(len(weight), -1, dtype=np.int64)
    of_all[at] = placed
    chance = np.zeros((len(weight), membership.shape[1]))
    chance[at] = membership
    return classify(of_all, chance, weight)
