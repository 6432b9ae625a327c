"""Rows with a label, a plot and readouts: the common grammar of most figures.

Axes of rows measure downwards in points, so that a long label gets the height it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from typology.plots.style import INK, MUTED, RULE, TINY, new_figure, place, size_in_points
from typology.plots.text import line_height, text_width, wrap

PADDING = 4.0
STRETCH = 1.6
MAX_LINES, GENEROUS = 3, 7
SHARE_LIMITS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Row:
    """Where one row lies: its position in the frame, centre and height in points, and its label's lines."""

    position: int
    middle: float
    height: float
    lines: tuple[str, ...]


def layout_rows(
    labels: Sequence[str],
    *,
    width: float,
    height: float,
    max_lines: int = MAX_LINES,
    padding: float = PADDING,
    bold: Sequence[int] = (),
) -> list[Row]:
    """Stack rows from the top: as many as fit in `height`, each as high as its wrapped label.

    Where all rows fit, long labels get more lines than `max_lines`, so that none is cut without need.

    Parameters
    ----------
    labels : sequence of str
        A line break in a label parts it; each part has lines of its own.
    width, height : float
        Room for labels, and room for all rows, in points.
    max_lines : int
        Longer labels end in an ellipsis, unless there is room for them.
    padding : float
        Room above and below a label together, in points.
    bold : sequence of int
        Positions of the labels set in bold.

    Returns
    -------
    list of Row
        Shorter than `labels` when not all fit.
    """
    for most in range(GENEROUS, max_lines - 1, -1):
        wrapped = [
            wrap_label(label, width=width, max_lines=most, bold=i in bold) for i, label in enumerate(labels)
        ]
        needed = [len(lines) * line_height() + padding for lines in wrapped]
        if sum(needed) <= height + 0.01:
            break
    fitting = 0
    while fitting < len(needed) and sum(needed[: fitting + 1]) <= height + 0.01:
        fitting += 1
    if fitting == 0:
        return []
    stretch = min(STRETCH, height / sum(needed[:fitting]))
    rows, top = [], 0.0
    for i in range(fitting):
        tall = needed[i] * stretch
        rows.append(Row(i, top + tall / 2, tall, wrapped[i]))
        top += tall
    return rows


def wrap_label(
    label: str, *, width: float, max_lines: int = MAX_LINES, bold: bool = False
) -> tuple[str, ...]:
    """Wrap a label into lines; each of its parts, set apart by line breaks, gets the same number of them."""
    parts = label.split("\n")
    most = max(1, max_lines // len(parts))
    return tuple(line for part in parts for line in wrap(part, width=width, max_lines=most, bold=bold))


def row_height(
    label: str,
    *,
    width: float,
    max_lines: int = MAX_LINES,
    padding: float = PADDING,
    bold: bool = False,
) -> float:
    """Return the points a row needs for its label when nothing is stretched."""
    return len(wrap_label(label, width=width, max_lines=max_lines, bold=bold)) * line_height() + padding


def prepare_axes(ax: Axes, rows: Sequence[Row], *, limits: tuple[float, float]) -> Axes:
    """Set up axes for rows: downward points, ticks on top, a hairline between rows."""
    _, height = size_in_points(ax)
    ax.set_ylim(height, 0)
    ax.set_xlim(*limits)
    ax.xaxis.tick_top()
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.spines["top"].set_visible(True)
    ax.set_yticks([])
    for row in rows[:-1]:
        ax.axhline(row.middle + row.height / 2, color=RULE, linewidth=0.4, zorder=0.5)
    return ax


def prepare_shares(ax: Axes, *, longest: float) -> Axes:
    """Set up axes for shares of rows: downward points, and a round percentage that `longest` fits under."""
    _, height = size_in_points(ax)
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    limit = next(step for step in SHARE_LIMITS if step >= min(longest, 1.0) - 1e-9)
    ax.set_xlim(0, limit)
    ticks = [0.0, limit / 2, limit]
    ax.xaxis.tick_top()
    ax.set_xticks(ticks, labels=[f"{100 * tick:g}%" for tick in ticks])
    ax.grid(axis="x")
    ax.spines[:].set_visible(False)
    return ax


def write_labels(ax: Axes, rows: Sequence[Row], *, width: float, bold: Sequence[int] = ()) -> list[Text]:
    """Write the row labels into the room of `width` points left of the axes."""
    return [
        ax.annotate(
            "\n".join(row.lines),
            xy=(0, row.middle),
            xycoords=("axes fraction", "data"),
            xytext=(-width, 0),
            textcoords="offset points",
            ha="left",
            va="center",
            fontsize=TINY,
            linespacing=1.08,
            color=INK,
            fontweight="bold" if row.position in bold else "normal",
            annotation_clip=False,
        )
        for row in rows
    ]


def write_readout(
    ax: Axes,
    rows: Sequence[Row],
    texts: Sequence[str],
    *,
    offset: float,
    colour: str = INK,
    bold: bool = False,
) -> None:
    """Write one readout a row, flush right, `offset` points right of the axes."""
    for row in rows:
        ax.annotate(
            texts[row.position],
            xy=(1, row.middle),
            xycoords=("axes fraction", "data"),
            xytext=(offset, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=TINY,
            color=colour,
            fontweight="bold" if bold else "normal",
            annotation_clip=False,
        )


def write_column_head(ax: Axes, text: str, *, offset: float, colour: str = MUTED, bold: bool = False) -> None:
    """Write the heading of a readout column in line with the tick labels."""
    ax.annotate(
        text,
        xy=(1, 1),
        xycoords="axes fraction",
        xytext=(offset, 6.0),
        textcoords="offset points",
        ha="right",
        va="bottom",
        fontsize=TINY,
        color=colour,
        fontweight="bold" if bold else "normal",
        annotation_clip=False,
    )


def write_reason(ax: Axes, row: Row, reason: str) -> None:
    """Say inside a row why its numbers are not shown."""
    width, _ = size_in_points(ax)
    room = max(2, int(row.height // line_height()))
    lines = wrap(reason, width=width - 4, max_lines=room)
    ax.annotate(
        "\n".join(lines),
        xy=(0, row.middle),
        xycoords=("axes fraction", "data"),
        xytext=(2, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        fontsize=TINY,
        color=MUTED,
        fontstyle="italic",
        linespacing=1.02,
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def write_empty(ax: Axes, reason: str) -> Axes:
    """Fill empty axes with the reason why there is nothing to draw."""
    width, height = size_in_points(ax)
    ax.set_axis_off()
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    lines = wrap(reason, width=width * 0.9)
    ax.text(
        width / 2,
        min(height / 2, 40),
        "\n".join(lines),
        ha="center",
        va="center",
        fontsize=TINY,
        color=MUTED,
        fontstyle="italic",
    )
    return ax


def empty_figure(reason: str, *, width: float, height: float) -> Figure:
    """Make a figure of `width` x `height` millimetres that says why there is nothing to draw."""
    figure = new_figure(width=width, height=height)
    write_empty(place(figure, left=6, top=6, width=width - 12, height=height - 12), reason)
    return figure


def widest(texts: Sequence[str], *, bold: bool = False) -> float:
    """Return the width in points of the widest text."""
    return max((text_width(text, bold=bold) for text in texts), default=0.0)
