"""Multiple-response sets of SPSS files as yes/no columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.schema.codebook import code_text
from typology.survey.codes import clean, code_order, coded
from typology.survey.table import FileMissing, RawTable

CHOSEN, NOT_CHOSEN = 1, 0


def tick_sets(table: RawTable, sets: Mapping[str, Mapping[str, Any]]) -> RawTable:
    """Make every answer of a multiple-response set a yes/no column.

    Parameters
    ----------
    table : RawTable
    sets : mapping
        As pyreadstat gives them: name to ``label``, ``is_dichotomy``, ``counted_value`` and
        ``variable_list``.

    Returns
    -------
    RawTable
        Where each variable of a set is one answer, ticked or not, an empty cell of a variable that holds
        nothing but ticks becomes "not chosen" for whoever ticked any of the set; who ticked none stays
        unanswered. Where each variable holds one of many answers, a column ``<set>_<code>`` is added for
        every answer: chosen if any variable holds it, not chosen if others do. User-missing codes stay.
    """
    for name, one in sets.items():
        members = tuple(member for member in one["variable_list"] if member in table.frame.columns)
        label = one["label"] or name
        table = replace(table, multiple=table.multiple | {name: (label, one["counted_value"], members)})
        if not members:
            continue
        if one["is_dichotomy"]:
            table = _filled(table, label, one["counted_value"], members)
        else:
            table = _spread(table, name, label, members)
    return table


def unticked(counted: Any) -> int:
    """Code for "not chosen" where the file has none."""
    return NOT_CHOSEN if code_text(counted) != code_text(NOT_CHOSEN) else 2


def _filled(table: RawTable, label: str, counted: Any, members: tuple[str, ...]) -> RawTable:
    """Read blanks beside ticks as "not chosen"."""
    frame = table.frame
    ticks = pd.DataFrame({name: _texts(frame[name]) == code_text(counted) for name in members})
    someone = ticks.any(axis=1)
    other: Any = unticked(counted)
    done = []
    for name in members:
        blank = ~ticks[name]
        if blank.any() and not _texts(frame[name])[blank].ne("").any():
            text = frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
            fill = pd.Series(str(other) if text else float(other), index=frame.index)
            frame = frame.assign(**{name: frame[name].mask(blank & someone, fill)})
            done.append(name)
    if not done:
        return table
    note = f"blanks beside ticks of the set {label} were read as not chosen ({other}) in {', '.join(done)}"
    return replace(table, frame=frame, notes=(*table.notes, note))


def _spread(table: RawTable, name: str, label: str, members: tuple[str, ...]) -> RawTable:
    """Add a column for every answer of a set whose variables hold one of many answers."""
    cells = pd.DataFrame({member: _texts(table.frame[member]) for member in members})
    refused = pd.DataFrame(
        {m: table.frame[m].map(table.missing.get(m, FileMissing()).covers).astype(bool) for m in members}
    )
    labels = {code_text(code): text for m in members for code, text in table.value_labels.get(m, {}).items()}
    answers = cells.mask(refused, "")
    codes = sorted({*np.ravel(answers)} - {""}, key=lambda code: code_order(coded(code)))
    added = {code: f"{name}_{code}" for code in codes}
    clash = sorted(set(added.values()) & set(table.frame.columns))
    if clash:
        note = f"the multiple-response set {label} was not spread into columns: {clash[0]} is there already"
        return replace(table, notes=(*table.notes, note))
    someone = (answers != "").any(axis=1)
    # A refusal stays a refusal: the first user-missing code of whoever gave no answer. Where that code is
    # 1 or 0 it would read as an answer here, so the cell stays empty.
    reason = cells.where(refused).bfill(axis=1).iloc[:, 0].map(coded, na_action="ignore")
    reason = reason.where(reason.notna() & ~reason.isin((CHOSEN, NOT_CHOSEN)), None)
    columns = {}
    for code, column in added.items():
        chosen = (answers == code).any(axis=1).map({True: CHOSEN, False: NOT_CHOSEN})
        columns[column] = chosen.astype(object).where(someone, reason)
    kinds = FileMissing(tuple(sorted(set(reason.dropna()), key=code_order)))
    words: dict[Any, str] = {CHOSEN: "chosen", NOT_CHOSEN: "not chosen"}
    words |= {code: labels[code_text(code)] for code in kinds.codes if code_text(code) in labels}
    return replace(
        table,
        frame=pd.concat([table.frame, pd.DataFrame(columns, index=table.frame.index)], axis=1),
        labels=table.labels
        | {column: f"{label}: {labels.get(code, code)}" for code, column in added.items()},
        value_labels=table.value_labels | dict.fromkeys(added.values(), words),
        missing=table.missing | dict.fromkeys(added.values(), kinds),
        ticked=table.ticked | dict.fromkeys(added.values(), label),
    )


def _texts(column: pd.Series) -> pd.Series:
    """Cells as codes are compared; empty where there is none."""
    return column.map(lambda cell: "" if (token := clean(cell)) is None else code_text(token)).astype(object)
