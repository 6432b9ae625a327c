"""Which published profile a type resembles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from typology.label.features import lower_first
from typology.schema.catalogue import Catalogue, PublishedProfile

MATCH_SCORE = 0.5
"""Below this mean agreement with what a profile expects, a type is "not described before"."""
FULL_AGREEMENT = np.log(3.0)
"""A certain odds ratio of 3 (or 1/3) agrees fully with an expected high (or low) factor."""
FEWEST_MEASURED = 2


@dataclass(frozen=True)
class Match:
    """How well one profile fits one type."""

    profile: str
    score: float
    detail: str


def match_profiles(
    types: Sequence[str], factors: pd.DataFrame, catalogue: Catalogue
) -> dict[str, list[Match]]:
    """Score every published profile for every type, best first.

    The score is the mean over the profile's expected factors that the survey measured of an agreement from
    -1 to 1: log odds ratio in the expected direction, full at an odds ratio of 3, nothing when q >= .05. A
    profile of which fewer than two factors, or fewer than half, were measured is not scored.
    """
    found = {}
    for type_id in types:
        strength = _strengths(factors[factors["type"] == type_id])
        labels = {name: lower_first(factor.label) for name, factor in catalogue.factors.items()}
        scored = [_score(name, profile, strength, labels) for name, profile in catalogue.profiles.items()]
        kept = [match for match in scored if match is not None]
        found[type_id] = sorted(kept, key=lambda match: (-match.score, match.profile))
    return found


def _strengths(rows: pd.DataFrame) -> dict[str, float]:
    """Signed strength of each factor in a type, -1 to 1, averaged over its variables."""
    ratio = rows["odds_ratio"].astype(float)
    sure = (rows["q"].astype(float) < 0.05) & ratio.gt(0)
    strength = (np.log(ratio.where(sure, 1.0)) / FULL_AGREEMENT).clip(-1, 1)
    return {str(name): float(value) for name, value in strength.groupby(rows["factor"]).mean().items()}


def _score(
    name: str, profile: PublishedProfile, strength: Mapping[str, float], labels: Mapping[str, str]
) -> Match | None:
    expected = [(factor, 1.0) for factor in profile.high] + [(factor, -1.0) for factor in profile.low]
    measured = [(factor, sign) for factor, sign in expected if factor in strength]
    if len(measured) < max(FEWEST_MEASURED, len(expected) / 2):
        return None
    parts = {factor: sign * strength[factor] for factor, sign in measured}
    score = float(np.mean(list(parts.values())))
    agree = [labels.get(factor, factor) for factor, value in parts.items() if value > 0]
    against = [labels.get(factor, factor) for factor, value in parts.items() if value < 0]
    detail = f"{profile.label}: score {score:.2f} over {len(parts)} of {len(expected)} expected factors"
    detail += f"; as expected: {', '.join(agree) or 'none'}; against: {', '.join(against) or 'none'}"
    return Match(name, score, detail)


def assign_profiles(matches: Mapping[str, Sequence[Match]]) -> dict[str, Match]:
    """Give each profile to at most one type, so that the summed score is largest; low scores never."""
    types = list(matches)
    profiles = sorted({match.profile for scored in matches.values() for match in scored})
    if not types or not profiles:
        return {}
    score = np.zeros((len(types), len(profiles)))
    by_pair = {}
    for row, type_id in enumerate(types):
        for match in matches[type_id]:
            by_pair[row, profiles.index(match.profile)] = match
            if match.score >= MATCH_SCORE:
                score[row, profiles.index(match.profile)] = match.score
    rows, columns = linear_sum_assignment(-score)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {types[row]: by_pair[row, column] for row, column in pairs if score[row, column] > 0}
