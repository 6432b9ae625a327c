"""What a screen reader finds in a tagged PDF."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def elements_of(pdf: bytes | Path) -> list[tuple[str, str]]:
    """Return type and text alternative of every element, page by page."""
    found: list[tuple[str, str]] = []
    for page in pypdfium2.PdfDocument(pdf):
        tree = pdfium.FPDF_StructTree_GetForPage(page)
        for i in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            _visit(pdfium.FPDF_StructTree_GetChildAtIndex(tree, i), found)
        pdfium.FPDF_StructTree_Close(tree)
    return found


def _visit(element: Any, found: list[tuple[str, str]]) -> None:
    if not element:  # a stretch of text
        return
    read = (pdfium.FPDF_StructElement_GetType, pdfium.FPDF_StructElement_GetAltText)
    kind, alternative = (_said(function, element) for function in read)
    found.append((kind, alternative))
    for i in range(pdfium.FPDF_StructElement_CountChildren(element)):
        _visit(pdfium.FPDF_StructElement_GetChildAtIndex(element, i), found)


def _said(read: Any, element: Any) -> str:
    room = ctypes.create_string_buffer(read(element, None, 0))
    read(element, room, len(room))
    return room.raw.decode("utf-16le").rstrip("\0")
