"""Intercepts and slopes of the items, by Newton steps on expected answer counts.

The M-step of the measurement model with severity has no closed form. Each item is a small multinomial
regression on the severity nodes, independent of all others, so items with the same number of levels and
kind are solved in one batch. Given an item's slopes, the intercepts of different types are independent too,
so the types are eliminated first (the Hessian is an arrow) and no system is larger than an item's levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.models.layout import Block, Layout
from typology.results import Floats

LARGEST_STEP = 1.0
RIDGE = 1e-6


@dataclass(frozen=True)
class SlopePrior:
    """Normal prior of each item's slope.

    Attributes
    ----------
    target : float array, (p,)
        Mean.
    precision : float array, (p,)
    """

    target: Floats
    precision: Floats


def newton_step(
    intercepts: Floats,
    slopes: Floats,
    *,
    table: Floats,
    nodes: Floats,
    expected: Floats,
    columns: Layout,
    prior: SlopePrior,
) -> tuple[Floats, Floats]:
    """Take one damped Newton step for all items: intercepts of every type and the item's slope(s).

    Parameters
    ----------
    intercepts : float array, (K, C)
    slopes : float array, (C,)
    table : float array, (K, Q, C)
        Log level probabilities they lead to, as `typology.models.layout.log_table` gives them.
    nodes : float array, (Q,)
    expected : float array, (K, Q, C)
        Expected answer counts; items without an answer add nothing.
    columns : Layout
    prior : SlopePrior

    Returns
    -------
    intercepts, slopes : float arrays
        New arrays; no unknown moves by more than one logit.
    """
    probability = np.exp(table)
    total = np.add.reduceat(expected, columns.starts[:-1], axis=2)
    intercepts, slopes = intercepts.copy(), slopes.copy()
    for block in columns.blocks:
        levels, common = _change(block, slopes, nodes, expected, probability, total, prior)
        intercepts[:, block.at[:, 1:]] += levels
        slopes[block.at[:, 1:]] += common @ block.contrast.T
    return intercepts, slopes


def _change(
    block: Block,
    slopes: Floats,
    nodes: Floats,
    expected: Floats,
    probability: Floats,
    total: Floats,
    prior: SlopePrior,
) -> tuple[Floats, Floats]:
    """Newton change of the m = size - 1 intercepts past the first level, (K, J, m), and of slopes, (J, s)."""
    at, contrast = block.at, block.contrast
    upper = at[:, 1:]
    (k, q), (j, m), s = expected.shape[:2], upper.shape, contrast.shape[1]
    p = probability[:, :, upper]  # (K, Q, J, m)
    n = total[:, :, block.items]  # (K, Q, J)
    share = n[..., None] * p
    weight = -share[..., :, None] * p[..., None, :]  # (K, Q, J, m, m)
    weight[..., np.arange(m), np.arange(m)] += share
    powers = np.stack([np.ones(q), nodes, nodes**2])  # sums over nodes, times 1, t and t squared
    first = (powers[:2] @ (expected[:, :, upper] - share).reshape(k, q, j * m)).reshape(k, 2, j, m)
    second = (powers @ weight.reshape(k, q, j * m * m)).reshape(k, 3, j, m, m)
    gradient, own, cross = first[:, 0], second[:, 0] + RIDGE * np.eye(m), second[:, 1] @ contrast
    target, precision = prior.target[block.items], prior.precision[block.items]
    current = (slopes[at[:, -1]] - slopes[at[:, 0]])[:, None] if block.ordered else slopes[at][:, 1:]
    steepness = first[:, 1].sum(axis=0) @ contrast - (current - target[:, None]) * precision[:, None]
    bend = contrast.T @ second[:, 2].sum(axis=0) @ contrast
    bend += (precision[:, None, None] + RIDGE) * np.eye(s)
    solved = np.linalg.solve(own, np.concatenate([cross, gradient[..., None]], axis=3))  # (K, J, m, s + 1)
    left = np.einsum("kjms,kjmt->jst", cross, solved)
    common = np.linalg.solve(bend - left[..., :s], (steepness - left[..., s])[..., None])
    levels = solved[..., s] - (solved[..., :s] @ common)[..., 0]
    return np.clip(levels, -LARGEST_STEP, LARGEST_STEP), np.clip(common[..., 0], -LARGEST_STEP, LARGEST_STEP)
