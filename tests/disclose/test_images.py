"""What a PNG file may hold: chunks that draw, and nothing beside or after them."""

from __future__ import annotations

import struct
import zlib

import pytest

from typology.disclose.images import png_leaks

START = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PICTURE = START + chunk(b"IHDR", b"0" * 13) + chunk(b"IDAT", b"01") + chunk(b"IEND")


def leaks(data: bytes) -> list[str]:
    return list(png_leaks(data))


@pytest.mark.parametrize(
    "kind", [b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs", b"sBIT", b"bKGD", b"IDAT"]
)
def test_chunks_that_say_how_to_draw_are_no_leak(kind: bytes) -> None:
    assert leaks(START + chunk(kind, b"abcd") + PICTURE[8:]) == []


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"prVt", b"a\xe9Xt"])
def test_every_other_chunk_is_told_by_its_name(kind: bytes) -> None:
    found = [f"has metadata in a chunk {kind.decode('latin-1')}"]
    assert leaks(START + chunk(kind, b"rows") + PICTURE[8:]) == found
    assert leaks(START + chunk(kind) + PICTURE[8:]) == found
    assert leaks(PICTURE[:-12] + chunk(kind, b"rows") + chunk(b"IEND")) == found


def test_all_of_several_are_told() -> None:
    assert leaks(START + chunk(b"tEXt", b"a") + chunk(b"tIME", b"b") + PICTURE[8:]) == [
        "has metadata in a chunk tEXt",
        "has metadata in a chunk tIME",
    ]


@pytest.mark.parametrize("rest", [b"r", b"rows of data", chunk(b"tEXt", b"a"), PICTURE])
def test_whatever_stands_after_the_end_is_told_by_its_length(rest: bytes) -> None:
    assert leaks(PICTURE + rest) == [f"has {len(rest)} bytes after its end"]


def test_a_file_that_breaks_off_says_how_much_could_not_be_read() -> None:
    assert leaks(PICTURE[:-12] + b"tail of it") == ["has 10 bytes after its end"]
    assert leaks(PICTURE[:-12]) == []
    endless = struct.pack(">I", 2**32 - 16) + b"tEXt" + b"rows"  # says that it is longer than the file
    assert leaks(START + endless) == ["has metadata in a chunk tEXt"]


@pytest.mark.parametrize("data", [b"", b"rid,x\n1,2", PICTURE[1:], b"GIF89a"])
def test_other_data_is_no_picture(data: bytes) -> None:
    assert leaks(data) == ["is no PNG image"]
