"""What it would take to see types in a survey: how distinct they would have to be."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from typology.plots.rows import empty_figure
from typology.plots.style import CAUTION, MM, MUTED, PT, TYPE, blank, in_style, new_figure, place
from typology.plots.text import wrap, write
from typology.profile.findings import LIKELY
from typology.profile.released import Tables, numbers, table
from typology.profile.wording import percent

WIDTH = 170.0
EMPTY = "How distinct types would have to be was not simulated in this run."


def power_data(tables: Tables) -> pd.DataFrame:
    """Return odds_ratio, share_found (0 to 1), ari: one row a distinctness, least first."""
    columns = ["odds_ratio", "share_found", "ari"]
    frame = numbers(table(tables, "power", columns=columns), *columns)
    frame = frame[(frame["suppressed"] == "") & frame["share_found"].notna()]
    return frame[columns].sort_values("odds_ratio", kind="stable").reset_index(drop=True)


def draw_chances(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the chance to find types against how distinct they are.

    Parameters
    ----------
    frame : DataFrame
        As :func:`power_data`.
    ax : Axes
    """
    ratios = frame["odds_ratio"]
    ax.axhline(LIKELY, color=CAUTION, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    ax.plot(ratios, frame["share_found"], color=TYPE, linewidth=1.2, zorder=2)
    for record in frame.to_dict("records"):
        likely = record["share_found"] >= LIKELY
        ax.plot(
            record["odds_ratio"], record["share_found"], marker="o", markersize=6.5, color=TYPE, zorder=3,
            markerfacecolor=TYPE if likely else "white", markeredgewidth=1.3, clip_on=False,
        )  # fmt: skip
        ax.annotate(
            percent(record["share_found"], decimals=0), (record["odds_ratio"], record["share_found"]),
            xytext=(0, 7), textcoords="offset points", ha="center", va="bottom", fontweight="bold",
            annotation_clip=False,
        )  # fmt: skip
    ax.set_xscale("log")
    ax.set_xlim(float(ratios.min()) / 1.12, float(ratios.max()) * 1.12)
    ax.xaxis.set_major_locator(FixedLocator(list(ratios)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(list(ratios), labels=[f"{ratio:.1f}" for ratio in ratios])
    ax.set_xlabel("odds of a typical item differ between two types by a factor of")
    ax.set_ylim(0, 1.0)
    ax.set_yticks([0, 0.5, LIKELY, 1.0], labels=["0%", "50%", f"{100 * LIKELY:.0f}%", "100%"])
    ax.set_ylabel("chance to be found")
    return ax


def _told(frame: pd.DataFrame) -> str:
    """Say what the chances mean for a verdict without types."""
    if (frame["share_found"] >= LIKELY).any():
        return "Types that are less distinct can be there unseen."
    return "None of them is: types as distinct as these can be there unseen."


@in_style
def draw_power(tables: Tables) -> Figure:
    """Draw how likely types would have been found in this very survey, by how distinct they are."""
    frame = power_data(tables)
    if frame.empty:
        return empty_figure(EMPTY, width=WIDTH, height=36)
    figure = new_figure(width=WIDTH, height=92)
    draw_chances(frame, place(figure, left=24, top=10, width=WIDTH - 34, height=48))
    sheet = blank(place(figure, left=6, top=74, width=WIDTH - 12, height=16))
    note = (
        "Types planted into simulated surveys of this size, with the same margins, differences in degree, "
        "gaps and routing, judged by the rule of the verdict. Filled: found with a chance of at least "
        f"{100 * LIKELY:.0f}% (dashed). {_told(frame)}"
    )
    write(sheet, 0, 0, wrap(note, width=(WIDTH - 12) * MM / PT), colour=MUTED)
    return figure
