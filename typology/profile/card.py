"""What a profile card says: one frozen content per type, all sharing the same scales."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.profile import panels
from typology.profile.provenance import Provenance, provenance
from typology.profile.released import (
    Summary,
    Tables,
    numbers,
    sizes_rounded,
    table,
    texts,
    with_profile_label,
)

ODDS_FLOOR, ODDS_CEILING = 0.05, 40.0
ODDS_LIMITS = (0.05, 0.1, 0.2, 0.33, 0.5, 2.0, 3.0, 5.0, 10.0, 20.0, 40.0)


@dataclass(frozen=True)
class Heading:
    """The head of a card; numbers are NaN where disclosure control withholds them."""

    id: str
    name: str
    sentence: str
    n: float
    rounded: bool
    share: float
    lo: float
    hi: float
    core_share: float
    core_band: str
    stability: float
    stability_lo: float
    stability_hi: float
    grade: str
    profile: str
    profile_score: float
    flags: tuple[str, ...]
    suppressed: str


@dataclass(frozen=True)
class Scales:
    """What is the same on every card of a run.

    Parameters
    ----------
    odds : tuple of float
        Limits of the odds-ratio axis.
    outcome : float
        Upper limit of the outcome axis, a share.
    factor_labels, outcome_labels : tuple of str
        Row labels of panels (a) and (c).
    people_labels : tuple of (str, bool)
        Row labels of panel (d) on the card with most of them, and whether each is a heading.
    headings : tuple of Heading
        The heads of all cards: the tallest decides where the panels begin.
    """

    odds: tuple[float, float]
    outcome: float
    factor_labels: tuple[str, ...]
    outcome_labels: tuple[str, ...]
    people_labels: tuple[tuple[str, bool], ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True, eq=False)
class CardContent:
    """One card. The frames are documented in :mod:`typology.profile.panels`."""

    heading: Heading
    factors: pd.DataFrame
    factors_left: int
    items: pd.DataFrame
    withheld_items: int
    outcomes: pd.DataFrame
    people: pd.DataFrame
    hexes: pd.DataFrame
    guidance: pd.DataFrame
    scales: Scales
    provenance: Provenance


def headings(tables: Tables) -> tuple[Heading, ...]:
    """Read the heads of all cards from the `types` table."""
    rounded = sizes_rounded(tables)
    columns = ["n", "share_weighted", "lo", "hi", "core_share", "stability", "stability_lo", "stability_hi"]
    frame = numbers(table(tables, "types", columns=["id", "name"]), *columns, "profile_score")
    frame = with_profile_label(texts(frame, "id", "name", "sentence", "grade", "flags"))
    return tuple(
        Heading(
            id=row["id"], name=row["name"] or row["id"], sentence=row["sentence"], n=row["n"],
            rounded=rounded, share=row["share_weighted"], lo=row["lo"], hi=row["hi"],
            core_share=row["core_share"], core_band=row["core_band"],
            stability=row["stability"], stability_lo=row["stability_lo"], stability_hi=row["stability_hi"],
            grade=row["grade"], profile=row["profile_label"], profile_score=row["profile_score"],
            flags=tuple(part.strip() for part in row["flags"].split(";") if part.strip()),
            suppressed=row["suppressed"],
        )
        for row in frame.to_dict("records")
    )  # fmt: skip


def build_cards(tables: Tables, summary: Summary) -> tuple[CardContent, ...]:
    """Build the content of all profile cards of a run.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables, after disclosure control.
    summary : mapping
        ``summary.json``.

    Returns
    -------
    tuple of CardContent
        In the order of the `types` table; empty when the verdict is not ``types``.
    """
    heads = headings(tables)
    known_factors, answers = panels.tidy_factors(tables), panels.tidy_prevalence(tables)
    order = panels.factor_order(known_factors)
    factors = {head.id: panels.factor_panel(known_factors, head.id, order=order) for head in heads}
    outcomes = {head.id: panels.outcome_panel(tables, head.id) for head in heads}
    people = {head.id: panels.people_panel(answers, head.id) for head in heads}
    scales = Scales(
        odds=odds_limits(factors.values()),
        outcome=outcome_limit(outcomes.values()),
        factor_labels=_labels(factors.values(), "label"),
        outcome_labels=_labels(outcomes.values(), "label"),
        people_labels=max((_people_labels(frame) for frame in people.values()), key=len, default=()),
        headings=heads,
    )
    source, density = provenance(summary), panels.hexes(tables)
    return tuple(
        CardContent(
            heading=head, factors=factors[head.id],
            factors_left=known_factors["variable"].nunique() - len(order),
            items=panels.item_panel(answers, head.id),
            withheld_items=panels.withheld_items(answers, head.id), outcomes=outcomes[head.id],
            people=people[head.id], hexes=density,
            guidance=panels.guidance_panel(tables, head.id),
            scales=scales, provenance=source,
        )
        for head in heads
    )  # fmt: skip


def _people_labels(frame: pd.DataFrame) -> tuple[tuple[str, bool], ...]:
    return tuple((str(line["label"]), line["heading_row"]) for line in panels.with_headings(frame))


def odds_limits(frames: Iterable[pd.DataFrame]) -> tuple[float, float]:
    """Return limits of the odds-ratio axis that hold all estimates, intervals and literature ranges.

    Intervals wider than the outermost limits are cut there (and drawn with an arrow).
    """
    columns = ["odds_ratio", "lo", "hi", "literature_lo", "literature_hi"]
    values = [frame[columns].to_numpy(dtype=float).ravel() for frame in frames]
    seen = np.concatenate(values) if values else np.array([])
    seen = np.clip(seen[np.isfinite(seen)], ODDS_FLOOR, ODDS_CEILING)
    low = min((*seen, 0.5))
    high = max((*seen, 2.0))
    return max(x for x in ODDS_LIMITS if x <= low), min(x for x in ODDS_LIMITS if x >= high)


def outcome_limit(frames: Iterable[pd.DataFrame]) -> float:
    """Return the upper limit of the outcome axis: the next 10% above every interval."""
    values = [frame[["prevalence", "hi", "everyone_hi"]].to_numpy(dtype=float).ravel() for frame in frames]
    seen = np.concatenate(values) if values else np.array([])
    highest = float(max((*seen[np.isfinite(seen)], 0.1)))
    return min(1.0, math.ceil(highest * 10 - 1e-9) / 10)


def _labels(frames: Iterable[pd.DataFrame], column: str) -> tuple[str, ...]:
    labels = [str(label) for frame in frames for label in frame[column].dropna()]
    return tuple(dict.fromkeys(labels))
