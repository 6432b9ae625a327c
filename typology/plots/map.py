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

from typology.plots.map_labels import Island, line_start, place_marks
from typology.plots.rows import write_empty
from typology.plots.style import (
    DENSITY,
    INK,
    MUTED,
    TINY,
    TYPE,
    blank,
    in_style,
    new_figure,
    place,
    size_in_points,
)
from typology.plots.text import text_width, wrap, write
from typology.profile.panels import hexes
from typology.profile.released import Tables

Points = npt.NDArray[np.float64]
CORNERS = np.array([(1.0, -1.0), (1.0, 1.0), (0.0, 2.0), (-1.0, 1.0), (-1.0, -1.0), (0.0, -2.0)])
Ints = npt.NDArray[np.int64]
NAME, AROUND, MOST_NAMES = 10.0, (26.0, 16.0), 30
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
    unit = _fit(frame, grid, ax, around=(0.0, 0.0) if fill else AROUND)
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    if not fill:
        _name_types(frame, ax, grid, types, unit=unit)
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


def name_size(type_id: str, *, unit: float) -> tuple[float, float]:
    """Return width and height of a name, in map units."""
    return (text_width(type_id, size=NAME, bold=True) + 3) * unit, NAME * unit


def marked_islands(
    frame: pd.DataFrame, grid: Lattice, types: tuple[str, ...], *, unit: float
) -> list[Island]:
    """Return the islands to name: the largest of each type first, then the others by respondents.

    Parameters
    ----------
    frame : DataFrame
        hex_x, hex_y, n, type.
    grid : Lattice
    types : tuple of str
    unit : float
        Map units in a point of the page.
    """
    centres = frame[["hex_x", "hex_y"]].to_numpy(dtype=float)
    found = []
    for type_id in types:
        size = name_size(type_id, unit=unit)
        groups = islands(grid, (frame["type"] == type_id).to_numpy())
        groups = sorted(groups, key=lambda cells: (-float(frame["n"].iloc[cells].sum()), min(cells)))
        for rank, cells in enumerate(groups):
            respondents = float(frame["n"].iloc[cells].sum())
            found.append((rank > 0, -respondents, type_id, Island(type_id, centres[cells], size)))
    found.sort(key=lambda each: each[:3])
    return [island for *_, island in found[:MOST_NAMES]]


def _fit(frame: pd.DataFrame, grid: Lattice, ax: Axes, *, around: tuple[float, float]) -> float:
    """Set limits that leave so many points around the data; return the map units in a point."""
    width, height = size_in_points(ax)
    low = np.array([frame["hex_x"].min() - grid.across, frame["hex_y"].min() - grid.down])
    high = np.array([frame["hex_x"].max() + grid.across, frame["hex_y"].max() + grid.down])
    unit = float(np.max((high - low) / (np.array([width, height]) - 2 * np.array(around))))
    middle = (low + high) / 2
    ax.set_xlim(middle[0] - width * unit / 2, middle[0] + width * unit / 2)
    ax.set_ylim(middle[1] - height * unit / 2, middle[1] + height * unit / 2)
    return unit


def _name_types(frame: pd.DataFrame, ax: Axes, grid: Lattice, types: tuple[str, ...], *, unit: float) -> None:
    named = marked_islands(frame, grid, types, unit=unit)
    centres = frame[["hex_x", "hex_y"]].to_numpy(dtype=float)
    limits = (*ax.get_xlim(), *ax.get_ylim())
    halo = [patheffects.withStroke(linewidth=2.4, foreground="white")]
    for mark in place_marks(named, centres, cell=(grid.across, grid.down * 2 / 3), limits=limits):
        if mark.tip is not None:
            start = line_start(mark, name_size(mark.type_id, unit=unit))
            ax.plot(
                [start[0], mark.tip[0]], [start[1], mark.tip[1]], color=INK, linewidth=0.9, path_effects=halo,
                zorder=4,
            )  # fmt: skip
            ax.plot(*mark.tip, marker="o", markersize=3.2, color=INK, path_effects=halo, zorder=4)
        ax.text(
            mark.x, mark.y, mark.type_id, ha="center", va="center_baseline", fontsize=NAME, fontweight="bold",
            color=INK, zorder=6,
        )  # fmt: skip


@in_style
def draw_map(tables: Tables) -> Figure:
    """Draw the density map of a run with the outlines of all its types."""
    frame = hexes(tables)
    types = tuple(sorted(set(frame["type"]) - {""}, key=lambda name: (len(name), name)))
    figure = new_figure(width=150, height=132)
    ax = draw_density(frame, place(figure, left=6, top=6, width=138, height=108), types=types)
    named = "Outlines and names: cells where a type is the most frequent. " if types else ""
    if len(ax.texts) == MOST_NAMES and types:
        named += "Only the largest areas are named. "
    sheet = blank(place(figure, left=6, top=116, width=138, height=14))
    note = (
        "Each cell holds at least as many respondents as the disclosure threshold; darker cells hold more. "
        f"{named}Axes have no unit, and no result is computed "
        "from this picture."
    )
    write(sheet, 0, 0, wrap(note, width=138 * 72 / 25.4), size=TINY, colour=MUTED)
    return figure
