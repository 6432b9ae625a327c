"""Panels (a) to (d) of a profile card: each takes a tidy frame and axes, and returns the axes.

The frames are those of :mod:`typology.profile.panels`. `label_width` is the room left of the axes for
labels, in points; readouts stand right of the axes.
"""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from typology.plots.rows import (
    Row,
    layout_rows,
    prepare_axes,
    write_column_head,
    write_empty,
    write_labels,
    write_readout,
    write_reason,
)
from typology.plots.style import EVERYONE, INK, LITERATURE, LITERATURE_EDGE, MUTED, RULE, TYPE, size_in_points
from typology.plots.text import text_width
from typology.profile.panels import DOMAINS, with_headings
from typology.profile.wording import known, percent, ratio, short_reason

FIRST, SECOND = 28.0, 56.0
INSET = 6.0
PEOPLE_PADDING, PEOPLE_LINES = 2.0, 2
ODDS_TICKS = (1.0, 10.0, 0.1, 5.0, 0.2, 2.0, 0.5, 20.0, 0.05, 40.0)


def draw_factors(frame: pd.DataFrame, ax: Axes, *, limits: tuple[float, float], label_width: float) -> Axes:
    """Panel (a): dot and whisker odds ratios on a log axis over the literature's range."""
    if frame.empty:
        return write_empty(ax, "No risk factor of the catalogue is bound to a variable of this survey.")
    frame, rows = _chosen_factors(frame, ax, label_width=label_width)
    prepare_axes(ax, rows, limits=limits)
    ax.set_xscale("log")
    ticks = odds_ticks(limits, width=size_in_points(ax)[0])
    ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    if ticks[-1] == limits[1]:
        ax.get_xticklabels()[-1].set_horizontalalignment("right")
    ax.set_xticks([], minor=True)
    ax.axvline(1, color=MUTED, linewidth=0.8, zorder=1)
    readouts = []
    for row, record in zip(rows, frame.to_dict("records"), strict=True):
        if record["suppressed"] or not known(record["odds_ratio"]):
            write_reason(ax, row, short_reason(record["suppressed"] or "not estimated"))
            readouts.append("–")
            continue
        if known(record["literature_lo"], record["literature_hi"]):
            _literature(ax, row, record["literature_lo"], record["literature_hi"], limits)
        _whisker(ax, row, record["lo"], record["hi"], limits)
        filled = record["stands_out"]
        ax.plot(
            min(max(record["odds_ratio"], limits[0]), limits[1]), row.middle, marker="o", markersize=5.5,
            color=TYPE, markerfacecolor=TYPE if filled else "white", markeredgewidth=1.2, zorder=4,
        )  # fmt: skip
        readouts.append(ratio(record["odds_ratio"]))
    write_labels(ax, rows, width=label_width)
    write_readout(ax, rows, readouts, offset=FIRST, bold=True)
    write_column_head(ax, "ratio", offset=FIRST)
    return ax


def odds_ticks(limits: tuple[float, float], *, width: float) -> list[float]:
    """Choose ticks of the odds-ratio axis, the most telling first, leaving out labels that would touch."""
    per_log = width / math.log(limits[1] / limits[0])

    def middle(tick: float) -> float:
        """Centre of a label in points; the last one is set flush with the end of the axis."""
        inset = text_width(f"{tick:g}") / 2 if tick == limits[1] else 0.0
        return math.log(tick / limits[0]) * per_log - inset

    chosen: list[float] = []
    for tick in ODDS_TICKS:
        room = [abs(middle(tick) - middle(other)) for other in chosen]
        need = [(text_width(f"{tick:g}") + text_width(f"{other:g}")) / 2 + 4 for other in chosen]
        fits = all(have >= least for have, least in zip(room, need, strict=True))
        if limits[0] <= tick <= limits[1] and fits:
            chosen.append(tick)
    return sorted(chosen)


