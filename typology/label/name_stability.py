"""How often a type would get the same name had other respondents been drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from typology.label.association import Bound, stands_out
from typology.label.columns import Column
from typology.label.features import ITEM_DIFFERENCE, features_of
from typology.label.groups import Groups
from typology.label.matching import match_profiles
from typology.label.naming import name_types
from typology.label.resampling import psus_drawn
from typology.label.sampling import SurveyDesign
from typology.models.multiplicity import false_discovery_by_family
from typology.results import Bools, Floats
from typology.schema.catalogue import Catalogue

RESAMPLES = 50
BLOCK = 20_000
"""Respondents whose answers are held as numbers at a time."""
STEP = "name under resampling"
FACTORS = ["type", "factor", "variable", "label"]
ANSWERS = ["variable", "label", "category", "category_label", "endorsed", "group"]


@dataclass(frozen=True)
class Named:
    """What the names rest on.

    Attributes
    ----------
    bound : sequence of Bound
        Exposures behind the factors.
    columns : sequence of Column
        Variables behind the answers.
    factors : DataFrame
        Of all types, raw.
    told : Index
        Rows of `factors` that names may be made of.
    answers : DataFrame
        Rows of the prevalences that names may be made of.
    """

    bound: Sequence[Bound]
    columns: Sequence[Column]
    factors: pd.DataFrame
    told: pd.Index
    answers: pd.DataFrame


def name_stability(
    named: Named,
    names: Mapping[str, str],
    design: SurveyDesign,
    groups: Groups,
    catalogue: Catalogue,
    *,
    threshold: int,
    seed: int,
) -> list[tuple[str, str, str]]:
    """Name the types again in bootstrap resamples of sampling units, the types as they are.

    Shares and odds ratios are estimated anew; the standard error of a log odds ratio is taken from the whole
    survey, as it hardly differs between resamples of one size.

    Parameters
    ----------
    named : Named
    names : mapping
        Type -> name by rule, before any the researcher gave.

    Returns
    -------
    list of (type, step, detail)
        For the trace: in how many resamples the name was the same, and the name that came out most often
        otherwise.
    """
    if not groups.types:
        return []
    rng = np.random.default_rng([seed, 8])
    members = np.column_stack([groups.members[:, groups.names.index(name)] for name in groups.types])
    exposure = (
        np.column_stack([each.exposure for each in named.bound]) if named.bound else np.zeros((design.n, 0))
    )
    place = {each.name: at for at, each in enumerate(named.bound)}
    at_type = (
        named.factors["type"].map({name: at for at, name in enumerate(groups.types)}).to_numpy(dtype=int)
    )
    at_bound = named.factors["variable"].map(place).to_numpy(dtype=int)
    answers = _Answers(named, members, groups)
    found: dict[str, Counter[str]] = {name: Counter() for name in groups.types}
    for _ in range(RESAMPLES):
        times, size = psus_drawn(design, rng)
        drawn = np.where(size > 1, times, 1)[design.psu].astype(float)
        factors = _factors(
            named.factors, exposure, members, design.weight, drawn, at_type, at_bound, threshold=threshold
        )
        told, shown = factors.loc[named.told], answers.again(design.weight * drawn, drawn)
        features = {
            name: features_of(name, told, shown, catalogue, threshold=threshold) for name in groups.types
        }
        matches = match_profiles(groups.types, told, catalogue)
        again = name_types(features, matches, catalogue, {}).names["name"]
        for name in groups.types:
            found[name][str(again[name])] += 1
    return [(name, STEP, _detail(names[name], found[name])) for name in groups.types]


def _sums(by: Floats, members: Bools, what: Bools) -> tuple[Floats, Floats]:
    """Sum of weights where `what` holds, by type and of everybody, (K, m) and (m,); a block at a time."""
    inside, everyone = np.zeros((members.shape[1], what.shape[1])), np.zeros(what.shape[1])
    for start in range(0, len(by), BLOCK):
        rows = slice(start, start + BLOCK)
        here = what[rows].astype(float)
        inside += (by[rows, None] * members[rows]).T @ here
        everyone += by[rows] @ here
    return inside, everyone


def _detail(name: str, found: Counter[str]) -> str:
    others = [(other, count) for other, count in found.most_common() if other != name]
    told = f"the same name in {found[name]} of {RESAMPLES} resamples of respondents"
    return f"{told}; otherwise most often {others[0][0]!r} ({others[0][1]})" if others else told


def _factors(
    factors: pd.DataFrame,
    exposure: Floats,
    members: Bools,
    weight: Floats,
    drawn: Floats,
    at_type: np.ndarray,
    at_bound: np.ndarray,
    *,
    threshold: int,
) -> pd.DataFrame:
    """The factors as one resample shows them."""
    valid, ones = np.isfinite(exposure), exposure == 1.0

    def cells(by: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        count, whole_count = _sums(by, members, ones)
        base, whole_base = _sums(by, members, valid)
        return count, base, whole_count - count, whole_base - base

    count, base, rest_count, rest_base = (each[at_type, at_bound] for each in cells(weight * drawn))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (count / (base - count)) / (rest_count / (rest_base - rest_count))
        ratio = np.where(np.isfinite(ratio) & (ratio > 0), ratio, np.nan)
        reach = factors["hi"].to_numpy(dtype=float) / factors["lo"].to_numpy(dtype=float)
        se = np.log(reach) / (2 * 1.96)
        p = 2 * stats.norm.sf(np.abs(np.log(ratio)) / se)
    plain = [each[at_type, at_bound] for each in cells(drawn)]
    half = 1.96 * se
    table = factors[FACTORS].assign(
        odds_ratio=ratio, lo=ratio * np.exp(-half), hi=ratio * np.exp(half),
        q=false_discovery_by_family(p, factors["variable"]),
        exposed_type=plain[0], base_type=plain[1], exposed_rest=plain[2], base_rest=plain[3],
    )  # fmt: skip
    return table.assign(stands_out=stands_out(table, threshold))


class _Answers:
    """Differences of the answers from everyone's, again and again."""

    def __init__(self, named: Named, members: Bools, groups: Groups) -> None:
        self._rows = named.answers.loc[named.answers["group"].isin(groups.types), ANSWERS].astype(object)
        by_name = {column.name: column for column in named.columns}
        pairs = list(dict.fromkeys(zip(self._rows["variable"], self._rows["category"], strict=True)))
        codes = {name: [each.code for each in by_name[name].categories] for name, _ in pairs}
        nothing = [np.zeros((len(members), 0), dtype=bool)]
        self._valid = np.column_stack([by_name[name].category_of >= 0 for name, _ in pairs] or nothing)
        self._ones = np.column_stack(
            [by_name[name].category_of == codes[name].index(category) for name, category in pairs] or nothing
        )
        self._members = members
        place = {pair: at for at, pair in enumerate(pairs)}
        self._at_answer = [
            place[pair] for pair in zip(self._rows["variable"], self._rows["category"], strict=True)
        ]
        types = {name: at for at, name in enumerate(groups.types)}
        self._at_type = self._rows["group"].map(types).to_numpy(dtype=int)

    def again(self, weight: Floats, drawn: Floats) -> pd.DataFrame:
        """Rows with count, base and difference of one resample, those that set a type apart."""
        ones, all_ones = _sums(weight, self._members, self._ones)
        valid, all_valid = _sums(weight, self._members, self._valid)
        with np.errstate(divide="ignore", invalid="ignore"):
            share, whole = ones / valid, all_ones / all_valid
        count, base = (_sums(drawn, self._members, what)[0] for what in (self._ones, self._valid))
        at = (self._at_type, self._at_answer)
        difference = (share - whole)[at]
        telling = np.abs(difference) >= ITEM_DIFFERENCE
        rows: pd.DataFrame = self._rows[telling].assign(
            difference=difference[telling],
            count=count[at][telling],
            base=base[at][telling],
        )
        return rows
