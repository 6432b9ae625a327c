"""Protect release tables: hide what is small, hide what gives it away, round the rest, and keep a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, UNASSIGNED, Answers, exposure_block, protect_answers
from typology.disclose.attack_answers import answer_leaks
from typology.disclose.attack_sizes import size_leaks
from typology.disclose.clustered import Clustered, how_many_clustered
from typology.disclose.counts import (
    hidden_parts,
    hidden_rows,
    protect_flow,
    protect_group_missingness,
    protect_missingness,
    protect_types,
)
from typology.disclose.cover import protect_block
from typology.disclose.rounding import (
    MODELS,
    ROUNDED,
    round_factors,
    round_measurement,
    round_models,
    round_outcomes,
    round_plain,
    round_prevalence,
    round_replication,
)
from typology.disclose.rules import EXPLANATION, RULE, down_to_step, to_step
from typology.errors import DisclosureError
from typology.results import Bools, ReleaseTable

_VIEWS = {"factors": "variable", "outcomes": "outcome", "outcome_models": "outcome"}
# Plain tables whose counts would otherwise complete those of another table.
_IN_STEPS = {"crosswalk", "scale_items", "scales", "sensitivity"}
# A column by which a table says what to hide besides its own small rows.
_HIDDEN = "_hidden"
# Tables whose bases are the clustered, or those of them who answered.
_OF_CLUSTERED = {"severity", "sensitivity", "short_form", "correlations"}
# Tables whose rows are parts of one whole by outcome.
_PARTS = {"risk_dose", "risk_calibration"}
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
    done = _flow_tables(by_name, threshold=threshold)
    clustered = how_many_clustered(by_name, done)
    done |= _answer_tables(by_name, done, unassigned=not clustered.all_withheld, threshold=threshold)
    for name, table in by_name.items():
        if name in MODELS:
            done[name] = _model_table(table, clustered, threshold=threshold)
        elif name not in done:
            done[name] = _plain_table(table, clustered, threshold=threshold)
    log = [entry for name in by_name for entry in _log(done[name])]
    return [done[name] for name in by_name], log


def _plain_table(table: ReleaseTable, clustered: Clustered, *, threshold: int) -> ReleaseTable:
    hidden = hidden_rows(table, threshold=threshold)
    frame = table.frame
    if table.name in _OF_CLUSTERED and clustered.withheld:
        # few set aside look like none, as few missing answers do; a sample of the clustered leaves them out
        base = frame["base"].astype(float)
        sampled = table.name == "sensitivity" and bool((base < (clustered.n or 0.0)).any())
        frame = frame.assign(base=base + (0.0 if sampled else clustered.aside))
        if table.name == "severity" and clustered.n:
            frame["n"] = frame["n"] * (1.0 + clustered.aside / clustered.n)  # parts of so many
    if table.name == "map_density" and clustered.any_withheld:
        frame = frame.assign(n=down_to_step(frame["n"], threshold=threshold))
    if _HIDDEN in frame:
        hidden |= frame[_HIDDEN].to_numpy(dtype=bool)
    if table.name in _PARTS:
        hidden = hidden_parts(frame, hidden, threshold=threshold)
    counted = [name for pair in table.counts for name in pair if name is not None]
    if table.name in ROUNDED:
        frame = round_plain(table.name, frame, counted, threshold=threshold)
    if table.name in _GROUPED:
        frame = _GROUPED[table.name](frame, threshold=threshold)
    if table.name in _IN_STEPS:
        frame = frame.assign(**{name: to_step(frame[name], threshold=threshold) for name in counted})
    return _finished(table, frame, hidden)


def _model_table(table: ReleaseTable, clustered: Clustered, *, threshold: int) -> ReleaseTable:
    """Table of fitted models, in which only the number of the clustered is behind every number."""
    aside = clustered.aside if clustered.withheld else 0.0
    frame = round_models(table.frame, clustered=clustered.n, aside=aside, threshold=threshold)
    return _finished(table, frame, np.zeros(len(frame), dtype=bool))


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


def _answer_tables(
    by_name: dict[str, ReleaseTable], flow: dict[str, ReleaseTable], *, unassigned: bool, threshold: int
) -> dict[str, ReleaseTable]:
    """Prevalence, and the tables that count some of its answers again."""
    if "prevalence" not in by_name:
        if set(_VIEWS) & set(by_name):
            raise DisclosureError("factors and outcomes cannot be protected without the prevalence table")
        return {}
    prevalence = by_name["prevalence"]
    views = {name: by_name[name].frame.reset_index(drop=True) for name in _VIEWS if name in by_name}
    frame = prevalence.frame.reset_index(drop=True)
    named = [view.assign(variable=view[_VIEWS[name]]) for name, view in views.items()]
    answers = protect_answers(frame, named, threshold=threshold, unassigned=unassigned)
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
    if "replication" in by_name:
        countries = frame[(frame["role"] == "group").to_numpy() & _hidden_of(done["prevalence"])]
        told = set(zip(countries["group"], countries["category_label"], strict=True))
        done["replication"] = _replication(by_name["replication"], told, threshold=threshold)
        if _told_by_replication({**flow, **done}, frame, threshold=threshold):
            kept = done["replication"]
            done["replication"] = _finished(kept, kept.frame, np.ones(len(kept.frame), dtype=bool))
    return done


def _hidden_of(table: ReleaseTable) -> Bools:
    """Rows of a protected table that are hidden."""
    return np.asarray(table.frame["suppressed"].ne(""), dtype=bool)


def _told_by_replication(
    done: Mapping[str, ReleaseTable], prevalence: pd.DataFrame, *, threshold: int
) -> bool:
    """Whether types by group, in another base than the prevalences, narrow what these hide too far."""
    groups = set(prevalence.loc[prevalence["role"] == "group", "variable"])
    shown = {
        name: table.frame.assign(suppressed=table.frame["suppressed"].replace("", np.nan))
        for name, table in done.items()
    }
    rows = shown["prevalence"]
    mine = {**shown, "prevalence": rows[rows["variable"].isin(groups)]}
    sizes = size_leaks(shown, threshold=threshold)[1]
    own = prevalence.loc[prevalence["group"] == UNASSIGNED, "_size"]
    if len(own):  # how open their cells must be depends on how many they are
        sizes = sizes.with_at_least(UNASSIGNED, float(own.iloc[0]))
    return bool(answer_leaks(mine, sizes, threshold=threshold, weighted=False))


def _replication(table: ReleaseTable, told: set[tuple[str, str]], *, threshold: int) -> ReleaseTable:
    """Types by group of the survey: the same people as in the prevalence of the groups by type."""
    pairs = zip(table.frame["type"], table.frame["group"], strict=True)
    elsewhere = np.array([pair in told for pair in pairs], dtype=bool)
    hidden = hidden_rows(table, threshold=threshold) | elsewhere
    if _HIDDEN in table.frame:
        hidden |= table.frame[_HIDDEN].to_numpy(dtype=bool)
    return _finished(table, round_replication(table.frame, threshold=threshold), hidden)


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
