"""One row a type: what the atlas sets side by side."""

from __future__ import annotations

from dataclasses import dataclass

from typology.profile.card import headings
from typology.profile.panels import tidy_factors
from typology.profile.provenance import provenance
from typology.profile.released import Summary, Tables
from typology.profile.wording import ratio, why_suppressed

MOST = 3


@dataclass(frozen=True)
class AtlasRow:
    """A type in one row; numbers are NaN and `withheld` says why where disclosure control withholds them."""

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
    standing: tuple[str, ...]
    standing_known: bool
    withheld: str


@dataclass(frozen=True)
class Standing:
    """A factor that stands out in a type, with its odds ratio."""

    label: str
    odds_ratio: float


def standing_out(tables: Tables, type_id: str, *, most: int = MOST) -> tuple[Standing, ...]:
    """Return the factors that stand out most in a type, strongest first."""
    frame = tidy_factors(tables)
    shown = (frame["type"] == type_id) & frame["stands_out"] & (frame["suppressed"] == "")
    frame = frame[shown & (frame["odds_ratio"] > 0)]
    strength = frame["odds_ratio"].where(frame["odds_ratio"] >= 1, 1 / frame["odds_ratio"])
    frame = frame.assign(strength=strength).sort_values(["strength", "label"], ascending=[False, True])
    return tuple(Standing(r["label"], r["odds_ratio"]) for r in frame.head(most).to_dict("records"))


def standing_sentence(standing: tuple[Standing, ...]) -> str:
    """Say what stands out: more often than others, and less often, with odds ratios."""
    if not standing:
        return "No known risk factor stands out."
    sentences = []
    for words, chosen in (
        ("More often than among the rest", [s for s in standing if s.odds_ratio >= 1]),
        ("Less often", [s for s in standing if s.odds_ratio < 1]),
    ):
        if chosen:
            told = "; ".join(f"{s.label} (odds ratio {ratio(s.odds_ratio)})" for s in chosen)
            sentences.append(f"{words}: {told}.")
    return " ".join(sentences)


def atlas_rows(tables: Tables, summary: Summary) -> tuple[AtlasRow, ...]:
    """Build the rows of the atlas, in the order of the `types` table."""
    threshold = provenance(summary).threshold
    rows = []
    for head in headings(tables):
        standing = tuple(f"{ratio(s.odds_ratio)}  {s.label}" for s in standing_out(tables, head.id))
        rows.append(AtlasRow(
            id=head.id, name=head.name, sentence=head.sentence, n=head.n, rounded=head.rounded,
            share=head.share, lo=head.lo, hi=head.hi, core_share=head.core_share, core_band=head.core_band,
            stability=head.stability, stability_lo=head.stability_lo,
            stability_hi=head.stability_hi, grade=head.grade,
            standing=standing or ("No factor stands out.",), standing_known=bool(standing),
            withheld=why_suppressed(head.suppressed, threshold=threshold) if head.suppressed else "",
        ))  # fmt: skip
    return tuple(rows)
