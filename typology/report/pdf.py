"""The report as one tagged PDF: the same content as the page, with vector figures."""

from __future__ import annotations

import datetime
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import typst

from typology.errors import TypologyError
from typology.plots.text import printable
from typology.report.blocks import markdown_blocks, notebook_blocks
from typology.report.content import HEADINGS, Content

TEMPLATE = Path(__file__).resolve().parent / "templates" / "report.typ"
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"


def report_pdf(content: Content, notebooks: Sequence[nbformat.NotebookNode]) -> bytes:
    """Typeset the report of a run.

    Everything is handed to the template as JSON and set as text; nothing of it is ever read as markup. The
    font is the one of the figures, which matplotlib brings along, and no font of the system is used, so
    that the same content gives the same bytes. The file is tagged for screen readers (PDF/UA-1).

    Parameters
    ----------
    content : Content
        What the report says beside its notebooks.
    notebooks : sequence of NotebookNode
        Executed, in the order of the report.

    Returns
    -------
    bytes
        The PDF. It is dated at midnight of the date of the report.

    Raises
    ------
    TypologyError
        The document cannot be set as an accessible PDF.
    """
    told = json.dumps(_told(content, notebooks), ensure_ascii=False)
    made = datetime.datetime.combine(content.date, datetime.time(), tzinfo=datetime.UTC)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    try:
        pdf, remarks = typst.compile_with_warnings(
            str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts, sys_inputs={"report": told},
            format="pdf", pdf_standards=["ua-1"], timestamp=made,
        )  # fmt: skip
    except typst.TypstError as error:
        raise TypologyError(f"report.pdf was not written: {error.message}") from error
    for remark in remarks:
        warnings.warn(f"report.pdf: {remark.message}", stacklevel=2)
    return pdf


def _told(content: Content, notebooks: Sequence[nbformat.NotebookNode]) -> dict[str, Any]:
    """Everything the template sets, as JSON."""
    findings = content.findings
    return {
        "kind": content.kind,
        "title": printable(content.title),
        "document_title": printable(content.document_title),
        "entries": [[name, printable(value)] for name, value in content.entries],
        "caution": content.caution,
        "headings": HEADINGS,
        "date": [content.date.year, content.date.month, content.date.day],
        "headline": printable(findings.headline),
        "meaning": printable(findings.meaning),
        "reason": printable(f"How this was decided: {findings.reason}"),
        "points": [printable(point) for point in findings.points],
        "parts": [notebook_blocks(notebook) for notebook in notebooks],
        "methods": markdown_blocks(content.methods),
        "limits": list(content.limits),
        "disclosure": list(content.disclosure),
        "support": list(content.support),
    }
