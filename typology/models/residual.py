"""Gaussian dependence between items that severity does not explain.

The residual correlations solve, for every pair of items, "model covariance = observed covariance". For scores
cut from a bivariate normal, the covariance at residual correlation r is the integral from 0 to r of
``sum_ab phi2(tau_a, tau_b; s) ds`` over the thresholds (Hoeffding's lemma and Plackett's identity), which is
increasing in r; nothing has to be simulated.

References
----------
Plackett 1954, Biometrika 41:351-360.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from typology.results import Floats, Ints

LARGEST_RESIDUAL = 0.95
QUADRATURE = 8
NEWTON_STEPS = 6
FEWEST_PAIRS = 30


@dataclass(frozen=True)
class Residual:
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


def covariance(codes: Ints, orders: list[Ints]) -> Floats:
    """Item covariances among those who answered both items."""
    score, both = _scored(codes, orders)
    both = np.maximum(both, 1)
    mean = (score.T @ (codes >= 0)) / both
    return np.asarray((score.T @ score) / both - mean * mean.T)


def residual_correlations(
    codes: Ints, posterior: Floats, group: Ints, cumulative: list[Floats], orders: list[Ints]
) -> Residual:
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
    target = covariance(codes, orders) - (product - left * right)
    return _solve(target, shared, cumulative, both)


def _solve(target: Floats, shared: Floats, cumulative: list[Floats], both: Floats) -> Residual:
    """Solve the covariance equation for every pair by bisected Newton steps on a vector of pairs."""
    p = len(cumulative)
    cuts = [np.clip(ndtri(np.clip(c.reshape(-1, c.shape[2]), 1e-6, 1 - 1e-6)), -4.5, 4.5) for c in cumulative]
    result, noise, slopes = np.eye(p), np.zeros((p, p)), np.ones((p, p))
    x, w = np.polynomial.legendre.leggauss(QUADRATURE)
    keep = shared.mean(axis=(1, 2)) > 1e-4 / len(shared)
    variance = np.stack([_variance(each) for each in cumulative], axis=1)  # (cells, p)
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
            for _ in range(NEWTON_STEPS):
                value = np.zeros(len(group))
                for node, mass in zip((x + 1) / 2, w / 2, strict=True):
                    value += mass * r * _density(squares, cross, weight, r * node)
                slope = _density(squares, cross, weight, r)
                step = np.clip((target[j, group] - value) / np.maximum(slope, 1e-9), -0.4, 0.4)
                r = np.clip(r + step, -LARGEST_RESIDUAL, LARGEST_RESIDUAL)
            r = np.where(both[j, group] < FEWEST_PAIRS, 0.0, r)
            result[j, group] = result[group, j] = r
            slopes[j, group] = slopes[group, j] = slope
            noise[j, group] = noise[group, j] = _sampling_variance(
                slope, shared[:, j, group] * variance[:, [j]] * variance[:, group], both[j, group]
            )
    return _denoised(result, noise, slopes)


def _sampling_variance(slope: Floats, within: Floats, both: Floats) -> Floats:
    """Delta-method variance of each residual correlation: that of the covariance over the squared slope."""
    variance = within.sum(axis=0) / np.maximum(both, 1)
    return np.asarray(np.minimum(variance / np.maximum(slope, 1e-9) ** 2, 1.0))


def _variance(cumulative: Floats) -> Floats:
    """Variance of an item's score in every cell (group x severity node)."""
    above = 1 - cumulative.reshape(-1, cumulative.shape[2])
    mean = above.sum(axis=1)
    square = (above * (2 * np.arange(above.shape[1]) + 1)).sum(axis=1)
    return np.asarray(square - mean**2)


def _denoised(residual: Floats, noise: Floats, slope: Floats) -> Residual:
    """Shrink residual correlations to what exceeds sampling noise.

    Without it the null model would count the noise of the survey as structure and then add noise of its
    own. The shrinkage is empirical-Bayes: dimensions that stand out keep their size, the rest shrinks
    together.
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
    return Residual(shrunk, slope, vector[:, large])


def _density(squares: Floats, cross: Floats, weight: Floats, r: Floats) -> Floats:
    """Sum over cells and cuts of the bivariate normal density at correlation r, one value a pair."""
    s = r[:, None, None, None]
    scale = 1 - s * s
    value = np.exp(-(squares - 2 * s * cross) / (2 * scale)) / np.sqrt(scale)
    return np.asarray((value * weight).sum(axis=(1, 2, 3)) / (2 * np.pi))
