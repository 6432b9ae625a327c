"""What was not answered, and why: refused is not the same as never asked."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from typology.plots.key import draw_key, lay_key
from typology.plots.rows import empty_figure, layout_rows, prepare_shares, write_labels
from typology.plots.style import MM, MUTED, PT, RULE, blank, in_style, new_figure, place, size_in_points
from typology.plots.text import wrap, write
from typology.profile.released import Tables, numbers, table, texts

MOST_VARIABLES = 24
MOST_KINDS = 3
HATCHED = "#8a939c"
ANSWERED, NOT_ASKED, SYSTEM, OTHER = "answered", "not asked", "system", "other reason"
SHADES = ("#0a4a7a", "#5b93bd", "#c3d5e2")
HATCHES = {NOT_ASKED: "////", SYSTEM: ".....", OTHER: "xxxx"}
LABELS = 66.0
EMPTY = (
    "Every question was answered by everyone who was asked, or all counts of missing answers are withheld."
)
NAMES = {SYSTEM: "left blank", NOT_ASKED: "not asked (routing)"}


def missingness_data(tables: Tables) -> pd.DataFrame:
    """Return variable, label, kind, share of the unanswered, for the variables with most of it.

    Kinds are ``not asked``, ``system``, the most frequent user-missing meanings, and ``other reason`` for
    the rest. Withheld cells are absent.
    """
    frame = table(tables, "missingness", columns=["variable", "label", "kind", "share"])
    frame = numbers(texts(frame, "variable", "label", "kind"), "share")
    frame = frame[(frame["suppressed"] == "") & (frame["kind"] != ANSWERED) & (frame["share"] > 0)]
    meanings = frame[~frame["kind"].isin([NOT_ASKED, SYSTEM])]
    frequent = list(meanings.groupby("kind")["share"].sum().sort_values(ascending=False, kind="stable").index)
    kept = {NOT_ASKED, SYSTEM, *frequent[:MOST_KINDS]}
    frame = frame.assign(kind=frame["kind"].where(frame["kind"].isin(kept), OTHER))
    frame = frame.groupby(["variable", "label", "kind"], sort=False)["share"].sum().reset_index()
    total = frame[frame["kind"] != NOT_ASKED].groupby("variable")["share"].sum()
    frame = frame.assign(total=frame["variable"].map(total).fillna(0.0))
    order = frame.drop_duplicates("variable").sort_values(["total", "variable"], ascending=[False, True])
    chosen = list(order["variable"].head(MOST_VARIABLES))
    frame = frame[frame["variable"].isin(chosen)]
    rank = {name: i for i, name in enumerate(chosen)}
    frame = frame.assign(rank=[rank[name] for name in frame["variable"]]).sort_values("rank", kind="stable")
    return frame[["variable", "label", "kind", "share"]].reset_index(drop=True)


def kinds_in_order(frame: pd.DataFrame) -> list[str]:
    """Return the kinds of missing answers in the order they are stacked."""
    present = set(frame["kind"])
    sizes = frame.groupby("kind")["share"].sum().sort_values(ascending=False, kind="stable")
    meanings = [kind for kind in sizes.index if kind not in (NOT_ASKED, SYSTEM, OTHER)]
    return [kind for kind in (*meanings, SYSTEM, OTHER, NOT_ASKED) if kind in present]


def draw_missing(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> dict[str, Patch]:
    """Stack the kinds of missing answers for each variable; return one legend patch a kind.

    Parameters
    ----------
    frame : DataFrame
        As :func:`missingness_data`.
    ax : Axes
    label_width : float
        Room left of the axes, in points.
    """
    variables = frame.drop_duplicates("variable")
    _, height = size_in_points(ax)
    rows = layout_rows(
        list(variables["label"]), width=label_width - 8, height=height, max_lines=2, padding=3.0
    )
    looks = _looks(kinds_in_order(frame))
    values = frame.set_index(["variable", "kind"])["share"]
    for row in rows:
        variable, start = variables["variable"].iloc[row.position], 0.0
        for kind, look in looks.items():
            share = float(values.get((variable, kind), 0.0))
            ax.barh(row.middle, share, left=start, height=min(row.height * 0.62, 9), linewidth=0.5, **look)
            start += share
    prepare_shares(ax, longest=float(frame.groupby("variable")["share"].sum().max()))
    write_labels(ax, rows, width=label_width)
    return {NAMES.get(kind, kind): Patch(linewidth=0.5, **look) for kind, look in looks.items()}


def _looks(kinds: list[str]) -> dict[str, dict[str, Any]]:
    """Shades for reasons given, hatches for the rest, so that greyscale tells all of them apart."""
    looks: dict[str, dict[str, Any]] = {}
    shades = iter(SHADES)
    for kind in kinds:
        if kind in HATCHES:
            looks[kind] = {"facecolor": "white", "edgecolor": HATCHED, "hatch": HATCHES[kind]}
        else:
            looks[kind] = {"facecolor": next(shades), "edgecolor": "white"}
    return looks


@in_style
def draw_missingness(tables: Tables) -> Figure:
    """Draw the questions with most missing answers, by reason."""
    frame = missingness_data(tables)
    if frame.empty:
        return empty_figure(EMPTY, width=170, height=36)
    labels = list(frame.drop_duplicates("variable")["label"])
    points = sum(len(wrap(label, width=LABELS * MM / PT - 8, max_lines=2)) * 9.76 + 3.0 for label in labels)
    body = points * PT / MM + 1
    key = lay_key([NAMES.get(kind, kind) for kind in kinds_in_order(frame)], width=158)
    figure = new_figure(width=170, height=key.height + body + 33)
    ax = place(figure, left=6 + LABELS, top=key.height + 13, width=90, height=body)
    patches = draw_missing(frame, ax, label_width=LABELS * MM / PT)
    draw_key(list(patches.values()), key, place(figure, left=6, top=4, width=158, height=key.height))
    sheet = blank(place(figure, left=6, top=key.height + body + 17, width=158, height=16))
    total = table(tables, "missingness")["variable"].nunique()
    shown = f"The {len(labels)} of {total} questions with most" if len(labels) < total else "Questions with"
    note = f"{shown} missing answers, share of all respondents read, by reason. Small counts are left out."
    ax.axvline(0, color=RULE, linewidth=0.8)
    write(sheet, 0, 0, wrap(note, width=158 * MM / PT), colour=MUTED)
    return figure
