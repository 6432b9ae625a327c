from __future__ import annotations

import math

from typology.profile import cells

NONE = math.nan


def test_numbers_read_as_in_the_prose_and_missing_ones_are_a_dash() -> None:
    assert cells.count(13677.0) == "13,677"
    assert cells.fixed(0.456) == "0.46"
    assert cells.fixed(0.456, digits=1) == "0.5"
    assert cells.share(0.2) == "20%"
    assert cells.share(0.123456, decimals=2) == "12.35%"
    assert cells.interval(0.17, 0.23) == "17 to 23%"
    assert cells.interval(0.17, 0.23, decimals=1) == "17.0 to 23.0%"
    assert cells.count(NONE) == cells.fixed(NONE) == cells.share(NONE) == cells.EMPTY
    assert cells.interval(0.1, NONE) == cells.interval(NONE, 0.1) == cells.EMPTY


def test_each_reason_is_given_once_with_the_threshold_of_the_run() -> None:
    summary = {"study": "s", "provenance": {"threshold": 25}}
    assert cells.reasons(["", ""], summary) == ""
    told = cells.reasons(["threshold", "", "too old", "threshold"], summary)
    assert told == (
        "Withheld: fewer than 25 respondents here, or where this number would give them away; too old."
    )


def test_a_profile_that_resembles_none_in_the_literature_says_so() -> None:
    assert cells.profile_match("Risk takers", 0.813) == "Risk takers (0.81)"
    assert cells.profile_match("", NONE) == "not described before"
