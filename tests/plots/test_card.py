from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from tests.plots.hostile import hostile_tables
from tests.release_factory import make_summary, make_tables
from typology.plots.card import draw_card
from typology.plots.card_panels import (
    draw_factors,
    draw_items,
    draw_outcomes,
    draw_people,
    lay_people,
    odds_ticks,
)
from typology.plots.style import new_figure, pdf_bytes, place, png_bytes, styled
from typology.plots.text import overlaps
from typology.profile.card import CardContent, build_cards
from typology.profile.panels import with_headings

FORTY = "A label of exactly forty characters, n{:02d}"


def cards(n_types: int = 4, *, long_labels: bool = False, suppress: bool = True) -> tuple[CardContent, ...]:
    tables = make_tables(n_types, long_labels=long_labels, suppress=suppress)
    return build_cards(tables, make_summary(tables))


def written(figure: Figure) -> list[Text]:
    figure.canvas.draw()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def panel(*, height: float = 90) -> tuple[Figure, Axes]:
    figure = new_figure(width=100, height=height + 20)
    return figure, place(figure, left=40, top=12, width=36, height=height)


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


def with_forty(content: CardContent) -> CardContent:
    """Give every row of a card a label of forty characters."""

    def relabel(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(label=[FORTY.format(i) for i in range(len(frame))])

    factors, outcomes = relabel(content.factors), relabel(content.outcomes)
    scales = replace(
        content.scales, factor_labels=tuple(factors["label"]), outcome_labels=tuple(outcomes["label"])
    )
    return replace(
        content, factors=factors, items=relabel(content.items), outcomes=outcomes,
        people=relabel(content.people), scales=scales,
    )  # fmt: skip


def test_forty_characters_it_is() -> None:
    assert len(FORTY.format(1)) == 40


@pytest.mark.parametrize("position", [0, 1, 3])
def test_labels_do_not_overlap_with_forty_characters(position: int) -> None:
    figure = draw_card(with_forty(cards()[position]))
    assert overlaps(written(figure)) == []


def check_sheet(figure: Figure) -> list[Text]:
    """No two texts overlap, none leaves the sheet, none is clipped, and no row label runs into its panel."""
    texts = written(figure)
    assert overlaps(texts) == []
    for text in texts:
        box = text.get_window_extent()
        assert 0 <= box.x0 < box.x1 <= figure.bbox.width, text.get_text()
        assert 0 <= box.y0 < box.y1 <= figure.bbox.height, text.get_text()
        clipped = text.get_clip_on() and (text.get_clip_box() or text.get_clip_path())
        assert not clipped, text.get_text()
        ax = text.axes
        if isinstance(text, Annotation) and ax is not None and text.xyann[0] < 0:
            assert box.x1 <= ax.get_window_extent().x0, text.get_text()
    return texts


@pytest.mark.parametrize("n_types", range(2, 13))
def test_labels_of_forty_characters_neither_overlap_nor_leave_the_page_nor_are_cut(n_types: int) -> None:
    tables = hostile_tables(n_types, length=40)
    assert set(tables["factors"]["factor_label"].map(len)) == {40}
    contents = build_cards(tables, make_summary(tables))
    for content in (contents[n_types // 2], contents[-1]):
        texts = check_sheet(draw_card(content))
        rows = {text.get_text().replace("-\n", "").replace("\n", " ") for text in texts}
        shown = rows & (set(content.factors["label"]) | set(content.outcomes["label"]))
        assert set(content.outcomes["label"]) <= rows
        assert len(shown) >= len(content.outcomes) + 6
        assert not [row for row in rows if "…" in row]


@pytest.mark.parametrize(("n_types", "length"), [(2, 120), (7, 120), (12, 120), (12, 300), (3, 5)])
def test_labels_of_any_length_neither_overlap_nor_leave_the_page(n_types: int, length: int) -> None:
    tables = hostile_tables(n_types, length=length)
    content = build_cards(tables, make_summary(tables))[-1]
    texts = check_sheet(draw_card(content))
    said = " ".join(text.get_text() for text in texts)
    assert ("Texts that end in …" in said.replace("\n", " ")) == (length > 40)


def test_a_card_counts_the_rows_it_has_no_room_for() -> None:
    tables = hostile_tables(4, length=120, suppress=False)
    content = build_cards(tables, make_summary(tables))[1]
    figure = draw_card(content)
    panels = {
        ax.get_xscale() + str(ax.get_xlim()): sum(line.get_marker() == "o" for line in ax.lines)
        for ax in figure.axes
    }
    said = " ".join(text.get_text().replace("\n", " ") for text in written(figure))
    factors = next(count for name, count in panels.items() if name.startswith("log"))
    assert f"{len(content.factors) - factors} more in the risk table." in said
    assert factors < len(content.factors)


def test_no_panel_of_people_ends_with_a_heading() -> None:
    content = build_cards(hostile_tables(4, length=120), make_summary(make_tables(4)))[0]
    for height in range(40, 300, 12):
        rows = lay_people(content.people, height=height, label_width=100)
        lines = with_headings(content.people)
        assert not rows or not lines[rows[-1].position]["heading_row"]


def test_labels_of_forty_characters_are_not_cut() -> None:
    said = " ".join(text.get_text().replace("\n", " ") for text in written(draw_card(with_forty(cards()[0]))))
    assert FORTY.format(0) in said
    assert "…" not in said


def test_nothing_is_smaller_than_eight_points_and_all_is_one_font() -> None:
    texts = written(draw_card(cards(4)[3]))
    assert min(text.get_fontsize() for text in texts) >= 8
    assert {text.get_fontname() for text in texts} == {"DejaVu Sans"}


def test_greek_cyrillic_and_diacritics_have_glyphs(recwarn: pytest.WarningsRecorder) -> None:
    png_bytes(draw_card(cards(3, long_labels=True)[0]), dpi=50)
    assert not [w for w in recwarn if "missing from font" in str(w.message)]


def test_dollar_signs_are_not_mathematics() -> None:
    content = cards(2)[0]
    content = replace(content, heading=replace(content.heading, name="Sold for $5 or $10"))
    assert "Sold for $5 or $10" in [text.get_text() for text in written(draw_card(content))]


def test_a_card_tells_flags_and_suppression() -> None:
    content = cards(4)[3]
    said = " ".join(text.get_text().replace("\n", " ") for text in written(draw_card(content)))
    assert "Read with care: close to T1; rests on few core respondents" in said
    assert "small numbers" in said
    assert "No number rests on fewer than 10 respondents." in said
    assert "Invented survey for tests · run 1f2e3d4c · seed 2015 · data file of 2015-11" in said


def test_every_card_has_the_same_axes_at_the_same_place() -> None:
    first, last = (draw_card(content) for content in (cards(4)[0], cards(4)[3]))
    for one, two in zip(first.axes, last.axes, strict=True):
        assert np.allclose(one.get_position().bounds, two.get_position().bounds)
        if one.get_xscale() == "log":
            assert one.get_xlim() == two.get_xlim()


def test_empty_panels_say_why() -> None:
    content = cards(2)[0]
    empty = replace(
        content, factors=content.factors.iloc[:0], items=content.items.iloc[:0],
        outcomes=content.outcomes.iloc[:0], people=content.people.iloc[:0], hexes=content.hexes.iloc[:0],
        guidance=content.guidance.iloc[:0],
    )  # fmt: skip
    figure = draw_card(empty)
    said = " ".join(text.get_text().replace("\n", " ") for text in written(figure))
    for reason in (
        "No risk factor of the catalogue is bound",
        "No answer of this type can be shown",
        "names no outcome",
        "names no demographic",
        "No cell of the map",
        "No guidance",
    ):
        assert reason in said
    assert overlaps(written(figure)) == []


def test_a_suppressed_type_shows_no_number_in_its_head() -> None:
    content = cards(2)[0]
    nan = float("nan")
    heading = replace(
        content.heading, n=nan, share=nan, lo=nan, hi=nan, core_share=nan, stability=nan, stability_lo=nan,
        stability_hi=nan, suppressed="threshold",
    )  # fmt: skip
    said = " ".join(t.get_text() for t in written(draw_card(replace(content, heading=heading))))
    assert "Size and stability are not shown: fewer than 10 respondents" in said
    assert "nan" not in said


def test_factors_are_drawn_at_their_odds_ratios_and_filled_where_they_stand_out() -> None:
    content = cards(2, suppress=False)[0]
    _, ax = panel(height=130)
    draw_factors(content.factors, ax, limits=content.scales.odds, label_width=100)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    drawn = sorted(
        (float(np.atleast_1d(line.get_xdata())[0]), line.get_markerfacecolor() != "white") for line in dots
    )
    expected = sorted(zip(content.factors["odds_ratio"], content.factors["stands_out"], strict=True))
    assert len(drawn) == len(expected)
    for (x, filled), (ratio, stands_out) in zip(drawn, expected, strict=True):
        assert x == pytest.approx(ratio)
        assert filled == stands_out


def test_a_suppressed_factor_has_no_dot_and_no_whisker() -> None:
    content = cards(4)[1]
    hidden = content.factors[content.factors["suppressed"] != ""]
    assert len(hidden) == 1
    _, ax = panel()
    draw_factors(hidden, ax, limits=(0.1, 10), label_width=100)
    assert not [line for line in ax.lines if line.get_marker() not in ("None", None, "")]
    assert "small numbers" in [text.get_text().replace("\n", " ") for text in ax.texts]


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    frame = cards(2, suppress=False)[0].factors.head(1).assign(odds_ratio=3.0, lo=0.5, hi=400.0)
    _, ax = panel()
    draw_factors(frame, ax, limits=(0.1, 10), label_width=100)
    assert [line for line in ax.lines if line.get_marker() == ">"]
    assert not [line for line in ax.lines if line.get_marker() == "<"]


def test_items_and_outcomes_put_type_and_everyone_where_they_are() -> None:
    content = cards(3, suppress=False)[1]
    _, ax = panel(height=120)
    draw_items(content.items, ax, type_id="T2", label_width=100)
    circles = {round(float(np.atleast_1d(m.get_xdata())[0]), 6) for m in ax.lines if m.get_marker() == "o"}
    diamonds = {round(float(np.atleast_1d(m.get_xdata())[0]), 6) for m in ax.lines if m.get_marker() == "D"}
    assert circles == {round(x, 6) for x in content.items["share"]}
    assert diamonds == {round(x, 6) for x in content.items["everyone"]}
    _, ax = panel()
    draw_outcomes(content.outcomes, ax, type_id="T2", limit=0.5, label_width=100)
    circles = {round(float(np.atleast_1d(m.get_xdata())[0]), 6) for m in ax.lines if m.get_marker() == "o"}
    assert circles == {round(x, 6) for x in content.outcomes["prevalence"]}
    assert ax.get_xlim() == (0, 0.5)


def test_withheld_people_are_named_but_not_drawn() -> None:
    content = cards(3)[1]
    _, ax = panel()
    draw_people(content.people, ax, type_id="T2", label_width=100)
    shown = content.people["suppressed"] == ""
    assert len([line for line in ax.lines if line.get_marker() == "o"]) == shown.sum()
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("small numbers") == (~shown).sum()
    assert "Italy" in texts


def test_tick_labels_of_the_odds_axis_leave_room_and_hold_one() -> None:
    assert odds_ticks((0.05, 40), width=85)[0:2] == [0.1, 1.0]
    assert 1.0 in odds_ticks((0.5, 2.0), width=40)
    assert odds_ticks((0.05, 40), width=600) == [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0]


def test_the_last_tick_label_does_not_touch_the_one_before() -> None:
    figure, ax = panel()
    draw_factors(cards(2, suppress=False)[0].factors, ax, limits=(0.1, 10), label_width=100)
    figure.canvas.draw()
    assert overlaps(ax.get_xticklabels(), tolerance=-2) == []


def test_the_same_content_gives_the_same_bytes_without_metadata() -> None:
    one, two = (draw_card(cards(2)[0]) for _ in range(2))
    png, pdf = png_bytes(one, dpi=60), pdf_bytes([one], title="Cards")
    assert png == png_bytes(two, dpi=60)
    assert pdf == pdf_bytes([two], title="Cards")
    for trace in (b"Software", b"tEXt", b"matplotlib", b"CreationDate"):
        assert trace not in png
        assert trace not in pdf.replace(b"/Producer", b"")
