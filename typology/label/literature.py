"""What has been published about a factor, and whether this survey agrees with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.schema.catalogue import EvidenceEntry, Factor

SAME, OPPOSITE, BOTH_UNCLEAR = "same direction", "opposite direction", "unclear in both"
ONLY_HERE, ONLY_PUBLISHED = "clear here only", "clear in the literature only"
OVERLAP, LARGER, SMALLER = "intervals overlap", "larger here", "smaller here"


@dataclass(frozen=True)
class Published:
    """Range of the published odds ratios of a factor, and their sources; NaN and "" without any."""

    lo: float
    hi: float
    source: str


def literature(factor: Factor | None) -> Published:
    """Range of the published odds ratios of a factor, and their sources.

    Only entries whose measure is an odds ratio count; each adds its interval, or its estimate when it has
    no interval.
    """
    entries = [] if factor is None else [entry for entry in factor.evidence if _is_odds_ratio(entry)]
    if not entries:
        return Published(float("nan"), float("nan"), "")
    spans = [entry.ci or (entry.estimate, entry.estimate) for entry in entries]
    ends = [end for span in spans for end in span if end is not None]
    sources = dict.fromkeys(_cited(entry) for entry in entries)
    return Published(float(min(ends)), float(max(ends)), "; ".join(sources))


def _is_odds_ratio(entry: EvidenceEntry) -> bool:
    words = entry.measure.casefold().replace("-", " ").split()
    named = bool({"or", "aor"} & set(words)) or "odds ratio" in entry.measure.casefold()
    return named and (entry.estimate is not None or entry.ci is not None)


def _cited(entry: EvidenceEntry) -> str:
    """Source with its year, unless it names the year itself."""
    return entry.source if str(entry.year) in entry.source else f"{entry.source} {entry.year}"


def agreement(lo: float, hi: float, published: Published) -> tuple[str, str]:
    """Whether an interval agrees with the published range, in direction and in size.

    A direction is clear where the whole interval, or the whole published range, lies on one side of 1.

    Returns
    -------
    direction, size : str
        "" where there is nothing to compare.
    """
    if not np.isfinite([lo, hi, published.lo, published.hi]).all():
        return "", ""
    ours, theirs = _side(lo, hi), _side(published.lo, published.hi)
    if ours and theirs:
        direction = SAME if ours == theirs else OPPOSITE
    elif ours or theirs:
        direction = ONLY_HERE if ours else ONLY_PUBLISHED
    else:
        direction = BOTH_UNCLEAR
    size = LARGER if lo > published.hi else SMALLER if hi < published.lo else OVERLAP
    return direction, size


def _side(lo: float, hi: float) -> int:
    return 1 if lo > 1 else -1 if hi < 1 else 0
