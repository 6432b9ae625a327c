"""The template of the report page and what it needs."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import markdown2html_mistune

TEMPLATES = Path(__file__).resolve().parent / "templates"


def environment() -> Environment:
    """Return the Jinja2 environment of the report: everything is escaped unless it is marked as HTML."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["html"] = Markup
    return made


def markdown(text: str) -> str:
    """Turn our own Markdown into HTML, second-level headings becoming third-level ones."""
    html = str(markdown2html_mistune(text.replace("\n## ", "\n### ")))
    return html.replace('<a class="anchor-link"', "<a hidden")
