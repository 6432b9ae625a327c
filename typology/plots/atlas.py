"""The atlas: all types of a run side by side on one page."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from typology.plots.card_head import TICKS
from typology.plots.rows import empty_figure
from typology.plots.style import (
    BODY,
    EVERYONE,
    HEAD,
    INK,
    MUTED,
    RULE,
    TINY,
    TYPE,
    TYPE_PALE,
    blank,
    in_style,
    new_figure,
    place,
)
from typology.plots.text import line_height, wrap, write
from typology.profile.atlas import AtlasRow, atlas_rows
from typology.profile.released import Summary, Tables
from typology.profile.wording import known, percent, percent_interval, size_text

WIDTH = 190.0
COLUMNS = (("Type", 0.0, 134.0), ("Share, weighted", 144.0, 84.0), ("Core", 240.0, 42.0),
           ("Stability", 294.0, 62.0), ("What stands out, with odds ratio", 368.0, 148.0))  # fmt: skip
EMPTY = "No types were found, so there is nothing to set side by side."
GAP = 9.0


@in_style
def draw_atlas(tables: Tables, summary: Summary) -> Figure:
    """Draw one row a type: name, share with interval, core, stability with grade, and what stands out."""
    rows = atlas_rows(tables, summary)
    if not rows:
        return empty_figure(EMPTY, width=WIDTH, height=40)
    heights = [row_points(row) for row in rows]
    figure = new_figure(width=WIDTH, height=(sum(heights) + 48) * 25.4 / 72)
    ax = blank(place(figure, left=4, top=4, width=WIDTH - 8, height=(sum(heights) + 24) * 25.4 / 72))
    for name, left, _ in COLUMNS:
        write(ax, left, 0, [name], colour=MUTED)
    top, widest = (
        16.0,
        max(max(row.share, row.hi if known(row.hi) else 0.0) for row in rows if known(row.share)),
    )
    for row, height in zip(rows, heights, strict=True):
        draw_row(row, ax, top=top, widest=widest)
        top += height
    ticks = ", ".join(f"{tick:g}" for tick in TICKS)
    note = f"Same axes for all types. Stability: mean Jaccard; ticks at {ticks}. Pale: borderline."
    foot = blank(place(figure, left=4, top=(sum(heights) + 30) * 25.4 / 72, width=WIDTH - 8, height=5))
    write(foot, 0, 0, [note], colour=MUTED)
    return figure


def row_points(row: AtlasRow) -> float:
    """Return the height of a row in points."""
    name, standing = _texts(row)
    return max(len(name) * line_height(BODY), len(standing) * line_height(), 34.0) + GAP


def _texts(row: AtlasRow) -> tuple[list[str], list[str]]:
    name = wrap(row.name, width=COLUMNS[0][2] - 30, size=BODY, bold=True, max_lines=6)
    standing = [line for text in row.standing for line in wrap(text, width=COLUMNS[4][2], max_lines=2)]
    return name, standing


def draw_row(row: AtlasRow, ax: Axes, *, top: float, widest: float) -> Axes:
    """Draw one type on a blank sheet, its upper edge at `top` points."""
    name, standing = _texts(row)
    ax.plot([0, ax.get_xlim()[1]], [top - 4] * 2, color=RULE, linewidth=0.6)
    write(ax, 0, top, [row.id], size=HEAD, bold=True, colour=TYPE)
    write(ax, 30, top, name, size=BODY, bold=True)
    write(ax, COLUMNS[4][1], top, standing, size=TINY, colour=INK if row.standing_known else MUTED)
    if not known(row.share):
        write(ax, COLUMNS[1][1], top, wrap(row.withheld, width=240), colour=MUTED, italic=True)
        return ax
    _share(row, ax, top=top, widest=widest)
    _core(row, ax, top=top)
    _stability(row, ax, top=top)
    return ax


def _bar(ax: Axes, left: float, top: float, width: float, colour: str) -> None:
    ax.add_patch(Rectangle((left, top), width, 7, facecolor=colour, edgecolor="none"))


def _share(row: AtlasRow, ax: Axes, *, top: float, widest: float) -> None:
    _, left, width = COLUMNS[1]
    write(ax, left, top, [percent(row.share)], size=BODY, bold=True)
    _bar(ax, left, top + 13, width, "#eef1f4")
    _bar(ax, left, top + 13, width * row.share / widest, TYPE)
    if known(row.lo, row.hi):
        ends = [left + width * row.lo / widest, left + width * row.hi / widest]
        for colour, thickness in (("white", 3.0), (INK, 1.1)):
            ax.plot(ends, [top + 16.5] * 2, color=colour, linewidth=thickness, solid_capstyle="butt")
        text = percent_interval(row.lo, row.hi) + (
            f", {size_text(row.n, rounded=row.rounded)}" if known(row.n) else ""
        )
        write(ax, left, top + 22, [text], colour=MUTED)


def _core(row: AtlasRow, ax: Axes, *, top: float) -> None:
    _, left, width = COLUMNS[2]
    if not known(row.core_share):
        text = row.core_band or "withheld"
        write(ax, left, top, wrap(text, width=width + 6), colour=MUTED, italic=not row.core_band)
        return
    write(ax, left, top, [percent(row.core_share)], size=BODY, bold=True)
    _bar(ax, left, top + 13, width, TYPE_PALE)
    _bar(ax, left, top + 13, width * row.core_share, TYPE)


def _stability(row: AtlasRow, ax: Axes, *, top: float) -> None:
    _, left, width = COLUMNS[3]
    if not known(row.stability):
        write(ax, left, top, ["withheld"], colour=MUTED, italic=True)
        return
    write(ax, left, top, [f"{row.stability:.2f}"], size=BODY, bold=True)
    _bar(ax, left, top + 13, width, "#e4e8ec")
    for band in TICKS:
        ax.plot([left + width * band] * 2, [top + 13, top + 20], color=EVERYONE, linewidth=0.8)
    if known(row.stability_lo, row.stability_hi):
        ends = [left + width * row.stability_lo, left + width * min(row.stability_hi, 1.0)]
        ax.plot(ends, [top + 16.5] * 2, color=TYPE, linewidth=1.6)
    ax.plot(left + width * row.stability, top + 16.5, marker="o", markersize=5, color=TYPE)
    write(ax, left, top + 22, [row.grade], colour=MUTED)
