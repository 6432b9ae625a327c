"""Text as the input files may hold it: labels, names and sentences are one line each."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from typology.letters import commands


def one_line(text: str) -> str:
    """Return a text with white space as single spaces and without characters that command.

    A label with a line break or a bell in it can break a row of a table, a card, or a page; one that turns
    the direction of writing turns the rest of the sentence it is put into.
    """
    return "".join(letter for letter in " ".join(text.split()) if not commands(letter))


Text = Annotated[str, AfterValidator(one_line)]
