"""Intercepts and slopes of the items, by Newton steps on expected answer counts.

The M-step of the measurement model with severity has no closed form. Each item is a small multinomial
regression on the severity nodes, independent of all others, so items with the same number of levels and
kind are solved in one batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.models.layout import Layout, log_table
from typology.results import Floats, Ints

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


@dataclass(frozen=True)
class _Block:
    """Items with the same number of levels and kind, and what their answers say.

    Attributes
    ----------
    items : (J,)
    at : (J, size)
        Columns of each item's levels.
    contrast : (size - 1, s)
        Change of the logits relative to the first level per unit of slope: rank steps for ordered items
        (one slope), identity for nominal ones (a slope a level).
    """

    items: Ints
    at: Ints
    contrast: Floats
    ordered: bool


def newton_step(
    intercepts: Floats,
    slopes: Floats,
    *,
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
    probability = np.exp(log_table(intercepts, slopes, nodes, columns))
    total = np.add.reduceat(expected, columns.starts[:-1], axis=2)
    intercepts, slopes = intercepts.copy(), slopes.copy()
    k = len(intercepts)
    for block in _blocks(columns):
        m = block.at.shape[1] - 1
        change = _change(block, slopes, nodes, expected, probability, total, prior)
        for c in range(k):
            intercepts[c, block.at[:, 1:]] += change[:, c * m : (c + 1) * m]
        slopes[block.at[:, 1:]] += change[:, k * m :] @ block.contrast.T
    return intercepts, slopes


def _blocks(columns: Layout) -> list[_Block]:
    sizes = np.diff(columns.starts)
    blocks = []
    for size in np.unique(sizes[sizes > 1]):
        for ordered in (True, False):
            items = np.flatnonzero((sizes == size) & (columns.ordered == ordered))
            if len(items):
                at = columns.starts[items][:, None] + np.arange(size)
                ranks = columns.rank[at[0]]
                contrast = (ranks[1:] - ranks[0])[:, None] if ordered else np.eye(int(size) - 1)
                blocks.append(_Block(items, at, contrast, ordered))
    return blocks


def _change(
    block: _Block,
    slopes: Floats,
    nodes: Floats,
    expected: Floats,
    probability: Floats,
    total: Floats,
    prior: SlopePrior,
) -> Floats:
    """Newton change of the unknowns of each item, (J, K m + s).

    The unknowns are the m = size - 1 intercepts of each type relative to the first level, then the slopes.
    """
    at, contrast = block.at, block.contrast
    k, m, s = len(expected), at.shape[1] - 1, contrast.shape[1]
    p = probability[:, :, at][..., 1:]  # (K, Q, J, m)
    r = expected[:, :, at][..., 1:] - total[:, :, block.items][..., None] * p
    n = total[:, :, block.items]  # (K, Q, J)
    gradient = np.zeros((len(at), k * m + s))
    hessian = np.zeros((len(at), k * m + s, k * m + s))
    spread = np.eye(m) * p[..., None] - p[..., :, None] * p[..., None, :]
    weight = n[..., None, None] * spread  # (K, Q, J, m, m)
    for c in range(k):
        mine = slice(c * m, (c + 1) * m)
        gradient[:, mine] = r[c].sum(axis=0)
        hessian[:, mine, mine] = weight[c].sum(axis=0)
        cross = np.einsum("q,qjab,bs->jas", nodes, weight[c], contrast)
        hessian[:, mine, k * m :] = cross
        hessian[:, k * m :, mine] = cross.transpose(0, 2, 1)
    gradient[:, k * m :] = np.einsum("q,kqjm,ms->js", nodes, r, contrast)
    hessian[:, k * m :, k * m :] = np.einsum("q,kqjab,as,bt->jst", nodes**2, weight, contrast, contrast)
    target, precision = prior.target[block.items], prior.precision[block.items]
    current = (slopes[at[:, -1]] - slopes[at[:, 0]])[:, None] if block.ordered else slopes[at][:, 1:]
    gradient[:, k * m :] -= (current - target[:, None]) * precision[:, None]
    hessian[:, k * m :, k * m :] += np.eye(s) * precision[:, None, None]
    hessian += RIDGE * np.eye(k * m + s)
    step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
    return np.asarray(np.clip(step, -LARGEST_STEP, LARGEST_STEP))
