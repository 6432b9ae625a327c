"""User-missing codes of SPSS portable files.

The reader of .por files turns user-missing answers into empty cells and does not say which codes were
meant. So the declarations are taken out of the file's dictionary before it is read: the codes then stay
in the cells, and are known from here. The format is that of the PSPP developers' description of portable
files: text in lines of 80 characters, numbers to the base 30, a letter or digit before every record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typology.survey.table import FileMissing

_HEADER = 464
_SIGNATURE = slice(456, 464)
_LINE = 80
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRST"
_TEXTS = {"1": 1, "2": 1, "3": 1, "6": 1, "C": 1}
_NUMBERS = {"4": 1, "5": 1}
_MISSING = {"8": "x", "9": "lowest to x", "A": "x to highest", "B": "x to y"}
_UNKNOWN = (
    "the user-missing codes this .por file declares could not be read, so such answers count as empty cells: "
    "save it as .sav"
)


def split_por(content: bytes) -> tuple[bytes, dict[str, FileMissing], tuple[str, ...]]:
    """Take the declarations of user-missing codes out of a portable file.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    content : bytes
        The file without the declarations, or as it was where it cannot be understood.
    missing : dict of str to FileMissing
        What was declared, by variable.
    notes : tuple of str
        Says so where the file cannot be understood.
    """
    lines = content.decode("latin-1").split("\n")
    text = "".join(line.rstrip("\r").ljust(_LINE) for line in lines if line)
    if text[_SIGNATURE] != "SPSSPORT":  # in the character set of another machine
        return content, {}, (_UNKNOWN,)
    try:
        spans, missing = _declarations(_Cursor(text, _HEADER))
    except (ValueError, IndexError):
        return content, {}, (_UNKNOWN,)
    kept = "".join(text[start:end] for start, end in _between(spans, len(text)))
    wrapped = [kept[at : at + _LINE] for at in range(0, len(kept), _LINE)]
    wrapped[-1] = wrapped[-1].ljust(_LINE, "Z")  # as the format fills its last line
    return "\r\n".join((*wrapped, "")).encode("latin-1"), missing, ()


@dataclass
class _Cursor:
    """Reads the items of a portable file one after the other."""

    text: str
    at: int

    def take(self, length: int) -> str:
        piece = self.text[self.at : self.at + length]
        if len(piece) < length:
            raise ValueError("the file ends inside its dictionary")
        self.at += length
        return piece

    def number(self) -> float:
        """Read a number to the base 30 that ends in a slash."""
        end = self.text.index("/", self.at)
        body = self.take(end - self.at).strip()
        self.take(1)
        digits = body.lstrip("-")
        marks = [mark for mark in (digits.find("+"), digits.find("-")) if mark > 0]
        mantissa, power = (digits[: min(marks)], digits[min(marks) :]) if marks else (digits, "0")
        whole, _, fraction = mantissa.partition(".")
        value = float(_base_30(whole)) + _base_30(fraction) / 30.0 ** len(fraction)
        value *= 30.0 ** (-_base_30(power[1:]) if power.startswith("-") else _base_30(power.lstrip("+")))
        return -value if body.startswith("-") else value

    def word(self) -> str:
        return self.take(int(self.number()))


def _base_30(digits: str) -> int:
    value = 0
    for digit in digits:
        value = 30 * value + _DIGITS.index(digit)
    return value


def _declarations(cursor: _Cursor) -> tuple[list[tuple[int, int]], dict[str, FileMissing]]:
    """Walk through the dictionary: where declarations stand, and what they say."""
    cursor.take(1)  # version
    cursor.word(), cursor.word()  # date and time
    spans: list[tuple[int, int]] = []
    missing: dict[str, FileMissing] = {}
    kinds: dict[str, bool] = {}
    name = ""
    while (start := cursor.at, tag := cursor.take(1))[1] != "F":
        if tag in _TEXTS:
            cursor.word()
        elif tag in _NUMBERS:
            cursor.number()
        elif tag == "7":
            textual = cursor.number() > 0
            name = cursor.word()
            kinds[name] = textual
            _skip(cursor, 6)
        elif tag in _MISSING:
            found = _declared(cursor, tag, textual=kinds[name])
            before = missing.get(name, FileMissing())
            missing[name] = FileMissing((*before.codes, *found.codes), (*before.ranges, *found.ranges))
            spans.append((start, cursor.at))
        elif tag == "D":
            _skip_labels(cursor, kinds)
        elif tag == "E":
            for _ in range(int(cursor.number())):
                cursor.word()
        else:
            raise ValueError(f"unknown record {tag!r}")
    return spans, missing


def _declared(cursor: _Cursor, tag: str, *, textual: bool) -> FileMissing:
    if tag == "8":
        value: Any = cursor.word().rstrip() if textual else cursor.number()
        return FileMissing((value,))
    first = cursor.number()
    bounds = {"9": (float("-inf"), first), "A": (first, float("inf"))}
    return FileMissing((), (bounds.get(tag) or (first, cursor.number()),))


def _skip(cursor: _Cursor, numbers: int) -> None:
    for _ in range(numbers):
        cursor.number()


def _skip_labels(cursor: _Cursor, kinds: dict[str, bool]) -> None:
    names = [cursor.word() for _ in range(int(cursor.number()))]
    for _ in range(int(cursor.number())):
        cursor.word() if kinds[names[0]] else cursor.number()
        cursor.word()


def _between(spans: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """Stretches outside the spans."""
    at = 0
    for start, end in spans:
        yield at, start
        at = end
    yield at, length
