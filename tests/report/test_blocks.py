from __future__ import annotations

import nbformat
import pytest

from typology.errors import TypologyError
from typology.profile.display import Notice, TableView
from typology.profile.wording import as_markdown
from typology.report.blocks import markdown_blocks, notebook_blocks
from typology.report.structure import MEDIA_TYPE, notice, table

v4 = nbformat.v4
NASTY = '<script>alert("x")</script> #eval("1+1") $x$ *b* _e_ [a](http://b) `c` \\ & |'


def shown(*data: dict[str, object]) -> nbformat.NotebookNode:
    outputs = [v4.new_output("execute_result", data=each, execution_count=1) for each in data]
    code = v4.new_code_cell("secret_code()", outputs=outputs, execution_count=1)
    return v4.new_notebook(cells=[v4.new_markdown_cell("# Title\n\nProse *here*."), code])


def text_of(block: dict[str, object]) -> str:
    return "".join(run["text"] for run in block["runs"])  # type: ignore[attr-defined]


def test_prose_and_results_in_order_without_code() -> None:
    view = TableView("Caption", ("A", "B"), (("a", "1"),), frozenset({1}), "Note.")
    blocks = notebook_blocks(shown({MEDIA_TYPE: table(view)}, {MEDIA_TYPE: notice(Notice("Nothing."))}))
    assert [block["kind"] for block in blocks] == ["heading", "paragraph", "table", "notice"]
    assert blocks[1]["runs"][1] == {"text": "here", "styles": ["emphasis"]}
    assert (blocks[2]["header"], blocks[2]["numeric"]) == (["A", "B"], [1])
    assert blocks[2]["groups"] == [{"heading": "", "rows": [["a", "1"]]}]
    assert "secret_code" not in repr(blocks)


def test_what_the_page_leaves_out_is_left_out_here() -> None:
    skipped = Notice("No types.", skip=True)
    data = {MEDIA_TYPE: notice(skipped), "text/html": skipped._repr_html_()}
    assert "No types." not in repr(notebook_blocks(shown(data)))


def test_results_of_other_libraries_are_shown_as_plain_text() -> None:
    assert notebook_blocks(shown({"text/plain": "1  2\n3  4"}))[-1] == {"kind": "plain", "text": "1  2\n3  4"}


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(TypologyError, match="image/png"):
        notebook_blocks(shown({"image/png": "AAAA"}))


def test_lists_keep_their_order_and_nesting() -> None:
    (block,) = markdown_blocks("1. first\n2. second\n   - inner\n")
    assert block["ordered"]
    assert [text_of(item[0]) for item in block["items"]] == ["first", "second"]
    assert block["items"][1][1]["kind"] == "list"


def test_an_escaped_label_comes_out_as_it_was() -> None:
    (block,) = markdown_blocks(f"Outcome {as_markdown(NASTY)}: refused")
    assert text_of(block) == f"Outcome {NASTY}: refused"


def test_html_in_prose_is_text_and_addresses_are_dropped() -> None:
    (block,) = markdown_blocks("See <b>this</b> [paper](http://x.org) ![alt](http://y.org/z.png)")
    assert text_of(block) == "See <b>this</b> paper alt"


def test_markdown_with_no_place_in_the_report_is_refused() -> None:
    with pytest.raises(TypologyError, match="block_code"):
        markdown_blocks("```\ncode\n```")


def test_every_character_can_be_drawn() -> None:
    view = TableView("Ελληνικά Кириллица Łódź", ("", "字"), (("字", "e\u0301"),), grouped=True)
    block = notebook_blocks(shown({MEDIA_TYPE: table(view)}))[-1]
    assert block["caption"] == "Ελληνικά Кириллица Łódź"
    assert block["header"] == ["\N{REPLACEMENT CHARACTER}"]
    assert block["groups"] == [{"heading": "\N{REPLACEMENT CHARACTER}", "rows": [["é"]]}]
