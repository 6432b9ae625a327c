"""The risk analysis of one outcome: odds ratios, dose and response, calibration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from typology.plots.rows import (
    layout_rows,
    prepare_axes,
    row_height,
    write_column_head,
    write_empty,
    write_labels,
    write_readout,
    write_reason,
)
from typology.plots.style import (
    EVERYONE,
    HEAD,
    INK,
    LITERATURE,
    LITERATURE_EDGE,
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
from typology.plots.text import line_height, wrap, write
from typology.profile.released import Tables
from typology.profile.risk_analysis import REFERENCE, calibration, characteristics, doses, model_sentence
from typology.profile.wording import known, percent, ratio, short_reason

WIDTH, LEFT, LABELS, AXIS = 170.0, 6.0, 62.0, 62.0
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
PANEL = 46.0


@in_style
def draw_risk(tables: Tables, row: Mapping[Any, Any]) -> Figure:
    """Draw one outcome.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables.
    row : mapping
        The outcome's row of :func:`typology.profile.risk_analysis.models`.
    """
    frame = characteristics(tables, row["outcome"])
    room = (WIDTH - 2 * LEFT) * MM / PT
    title = wrap(f"Outcome: {row['label']}", width=room, size=HEAD, bold=True)
    lines = wrap(model_sentence(row), width=room)
    head = 3.7 + (len(title) * line_height(HEAD) + len(lines) * line_height()) * PT / MM
    body = sum(row_height(name, width=LABELS * MM / PT - 8) for name in frame["name"]) * 1.05 * PT / MM
    figure = new_figure(width=WIDTH, height=head + body + PANEL + 42)
    sheet = blank(place(figure, left=LEFT, top=4, width=WIDTH - 2 * LEFT, height=head))
    below = write(sheet, 0, 0, title, size=HEAD, bold=True)
    write(sheet, 0, below + 2, lines, colour=MUTED)
    ax = place(figure, left=LEFT + LABELS, top=head + 9, width=AXIS, height=body)
    draw_ratios(frame, ax, label_width=LABELS * MM / PT)
    _key(figure, frame, top=head + 10 + body)
    top = head + body + 24
    dose = doses(tables, row["outcome"])
    if len(dose):
        draw_dose(dose, place(figure, left=LEFT + 10, top=top, width=64, height=PANEL))
    beside = LEFT + 98 if len(dose) else LEFT + 16
    right = place(figure, left=beside, top=top, width=PANEL, height=PANEL)
    draw_calibration(calibration(tables, row["outcome"]), right, row)
    return figure


def draw_ratios(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> Axes:
    """Draw crude and adjusted odds ratios with intervals on a log axis, the literature's range behind.

    Parameters
    ----------
    frame : DataFrame
        As :func:`typology.profile.risk_analysis.characteristics`.
    ax : Axes
    label_width : float
        Room left of the axes, in points.
    """
    _, height = size_in_points(ax)
    rows = layout_rows(list(frame["name"]), width=label_width - 8, height=height)
    ends = frame[["lo", "hi", "adjusted_lo", "adjusted_hi", "literature_lo", "literature_hi"]].to_numpy(float)
    ends = ends[np.isfinite(ends) & (ends > 0)]
    low, high = (min(ends.min(), 0.5) * 0.9, max(ends.max(), 2.0) * 1.1) if len(ends) else (0.5, 2.0)
    low, high = max(low, 0.08), min(high, 60.0)
    prepare_axes(ax, rows, limits=(low, high))
    ax.set_xscale("log")
    ticks = [tick for tick in TICKS if low <= tick <= high]
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.axvline(1.0, color=MUTED, linewidth=0.8, zorder=1)
    records = frame.to_dict("records")
    for at in rows:
        _draw_row(ax, at, records[at.position])
    write_labels(ax, rows, width=label_width)
    alone = [_text(r, "odds_ratio") for r in records]
    beside = [_text(r, "adjusted") for r in records]
    write_column_head(ax, "alone", offset=28)
    write_readout(ax, rows, alone, offset=28, colour=MUTED)
    if frame["adjusted"].notna().any():
        write_column_head(ax, "beside others", offset=98, bold=True, colour=INK)
        write_readout(ax, rows, beside, offset=98, bold=True)
    return ax


def _text(record: Mapping[Any, Any], name: str) -> str:
    return ratio(record[name]) if known(record[name]) else "–"


def _draw_row(ax: Axes, at: Any, record: Mapping[Any, Any]) -> None:
    """One characteristic: the literature's band, alone (open, above), beside the others (filled, below)."""
    if known(record["literature_lo"], record["literature_hi"]):
        low, high = record["literature_lo"], record["literature_hi"]
        thick = at.height * 0.78
        if high / low < 1.04:
            ax.plot([low] * 2, [at.middle - thick / 2, at.middle + thick / 2], color=LITERATURE_EDGE,
                    linewidth=2.4, zorder=1.5)  # fmt: skip
        else:
            ax.fill_between([low, high], at.middle - thick / 2, at.middle + thick / 2, color=LITERATURE,
                            linewidth=0, zorder=1.5)  # fmt: skip
    if record["suppressed"]:
        write_reason(ax, at, f"withheld: {short_reason(record['suppressed'])}")
        return
    step = min(at.height * 0.2, 3.2)
    if known(record["odds_ratio"]):
        ax.plot([record["lo"], record["hi"]], [at.middle - step] * 2, color=EVERYONE, linewidth=1.0, zorder=3)
        ax.plot(record["odds_ratio"], at.middle - step, marker="D", markersize=3.6, markerfacecolor="white",
                markeredgecolor=EVERYONE, markeredgewidth=1.0, zorder=4)  # fmt: skip
    if known(record["adjusted"]):
        ax.plot([record["adjusted_lo"], record["adjusted_hi"]], [at.middle + step] * 2, color=TYPE,
                linewidth=1.6, zorder=3)  # fmt: skip
        ax.plot(record["adjusted"], at.middle + step, marker="o", markersize=4.6, color=TYPE, zorder=4)


