"""What a page of HTML holds besides text and pictures that were checked themselves."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from typology.disclose.images import png_leaks

_EMBEDDED = re.compile(r"data:([\w.+/-]*)((?:;[\w=.-]+)*),([A-Za-z0-9+/=%\s]*)")
_ACTIVE = {"script", "iframe", "object", "embed", "template", "form", "input", "textarea", "link", "metadata"}
_UNREAD = {"style", "script"}
_TRACE = re.compile(r"Traceback \(most recent call last\)|application/vnd\.jupyter")


class _Page(HTMLParser):
    """Collects visible text, and elements and attributes that can carry data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(f"has an element <{tag}>, which can hold data or state")
        if tag in _UNREAD:
            self._inside.append(tag)
        for name, value in attrs:
            if name.startswith(("data-", "on")):
                self.found.append(f"has data in an attribute {name}")
            elif value and not value.startswith("data:"):
                self.text.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_comment(self, data: str) -> None:
        self.found.append("has a comment")
        self.text.append(data)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.text.append(data)


def page_leaks(html: str) -> Iterator[str]:
    """Say what a page holds that can carry data: scripts, widget state, comments, embedded files."""
    page = _parsed(html)
    yield from dict.fromkeys(page.found)
    if _TRACE.search(html):
        yield "has the output or state of a notebook"
    for kind, how, data in _EMBEDDED.findall(html):
        if kind != "image/png" or how != ";base64":
            yield f"has an embedded {kind or 'file'}, which cannot be checked"
            continue
        try:
            picture = base64.b64decode("".join(data.split()), validate=True)
        except binascii.Error:
            yield "has an embedded image that cannot be read"
            continue
        for leak in png_leaks(picture):
            yield f"has an embedded image that {leak}"


def page_text(html: str) -> str:
    """Text of a page with its alternative texts and comments."""
    return "\n".join(_parsed(html).text)


def without_embedded(text: str) -> str:
    """Cut out embedded files, in which short words occur by chance."""
    return _EMBEDDED.sub("", text)


def _parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    return page
