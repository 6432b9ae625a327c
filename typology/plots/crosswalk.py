"""The cross-walk: where the members of each type go when latent classes are used instead."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from typology.plots.rows import empty_figure
from typology.plots.style import (
    INK,
    MM,
    MUTED,
    PT,
    RULE,
    SHARES,
    blank,
    contrast,
    in_style,
    new_figure,
    place,
)
from typology.plots.text import wrap, write
from typology.profile.released import Tables, numbers, table, texts
from typology.profile.wording import percent

CELL, READABLE = 19.0, 4.5
SHADES = {"under 10%": 0.03, "10% to half": 0.3, "half to 90%": 0.7, "over 90%": 0.95}
EMPTY = "No types were found, so there are none to compare with latent classes."


def crosswalk_data(tables: Tables) -> pd.DataFrame:
    """Return type, latent_class, share (of the type's members; NaN if withheld), its band, suppressed."""
    frame = table(tables, "crosswalk", columns=["type", "latent_class", "count", "base"])
    frame = numbers(texts(frame, "type", "latent_class", "band"), "count", "base")
    # both are rounded to the threshold, so their ratio means whole percents at best
    share = (frame["count"] / frame["base"].where(frame["base"] > 0)).round(2)
    share = share.where(frame["suppressed"] == "")
    columns = ["type", "latent_class", "share", "band", "suppressed"]
    return frame.assign(share=share)[columns].reset_index(drop=True)


def shade(share: float, band: str) -> float:
    """Return how dark a cell is, 0 to 1: its share, or where it may lie; NaN where nothing is told."""
    return float(share) if not np.isnan(share) else SHADES.get(band, float("nan"))


def readable(colour: tuple[float, ...]) -> str:
    """Return the first of ink, white and black that can be read on a colour, as WCAG 2.2 has it."""
    return next(ink for ink in (INK, "white", "black") if contrast(colour, ink) >= READABLE)


def draw_cells(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the cross-walk as a grid of shares: darker and labelled.

    Parameters
    ----------
    frame : DataFrame
        As :func:`crosswalk_data`.
    ax : Axes
    """
    rows, columns = list(dict.fromkeys(frame["type"])), list(dict.fromkeys(frame["latent_class"]))
    for record in frame.to_dict("records"):
        x, y, share = columns.index(record["latent_class"]), rows.index(record["type"]), record["share"]
        depth = shade(share, record["band"])
        colour = "white" if np.isnan(depth) else SHARES(depth)
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white", linewidth=1.5))
        text = percent(share) if not np.isnan(share) else record["band"] or "–"
        ax.text(
            x, y, text, ha="center", va="center",
            color=INK if np.isnan(depth) else readable(SHARES(depth)),
            fontweight="bold" if depth >= 0.5 else "normal",
        )  # fmt: skip
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(columns)), labels=columns)
    ax.set_yticks(range(len(rows)), labels=rows)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    for y in range(1, len(rows)):
        ax.axhline(y - 0.5, color=RULE, linewidth=0.4)
    return ax


@in_style
def draw_crosswalk(tables: Tables) -> Figure:
    """Draw types against latent classes: how far the rival method finds the same groups."""
    frame = crosswalk_data(tables)
    if frame.empty:
        return empty_figure(EMPTY, width=150, height=40)
    rows, columns = frame["type"].nunique(), frame["latent_class"].nunique()
    width = max(120.0, 36.0 + CELL * columns)
    figure = new_figure(width=width, height=32 + 10.0 * rows)
    longest = max(len(name) for name in frame["type"])
    left = 10 + min(2.0 * longest, 30)
    draw_cells(
        frame,
        place(figure, left=left, top=10, width=min(CELL * columns, width - left - 6), height=10.0 * rows),
    )
    sheet = blank(place(figure, left=6, top=14 + 10.0 * rows, width=width - 12, height=16))
    note = (
        "Share of each type (row) that falls into each latent class (column), in words where the number is "
        "withheld for disclosure, a dash where even these would tell. A row with one dark cell: both methods "
        "find the same group."
    )
    write(sheet, 0, 0, wrap(note, width=(width - 12) * MM / PT), colour=MUTED)
    return figure
