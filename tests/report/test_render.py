from __future__ import annotations

import datetime
import os
import re
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.pdf_elements import elements_of
from tests.release_factory import make_summary, make_tables, write_folder
from typology.disclose.pdf_file import read_pdf
from typology.errors import TypologyError
from typology.report import render_report
from typology.report.execute import OwnInterpreter, execute_notebooks
from typology.report.render import parts
from typology.resources import notebooks_dir

DATE = datetime.date(2026, 1, 2)
NASTY = '<script>alert("x")</script> & <b>bold</b> {{ 7*7 }} {% raw %} [click](javascript:alert(1))'


class Page(HTMLParser):
    """Collects what the checks of a page need."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if found.get("id"):
            self.ids.append(str(found["id"]))


def folder_with_report(folder: Path, *, verdict: str) -> Path:
    tables = make_tables(2 if verdict == "types" else 0, verdict=verdict)
    for name, column in (("types", "name"), ("factors", "factor_label"), ("prevalence", "label")):
        frame = tables[name].copy()
        if len(frame):
            first = frame[column].iloc[0]
            frame[column] = frame[column].replace(first, NASTY)
        tables[name] = frame
    write_folder(folder, tables, make_summary(tables, verdict=verdict, title=f"Survey {NASTY}"))
    render_report(folder, date=DATE)
    return folder


@pytest.fixture(scope="module", params=["types", "gradient", "none"])
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp(request.param) / "run"
    return request.param, folder_with_report(folder, verdict=request.param)


@pytest.fixture
def page(rendered: tuple[str, Path]) -> str:
    return (rendered[1] / "release" / "report.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    assert not re.search(r"""(src|href)\s*=\s*["']?\s*(https?:|//)""", page)
    tags = {tag for tag, _ in Page(page).tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "base"}
    sources = [attrs.get("src") or "" for tag, attrs in Page(page).tags if tag == "img"]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert len(page.encode()) < 8_000_000


def test_every_image_says_what_it_shows(page: str) -> None:
    images = [attrs for tag, attrs in Page(page).tags if tag == "img"]
    assert all(len(attrs.get("alt") or "") > 30 for attrs in images)


def test_headings_are_in_order_and_anchors_lead_somewhere(page: str) -> None:
    read = Page(page)
    assert read.headings[0] == 1
    assert read.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert len(read.ids) == len(set(read.ids))
    targets = [a["href"] for tag, a in read.tags if tag == "a" and a.get("href")]
    assert {str(target).removeprefix("#") for target in targets} <= set(read.ids)
    assert dict(read.tags)["html"]["lang"] == "en"


def test_tables_have_scopes_and_captions(page: str) -> None:
    read = Page(page)
    assert all(attrs.get("scope") in {"row", "col", "rowgroup"} for tag, attrs in read.tags if tag == "th")
    counts = [sum(1 for tag, _ in read.tags if tag == name) for name in ("table", "caption")]
    assert counts[0] == counts[1] > 0


def test_labels_and_title_are_shown_as_text(page: str) -> None:
    assert "&lt;script&gt;alert(" in page
    assert "<script" not in page
    assert "<b>bold" not in page


def test_no_code_and_no_path_of_this_machine(page: str, rendered: tuple[str, Path]) -> None:
    for trace in ("open_run", "run_dir", "import typology", str(rendered[1]), sys.prefix, "Traceback"):
        assert trace not in page


def test_the_verdict_comes_first_and_the_fixed_parts_are_there(page: str, rendered: tuple[str, Path]) -> None:
    verdict, folder = rendered
    first = {"types": "2 groups of respondents", "gradient": "no separate groups", "none": "no groups"}[
        verdict
    ]
    assert page.index(first) < page.index("Contents")
    for heading in ("Methods", "Limits", "Protection of respondents", "Support", "Discovery and evidence"):
        assert f">{heading}</h2>" in page
    assert ("The cards" in page) == (verdict == "types")
    assert (folder / "release" / "methods.md").read_text(encoding="utf-8").startswith("# Methods")


def test_the_pdf_has_the_parts_tables_and_pictures_of_the_page(page: str, rendered: tuple[str, Path]) -> None:
    path = rendered[1] / "release" / "report.pdf"
    said = re.sub(r"\s", "", read_pdf(path).pages)
    page = re.sub(r"<a hidden.*?</a>", "", page)
    told = re.findall(r"<(?:h2|h3|h4|caption|figcaption)[^>]*>(.*?)</", page, flags=re.DOTALL)
    told += re.findall(r"<(?:td|th)[ >](?:[^>]*>)?([^<]*)</t[dh]>", page)
    told += re.findall(r'<p class="(?:verdict|typology-note|typology-notice)"[^>]*>(.*?)</p>', page)
    assert len(told) > 100
    words = {re.sub(r"\s", "", unescape(re.sub("<[^>]+>", "", text))) for text in told}
    assert {word for word in words if word not in said} == set()
    alternatives = [words for kind, words in elements_of(path) if kind == "Figure" and words]
    assert alternatives == [attrs["alt"] for tag, attrs in Page(page).tags if tag == "img"]
    assert alternatives
    assert path.stat().st_size < 4_000_000


def test_without_types_the_report_opens_with_what_was_found_instead() -> None:
    assert parts("types")[0] == "04_profile_cards"
    assert parts("gradient") == parts("none")
    assert parts("none")[:2] == ("07_differences_of_degree", "02_discovery_and_evidence")


def test_rendered_twice_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    folder = folder_with_report(tmp_path / "run", verdict="gradient")
    written = [folder / "release" / name for name in ("report.html", "report.pdf", "methods.md")]
    before = [path.read_bytes() for path in written]
    render_report(folder, date=DATE)
    assert [path.read_bytes() for path in written] == before


def test_all_notebooks_run_top_to_bottom_without_types_too(tmp_path: Path) -> None:
    tables = make_tables(verdict="none")
    folder = write_folder(tmp_path / "run", tables, make_summary(tables, verdict="none"))
    books = execute_notebooks(sorted(notebooks_dir().glob("*.ipynb")), parameters={"run_dir": str(folder)})
    assert len(books) >= 7
    for book in books:
        outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
        assert outputs
        assert all(output.output_type == "execute_result" for output in outputs)


def test_a_failing_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(TypologyError, match=r"01_survey_quality\.ipynb failed: RunFolderError"):
        execute_notebooks(
            [notebooks_dir() / "01_survey_quality.ipynb"], parameters={"run_dir": str(tmp_path / "nowhere")}
        )


def test_kernels_are_of_this_interpreter_whatever_the_users_specifications_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        '{"argv": ["/nowhere/python"], "display_name": "x", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", "first")
    found = OwnInterpreter(kernel_name="python3").kernel_spec
    assert found.argv[0] == sys.executable
    assert found.env["PYTHONPATH"].split(os.pathsep)[-1] == "first"
