"""What was not answered, group by group: a question can be refused in one country and not in another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from typology.plots.key import draw_key, lay_key
from typology.plots.missingness import ANSWERED, LABELS, NOT_ASKED
from typology.plots.rows import empty_figure, layout_rows, prepare_shares, row_height, write_labels
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
from typology.profile.released import Tables, numbers, table, texts

MOST_VARIABLES = 16
MOST_GROUPS = 6
MARKS = ("o", "s", "^", "D", "v", "P")
FILLS = (TYPE, "white", "#e0a03a", "white", "#8a939c", INK)
EMPTY = "In no group were enough answers missing to be shown, or the survey has no groups."


def missing_groups_data(tables: Tables) -> pd.DataFrame:
    """Return variable, label, group and share not answered, for the questions with most of it.

    Everyone of the group less those who answered and those who were not asked: so a group whose reasons are
    each too rare to be shown still counts. NaN where what is left is less than can be shown, which says
    nothing about there being none. Of many groups the first six are kept.
    """
    frame = table(tables, "missingness_groups", columns=["variable", "label", "group", "kind", "n", "base"])
    frame = numbers(texts(frame, "variable", "label", "group", "kind"), "n", "base")
    groups = list(dict.fromkeys(frame["group"]))[:MOST_GROUPS]
    frame = frame[frame["group"].isin(groups)]
    keys = ["variable", "label", "group"]
    shares = frame[frame["kind"] == ANSWERED][[*keys, "n", "base"]]
    routed = frame[frame["kind"] == NOT_ASKED].set_index(["variable", "group"])["n"]
    index = pd.MultiIndex.from_frame(shares[["variable", "group"]])
    left = shares["base"] - shares["n"] - routed.reindex(index).fillna(0.0).to_numpy()
    shares = shares.assign(share=(left / shares["base"]).where(left > 0))[[*keys, "share"]]
    most = shares.groupby("variable", sort=False)["share"].max().sort_values(ascending=False, kind="stable")
    chosen = list(most[most > 0].head(MOST_VARIABLES).index)
    rank = {name: at for at, name in enumerate(chosen)}
    shares = shares[shares["variable"].isin(chosen)]
    order = shares.assign(rank=[rank[name] for name in shares["variable"]])
    return order.sort_values("rank", kind="stable").drop(columns="rank").reset_index(drop=True)


def draw_groups(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> list[Line2D]:
    """Mark the share of each group on one line a question; return a legend handle for each group.

    Parameters
    ----------
    frame : DataFrame
        As :func:`missing_groups_data`.
    ax : Axes
    label_width : float
        Room left of the axes, in points.
    """
    variables = frame.drop_duplicates("variable")
    groups = list(dict.fromkeys(frame["group"]))
    _, height = size_in_points(ax)
    rows = layout_rows(list(variables["label"]), width=label_width - 8, height=height)
    shares = frame.set_index(["variable", "group"])["share"]
    for row in rows:
        variable = variables["variable"].iloc[row.position]
        values = {at: float(shares.get((variable, group), np.nan)) for at, group in enumerate(groups)}
        shown = {at: value for at, value in values.items() if not np.isnan(value)}
        ends = [min(shown.values()), max(shown.values())]
        ax.plot(ends, [row.middle] * 2, color=RULE, linewidth=1.2, zorder=1)
        for at, value in shown.items():
            ax.plot(value, row.middle, **_look(at), zorder=2 + at, clip_on=False)
    prepare_shares(ax, longest=float(frame["share"].max()))
    write_labels(ax, rows, width=label_width)
    return [Line2D([], [], label=group, **_look(at)) for at, group in enumerate(groups)]


def _look(at: int) -> dict[str, Any]:
    """Mark of a group: shape and filling differ, so that colour is not needed to tell them apart."""
    return {
        "marker": MARKS[at],
        "markersize": 5.5,
        "markerfacecolor": FILLS[at],
        "markeredgecolor": INK,
        "markeredgewidth": 0.8,
        "linestyle": "none",
    }


@in_style
def draw_missing_groups(tables: Tables) -> Figure:
    """Draw the share of missing answers in each group, for the questions with most of them."""
    frame = missing_groups_data(tables)
    if frame.empty:
        return empty_figure(EMPTY, width=170, height=36)
    labels = list(frame.drop_duplicates("variable")["label"])
    body = sum(row_height(label, width=LABELS * MM / PT - 8) for label in labels) * PT / MM + 1
    key = lay_key(list(dict.fromkeys(frame["group"])), width=158)
    figure = new_figure(width=170, height=key.height + body + 31)
    ax = place(figure, left=6 + LABELS, top=key.height + 13, width=90, height=body)
    handles = draw_groups(frame, ax, label_width=LABELS * MM / PT)
    draw_key(handles, key, place(figure, left=6, top=4, width=158, height=key.height))
    sheet = blank(place(figure, left=6, top=key.height + body + 17, width=158, height=12))
    ax.axvline(0, color=RULE, linewidth=0.8)
    all_groups = table(tables, "missingness_groups")["group"].nunique()
    left_out = f" The first {MOST_GROUPS} of {all_groups} groups." if all_groups > MOST_GROUPS else ""
    note = (
        "Share of all respondents of the group who gave no answer, for whatever reason but routing, in "
        f"steps. A group without a mark has too few for a number.{left_out}"
    )
    write(sheet, 0, 0, wrap(note, width=158 * MM / PT), colour=MUTED)
    return figure
