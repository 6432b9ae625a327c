"""Text as the input files may hold it: labels, names and sentences are one line each."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator


def one_line(text: str) -> str:
    """Return a text with white space as single spaces and without control characters.

    A label with a line break or a bell in it can break a row of a table, a card, or a page.
    """
    seen = (letter for letter in " ".join(text.split()) if unicodedata.category(letter) != "Cc")
    return "".join(seen)


Text = Annotated[str, AfterValidator(one_line)]
