"""Latent scores: the few dimensions the items share, counted by parallel analysis.

Scores are conditional means under a probabilistic component model given the items a respondent did answer,
so a missing answer widens a respondent's uncertainty instead of moving them towards "no".

References
----------
Horn 1965, Psychometrika 30:179-185 (parallel analysis). Tipping & Bishop 1999, JRSS-B 61:611-622.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.models.association import shuffled_rows
from typology.models.layout import Layout
from typology.results import Bools, Floats, Ints

PERMUTATIONS = 10
SMALLEST_UNIQUENESS = 0.2


@dataclass(frozen=True)
class LatentSpace:
    """The shared dimensions: enough to score anybody who answered the same items.

    Attributes
    ----------
    columns : Layout
    centre, scale : float arrays, (q,)
        Of the columns scored: one an ordered item, one a level of a nominal item.
    loading : float array, (q, m)
    """

    columns: Layout
    centre: Floats
    scale: Floats
    loading: Floats

    def score(self, matrix: Floats) -> tuple[Floats, Floats]:
        """Conditional means and standard deviations on the dimensions, (n, m) each.

        Parameters
        ----------
        matrix : float array, (n, C)
            Indicators; nothing answered gives mean 0 and the widest spread.
        """
        values, answered, _ = _columns(matrix, self.columns)
        standard = (values - self.centre) * answered / self.scale
        uniqueness = np.clip(1 - (self.loading**2).sum(axis=1), SMALLEST_UNIQUENESS, None)
        scaled = self.loading / uniqueness[:, None]
        m = self.loading.shape[1]
        outer = (self.loading[:, :, None] * scaled[:, None, :]).reshape(len(self.loading), m * m)
        covariance = np.linalg.inv((answered @ outer).reshape(-1, m, m) + np.eye(m))
        mean = np.einsum("nab,nb->na", covariance, standard @ scaled)
        return mean, np.sqrt(np.einsum("naa->na", covariance))


@dataclass(frozen=True)
class LatentScores:
    """Scores of every respondent.

    Attributes
    ----------
    mean : float array, (n, m)
        Conditional means; columns in order of variance, the first is the general dimension (severity).
    spread : float array, (n, m)
        Conditional standard deviations.
    dimensions : int
        What parallel analysis found; `mean` has at least two columns all the same.
    eigenvalues, chance : float arrays, (q,)
        Of the observed correlation matrix, and the 95th percentile with columns permuted.
    association : float
        Sum of squared correlations between items.
    chance_association : float array, (permutations,)
        The same with columns permuted.
    space : LatentSpace
        Scores others.
    """

    mean: Floats
    spread: Floats
    dimensions: int
    eigenvalues: Floats
    chance: Floats
    association: float
    chance_association: Floats
    space: LatentSpace


def latent_scores(
    matrix: Floats,
    columns: Layout,
    *,
    rng: np.random.Generator,
    permutations: int = PERMUTATIONS,
    group: Ints | None = None,
    fixed: Bools | None = None,
) -> LatentScores:
    """Score respondents on the dimensions their items share.

    Parameters
    ----------
    matrix : float array, (n, C)
        Indicators; correlations are taken over those who answered both items, and a respondent's score is
        conditional on the items answered (nothing answered: mean 0, the widest spread).
    columns : Layout
    rng : Generator
        For the column permutations, which keep each item's margin and missing answers.
    permutations : int
    group : int array, (n,), optional
        Answers are permuted within these groups, so that a country that answers differently is not
        association.
    fixed : bool array, (n,), optional
        Careless respondents, who keep their answers in every permutation: they are no association either.

    Returns
    -------
    LatentScores
    """
    values, answered, owner = _columns(matrix, columns)
    centre = values.sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    standard = (values - centre) * answered
    scale = np.sqrt((standard**2).sum(axis=0) / np.maximum(answered.sum(axis=0), 1))
    scale = np.where(scale > 0, scale, 1.0)
    standard = standard / scale
    correlation = _pairwise(standard, answered)
    between = owner[:, None] != owner
    permuted = [_permuted(standard, answered, owner, rng, group, fixed) for _ in range(permutations)]
    chance = np.quantile([np.linalg.eigvalsh(c)[::-1] for c in permuted], 0.95, axis=0)
    value, vector = np.linalg.eigh(correlation)
    value, vector = value[::-1], vector[:, ::-1]
    above = value > chance
    dimensions = len(value) if above.all() else int(np.argmin(above))
    kept = min(max(2, dimensions), len(value))
    space = LatentSpace(columns, centre, scale, _loading(value[:kept], vector[:, :kept]))
    mean, spread = space.score(matrix)
    return LatentScores(
        mean=mean,
        spread=spread,
        dimensions=dimensions,
        eigenvalues=value,
        chance=np.asarray(chance),
        association=float((correlation[between] ** 2).sum() / 2),
        chance_association=np.array([(c[between] ** 2).sum() / 2 for c in permuted]),
        space=space,
    )


def _columns(matrix: Floats, columns: Layout) -> tuple[Floats, Floats, Ints]:
    """Values, whether answered, whose it is: a column an ordered item, one a level of a nominal one."""
    answered = np.add.reduceat(matrix, columns.starts[:-1], axis=1)
    levels = np.add.reduceat(matrix * columns.rank, columns.starts[:-1], axis=1)
    values, present, owner = [], [], []
    for j, ordered in enumerate(columns.ordered):
        at = slice(columns.starts[j], columns.starts[j + 1])
        block = levels[:, [j]] if ordered else matrix[:, at]
        values.append(block)
        present.append(np.repeat(answered[:, [j]], block.shape[1], axis=1))
        owner.extend([j] * block.shape[1])
    return np.hstack(values), np.hstack(present), np.array(owner)


def _pairwise(standard: Floats, answered: Floats) -> Floats:
    return np.asarray(standard.T @ standard / np.maximum(answered.T @ answered, 1))


def _permuted(
    standard: Floats,
    answered: Floats,
    owner: Ints,
    rng: np.random.Generator,
    group: Ints | None,
    fixed: Bools | None,
) -> Floats:
    """Correlations with each item's answers shuffled over the respondents (of a group) who answered it."""
    shuffled = standard.copy()
    free = np.ones(len(standard), dtype=bool) if fixed is None else ~fixed
    for item in np.unique(owner):
        block = np.flatnonzero(owner == item)
        to, source = shuffled_rows(answered[:, block[0]].astype(bool) & free, group, rng)
        shuffled[np.ix_(to, block)] = standard[np.ix_(source, block)]
    return _pairwise(shuffled, answered)


def _loading(value: Floats, vector: Floats) -> Floats:
    vector = vector * np.where(vector.sum(axis=0) < 0, -1.0, 1.0)  # high = more of everything
    return np.asarray(vector * np.sqrt(np.clip(value - 1, 0.05, None)))
