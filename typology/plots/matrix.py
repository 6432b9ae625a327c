"""Types by risk factors at a glance: size says how strong, shape which way, filling how sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from typology.plots.evidence import legend
from typology.plots.rows import empty_figure, layout_rows, write_labels
from typology.plots.style import (
    INK,
    MM,
    MUTED,
    PT,
    RULE,
    TYPE,
    blank,
    in_style,
    new_figure,
    place,
    size_in_points,
)
from typology.plots.text import wrap, write
from typology.profile.panels import DOMAINS, tidy_factors
from typology.profile.released import Tables, type_ids

LABELS, CELL = 70.0, 12.0
EMPTY = "No types were found, so there is no type to compare risk factors across."
STRONGEST = 3.5


def matrix_data(tables: Tables) -> pd.DataFrame:
    """Return type, variable, label, domain, odds_ratio, stands_out, suppressed, in order of domain."""
    frame = tidy_factors(tables)
    order = {domain: i for i, domain in enumerate(DOMAINS)}
    frame = frame.assign(place=[order.get(domain, len(order)) for domain in frame["domain"]])
    frame = frame.sort_values(["place", "label", "variable"], kind="stable")
    columns = ["type", "variable", "label", "domain", "odds_ratio", "stands_out", "suppressed"]
    return frame[columns].reset_index(drop=True)


def draw_matrix(frame: pd.DataFrame, ax: Axes, *, types: tuple[str, ...], label_width: float) -> Axes:
    """Draw the matrix.

    Parameters
    ----------
    frame : DataFrame
        As :func:`matrix_data`.
    ax : Axes
    types : tuple of str
        Columns, left to right.
    label_width : float
        Room left of the axes, in points.
    """
    variables = frame.drop_duplicates("variable")
    _, height = size_in_points(ax)
    rows = layout_rows(list(variables["label"]), width=label_width - 8, height=height, padding=5.0)
    middles = {variables["variable"].iloc[row.position]: row.middle for row in rows}
    ax.set_xlim(-0.5, len(types) - 0.5)
    ax.set_ylim(height, 0)
    for row in rows:
        ax.axhline(row.middle + row.height / 2, color=RULE, linewidth=0.4)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(types)), labels=types, fontweight="bold", color=INK)
    ax.tick_params(axis="x", length=0)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    columns = {type_id: x for x, type_id in enumerate(types)}
    for record in frame.to_dict("records"):
        if record["variable"] in middles and record["type"] in columns:
            _mark(ax, columns[record["type"]], middles[record["variable"]], record)
    write_labels(ax, rows, width=label_width)
    return ax


def mark_size(odds_ratio: float) -> float:
    """Return the size of a mark in points: its area grows with the absolute log odds ratio."""
    strength = min(abs(float(np.log2(odds_ratio))), STRONGEST) / STRONGEST
    return float(3.0 + 10.0 * np.sqrt(strength))


def _mark(ax: Axes, x: int, y: float, record: Mapping[Any, Any]) -> None:
    value = float(record["odds_ratio"])
    if record["suppressed"] or not np.isfinite(value) or value <= 0:
        ax.plot(x, y, marker="_", color=MUTED, markersize=6, markeredgewidth=1.0)
        return
    ax.plot(
        x, y, marker="^" if value >= 1 else "v", markersize=mark_size(value), color=TYPE,
        markerfacecolor=TYPE if record["stands_out"] else "white", markeredgewidth=1.1,
    )  # fmt: skip


def _key(marker: str, *, filled: bool) -> Line2D:
    face = TYPE if filled else "white"
    return Line2D([], [], linestyle="none", marker=marker, markersize=8, color=TYPE, markerfacecolor=face)


@in_style
def draw_dot_matrix(tables: Tables) -> Figure:
    """Draw all types against all risk factors of a run."""
    frame, types = matrix_data(tables), type_ids(tables)
    width = max(150.0, LABELS + CELL * len(types) + 14)
    if frame.empty or not types:
        return empty_figure(EMPTY, width=width, height=40)
    labels = list(frame.drop_duplicates("variable")["label"])
    points = sum(len(wrap(label, width=LABELS * MM / PT - 8, max_lines=3)) * 9.76 + 5.0 for label in labels)
    body = points * PT / MM * 1.12
    figure = new_figure(width=width, height=body + 44)
    cells = min(CELL * len(types) * 1.5, width - LABELS - 14)
    ax = place(figure, left=6 + LABELS, top=20, width=cells, height=body)
    draw_matrix(frame, ax, types=types, label_width=LABELS * MM / PT)
    head = place(figure, left=6, top=12, width=width - 12, height=1)
    head.set_axis_off()
    legend(
        head,
        [
            (_key("^", filled=True), "more common"),
            (_key("v", filled=True), "less common"),
            (_key("^", filled=False), "does not stand out"),
            (Line2D([], [], marker="_", linestyle="none", color=MUTED, markersize=6), "withheld"),
        ],
    )
    sheet = blank(place(figure, left=6, top=body + 24, width=width - 12, height=18))
    note = (
        "Odds ratio of each factor in a type against all other respondents: larger marks are further from 1 "
        "(full size at 11 times or one eleventh). Filled marks stand out after false-discovery control."
    )
    write(sheet, 0, 0, wrap(note, width=(width - 12) * MM / PT), colour=MUTED)
    return figure
