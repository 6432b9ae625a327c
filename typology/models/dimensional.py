"""The best model *without* types: respondents differ in degree, and items go together.

It keeps everything about a survey that is not types: each group's item margins (a country may answer an item
differently), one general severity whose distribution is free (skewed, or with a floor of people to whom nothing
happened), and Gaussian dependence of whatever form between items given severity. Answers drawn from it have the
observed margins and the observed item correlations, and no types. Respondents keep their own missing answers and
their own plausible severity, so missingness and routing stay tied to severity as observed.

The residual correlations solve, for every pair of items, "model covariance = observed covariance". For scores
cut from a bivariate normal, the covariance at residual correlation r is the integral from 0 to r of
``sum_ab phi2(tau_a, tau_b; s) ds`` over the thresholds (Hoeffding's lemma and Plackett's identity), which is
increasing in r; nothing has to be simulated.

References
----------
Plackett 1954, Biometrika 41:351-360. Ruscio & Ruscio 2008 / Ruscio, Ruscio & Carney 2011 (comparison data
without types, the taxometric CCFI) are the psychometric relatives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import logsumexp, ndtr, ndtri

from typology.models.mixture import Layout, Mixture, _log_table, _smooth, fit_mixture
from typology.results import Bools, Floats, Ints

LARGEST_RESIDUAL = 0.95
QUADRATURE = 8
CURVE_STEPS = 2
CURVE_PRIOR = 0.02
FEWEST_PAIRS = 30
TUNINGS = 2
TUNING_ROWS = 10_000


@dataclass(frozen=True)
class DimensionalModel:
    """Severity, margins and residual dependence of a survey without types.

    Attributes
    ----------
    mixture : Mixture
        Groups as known "types", free severity.
    posterior : (n, Q)
        Each respondent's plausible severity.
    group : (n,)
    cumulative : list of (G, Q, k - 1)
        Per item, probability of a level at or below each cut.
    root : (p, p)
        Square root of the residual correlation matrix.
    """

    mixture: Mixture
    posterior: Floats
    group: Ints
    cumulative: list[Floats]
    orders: list[Ints]
    root: Floats

    def log_density(self, matrix: Floats) -> Floats:
        """Log probability of each respondent's answers as a whole, (n,)."""
        joint = self.mixture.log_joint(matrix)[np.arange(len(matrix)), self.group]
        return np.asarray(logsumexp(joint, axis=1) - np.log(self.mixture.shares[self.group]))

    def draw(self, rng: np.random.Generator) -> Ints:
        """Answer every item anew, (n, p) levels without missing answers."""
        n, p = len(self.posterior), len(self.cumulative)
        cut = self.posterior.cumsum(axis=1)
        node = (rng.random(n)[:, None] > cut[:, :-1]).sum(axis=1)
        # severity lies anywhere around its node, not on it: curves are interpolated towards a neighbour
        offset = rng.uniform(-0.5, 0.5, n)
        beside = np.clip(node + np.sign(offset).astype(int), 0, cut.shape[1] - 1)
        offset = np.abs(offset)[:, None]
        uniform = ndtr(rng.normal(size=(n, p)) @ self.root.T)
        codes = np.empty((n, p), dtype=np.int64)
        for j in range(p):
            curves = self.cumulative[j]
            below = (1 - offset) * curves[self.group, node] + offset * curves[self.group, beside]
            codes[:, j] = self.orders[j][(uniform[:, [j]] > below).sum(axis=1)]
        return codes


