"""Which further cells to hide so that what is small cannot be worked out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from typology.disclose.block import WHOLE, Block, Cell, Number
from typology.disclose.room import is_open

_NEWLY_HIDDEN, _WHOLE_PRICE = 0.05, 20.0


def protect_block(block: Block) -> None:
    """Hide what is small, then the least telling other cells until everything hidden is proved safe.

    Hiding more never makes a safe number unsafe, so each number is proved once. Where no set of cells
    helps, the whole variable is hidden.

    Parameters
    ----------
    block : Block
        Changed in place.
    """
    block.hide_small()
    proved: set[Number] = set()
    while weak := [number for number in block.hidden_numbers() if number not in proved]:
        for number in weak:
            if not _is_safe(block, number) and not _cover(block, number):
                block.hide_everything()
                return
            proved.add(number)


def _is_safe(block: Block, number: Number) -> bool:
    """Whether a hidden number is proved to stay open."""
    if number.group != WHOLE and block.coarse is not None and block.coarse[number.group]:
        return is_open(block, number)
    return block.is_safe(number)


def _cover(block: Block, number: Number) -> bool:
    """Hide the least telling set of cells that makes a number safe; False if none does."""
    outside = [answer for answer in range(block.count.shape[0]) if answer not in number.answers]
    plans = [plan for pair in product(number.answers, outside) for plan in _plans(block, *pair, number.group)]
    before = block.state()
    for plan in sorted(plans, key=lambda plan: _price(block, plan)):
        block.hide(plan)
        block.hide_split_unions(plan)
        if _is_safe(block, number):
            return True
        block.restore(before)
    return False


def _plans(block: Block, mine: int, other: int, group: int) -> list[list[Cell]]:
    """Sets of cells worth hiding so that respondents can be exchanged between two answers."""
    groups = [g for g in range(block.count.shape[1]) if g != group]
    own = [] if group == WHOLE else [(mine, group), (other, group)]
    by_loss = sorted(groups, key=lambda g: _price(block, [(mine, g), (other, g)]))
    columns = [[(mine, g), (other, g)] for g in by_loss]
    plans = [own, *([*own, *column] for column in columns)]
    together = [columns[:many] for many in range(2, len(columns) + 1)]
    plans += [[*own, *(cell for column in several for cell in column)] for several in together]
    sums = [(mine, WHOLE), (other, WHOLE)]
    return [*plans, *([*sums, *plan] for plan in ([own] if group != WHOLE else plans))]


def _price(block: Block, plan: Sequence[Cell]) -> float:
    """What a plan would newly hide: how telling its cells are; sums over all groups are the dearest."""
    price = 0.0
    for answer, group in set(plan):
        if group == WHOLE:
            price += 0.0 if block.whole_hidden[answer] else _WHOLE_PRICE
        elif not block.hidden[answer, group]:
            price += _NEWLY_HIDDEN + float(block.telling[answer, group])
    return price
