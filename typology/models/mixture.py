"""The measurement model: types as a finite mixture, with degree inside types where the answers ask for it.

Given type c and severity t, items are independent and item j takes level k with probability proportional to
``exp(a[c, j, k] + t * b[j, k])``. Severity is standard normal, integrated over a fixed grid. With one node (t = 0)
this is the latent class model; with one type it is a one-factor model; with both, a factor mixture model with
class-specific intercepts and common loadings. Ordered items have ``b[j, k]`` proportional to k (adjacent
categories); nominal items have a free slope per level.

Unanswered items drop out of the likelihood of that respondent only (full-information maximum likelihood under
missing at random). Item parameters are posterior modes: every type and item gets pseudo-answers in proportion to
the item's margin, which keeps small types off the boundary.

References
----------
Lubke & Muthen 2005, Psychological Methods 10:21-39 (factor mixture models). Galindo Garre & Vermunt 2006,
Behaviormetrika 33:43-59 (posterior modes against boundary estimates in latent class models).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from typology.results import Codes, Floats, Ints

NODES = 7
FREE_NODES = 17
SPREAD = 0.15
SLOPE_PRECISION = 1 / 16  # a weak prior: keeps the slope of a perfect item finite


@dataclass(frozen=True)
class Layout:
    """Where each item's levels stand among the C columns of the indicator matrix.

    Attributes
    ----------
    starts : int array, (p + 1,)
        Item j owns columns ``starts[j]:starts[j + 1]``.
    item : int array, (C,)
        Item of each column.
    rank : float array, (C,)
        Level of each column, centred and scaled to unit range within its item.
    ordered : bool array, (p,)
        False for nominal items.
    """

    starts: Ints
    item: Ints
    rank: Floats
    ordered: np.ndarray


def layout(sizes: Sequence[int], ordered: Sequence[bool]) -> Layout:
    """Columns of items with `sizes` levels each."""
    starts = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    item = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.concatenate([np.linspace(-0.5, 0.5, size) if size > 1 else np.zeros(1) for size in sizes])
    return Layout(starts, item, rank, np.asarray(ordered, dtype=bool))


def indicators(codes: Codes | Ints, columns: Layout) -> Floats:
    """0/1 matrix (n, C); all zero where there is no answer (level -1)."""
    n, p = codes.shape
    matrix = np.zeros((n, int(columns.starts[-1])))
    row, item = np.nonzero(codes >= 0)
    matrix[row, columns.starts[item] + codes[row, item]] = 1.0
    return matrix


@dataclass(frozen=True)
class Mixture:
    """A fitted measurement model.

    Attributes
    ----------
    shares : (K,)
    intercepts : (K, C)
    slopes : (C,)
        Zero without a severity dimension.
    nodes : (Q,)
    log_mass : (Q,) or, where the groups are known, (K, Q)
    log_likelihood : float
        Weighted by the pattern counts, without the prior.
    n_parameters : int
    """

    shares: Floats
    intercepts: Floats
    slopes: Floats
    nodes: Floats
    log_mass: Floats
    columns: Layout
    log_likelihood: float
    n_parameters: int
    iterations: int

    @property
    def n_types(self) -> int:
        """Number of types."""
        return len(self.shares)

    def log_joint(self, matrix: Floats) -> Floats:
        """Log joint density of each row with each type and severity node, (n, K, Q)."""
        table = _log_table(self.intercepts, self.slopes, self.nodes, self.columns)
        k, q, c = table.shape
        joint = (matrix @ table.reshape(k * q, c).T).reshape(len(matrix), k, q)
        joint += np.log(self.shares)[:, None] + self.log_mass
        return joint

    def membership(self, matrix: Floats) -> tuple[Floats, Floats, Floats]:
        """Posterior type probabilities (n, K), log density (n,), expected severity (n,)."""
        joint = self.log_joint(matrix)
        density = logsumexp(joint, axis=(1, 2))
        posterior = np.exp(joint - density[:, None, None])
        return posterior.sum(axis=2), density, posterior.sum(axis=1) @ self.nodes

    def profile(self) -> Floats:
        """Level probabilities of each type with severity integrated out, (K, C)."""
        table = np.exp(_log_table(self.intercepts, self.slopes, self.nodes, self.columns))
        return np.asarray(np.einsum("kqc,kq->kc", table, np.broadcast_to(np.exp(self.log_mass), table.shape[:2])))


def _log_table(intercepts: Floats, slopes: Floats, nodes: Floats, columns: Layout) -> Floats:
    """Log level probabilities, (K, Q, C)."""
    logits = intercepts[:, None, :] + nodes[:, None] * slopes
    logits = logits - np.maximum.reduceat(logits, columns.starts[:-1], axis=2)[:, :, columns.item]
    exponent = np.exp(logits)
    total = np.add.reduceat(exponent, columns.starts[:-1], axis=2)
    return np.asarray(logits - np.log(total)[:, :, columns.item])


def severity_grid(nodes: int = NODES) -> tuple[Floats, Floats]:
    """Nodes and log masses of a standard normal severity; one node is no severity at all."""
    if nodes == 1:
        return np.zeros(1), np.zeros(1)
    at, mass = np.polynomial.hermite_e.hermegauss(nodes)
    return at, np.log(mass / mass.sum())


def fit_mixture(
    matrix: Floats,
    columns: Layout,
    start: Floats,
    *,
    count: Floats | None = None,
    severity: bool = False,
    iterations: int = 200,
    tolerance: float = 1e-6,
    prior: float = 1.0,
    slopes: Floats | None = None,
    known: bool = False,
) -> Mixture:
    """Fit by expectation-maximisation from a starting membership.

    Parameters
    ----------
    matrix : (n, C) indicators, rows may be distinct answer patterns
    columns : Layout
    start : (n, K)
        Starting membership; rows of zeros take no part in the first step (e.g. HDBSCAN noise).
    count : (n,), optional
        How many respondents share each row.
    severity : bool
        Let severity vary inside types.
    iterations, tolerance : int, float
        Stop after so many steps or when the mean log likelihood gains less than this.
    prior : float
        Pseudo-respondents per type and item.
    slopes : (C,), optional
        Starting slopes.
    known : bool
        Types are known: `start` holds each respondent's observed group, item intercepts and the distribution of
        severity (free masses on a wide grid, not normal) are fitted per group. This is the model without types.
    """
    count = np.ones(len(matrix)) if count is None else count
    nodes, log_mass = severity_grid(NODES if severity else 1)
    if known:
        nodes = np.linspace(-4.0, 4.0, FREE_NODES)
        log_mass = np.tile(-(nodes**2) / 2 - logsumexp(-(nodes**2) / 2), (start.shape[1], 1))
        with np.errstate(divide="ignore"):
            barred = np.log(start)[:, :, None]
    margin = count @ matrix + 0.5
    margin = margin / np.add.reduceat(margin, columns.starts[:-1])[columns.item]
    pseudo = prior * margin
    shares, intercepts, slopes = _start(matrix, columns, start, count, pseudo, severity, slopes)
    last, step = -np.inf, 0
    weighted = matrix * count[:, None]
    for step in range(1, iterations + 1):
        table = _log_table(intercepts, slopes, nodes, columns)
        k, q, c = table.shape
        joint = (matrix @ table.reshape(k * q, c).T).reshape(-1, k, q)
        joint += np.log(shares)[:, None] + log_mass
        if known:
            joint += barred
        peak = joint.max(axis=(1, 2), keepdims=True)
        np.exp(joint - peak, out=joint)
        total = joint.sum(axis=(1, 2), keepdims=True)
        likelihood = float(count @ (np.log(total) + peak)[:, 0, 0])
        joint /= total
        mass = np.einsum("n,nkq->k", count, joint) + prior
        shares = mass / mass.sum()
        expected = (weighted.T @ joint.reshape(len(joint), k * q)).T.reshape(k, q, c)
        expected += pseudo * np.broadcast_to(np.exp(log_mass), (k, q))[:, :, None]
        if known:
            mass_at = np.einsum("n,nkq->kq", count, joint) + np.exp(log_mass)
            mass_at = _smooth(mass_at) + 1e-9
            log_mass = np.log(mass_at / mass_at.sum(axis=1, keepdims=True))
        if severity:
            target = _common_slope(slopes, columns) if known else np.zeros(len(columns.ordered))
            hold = np.where(columns.ordered & known, count.sum(), SLOPE_PRECISION)
            intercepts, slopes = _newton(intercepts, slopes, nodes, expected, columns, target, hold)
        else:
            intercepts = np.log(expected[:, 0])
        if abs(likelihood - last) < tolerance * count.sum():
            break
        last = likelihood
    final = Mixture(shares, intercepts, slopes, nodes, log_mass, columns, 0.0, 0, step)
    density = logsumexp(final.log_joint(matrix) + (barred if known else 0.0), axis=(1, 2))
    return Mixture(
        shares, intercepts, slopes, nodes, log_mass, columns, float(count @ density),
        n_parameters(columns, len(shares), severity=severity), step,
    )  # fmt: skip


def _common_slope(slopes: Floats, columns: Layout) -> Floats:
    """Median slope of the ordered items, with each item's own sign, (p,); nominal items are pulled to zero.

    Degree is what all items share. Left free, one pair of nested questions ("any sexual violence", "by a partner")
    takes the dimension for itself (a Heywood case).
    """
    starts = columns.starts
    span = slopes[starts[1:] - 1] - slopes[starts[:-1]]
    ordered = columns.ordered
    middle = float(np.median(np.abs(span[ordered]))) if ordered.any() else 0.0
    return np.asarray(np.where(ordered, np.where(span < 0, -middle, middle), 0.0))


def _smooth(mass: Floats) -> Floats:
    """Spread each node's mass a little over its neighbours.

    Unsmoothed, the free distribution of severity collapses on a few points, which are types by another name
    (Silverman et al. 1990, JRSS-B 52:271-324: the EMS algorithm).
    """
    padded = np.pad(mass, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((1 - 2 * SPREAD) * mass + SPREAD * (padded[:, :-2] + padded[:, 2:]))


def n_parameters(columns: Layout, n_types: int, *, severity: bool) -> int:
    """Count the free parameters: shares, intercepts, and slopes when severity varies."""
    sizes = np.diff(columns.starts)
    free = int((sizes - 1).sum())
    slopes = int(columns.ordered.sum() + (sizes - 1)[~columns.ordered].sum())
    return n_types - 1 + n_types * free + (slopes if severity else 0)


def _start(
    matrix: Floats,
    columns: Layout,
    start: Floats,
    count: Floats,
    pseudo: Floats,
    severity: bool,
    slopes: Floats | None,
) -> tuple[Floats, Floats, Floats]:
    mass = count @ start + 1.0
    expected = (start * count[:, None]).T @ matrix + pseudo
    if slopes is None:
        slopes = columns.rank.copy() if severity else np.zeros(len(columns.rank))
    return mass / mass.sum(), np.log(expected), slopes


def _newton(
    intercepts: Floats,
    slopes: Floats,
    nodes: Floats,
    expected: Floats,
    columns: Layout,
    target: Floats,
    hold: Floats,
) -> tuple[Floats, Floats]:
    """One damped Newton step for all items: intercepts of every type and the item's slope(s).

    `expected` (K, Q, C) are expected answer counts. Items with the same number of levels and kind are solved in one
    batch. The unknowns of an item are the intercepts relative to its first level, and the slope, which has a normal
    prior at `target` with precision `hold`, (p,) both.
    """
    probability = np.exp(_log_table(intercepts, slopes, nodes, columns))
    total = np.add.reduceat(expected, columns.starts[:-1], axis=2)
    intercepts, slopes = intercepts.copy(), slopes.copy()
    sizes = np.diff(columns.starts)
    for size in np.unique(sizes[sizes > 1]):
        for ordered in (True, False):
            items = np.flatnonzero((sizes == size) & (columns.ordered == ordered))
            if len(items):
                _newton_block(items, int(size), ordered, intercepts, slopes, nodes, expected, probability, total, columns, target, hold)
    return intercepts, slopes


def _newton_block(
    items: Ints,
    size: int,
    ordered: bool,
    intercepts: Floats,
    slopes: Floats,
    nodes: Floats,
    expected: Floats,
    probability: Floats,
    total: Floats,
    columns: Layout,
    target: Floats,
    hold: Floats,
) -> None:
    k, m = len(intercepts), size - 1
    at = columns.starts[items][:, None] + np.arange(size)  # (J, size)
    p = probability[:, :, at][..., 1:]  # (K, Q, J, m)
    r = expected[:, :, at][..., 1:] - total[:, :, items][..., None] * p
    n = total[:, :, items]  # (K, Q, J)
    # d logit / d slope parameter: rank steps for ordered items, identity for nominal ones
    ranks = columns.rank[at[0]]
    contrast = (ranks[1:] - ranks[0])[:, None] if ordered else np.eye(m)  # (m, s)
    s = contrast.shape[1]
    size_all = k * m + s
    gradient = np.zeros((len(items), size_all))
    hessian = np.zeros((len(items), size_all, size_all))
    weight = n[..., None, None] * (np.eye(m) * p[..., None] - p[..., :, None] * p[..., None, :])  # (K,Q,J,m,m)
    for c in range(k):
        block = slice(c * m, (c + 1) * m)
        gradient[:, block] = r[c].sum(axis=0)
        hessian[:, block, block] = weight[c].sum(axis=0)
        cross = np.einsum("q,qjab,bs->jas", nodes, weight[c], contrast)
        hessian[:, block, k * m :] = cross
        hessian[:, k * m :, block] = cross.transpose(0, 2, 1)
    gradient[:, k * m :] = np.einsum("q,kqjm,ms->js", nodes, r, contrast)
    hessian[:, k * m :, k * m :] = np.einsum("q,kqjab,as,bt->jst", nodes**2, weight, contrast, contrast)
    current = (slopes[at[:, -1]] - slopes[at[:, 0]])[:, None] if ordered else slopes[at][:, 1:]
    gradient[:, k * m :] -= (current - target[items][:, None]) * hold[items][:, None]
    hessian[:, k * m :, k * m :] += np.eye(s) * hold[items][:, None, None]
    hessian += 1e-6 * np.eye(size_all)
    change = np.clip(np.linalg.solve(hessian, gradient[..., None])[..., 0], -1.0, 1.0)
    for c in range(k):
        intercepts[c, at[:, 1:]] += change[:, c * m : (c + 1) * m]
    slopes[at[:, 1:]] += change[:, k * m :] @ contrast.T
