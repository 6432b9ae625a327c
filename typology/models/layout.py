"""How items stand side by side: one column a level.

Every model works on an indicator matrix, one row a respondent (or answer pattern), one 0/1 column a level
of an item. An unanswered item is a block of zeros, so it adds nothing to any sum over the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from typology.results import Bools, Codes, Floats, Ints, Item


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
    ordered: Bools

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Items of the same number of levels and kind, together; items of one level are in none."""
        sizes = np.diff(self.starts)
        blocks = []
        for size in np.unique(sizes[sizes > 1]):
            for ordered in (True, False):
                items = np.flatnonzero((sizes == size) & (self.ordered == ordered))
                if len(items):
                    at = self.starts[items][:, None] + np.arange(size)
                    ranks = self.rank[at[0]]
                    contrast = (ranks[1:] - ranks[0])[:, None] if ordered else np.eye(int(size) - 1)
                    blocks.append(Block(items, at, contrast, ordered))
        return tuple(blocks)


@dataclass(frozen=True)
class Block:
    """Items with the same number of levels and kind.

    Attributes
    ----------
    items : int array, (J,)
    at : int array, (J, size)
        Columns of each item's levels.
    contrast : float array, (size - 1, s)
        Change of the logits relative to the first level per unit of slope: rank steps for ordered items
        (one slope), identity for nominal ones (a slope a level).
    ordered : bool
    """

    items: Ints
    at: Ints
    contrast: Floats
    ordered: bool


def layout(sizes: Sequence[int], ordered: Sequence[bool]) -> Layout:
    """Columns of items with `sizes` levels each.

    Parameters
    ----------
    sizes : sequence of int, length p
        Levels of each item.
    ordered : sequence of bool, length p
        Whether the levels have an order (binary items do).
    """
    starts = np.r_[0, np.cumsum(sizes)].astype(np.int64)
    item = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.concatenate([np.linspace(-0.5, 0.5, size) if size > 1 else np.zeros(1) for size in sizes])
    return Layout(starts, item, rank, np.asarray(ordered, dtype=bool))


def item_layout(items: Sequence[Item]) -> Layout:
    """Columns of encoded items."""
    return layout([len(item.categories) for item in items], [item.level != "nominal" for item in items])


def indicators(codes: Codes | Ints, columns: Layout) -> Floats:
    """Indicator matrix of the answers.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels from 0, below `sizes` of the layout; -1 where there is no answer.
    columns : Layout

    Returns
    -------
    float array, (n, C)
        1 in the column of the level chosen; an unanswered item is all zero.
    """
    matrix = np.zeros((len(codes), int(columns.starts[-1])))
    row, item = np.nonzero(codes >= 0)
    matrix[row, columns.starts[item] + codes[row, item]] = 1.0
    return matrix


def log_table(intercepts: Floats, slopes: Floats, nodes: Floats, columns: Layout) -> Floats:
    """Log level probabilities of every type at every severity node.

    Parameters
    ----------
    intercepts : float array, (K, C)
    slopes : float array, (C,)
    nodes : float array, (Q,)
    columns : Layout

    Returns
    -------
    float array, (K, Q, C)
        Adds up to one (on the probability scale) within each item.
    """
    logits = intercepts[:, None, :] + nodes[:, None] * slopes
    logits = logits - np.maximum.reduceat(logits, columns.starts[:-1], axis=2)[:, :, columns.item]
    exponent = np.exp(logits)
    total = np.add.reduceat(exponent, columns.starts[:-1], axis=2)
    return np.asarray(logits - np.log(total)[:, :, columns.item])
