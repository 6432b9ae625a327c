"""Two runs side by side: sizes of types found in both, and what everyone answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from typology.plots.key import draw_key, lay_key
from typology.plots.replication import draw_dumbbells
from typology.plots.rows import (
    layout_rows,
    prepare_axes,
    write_column_head,
    write_empty,
    write_labels,
    write_readout,
)
from typology.plots.style import EVERYONE, MM, MUTED, PT, TYPE, blank, in_style, new_figure, place
from typology.plots.text import line_height, wrap, write
from typology.profile.comparison import FOUND, Comparison
from typology.profile.wording import points

WIDTH, LABELS = 184.0, 84.0
MOST = 20


def comparison_rows(found: Comparison) -> pd.DataFrame:
    """Return label, first, second, difference: sizes of types, then everyone's answers that differ most."""
    types = found.types[(found.types["verdict"] == FOUND) & found.types["difference"].notna()]
    sizes = pd.DataFrame(
        {
            "label": [f"Share of {r['type']} {r['name']}" for r in types.to_dict("records")],
            "first": types["share_first"], "second": types["share_second"],
            "difference": types["difference"],
        }
    )  # fmt: skip
    answers = found.answers[found.answers["type"] == "everyone"]
    order = answers["difference"].abs().sort_values(ascending=False, kind="stable").index[:MOST]
    answers = answers.loc[order]
    plain = answers["category_label"].str.casefold().isin(["yes", ""])
    label = answers["label"].where(plain, answers["label"] + ": " + answers["category_label"])
    everyone = pd.DataFrame(
        {
            "label": label, "first": answers["share_first"], "second": answers["share_second"],
            "difference": answers["difference"],
        }
    )  # fmt: skip
    return pd.concat([part for part in (sizes, everyone) if len(part)] or [everyone], ignore_index=True)


@in_style
def draw_comparison(found: Comparison) -> Figure:
    """Draw the shares of two runs, the second filled."""
    rows = comparison_rows(found)
    head = wrap(" ".join(found.statement), width=(WIDTH - 12) * MM / PT)
    names = lay_key([found.first, found.second], width=WIDTH - 12)
    top = 4 + len(head) * line_height() * PT / MM + names.height
    if rows.empty:
        figure = new_figure(width=WIDTH, height=top + 20)
        write_empty(place(figure, left=6, top=6, width=WIDTH - 12, height=top), " ".join(found.statement))
        return figure
    room = LABELS * MM / PT
    lines = [len(wrap(label, width=room - 8, max_lines=3)) for label in rows["label"]]
    body = sum(count * line_height() + 5.0 for count in lines) * PT / MM * 1.1
    figure = new_figure(width=WIDTH, height=top + body + 36)
    write(blank(place(figure, left=6, top=4, width=WIDTH - 12, height=top)), 0, 0, head)
    ax = place(figure, left=6 + LABELS, top=top + 16, width=WIDTH - LABELS - 30, height=body)
    laid = layout_rows(list(rows["label"]), width=room - 8, height=body * MM / PT, padding=5.0)
    widest = min(1.0, 1.1 * float(np.nanmax(rows[["first", "second"]].to_numpy(dtype=float))))
    frame = rows.rename(columns={"first": "expected", "second": "observed"})
    draw_dumbbells(frame, prepare_axes(ax, laid, limits=(0.0, widest)), laid)
    ticks = [tick for tick in (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0) if tick <= widest]
    ax.set_xticks(ticks, labels=[f"{100 * tick:.0f}%" for tick in ticks])
    write_labels(ax, laid, width=room)
    write_readout(ax, laid, [points(value) for value in rows["difference"]], offset=40)
    write_column_head(ax, "points", offset=40)
    one = Line2D([], [], linestyle="none", marker="o", markersize=6, color=EVERYONE, markerfacecolor="white")
    two = Line2D([], [], linestyle="none", marker="o", markersize=6, color=TYPE)
    key = place(figure, left=6, top=top + 3 - names.height, width=WIDTH - 12, height=names.height)
    draw_key([one, two], names, key)
    note = "Weighted shares as each run released them; questions with the same label and answers only."
    write(
        blank(place(figure, left=6, top=top + body + 20, width=WIDTH - 12, height=12)), 0, 0,
        wrap(note, width=(WIDTH - 12) * MM / PT), colour=MUTED,
    )  # fmt: skip
    return figure
