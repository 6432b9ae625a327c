"""The bytes of a PDF: words in its streams, what it tells of itself, and what is hidden in it."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pypdfium2
import pytest

from typology.disclose.pdf_file import PdfText, pdf_leaks, pdf_text, read_pdf


def stream(data: bytes, *, packed: bool = True, line: bytes = b"\n") -> bytes:
    body = zlib.compress(data) if packed else data
    return b"<< /Length 1 >>" + line.join([b"", b"stream", body, b"endstream"])


def whole(*parts: bytes, end: bytes = b"%%EOF\n") -> bytes:
    return b"\n".join([b"%PDF-1.7", *parts, end])


def leaks(data: bytes) -> list[str]:
    return list(pdf_leaks(data))


@pytest.mark.parametrize(
    "name",
    [
        "Author", "EmbeddedFile", "EmbeddedFiles", "FileAttachment", "JavaScript", "AcroForm", "Launch",
        "RichMedia",
    ],
)  # fmt: skip
def test_what_tells_or_hides_is_found_in_the_open_and_in_packed_objects(name: str) -> None:
    told = [f"has metadata or attachments under /{name}"]
    entry = f"<< /{name} (x) >>".encode()
    assert leaks(whole(entry)) == told
    assert leaks(whole(stream(b"<< /Type /ObjStm >> " + entry))) == told
    assert leaks(whole(entry, entry, stream(b"/Type " + entry))) == told  # once


def test_a_packed_stream_whose_last_byte_looks_like_the_end_of_a_line_is_read() -> None:
    words = (f"<< /Type /ObjStm /Author (n{number}) >>".encode() for number in range(5000))
    unlucky = next(each for each in words if zlib.compress(each).endswith(b"\r"))
    assert leaks(whole(stream(unlucky))) == ["has metadata or attachments under /Author"]


def test_words_of_pages_are_no_structure() -> None:
    assert leaks(whole(stream(b"(the /Author of it) Tj"))) == []
    assert leaks(whole(stream(b"(the /Author of it) Tj", packed=False))) == []
    assert leaks(whole(b"<< /Authors 3 >>")) == []


def test_several_are_told_in_the_order_of_their_names() -> None:
    assert leaks(whole(stream(b"/Type /Launch"), b"/JavaScript", b"/Author")) == [
        f"has metadata or attachments under /{name}" for name in ("Author", "JavaScript", "Launch")
    ]


def test_a_name_that_ends_an_object_is_found_though_another_follows() -> None:
    objects = (stream(b"/Type /Launch"), stream(b"/Type x"))
    assert leaks(whole(*objects)) == ["has metadata or attachments under /Launch"]


def test_nothing_comes_after_the_end() -> None:
    after = ["has bytes after its end"]
    assert leaks(whole(end=b"%%EOF")) == []
    assert leaks(whole(end=b"%%EOF \r\n\n")) == []
    assert leaks(whole(end=b"%%EOFx")) == after
    assert leaks(whole(end=b"%%EOF\nrid,x\n")) == after
    assert leaks(whole(end=b"")) == after  # no end at all
    assert leaks(whole(b"%%EOF", b"1 0 obj")) == []  # written on later: the last end counts


@pytest.mark.parametrize("data", [b"", b"rid,x", b" %PDF-1.7 %%EOF"])
def test_other_data_is_no_pdf(data: bytes) -> None:
    assert leaks(data) == ["is no PDF file"]


def test_words_are_put_together_again_from_their_pieces() -> None:
    data = whole(b"/Title (A survey)", stream(b"[(Pro) -20 (file)] TJ (r00) Tj (001) Tj"))
    assert pdf_text(data).split("\n")[-4:] == ["Profile", "r00", "001", ""]
    assert "/Title (A survey)" in pdf_text(data)
    assert "endstream" not in pdf_text(data)


def test_brackets_and_other_letters_inside_words_are_kept() -> None:
    assert r"a\)b" in pdf_text(whole(stream(rb"(a\)b) Tj")))
    assert "Zoë" in pdf_text(whole(stream(b"(Zo\xeb) Tj")))
    assert "é" in pdf_text(whole(b"/Title (\xe9)"))


def test_numbers_of_the_files_own_are_no_words_of_it() -> None:
    data = whole(
        b"12 0 obj << /Flags 131076 /FontBBox [-131077 +131078. 0.131079] >> endobj", b"startxref 118522"
    )
    assert not re.search(r"\d{5}", pdf_text(data))
    kept = whole(b"/Title (of 131076) /R131077 % 131078 (131079", b"<< /Subject (no \\( 131080 ) >> 131081")
    assert re.findall(r"\d{6}", pdf_text(kept)) == ["131076", "131077", "131078", "131079", "131080"]


@pytest.mark.parametrize("begin", [b"\x00\x01\x00\x00", b"true", b"OTTO", b"%!PS-AdobeFont", b"\x01\x00\x04"])
def test_outlines_of_letters_are_no_words(begin: bytes) -> None:
    assert "354763" not in pdf_text(whole(stream(begin + b" (354763)")))
    assert "354763" in pdf_text(whole(stream(b"q " + begin + b" (354763)")))
    assert "r00001" in pdf_text(whole(stream(begin + b" (354763)"), stream(b"(r00001) Tj")))


@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
def test_streams_are_read_whether_packed_or_not_and_however_lines_end(line: bytes) -> None:
    for packed in (True, False):
        data = whole(stream(b"(r00001) Tj", packed=packed, line=line), stream(b"(r00002)\nTj", packed=packed))
        assert [word for word in pdf_text(data).split("\n") if word.startswith("r0")] == ["r00001", "r00002"]


def test_what_a_reader_shows_of_a_file_is_read(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.new_page(100, 100)
    document.new_attachment("rows.csv").set_data(b"rid,x")
    document.save(tmp_path / "a.pdf")
    document.close()
    xmp = "<x:xmpmeta><dc:source>Zoë, /home/ana/rows.sav</dc:source>\n</x:xmpmeta>"
    with (tmp_path / "a.pdf").open("ab") as file:
        file.write(f"\n%{xmp}\n%<x:xmpmeta>second</x:xmpmeta>\n".encode() + b"<x:xmpmeta>\xff</x:xmpmeta>")
    read = read_pdf(tmp_path / "a.pdf")
    assert read.pages == "\n"
    assert xmp in read.about
    assert read.about.endswith(
        "\n<x:xmpmeta>second</x:xmpmeta>\n<x:xmpmeta>\N{REPLACEMENT CHARACTER}</x:xmpmeta>"
    )
    assert list(read.leaks()) == ["its metadata hold the path of a file", "holds 1 attached files"]


def test_a_file_that_tells_nothing_has_no_leaks() -> None:
    assert list(PdfText("1", "A survey", 0).leaks()) == []
    assert list(PdfText("/home/ana/x", "", 2).leaks()) == ["holds 2 attached files"]
