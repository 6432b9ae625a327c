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
    room = int((height - SPACE * (len(frame) - 1)) // line_height())
    y = 0.0
    for record, (statement, source) in zip(
        frame.to_dict("records"), fit_guidance(frame, width=width, room=room), strict=True
    ):
        write(ax, 0, y, [str(record["audience"]).capitalize()], size=BODY, bold=True, colour=INK)
        y = write(ax, AUDIENCE, y, statement, size=TINY)
        y = write(ax, AUDIENCE, y, source, size=TINY, colour=MUTED, italic=True) + SPACE
    return ax


def fit_guidance(frame: pd.DataFrame, *, width: float, room: int) -> list[tuple[list[str], list[str]]]:
    """Wrap statements and sources into `room` lines altogether.

    Where they do not fit, the factors they follow from are left out first (the guidance table has them), and
    only then is text cut.
    """
    records = frame.to_dict("records")
    statements = [wrap(str(record["statement"]), width=width) for record in records]
    full = [wrap(f"Follows from: {r['because']}. Source: {r['source']}", width=width) for r in records]
    short = [wrap(f"Source: {r['source']}", width=width) for r in records]
    chosen = list(full)
    for i in sorted(range(len(records)), key=lambda k: len(short[k]) - len(full[k])):
        if sum(map(len, statements)) + sum(map(len, chosen)) > room:
            chosen[i] = short[i]
    while sum(map(len, statements)) + sum(map(len, chosen)) > room and max(map(len, statements)) > 1:
        longest = max(range(len(records)), key=lambda k: len(statements[k]))
        text, lines = str(records[longest]["statement"]), len(statements[longest]) - 1
        statements[longest] = wrap(text, width=width, max_lines=lines)
    return list(zip(statements, chosen, strict=True))
