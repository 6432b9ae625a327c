"""Executed notebooks and Markdown as blocks: headings, paragraphs, lists, tables and pictures, as data.

No block holds markup. Whatever a label says, it arrives as the text it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mistune
import nbformat

from typology.errors import TypologyError
from typology.plots.text import printable
from typology.report.convert import without_skipped
from typology.report.structure import MEDIA_TYPE

Block = dict[str, Any]
STYLES = {"strong": "strong", "emphasis": "emphasis"}
LITERAL = {"text", "inline_html"}  # HTML in a text is the text it is
LINKED = {"link", "image"}  # their words are kept, their address is not: nothing in a report is fetched


def notebook_blocks(notebook: nbformat.NotebookNode) -> list[Block]:
    """Turn one executed notebook into blocks: its prose and results, no code.

    Parameters
    ----------
    notebook : NotebookNode
        Executed in a kernel of the report, see :mod:`typology.report.structure`.

    Raises
    ------
    TypologyError
        The notebook holds an output that has no place in a report.
    """
    blocks: list[Block] = []
    for cell in without_skipped(notebook).cells:
        if cell.cell_type == "markdown":
            blocks += markdown_blocks(cell.source)
        else:
            for output in cell.get("outputs", ()):
                blocks += _output_blocks(output)
    return blocks


def _output_blocks(output: nbformat.NotebookNode) -> list[Block]:
    if output.output_type == "stream":
        return [] if output.name == "stderr" else [{"kind": "plain", "text": _lines(output.text)}]
    data = output.get("data", {})
    if MEDIA_TYPE in data:
        return _described(data[MEDIA_TYPE])
    if "text/plain" in data:
        return [{"kind": "plain", "text": _lines(data["text/plain"])}]
    raise TypologyError(f"The report was not written: a notebook holds an output of type {sorted(data)}.")


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.rstrip("\n").split("\n"))


def _described(shown: Block) -> list[Block]:
    """Take the blocks of a table, notice, picture or gallery, with every character drawable."""
    if shown["kind"] == "gallery":
        return [block for each in shown["pictures"] for block in _described(each)]
    return [{key: value if key == "svg" else _drawable(value) for key, value in shown.items()}]


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    return [_drawable(each) for each in value] if isinstance(value, list) else value


def markdown_blocks(text: str) -> list[Block]:
    """Turn our own Markdown into blocks.

    Parameters
    ----------
    text : str
        Headings, paragraphs and lists, with strong, emphasised and code text.

    Raises
    ------
    TypologyError
        It holds anything else.
    """
    tokens = mistune.create_markdown(renderer="ast")(text)
    return [block for token in tokens for block in _block(dict(token) if not isinstance(token, str) else {})]


def _block(token: dict[str, Any]) -> Iterator[Block]:
    kind = token.get("type")
    if kind == "blank_line":
        return
    if kind == "heading":
        yield {"kind": "heading", "level": token["attrs"]["level"], "runs": list(_runs(token["children"]))}
    elif kind in {"paragraph", "block_text"}:
        yield {"kind": "paragraph", "runs": list(_runs(token["children"]))}
    elif kind == "list":
        items = [[block for part in item["children"] for block in _block(part)] for item in token["children"]]
        yield {"kind": "list", "ordered": token["attrs"]["ordered"], "items": items}
    else:
        raise _unknown(kind)


def _runs(tokens: list[dict[str, Any]], *styles: str) -> Iterator[dict[str, Any]]:
    """Yield stretches of text of one style each."""
    for token in tokens:
        kind = token["type"]
        if kind in STYLES:
            yield from _runs(token["children"], *styles, STYLES[kind])
        elif kind in LITERAL:
            yield {"text": printable(token["raw"]), "styles": list(styles)}
        elif kind in LINKED:
            yield from _runs(token["children"], *styles)
        elif kind == "codespan":
            yield {"text": printable(token["raw"]), "styles": [*styles, "code"]}
        elif kind in {"softbreak", "linebreak"}:
            yield {"text": " ", "styles": list(styles)}
        else:
            raise _unknown(kind)


def _unknown(kind: object) -> TypologyError:
    return TypologyError(f"The report was not written: its text holds Markdown of the kind {kind!r}.")
