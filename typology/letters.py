"""Letters that command instead of being shown: a terminal obeys some, others turn a sentence round."""

from __future__ import annotations

import unicodedata

_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def commands(letter: str) -> bool:
    """Whether a letter is a control character or turns the direction of what is written after it."""
    return unicodedata.category(letter) == "Cc" or unicodedata.bidirectional(letter) in _TURNS


def visible(text: str) -> str:
    """Return a text on one line, with letters that command, and halves of letters, written out as escapes."""
    return "".join(
        letter.encode("unicode_escape").decode("ascii")
        if commands(letter) or unicodedata.category(letter) == "Cs"
        else letter
        for letter in " ".join(text.split())
    )
