"""How good the answers are: participation, missing answers by kind, and answering patterns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from typology.results import Prepared, Survey
from typology.schema.codebook import DESIGN_ROLES, Variable, positive_code

BATTERY = 5

MEASURES = {
    "straight_lining": "same answer to every item of a battery",
    "duplicate_answers": "same answers as another respondent",
    "floor": "lowest answer to every typology item",
    "complete": "every typology item asked was answered",
}


def participation(survey: Survey, prepared: Prepared, *, unassigned: int | None = None) -> pd.DataFrame:
    """From the rows of the data file to the respondents with a type.

    Parameters
    ----------
    survey : Survey
    prepared : Prepared
    unassigned : int, optional
        Clustered respondents without a type; left out before discovery.

    Returns
    -------
    DataFrame
        Columns: step, n, note. ``read`` less every ``set aside: ...`` is ``clustered``.
    """
    rows: list[tuple[str, int, str]] = [("read", survey.n_read, "rows of the data file")]
    for reason, n in _counts(survey.set_aside):
        rows.append((f"set aside: {reason}", n, "while reading"))
    rows.append(("respondents", len(survey.answers), "with usable data; prevalences refer to them"))
    later = prepared.set_aside[~prepared.set_aside.index.isin(survey.set_aside.index)]
    for reason, n in _counts(later):
        rows.append((f"set aside: {reason}", n, "not clustered"))
    rows.append(("clustered", prepared.n, ""))
    if unassigned is not None:
        rows.append(("unassigned", unassigned, "clustered, but of no type"))
    return pd.DataFrame(rows, columns=["step", "n", "note"])


def _counts(reasons: pd.Series) -> list[tuple[str, int]]:
    found = reasons.value_counts()
    return sorted(
        ((str(reason), int(n)) for reason, n in found.items()), key=lambda pair: (-pair[1], pair[0])
    )


def missingness(survey: Survey) -> pd.DataFrame:
    """Answers and the kinds of missing answers of every variable.

    Returns
    -------
    DataFrame
        Columns: variable, label, role, kind (``answered``, ``system``, ``not asked`` or the
        user-missing meaning), n, base (all respondents), share. Kinds that do not occur have no row.
    """
    rows = []
    base = len(survey.answers)
    for name in survey.answers.columns:
        variable = survey.codebook.variables[name]
        if variable.role == "id":
            continue
        counts = survey.missing[name].value_counts()
        order = dict.fromkeys(["", "system", "not asked", *variable.missing.values(), *counts.index])
        for kind in order:
            if kind in counts.index:
                n = int(counts[kind])
                shown = kind or "answered"
                rows.append(
                    (name, variable.label, variable.role, shown, n, base, n / base if base else np.nan)
                )
    return pd.DataFrame(rows, columns=["variable", "label", "role", "kind", "n", "base", "share"])


def quality_flags(survey: Survey) -> pd.DataFrame:
    """Mark respondents by how they answered. Marks exclude nobody.

    Returns
    -------
    DataFrame of bool
        Index: respondent ids. ``straight_lining``: one answer to all of a battery where that is hard
        to mean; ``duplicate_answers``: all answers equal those of another respondent, and not all are
        lowest; ``floor``: the lowest answer to every typology item answered, often a true "never".
    """
    floor = _floor(survey)
    return pd.DataFrame(
        {
            "straight_lining": _straight_lining(survey),
            "duplicate_answers": _duplicates(survey) & ~floor,
            "floor": floor,
        },
        index=survey.answers.index,
    )


def quality_measures(survey: Survey) -> pd.DataFrame:
    """Counts of the quality marks.

    Returns
    -------
    DataFrame
        Columns: measure, n, base (all respondents), share.
    """
    flags = quality_flags(survey)
    items = survey.codebook.names("typology")
    flags["complete"] = survey.missing[items].isin(["", "not asked"]).all(axis=1)
    base = len(flags)
    rows = [(text, int(flags[name].sum()), base) for name, text in MEASURES.items()]
    table = pd.DataFrame(rows, columns=["measure", "n", "base"])
    table["share"] = table["n"] / base if base else np.nan
    return table


def _floor(survey: Survey) -> pd.Series:
    """Lowest answer to every typology item answered, and at least one answered."""
    lowest = pd.Series(data=True, index=survey.answers.index)
    some = pd.Series(data=False, index=survey.answers.index)
    for name in survey.codebook.names("typology"):
        variable = survey.codebook.variables[name]
        floor = lowest_code(variable)
        if floor is None:
            continue
        answers = survey.answers[name]
        lowest &= answers.isna() | answers.isin([floor])
        some |= answers.notna()
    return lowest & some


def lowest_code(variable: Variable) -> int | float | str | None:
    """Code of the least: not endorsed for binaries, first level for ordinals; None for others."""
    codes = list(variable.values)
    if variable.type == "binary":
        return next((code for code in codes if code != positive_code(variable)), None)
    if variable.type == "ordinal" and codes:
        return codes[-1] if variable.reverse else codes[0]
    return None


def _duplicates(survey: Survey) -> pd.Series:
    """Answers and missing kinds equal to another respondent's on every substantive variable."""
    names = [n for n in survey.answers.columns if survey.codebook.variables[n].role not in DESIGN_ROLES]
    # Small numbers compare far faster than texts: answers from 0 up, kinds of missing below.
    coded = {}
    for name in names:
        answer, _ = pd.factorize(survey.answers[name], use_na_sentinel=True)
        kind, _ = pd.factorize(survey.missing[name])
        coded[name] = np.where(answer >= 0, answer, -1 - kind)
    found = pd.DataFrame(coded, index=survey.answers.index).duplicated(keep=False)
    return found if names else pd.Series(data=False, index=survey.answers.index)


def _straight_lining(survey: Survey) -> pd.Series:
    """One answer throughout a battery: with reversed items any, else one above the lowest."""
    found = pd.Series(data=False, index=survey.answers.index)
    for items, contradicts in _batteries(survey):
        answers = survey.answers[items]
        # An unanswered item equals nothing, so only complete batteries count.
        same = answers.eq(answers[items[0]], axis=0).all(axis=1)
        if not contradicts:
            floor = lowest_code(survey.codebook.variables[items[0]])
            same &= ~answers[items[0]].isin([floor])
        found |= same
    return found


def _batteries(survey: Survey) -> Iterator[tuple[list[str], bool]]:
    """Sets of at least five ordinal items with the same answers, and whether they contradict each other.

    In a scale with reversed items one answer to everything contradicts itself.
    """
    variables = survey.codebook.variables
    in_scale: set[str] = set()
    for scale in survey.codebook.scales.values():
        items = [item for item in scale.items if variables[item].type == "ordinal"]
        if len(items) >= BATTERY and 0 < len(set(scale.reverse) & set(items)) < len(items):
            in_scale.update(items)
            yield items, True
    alike: dict[tuple[object, ...], list[str]] = {}
    for name in survey.answers.columns:
        variable = variables[name]
        if variable.type == "ordinal" and len(variable.values) >= 3 and name not in in_scale:
            alike.setdefault((*variable.values.items(), variable.reverse), []).append(str(name))
    for items in alike.values():
        if len(items) >= BATTERY:
            yield items, False