def _chosen_factors(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> tuple[pd.DataFrame, list[Row]]:
    """Keep the factors that fit, most outstanding first, then put them in the order of their domains."""
    _, height = size_in_points(ax)
    labels = [str(label) for label in frame["label"].fillna(frame["variable"])]
    frame = frame.assign(label=labels)
    fitting = len(layout_rows(labels, width=label_width - INSET, height=height))
    kept = frame.head(fitting)
    place = {domain: i for i, domain in enumerate(DOMAINS)}
    kept = kept.assign(place=[place.get(str(domain), len(place)) for domain in kept["domain"]])
    kept = kept.sort_values(["place", "label"], kind="stable").reset_index(drop=True)
    return kept, layout_rows(list(kept["label"]), width=label_width - INSET, height=height)


def _literature(ax: Axes, row: Row, lo: float, hi: float, limits: tuple[float, float]) -> None:
    lo, hi = max(min(lo, limits[1]), limits[0]), max(min(hi, limits[1]), limits[0])
    half = min(row.height * 0.36, 8.0)
    corners = [
        (lo, row.middle - half),
        (hi, row.middle - half),
        (hi, row.middle + half),
        (lo, row.middle + half),
    ]
    if hi / lo < 1.02:
        ax.plot(
            [lo, lo], [row.middle - half, row.middle + half], color=LITERATURE_EDGE, linewidth=2.0, zorder=1.5
        )
        return
    ax.fill(
        *zip(*corners, strict=True),
        facecolor=LITERATURE,
        edgecolor=LITERATURE_EDGE,
        linewidth=0.6,
        zorder=1.5,
    )


def _whisker(ax: Axes, row: Row, lo: float, hi: float, limits: tuple[float, float]) -> None:
    if not known(lo, hi):
        return
    ax.plot([max(lo, limits[0]), min(hi, limits[1])], [row.middle] * 2, color=TYPE, linewidth=1.4, zorder=3)
    for value, beyond, marker in ((lo, lo < limits[0], "<"), (hi, hi > limits[1], ">")):
        if beyond:
            at = limits[0] if marker == "<" else limits[1]
            ax.plot(at, row.middle, marker=marker, color=TYPE, markersize=4, clip_on=False, zorder=3)
        else:
            ax.plot([value, value], [row.middle - 2, row.middle + 2], color=TYPE, linewidth=1.0, zorder=3)


def draw_items(frame: pd.DataFrame, ax: Axes, *, type_id: str, label_width: float) -> Axes:
    """Panel (b): dumbbells of the answers that set the type apart, on a 0 to 100% axis."""
    if frame.empty:
        return write_empty(ax, "No answer of this type can be shown without pointing at a small group.")
    _, height = size_in_points(ax)
    rows = layout_rows(list(frame["label"]), width=label_width - INSET, height=height)
    prepare_axes(ax, rows, limits=(0, 1))
    _percent_ticks(ax, (0, 0.5, 1))
    records = frame.to_dict("records")
    for row in rows:
        record = records[row.position]
        ax.plot([record["everyone"], record["share"]], [row.middle] * 2, color=TYPE, linewidth=2.2, zorder=2)
        _everyone(ax, row, record["everyone"])
        _type(ax, row, record["share"])
    _shares(ax, rows, frame["share"], frame["everyone"], type_id=type_id, label_width=label_width)
    return ax


def draw_outcomes(frame: pd.DataFrame, ax: Axes, *, type_id: str, limit: float, label_width: float) -> Axes:
    """Panel (c): prevalence of the outcomes with intervals, the type against everyone."""
    if frame.empty:
        return write_empty(ax, "The codebook of this survey names no outcome.")
    _, height = size_in_points(ax)
    rows = layout_rows(list(frame["label"]), width=label_width - INSET, height=height)
    prepare_axes(ax, rows, limits=(0, limit))
    _percent_ticks(ax, (0, limit / 2, limit))
    records = frame.rename(columns={"prevalence": "share"}).to_dict("records")
    for row in rows:
        record = records[row.position]
        if record["suppressed"] or not known(record["share"]):
            write_reason(ax, row, short_reason(record["suppressed"] or "not estimated"))
            continue
        if known(record["everyone_lo"], record["everyone_hi"]):
            low, high = record["everyone_lo"], record["everyone_hi"]
            ax.plot([low, high], [row.middle + 3.2] * 2, color=EVERYONE, linewidth=1.0, zorder=2)
        if known(record["everyone"]):
            _everyone(ax, row, record["everyone"], drop=3.2)
        _whisker(
            ax,
            Row(row.position, row.middle - 2.0, row.height, row.lines),
            record["lo"],
            record["hi"],
            (0, limit),
        )
        _type(ax, row, record["share"], drop=-2.0)
    _shares(ax, rows, frame["prevalence"], frame["everyone"], type_id=type_id, label_width=label_width)
    return ax


def lay_people(frame: pd.DataFrame, *, height: float, label_width: float) -> list[Row]:
    """Lay out the rows of panel (d) that fit, headings included; none ends with a heading of nothing."""
    lines = with_headings(frame)
    headings = [i for i, line in enumerate(lines) if line["heading_row"]]
    rows = layout_rows(
        [line["label"] for line in lines], width=label_width - INSET, height=height, max_lines=PEOPLE_LINES,
        padding=PEOPLE_PADDING, bold=headings,
    )  # fmt: skip
    while rows and rows[-1].position in headings:
        rows.pop()
    return rows


def draw_people(frame: pd.DataFrame, ax: Axes, *, type_id: str, label_width: float) -> Axes:
    """Panel (d): gender, age, country and the like, the type against everyone, on a 0 to 100% axis."""
    if frame.empty:
        return write_empty(ax, "The codebook of this survey names no demographic or grouping variable.")
    _, height = size_in_points(ax)
    lines = with_headings(frame)
    rows = lay_people(frame, height=height, label_width=label_width)
    prepare_axes(ax, rows, limits=(0, 1))
    _percent_ticks(ax, (0, 0.5, 1))
    first: list[str] = []
    second: list[str] = []
    for line in lines:
        hidden = line["heading_row"] or line["suppressed"] or not known(line["share"])
        first.append("" if line["heading_row"] else "–" if hidden else percent(line["share"]))
        second.append(
            "" if line["heading_row"] else percent(line["everyone"]) if known(line["everyone"]) else "–"
        )
    for row in rows:
        line = lines[row.position]
        if line["heading_row"]:
            continue
        if line["suppressed"] or not known(line["share"]):
            write_reason(ax, row, short_reason(line["suppressed"] or "not estimated"))
            continue
        if known(line["everyone"]):
            _everyone(ax, row, line["everyone"])
        _whisker(ax, row, line["lo"], line["hi"], (0, 1))
        _type(ax, row, line["share"])
    write_labels(ax, rows, width=label_width, bold=[i for i, line in enumerate(lines) if line["heading_row"]])
    _readouts(ax, rows, first, second, type_id=type_id)
    return ax


def _everyone(ax: Axes, row: Row, share: float, *, drop: float = 0.0) -> None:
    ax.plot(
        share, row.middle + drop, marker="D", markersize=4.6, color=EVERYONE, markerfacecolor="white",
        markeredgewidth=1.2, zorder=3, clip_on=False,
    )  # fmt: skip


def _type(ax: Axes, row: Row, share: float, *, drop: float = 0.0) -> None:
    ax.plot(share, row.middle + drop, marker="o", markersize=5.5, color=TYPE, zorder=4, clip_on=False)


def _percent_ticks(ax: Axes, ticks: tuple[float, ...]) -> None:
    ax.set_xticks(ticks, labels=[f"{100 * tick:g}%" if i else "0" for i, tick in enumerate(ticks)])
    ax.get_xticklabels()[-1].set_horizontalalignment("right")
    for tick in ticks:
        ax.axvline(tick, color=RULE, linewidth=0.5, zorder=0.4)


def _shares(
    ax: Axes, rows: list[Row], share: pd.Series, everyone: pd.Series, *, type_id: str, label_width: float
) -> None:
    write_labels(ax, rows, width=label_width)
    first = ["–" if pd.isna(value) else percent(value) for value in share]
    second = ["–" if pd.isna(value) else percent(value) for value in everyone]
    _readouts(ax, rows, first, second, type_id=type_id)


def _readouts(ax: Axes, rows: list[Row], first: list[str], second: list[str], *, type_id: str) -> None:
    write_readout(ax, rows, first, offset=FIRST, bold=True)
    write_readout(ax, rows, second, offset=SECOND, colour=MUTED)
    write_column_head(ax, type_id, offset=FIRST, colour=INK, bold=True)
    write_column_head(ax, "all", offset=SECOND)
