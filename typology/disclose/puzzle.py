"""What follows about unknown counts from sums of them that lie between known bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from typology.disclose.rules import nearest
from typology.errors import DisclosureError
from typology.results import Floats

Cells = Sequence[int]
Bounds = tuple[float, float]
Source = tuple[str, str, str]
"""A shown row that something is known from: variable, answer, group."""
CONTRADICTION = "the numbers shown contradict each other, so nothing is proved of the others"
_SLACK = 1e-6
_FAR = 1e7  # more respondents than any survey has


class Contradiction(DisclosureError):
    """No counts agree with what is known."""


class Puzzle:
    """Linear bounds on unknown counts, none of them negative.

    Parameters
    ----------
    size : int
        How many unknown counts there are; they are named by position.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._rows: list[dict[int, float]] = []
        self._limits: list[float] = []
        self._sources: list[Source | None] = []

    def grow(self, more: int) -> int:
        """Add unknown counts and return the position of the first."""
        first, self.size = self.size, self.size + more
        return first

    def know(self, cells: Cells, low: float, high: float, source: Source | None = None) -> None:
        """Know, maybe from a certain row, that a sum of counts lies between two bounds."""
        self._at_most(dict.fromkeys(cells, 1.0), high, source)
        self._at_most(dict.fromkeys(cells, -1.0), -low, source)

    def know_less(self, cells: Cells, others: Cells, most: float = 0.0) -> None:
        """Know that a sum of counts exceeds another sum by so many at most."""
        row = dict.fromkeys(cells, 1.0)
        for cell in others:
            row[cell] = row.get(cell, 0.0) - 1.0
        self._at_most(row, most)

    def know_share(
        self, part: Cells, whole: Cells, low: float, high: float, source: Source | None = None
    ) -> None:
        """Know that some counts are between two shares of others, which include them."""
        above, below = dict.fromkeys(whole, -high), dict.fromkeys(whole, low)
        for cell in part:
            above[cell] = above.get(cell, 0.0) + 1.0
            below[cell] = below.get(cell, 0.0) - 1.0
        self._at_most(above, 0.0, source)
        self._at_most(below, 0.0, source)

    def _at_most(self, row: dict[int, float], limit: float, source: Source | None = None) -> None:
        if np.isfinite(limit):
            self._rows.append(row)
            self._limits.append(limit + _SLACK)
            self._sources.append(source)

    def extremes(self, targets: Sequence[Cells], is_open: Callable[[int, Bounds], bool]) -> list[Bounds]:
        """Bounds of sums of counts.

        Solutions found for one sum are used for all: a sum they show to be open is not looked at itself,
        and its bounds are then inner ones.

        Parameters
        ----------
        targets : sequence of cells
        is_open : callable
            Whether a target (by position) with these bounds is uncertain enough.

        Raises
        ------
        Contradiction
            No counts agree with what is known.
        """
        masks = np.zeros((len(targets), self.size))
        for position, cells in enumerate(targets):
            masks[position, list(cells)] = 1.0
        low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)

        def look(objective: Floats) -> None:
            values = masks @ self._solution(objective)
            np.minimum(low, values, out=low)
            np.maximum(high, values, out=high)

        def bounds(position: int) -> Bounds:
            return float(np.ceil(low[position] - 1e-3)) + 0.0, float(np.floor(high[position] + 1e-3))

        def closed() -> list[int]:
            return [i for i in range(len(targets)) if not is_open(i, bounds(i))]

        for sign in (1.0, -1.0):
            if left := closed():
                look(sign * masks[left].sum(axis=0))
        for position in closed():
            for sign in (1.0, -1.0):
                if not is_open(position, bounds(position)):
                    look(sign * masks[position])
        return [bounds(position) for position in range(len(targets))]

    def sources_of(self, cells: Cells) -> set[Source]:
        """Rows without which the bounds of a sum of counts would be wider: those the bounds rest on."""
        mask = np.zeros(self.size)
        mask[list(cells)] = 1.0
        found: set[Source] = set()
        for sign in (1.0, -1.0):
            felt = np.abs(self._solve(sign * mask).ineqlin.marginals) > _SLACK
            found |= {source for source, row in zip(self._sources, felt, strict=True) if row and source}
        return found

    def _solution(self, objective: Floats) -> Floats:
        return np.asarray(self._solve(objective).x, dtype=float)

    def _solve(self, objective: Floats) -> Any:
        found = linprog(
            objective, A_ub=self._matrix(), b_ub=self._limits, bounds=(0, _FAR), method="highs",
            options={"presolve": False},
        )  # fmt: skip
        if found.x is None:
            raise Contradiction(CONTRADICTION)
        return found

    def _matrix(self) -> Any:  # sparse, which the types of linprog do not know
        lengths = np.array([len(row) for row in self._rows])
        pointers = np.concatenate([[0], np.cumsum(lengths)])
        return csr_array(
            (_flat(row.values() for row in self._rows), _flat(self._rows).astype(np.int64), pointers),
            shape=(len(self._rows), self.size),
        )


def _flat(rows: Iterable[Iterable[float]]) -> Floats:
    return np.array([value for row in rows for value in row], dtype=float)


def rounded(shown: float, threshold: int) -> Bounds:
    """Counts that are rounded to the number shown, none of which may be below the threshold."""
    low, high = nearest(shown, threshold)
    return max(low, float(threshold)), high
