"""The evidence: what was observed against surveys without types, and how single runs disagree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from typology.plots.rows import empty_figure, write_empty
from typology.plots.style import EVERYONE, INK, MUTED, RULE, TINY, TYPE, blank, in_style, new_figure, place
from typology.plots.text import wrap, write
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import p_value

SOURCES = ("observed", "no types", "no association")
EMPTY = "This run holds no evidence statistics."
NULL_LABELS = {"no types": "surveys without types", "no association": "shuffled answers"}


def evidence_data(tables: Tables) -> pd.DataFrame:
    """Return statistic, source (observed, no types, no association), draw, value."""
    frame = texts(table(tables, "evidence", columns=["statistic", "source", "value"]), "statistic", "source")
    frame = numbers(frame, "value")
    return frame[frame["source"].isin(SOURCES) & frame["value"].notna()].reset_index(drop=True)


def draw_statistic(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Draw one statistic: its observed value as a line, every simulated survey as a tick.

    Parameters
    ----------
    frame : DataFrame
        source, value: the rows of one statistic.
    ax : Axes
    """
    drawn = [source for source in NULL_LABELS if (frame["source"] == source).any()]
    levels = {source: float(len(drawn) - 1 - i) for i, source in enumerate(drawn)}
    top = max(len(drawn), 1) - 0.3
    for source in drawn:
        values = frame.loc[frame["source"] == source, "value"].to_numpy(dtype=float)
        y = levels[source]
        ax.plot(values, np.full(values.shape, y), linestyle="none", marker="|", markersize=13, color=MUTED)
        ax.plot([values.min(), values.max()], [y, y], color=EVERYONE, linewidth=0.8, zorder=1)
    observed = frame.loc[frame["source"] == "observed", "value"]
    for value in observed:
        ax.axvline(value, color=TYPE, linewidth=2.0, zorder=3)
        ax.plot(value, top + 0.02, marker="v", color=TYPE, markersize=7, clip_on=False)
    ax.set_ylim(-0.6, top)
    ax.set_yticks([levels[source] for source in drawn], labels=[NULL_LABELS[source] for source in drawn])
    ax.spines["left"].set_visible(False)
    spread = float(frame["value"].max() - frame["value"].min()) or 1.0
    ax.set_xlim(frame["value"].min() - 0.08 * spread, frame["value"].max() + 0.12 * spread)
    low, high = ax.get_xlim()
    ax.set_xticks([tick for tick in ax.get_xticks() if low <= tick <= high])
    ax.grid(axis="x")
    return ax


@in_style
def draw_evidence(tables: Tables, summary: Summary) -> Figure:
    """Draw every evidence statistic, observed against the two kinds of simulated surveys."""
    frame = evidence_data(tables)
    statistics = list(dict.fromkeys(frame["statistic"]))
    height = 24.0 + 36.0 * max(len(statistics), 1)
    if not statistics:
        return empty_figure(EMPTY, width=170, height=height)
    figure = new_figure(width=170, height=height)
    for i, statistic in enumerate(statistics):
        ax = place(figure, left=42, top=14 + 36 * i, width=122, height=18)
        draw_statistic(frame[frame["statistic"] == statistic], ax)
        head = blank(place(figure, left=6, top=4 + 36 * i, width=158, height=6))
        write(head, 0, 0, [_sentence_case(statistic)], size=10, bold=True)
    sheet = blank(place(figure, left=6, top=height - 17, width=158, height=16))
    given = summary.get("evidence") or {}
    tests = []
    for key, name in (
        ("p_no_types", "against surveys without types"),
        ("p_no_association", "against shuffled answers"),
    ):
        if given.get(key) is not None:
            tests.append(f"p {_sign(p_value(float(given[key])))} {name}")
    note = (
        "Line with triangle: this survey. Ticks: simulated surveys of the same size and the same answer "
        "frequencies, "
        "with all associations but no types, or with answers shuffled. " + "; ".join(tests)
    )
    write(
        sheet,
        0,
        0,
        wrap(note.strip() + ("." if tests else ""), width=158 * 72 / 25.4),
        size=TINY,
        colour=MUTED,
    )
    return figure


