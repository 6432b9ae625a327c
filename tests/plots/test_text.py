from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from typology.plots.rows import MAX_LINES, layout_rows
from typology.plots.style import new_figure, place
from typology.plots.text import overlaps, text_width, wrap

WORDS = st.lists(st.text(alphabet="abcdefgßéλжmw", min_size=1, max_size=14), min_size=1, max_size=12)


@given(WORDS, st.floats(min_value=40, max_value=200))
def test_wrapped_lines_fit_and_lose_nothing(words: list[str], width: float) -> None:
    lines = wrap(" ".join(words), width=width)
    assert all(text_width(line) <= width + 0.01 for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == "".join(words)


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
