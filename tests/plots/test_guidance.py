from __future__ import annotations

import pandas as pd

from typology.plots.guidance import fit_guidance, guidance_height
from typology.plots.text import line_height

ROW = {
    "audience": "schools",
    "statement": "A statement of some length for practice. " * 3,
    "because": "Loneliness",
    "source": "Somebody et al. 2017, A Journal of Some Sort 14(1):104-112",
}


def lines(rows: int, height: float) -> tuple[str, int]:
    fitted = fit_guidance(pd.DataFrame([ROW] * rows), width=280, height=height)
    text = " ".join(" ".join([*statement, *source]) for _, statement, source in fitted)
    return text, sum(len(statement) + len(source) for _, statement, source in fitted)


def test_with_room_everything_is_written() -> None:
    frame = pd.DataFrame([ROW] * 3)
    needed = guidance_height(frame, width=334)
    text, used = lines(3, needed + 0.1)
    assert text.count("Follows from: Loneliness. Source: Somebody") == 3
    assert "…" not in text
    assert used * line_height() <= needed


def test_no_statement_goes_without_what_it_follows_from() -> None:
    needed = guidance_height(pd.DataFrame([ROW] * 3), width=334)
    for height in (needed - 1, needed / 2, needed / 3):
        text, used = lines(3, height)
        assert 1 <= text.count("A statement") / 3 == text.count("Follows from") < 3
        assert text.count("104-112") == text.count("Follows from")
        assert used * line_height() <= height


def test_as_a_last_resort_text_is_cut_and_says_so() -> None:
    text, used = lines(3, 3 * line_height())
    assert "…" in text
    assert used <= 3
    assert text.count("104-112") == text.count("Follows from") == 1
