"""Latent correlations between ordered items: what Pearson on coarse answers would understate.

Answers are taken as cuts through a bivariate normal. The correlation r of a pair solves "covariance of the
levels under r = observed covariance". By Hoeffding's lemma and Plackett's identity the left side is the
integral of ``sum_ab phi2(a, b; s) ds`` from 0 to r over the cuts a and b, increasing in r. For two binary
items r is the tetrachoric correlation exactly; for more levels it is its moment estimator.

References
----------
Plackett 1954, Biometrika 41:351-360.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from typology.results import Bools, Codes, Floats, Ints

LARGEST = 0.99
_NODES = 12
_STEPS = 25
_PAIRS_AT_ONCE = 2_000
_BEYOND = 40.0  # a cut that nobody is above: its density is zero


def latent_correlations(codes: Codes | Ints) -> tuple[Floats, Ints]:
    """Estimate the latent correlation of every pair of ordered items.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels 0..k-1; negative where unanswered. Each pair uses the respondents who answered both.

    Returns
    -------
    r : float array, (p, p)
        Within +-`LARGEST`; NaN where one item does not vary among those who answered both.
    base : int array, (p, p)
        Respondents who answered both.
    """
    answered = codes >= 0
    p = codes.shape[1]
    base = (answered.T.astype(np.int64) @ answered).astype(np.int64)
    r = np.eye(p)
    rows, columns = np.triu_indices(p, k=1)
    for start in range(0, len(rows), _PAIRS_AT_ONCE):
        j, k = rows[start : start + _PAIRS_AT_ONCE], columns[start : start + _PAIRS_AT_ONCE]
        found = _pairs(np.asarray(codes, dtype=np.int64), answered, j, k, base[j, k])
        r[j, k] = r[k, j] = found
    return r, base


def _pairs(codes: Ints, answered: Bools, j: Ints, k: Ints, both: Ints) -> Floats:
    """Latent correlations of the pairs (j, k)."""
    a = _cuts(codes, answered, j, k, both)
    b = _cuts(codes, answered, k, j, both)
    level = np.where(answered, codes, 0).astype(float)
    n = np.maximum(both, 1)
    product = (level.T @ level)[j, k] / n
    means = (level.T @ answered.astype(float)) / np.maximum(answered.T.astype(float) @ answered, 1)
    target = product - means[j, k] * means[k, j]
    varies = (a < _BEYOND).any(axis=1) & (b < _BEYOND).any(axis=1)
    return np.where(varies, _solve(target, a, b), np.nan)


def _cuts(codes: Ints, answered: Bools, item: Ints, other: Ints, both: Ints) -> Floats:
    """Normal cuts of `item` among those who also answered `other`, (pairs, levels - 1)."""
    most = int(codes.max(initial=0))
    cuts = np.full((len(item), most), _BEYOND)
    for cut in range(most):
        above = ((codes > cut).astype(float).T @ answered)[item, other] / np.maximum(both, 1)
        inside = (above > 0) & (above < 1)
        cuts[inside, cut] = -ndtri(above[inside])
    return cuts


def _solve(target: Floats, a: Floats, b: Floats) -> Floats:
    """Bisect for the angle whose sine is the correlation: the covariance increases with it."""
    x, w = np.polynomial.legendre.leggauss(_NODES)
    squares = (a**2)[:, :, None] + (b**2)[:, None, :]
    cross = a[:, :, None] * b[:, None, :]
    limit = np.arcsin(LARGEST)
    low, high = np.full(len(target), -limit), np.full(len(target), limit)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        value = np.zeros(len(target))
        for node, mass in zip((x + 1) / 2, w / 2, strict=True):
            sine = np.sin(middle * node)[:, None, None]
            density = np.exp(-(squares - 2 * sine * cross) / (2 * (1 - sine**2))).sum(axis=(1, 2))
            value += mass * middle * density / (2 * np.pi)
        low, high = np.where(value < target, middle, low), np.where(value < target, high, middle)
    return np.asarray(np.sin((low + high) / 2))
