"""A leak of every kind planted into a release: each is found, and by the check that is meant for it."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from PIL import Image
from typer.testing import CliRunner

from typology.cli.app import app
from typology.disclose.scan import scan

IDS = ["r00001", "r00002"]


def png(**options: Any) -> bytes:
    sheet = io.BytesIO()
    Image.new("RGB", (4, 4)).save(sheet, format="PNG", **options)
    return sheet.getvalue()


def pdf(text: str = "Profile", **metadata: str | None) -> bytes:
    plain = {"Creator": None, "Producer": None, "CreationDate": None}
    figure, sheet = Figure(), io.BytesIO()
    figure.text(0.1, 0.5, text)
    with mpl.rc_context({"pdf.compression": 6}), PdfPages(sheet, metadata={**plain, **metadata}) as pages:
        pages.savefig(figure)
    return sheet.getvalue()


def with_chunk(kind: bytes, data: bytes) -> bytes:
    whole = png()
    body = kind + data
    chunk = struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    return whole[:33] + chunk + whole[33:]


def embedded(data: bytes, kind: str = "image/png") -> str:
    return f'<img alt="map" src="data:{kind};base64,{base64.b64encode(data).decode()}">'


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A clean run folder."""
    folder = tmp_path / "run"
    for part in ("release/tables", "release/cards", "private"):
        (folder / part).mkdir(parents=True)
    pd.DataFrame({"id": IDS}).to_parquet(folder / "private" / "respondents.parquet")
    power = pd.DataFrame({"separation": [0.4], "share_found": [0.3], "suppressed": [""]})
    power.to_csv(folder / "release" / "tables" / "power.csv", index=False)
    (folder / "release" / "cards" / "T1.png").write_bytes(png(dpi=(200, 200)))
    (folder / "release" / "cards" / "cards.pdf").write_bytes(pdf(Title="Profile cards"))
    page = f"<html><body><p>Of 1,166 respondents, 20 people of T1.</p>{embedded(png())}</body></html>"
    (folder / "release" / "report.html").write_text(page, encoding="utf-8")
    (folder / "release" / "methods.md").write_text(
        "No number rests on fewer than 10 respondents (https://example.org/data/x, n = 20).", encoding="utf-8"
    )
    (folder / "summary.json").write_text(json.dumps({"study": "demo"}), encoding="utf-8")
    (folder / "manifest.json").write_text(
        json.dumps({"study": "demo", "config": {"disclosure": {"threshold": 10}}}), encoding="utf-8"
    )
    return folder


def page(body: str) -> Callable[[Path], None]:
    return lambda run: put(run, "release/report.html", f"<html><body>{body}</body></html>")


