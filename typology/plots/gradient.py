"""What there is when there are no types: how much was reported, and which answers go together."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from typology.plots.rows import (
    layout_rows,
    prepare_axes,
    row_height,
    write_empty,
    write_labels,
    write_readout,
)
from typology.plots.style import (
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
from typology.plots.text import text_width, wrap, write
from typology.profile.released import Tables, numbers, table, texts
from typology.profile.wording import percent

MOST_PAIRS = 15
PAIR_LINES = 6
LABELS = 92.0
SEVERITY = 52.0
SLOPES = {
    "gradient": " One slope without gaps is what a gradient looks like.",
    "none": " As the items hardly go together, this is a count of unrelated answers.",
}


def severity_data(tables: Tables) -> pd.DataFrame:
    """Return band, share (NaN where withheld), suppressed, in table order."""
    frame = numbers(texts(table(tables, "severity", columns=["band", "n"]), "band"), "n", "share")
    return frame[["band", "share", "suppressed"]].reset_index(drop=True)


def draw_bands(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the share of respondents in each band of severity; withheld bands are marked as such."""
    highest = float(frame["share"].max())
    for x, record in enumerate(frame.to_dict("records")):
        if record["suppressed"] or pd.isna(record["share"]):
            ax.text(x, highest * 0.02, "withheld", rotation=90, ha="center", va="bottom", color=MUTED,
                    fontstyle="italic")  # fmt: skip
            continue
        ax.bar(x, record["share"], width=0.82, color=TYPE)
        ax.text(x, record["share"] + highest * 0.02, percent(record["share"]), ha="center", va="bottom")
    room = size_in_points(ax)[0] / max(len(frame), 1)
    turned = max(text_width(word) for band in frame["band"] for word in band.split()) > room - 8
    labels = frame["band"] if turned else ["\n".join(wrap(band, width=room - 8)) for band in frame["band"]]
    ax.set_xticks(range(len(frame)), labels=labels, rotation=90 if turned else 0)
    ax.set_yticks([])
    ax.set_xlim(-0.6, len(frame) - 0.4)
    ax.set_ylim(0, highest * 1.15)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return ax


@in_style
def draw_severity(tables: Tables, *, verdict: str = "") -> Figure:
    """Draw how respondents spread over bands of severity; the note depends on the verdict."""
    frame = severity_data(tables)
    figure = new_figure(width=170, height=86)
    if frame.empty or frame["share"].isna().all():
        write_empty(
            place(figure, left=6, top=6, width=158, height=40), "The distribution of severity is withheld."
        )
        return figure
    draw_bands(frame, place(figure, left=8, top=5, width=154, height=SEVERITY))
    sheet = blank(place(figure, left=6, top=SEVERITY + 20, width=158, height=12))
    note = (
        "Share of clustered respondents by how much they reported, from least to most, in standard "
        f"deviations from the average respondent.{SLOPES.get(verdict, '')}"
    )
    write(sheet, 0, 0, wrap(note, width=158 * MM / PT), colour=MUTED)
    return figure


def correlation_data(tables: Tables) -> pd.DataFrame:
    """Return label (both items, a line each), r: the strongest pairs of items, strongest first."""
    frame = texts(table(tables, "correlations", columns=["label_a", "label_b", "r"]), "label_a", "label_b")
    frame = numbers(frame, "r")
    frame = frame[(frame["suppressed"] == "") & frame["r"].notna()]
    frame = frame.assign(label=frame["label_a"] + "\n– " + frame["label_b"], size=frame["r"].abs())
    frame = frame.sort_values(["size", "label"], ascending=[False, True])
    return frame[["label", "r"]].head(MOST_PAIRS).reset_index(drop=True)


def draw_pairs(frame: pd.DataFrame, ax: Axes, *, label_width: float) -> Axes:
    """Draw latent correlations of item pairs as dots on a line from zero."""
    _, height = size_in_points(ax)
    rows = layout_rows(list(frame["label"]), width=label_width - 8, height=height, max_lines=PAIR_LINES)
    prepare_axes(ax, rows, limits=(min(0.0, float(frame["r"].min()) * 1.1), 1.0))
    for row in rows:
        value = float(frame["r"].iloc[row.position])
        ax.plot([0, value], [row.middle] * 2, color=EVERYONE, linewidth=1.4, zorder=2)
        ax.plot(value, row.middle, marker="o", markersize=5.5, color=TYPE, zorder=3)
    ax.axvline(0, color=MUTED, linewidth=0.8)
    write_labels(ax, rows, width=label_width)
    write_readout(ax, rows, [f"{value:.2f}" for value in frame["r"]], offset=26, bold=True)
    return ax


@in_style
def draw_correlations(tables: Tables) -> Figure:
    """Draw the pairs of items that go together most."""
    frame = correlation_data(tables)
    if frame.empty:
        figure = new_figure(width=170, height=36)
        write_empty(
            place(figure, left=6, top=6, width=158, height=24), "No correlation of items can be shown."
        )
        return figure
    room = LABELS * MM / PT - 8
    body = sum(row_height(each, width=room, max_lines=PAIR_LINES) for each in frame["label"]) * PT / MM + 1
    figure = new_figure(width=170, height=body + 24)
    ax = place(figure, left=6 + LABELS, top=9, width=56, height=body)
    draw_pairs(frame, ax, label_width=LABELS * MM / PT)
    sheet = blank(place(figure, left=6, top=body + 12, width=158, height=10))
    note = "Latent (tetrachoric or polychoric) correlation of two items: 0 unrelated, 1 always together."
    write(sheet, 0, 0, wrap(note, width=158 * MM / PT), colour=MUTED)
    return figure
