from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from typology.errors import TypologyError
from typology.profile.display import Notice
from typology.report.convert import to_section
from typology.report.execute import check_parameters
from typology.report.render import check_self_contained
from typology.resources import notebooks_dir

v4 = nbformat.v4


def notebook(*outputs: nbformat.NotebookNode, code: str = "secret_code()") -> nbformat.NotebookNode:
    cell = v4.new_code_cell(code, outputs=list(outputs), execution_count=1)
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# Title\n\nProse."), v4.new_markdown_cell("## Part"), cell]
    )


def html(text: str) -> nbformat.NotebookNode:
    return v4.new_output("execute_result", data={"text/html": text, "text/plain": "plain"}, execution_count=1)


def test_code_is_hidden_and_headings_are_numbered_one_level_down() -> None:
    section = to_section(notebook(html("<p>result</p>")), prefix="part3")
    assert "secret_code" not in section.html
    assert "<p>result</p>" in section.html
    assert '<h2 id="part3">Title</h2>' in section.html
    assert '<h3 id="part3-2">Part</h3>' in section.html
    assert [heading.text for heading in section.heading.below] == ["Part"]


def test_parts_about_what_the_run_does_not_have_are_left_out() -> None:
    skipped, told = Notice("There are no types to list.", skip=True), Notice("No answer can be shown.")
    empty = [v4.new_markdown_cell("## Types"), notebook(html(skipped._repr_html_())).cells[-1]]
    both = [
        v4.new_markdown_cell("## Both"), notebook(html("<p>kept</p>"), html(skipped._repr_html_())).cells[-1],
    ]  # fmt: skip
    book = notebook(html(told._repr_html_()))
    book.cells += [*empty, *both]
    section = to_section(book, prefix="p")
    assert [heading.text for heading in section.heading.below] == ["Part", "Both"]
    assert "no types to list" not in section.html
    assert "No answer can be shown." in section.html
    assert "kept" in section.html
    assert len(book.cells) == 7


def test_a_label_that_names_the_class_of_notices_hides_nothing() -> None:
    shown = Notice('typology-skipped <p class="typology-notice typology-skipped">')
    section = to_section(notebook(html(shown._repr_html_())), prefix="p")
    assert "typology-skipped &lt;p" in section.html


def test_words_that_lead_to_nothing_shown_are_left_out_and_others_kept() -> None:
    skipped = notebook(html(Notice("Not in this run.", skip=True)._repr_html_())).cells[-1]
    book = notebook(html("<p>result</p>"))
    book.cells += [
        v4.new_markdown_cell("Leads nowhere."), skipped, v4.new_markdown_cell("### Nor does this"), skipped,
        v4.new_markdown_cell("Closing words."),
    ]  # fmt: skip
    section = to_section(book, prefix="p")
    assert "result" in section.html
    assert "Closing words." in section.html
    for gone in ("Leads nowhere.", "Nor does this", "Not in this run."):
        assert gone not in section.html


def test_plain_text_is_escaped() -> None:
    out = v4.new_output("execute_result", data={"text/plain": "<script>x</script>"}, execution_count=1)
    section = to_section(notebook(out), prefix="p")
    assert "<script>" not in section.html
    assert "&lt;script&gt;" in section.html


def test_a_picture_without_text_alternative_is_refused() -> None:
    out = v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="})
    with pytest.raises(TypologyError, match="without a text alternative"):
        to_section(notebook(out), prefix="p")


def test_an_error_is_refused() -> None:
    out = v4.new_output("error", ename="ValueError", evalue="x", traceback=["x"])
    with pytest.raises(TypologyError, match="an error"):
        to_section(notebook(out), prefix="p")


def test_a_notebook_must_have_a_title() -> None:
    with pytest.raises(TypologyError, match="title"):
        to_section(v4.new_notebook(cells=[v4.new_markdown_cell("Only prose.")]), prefix="p")


@pytest.mark.parametrize(
    "piece",
    [
        '<img src="https://example.org/x.png">',
        "<link rel=stylesheet>",
        "<script>1</script>",
        "<a href='//example.org'>",
        "url(x.png)",
        '@import "x"',
    ],
)
def test_pages_that_fetch_something_are_refused(piece: str) -> None:
    with pytest.raises(TypologyError, match="self-contained"):
        check_self_contained(f"<html>{piece}</html>")


def test_anchors_and_embedded_pictures_are_fine() -> None:
    check_self_contained('<a href="#part1">x</a><img src="data:image/png;base64,AAAA" alt="x">')


@pytest.mark.parametrize("path", sorted(notebooks_dir().glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_thin_clean_and_take_one_parameter(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    check_parameters(path, parameters={"run_dir": "x"})
    with pytest.raises(TypologyError, match="no parameter run_folder; its parameters are: run_dir"):
        check_parameters(path, parameters={"run_folder": "x"})
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    for cell in code[2:]:
        assert cell.source.count("\n") == 0, "one call a cell, no analysis in notebooks"
    prose = [cell for cell in book.cells if cell.cell_type == "markdown"]
    assert len(prose) >= 4
