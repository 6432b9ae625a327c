"""Replication by country or wave: size of each type there, whether it comes out again, and items apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from typology.models.replication import ABSENT, AGREEMENT, NOT, PROFILE_R, REPLICATES, UNTOLD
from typology.plots.evidence import legend
from typology.plots.rows import (
    Row,
    empty_figure,
    layout_rows,
    prepare_axes,
    row_height,
    write_column_head,
    write_labels,
    write_readout,
    write_reason,
)
from typology.plots.style import (
    CAUTION,
    EVERYONE,
    INK,
    MM,
    MUTED,
    PT,
    TYPE,
    blank,
    in_style,
    new_figure,
    place,
)
from typology.plots.text import line_height, wrap, write
from typology.profile.released import Tables
from typology.profile.replication import MOST_ITEMS, items_data, replication_data, type_sentence
from typology.profile.wording import known, points, short_reason

WIDTH, LABELS, SHARES, AGREE, GAP = 184.0, 30.0, 46.0, 46.0, 7.0
HEADER = 4.5
EMPTY = "There are no types by group to draw."
NO_ITEMS = "No question is answered otherwise in one of the groups, given type, by a size that matters."
MARKS: Mapping[str, dict[str, Any]] = {
    REPLICATES: {"marker": "o", "markerfacecolor": TYPE, "color": TYPE},
    NOT: {"marker": "X", "markerfacecolor": CAUTION, "color": CAUTION},
    UNTOLD: {"marker": "o", "markerfacecolor": "white", "color": TYPE},
}


@in_style
def draw_replication(tables: Tables) -> Figure:
    """Draw all types in all groups of a run."""
    frame = replication_data(tables)
    if frame.empty:
        return empty_figure(EMPTY, width=WIDTH, height=40)
    blocks = [rows.reset_index(drop=True) for _, rows in frame.groupby("type", sort=False)]
    titles = [_title(rows) for rows in blocks]
    heads = [2.0 + len(lines) * line_height() * PT / MM for lines in titles]
    heights = [_rows_height(rows) for rows in blocks]
    total = sum(heights) + sum(heads) + HEADER * len(blocks)
    figure = new_figure(width=WIDTH, height=23 + total + 20)
    widest = float(np.nanmax([0.1, *frame["hi"].fillna(frame["share"])])) * 1.05
    _scales(figure, top=20, widest=widest)
    top = 23.0
    for rows, lines, head, height in zip(blocks, titles, heads, heights, strict=True):
        write(blank(place(figure, left=6, top=top, width=WIDTH - 12, height=head)), 0, 0, lines, bold=True)
        _block(figure, rows, top=top + head, height=height, widest=widest)
        top += HEADER + head + height
    _key(figure)
    sheet = blank(place(figure, left=6, top=top, width=WIDTH - 12, height=18))
    note = (
        "Each group was searched alone, from scratch. Agreement (kappa) says how far the type's members "
        "there are those of the matching type of the group's own; profile r how alike the two are in what "
        f"sets them apart. Bounds: r {PROFILE_R} and kappa {AGREEMENT} (dashed). Tick: as many respondents "
        "drawn at random from all groups; where even they stay below the bounds, nothing can be told."
    )
    write(sheet, 0, 0, wrap(note, width=(WIDTH - 12) * MM / PT), colour=MUTED)
    return figure


def _title(rows: pd.DataFrame) -> list[str]:
    """Wrap name and verdict of one type."""
    title = f"{rows['type'].iloc[0]}  {rows['name'].iloc[0]}: {type_sentence(rows)}"
    return wrap(title, width=(WIDTH - 12) * MM / PT, bold=True)


def _rows_height(rows: pd.DataFrame) -> float:
    """Return the millimetres the groups of one type need."""
    room = LABELS * MM / PT - 6
    return sum(row_height(group, width=room, padding=5.0) for group in rows["group"]) * PT / MM


def _block(figure: Figure, rows: pd.DataFrame, *, top: float, height: float, widest: float) -> None:
    """One type: shares left, agreement right, verdicts beside."""
    left = 6 + LABELS
    sizes = place(figure, left=left, top=top, width=SHARES, height=height)
    laid = layout_rows(list(rows["group"]), width=LABELS * MM / PT - 6, height=height * MM / PT, padding=5.0)
    draw_shares(rows, prepare_axes(sizes, laid, limits=(0.0, widest)), laid)
    write_labels(sizes, laid, width=LABELS * MM / PT)
    agree = place(figure, left=left + SHARES + GAP, top=top, width=AGREE, height=height)
    draw_agreement(rows, prepare_axes(agree, laid, limits=(0.0, 1.02)), laid)
    readouts = [f"{r:.2f}" if known(r) else "–" for r in rows["matched_r"]]
    write_readout(agree, laid, readouts, offset=26)
    for row in laid:
        agree.annotate(
            rows["verdict"].iloc[row.position], xy=(1, row.middle), xycoords=("axes fraction", "data"),
            xytext=(36, 0), textcoords="offset points", ha="left", va="center", fontsize=8,
            color=CAUTION if rows["verdict"].iloc[row.position] in (NOT, ABSENT) else INK,
            annotation_clip=False,
        )  # fmt: skip
    for ax in (sizes, agree):
        ax.tick_params(axis="x", labeltop=False, length=0)


def _scales(figure: Figure, *, top: float, widest: float) -> None:
    """Headings and scales of the two columns, above all types."""
    shares = place(figure, left=6 + LABELS, top=top, width=SHARES, height=1)
    agree = place(figure, left=6 + LABELS + SHARES + GAP, top=top, width=AGREE, height=1)
    prepare_axes(shares, [], limits=(0.0, widest))
    prepare_axes(agree, [], limits=(0.0, 1.02))
    every = 0.2 if widest > 0.35 else 0.1
    ticks = np.arange(0, widest, every)
    shares.set_xticks(ticks, labels=[f"{100 * tick:.0f}%" for tick in ticks])
    agree.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    for ax, title in ((shares, "Share of the group"), (agree, "Agreement with the group's own types")):
        ax.spines["top"].set_visible(False)
        ax.annotate(
            title, xy=(0, 1), xycoords="axes fraction", xytext=(0, 18), textcoords="offset points",
            color=MUTED, fontsize=8, annotation_clip=False,
        )  # fmt: skip
    write_column_head(agree, "r", offset=26)


def draw_shares(rows: pd.DataFrame, ax: Axes, laid: Sequence[Row]) -> Axes:
    """Draw the share of one type in each group with its interval.

    Parameters
    ----------
    rows : DataFrame
        share, lo, hi, suppressed.
    ax : Axes
    laid : sequence of Row
    """
    for row in laid:
        r = rows.iloc[row.position]
        if r["suppressed"]:
            write_reason(ax, row, short_reason(r["suppressed"]))
            continue
        if known(r["lo"], r["hi"]):
            ax.plot([r["lo"], r["hi"]], [row.middle, row.middle], color=TYPE, linewidth=1.4, zorder=2)
        if known(r["share"]):
            ax.plot(r["share"], row.middle, marker="o", markersize=5, color=TYPE, zorder=3)
    return ax


def draw_agreement(rows: pd.DataFrame, ax: Axes, laid: Sequence[Row]) -> Axes:
    """Draw how far each group's own types agree, beside random respondents in equal number.

    Parameters
    ----------
    rows : DataFrame
        agreement, reference_agreement, verdict.
    ax : Axes
    laid : sequence of Row
    """
    ax.axvline(AGREEMENT, color=MUTED, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    for row in laid:
        r = rows.iloc[row.position]
        if known(r["reference_agreement"]):
            ax.plot(
                max(r["reference_agreement"], 0), row.middle, marker="|", markersize=11, color=EVERYONE,
                markeredgewidth=1.6, zorder=2,
            )  # fmt: skip
        if known(r["agreement"]) and r["verdict"] in MARKS:
            ax.plot(
                max(r["agreement"], 0), row.middle, markersize=6, linestyle="none", clip_on=False, zorder=3,
                **MARKS[r["verdict"]],
            )  # fmt: skip
    return ax


def _key(figure: Figure) -> None:
    head = place(figure, left=6, top=7.5, width=WIDTH - 12, height=1)
    head.set_axis_off()
    marks = [
        (Line2D([], [], linestyle="none", markersize=6, **MARKS[verdict]), verdict)
        for verdict in (REPLICATES, NOT, UNTOLD)
    ]
    chance = Line2D([], [], linestyle="none", marker="|", markersize=9, markeredgewidth=1.6, color=EVERYONE)
    legend(head, [*marks, (chance, "random respondents")])


@in_style
def draw_items(tables: Tables) -> Figure:
    """Draw the items that work otherwise in a group: answers there against the same types elsewhere."""
    frame = items_data(tables)
    frame = frame[frame["observed"].notna() & frame["expected"].notna()].head(MOST_ITEMS)
    if frame.empty:
        return empty_figure(NO_ITEMS, width=WIDTH, height=30)
    labels = [f"{r['label']} ({r['group']})" for r in frame.to_dict("records")]
    room = 78.0 * MM / PT
    needed = sum(len(wrap(label, width=room - 8, max_lines=3)) * line_height() + 5.0 for label in labels)
    body = needed * PT / MM * 1.15
    figure = new_figure(width=WIDTH, height=body + 36)
    ax = place(figure, left=6 + 78, top=17, width=WIDTH - 78 - 12 - 16, height=body)
    laid = layout_rows(labels, width=room - 8, height=body * MM / PT, padding=5.0)
    draw_dumbbells(frame, prepare_axes(ax, laid, limits=(0.0, 1.0)), laid)
    write_labels(ax, laid, width=room)
    gaps = [points(gap) for gap in frame["observed"] - frame["expected"]]
    write_readout(ax, laid, gaps, offset=42)
    write_column_head(ax, "points", offset=42)
    head = place(figure, left=6, top=7, width=WIDTH - 12, height=1)
    head.set_axis_off()
    here = Line2D([], [], linestyle="none", marker="o", markersize=6, color=TYPE)
    there = Line2D(
        [], [], linestyle="none", marker="o", markersize=6, color=EVERYONE, markerfacecolor="white"
    )
    legend(head, [(here, "in the group named"), (there, "same types elsewhere")])
    sheet = blank(place(figure, left=6, top=body + 20, width=WIDTH - 12, height=14))
    note = (
        "Average answer from 0 (lowest) to 1 (highest); for yes-or-no questions the share of yes. Both dots "
        "are for the same mix of types, so the distance is not due to one group having more of some type."
    )
    write(sheet, 0, 0, wrap(note, width=(WIDTH - 12) * MM / PT), colour=MUTED)
    return figure


def draw_dumbbells(frame: pd.DataFrame, ax: Axes, laid: Sequence[Row]) -> Axes:
    """Draw answers in the group (filled) and elsewhere (open).

    Parameters
    ----------
    frame : DataFrame
        observed, expected.
    ax : Axes
    laid : sequence of Row
    """
    for row in laid:
        r = frame.iloc[row.position]
        ax.plot([r["expected"], r["observed"]], [row.middle] * 2, color=EVERYONE, linewidth=1.2, zorder=2)
        ax.plot(
            r["expected"],
            row.middle,
            marker="o",
            markersize=6,
            color=EVERYONE,
            markerfacecolor="white",
            zorder=3,
        )
        ax.plot(r["observed"], row.middle, marker="o", markersize=6, color=TYPE, zorder=4)
    return ax