def put(run: Path, name: str, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (run / name).write_bytes(data)


def file(name: str, content: str | bytes) -> Callable[[Path], None]:
    return lambda run: put(run, name, content)


def link(run: Path) -> None:
    (run / "release" / "more.csv").symlink_to(run / "private" / "respondents.parquet")


NOTEBOOK = json.dumps({"cells": [{"outputs": [{"text": "x"}]}], "metadata": {"widgets": {"a": 1}}})
EXIF = Image.Exif()
EXIF[0x010E] = "Ward 3"

PLANTED: dict[str, tuple[Callable[[Path], None], str]] = {
    "id in a table": (file("release/tables/power.csv", "note\nas r00002 said\n"), "1 respondent ids"),
    "id in the report": (page("<p>r00001</p>"), "1 respondent ids"),
    "id in an alternative text": (page('<img alt="r00001" src="">'), "1 respondent ids"),
    "id in the summary": (file("summary.json", '{"x": "r00001"}'), "1 respondent ids"),
    "id on a card": (file("release/cards/cards.pdf", pdf("Told by r00001")), "1 respondent ids"),
    "path of a home": (file("release/methods.md", "Read from /home/ana/survey.sav."), "path of a file"),
    "path of a drive": (file("summary.json", json.dumps({"x": "C:\\Users\\ana\\a.sav"})), "path of a file"),
    "path of a share": (file("release/methods.md", r"Read from \\server\wards$."), "path of a file"),
    "path as an address": (page('<a href="file:///survey.sav">data</a>'), "path of a file"),
    "path on a card": (file("release/cards/cards.pdf", pdf("From /home/ana/survey.sav")), "path of a file"),
    "account": (file("release/methods.md", "Run by zoe.quist9 today."), "account or machine"),
    "e-mail": (file("release/methods.md", "Reach her at she@mail.example."), "e-mail"),
    "small count in words": (page("<p>Only 4 respondents did.</p>"), "'4 respondents'"),
    "small number in words": (file("release/methods.md", "Ireland (n = 7)"), "'n = 7'"),
    "small part in words": (file("release/methods.md", "3 of 120 respondents did"), "'3 of 120 respondents'"),
    "text in a picture": (file("release/cards/T1.png", with_chunk(b"tEXt", b"Author\0Ana")), "chunk tEXt"),
    "EXIF": (file("release/cards/T1.png", png(exif=EXIF)), "chunk eXIf"),
    "bytes after a picture": (file("release/cards/T1.png", png() + b"rows"), "4 bytes after its end"),
    "other data as a picture": (file("release/cards/T1.png", b"rid,x"), "no PNG"),
    "author of a PDF": (file("release/cards/cards.pdf", pdf(Author="Ana")), "/Author"),
    "file in a PDF": (
        file(
            "release/cards/cards.pdf",
            pdf(Title="x" * 20).replace(b"(" + b"x" * 20 + b")", b"() /EmbeddedFiles 000 "),
        ),
        "/EmbeddedFiles",
    ),
    "bytes after a PDF": (file("release/cards/cards.pdf", pdf() + b"\nrows"), "after its end"),
    "other data as a PDF": (file("release/cards/cards.pdf", b"rid,x"), "no PDF"),
    "script": (page('<script type="application/json">[1, 2]</script>'), "<script>"),
    "metadata of a drawing": (page("<svg><metadata>x</metadata></svg>"), "<metadata>"),
    "data in an attribute": (page('<p data-rows="1 2 3">x</p>'), "attribute data-rows"),
    "comment": (page("<!-- 1 2 3 -->"), "comment"),
    "embedded table": (page(embedded(b"rid,x", "text/csv")), "embedded text/csv"),
    "embedded picture with text": (page(embedded(with_chunk(b"iTXt", b"x"))), "chunk iTXt"),
    "embedded picture with rows": (page(embedded(png() + b"x")), "1 bytes after its end"),
    "traceback of a notebook": (page("<p>Traceback (most recent call last)</p>"), "notebook"),
    "widget state": (page("<p>application/vnd.jupyter.widget-state+json</p>"), "notebook"),
    "notebook": (file("release/more.ipynb", NOTEBOOK), "1 outputs, with widget state"),
    "drawing": (file("release/map.svg", "<svg/>"), "no file of a release"),
    "hidden file": (file("release/.rows.csv", "1"), "no file of a release"),
    "data file": (file("release/tables/rows.parquet", b"PAR1"), "no file of a release"),
    "link": (link, "link"),
    "notebook beside": (file("look.ipynb", NOTEBOOK), "does not belong beside a release"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "zoe.quist9")


def test_a_clean_release_has_nothing_to_find(run: Path) -> None:
    assert scan(run, threshold=10) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_leak_is_found(run: Path, kind: str) -> None:
    plant, expected = PLANTED[kind]
    plant(run)
    found = scan(run, threshold=10)
    assert len(found) >= 1
    assert any(expected in leak for leak in found), found


def test_the_command_prints_each_leak_in_one_line(run: Path) -> None:
    assert CliRunner().invoke(app, ["audit", str(run)]).exit_code == 0
    put(run, "release/methods.md", "Only 4 respondents, as r00001 knows.")
    result = CliRunner().invoke(app, ["audit", str(run)])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "methods.md: holds 1 respondent ids",
        "methods.md: tells a small count in words: '4 respondents'",
    ]


def test_ids_that_are_numbers_are_told_from_counts_and_decimals(run: Path) -> None:
    """Rows numbered from one: 100,000 respondents are also the last of them."""
    ids = [*range(99_995, 100_001), 123_456]
    pd.DataFrame({"id": map(str, ids)}).to_parquet(run / "private" / "respondents.parquet")
    flow = pd.DataFrame({"step": ["respondents"], "n": [100_000], "note": "", "suppressed": ""})
    flow.to_csv(run / "release" / "tables" / "participation.csv", index=False)
    (run / "summary.json").write_text('{"respondents": 100000, "p": 0.123456, "x": 1.5e-07}')
    assert scan(run, threshold=10) == []
    (run / "release" / "tables" / "power.csv").write_text("who,suppressed\n123456,\n")
    assert scan(run, threshold=10) == ["tables/power.csv: holds 1 respondent ids"]
    (run / "summary.json").write_text('{"who": 123456}')
    assert "summary.json: holds 1 respondent ids" in scan(run, threshold=10)
