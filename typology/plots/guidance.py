"""Panel (f) of a profile card: what practice can do, with sources."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from typology.plots.rows import write_empty
from typology.plots.style import BODY, INK, MUTED, TINY
from typology.plots.text import line_height, wrap, write

AUDIENCE, SPACE = 54.0, 4.0
EMPTY = (
    "No guidance: it follows from risk factors that are more common in a type, and none with a statement in "
    "the catalogue is more common in this one."
)


def draw_guidance(frame: pd.DataFrame, ax: Axes) -> Axes:
    """Write one practice statement an audience, with its source.

    Parameters
    ----------
    frame : DataFrame
        audience, statement, source, because.
    ax : Axes
        A blank sheet measuring in points.
    """
    if frame.empty:
        return write_empty(ax, EMPTY)
    width, height = ax.get_xlim()[1] - AUDIENCE, ax.get_ylim()[0]
    y = 0.0
    for audience, statement, source in fit_guidance(frame, width=width, height=height):
        write(ax, 0, y, [audience], size=BODY, bold=True, colour=INK)
        y = write(ax, AUDIENCE, y, statement, size=TINY)
        y = write(ax, AUDIENCE, y, source, size=TINY, colour=MUTED, italic=True) + SPACE
    return ax


Written = tuple[str, list[str], list[str]]
"""A statement as it is written: its audience, its lines, and those that say what it follows from."""


def guidance_height(frame: pd.DataFrame, *, width: float) -> float:
    """Return the points that all statements take on a sheet of `width` points."""
    return _height(_written(frame, width=width - AUDIENCE))


def fit_guidance(frame: pd.DataFrame, *, width: float, height: float) -> list[Written]:
    """Wrap as many statements as fit, each with what it follows from and its source.

    A statement never goes without its grounds: where not all fit, the last ones are left to the guidance
    table of the report. Only the text of a single statement is ever cut.
    """
    written = _written(frame, width=width)
    while len(written) > 1 and _height(written) > height:
        written.pop()
    audience, statement, source = written[0]
    room = int(height // line_height()) - len(source)
    if len(statement) > max(room, 1):
        text = str(frame["statement"].iloc[0])
        written[0] = (audience, wrap(text, width=width, max_lines=max(room, 1)), source)
    return written


def _written(frame: pd.DataFrame, *, width: float) -> list[Written]:
    return [
        (
            str(r["audience"]).capitalize(),
            wrap(str(r["statement"]), width=width),
            wrap(f"Follows from: {r['because']}. Source: {r['source']}", width=width),
        )
        for r in frame.to_dict("records")
    ]


def _height(written: list[Written]) -> float:
    lines = sum(len(statement) + len(source) for _, statement, source in written)
    return lines * line_height() + SPACE * max(len(written) - 1, 0)
