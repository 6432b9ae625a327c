"""Where the names of types go on the density map: beside their cells, never on one.

A type may lie in several islands; each gets its name. Where there is no room right beside an island, or
where a cell of another type is as near, a line leads from the name to the island.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STEP = 0.35
NEAREST, TRIED = 1500, 200
NEAR, APART = 0.7, 0.35
LEADER, CROSSING, OVER_DATA, BELOW = 1.0, 30.0, 1.0, 0.3


@dataclass(frozen=True)
class Island:
    """Cells of one type that hang together.

    Parameters
    ----------
    type_id : str
    cells : float array, (k, 2)
        Their centres.
    size : tuple of float
        Width and height of the name, in map units.
    """

    type_id: str
    cells: Points
    size: tuple[float, float]


@dataclass(frozen=True)
class Mark:
    """Where the name of a type stands, and the cell a line leads to; None where none is needed."""

    type_id: str
    x: float
    y: float
    tip: tuple[float, float] | None


def place_marks(
    islands: Sequence[Island],
    centres: Points,
    *,
    cell: tuple[float, float],
    limits: tuple[float, float, float, float],
) -> list[Mark]:
    """Place one name an island, in the order given; an island without any free place gets none.

    Parameters
    ----------
    islands : sequence of Island
    centres : float array, (n, 2)
        All cells that are drawn.
    cell : tuple of float
        Half the width and half the height of a cell.
    limits : tuple of float
        Left, right, bottom and top of the map.

    Returns
    -------
    list of Mark
    """
    places = _Places(centres, cell=cell, limits=limits)
    marks = []
    for island in islands:
        others = [i for i, centre in enumerate(centres) if not (island.cells == centre).all(axis=1).any()]
        found = places.best(island, centres[others])
        if found is not None:
            marks.append(found)
    return marks


def line_start(mark: Mark, size: tuple[float, float]) -> tuple[float, float]:
    """Return where the line of a name begins: at the edge of the name, of this width and height."""
    if mark.tip is None:
        return mark.x, mark.y
    across, up = mark.tip[0] - mark.x, mark.tip[1] - mark.y
    share = min(abs(half / way) if way else np.inf for half, way in
                ((size[0] / 2, across), (size[1] / 2, up)))  # fmt: skip
    share = min(share, 1.0)
    return mark.x + share * across, mark.y + share * up


class _Places:
    """The places still free on the map."""

    def __init__(
        self, centres: Points, *, cell: tuple[float, float], limits: tuple[float, float, float, float]
    ) -> None:
        left, right, bottom, top = limits
        self.centres, self.cell, self.limits = centres, np.array(cell), limits
        across = np.arange(left, right, STEP * cell[0])
        down = np.arange(bottom, top, STEP * cell[0])
        self.grid: Points = np.array([(x, y) for y in down for x in across], dtype=float)
        self.clear: dict[tuple[float, ...], Bools] = {}  # by half size: grid points off the data
        self.boxes: list[tuple[Points, Points]] = []  # centre and half size of names that stand
        self.lines: list[Points] = []  # points along lines that are drawn

    def best(self, island: Island, others: Points) -> Mark | None:
        """Choose the nearest free place to an island, and take it."""
        half = np.array(island.size) / 2
        free = self._free(half)
        if not len(free):
            return None
        middle = island.cells.mean(axis=0)
        free = free[np.argsort(np.hypot(*(free - middle).T), kind="stable")[:NEAREST]]
        own, tips = self._distance(free, half, island.cells)
        other, _ = self._distance(free, half, others) if len(others) else (np.full(len(own), np.inf), tips)
        unit = float(self.cell[0])
        plain = (own < NEAR * unit) & (other > own + APART * unit)
        below = free[:, 1] < island.cells[tips, 1]
        cost = own + np.where(plain, 0.0, LEADER * unit) + np.where(below, BELOW * unit, 0.0)
        order = np.argsort(cost, kind="stable")[:TRIED]
        total = [
            cost[i] if plain[i] else cost[i] + self._line_cost(free[i], island.cells[tips[i]], others)
            for i in order
        ]
        chosen = int(order[int(np.argmin(total))])
        spot, tip = free[chosen], island.cells[tips[chosen]]
        self.boxes.append((spot, half))
        if plain[chosen]:
            return Mark(island.type_id, float(spot[0]), float(spot[1]), None)
        self.lines.append(along(spot, tip, unit))
        return Mark(island.type_id, float(spot[0]), float(spot[1]), (float(tip[0]), float(tip[1])))

    def _free(self, half: Points) -> Points:
        """Return the places where a name of this half size covers no cell, no other name and no line."""
        key = (float(half[0]), float(half[1]))
        if key not in self.clear:
            left, right, bottom, top = self.limits
            low, high = np.array([left, bottom]) + half, np.array([right, top]) - half
            clear = np.asarray(((self.grid >= low) & (self.grid <= high)).all(axis=1))
            for centre in self.centres:
                clear &= np.asarray((np.abs(self.grid - centre) >= half + self.cell).any(axis=1))
            self.clear[key] = clear
        spots = self.grid[self.clear[key]]
        for centre, size in self.boxes:
            spots = spots[(np.abs(spots - centre) >= half + size).any(axis=1)]
        for points in self.lines:
            for point in points:
                spots = spots[(np.abs(spots - point) >= half).any(axis=1)]
        return spots

    def _distance(self, spots: Points, half: Points, cells: Points) -> tuple[Points, npt.NDArray[np.int64]]:
        """Return the gap between each name and the nearest of the cells, and which cell it is."""
        gaps = np.maximum(np.abs(spots[:, None, :] - cells[None]) - half - self.cell, 0.0)
        away = np.hypot(gaps[..., 0], gaps[..., 1])
        # among cells equally near the one whose middle is nearest, so that lines do not slant
        nearest = np.argmin(away + 1e-3 * _gaps(spots, cells), axis=1)
        return away[np.arange(len(spots)), nearest], nearest

    def _line_cost(self, spot: Points, tip: Points, others: Points) -> float:
        """Return what speaks against a line: lines and names it crosses, and the data it runs over."""
        unit = float(self.cell[0])
        points = along(spot, tip, unit)
        crossed = sum(int(_gaps(points, line).min() < unit / 2) for line in self.lines)
        crossed += sum(bool(np.any((np.abs(points - at) < size).all(axis=1))) for at, size in self.boxes)
        within = np.all(np.abs(points[:, None] - others[None]) < self.cell, axis=2)
        over = int(np.count_nonzero(np.any(within, axis=1))) if len(others) else 0
        return CROSSING * unit * crossed + OVER_DATA * unit * over / 4


def _gaps(ones: Points, others: Points) -> Points:
    """Return the distances of each of some points from each of others."""
    away = ones[:, None, :] - others[None]
    return np.asarray(np.hypot(away[..., 0], away[..., 1]))


def along(spot: Points, tip: Points, unit: float) -> Points:
    """Return points along a line, a quarter of a cell apart."""
    steps = max(2, int(np.hypot(*(tip - spot)) / (unit / 4)))
    return np.asarray(spot + np.linspace(0, 1, steps)[:, None] * (tip - spot))