def _key(figure: Figure, frame: pd.DataFrame, *, top: float) -> None:
    """Key of the odds ratios."""
    handles: list[Any] = [
        Line2D([], [], color=EVERYONE, marker="D", markersize=3.6, markerfacecolor="white", linewidth=1.0),
        Line2D([], [], color=TYPE, marker="o", markersize=4.6, linewidth=1.6),
    ]
    names = ["odds ratio alone, 95% interval", "beside the others, 95% interval"]
    if not frame["adjusted"].notna().any():
        handles, names = handles[:1], names[:1]
    if frame["literature_lo"].notna().any():
        handles.append(Patch(facecolor=LITERATURE, edgecolor=LITERATURE_EDGE, linewidth=0.4))
        names.append("range in the literature")
    sheet = place(figure, left=LEFT, top=top, width=WIDTH - 2 * LEFT, height=6)
    sheet.set_axis_off()
    sheet.legend(handles, names, loc="center left", ncols=3, borderaxespad=0, handlelength=2.2)


def draw_dose(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the share with the outcome by number of kinds of risky behaviour, odds ratios below.

    Parameters
    ----------
    frame : DataFrame
        As :func:`typology.profile.risk_analysis.doses`; not empty.
    ax : Axes
    """
    ax.set_title("By kinds of risky behaviour online", pad=8)
    if frame["share"].isna().all():
        return write_empty(ax, "Withheld: small numbers.")
    highest = float(frame["hi"].max()) if frame["hi"].notna().any() else float(frame["share"].max())
    for x, record in enumerate(frame.to_dict("records")):
        if not known(record["share"]):
            ax.text(x, 0, "withheld", rotation=90, ha="center", va="bottom", color=MUTED, fontstyle="italic")
            continue
        ax.plot([x, x], [record["lo"], record["hi"]], color=TYPE, linewidth=1.6)
        ax.plot(x, record["share"], marker="o", markersize=5.5, color=TYPE)
        ax.annotate(percent(record["share"]), (x, record["share"]), xytext=(7, 0),
                    textcoords="offset points", va="center", fontweight="bold")  # fmt: skip
    ax.set_xlim(-0.5, len(frame) - 0.2)
    ax.set_ylim(0, highest * 1.08)
    ax.set_xticks(range(len(frame)), labels=[band.replace("at most one", "0 or 1") for band in frame["band"]])
    ax.tick_params(axis="x", labelcolor=INK)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    ax.grid(axis="y")
    _below(ax, "odds ratio", [_dose_ratio(record) for record in frame.to_dict("records")], line=1, bold=True)
    told = [_text(record, "literature") for record in frame.to_dict("records")]
    if any(text != "–" for text in told):
        _below(ax, "literature", told, line=2)
    return ax


def _dose_ratio(record: Mapping[Any, Any]) -> str:
    return "1" if record["band"] == REFERENCE else _text(record, "odds_ratio")


def _below(ax: Axes, name: str, values: list[str], *, line: int, bold: bool = False) -> None:
    """Write one line of values below the tick labels, its name at the left."""
    drop = -9 - 11.5 * line
    for x, text in enumerate(values):
        ax.annotate(text, (x, 0), xycoords=("data", "axes fraction"), xytext=(0, drop),
                    textcoords="offset points", ha="center", va="top", annotation_clip=False,
                    fontweight="bold" if bold else "normal", color=INK if bold else MUTED)  # fmt: skip
    ax.annotate(name, (0, 0), xycoords="axes fraction", xytext=(4, drop), textcoords="offset points",
                ha="right", va="top", annotation_clip=False, color=MUTED)  # fmt: skip


def draw_calibration(frame: pd.DataFrame, ax: Axes, row: Mapping[Any, Any]) -> Axes:
    """Draw the share observed against the risk expected, in groups of held-out respondents.

    Parameters
    ----------
    frame : DataFrame
        As :func:`typology.profile.risk_analysis.calibration`.
    ax : Axes
    row : mapping
        The model of the outcome.
    """
    ax.set_title("Calibration, held out", pad=8)
    shown = frame[frame["observed"].notna()] if len(frame) else frame
    if shown.empty:
        write_empty(ax, "There is no multivariable model to judge.")
        return ax
    top = min(1.0, float(shown[["hi", "predicted"]].max().max()) * 1.08)
    ax.plot([0, top], [0, top], color=RULE, linewidth=1.0, zorder=1)
    for record in shown.to_dict("records"):
        ax.plot([record["predicted"]] * 2, [record["lo"], record["hi"]], color=TYPE, linewidth=1.4, zorder=2)
        ax.plot(record["predicted"], record["observed"], marker="o", markersize=5, color=TYPE, zorder=3)
    ax.set_xlim(0, top)
    ax.set_ylim(0, top)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.0f}%"))
    told = ["expected by the model"]
    if known(row["slope"], row["auc"]):
        told += [
            f"slope {row['slope']:.2f} ({row['slope_lo']:.2f} to {row['slope_hi']:.2f})",
            f"area under the curve {row['auc']:.2f}",
        ]
    ax.set_xlabel("\n".join(told))
    ax.set_ylabel("observed, 95% interval")
    return ax
