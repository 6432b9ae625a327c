"""What image and PDF files of a release hold besides the picture."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks that only say how to draw; any other may hold text, EXIF, a time or data.
_DRAWING = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "cHRM", "pHYs", "sBIT", "bKGD"}
_TELLING = re.compile(rb"/(Author|EmbeddedFiles?|FileAttachment|JavaScript|AcroForm|Launch|RichMedia)\b")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)")


def png_leaks(data: bytes) -> Iterator[str]:
    """Say what a PNG file holds besides its picture.

    Parameters
    ----------
    data : bytes
        The file.

    Yields
    ------
    str
        What was found, without the name of the file.
    """
    if not data.startswith(_SIGNATURE):
        yield "is no PNG image"
        return
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        name = kind.decode("latin-1")
        at += 12 + length
        if name not in _DRAWING:
            yield f"has metadata in a chunk {name}"
        if name == "IEND":
            break
    if at < len(data):
        yield f"has {len(data) - at} bytes after its end"


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
    """Text of the pages and of the document information, near enough to search for words in."""
    lines = [_STREAM.sub(b"", data).decode("latin-1")]
    for stream in _streams(data):
        # kerning cuts a word into pieces of one array; an operator that shows text ends the word
        shown = re.split(rb"\bT[jJ]\b", stream)
        lines += [b"".join(_LITERAL.findall(word)).decode("latin-1") for word in shown]
    return "\n".join(lines)


def _streams(data: bytes) -> Iterator[bytes]:
    for found in _STREAM.finditer(data):
        try:
            yield zlib.decompress(found.group(1))
        except zlib.error:  # not compressed
            yield found.group(1)
