from __future__ import annotations

import ctypes
import datetime
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from tests.pdf_elements import elements_of
from tests.release_factory import make_summary, make_tables
from typology.disclose.pdf_file import read_pdf
from typology.errors import TypologyError
from typology.plots import pictures
from typology.plots.picture import Picture
from typology.plots.style import new_figure, styled
from typology.plots.text import printable
from typology.profile.display import Notice, TableView
from typology.report.content import HEADINGS, LIMITS, SUPPORT, Content, report_content
from typology.report.pdf import report_pdf
from typology.report.structure import MEDIA_TYPE, gallery, notice, picture, table

v4 = nbformat.v4
DATE = datetime.date(2026, 1, 2)
NASTY = '#eval("6*7") <script>alert(1)</script> $x^2$ *b* @ref \\u{41} #include "/etc/passwd"'
SCRIPTS = "Ελληνικά Кириллица Łódź žluťoučký îâțș ÆØÅ ß"


def content(verdict: str = "types", *, title: str = "A survey") -> Content:
    tables = make_tables(2 if verdict == "types" else 0, verdict=verdict)
    return report_content(tables, make_summary(tables, verdict=verdict, title=title), date=DATE)


def notebook(*shown: dict[str, Any], title: str = "Part") -> nbformat.NotebookNode:
    outputs = [v4.new_output("execute_result", data={MEDIA_TYPE: each}, execution_count=1) for each in shown]
    cells = [
        v4.new_markdown_cell(f"# {title}\n\nProse.\n\n## Results\n\n- **one**\n- two"),
        v4.new_code_cell("x", outputs=outputs, execution_count=1),
    ]
    return v4.new_notebook(cells=cells)


def view(rows: Sequence[tuple[str, ...]], *, caption: str = "A table", header: int = 3) -> dict[str, Any]:
    return table(TableView(caption, tuple(f"Column {i}" for i in range(header)), tuple(rows), frozenset({2})))


@pytest.fixture(scope="module")
def cards() -> dict[str, Any]:
    tables = make_tables(2)
    drawn = pictures.cards(tables, make_summary(tables))
    assert not isinstance(drawn, Notice)
    return gallery(drawn)


def saved(pdf: bytes, folder: Path) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    return path


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="module")
def whole(cards: dict[str, Any]) -> bytes:
    return report_pdf(content(), [notebook(cards, view([("a", "b", "1")]), notice(Notice("Nothing.")))])


@pytest.mark.parametrize("verdict", ["types", "gradient", "none"])
def test_it_says_what_the_page_says(verdict: str, tmp_path: Path) -> None:
    said = content(verdict)
    text = flat(read_pdf(saved(report_pdf(said, [notebook(view([("a", "b", "1")]))]), tmp_path)).pages)
    told = [said.title, said.kind, said.findings.headline, said.findings.reason, *said.findings.points]
    told += [*HEADINGS.values(), *LIMITS, *SUPPORT, *said.disclosure, "Prose.", "A table", "Column 0"]
    assert [each for each in told if flat(each) not in text] == []
    assert said.methods.split("**")[2].strip()[:60] in text


