"""What rounding leaves open of the groups without a type."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from typology.disclose.block import Block, Number
from typology.disclose.rules import rounded_span
from typology.results import Floats

_EXACT = 1e-6


def is_open(block: Block, number: Number) -> bool:
    """Whether a hidden number of a group without a type spans enough values.

    Such numbers are what the types leave over of everyone. Everything shown is rounded, and everything is
    taken together: what is left is found by linear programming over the variable's counts. An unweighted
    survey is assumed, in which shares tell counts best, and all bases are taken as known.

    Parameters
    ----------
    block : Block
    number : Number
        Of one group.
    """
    needed = min(block.least_span(), int(block.base[number.group]))
    target = _mask(block, number.answers, number.group)
    rows, low, high = _knowledge(block)
    lines, limits = np.vstack([rows, -rows]), np.concatenate([high, -low]) + 1e-9
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * target, A_ub=lines, b_ub=limits, bounds=(0, None), method="highs")
        if found.fun is None:
            return False  # no solution was proved, so nothing is proved to be open
        ends.append(sign * float(found.fun))
    # only whole respondents count
    return bool(np.floor(ends[1] + _EXACT) - np.ceil(ends[0] - _EXACT) >= needed)


def _mask(block: Block, answers: tuple[int, ...], group: int | slice) -> Floats:
    """Cells of the flattened counts that a number adds up."""
    mask = np.zeros(block.count.shape)
    mask[list(answers), group] = 1.0
    return mask.ravel()


def _knowledge(block: Block) -> tuple[Floats, Floats, Floats]:
    """Sums of cells that a reader knows to lie between two bounds."""
    everyone = slice(None)
    answers, groups = block.count.shape
    base = int(block.base.sum())
    every_answer = tuple(range(answers))
    known = [
        (_mask(block, every_answer, g), float(block.base[g]), float(block.base[g])) for g in range(groups)
    ]

    def tell(mask: Floats, out_of: int) -> None:
        count = int(mask @ block.count.ravel())
        known.append((mask, *rounded_span(count, out_of, threshold=block.threshold)))

    for answer in range(answers):
        if not block.whole_hidden[answer]:
            tell(_mask(block, (answer,), everyone), base)
        for group in np.flatnonzero(block.published & ~block.hidden[answer]):
            tell(_mask(block, (answer,), int(group)), int(block.base[group]))
    for position, union in enumerate(block.unions):
        whole = _mask(block, union, everyone)
        for group in np.flatnonzero(block.published & ~block.union_hidden[position, :-1]):
            inside = _mask(block, union, int(group))
            tell(inside, int(block.base[group]))
            tell(whole - inside, base - int(block.base[group]))
    masks, low, high = zip(*known, strict=True)
    return np.array(masks), np.array(low), np.array(high)
