"""Cells of tables in words: a dash where there is nothing, never a NaN."""

from __future__ import annotations

from typology.profile.provenance import provenance
from typology.profile.released import Summary
from typology.profile.wording import known, percent, percent_interval, why_suppressed

EMPTY = "–"
WITHHELD = "withheld"


def count(value: float) -> str:
    """Return a count as in the prose, such as 13,677; a dash where there is none."""
    return f"{value:,.0f}" if known(value) else EMPTY


def fixed(value: float, *, digits: int = 2) -> str:
    """Return a number with fixed decimals; a dash where there is none."""
    return f"{value:.{digits}f}" if known(value) else EMPTY


def share(value: float, *, decimals: int | None = None) -> str:
    """Return a share as a percentage; a dash where there is none."""
    return percent(value, decimals=decimals) if known(value) else EMPTY


def interval(lo: float, hi: float, *, decimals: int | None = None) -> str:
    """Return an interval of shares; a dash where there is none."""
    return percent_interval(lo, hi, decimals=decimals) if known(lo, hi) else EMPTY


def reasons(rules: list[str], summary: Summary) -> str:
    """Say under a table why numbers are withheld."""
    threshold = provenance(summary).threshold
    told = sorted({why_suppressed(rule, threshold=threshold) for rule in rules if rule})
    return f"Withheld: {'; '.join(told)}." if told else ""


def profile_match(label: str, score: float) -> str:
    """Return the label of a published profile with its score."""
    return f"{label} ({fixed(score)})" if label else "not described before"
