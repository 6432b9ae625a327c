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
_WEIGHTED, _COUNTED = 0, 1
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
    types = np.column_stack([groups.members[:, groups.names.index(name)] for name in groups.types])
    sums = _Sums(design, types, np.random.default_rng([seed, 8]))
    place = {each.name: at for at, each in enumerate(named.bound)}
    at = (
        named.factors["type"].map({n: at for at, n in enumerate(groups.types)}).to_numpy(dtype=np.int64),
        named.factors["variable"].map(place).to_numpy(dtype=np.int64),
    )
    exposure = [each.exposure for each in named.bound]
    exposed = _Counts(
        sums, [values == 1.0 for values in exposure], [np.isfinite(values) for values in exposure]
    )
    answers = _Answers(named, sums, groups)
    found: dict[str, Counter[str]] = {name: Counter() for name in groups.types}
    for draw in range(RESAMPLES):
        factors = _factors(named.factors, exposed, draw, at, threshold=threshold)
        told, shown = factors.loc[named.told], answers.again(draw)
        features = {
            name: features_of(name, told, shown, catalogue, threshold=threshold) for name in groups.types
        }
        matches = match_profiles(groups.types, told, catalogue)
        again = name_types(features, matches, catalogue, {}).names["name"]
        for name in groups.types:
            found[name][str(again[name])] += 1
    return [(name, STEP, _detail(names[name], found[name])) for name in groups.types]


class _Sums:
    """Sums over respondents in every resample, a block of them at a time."""

    def __init__(self, design: SurveyDesign, types: Bools, rng: np.random.Generator) -> None:
        self._design, self._size = design, types.shape[1]
        self._type = np.where(types.any(axis=1), types.argmax(axis=1), types.shape[1])
        drawn = (psus_drawn(design, rng) for _ in range(RESAMPLES))
        # a stratum of one unit always has it
        self._times = np.stack(
            [np.where(size > 1, times, 1).astype(np.int16) for times, size in drawn], axis=1
        )

    def of(self, what: Sequence[Bools]) -> tuple[Floats, Floats]:
        """Sum where each of m holds, of weights and respondents: by type (2, R, K, m), in all (2, R, m)."""
        found = np.zeros((2, RESAMPLES, self._size + 1, len(what)))
        for start in range(0, self._design.n if what else 0, BLOCK):
            rows = slice(start, start + BLOCK)
            here = np.column_stack([each[rows] for each in what]).astype(float)
            times = self._times[self._design.psu[rows]].astype(float)
            by = np.concatenate([times * self._design.weight[rows, None], times], axis=1)
            for place in range(self._size + 1):
                mine = self._type[rows] == place
                found[:, :, place] += (by[mine].T @ here[mine]).reshape(2, RESAMPLES, len(what))
        return found[:, :, :-1], found.sum(axis=2)


class _Counts:
    """Of every resample, how much of each type and of everybody something is true, and known."""

    def __init__(self, sums: _Sums, true: Sequence[Bools], known: Sequence[Bools]) -> None:
        self.true, self.all_true = sums.of(true)
        self.known, self.all_known = sums.of(known)


def _detail(name: str, found: Counter[str]) -> str:
    others = [(other, count) for other, count in found.most_common() if other != name]
    told = f"the same name in {found[name]} of {RESAMPLES} resamples of respondents"
    return f"{told}; otherwise most often {others[0][0]!r} ({others[0][1]})" if others else told


def _factors(
    factors: pd.DataFrame, exposed: _Counts, draw: int, at: tuple[np.ndarray, np.ndarray], *, threshold: int
) -> pd.DataFrame:
    """The factors as one resample shows them."""

    def cells(kind: int) -> tuple[Floats, Floats, Floats, Floats]:
        count, base = (each[kind, draw][at] for each in (exposed.true, exposed.known))
        of_all, all_base = (each[kind, draw][at[1]] for each in (exposed.all_true, exposed.all_known))
        return count, base, of_all - count, all_base - base

    count, base, rest_count, rest_base = cells(_WEIGHTED)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (count / (base - count)) / (rest_count / (rest_base - rest_count))
        ratio = np.where(np.isfinite(ratio) & (ratio > 0), ratio, np.nan)
        reach = factors["hi"].to_numpy(dtype=float) / factors["lo"].to_numpy(dtype=float)
        se = np.log(reach) / (2 * 1.96)
        p = 2 * stats.norm.sf(np.abs(np.log(ratio)) / se)
    plain = cells(_COUNTED)
    half = 1.96 * se
    table = factors[FACTORS].assign(
        odds_ratio=ratio, lo=ratio * np.exp(-half), hi=ratio * np.exp(half),
        q=false_discovery_by_family(p, factors["variable"]),
        exposed_type=plain[0], base_type=plain[1], exposed_rest=plain[2], base_rest=plain[3],
    )  # fmt: skip
    return table.assign(stands_out=stands_out(table, threshold))


class _Answers:
    """Differences of the answers from everyone's, again and again."""

    def __init__(self, named: Named, sums: _Sums, groups: Groups) -> None:
        self._rows = named.answers.loc[named.answers["group"].isin(groups.types), ANSWERS].astype(object)
        by_name = {column.name: column for column in named.columns}
        pairs = list(dict.fromkeys(zip(self._rows["variable"], self._rows["category"], strict=True)))
        codes = {name: [each.code for each in by_name[name].categories] for name, _ in pairs}
        self._given = _Counts(
            sums,
            [by_name[name].category_of == codes[name].index(category) for name, category in pairs],
            [by_name[name].category_of >= 0 for name, _ in pairs],
        )
        place = {pair: at for at, pair in enumerate(pairs)}
        answer = [place[pair] for pair in zip(self._rows["variable"], self._rows["category"], strict=True)]
        types = {name: at for at, name in enumerate(groups.types)}
        self._at = (self._rows["group"].map(types).to_numpy(dtype=int), np.array(answer, dtype=int))

    def again(self, draw: int) -> pd.DataFrame:
        """Rows with count, base and difference of one resample, those that set a type apart."""
        given, at = self._given, self._at
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (given.true[_WEIGHTED, draw] / given.known[_WEIGHTED, draw])[at]
            whole = (given.all_true[_WEIGHTED, draw] / given.all_known[_WEIGHTED, draw])[at[1]]
        difference = share - whole
        telling = np.abs(difference) >= ITEM_DIFFERENCE
        rows: pd.DataFrame = self._rows[telling].assign(
            difference=difference[telling],
            count=given.true[_COUNTED, draw][at][telling],
            base=given.known[_COUNTED, draw][at][telling],
        )
        return rows
