"""Small blocks of counts, and what a reader of the unhidden part can work out of the rest."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import linprog

from typology.disclose.block import WHOLE, Block, Number


def block(count: list[list[int]], *, base: list[int] | None = None, **more: object) -> Block:
    """Counts, answers x groups; the base is what they add up to, all groups have rows."""
    array = np.array(count)
    published = more.pop("published", [True] * array.shape[1])
    return Block(
        array, np.array(array.sum(axis=0) if base is None else base), 10, np.array(published), **more  # type: ignore[arg-type]
    )  # fmt: skip


def feasible(made: Block, number: Number) -> tuple[float, float]:
    """Least and most of a number over all tables with the same bases and the same shown numbers."""
    answers, groups = made.count.shape

    def mask(of: tuple[int, ...], group: int | slice) -> np.ndarray:
        found = np.zeros((answers, groups))
        found[list(of), group] = 1.0
        return found.ravel()

    everyone = slice(None)
    shown = [mask(tuple(range(answers)), g) for g in range(groups)]
    shown += [mask((a,), g) for a, g in product(range(answers), range(groups)) if not made.hidden[a, g]]
    shown += [mask((a,), everyone) for a in range(answers) if not made.whole_hidden[a]]
    for position, union in enumerate(made.unions):
        shown += [mask(union, g) for g in range(groups) if not made.union_hidden[position, g]]
        shown += [] if made.union_hidden[position, -1] else [mask(union, everyone)]
    rows = np.array(shown)
    target = mask(number.answers, everyone if number.group == WHOLE else number.group)
    known = {"A_eq": rows, "b_eq": rows @ made.count.ravel(), "bounds": (0, None), "method": "highs"}
    return linprog(target, **known).fun, -linprog(-target, **known).fun
