"""Text that fits: measured in points, wrapped at words, cut with an ellipsis only as a last resort."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from matplotlib.textpath import TextToPath

from typology.plots.style import INK, TINY

LEADING = 1.22
ELLIPSIS = "…"
STRANGER = "\N{REPLACEMENT CHARACTER}"
UNSEEN = frozenset({"Cc", "Cf"})  # controls; soft hyphens, joiners, marks of direction
BREAKABLE = "-–/_"
LEAST_LEFT = 3  # letters of a broken word on its last line
_measure = TextToPath()


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Characters that both weights of the font have."""
    faces = [get_font(findfont(FontProperties(family="DejaVu Sans", weight=w))) for w in ("normal", "bold")]
    return frozenset.intersection(*(frozenset(face.get_charmap()) for face in faces))


def printable(text: str) -> str:
    """Return a text as it can be drawn: letters with their accents in one, invisible characters left out.

    The font has every letter of the languages of Europe. Any other it lacks is drawn as the replacement
    character, which says that there is a character, instead of an empty box.
    """
    composed = unicodedata.normalize("NFC", text)
    seen = [letter for letter in composed if letter.isspace() or unicodedata.category(letter) not in UNSEEN]
    return "".join(letter if letter.isspace() or ord(letter) in _glyphs() else STRANGER for letter in seen)


@lru_cache(maxsize=20_000)
def text_width(text: str, *, size: float = TINY, bold: bool = False) -> float:
    """Return the width of one line of text in points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    width, _, _ = _measure.get_text_width_height_descent(text, font, ismath=False)
    return float(width)


def wrap(
    text: str, *, width: float, size: float = TINY, bold: bool = False, max_lines: int | None = None
) -> list[str]:
    """Break text into lines no wider than `width` points.

    Words longer than a line are broken after a hyphen or slash of theirs if that helps, or where they must
    be. Beyond `max_lines` the last line ends in an ellipsis.
    """
    lines: list[str] = []
    line = ""
    for word in printable(text).split():
        for piece in _pieces(word, width=width, size=size, bold=bold):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size=size, bold=bold) > width:
                lines.append(line)
                line = piece
            else:
                line = longer
    lines.append(line)
    if max_lines is None or len(lines) <= max_lines:
        return lines
    kept = lines[:max_lines]
    last = kept[-1]
    while last and text_width(last + ELLIPSIS, size=size, bold=bold) > width:
        last = last[:-1]
    return [*kept[:-1], last.rstrip(" ,;:") + ELLIPSIS]


def _pieces(word: str, *, width: float, size: float, bold: bool) -> list[str]:
    if text_width(word, size=size, bold=bold) <= width:
        return [word]
    pieces, piece = [], ""
    for letter in word:
        if piece and text_width(piece + letter + "-", size=size, bold=bold) > width:
            own = max(piece.rfind(mark) for mark in BREAKABLE) + 1
            pieces.append(piece[:own] if own > 1 else piece + "-")
            piece = piece[own:] if own > 1 else ""
        piece += letter
    if pieces and len(piece) < LEAST_LEFT and pieces[-1].endswith("-") and len(pieces[-1]) > 2 * LEAST_LEFT:
        # a letter or two alone on a line: more of the word goes with them
        whole = pieces[-1][:-1] + piece
        broken = word.endswith(whole)
        pieces[-1], piece = (
            (whole[:-LEAST_LEFT] + "-", whole[-LEAST_LEFT:]) if broken else (pieces[-1], piece)
        )
    return [*pieces, piece]


def line_height(size: float = TINY) -> float:
    """Return the distance between two lines in points."""
    return size * LEADING


def write(
    ax: Axes, x: float, y: float, lines: list[str], *, size: float = TINY, bold: bool = False,
    colour: str = INK, italic: bool = False,
) -> float:  # fmt: skip
    """Write lines on a blank sheet, first baseline one line below `y`; return the y below the last line."""
    for i, line in enumerate(lines):
        ax.text(
            x, y + i * line_height(size) + size * 0.95, line, fontsize=size, color=colour, va="baseline",
            fontweight="bold" if bold else "normal", fontstyle="italic" if italic else "normal",
        )  # fmt: skip
    return y + len(lines) * line_height(size)


def overlaps(texts: list[Text], *, tolerance: float = 0.5) -> list[tuple[str, str]]:
    """Return the pairs of drawn texts whose boxes overlap by more than `tolerance` points.

    A check for tests and for the writer of a new panel; all texts belong to one figure that has a canvas.
    """
    seen = [text for text in texts if text.get_text().strip() and text.get_visible()]
    scale = seen[0].figure.dpi / 72 if seen and seen[0].figure is not None else 1.0
    boxes = [text.get_window_extent() for text in seen]
    pairs = []
    for i, one in enumerate(boxes):
        for j in range(i + 1, len(boxes)):
            two = boxes[j]
            across = min(one.x1, two.x1) - max(one.x0, two.x0)
            down = min(one.y1, two.y1) - max(one.y0, two.y0)
            if across > tolerance * scale and down > tolerance * scale:
                pairs.append((seen[i].get_text(), seen[j].get_text()))
    return pairs
