"""Protect release tables: hide what is small, hide what gives it away, round the rest, and keep a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, Answers, exposure_block, protect_answers
from typology.disclose.counts import (
    hidden_rows,
    protect_flow,
    protect_group_missingness,
    protect_missingness,
    protect_types,
)
from typology.disclose.cover import protect_block
from typology.disclose.rounding import (
    ROUNDED,
    round_factors,
    round_measurement,
    round_outcomes,
    round_plain,
    round_prevalence,
    round_replication,
)
from typology.disclose.rules import EXPLANATION, RULE, to_step
from typology.errors import DisclosureError
from typology.results import Bools, ReleaseTable

_VIEWS = {"factors": "variable", "outcomes": "outcome", "outcome_models": "outcome"}
# Plain tables whose counts would otherwise complete those of another table.
_IN_STEPS = {"crosswalk", "scale_items", "scales", "sensitivity"}
# A column by which a table says what to hide besides its own small rows.
_HIDDEN = "_hidden"
_GROUPED = {"replication": round_replication, "measurement_differences": round_measurement}
# Everyone's numbers are repeated beside each type's; they are hidden only where everyone's own row is.
_EVERYONES = {"prevalence": ("share_everyone",), "outcomes": ("everyone", "everyone_lo", "everyone_hi")}


def protect(
    tables: Sequence[ReleaseTable], *, threshold: int
) -> tuple[list[ReleaseTable], list[dict[str, Any]]]:
    """Make release tables safe to publish.

    Parameters
    ----------
    tables : sequence of ReleaseTable
        Raw, with counts. Columns that start with an underscore are used and dropped.
    threshold : int
        Fewest respondents under any number.

    Returns
    -------
    tables : list of ReleaseTable
        The same tables with a column `suppressed` (the rule, "" where shown), hidden rows blank in all but
        their keys, counts and shares rounded as :mod:`typology.disclose.rules` says.
    log : list of dict
        One entry a hidden row: table, row (its keys), rule, explanation.
    """
    by_name = {table.name: table for table in tables}
    if len(by_name) != len(tables):
        raise DisclosureError("two release tables have the same name")
    done = _answer_tables(by_name, threshold=threshold)
    done |= _flow_tables(by_name, threshold=threshold)
    for name, table in by_name.items():
        if name not in done:
            done[name] = _plain_table(table, threshold=threshold)
    log = [entry for name in by_name for entry in _log(done[name])]
    return [done[name] for name in by_name], log


def _plain_table(table: ReleaseTable, *, threshold: int) -> ReleaseTable:
    hidden = hidden_rows(table, threshold=threshold)
    frame = table.frame
    if _HIDDEN in frame:
        hidden |= frame[_HIDDEN].to_numpy(dtype=bool)
    counted = [name for pair in table.counts for name in pair if name is not None]
    if table.name in ROUNDED:
        frame = round_plain(table.name, frame, counted, threshold=threshold)
    if table.name in _GROUPED:
        frame = _GROUPED[table.name](frame, threshold=threshold)
    if table.name in _IN_STEPS:
        frame = frame.assign(**{name: to_step(frame[name], threshold=threshold) for name in counted})
    return _finished(table, frame, hidden)


def _flow_tables(by_name: dict[str, ReleaseTable], *, threshold: int) -> dict[str, ReleaseTable]:
    """Types, participation and missingness."""
    done = {}
    types = by_name.get("types")
    sizes = None if types is None else types.frame.reset_index(drop=True)
    if types is not None and sizes is not None:
        sizes, small = protect_types(sizes, threshold=threshold)
    if "participation" in by_name:
        table = by_name["participation"]
        frame, sizes, hidden = protect_flow(table.frame, sizes, threshold=threshold)
        done["participation"] = _finished(table, frame, hidden)
    if types is not None and sizes is not None:
        done["types"] = _finished(types, sizes, small)
    if "missingness" in by_name:
        table = by_name["missingness"]
        done["missingness"] = _finished(table, *protect_missingness(table.frame, threshold=threshold))
    if "missingness_groups" in by_name:
        table = by_name["missingness_groups"]
        shown = protect_group_missingness(table.frame, threshold=threshold)
        done["missingness_groups"] = _finished(table, *shown)
    return done


def _answer_tables(by_name: dict[str, ReleaseTable], *, threshold: int) -> dict[str, ReleaseTable]:
    """Prevalence, and the tables that count some of its answers again."""
    if "prevalence" not in by_name:
        if set(_VIEWS) & set(by_name):
            raise DisclosureError("factors and outcomes cannot be protected without the prevalence table")
        return {}
    prevalence = by_name["prevalence"]
    views = {name: by_name[name].frame.reset_index(drop=True) for name in _VIEWS if name in by_name}
    frame = prevalence.frame.reset_index(drop=True)
    named = [view.assign(variable=view[_VIEWS[name]]) for name, view in views.items()]
    answers = protect_answers(frame, named, threshold=threshold)
    apart = _exposures_apart(views.get("factors"), answers, threshold=threshold)
    rows = list(zip(frame["variable"], frame["category"], frame["group"], strict=True))
    hidden = np.array([answers[v].is_hidden(c, g) for v, c, g in rows], dtype=bool)
    no_whole = np.array([answers[v].is_hidden(c, EVERYONE) for v, c, _ in rows], dtype=bool)
    rounded = round_prevalence(frame, threshold=threshold)
    done = {"prevalence": _finished(prevalence, rounded, hidden, no_whole)}
    for name in ("factors", "outcome_models"):
        if name in views:
            view = views[name]
            known = apart if name == "factors" else {}
            hidden, whole = _view_hidden(view, view[_VIEWS[name]], answers, known)
            rounded = round_factors(view, threshold=threshold)
            done[name] = _finished(by_name[name], rounded, hidden | whole)
    if "outcomes" in views:
        view = views["outcomes"]
        hidden, whole = _view_hidden(view, view["outcome"], answers, {})
        rounded = round_outcomes(view, frame, threshold=threshold)
        done["outcomes"] = _finished(by_name["outcomes"], rounded, hidden, whole)
    return done


def _view_hidden(
    view: pd.DataFrame, variables: pd.Series, answers: dict[str, Answers], apart: dict[tuple[str, str], bool]
) -> tuple[Bools, Bools]:
    """Which rows are hidden, and in which everyone's numbers are."""
    hidden, whole = np.zeros(len(view), dtype=bool), np.zeros(len(view), dtype=bool)
    for row, (variable, type_id) in enumerate(zip(variables, view["type"], strict=True)):
        categories = view["_categories"].iloc[row]
        if (variable, type_id) in apart:
            hidden[row] = apart[variable, type_id]
        elif not categories or len(categories) == len(answers[variable].categories):
            hidden[row] = whole[row] = True  # nobody or everybody is exposed by definition
        else:
            hidden[row] = answers[variable].union_hidden(categories, type_id)
            whole[row] = answers[variable].union_hidden(categories, EVERYONE)
    return hidden, whole


