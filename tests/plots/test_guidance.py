from __future__ import annotations

import pandas as pd

from typology.plots.guidance import fit_guidance

ROW = {
    "audience": "schools",
    "statement": "A statement of some length for practice. " * 3,
    "because": "Loneliness",
    "source": "Somebody et al. 2017, A Journal of Some Sort 14(1):104-112",
}


def lines(rows: int, room: int) -> tuple[str, int]:
    fitted = fit_guidance(pd.DataFrame([ROW] * rows), width=280, room=room)
    text = " ".join(" ".join([*statement, *source]) for statement, source in fitted)
    return text, sum(len(statement) + len(source) for statement, source in fitted)


def test_with_room_everything_is_written() -> None:
    text, used = lines(2, 40)
    assert text.count("Follows from: Loneliness. Source: Somebody") == 2
    assert "…" not in text
    assert used <= 40


def test_the_factor_goes_before_the_source_is_cut() -> None:
    _, full = lines(2, 40)
    text, used = lines(2, full - 1)
    assert text.count("104-112") == 2
    assert text.count("Follows from") < 2
    assert used <= full - 1


def test_as_a_last_resort_text_is_cut_and_says_so() -> None:
    text, used = lines(3, 7)
    assert "…" in text
    assert used <= 7
    assert text.count("104-112") == 3
