"""How well the first few questions tell the types apart."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from typology.plots.rows import (
    empty_figure,
    layout_rows,
    prepare_axes,
    row_height,
    write_labels,
    write_readout,
)
from typology.plots.style import (
    CAUTION,
    EVERYONE,
    MM,
    MUTED,
    PT,
    TYPE,
    blank,
    in_style,
    new_figure,
    place,
    size_in_points,
)
from typology.plots.text import wrap, write
from typology.profile.released import Tables
from typology.profile.short_form import GOOD, NOTHING, enough, short_form, short_form_sentence
from typology.profile.wording import known

WIDTH, LEFT, LABELS, AXIS = 170.0, 6.0, 84.0, 62.0


@in_style
def draw_short_form(tables: Tables) -> Figure:
    """Draw kappa on held-out respondents by number of items, the items in the order of their use."""
    frame = short_form(tables)
    if frame.empty:
        return empty_figure(NOTHING, width=WIDTH, height=36)
    labels = _labels(frame)
    body = sum(row_height(label, width=LABELS * MM / PT - 8) for label in labels) * 1.15 * PT / MM
    figure = new_figure(width=WIDTH, height=body + 30)
    ax = place(figure, left=LEFT + LABELS, top=9, width=AXIS, height=body)
    draw_agreement(frame, ax, label_width=LABELS * MM / PT)
    sheet = blank(place(figure, left=LEFT, top=body + 13, width=WIDTH - 2 * LEFT, height=14))
    note = (
        f"{short_form_sentence(frame)} Cohen's kappa with the types of all items: 1 the same type for "
        f"everybody, 0 no better than chance; the dashed line is {GOOD}. Model and choice of items were made "
        "anew without the respondents placed."
    )
    write(sheet, 0, 0, wrap(note.strip(), width=(WIDTH - 2 * LEFT) * MM / PT), colour=MUTED)
    return figure


def _labels(frame: pd.DataFrame) -> list[str]:
    return [
        f"{int(row['k'])}  + {row['label']}" if row["item"] else f"{int(row['k'])}  {row['label']}"
        for row in frame.to_dict("records")
    ]


def draw_agreement(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> Axes:
    """Draw one row a number of items.

    Parameters
    ----------
    frame : DataFrame
        As :func:`typology.profile.short_form.short_form`.
    ax : Axes
    label_width : float
        Room left of the axes, in points.
    """
    _, height = size_in_points(ax)
    k = enough(frame)
    bold = () if k is None else (k - 1,)
    rows = layout_rows(_labels(frame), width=label_width - 8, height=height, bold=bold)
    prepare_axes(ax, rows, limits=(min(0.0, float(frame["lo"].min())), 1.02))
    ax.axvline(GOOD, color=CAUTION, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    records = frame.to_dict("records")
    for at in rows:
        row = records[at.position]
        if not known(row["kappa"]):
            continue
        colour = TYPE if row["item"] else EVERYONE
        ax.plot([row["lo"], row["hi"]], [at.middle] * 2, color=colour, linewidth=1.6, zorder=2)
        ax.plot(row["kappa"], at.middle, marker="o" if row["item"] else "D", markersize=5, color=colour,
                zorder=3)  # fmt: skip
    write_labels(ax, rows, width=label_width, bold=bold)
    texts = [f"{row['kappa']:.2f}" if known(row["kappa"]) else "–" for row in records]
    write_readout(ax, rows, texts, offset=28, bold=True)
    return ax
