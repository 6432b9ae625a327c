from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from typology.plots.rows import MAX_LINES, layout_rows
from typology.plots.style import new_figure, place, styled
from typology.plots.text import overlaps, printable, text_width, wrap

SAID = "Respondents in this group reported experiences more often than others; częściej, чаще"
WORDS = st.lists(st.text(alphabet="abcdefgßéλжmw", min_size=1, max_size=14), min_size=1, max_size=12)


@given(WORDS, st.floats(min_value=40, max_value=200))
def test_wrapped_lines_fit_and_lose_nothing(words: list[str], width: float) -> None:
    lines = wrap(" ".join(words), width=width)
    assert all(text_width(line) <= width + 0.01 for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == "".join(words)


def test_a_word_that_is_too_long_breaks_after_its_own_hyphen_first() -> None:
    assert wrap("Kinder-und-Jugendschutzbefragung", width=100) == ["Kinder-und-", "Jugendschutzbefragung"]
    assert wrap("Jugendschutzbefragungsergebnisse", width=100)[0].endswith("-")


def test_letters_outside_the_font_become_one_sign_that_says_so() -> None:
    europe = "Ğğ Ħħ Łł Őő Ŵŵ Žž ß þð æø ĳ ŉ İı Ґґ Ђђ Љљ Ѓѓ Ўў Ёё Ъъ Ωώ ΰ ἄ ქართული հայ ẞ Ǆ Ḃ"
    assert printable(europe) == europe
    assert printable("Cafe\u0301 A\u030a") == "Café Å"
    assert printable("co\u00adoperate\u200b \u202eleft") == "cooperate left"
    assert printable("孤独") == "\ufffd\ufffd"


@pytest.mark.parametrize("dpi", [50, 72, 130, 200])
def test_text_is_as_wide_as_measured_at_any_resolution(dpi: int) -> None:
    with styled():
        figure = new_figure(width=200, height=20)
        figure.set_dpi(dpi)
        text = figure.text(0, 0, SAID, fontsize=8, fontweight="bold")
        figure.canvas.draw()
        assert text.get_window_extent().width * 72 / dpi == pytest.approx(
            text_width(SAID, size=8, bold=True), rel=0.006
        )


def test_labels_get_more_lines_where_there_is_room_and_parts_share_them() -> None:
    long = "a label that needs more than three lines where it has so little room " * 2
    assert len(layout_rows([long], width=100, height=40)[0].lines) == MAX_LINES
    whole = layout_rows([long], width=100, height=300)[0].lines
    assert " ".join(whole) == long.strip()
    parts = layout_rows([f"{long}\n{long}"], width=100, height=45, max_lines=4)[0].lines
    assert [line.endswith("…") for line in parts] == [False, True, False, True]


def test_a_cut_label_ends_in_an_ellipsis_and_still_fits() -> None:
    lines = wrap("a label that is far too long for the room it was given on this card", width=60, max_lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert text_width(lines[-1]) <= 60


def test_rows_never_exceed_their_room_and_keep_their_order() -> None:
    labels = [f"row {i} with quite a long label that needs lines" for i in range(30)]
    rows = layout_rows(labels, width=80, height=200)
    assert 0 < len(rows) < len(labels)
    assert [row.position for row in rows] == list(range(len(rows)))
    assert rows[-1].middle + rows[-1].height / 2 <= 200.01
    assert all(len(row.lines) <= MAX_LINES for row in rows)


def test_overlapping_texts_are_found() -> None:
    figure = new_figure(width=60, height=40)
    ax = place(figure, left=5, top=5, width=50, height=30)
    one = ax.text(0.1, 0.5, "first label")
    two = ax.text(0.15, 0.5, "second label")
    three = ax.text(0.1, 0.9, "far away")
    assert overlaps([one, two, three]) == [("first label", "second label")]