def test_the_same_content_gives_the_same_bytes_whatever_the_clock_says(
    whole: bytes, cards: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    again = notebook(cards, view([("a", "b", "1")]), notice(Notice("Nothing.")))
    try:
        assert report_pdf(content(), [again]) == whole
    finally:
        monkeypatch.undo()
        time.tzset()


def test_metadata_tell_title_language_and_date_and_nothing_of_the_machine(
    whole: bytes, tmp_path: Path
) -> None:
    read = read_pdf(saved(whole, tmp_path))
    assert "A survey: report on victim typologies" in read.about
    assert "D:20260102000000Z" in read.about
    assert "<dc:language><rdf:Bag><rdf:li>en<" in read.about
    assert "<pdfuaid:part>1<" in read.about
    assert not read.names_a_folder
    assert read.attachments == 0
    for trace in (str(Path.cwd()), str(Path.home()), str(tmp_path)):
        assert trace.encode() not in whole


def test_it_is_tagged_with_words_for_pictures_and_heading_cells(whole: bytes, cards: dict[str, Any]) -> None:
    document = pypdfium2.PdfDocument(whole)
    assert pdfium.FPDFCatalog_IsTagged(document)
    found = elements_of(whole)
    words = [alternative for kind, alternative in found if kind == "Figure" and alternative]
    assert words == [card["alt"] for card in cards["pictures"]]
    kinds = [kind for kind, _ in found]
    assert kinds.count("TH") == 3
    assert {"H1", "H2", "L", "Table", "THead", "Caption", "TOC"} <= set(kinds)


def test_parts_are_in_the_outline_and_the_contents_link_to_them(whole: bytes) -> None:
    document = pypdfium2.PdfDocument(whole)
    titles = [mark.get_title() for mark in document.get_toc()]
    assert titles[:4] == ["Key findings", "Contents", "Part", "Results"]
    assert titles[-3:] == ["Limits", "Protection of respondents", "Support"]
    assert [title for title in titles if title in {"T1", "T2"}] == ["T1", "T2"]
    contents = document[1]
    assert "Part" in contents.get_textpage().get_text_range()
    start, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    links = 0
    while pdfium.FPDFLink_Enumerate(contents, start, link):
        assert pdfium.FPDFLink_GetDest(document, link)
        links += 1
    assert links >= len(titles) - len(["Contents", "T1", "T2"])


def test_cards_are_whole_vector_pages(whole: bytes) -> None:
    document = pypdfium2.PdfDocument(whole)
    titled = [page for page in document if "Where it sits" in page.get_textpage().get_text_range()]
    assert len(titled) == 2
    for page in titled:
        kinds = {item.type for item in page.get_objects()}
        assert {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_TEXT} <= kinds
        assert pdfium.FPDF_PAGEOBJ_IMAGE not in kinds


def test_nothing_in_a_label_is_read_as_markup(tmp_path: Path) -> None:
    shown = [view([(NASTY, NASTY, "1")], caption=NASTY), notice(Notice(NASTY))]
    read = read_pdf(saved(report_pdf(content(title=NASTY), [notebook(*shown)]), tmp_path))
    text = re.sub(r"\s", "", read.pages)
    assert text.count(re.sub(r"\s", "", NASTY)) == len(["title", "caption", "first", "second", "notice"])
    assert f"{NASTY}: report on" in read.about


def test_any_european_script_is_drawn(tmp_path: Path) -> None:
    pdf = report_pdf(content(title=SCRIPTS), [notebook(view([(SCRIPTS, SCRIPTS, "1")]))])
    text = flat(read_pdf(saved(pdf, tmp_path)).pages)
    assert text.count(SCRIPTS) >= 3
    objects = [item for page in pypdfium2.PdfDocument(pdf) for item in page.get_objects()]
    fonts = {item.get_font().get_base_name() for item in objects if isinstance(item, pypdfium2.PdfTextObj)}
    # fallback to another font would show as its name; monospaced are the names of tables in the methods
    assert {font.partition("+")[2] for font in fonts} == {"DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"}


@pytest.mark.parametrize("label", ["ọ́ ẹ̀ ė́", "one ❤️", "שָׁלוֹם", "مُحَمَّد", "ນ້ຳ"])
def test_an_accent_apart_from_its_letter_in_a_picture_stops_no_report(label: str) -> None:
    with styled():
        figure = new_figure(width=80, height=20)
        figure.text(0.1, 0.5, printable(label))
        drawn = picture(Picture(figure, alt="A label.", caption=""))
    assert report_pdf(content(title=label), [notebook(drawn, view([(label, label, "1")]))])


@pytest.mark.parametrize("columns", [2, 9, 14])
def test_tables_stay_on_the_page_and_repeat_their_header(columns: int, tmp_path: Path) -> None:
    row = ("Stayed in contact after a sexual request", "an-unusually-long-word-of-its-own" * 2)
    rows = [(*row, *("0.12 to 3.45",) * (columns - 2))] * 60
    pdf = report_pdf(content(), [notebook(view(rows, header=columns))])
    document = pypdfium2.PdfDocument(pdf)
    headed = [page for page in document if "Column 1" in page.get_textpage().get_text_range()]
    assert len(headed) > 1
    for page in headed:
        words = page.get_textpage()
        width = page.get_width()
        boxes = [words.get_charbox(i) for i in range(words.count_chars())]
        assert max(right for _, _, right, _ in boxes) < width
        assert min(left for left, *_ in boxes) > 0


def test_a_heading_of_rows_is_a_heading_cell_and_comes_again_on_the_next_page() -> None:
    rows = [(subject, f"row {i}", "1") for subject in ("Subject one", "Subject two") for i in range(60)]
    view = TableView("A table", ("About", "Row", "Number"), tuple(rows), frozenset({2}), grouped=True)
    pdf = report_pdf(content(), [notebook(table(view))])
    kinds = [kind for kind, _ in elements_of(pdf)]
    assert kinds.count("TH") == len(["Row", "Number", "Subject one", "Subject two"])
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    shown = [page for page in pages if "row 5" in page]
    assert len(shown) > 2
    for page in shown:
        assert "Subject one" in page or "Subject two" in page
        assert "About" not in page


def test_a_picture_without_words_is_refused(cards: dict[str, Any]) -> None:
    silent = {**cards["pictures"][0], "alt": ""}
    with pytest.raises(TypologyError, match="alt"):
        report_pdf(content(), [notebook(silent)])
