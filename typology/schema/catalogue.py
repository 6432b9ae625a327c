"""The risk-factor catalogue: what the literature found, published types, and guidance."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from typology.schema.numbers import Number, Whole
from typology.schema.text import Text

Domain = Literal["individual", "family", "peer", "online", "community"]
Audience = Literal["industry", "police", "schools", "parents", "services"]
Grade = Literal["strong", "moderate", "limited", "qualitative", "conflicting", "null"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EvidenceEntry(_Strict):
    """One published finding about one factor; null findings are findings too.

    `level` says which amount of the factor an estimate is for, where a study gives several.
    """

    source: Text
    year: Whole
    finding: Text
    n: Whole | None = None
    design: Text = ""
    outcome: Text = ""
    measure: Text = ""
    estimate: Number | None = None
    ci: tuple[Number, Number] | None = None
    adjusted: bool | None = None
    level: Text = ""


class Factor(_Strict):
    """A known risk factor, stated neutrally, with its evidence and a grade of that evidence.

    A `behaviour` is something people do online; kinds of it are counted in the dose-response of the risk
    analysis.
    """

    label: Text
    domain: Domain
    statement: Text
    evidence: tuple[EvidenceEntry, ...]
    grade: Grade
    behaviour: bool = False


class PublishedProfile(_Strict):
    """A type described in the literature: which factors are expected high and low in it."""

    label: Text
    source: Text
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    description: Text = ""


class Advice(_Strict):
    """A practice statement and where it comes from."""

    statement: Text
    source: Text


class Catalogue(_Strict):
    """Factors, published profiles, and guidance by factor and audience; a file may hold any of the three."""

    factors: dict[str, Factor] = Field(default_factory=dict)
    profiles: dict[str, PublishedProfile] = Field(default_factory=dict)
    guidance: dict[str, dict[Audience, tuple[Advice, ...]]] = Field(default_factory=dict)
