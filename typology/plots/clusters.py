"""What one UMAP+HDBSCAN run makes of the types: where their members go, and where its clusters lie."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from typology.plots.map import EMPTY, draw_density, islands, lattice, outline, polygons
from typology.plots.rows import write_empty
from typology.plots.style import INK, MUTED, RULE, TINY, TYPE, TYPE_PALE, blank, in_style, new_figure, place
from typology.plots.text import wrap, write

GAP = 0.025
BAR = 0.05
COVERED = 5  # an island of fewer cells would disappear under its name
# Okabe and Ito's colours, which colour-blind eyes tell apart; the names on the map tell the rest
COLOURS = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#0072B2", "#D55E00", "#B0B7BE")


def draw_flows(flows: pd.DataFrame, ax: Axes) -> Axes:
    """Draw an alluvial: types left, clusters right, a band for every part of a type.

    Parameters
    ----------
    flows : DataFrame
        type, cluster, n; in the order in which they are to stand.
    ax : Axes
    """
    if flows.empty:
        return write_empty(ax, "No part of a type is large enough to be drawn.")
    left, right = (list(dict.fromkeys(flows[side])) for side in ("type", "cluster"))
    # a cluster stands beside the types it comes from, so that bands cross little; noise is last
    rank = flows.assign(at=flows["n"] * flows["type"].map(left.index)).groupby("cluster")[["at", "n"]].sum()
    middle = (rank["at"] / rank["n"]).to_dict()
    right.sort(key=lambda name: (name == "noise", middle[name], len(name), name))
    total = float(flows["n"].sum())
    tops = [_stack(flows, "type", left, total), _stack(flows, "cluster", right, total)]
    for side, (x, names) in enumerate(((0.0, left), (1.0 - BAR, right))):
        for name in names:
            top, height = tops[side][name]
            ax.add_patch(Rectangle((x, top), BAR, height, facecolor=TYPE, edgecolor="none"))
            where, align = (x - 0.02, "right") if side == 0 else (x + BAR + 0.02, "left")
            ax.text(where, top + height / 2, name, ha=align, va="center", color=INK)
    start = {name: top for name, (top, _) in tops[0].items()}
    end = {name: top for name, (top, _) in tops[1].items()}
    for record in flows.to_dict("records"):
        one, two, height = record["type"], record["cluster"], record["n"] / total
        ax.add_patch(_band(start[one], end[two], height))
        start[one] += height
        end[two] += height
    tallest = max(1 + GAP * (len(names) - 1) for names in (left, right))
    ax.set_xlim(-0.25, 1.2)
    ax.set_ylim(tallest, 0)
    ax.set_axis_off()
    return ax


def _stack(flows: pd.DataFrame, side: str, names: list[str], total: float) -> dict[str, tuple[float, float]]:
    """Top and height of each bar, as shares of everybody drawn."""
    sizes = flows.groupby(side)["n"].sum() / total
    tops, at = {}, 0.0
    for name in names:
        tops[name] = (at, float(sizes[name]))
        at += float(sizes[name]) + GAP
    return tops


def _band(left: float, right: float, height: float) -> PathPatch:
    """Draw a curved band between two heights."""
    a, b = BAR, 1.0 - BAR
    middle = (a + b) / 2
    points = [
        (a, left), (middle, left), (middle, right), (b, right),
        (b, right + height), (middle, right + height), (middle, left + height), (a, left + height), (a, left),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=TYPE_PALE, edgecolor="white", linewidth=0.6, alpha=0.8)


def draw_cells(cells: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the cells of the map in the colour of their cluster, with its name at every island of it.

    A name stands in the middle of a large island, and beside one it would cover. No better place is looked
    for, unlike on the map of types, since a slider should not wait for it.

    Parameters
    ----------
    cells : DataFrame
        hex_x, hex_y, n, type (the cluster; "" mixed).
    ax : Axes
    """
    if cells.empty:
        return write_empty(ax, EMPTY)
    draw_density(cells, ax)
    grid = lattice(cells)
    corners, centres = polygons(cells, grid), cells[["hex_x", "hex_y"]].to_numpy(dtype=float)
    names = sorted(set(cells["type"]) - {""}, key=lambda name: (len(name), name))
    halo = [patheffects.withStroke(linewidth=2, foreground="white")]
    for at, name in enumerate(names):
        mine = (cells["type"] == name).to_numpy()
        colour = COLOURS[at % len(COLOURS)]
        ax.add_collection(
            PolyCollection(list(corners[mine]), facecolors=colour, edgecolors="white", zorder=2)
        )
        ax.add_collection(LineCollection(outline(corners, grid, mine), colors=INK, linewidths=0.8))
        for island in islands(grid, mine):
            small = len(island) < COVERED
            x, y = centres[island].mean(axis=0)
            x = centres[island][:, 0].max() + 1.2 * grid.across if small else x
            ax.text(x, y, name, ha="left" if small else "center", va="center", fontweight="bold",
                    path_effects=halo, zorder=5)  # fmt: skip
    return ax


@in_style
def draw_run(flows: pd.DataFrame, cells: pd.DataFrame) -> Figure:
    """Draw one run: parts of the types in its clusters, and its clusters on the map.

    Parameters
    ----------
    flows : DataFrame
        type, cluster, n: parts with enough respondents.
    cells : DataFrame
        hex_x, hex_y, n, type: hexagons with enough respondents, `type` being the cluster.
    """
    figure = new_figure(width=210, height=112)
    for left, heading in (
        (6, "Types and the clusters of this run"),
        (112, "Clusters of this run on the map"),
    ):
        write(blank(place(figure, left=left, top=4, width=92, height=6)), 0, 0, [heading], bold=True)
    draw_flows(flows, place(figure, left=6, top=14, width=92, height=84))
    draw_cells(cells, place(figure, left=112, top=14, width=92, height=84))
    note = "Parts and cells with few respondents are left out. Grey cells: no cluster holds most of them."
    sheet = blank(place(figure, left=6, top=101, width=198, height=9))
    write(sheet, 0, 0, wrap(note, width=198 * 72 / 25.4), size=TINY, colour=MUTED)
    return figure


@in_style
def draw_region(cells: pd.DataFrame, *, x: tuple[float, float], y: tuple[float, float]) -> Figure:
    """Draw the map with a rectangle on it.

    Parameters
    ----------
    cells : DataFrame
        hex_x, hex_y, n, type.
    x, y : (low, high)
        The rectangle, in the units of the cells.
    """
    figure = new_figure(width=110, height=104)
    ax = place(figure, left=4, top=4, width=102, height=96)
    if cells.empty:
        write_empty(ax, EMPTY)
        return figure
    types = tuple(sorted(set(cells["type"]) - {""}, key=lambda name: (len(name), name)))
    draw_density(cells, ax, types=types)
    ax.add_patch(
        Rectangle((x[0], y[0]), x[1] - x[0], y[1] - y[0], facecolor="none", edgecolor=INK, linewidth=1.6,
                  linestyle=(0, (4, 2)), zorder=6)
    )  # fmt: skip
    for spine in ax.spines.values():
        spine.set_color(RULE)
    ax.set_xlim(min(ax.get_xlim()[0], x[0] - 1), max(ax.get_xlim()[1], x[1] + 1))
    ax.set_ylim(min(ax.get_ylim()[0], y[0] - 1), max(ax.get_ylim()[1], y[1] + 1))
    return figure


def in_cells(percent: tuple[float, float], *, across: float) -> tuple[float, float]:
    """Turn a range in percent of the map into the units of its hexagons."""
    low, high = np.asarray(percent) / 100 * across
    return float(low), float(high)
