"""What is read out of a page of HTML, and which of its parts can carry data."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from typology.disclose.page import page_leaks, page_text, without_embedded

SHEET = io.BytesIO()
Image.new("RGB", (4, 4)).save(SHEET, format="PNG")
PNG = SHEET.getvalue()
CODED = base64.b64encode(PNG).decode()


def leaks(html: str) -> list[str]:
    return list(page_leaks(html))


def test_text_is_what_is_seen_or_read_aloud() -> None:
    html = (
        '<html lang="en"><body title="Survey"><p>Ages 18&ndash;25</p><style>p {color: red}</style>'
        '<img alt="A map" src="data:image/png;base64,xyz"><br hidden><!-- draft --></body></html>'
    )
    assert page_text(html).split("\n") == ["en", "Survey", "Ages 18–25", "A map", " draft "]
    assert page_text("<p>last words") == "last words"  # a page that is cut off is read to its end
    assert page_text("5 &") == "5 &"


def test_styles_and_scripts_end_where_they_end() -> None:
    html = "<style>a</style>one<script>var b;</script>two</p></style>three"
    assert page_text(html).split("\n") == ["one", "two", "three"]


@pytest.mark.parametrize(
    "tag",
    ["script", "iframe", "object", "embed", "template", "form", "input", "textarea", "link", "metadata"],
)
def test_elements_that_hold_data_or_state_are_told_once(tag: str) -> None:
    assert leaks(f"<p>x</p><{tag}></{tag}><{tag.upper()}></{tag}>") == [
        f"has an element <{tag}>, which can hold data or state"
    ]


def test_attributes_that_hold_data_or_run_are_told_and_others_not() -> None:
    assert leaks('<p data-rows="1" onclick="f()" class="data-x" id="only">x</p>') == [
        "has data in an attribute data-rows",
        "has data in an attribute onclick",
    ]
    # an attribute without a value, and what comes after one that holds data, are read as well
    assert page_text('<p hidden data-x="1" title="seen">') == "seen"


def test_comments_and_output_of_notebooks_are_told() -> None:
    assert leaks("<p>a</p><!-- rows -->") == ["has a comment"]
    notebook = ["has the output or state of a notebook"]
    assert leaks("<p>Traceback (most recent call last)</p>") == notebook
    assert leaks("<p>application/vnd.jupyter.widget-view+json</p>") == notebook
    assert leaks("<p>Traceback of a call</p>") == []


def test_every_embedded_file_is_looked_at() -> None:
    assert leaks(f'<img alt="" src="data:image/png;base64,{CODED}">') == []
    html = (
        '<a href="data:text/csv;base64,AAAA">x</a>'
        '<a href="data:,AAAA">y</a>'
        f'<img src="data:image/png;charset=utf-8;base64,{CODED}">'
        f'<img src="data:image/png;base64,{base64.b64encode(PNG + b"ab").decode()}">'
    )
    assert leaks(html) == [
        "has an embedded text/csv, which cannot be checked",
        "has an embedded file, which cannot be checked",
        "has an embedded image/png, which cannot be checked",
        "has an embedded image that has 2 bytes after its end",
    ]


def test_an_embedded_picture_may_be_wrapped_and_must_be_whole() -> None:
    wrapped = "\n  ".join(CODED[at : at + 20] for at in range(0, len(CODED), 20))
    assert leaks(f'<img src="data:image/png;base64,{wrapped}">') == []
    unread = ["has an embedded image that cannot be read"]
    assert leaks('<img src="data:image/png;base64,abc">') == unread
    # characters outside of the alphabet could hide anything
    assert leaks(f'<img src="data:image/png;base64,{CODED[:8]}%{CODED[8:]}">') == unread
    # an unreadable picture does not end the search
    both = '<img src="data:image/png;base64,abc"><img src="data:image/png;base64,AAAA">'
    assert leaks(both) == [*unread, "has an embedded image that is no PNG image"]


def test_embedded_files_are_cut_out_and_nothing_else() -> None:
    text = f'before <img src="data:image/png;base64,{CODED}"> after, data: here'
    assert without_embedded(text) == 'before <img src=""> after, data: here'
