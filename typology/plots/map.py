"""The density map: how many respondents lie where, and where each type is at home.

A picture only: nothing is computed from it. Cells with fewer respondents than the disclosure threshold are
not in the table and so not drawn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from typology.plots.rows import write_empty
from typology.plots.style import DENSITY, INK, MUTED, TINY, TYPE, blank, in_style, new_figure, place
from typology.plots.text import wrap, write
from typology.profile.panels import hexes
from typology.profile.released import Tables

Points = npt.NDArray[np.float64]
CORNERS = np.array([(1.0, -1.0), (1.0, 1.0), (0.0, 2.0), (-1.0, 1.0), (-1.0, -1.0), (0.0, -2.0)])
Ints = npt.NDArray[np.int64]
LABEL_SHARE = 0.09
NEIGHBOURS = ((2, 0), (-2, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
EMPTY = "No cell of the map holds enough respondents to be drawn."


@dataclass(frozen=True)
class Lattice:
    """Where cells lie on the hexagon lattice.

    Parameters
    ----------
    column, row : int arrays, (n,)
        Position in steps of half a cell across and half a double row down.
    across, down : float
        Size of these steps in map units.
    """

    column: Ints
    row: Ints
    across: float
    down: float


def lattice(frame: pd.DataFrame) -> Lattice:
    """Work out the lattice of the hexagons from the spacing of their centres."""
    across, down = _step(frame["hex_x"]), _step(frame["hex_y"])
    column, row = _steps(frame["hex_x"], across), _steps(frame["hex_y"], down)
    if len(set(((column + row) % 2).tolist())) == 1:
        return Lattice(column, row, across, down)
    return Lattice(2 * column, 2 * row, across / 2, down / 2)


def _step(centres: pd.Series) -> float:
    values = np.unique(centres.to_numpy(dtype=float))
    gaps = np.diff(values)
    gaps = gaps[gaps > 1e-4 * max(1.0, float(np.ptp(values)))]
    return float(gaps.min()) if gaps.size else 1.0


def _steps(centres: pd.Series, step: float) -> Ints:
    values = centres.to_numpy(dtype=float)
    return np.asarray(np.rint((values - values.min()) / step), dtype=np.int64)


def polygons(frame: pd.DataFrame, grid: Lattice) -> Points:
    """Return the corners of the hexagons, (n, 6, 2)."""
    centres = frame[["hex_x", "hex_y"]].to_numpy(dtype=float)
    return np.asarray(centres[:, None, :] + CORNERS * np.array([grid.across, grid.down / 3]))


def outline(cells: Points, grid: Lattice, mine: npt.NDArray[np.bool_]) -> list[Points]:
    """Return the edges that only one of the chosen cells has: the outline of their union."""
    middles = np.column_stack([grid.column[mine], 3 * grid.row[mine]])
    corners = [[(int(x), int(y)) for x, y in middle + CORNERS.astype(int)] for middle in middles]
    edges = [(i, k, (k + 1) % 6) for i in range(len(corners)) for k in range(6)]
    keys = [tuple(sorted((corners[i][k], corners[i][j]))) for i, k, j in edges]
    seen = Counter(keys)
    chosen = cells[mine]
    return [chosen[i][[k, j]] for (i, k, j), key in zip(edges, keys, strict=True) if seen[key] == 1]


def draw_density(frame: pd.DataFrame, ax: Axes, *, types: tuple[str, ...] = (), fill: bool = False) -> Axes:
    """Draw the density of respondents and the outlines of types.

    Parameters
    ----------
    frame : DataFrame
        hex_x, hex_y, n, type.
    ax : Axes
    types : tuple of str
        Types to outline and name.
    fill : bool
        Whether the cells of the outlined types are filled as well (on a card, which shows one).
    """
    if frame.empty:
        return write_empty(ax, EMPTY)
    grid = lattice(frame)
    cells = polygons(frame, grid)
    densest = max(2.0, float(frame["n"].max()))
    norm = LogNorm(vmin=max(1.0, float(frame["n"].min()) * 0.8), vmax=densest)
    ax.add_collection(
        PolyCollection(list(cells), array=frame["n"].to_numpy(dtype=float), cmap=DENSITY, norm=norm,
                       edgecolors="white", linewidths=0.3, zorder=1)
    )  # fmt: skip
    for type_id in types:
        mine = (frame["type"] == type_id).to_numpy()
        if not mine.any():
            continue
        if fill:
            ax.add_collection(
                PolyCollection(
                    list(cells[mine]), facecolors=TYPE, edgecolors="white", linewidths=0.3, zorder=2
                )
            )
        ax.add_collection(LineCollection(outline(cells, grid, mine), colors=INK, linewidths=1.1, zorder=3))
    ax.set_aspect("equal")
    ax.set_xlim(frame["hex_x"].min() - 2 * grid.across, frame["hex_x"].max() + 2 * grid.across)
    ax.set_ylim(frame["hex_y"].min() - 2 * grid.down, frame["hex_y"].max() + 2 * grid.down)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    if not fill:
        _name_types(frame, ax, grid, types)
    return ax


def islands(grid: Lattice, mine: npt.NDArray[np.bool_]) -> list[list[int]]:
    """Return the chosen cells in groups that hang together."""
    place = {(int(grid.column[i]), int(grid.row[i])): int(i) for i in np.flatnonzero(mine)}
    found = []
    while place:
        waiting, island = [next(iter(place))], []
        while waiting:
            column, row = waiting.pop()
            if (column, row) in place:
                island.append(place.pop((column, row)))
                waiting += [(column + across, row + down) for across, down in NEIGHBOURS]
        found.append(island)
    return found


def label_places(
    frame: pd.DataFrame, grid: Lattice, types: tuple[str, ...]
) -> dict[str, tuple[float, float]]:
    """Return where to write each type's id: on top of an island of its own, the largest if it can be.

    Where a cell or another id is there already, the other islands are tried, and then the bottoms.
    """
    centres = frame[["hex_x", "hex_y"]].to_numpy(dtype=float)
    width = max(float(np.ptp(frame["hex_x"])), float(np.ptp(frame["hex_y"])), 1.0) * LABEL_SHARE
    places: dict[str, tuple[float, float]] = {}
    for type_id in types:
        groups = islands(grid, (frame["type"] == type_id).to_numpy())
        groups = sorted(groups, key=lambda cells: -float(frame["n"].iloc[cells].sum()))
        spots = [_beside(frame.iloc[cells], grid, above=above) for above in (True, False) for cells in groups]
        free = [
            spot
            for spot in spots
            if all(abs(spot[0] - x) > width or abs(spot[1] - y) > width / 2 for x, y in places.values())
        ]
        clear = [spot for spot in free if not _covers(spot, centres, grid, width=width)]
        if spots:
            places[type_id] = (clear or free or spots)[0]
    return places


def _covers(spot: tuple[float, float], centres: Points, grid: Lattice, *, width: float) -> bool:
    """Whether a label would lie on the middle of a cell, or close to it."""
    beside, below = np.abs(centres - np.array(spot)).T
    return bool(((beside < width / 2) & (below < 0.8 * grid.down)).any())


def _beside(island: pd.DataFrame, grid: Lattice, *, above: bool) -> tuple[float, float]:
    """Middle of a label above or below an island."""
    edge = island["hex_y"].max() if above else island["hex_y"].min()
    middle = float(island.loc[island["hex_y"] == edge, "hex_x"].mean())
    return middle, float(edge) + (1.0 if above else -1.0) * grid.down * 1.1


def _name_types(frame: pd.DataFrame, ax: Axes, grid: Lattice, types: tuple[str, ...]) -> None:
    halo = [patheffects.withStroke(linewidth=3, foreground="white")]
    for type_id, (x, y) in label_places(frame, grid, types).items():
        ax.text(
            x, y, type_id, ha="center", va="center", fontsize=11, fontweight="bold", color=INK,
            path_effects=halo, zorder=5,
        )  # fmt: skip


@in_style
def draw_map(tables: Tables) -> Figure:
    """Draw the density map of a run with the outlines of all its types."""
    frame = hexes(tables)
    types = tuple(sorted(set(frame["type"]) - {""}, key=lambda name: (len(name), name)))
    figure = new_figure(width=150, height=132)
    draw_density(frame, place(figure, left=6, top=6, width=138, height=108), types=types)
    sheet = blank(place(figure, left=6, top=116, width=138, height=14))
    note = (
        "Each cell holds at least as many respondents as the disclosure threshold; darker cells hold more. "
        "Outlines: cells where a type is the most frequent. Axes have no unit, and no result is computed "
        "from this picture."
    )
    write(sheet, 0, 0, wrap(note, width=138 * 72 / 25.4), size=TINY, colour=MUTED)
    return figure
