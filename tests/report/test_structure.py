from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from IPython.core.formatters import DisplayFormatter

from tests.release_factory import make_summary, make_tables
from typology.plots import pictures
from typology.profile.display import Notice, TableView
from typology.report.structure import MEDIA_TYPE, load_ipython_extension, picture


def shown(thing: Any) -> dict[str, Any]:
    formatter = DisplayFormatter()
    load_ipython_extension(SimpleNamespace(display_formatter=formatter))
    data, _ = formatter.format(thing)
    return dict(data)


def test_html_stays_as_it_is_and_the_structure_comes_beside_it() -> None:
    view = TableView("Caption", ("A", "B"), (("a", "1"),), frozenset({1}), "Note.")
    data = shown(view)
    assert data["text/html"] == view._repr_html_()
    assert data[MEDIA_TYPE] == {
        "kind": "table", "caption": "Caption", "header": ["A", "B"],
        "groups": [{"heading": "", "rows": [["a", "1"]]}], "numeric": [1], "note": "Note.",
    }  # fmt: skip
    assert shown(Notice("Nothing."))[MEDIA_TYPE] == {"kind": "notice", "text": "Nothing."}


def test_what_rows_are_about_is_a_heading_and_no_column() -> None:
    view = TableView(
        "Caption", ("A", "B", "C"), (("x", "1", "2"), ("x", "3", "4")), frozenset({2}), grouped=True
    )
    told = shown(view)[MEDIA_TYPE]
    assert told["header"] == ["B", "C"]
    assert told["groups"] == [{"heading": "x", "rows": [["1", "2"], ["3", "4"]]}]
    assert told["numeric"] == [1]


def test_notebooks_of_people_do_not_carry_it() -> None:
    data, _ = DisplayFormatter().format(Notice("Nothing."))
    assert MEDIA_TYPE not in data


def test_pictures_are_vector_drawings_with_their_words_and_size() -> None:
    tables = make_tables(2)
    summary = make_summary(tables)
    cards = shown(pictures.cards(tables, summary))[MEDIA_TYPE]
    assert [card["name"] for card in cards["pictures"]] == ["T1", "T2"]
    first = cards["pictures"][0]
    assert (first["width"], first["height"]) == (210.0, 297.0)
    assert "<image" not in first["svg"]
    assert ">T1</text>" in first["svg"]
    assert len(first["alt"]) > 30
    assert not re.search("<dc:|Matplotlib v|http://matplotlib", first["svg"])
    assert picture(pictures.card(tables, summary, "T1"), name="T1") == first
