"""How good the answers are: participation, missing answers by kind, and answering patterns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from typology.results import Prepared, Survey
from typology.survey.careless import duplicate_answers, floor, patterned, speeding, straight_lining

MEASURES = {
    "straight_lining": "same answer to every item of a battery",
    "patterned": "answers to a battery that follow a pattern",
    "speeding": "faster than half the median duration",
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


def missingness_by_group(survey: Survey) -> pd.DataFrame:
    """Count answers and the kinds of missing answers of every variable in every group of the survey.

    Returns
    -------
    DataFrame
        As `missingness`, with the group in words (``no answer`` where it is not known) in a column `group`,
        and `base` the respondents of the group. No rows when the codebook declares no group.
    """
    name = survey.codebook.name_of("group")
    columns = ["variable", "label", "role", "group", "kind", "n", "base", "share"]
    if name is None:
        return pd.DataFrame(columns=columns)
    values = survey.codebook.variables[name].values
    place = survey.answers[name].map(lambda code: str(values.get(code, code)), na_action="ignore")
    parts = []
    for group in dict.fromkeys([*map(str, values.values()), *sorted(place.dropna().unique()), "no answer"]):
        rows = (place.isna() if group == "no answer" else place.eq(group)).to_numpy(dtype=bool)
        if rows.any():
            part = replace(survey, answers=survey.answers[rows], missing=survey.missing[rows])
            parts.append(missingness(part).assign(group=group))
    return pd.concat(parts, ignore_index=True)[columns]


def quality_flags(survey: Survey) -> pd.DataFrame:
    """Mark respondents by how they answered. Marks exclude nobody.

    Returns
    -------
    DataFrame of bool
        Index: respondent ids. ``straight_lining``: one answer to all of a battery where that is hard to
        mean; ``patterned``: answers to a long battery that follow a pattern; ``duplicate_answers``: all
        answers equal those of another respondent, and not all are lowest; ``floor``: the lowest answer to
        every typology item answered, often a true "never"; ``speeding``, where the codebook declares a
        duration: faster than half the median.
    """
    lowest = floor(survey)
    flags = pd.DataFrame(
        {
            "straight_lining": straight_lining(survey),
            "patterned": patterned(survey),
            "duplicate_answers": duplicate_answers(survey) & ~lowest,
            "floor": lowest,
        },
        index=survey.answers.index,
    )
    fast = speeding(survey)
    return flags if fast is None else flags.assign(speeding=fast)


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
    rows = [(text, int(flags[name].sum()), base) for name, text in MEASURES.items() if name in flags]
    table = pd.DataFrame(rows, columns=["measure", "n", "base"])
    table["share"] = table["n"] / base if base else np.nan
    return table
