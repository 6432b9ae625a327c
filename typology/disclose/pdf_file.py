"""What a PDF of a release says: the text of its pages, what it tells about itself, and files hidden in it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TELLING = re.compile(rb"/(Author|EmbeddedFiles?|FileAttachment|JavaScript|AcroForm|Launch|RichMedia)\b")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)")
# numbers of the file's own: places, flags and sizes of its objects; the group is what has words and is kept
_OWN_NUMBER = re.compile(rb"(\((?:[^()\\]|\\.)*\)|%[^\r\n]*)|(?<![\w.+-])[+-]?\d+(?:\.\d*)?(?![\w.])")
# how TrueType, OpenType, Type 1 and compact fonts begin; outlines of letters read as words by chance
_FONTS = (b"\x00\x01\x00\x00", b"true", b"OTTO", b"%!PS", b"\x01\x00\x04")
_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_FOLDERS = re.compile(
    r"""(?:^|[\s"'(=>])(?:file:/*|~?/(?=[\w.+-]+/[\w.+-]))[\w.+-]+|\b[A-Za-z]:\\\w|\\\\\w"""
)


@dataclass(frozen=True)
class PdfText:
    """What can be read out of a PDF.

    Parameters
    ----------
    pages : str
        The text of all pages.
    about : str
        Title, author, program, dates and further metadata.
    attachments : int
        Number of files inside the file.
    """

    pages: str
    about: str
    attachments: int

    def leaks(self) -> Iterator[str]:
        """Say what it tells beside its pages that it must not."""
        if self.names_a_folder:
            yield "its metadata hold the path of a file"
        if self.attachments:
            yield f"holds {self.attachments} attached files"

    @property
    def names_a_folder(self) -> bool:
        """Whether the metadata hold the path of a file, such as that of the survey."""
        return bool(_FOLDERS.search(self.about))


def read_pdf(path: Path) -> PdfText:
    """Read what a PDF says, as any reader of it can."""
    # takes a tenth of a second to import, and only finished releases are read
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        pages = "\n".join(page.get_textpage().get_text_range() for page in document)
        about = [str(value) for value in document.get_metadata_dict().values()]
        attachments = document.count_attachments()
    xmp = [found.decode("utf-8", errors="replace") for found in _XMP.findall(path.read_bytes())]
    return PdfText(pages=pages, about="\n".join([*about, *xmp]), attachments=attachments)


def pdf_leaks(data: bytes) -> Iterator[str]:
    """Say what a PDF file holds besides its pages and title."""
    if not data.startswith(b"%PDF-"):
        yield "is no PDF file"
        return
    structure = b"\n".join([_STREAM.sub(b"", data), *(s for s in _streams(data) if b"/Type" in s)])
    for name in sorted(set(_TELLING.findall(structure))):
        yield f"has metadata or attachments under /{name.decode()}"
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip():
        yield "has bytes after its end"


def pdf_text(data: bytes) -> str:
    """Text of the pages and of the document information, near enough to search for words in.

    Without fonts and the numbers of the file's own structure: an id such as 131076 would be found in every
    file, for that is how a font says that it is bold.
    """
    structure = _STREAM.sub(b"", data)
    if data.startswith(b"%PDF-"):
        structure = _OWN_NUMBER.sub(rb"\1", structure)
    lines = [structure.decode("latin-1")]
    for stream in _streams(data):
        if stream.startswith(_FONTS):
            continue
        # kerning cuts a word into pieces of one array; an operator that shows text ends the word
        shown = re.split(rb"\bT[jJ]\b", stream)
        lines += [b"".join(_LITERAL.findall(word)).decode("latin-1") for word in shown]
    return "\n".join(lines)


def _streams(data: bytes) -> Iterator[bytes]:
    for found in _STREAM.finditer(data):
        try:
            # not zlib.decompress: where the checksum ends like a line, its last byte is not in the match
            yield zlib.decompressobj().decompress(found.group(1))
        except zlib.error:  # not compressed
            yield found.group(1)