def _sentence_case(text: str) -> str:
    words = text.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _sign(p: str) -> str:
    return p if p.startswith("<") else f"= {p}"


def runs_data(tables: Tables) -> pd.DataFrame:
    """Return n_neighbors, min_cluster_size, clusters, noise, ari_to_types: one row a single run."""
    frame = table(tables, "runs", columns=["n_neighbors", "min_cluster_size", "clusters"])
    frame = numbers(frame, "n_neighbors", "min_cluster_size", "clusters", "noise", "ari_to_types")
    return frame[frame["clusters"].notna()].reset_index(drop=True)


def draw_run_counts(frame: pd.DataFrame, ax: Axes, *, n_types: int | None) -> Axes:
    """Draw how many clusters each single run would have reported, by neighbourhood and cluster size.

    Parameters
    ----------
    frame : DataFrame
        As :func:`runs_data`.
    ax : Axes
    n_types : int or None
        The number of types reported, drawn as a line; None when there are none.
    """
    settings = frame[["n_neighbors", "min_cluster_size"]].drop_duplicates()
    settings = settings.sort_values(["n_neighbors", "min_cluster_size"]).reset_index(drop=True)
    for y, (neighbours, size) in enumerate(settings.itertuples(index=False)):
        mine = frame[(frame["n_neighbors"] == neighbours) & (frame["min_cluster_size"] == size)]
        counts = mine["clusters"].value_counts()
        ax.scatter(
            counts.index, np.full(len(counts), y), s=16 + 26 * (counts.to_numpy() - 1), color=TYPE, zorder=3,
            clip_on=False,
        )  # fmt: skip
        ax.axhline(y, color=RULE, linewidth=0.4, zorder=0)
    labels = [f"{n:.0f} neighbours, clusters of {size:.0f}+" for n, size in settings.itertuples(index=False)]
    ax.set_yticks(range(len(settings)), labels=labels)
    ax.set_ylim(len(settings) - 0.4, -0.6)
    highest = int(frame["clusters"].max())
    ax.set_xlim(-0.5, highest + 0.5)
    ax.set_xticks(range(0, highest + 1, max(1, highest // 12 + (highest % 12 > 0))))
    if n_types:
        ax.axvline(n_types, color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("clusters found by one run of UMAP and HDBSCAN")
    return ax


@in_style
def draw_runs(tables: Tables, summary: Summary) -> Figure:
    """Draw what single runs would have reported: why one run is not evidence."""
    frame = runs_data(tables)
    settings = frame[["n_neighbors", "min_cluster_size"]].drop_duplicates()
    figure = new_figure(width=170, height=38 + 7.0 * max(len(settings), 1))
    if frame.empty:
        write_empty(place(figure, left=6, top=6, width=158, height=30), "This run holds no single runs.")
        return figure
    n_types = len(summary.get("types") or []) or None
    ax = place(figure, left=56, top=6, width=106, height=7.0 * len(settings))
    draw_run_counts(frame, ax, n_types=n_types)
    sheet = blank(place(figure, left=6, top=20 + 7.0 * len(settings), width=158, height=14))
    line = " Dashed line: the types reported here, after consensus and evidence." if n_types else ""
    note = (
        "Each dot stands for runs with the same settings, which differ in their random seed and in how "
        f"HDBSCAN picks clusters from its tree; larger dots are more runs.{line}"
    )
    write(sheet, 0, 0, wrap(note, width=158 * 72 / 25.4), size=TINY, colour=MUTED)
    return figure


def legend(ax: Axes, marks: list[tuple[Line2D, str]]) -> None:
    """Put a one-line legend of hand-made marks above axes."""
    ax.legend(
        [mark for mark, _ in marks], [text for _, text in marks], loc="lower left", bbox_to_anchor=(0, 1.01),
        ncols=len(marks), borderpad=0, handletextpad=0.4, columnspacing=1.4,
    )  # fmt: skip