def fit_dimensional(codes: Ints, matrix: Floats, columns: Layout, group: Ints) -> DimensionalModel:
    """Fit the model without types.

    Parameters
    ----------
    codes : (n, p)
        Levels, -1 unanswered.
    matrix : (n, C)
        Their indicators.
    columns : Layout
    group : (n,)
        0-based known group; all zero when there is none.
    """
    start = np.eye(int(group.max()) + 1)[group]
    mixture = fit_mixture(matrix, columns, start, severity=True, known=True, iterations=150, tolerance=1e-5)
    posterior, cumulative, orders = _monotone(mixture, matrix, group)
    residual = _residual_correlations(codes, posterior, group, cumulative, orders)
    correlation = residual.correlation
    observed = _covariance(codes, orders)
    rng = np.random.default_rng(len(codes))
    for _ in range(TUNINGS):
        model = DimensionalModel(mixture, posterior, group, cumulative, orders, _root(correlation))
        drawn = np.concatenate([model.draw(rng) for _ in range(1 + TUNING_ROWS // len(codes))])
        drawn[np.tile(codes < 0, (len(drawn) // len(codes), 1))] = -1
        short = (observed - _covariance(drawn, orders)) / np.maximum(residual.slope, 1e-9)
        np.fill_diagonal(short, 0.0)
        # only the dimensions that stand out are tuned: elsewhere the gap is the noise taken out on purpose
        project = residual.lead @ residual.lead.T
        correlation = correlation + project @ short @ project
        np.fill_diagonal(correlation, 1.0)
    return DimensionalModel(mixture, posterior, group, cumulative, orders, _root(correlation))


def _monotone(mixture: Mixture, matrix: Floats, group: Ints) -> tuple[Floats, list[Floats], list[Ints]]:
    """Free the response curves: any monotone curve of severity, not just the logistic one.

    Without this, a survey whose curves are of another shape would look like types beside its own null model.
    """
    columns, log_mass = mixture.columns, mixture.log_mass
    table = np.exp(_log_table(mixture.intercepts, mixture.slopes, mixture.nodes, columns))
    orders = []
    for j in range(len(columns.ordered)):
        at = np.arange(columns.starts[j], columns.starts[j + 1])
        # unordered levels are lined up by how they rise with severity
        orders.append(np.arange(len(at)) if columns.ordered[j] else np.argsort(mixture.slopes[at], kind="stable"))
    falling = [
        mixture.slopes[columns.starts[j] + order[-1]] >= mixture.slopes[columns.starts[j] + order[0]]
        for j, order in enumerate(orders)
    ]
    n_groups, q, _ = table.shape
    for _ in range(CURVE_STEPS):
        posterior = _posterior(table, log_mass, mixture.shares, matrix, group)
        cumulative = [np.empty((n_groups, q, len(order) - 1)) for order in orders]
        for g in range(n_groups):
            mine = group == g
            expected = posterior[mine].T @ matrix[mine] + CURVE_PRIOR * table[g]
            log_mass[g] = np.log(_smooth(posterior[mine].mean(axis=0)[None])[0] + 1e-9)
            for j, order in enumerate(orders):
                at = columns.starts[j] + order
                total = expected[:, at].sum(axis=1)
                below = expected[:, at].cumsum(axis=1)[:, :-1] / total[:, None]
                for cut in range(below.shape[1]):
                    cumulative[j][g, :, cut] = isotonic_regression(
                        below[:, cut], weights=total, increasing=not falling[j]
                    ).x
                levels = np.diff(cumulative[j][g], axis=1, prepend=0.0, append=1.0)
                table[g][:, at] = np.clip(levels, 1e-6, None)
    return _posterior(table, log_mass, mixture.shares, matrix, group), cumulative, orders


def _posterior(table: Floats, log_mass: Floats, shares: Floats, matrix: Floats, group: Ints) -> Floats:
    joint = np.einsum("nc,nqc->nq", matrix, np.log(table)[group]) if len(shares) > 1 else matrix @ np.log(table[0]).T
    joint = joint + log_mass[group]
    return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))


@dataclass(frozen=True)
class _Residual:
    """Residual correlations, how fast item covariances grow with them, and the dimensions that stand out."""

    correlation: Floats
    slope: Floats
    lead: Floats


def _scored(codes: Ints, orders: list[Ints]) -> tuple[Floats, Floats]:
    """Scores of the answers with unordered levels lined up, and how many answered both of each pair."""
    answered = codes >= 0
    position = [np.argsort(order) for order in orders]
    score = np.stack(
        [np.where(answered[:, j], position[j][codes[:, j]], 0) for j in range(codes.shape[1])], axis=1
    )
    return score.astype(float), answered.T.astype(float) @ answered


def _covariance(codes: Ints, orders: list[Ints]) -> Floats:
    """Item covariances among those who answered both items."""
    score, both = _scored(codes, orders)
    both = np.maximum(both, 1)
    mean = (score.T @ (codes >= 0)) / both
    return np.asarray((score.T @ score) / both - mean * mean.T)


def _residual_correlations(
    codes: Ints, posterior: Floats, group: Ints, cumulative: list[Floats], orders: list[Ints]
) -> _Residual:
    """Correlations of the Gaussian residuals that reproduce the observed item covariances."""
    p = codes.shape[1]
    answered = codes >= 0
    both = answered.T.astype(float) @ answered
    n_groups, q = cumulative[0].shape[:2]
    cells = [(g, t) for g in range(n_groups) for t in range(q)]
    expected = np.stack([(1 - c).sum(axis=2).reshape(-1) for c in cumulative], axis=1)  # (cells, p)
    shared = np.zeros((len(cells), p, p))
    for index, (g, t) in enumerate(cells):
        weight = posterior[:, t] * (group == g)
        if weight.sum() > 0:
            shared[index] = (answered * weight[:, None]).T @ answered / np.maximum(both, 1)
    product = np.einsum("xjk,xj,xk->jk", shared, expected, expected)
    left = np.einsum("xjk,xj->jk", shared, expected)
    right = np.einsum("xjk,xk->jk", shared, expected)
    target = _covariance(codes, orders) - (product - left * right)
    return _solve(target, shared, cumulative, both)


def _solve(target: Floats, shared: Floats, cumulative: list[Floats], both: Floats) -> _Residual:
    """Solve the covariance equation for every pair by bisected Newton steps on a vector of pairs."""
    p = len(cumulative)
    cuts = [np.clip(ndtri(np.clip(c.reshape(-1, c.shape[2]), 1e-6, 1 - 1e-6)), -4.5, 4.5) for c in cumulative]
    result, noise, slopes = np.eye(p), np.zeros((p, p)), np.ones((p, p))
    x, w = np.polynomial.legendre.leggauss(QUADRATURE)
    keep = shared.mean(axis=(1, 2)) > 1e-4 / len(shared)
    for j in range(p):
        others = np.arange(j + 1, p)
        for size in {cuts[k].shape[1] for k in others}:
            group = others[[cuts[k].shape[1] == size for k in others]]
            if cuts[j].shape[1] == 0 or size == 0:
                continue
            a = cuts[j][keep][None, :, :, None]  # (1, cells, ka, 1)
            b = np.stack([cuts[k][keep] for k in group])[:, :, None, :]  # (P, cells, 1, kb)
            weight = shared[keep][:, j, group].T[:, :, None, None]
            squares, cross = a * a + b * b, a * b
            r = np.zeros(len(group))
            for _ in range(6):
                value = np.zeros(len(group))
                for node, mass in zip((x + 1) / 2, w / 2, strict=True):
                    value += mass * r * _density(squares, cross, weight, r * node)
                slope = _density(squares, cross, weight, r)
                step = np.clip((target[j, group] - value) / np.maximum(slope, 1e-9), -0.4, 0.4)
                r = np.clip(r + step, -LARGEST_RESIDUAL, LARGEST_RESIDUAL)
            r = np.where(both[j, group] < FEWEST_PAIRS, 0.0, r)
            result[j, group] = result[group, j] = r
            slopes[j, group] = slopes[group, j] = slope
            noise[j, group] = noise[group, j] = _sampling_variance(slope, shared[:, j, group], cumulative, j, group, both)
    return _denoised(result, noise, slopes)


def _sampling_variance(
    slope: Floats, shared: Floats, cumulative: list[Floats], j: int, group: Ints, both: Floats
) -> Floats:
    """Delta-method variance of each residual correlation: that of the covariance over the squared slope."""
    within = np.empty(shared.shape)
    for index, k in enumerate(group):
        within[:, index] = shared[:, index] * _variance(cumulative[j]) * _variance(cumulative[k])
    variance = within.sum(axis=0) / np.maximum(both[j, group], 1)
    return np.asarray(np.minimum(variance / np.maximum(slope, 1e-9) ** 2, 1.0))


def _variance(cumulative: Floats) -> Floats:
    """Variance of an item's score in every cell (group x severity node)."""
    above = 1 - cumulative.reshape(-1, cumulative.shape[2])
    mean = above.sum(axis=1)
    square = (above * (2 * np.arange(above.shape[1]) + 1)).sum(axis=1)
    return np.asarray(square - mean**2)


def _denoised(residual: Floats, noise: Floats, slope: Floats) -> _Residual:
    """Shrink residual correlations to what exceeds sampling noise.

    Without it the null model would count the noise of the survey as structure and then add noise of its own. The
    shrinkage is empirical-Bayes: dimensions that stand out keep their size, the rest shrinks together.
    """
    p = len(residual)
    between = ~np.eye(p, dtype=bool)
    off = residual - np.eye(p)
    value, vector = np.linalg.eigh(off)
    edge = 2 * np.sqrt(p * np.median(noise[between]))
    large = np.abs(value) > 1.2 * edge
    lead = (vector[:, large] * value[large]) @ vector[:, large].T
    np.fill_diagonal(lead, 0.0)
    rest = off - lead
    signal = max(0.0, float(np.mean((rest**2 - noise)[between])))
    shrunk = lead + rest * signal / np.maximum(signal + noise, 1e-12) + np.eye(p)
    return _Residual(shrunk, slope, vector[:, large])


def _density(squares: Floats, cross: Floats, weight: Floats, r: Floats) -> Floats:
    """Sum over cells and cuts of the bivariate normal density at correlation r, one value a pair."""
    s = r[:, None, None, None]
    scale = 1 - s * s
    value = np.exp(-(squares - 2 * s * cross) / (2 * scale)) / np.sqrt(scale)
    return np.asarray((value * weight).sum(axis=(1, 2, 3)) / (2 * np.pi))


def _root(correlation: Floats) -> Floats:
    """Square root of the nearest correlation matrix (eigenvalues clipped, unit diagonal)."""
    value, vector = np.linalg.eigh(correlation)
    root = vector * np.sqrt(np.clip(value, 1e-4, None))
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))
