"""What notebooks and the report show: notices and tables, as escaped HTML and as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

SKIPPED = "typology-skipped"
LONG = 16  # characters of a row heading that would be set one word a line


@dataclass(frozen=True)
class Notice:
    """Says why there is nothing to draw or list.

    Parameters
    ----------
    text : str
        One or two plain sentences.
    skip : bool
        Whether a report leaves it out, with the part it stands in if there is nothing else: it only says that
        the part is about something the run does not have.
    """

    text: str
    skip: bool = False

    def __repr__(self) -> str:
        """Return the plain sentence."""
        return self.text

    def _repr_html_(self) -> str:
        kind = f"typology-notice {SKIPPED}" if self.skip else "typology-notice"
        return f'<p class="{kind}" role="note">{escape(self.text)}</p>'


def sentences_html(heading: str, sentences: Sequence[str], *, listed: Sequence[str] = ()) -> str:
    """Return a small heading, paragraphs, and a list, all escaped."""
    told = "".join(f"<p>{escape(text)}</p>" for text in sentences)
    items = "".join(f"<li>{escape(text)}</li>" for text in listed)
    block = (
        f'<section class="typology-result" aria-label="{escape(heading)}"><h4>{escape(heading)}</h4>{told}'
    )
    return f"{block}{f'<ul>{items}</ul>' if items else ''}</section>"


@dataclass(frozen=True)
class TableView:
    """A small table to read: every cell is text already.

    Parameters
    ----------
    caption : str
    header : tuple of str
        Column headings.
    rows : tuple of tuple of str
        Cells; the first cell of a row is its heading.
    numeric : frozenset of int
        Columns set flush right.
    note : str
        Shown under the table.
    grouped : bool
        The first cell of a row names what the row is about, often at length, and the second is its heading:
        rows that follow each other with the same first cell are shown under it instead of repeating it.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""
    grouped: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Headings of the columns that are shown."""
        return self.header[1:] if self.grouped else self.header

    @property
    def flush_right(self) -> frozenset[int]:
        """Columns, of those shown, that are set flush right."""
        return frozenset(i - self.grouped for i in self.numeric)

    @property
    def groups(self) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
        """What rows are about, with these rows as they are shown; "" where rows are not grouped."""
        if not self.grouped:
            return (("", self.rows),)
        found = groupby(self.rows, key=lambda row: row[0])
        return tuple((heading, tuple(row[1:] for row in rows)) for heading, rows in found)

    def __repr__(self) -> str:
        """Return the table as aligned plain text."""
        grid = [self.columns, *(row for _, rows in self.groups for row in rows)]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.columns))]
        lines = [self.caption, self._line(self.columns, widths)]
        for heading, rows in self.groups:
            lines += [heading] if heading else []
            lines += [self._line(row, widths) for row in rows]
        return "\n".join([*lines, *([self.note] if self.note else [])])

    def _line(self, row: tuple[str, ...], widths: list[int]) -> str:
        cells = [
            text.rjust(width) if i in self.flush_right else text.ljust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col"{self._side(i)}>{escape(text)}</th>' for i, text in enumerate(self.columns)
        )
        body = "".join(self._body(heading, rows) for heading, rows in self.groups)
        note = f'<p class="typology-note">{escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="typology-table" tabindex="0" role="region" aria-label="{escape(self.caption)}">'
            f"<table><caption><span>{escape(self.caption)}</span></caption>"
            f"<thead><tr>{head}</tr></thead>{body}</table></div>{note}"
        )

    def _body(self, heading: str, rows: tuple[tuple[str, ...], ...]) -> str:
        """A group of rows under its heading."""
        over = (
            f'<tr><th scope="rowgroup" colspan="{len(self.columns)}" style="text-align:left">'
            f"<span>{escape(heading)}</span></th></tr>"
        )
        told = "".join(f"<tr>{self._row(row)}</tr>" for row in rows)
        return f"<tbody>{over if heading else ''}{told}</tbody>"

    def _side(self, column: int) -> str:
        return ' class="number"' if column in self.flush_right else ""

    def _row(self, row: tuple[str, ...]) -> str:
        long = ' class="long"' if len(row[0]) > LONG else ""
        first = f'<th scope="row"{self._side(0) or long}>{escape(row[0])}</th>'
        rest = "".join(
            f"<td{self._side(i)}>{unbroken(text) if i in self.flush_right else escape(text)}</td>"
            for i, text in enumerate(row[1:], start=1)
        )
        return first + rest


def unbroken(text: str) -> str:
    """Return the HTML of a number with its interval: where it wraps, it does so between the two."""
    return escape(text.replace(" to ", "\u00a0to\u00a0").replace("< ", "<\u00a0"))
