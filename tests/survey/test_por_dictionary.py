"""Declarations of user-missing codes, taken out of portable files written by hand."""

from __future__ import annotations

import math

import pytest

from typology.survey.por_file import _Cursor, split_por
from typology.survey.table import FileMissing

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRST"


def number(value: int) -> str:
    digits = ""
    while True:
        value, rest = divmod(value, 30)
        digits = DIGITS[rest] + digits
        if not value:
            return f"{digits}/"


def word(text: str) -> str:
    return number(len(text)) + text


def variable(name: str, *records: str, text: int = 0) -> str:
    return "7" + number(text) + word(name) + number(5) * 6 + "".join(records)


def por(*records: str, data: str = "F1/") -> bytes:
    text = (
        "ASCII SPSS PORT FILE".ljust(456, "0")
        + "SPSSPORT"
        + "A"
        + word("20260101")
        + word("120000")
        + "".join([*records, data])
    )
    lines = [text[at : at + 80] for at in range(0, len(text), 80)]
    lines[-1] = lines[-1].ljust(80, "Z")
    return "\r\n".join([*lines, ""]).encode("latin-1")


def flat(content: bytes) -> str:
    return content.decode("latin-1").replace("\r\n", "").rstrip("Z")


HEAD = ("1" + word("a program"), "2" + word("author"), "3" + word("extra"), "4" + number(1), "5" + number(9),
        "6" + word("weight"))  # fmt: skip
LABELS = (
    "D" + number(2) + word("Q1") + word("Q2") + number(2) + number(1) + word("No") + number(2) + word("Yes")
)
TEXT_LABELS = "D" + number(1) + word("NAME") + number(1) + word("a") + word("Anna")
DOCUMENTS = "E" + number(2) + word("first line") + word("second")
PLAIN = (variable("Q1"), variable("Q2"), variable("NAME", text=8), LABELS, TEXT_LABELS, DOCUMENTS)


def test_a_file_that_declares_nothing_stays_as_it_is() -> None:
    content, missing, notes = split_por(por(*HEAD, *PLAIN))
    assert flat(content) == flat(por(*HEAD, *PLAIN))
    assert missing == {}
    assert notes == ()


def test_declarations_are_taken_out_and_known() -> None:
    declared = (
        variable("Q1", "8" + number(9), "8" + number(98), "C" + word("How often")),
        variable("Q2", "9-5/", "A" + number(900), "8" + number(7)),
        variable("NAME", "8" + word("ZZ  "), text=8),
        variable("Q3", "B" + number(97) + number(99)),
        LABELS, TEXT_LABELS, DOCUMENTS,
    )  # fmt: skip
    without = (
        variable("Q1", "C" + word("How often")), variable("Q2"), variable("NAME", text=8), variable("Q3"),
        LABELS, TEXT_LABELS, DOCUMENTS,
    )  # fmt: skip
    content, missing, notes = split_por(por(*HEAD, *declared))
    assert notes == ()
    assert missing == {
        "Q1": FileMissing((9.0, 98.0), ()),
        "Q2": FileMissing((7.0,), ((-math.inf, -5.0), (900.0, math.inf))),
        "NAME": FileMissing(("ZZ",), ()),
        "Q3": FileMissing((), ((97.0, 99.0),)),
    }
    assert flat(content) == flat(por(*HEAD, *without))
    assert {len(line) for line in content.split(b"\r\n")[:-1]} == {80}


def test_lines_that_lost_their_last_blanks_or_end_in_another_way_are_read() -> None:
    whole = por(*HEAD, variable("Q1", "8" + number(9)), DOCUMENTS)
    for line in (b"\n", b"\r\n"):
        bare = line.join(each.rstrip() for each in whole.split(b"\r\n"))
        assert split_por(bare)[1] == {"Q1": FileMissing((9.0,), ())}
        assert split_por(bare)[0] == split_por(whole)[0]


@pytest.mark.parametrize(
    "content",
    [
        por("X" + word("unknown")),  # a record nobody knows
        por(variable("Q1"), data=""),  # no data
        por("1" + word("x" * 90)[:20], data=""),  # breaks off inside of a word
        por("4u/"),  # a digit that is none
        b"no portable file",
        por().replace(b"SPSSPORT", b"XXXXXXXX"),
    ],
)
def test_what_cannot_be_understood_is_left_alone_and_said(content: bytes) -> None:
    same, missing, notes = split_por(content)
    assert same == content
    assert missing == {}
    assert len(notes) == 1
    assert notes[0].endswith("so such answers count as empty cells: save it as .sav")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0/", 0), ("A/", 10), ("10/", 30), ("-2B/", -71), (" 5/", 5), (".F/", 0.5), ("-.F/", -0.5),
        ("3.7F/", 3.25), ("2+2/", 1800), ("2-1/", 2 / 30), ("-2-1/", -2 / 30), ("-1+1/", -30),
        ("1.F+1/", 45),
    ],
)  # fmt: skip
def test_numbers_are_to_the_base_thirty(text: str, value: float) -> None:
    cursor = _Cursor(f"x{text}rest", 1)
    assert cursor.number() == pytest.approx(value)
    assert cursor.take(4) == "rest"
    with pytest.raises(ValueError, match="ends inside"):
        cursor.take(1)
