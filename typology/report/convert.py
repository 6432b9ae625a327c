"""Turns executed notebooks into sections of one HTML page: prose and results, no code."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from typology.errors import TypologyError
from typology.profile.display import SKIPPED

TEMPLATES = Path(__file__).resolve().parent / "templates"
HEADING = re.compile(r"<h([2-4])[^>]*>(.*?)</h\1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
_SKIPPED = re.compile(rf'<p class="[^"]*\b{SKIPPED}"')  # a notice, and not a label of that name


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents: anchor, plain text, and the headings below it."""

    anchor: str
    text: str
    below: tuple[Heading, ...] = ()


@dataclass(frozen=True)
class Section:
    """One notebook as HTML, with its headings numbered as anchors."""

    heading: Heading
    html: str


def to_section(notebook: nbformat.NotebookNode, *, prefix: str) -> Section:
    """Convert one executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; its first Markdown heading is the title.
    prefix : str
        Start of the anchors, unique within the page.

    Raises
    ------
    TypologyError
        The notebook holds an error, or a picture without a text alternative.
    """
    body, _ = exporter().from_notebook_node(without_skipped(notebook))
    return anchored(body, prefix=prefix)


def without_skipped(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out notices a report skips, and what showed nothing else.

    That is every part (second-level heading), and every text within a part, that is followed by such notices
    only.
    """
    shown: nbformat.NotebookNode = copy.copy(notebook)
    parts = _split(notebook.cells, start="## ")
    shown["cells"] = [
        cell
        for part in parts
        if _shows(part)
        for at, passage in enumerate(_split(part, start=""))
        if at == 0 or _shows(passage)
        for cell in map(_without_notices, passage)
    ]
    return shown


Cells = list[nbformat.NotebookNode]


def _split(cells: Cells, *, start: str) -> list[Cells]:
    """Cut cells before every text that starts like this."""
    found: list[Cells] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith(start) and found[-1]:
            found.append([])
        found[-1].append(cell)
    return found


def _shows(cells: Cells) -> bool:
    """Whether anything but skipped notices is shown, or nothing was to be shown in the first place."""
    before, after = (
        sum(len(cell.get("outputs", ())) for cell in each)
        for each in (cells, [_without_notices(cell) for cell in cells])
    )
    return after > 0 or before == 0


def _without_notices(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    if "outputs" not in cell:
        return cell
    shown = [
        output
        for output in cell.outputs
        if not _SKIPPED.match(str(output.get("data", {}).get("text/html", "")))
    ]
    changed: nbformat.NotebookNode = copy.copy(cell)
    changed["outputs"] = shown
    return changed


def exporter() -> HTMLExporter:
    """Return an exporter with our own template: no code, no scripts, nothing fetched."""
    config = Config()
    config.TemplateExporter.exclude_input = True
    config.TemplateExporter.exclude_input_prompt = True
    config.TemplateExporter.exclude_output_prompt = True
    made = HTMLExporter(  # type: ignore[no-untyped-call]
        config=config,
        template_name="cells",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )
    made.register_filter("section_headings", section_headings)  # type: ignore[no-untyped-call]
    made.environment.globals["refuse"] = refuse
    return made


def section_headings(markdown: str) -> str:
    """Move headings one level down: the page has its own first-level heading."""
    return re.sub(r"^(#{1,3}) ", r"#\1 ", markdown, flags=re.MULTILINE)


def refuse(what: str) -> str:
    """Stop the report at an output that must not be in it."""
    raise TypologyError(f"The report was not written: a notebook holds {what}.")


def anchored(body: str, *, prefix: str) -> Section:
    """Give every heading an anchor and collect them."""
    found: list[tuple[int, Heading]] = []

    def number(match: re.Match[str]) -> str:
        level, inner = match.group(1), match.group(2)
        anchor = f"{prefix}-{len(found) + 1}" if found else prefix
        found.append((int(level), Heading(anchor, unescape(TAG.sub("", inner)).strip())))
        return f'<h{level} id="{anchor}">{inner}</h{level}>'

    html = HEADING.sub(number, body)
    if not found or found[0][0] != 2:
        raise TypologyError("A notebook of the report must start with its title as a first-level heading.")
    first = found[0][1]
    below = tuple(heading for level, heading in found[1:] if level == 3)
    return Section(Heading(first.anchor, first.text, below), html)
