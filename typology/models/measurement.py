"""Whether items work otherwise in a group of respondents, given their type.

For each item and group two models of the item's answers are compared: the same level probabilities of a type
in and outside the group, or probabilities of the group's own. Which type a respondent has is judged by all
*other* items, with shares (and a distribution of severity) of each group's own. So a group with more of some
type, or with more severity inside types, shows no difference, and the item tested does not decide who is
compared.

References
----------
Thissen, Steinberg & Wainer 1993, in: Differential Item Functioning, 67-113 (likelihood-ratio test of item
parameters equal or free across groups).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from typology.models.layout import Layout, indicators
from typology.models.mixture import Mixture, fit_mixture
from typology.results import Bools, Floats, Ints

SETTLING = 25
SHARE_STEPS = 15
ITEM_STEPS = 8
PSEUDO = 1.0
LARGEST_STEP = 1.0


@dataclass(frozen=True)
class Differences:
    """One row an item, one column a group.

    Attributes
    ----------
    ratio : float array, (p, G)
        Likelihood ratio, chi-square with `freedom` degrees of freedom if the item works alike; NaN where no
        type can be compared.
    freedom : int array, (p, G)
    observed, expected : float arrays, (p, G)
        Average answer in the group, 0 the lowest level and 1 the highest, over the types compared: as given,
        and as the same types answer elsewhere. NaN for nominal items.
    size : float array, (p, G)
        Mean absolute difference over the types, on the same scale; for nominal items half the sum of absolute
        differences in level shares.
    """

    ratio: Floats
    freedom: Ints
    observed: Floats
    expected: Floats
    size: Floats


def measurement_differences(
    codes: Ints, columns: Layout, membership: Floats, group: Ints, compared: Bools, *, severity: bool
) -> Differences:
    """Compare every item in every group with the rest of the respondents, given type.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered: left out of the item's comparison.
    columns : Layout
    membership : float array, (n, K)
        Of the types.
    group : int array, (n,)
        From 0.
    compared : bool array, (K, G)
        Types that may differ in a group; the others are held equal.
    severity : bool
        Whether severity varies inside types.

    Returns
    -------
    Differences
    """
    matrix = indicators(codes, columns)
    model = fit_mixture(matrix, columns, membership, severity=severity, iterations=SETTLING, tolerance=1e-5)
    k, q, c = model.log_table().shape
    table = model.log_table().reshape(k * q, c)
    whole = (matrix @ table.T).reshape(len(codes), k, q)
    prior = _group_masses(model, whole, group, compared.shape[1])[group]
    p, groups = codes.shape[1], compared.shape[1]
    found = Differences(
        np.full((p, groups), np.nan), np.zeros((p, groups), dtype=np.int64),
        *(np.full((p, groups), np.nan) for _ in range(3)),
    )  # fmt: skip
    for j in range(p):
        at = slice(columns.starts[j], columns.starts[j + 1])
        answered = codes[:, j] >= 0
        own = (matrix[answered, at] @ table[:, at].T).reshape(-1, k, q)
        rest = whole[answered] - own + prior[answered]
        item = _Item(rest, codes[answered, j], model.slopes[at], model.nodes, at.stop - at.start)
        _compare(item, model.intercepts[:, at], group[answered], compared, found, j, columns)
    return found


def _group_masses(model: Mixture, whole: Floats, group: Ints, groups: int) -> Floats:
    """Log shares of types (and severity nodes) of each group, (G, K, Q)."""
    start = np.log(model.shares)[:, None] + model.log_mass
    mass = np.tile(start, (groups, 1, 1))
    for _ in range(SHARE_STEPS):
        joint = whole + mass[group]
        posterior = np.exp(joint - logsumexp(joint, axis=(1, 2), keepdims=True))
        total = np.stack([posterior[group == g].sum(axis=(0)) for g in range(groups)]) + np.exp(start)
        mass = np.log(total / total.sum(axis=(1, 2), keepdims=True))
    return np.asarray(mass)


@dataclass(frozen=True)
class _Item:
    """One item: what the other items say of each respondent who answered it, (n, K, Q), and the answers."""

    rest: Floats
    codes: Ints
    slopes: Floats
    nodes: Floats
    size: int

    def log_levels(self, intercepts: Floats) -> Floats:
        """Log level probabilities, (cells, Q, levels)."""
        logits = intercepts[:, None, :] + self.nodes[:, None] * self.slopes
        return np.asarray(logits - logsumexp(logits, axis=2, keepdims=True))

    def fit(self, intercepts: Floats, cell: Ints) -> tuple[Floats, float, Floats]:
        """Fit the level probabilities of each cell of respondents and types.

        Parameters
        ----------
        intercepts : (cells, levels)
            To start from.
        cell : (n, K)
            Which row of `intercepts` a respondent has if of type k.

        Returns
        -------
        intercepts, log likelihood, respondents in each cell by node (cells, Q)
        """
        prior = PSEUDO * np.bincount(self.codes, minlength=self.size) / max(len(self.codes), 1)
        for step in range(ITEM_STEPS + 1):
            levels = self.log_levels(intercepts)
            joint = self.rest + levels[cell, :, self.codes[:, None]]
            density = logsumexp(joint, axis=(1, 2))
            posterior = np.exp(joint - density[:, None, None])
            expected = self._counts(cell, posterior, len(intercepts))
            if step == ITEM_STEPS:
                break
            weight = np.full(len(self.nodes), 1 / len(self.nodes))
            intercepts = _newton(intercepts, levels, expected + weight[:, None] * prior)
        return intercepts, float(density.sum()), expected.sum(axis=2)

    def _counts(self, cell: Ints, posterior: Floats, cells: int) -> Floats:
        """Expected answers, (cells, Q, levels)."""
        where = (cell * self.size + self.codes[:, None]).ravel()
        flat = posterior.reshape(-1, len(self.nodes))
        counts = [np.bincount(where, flat[:, q], minlength=cells * self.size) for q in range(flat.shape[1])]
        return np.stack([count.reshape(cells, self.size) for count in counts], axis=1)


def _newton(intercepts: Floats, levels: Floats, expected: Floats) -> Floats:
    """One damped Newton step of the intercepts, the first level being the reference; slopes stay."""
    p = np.exp(levels)[:, :, 1:]
    total = expected.sum(axis=2)
    gradient = (expected[:, :, 1:] - total[:, :, None] * p).sum(axis=1)
    spread = p[..., None] * np.eye(p.shape[2]) - p[..., :, None] * p[..., None, :]
    hessian = (total[..., None, None] * spread).sum(axis=1) + 1e-6 * np.eye(p.shape[2])
    change = np.clip(np.linalg.solve(hessian, gradient[..., None])[..., 0], -LARGEST_STEP, LARGEST_STEP)
    return np.hstack([intercepts[:, :1], intercepts[:, 1:] + change])


def _compare(
    item: _Item, start: Floats, group: Ints, compared: Bools, found: Differences, j: int, columns: Layout
) -> None:
    """Fill row `j`: equal level probabilities against those of each group's own."""
    k, groups = compared.shape
    if item.size < 2 or not len(item.codes):
        return
    everywhere = np.tile(np.arange(k), (len(group), 1))
    equal, base, _ = item.fit(start, everywhere)
    steps = int((np.bincount(item.codes, minlength=item.size) > 0).sum()) - 1
    for g in range(groups):
        free = np.flatnonzero(compared[:, g])
        inside = group == g
        if not len(free) or not inside.any() or inside.all():
            continue
        apart = np.arange(k)
        apart[free] = k + np.arange(len(free))
        cell = np.where(inside[:, None], apart, everywhere)
        fitted, likelihood, mass = item.fit(np.vstack([equal, equal[free]]), cell)
        found.ratio[j, g] = max(0.0, 2 * (likelihood - base))
        found.freedom[j, g] = len(free) * steps
        _sizes(item, fitted, mass, free, found, (j, g), ordered=bool(columns.ordered[j]))


def _sizes(
    item: _Item,
    fitted: Floats,
    mass: Floats,
    free: Ints,
    found: Differences,
    at: tuple[int, int],
    *,
    ordered: bool,
) -> None:
    """Average answers in the group and elsewhere, standardised to the group's types and severity."""
    k = len(fitted) - len(free)
    here = mass[k:]
    levels = np.exp(item.log_levels(fitted))
    weight = here.sum(axis=1) / here.sum()
    within = here / here.sum(axis=1, keepdims=True)
    mine = np.einsum("cq,cql->cl", within, levels[k:])
    others = np.einsum("cq,cql->cl", within, levels[free])
    if ordered:
        scale = np.linspace(0.0, 1.0, item.size)
        found.observed[at], found.expected[at] = weight @ mine @ scale, weight @ others @ scale
        found.size[at] = weight @ np.abs((mine - others) @ scale)
    else:
        found.size[at] = weight @ np.abs(mine - others).sum(axis=1) / 2
