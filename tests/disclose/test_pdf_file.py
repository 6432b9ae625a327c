from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from typology.disclose import audit
from typology.disclose.pdf_file import PdfText, read_pdf


def write_pdf(path: Path, text: str, **about: str) -> Path:
    sheet = io.BytesIO()
    figure = Figure()
    figure.text(0.1, 0.5, text)
    with PdfPages(sheet, metadata={"CreationDate": None, **about}) as pages:
        pages.savefig(figure)
    path.write_bytes(sheet.getvalue())
    return path


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    (folder / "tables").mkdir(parents=True)
    pd.DataFrame({"n": [40], "suppressed": [None]}).to_csv(folder / "tables" / "participation.csv")
    (tmp_path / "private").mkdir()
    pd.DataFrame({"id": ["r00001", "r00002"]}).to_parquet(tmp_path / "private" / "respondents.parquet")
    return folder


def test_text_and_metadata_are_read(tmp_path: Path) -> None:
    read = read_pdf(write_pdf(tmp_path / "a.pdf", "Ελληνικά and 40%", Title="A survey"))
    assert "Ελληνικά and 40%" in read.pages
    assert "A survey" in read.about
    assert not read.names_a_folder
    assert read.attachments == 0


def test_ids_on_a_page_or_in_the_metadata_are_found(release: Path) -> None:
    write_pdf(release / "report.pdf", "As people told us.", Title="A survey")
    assert audit(release, threshold=10) == []
    write_pdf(release / "report.pdf", "As r00002 told us.")
    assert audit(release, threshold=10) == ["report.pdf: holds 1 respondent ids"]
    write_pdf(release / "report.pdf", "As people told us.", Subject="r00001 r00002")
    assert audit(release, threshold=10) == ["report.pdf: holds 2 respondent ids"]


def test_ids_that_are_row_numbers_are_not_found_in_what_every_pdf_has(release: Path) -> None:
    rows = [str(row) for row in range(1, 1_000_001)]
    pd.DataFrame({"id": rows}).to_parquet(release.parent / "private" / "respondents.parquet")
    write_pdf(release / "report.pdf", "912,878 people told us, 1234 more than 12%.", Title="A survey")
    assert audit(release, threshold=10) == []
    write_pdf(release / "report.pdf", "As 912878 told us.", Title="A survey of 131076")
    assert audit(release, threshold=10) == ["report.pdf: holds 2 respondent ids"]


def test_a_path_in_the_metadata_is_found(release: Path) -> None:
    (release / "cards").mkdir()
    write_pdf(release / "cards" / "cards.pdf", "Cards", Subject="/home/someone/survey.sav")
    assert audit(release, threshold=10) == ["cards/cards.pdf: its metadata hold the path of a file"]


@pytest.mark.parametrize(
    ("about", "named"),
    [
        ("file:///data/survey.sav", True), ("C:\\Users\\someone", True), ("\\\\server\\share", True),
        ("from ~/data/survey.sav", True), ("A survey\n/home/someone/x", True),
        ("Boys/girls and yes/no", False), ("http://purl.org/dc/elements/1.1/", False),
        ("application/pdf", False), ("</rdf:li></rdf:Alt>", False), ("A survey: 1/2", False),
    ],
)  # fmt: skip
def test_what_counts_as_a_path(about: str, named: bool) -> None:
    assert PdfText(pages="", about=about, attachments=0).names_a_folder == named
