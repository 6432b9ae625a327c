"""Ids of respondents, for the eyes of whoever sits before the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

FIRST = 6


def who(ids: Sequence[str]) -> str:
    """Name the first respondents on a terminal; elsewhere, as in a log, say only how many they are."""
    if not sys.stdout.isatty():
        return f"{len(ids)} ids, shown on a terminal only."
    more = f" and {len(ids) - FIRST} more" if len(ids) > FIRST else ""
    return f"ids: {', '.join(ids[:FIRST])}{more}"
