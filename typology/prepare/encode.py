"""From answers to the clustering input: every item by its level of measurement, nothing imputed.

Binary items are 1 where endorsed; ordinal items keep their order (reversed where the codebook says so);
nominal items keep their categories; numeric items are cut into ordered bands. Unanswered stays unanswered.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from typology.errors import InputFault, InputFaults
from typology.results import Bools, Codes, DesignColumns, Gate, Item, Level, Prepared, Strings, Survey
from typology.schema.codebook import Role, Variable, code_text
from typology.schema.study import Study

MOST_BANDS = 5
FEWEST_ITEMS = 3
FEWEST_RESPONDENTS = 50


def prepare(survey: Survey, study: Study, *, flags: pd.DataFrame | None = None) -> Prepared:
    """Encode the typology items and set aside who answered too few of them.

    Parameters
    ----------
    survey : Survey
    study : Study
        Its ``prepare.min_answered`` is the share of *asked* items a respondent must have answered.
    flags : DataFrame of bool, optional
        Quality marks by respondent id, carried along.

    Returns
    -------
    Prepared
        Respondents in the order of ``survey.answers`` (sorted by id).

    Raises
    ------
    InputFaults
        When fewer than three items vary or fewer than fifty respondents can be clustered.
    """
    names = survey.codebook.names("typology")
    not_asked = (survey.missing[names] == "not asked").to_numpy()
    answered = (survey.missing[names] == "").to_numpy()
    asked = (~not_asked).sum(axis=1)
    share = answered.sum(axis=1) / np.maximum(asked, 1)
    keep = (share >= study.config.prepare.min_answered) & (answered.sum(axis=1) > 0)
    reason = f"answered under {study.config.prepare.min_answered:.0%} of the typology items asked"
    late = pd.Series(reason, index=survey.answers.index[~keep], dtype=object)
    answers = survey.answers.loc[keep, names]
    items, columns = [], []
    for name in names:
        item, codes = _encode(name, survey.codebook.variables[name], answers[name])
        if len(np.unique(codes[codes >= 0])) > 1:
            items.append(item)
            columns.append(codes)
    _require_enough(study, len(items), int(keep.sum()))
    kept = [names.index(item.name) for item in items]
    ids = answers.index.to_numpy(dtype=object)
    return Prepared(
        ids=ids,
        items=tuple(items),
        codes=np.stack(columns, axis=1),
        not_asked=not_asked[keep][:, kept],
        gates=_gates(survey, items),
        design=_design(survey, keep),
        group=_column(survey, "group", keep),
        set_aside=pd.concat([survey.set_aside, late]),
        flags=(flags if flags is not None else pd.DataFrame(index=answers.index)).reindex(answers.index),
    )


def _require_enough(study: Study, items: int, respondents: int) -> None:
    faults = []
    if items < FEWEST_ITEMS:
        faults.append(
            InputFault(
                file=study.config.survey.codebook,
                message=f"only {items} typology item(s) have more than one answer among the respondents",
                remedy=f"Give at least {FEWEST_ITEMS} variables role: typology.",
            )
        )
    if respondents < FEWEST_RESPONDENTS:
        faults.append(
            InputFault(
                file=study.config.survey.data,
                message=f"only {respondents} respondents answered enough typology items to be clustered",
                remedy=f"At least {FEWEST_RESPONDENTS} are needed; check missing codes, "
                "or lower prepare.min_answered.",
            )
        )
    if faults:
        raise InputFaults(faults)


def _encode(name: str, variable: Variable, answers: pd.Series) -> tuple[Item, Codes]:
    if variable.type == "numeric":
        return _bands(name, variable, answers.astype(float))
    categories: list[Any] = list(variable.values) or sorted(answers.dropna().unique())
    if variable.type == "binary" and variable.positive is not None:
        categories = [c for c in categories if c != variable.positive] + [variable.positive]
    if variable.reverse and variable.type == "ordinal":
        categories.reverse()
    observed = set(answers.dropna().unique())
    categories = [category for category in categories if category in observed]
    position = {category: level for level, category in enumerate(categories)}
    codes = answers.map(position).fillna(-1).to_numpy(dtype=np.int16)
    labels = tuple(variable.values.get(category, str(category)) for category in categories)
    level: Level = variable.type
    return Item(name, variable.label, level, variable.domain, tuple(categories), labels), codes


def _bands(name: str, variable: Variable, answers: pd.Series) -> tuple[Item, Codes]:
    """Cut a count or amount into at most five ordered bands of similar size; a heavy zero keeps its own."""
    values = answers.to_numpy(dtype=float)
    valid = ~np.isnan(values)
    cuts = np.unique(np.quantile(values[valid], np.arange(1, MOST_BANDS) / MOST_BANDS, method="lower"))
    cuts = cuts[cuts < values[valid].max()] if valid.any() else cuts
    codes = np.where(valid, np.searchsorted(cuts, values, side="left"), -1).astype(np.int16)
    edges = [f"up to {cuts[0]:g}"] if len(cuts) else ["any"]
    edges += [f"over {low:g} to {high:g}" for low, high in pairwise(cuts)]
    edges += [f"over {cuts[-1]:g}"] if len(cuts) else []
    if variable.reverse:
        codes = np.where(codes >= 0, len(edges) - 1 - codes, -1).astype(np.int16)
        edges.reverse()
    return Item(
        name, variable.label, "ordinal", variable.domain, tuple(range(len(edges))), tuple(edges)
    ), codes


def _gates(survey: Survey, items: list[Item]) -> tuple[Gate, ...]:
    """Routing by gates that are themselves clustered, a gate before the items whose gate it is."""
    place = {item.name: index for index, item in enumerate(items)}
    routing = {
        item.name: {
            gate: {code_text(code) for code in allowed}
            for gate, allowed in survey.codebook.variables[item.name].asked_if.items()
            # a numeric gate is cut into bands, which may not tell its open codes from others
            if gate in place and survey.codebook.variables[gate].type != "numeric"
        }
        for item in items
    }
    return tuple(
        Gate(
            place[name],
            place[gate],
            tuple(
                level
                for level, code in enumerate(items[place[gate]].categories)
                if code_text(code) in allowed
            ),
        )
        for name in TopologicalSorter({name: sorted(gates) for name, gates in routing.items()}).static_order()
        for gate, allowed in sorted(routing[name].items())
    )


def _design(survey: Survey, keep: Bools) -> DesignColumns:
    name = survey.codebook.name_of("weight")
    weight = None if name is None else survey.answers.loc[keep, name].to_numpy(dtype=float)
    return DesignColumns(weight, _column(survey, "stratum", keep), _column(survey, "psu", keep))


def _column(survey: Survey, role: Role, keep: Bools) -> Strings | None:
    name = survey.codebook.name_of(role)
    if name is None:
        return None
    values = survey.codebook.variables[name].values
    column = survey.answers.loc[keep, name]
    return np.array(["" if pd.isna(v) else str(values.get(v, v)) for v in column], dtype=object)
