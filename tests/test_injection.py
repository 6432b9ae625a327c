"""Whatever a label says, it stays text: in report, PDF, cards, notebooks, explorer, tables and messages."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ipywidgets
import nbformat
import planted
import pytest
from typer.testing import CliRunner

import typology as ty
from tests.injected import ID, PAYLOADS, SENTINEL, SHOWN, Texts, every, words, write_injected
from typology.cli.app import app
from typology.cli.private import who
from typology.disclose.pdf_file import read_pdf
from typology.pipeline import check_study, export_run
from typology.plots.style import new_figure, styled, svg_text
from typology.report.execute import execute_notebooks
from typology.runs import Run
from typology.runs.names import rename_type

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
NEW_NAME = 'typology-skipped <script>alert("new")</script> $\\frac{1}{0}$ {{ 7*7 }}'


class Page(HTMLParser):
    """The elements of a page, and the text a reader sees or hears."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.parts: list[str] = []
        self.feed(text)
        self.close()
        self.text = words("".join(self.parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def intruders(page: Page) -> list[str]:
    """Elements and attributes that only a payload can have brought."""
    found = []
    for tag, attributes in page.elements:
        if tag in {"script", "iframe", "object", "embed", "form"}:
            found.append(tag)
        found += [f"{tag} {name}" for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            address = attributes.get(name, "#")
            if not address.startswith(("#", "data:image/")):
                found.append(f"{tag} {address}")
    return found


@dataclass(frozen=True)
class Injected:
    """The run; what `run` and `report` printed; the notebooks of its report, executed."""

    run: Run
    texts: Texts
    said: str
    books: list[nbformat.NotebookNode]


def run_injected(folder: Path) -> Injected:
    """Run the hostile study with its planted types from the command line, rename a type, make the report."""
    path, truth, texts = write_injected(folder)
    out, books = folder / "run", []

    def executed(*given: Any, **more: Any) -> list[nbformat.NotebookNode]:
        books.extend(execute_notebooks(*given, **more))
        return books

    with pytest.MonkeyPatch.context() as patched:
        # made from the finished folder by the command `report`, which is slow enough once
        for later in ("save_figures", "render_report"):
            patched.setattr(f"typology.pipeline.write.{later}", lambda *_, **__: ())
        stages = planted.stand_ins(ty.load_study(path), grades=("stable",) * 3, truth=truth)
        for name, stage in {**stages, "_load_engines": lambda: None}.items():
            patched.setattr(f"typology.pipeline.analysis.{name}", stage)
        ran = CliRunner().invoke(app, ["run", str(path), "--out", str(out), "--jobs", "1"])
    assert ran.exit_code == 0, ran.output
    rename_type(ty.open_run(out), "T1", NEW_NAME, who="<b>A. B.</b>")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("typology.report.execute.execute_notebooks", executed)
        reported = CliRunner().invoke(app, ["report", str(out)])
    assert reported.exit_code == 0, reported.output
    said = "".join(each for result in (ran, reported) for each in (result.stdout, result.stderr))
    texts.given["type"][0] = NEW_NAME
    return Injected(ty.open_run(out), texts, said, books)


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Injected:
    return run_injected(tmp_path_factory.mktemp("injected"))


def missing(said: str, texts: Iterable[str]) -> list[str]:
    """The texts that are not said word for word, white space aside: a PDF breaks lines anywhere."""
    bare = re.sub(r"\s", "", said)
    return [text for text in texts if re.sub(r"\s", "", text) not in bare]


def test_every_payload_is_in_something_that_is_shown(injected: Injected) -> None:
    assert missing(" ".join(every(injected.texts, *SHOWN)), PAYLOADS) == []


def test_the_report_shows_labels_as_text(injected: Injected) -> None:
    page = Page(injected.run.report.read_text(encoding="utf-8"))
    assert intruders(page) == []
    assert missing(page.text, every(injected.texts, "title", "type", "factor", "scale", "profile")) == []


@pytest.mark.parametrize("name", ["report.pdf", "cards/cards.pdf"])
def test_pages_and_pictures_show_labels_as_text(injected: Injected, name: str) -> None:
    """A PDF holds the letters of its pictures: neither mathematics nor markup was made of them."""
    path = injected.run.folder / "release" / name
    where = ("title", *SHOWN) if name == "report.pdf" else ("type", "factor")
    assert missing(read_pdf(path).pages, every(injected.texts, *where)) == []
    assert b"/URI" not in path.read_bytes()


def test_a_label_made_of_mathematics_is_drawn_letter_by_letter() -> None:
    with styled():
        figure = new_figure(width=100, height=50)
        drawn = figure.text(0, 0, r"$\frac{1}{0}$")
        assert not drawn.get_parse_math()
        assert r"$\frac{1}{0}$" in svg_text(figure)


def test_every_notebook_shows_labels_as_text(injected: Injected) -> None:
    """As JupyterLab shows them: the outputs themselves, not our own template."""
    outputs = [html for book in injected.books for html in outputs_of(book)]
    assert len(outputs) > 20
    pages = [Page(html) for html in outputs]
    assert [found for page in pages for found in intruders(page)] == []
    assert missing(" ".join(page.text for page in pages), every(injected.texts, "type", "factor")) == []


def outputs_of(book: nbformat.NotebookNode) -> Iterator[str]:
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            data: dict[str, Any] = output.get("data", {})
            assert not {"application/javascript", "text/latex", "text/markdown"} & set(data)
            yield from (str(data[kind]) for kind in ("text/html", "image/svg+xml") if kind in data)


def test_every_result_shows_labels_as_text(injected: Injected) -> None:
    run = injected.run
    study = run.folder.parent / "study.yaml"
    results = [
        run, run.tables, run.card("T1"), run.map(), run.evidence(), run.risk_table(),
        check_study(study), ty.load_study(study),
    ]  # fmt: skip
    for result in results:
        assert intruders(Page(result._repr_html_())) == [], type(result)


def test_the_explorer_shows_labels_as_text(injected: Injected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typology.explorer.saved.jupyter_path", lambda *_: [])
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(injected.run.folder.parent / "settings"))
    try:
        explorer = ty.explore(injected.run)
        explorer.gate.open()
        states = [each["state"] for each in ipywidgets.Widget.get_manager_state()["state"].values()]
        pages = [Page(str(each["value"])) for each in states if each["_model_name"] == "HTMLModel"]
        assert len(pages) > 5
        assert [found for page in pages for found in intruders(page)] == []
        shown = " ".join(page.text for page in pages)
        assert any(not missing(shown, [text]) for text in every(injected.texts, "typology"))
        assert not any(each.get("description_allow_html") for each in states)
    finally:
        ipywidgets.Widget.close_all()


def test_no_cell_of_the_release_is_a_formula(injected: Injected) -> None:
    negative = 0
    for path in sorted((injected.run.folder / "release").rglob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        for cell in (cell for row in rows for cell in row if cell.startswith(FORMULAS)):
            float(cell)  # a negative number is a number
            assert cell.startswith("-")
            negative += 1
    assert negative > 10
    factors = injected.run.tables["factors"]
    assert (factors.select_dtypes("number") < 0).to_numpy().any()
    assert set(every(injected.texts, "factor")) >= set(factors["factor_label"])


def test_every_private_file_is_its_owners_alone(injected: Injected) -> None:
    run = injected.run
    for to in ("csv", "spss", "stata"):
        export_run(run.folder, to=to)
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (run.folder / "private").iterdir()}
    assert {"respondents.parquet", "runs.parquet", "items.parquet", "names.json", "study.json"} < set(kept)
    assert len(kept) == 5 + 2 * 3
    assert set(kept.values()) == {0o600}


def test_no_answer_and_no_id_leaves_the_private_folder(injected: Injected) -> None:
    run = injected.run
    assert run.respondents()["id"].astype(str).str.startswith(ID).all()
    checked = check_study(run.folder.parent / "study.yaml")
    (alike,) = checked.respondents.values()
    assert len(alike) > 1
    assert ID not in repr(checked) + checked._repr_html_()
    outside = [path for path in run.folder.rglob("*") if path.is_file() and path.parent.name != "private"]
    assert len(outside) > 30
    for path in outside:
        content = path.read_bytes()
        if path.suffix == ".pdf":
            content += read_pdf(path).pages.encode()
        for word in (ID, f"{SENTINEL:g}"):
            assert word.encode() not in content, path.name


def test_check_names_respondents_on_a_terminal_only(
    injected: Injected, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = str(injected.run.folder.parent / "study.yaml")
    piped = CliRunner().invoke(app, ["check", study])
    assert "2 respondents gave the same answers throughout as another" in piped.stdout
    assert "2 ids, shown on a terminal only." in piped.stdout
    assert ID not in piped.output
    monkeypatch.setattr("typology.cli.private.sys.stdout", Terminal())
    assert who([f"{ID}{at}" for at in range(8)]).endswith(f"{ID}5 and 2 more")
    assert who([f"{ID}1"]) == f"ids: {ID}1"


class Terminal:
    def isatty(self) -> bool:
        return True


def test_what_a_run_prints_tells_no_answer_and_no_id(injected: Injected) -> None:
    assert "types were found" in injected.said.casefold()
    assert ID not in injected.said
    assert f"{SENTINEL:g}" not in injected.said
    assert "same answers throughout" not in injected.said


def test_a_name_goes_into_the_study_file_as_the_text_it_is(injected: Injected) -> None:
    study = ty.load_study(injected.run.folder.parent / "study.yaml")
    assert study.config.label.names["T1"] == NEW_NAME


def test_the_checks_of_this_file_notice_what_they_look_for() -> None:
    unescaped = '<p onclick="x"><script>1</script><img src="x" onerror="y"><a href="javascript:z">'
    assert len(intruders(Page(unescaped))) == 5
