"""Keys of marks whose names come from the survey: wrapped, and in as many rows as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from typology.plots.style import MM, PT
from typology.plots.text import line_height, text_width, wrap

LINES = 2
HANDLE, SPACING, BETWEEN = 22.0, 12.0, 2.5


@dataclass(frozen=True)
class Key:
    """A key laid out: its wrapped names, the number of columns, and its height in millimetres."""

    names: tuple[str, ...]
    columns: int
    height: float


def lay_key(names: Sequence[str], *, width: float) -> Key:
    """Lay out a key in a room of `width` millimetres: on one row if it fits, else in columns.

    Parameters
    ----------
    names : sequence of str
    width : float

    Returns
    -------
    Key
    """
    room = width * MM / PT
    for columns in range(max(len(names), 1), 0, -1):
        each = max(room / columns - HANDLE - SPACING, 40.0) if columns < len(names) else room
        lines = [wrap(name, width=min(each, room - HANDLE), max_lines=LINES) for name in names]
        widths = [max(text_width(line) for line in name) for name in lines]
        parts = np.array_split(np.arange(len(names)), columns)  # a legend fills its columns one by one
        needed = sum(HANDLE + max((widths[i] for i in part), default=0.0) for part in parts)
        if needed + SPACING * (columns - 1) <= room or columns == 1:
            break
    rows = max(len(part) for part in parts)
    tallest = [max(len(lines[part[row]]) for part in parts if row < len(part)) for row in range(rows)]
    points = sum(count * line_height() + BETWEEN for count in tallest)
    return Key(tuple("\n".join(name) for name in lines), columns, points * PT / MM)


def draw_key(handles: Sequence[Artist], key: Key, ax: Axes) -> Axes:
    """Draw a key into axes of its size."""
    ax.set_axis_off()
    ax.legend(
        list(handles), list(key.names), loc="upper left", ncols=key.columns, borderpad=0, borderaxespad=0,
        columnspacing=SPACING / 8, handlelength=1.6, handletextpad=0.6, labelspacing=BETWEEN / 8,
    )  # fmt: skip
    return ax
