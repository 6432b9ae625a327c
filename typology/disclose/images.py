"""What an image file of a release holds besides the picture."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Chunks that only say how to draw; any other may hold text, EXIF, a time or data.
_DRAWING = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "cHRM", "pHYs", "sBIT", "bKGD"}


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