def _exposures_apart(
    factors: pd.DataFrame | None, answers: dict[str, Answers], *, threshold: int
) -> dict[tuple[str, str], bool]:
    """Exposures that are no set of answers: judged on their own, and hidden together with their variable.

    Their counts are close to those of the answers, so what is hidden of one is hidden of the other.
    """
    found: dict[tuple[str, str], bool] = {}
    if factors is None or factors.empty:
        return found
    for name, rows in factors[factors["_categories"].isna()].groupby("variable", sort=False):
        block, types = exposure_block(rows, threshold=threshold)
        protect_block(block)
        other = answers.get(str(name))
        changed = other is not None
        while changed and other is not None:
            before = (*block.state(), *other.block.state())
            for position, type_id in enumerate(types):
                twin = other.groups.index(type_id)
                if block.hidden[:, position].any() or other.block.hidden[:, twin].any():
                    block.hide_group(position)
                    other.block.hide_group(twin)
            protect_block(block)
            protect_block(other.block)
            after = (*block.state(), *other.block.state())
            changed = any((a != b).any() for a, b in zip(before, after, strict=True))
        for position, type_id in enumerate(types):
            found[str(name), type_id] = bool(block.union_hidden[0, [position, -1]].any())
    return found


def _finished(
    table: ReleaseTable, frame: pd.DataFrame, hidden: Bools, no_whole: Bools | None = None
) -> ReleaseTable:
    """Blank the hidden rows in all but their keys, and drop the columns that only served the check."""
    frame = frame.reset_index(drop=True)
    shown = [name for name in frame.columns if not str(name).startswith("_")]
    frame = frame[shown].copy()
    everyones = _EVERYONES.get(table.name, ())
    for name in shown:
        if name in everyones and no_whole is not None:
            frame[name] = frame[name].where(~no_whole)
        elif name not in table.keys:
            frame[name] = frame[name].where(~hidden)
    if table.name == "prevalence":
        frame["difference"] = frame["difference"].where(frame["share_everyone"].notna())
    frame["suppressed"] = np.where(hidden, RULE, "")
    return replace(table, frame=frame)


def _log(table: ReleaseTable) -> list[dict[str, Any]]:
    rows = table.frame[table.frame["suppressed"] != ""]
    keys = [key for key in table.keys if key in rows.columns]
    told = rows[keys].to_dict("records")
    return [{"table": table.name, "row": row, "rule": RULE, "explanation": EXPLANATION} for row in told]
