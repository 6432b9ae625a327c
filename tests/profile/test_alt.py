from __future__ import annotations

import pytest

from tests.release_factory import make_summary, make_tables
from typology.plots import pictures
from typology.plots.picture import Gallery, Picture

DRAWN = [
    "map", "evidence", "runs", "matrix", "atlas", "crosswalk", "missingness", "missingness_groups",
    "severity", "correlations",
]  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_every_picture_says_in_words_what_it_shows(name: str) -> None:
    tables = make_tables(4)
    picture = getattr(pictures, name)(tables, make_summary(tables))
    assert isinstance(picture, Picture)
    assert 40 < len(picture.alt) < 1500
    assert "nan" not in picture.alt.lower().split()


def test_the_card_is_told_with_its_numbers() -> None:
    tables = make_tables(3)
    gallery = pictures.cards(tables, make_summary(tables))
    assert isinstance(gallery, Gallery)
    row = tables["types"].iloc[1]
    alt = gallery["T2"].alt
    assert f"T2, {row['name']}" in alt
    assert f"{100 * row['share_weighted']:.0f}%" in alt
    assert "Told somebody about what happened" in alt


def test_labels_are_escaped_in_the_text_alternative() -> None:
    tables = make_tables(2)
    types = tables["types"].copy()
    types.loc[0, "name"] = '"><script>alert(1)</script>'
    picture = pictures.card({**tables, "types": types}, make_summary(tables), "T1")
    html = picture._repr_html_()
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html


def test_an_unknown_type_lists_those_there_are() -> None:
    tables = make_tables(2)
    with pytest.raises(KeyError, match=r"T9.*T1, T2"):
        pictures.card(tables, make_summary(tables), "T9")
