"""Protect prevalences and the tables that count their answers again, until an attack recovers nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, UNASSIGNED, Answers, exposure_block, protect_answers
from typology.disclose.attack_answers import Told, answer_leaks
from typology.disclose.attack_sizes import SizeTold, size_leaks
from typology.disclose.blank import as_read, blanked, hidden_of
from typology.disclose.coarse import is_share
from typology.disclose.counts import hidden_rows
from typology.disclose.cover import protect_block
from typology.disclose.rounding import (
    round_factors,
    round_outcomes,
    round_prevalence,
    round_replication,
)
from typology.errors import DisclosureError
from typology.results import Bools, ReleaseTable

VIEWS = {"factors": "variable", "outcomes": "outcome", "outcome_models": "outcome"}
"""Tables that count answers again, and the column that names the variable."""
# A column by which a table says what to hide besides its own small rows.
HIDDEN = "_hidden"
Further: TypeAlias = dict[str, set[tuple[str, str]]]


def answer_tables(
    by_name: Mapping[str, ReleaseTable],
    others: Mapping[str, ReleaseTable],
    *,
    unassigned: bool,
    threshold: int,
) -> dict[str, ReleaseTable]:
    """Protect prevalences, factors, outcomes, outcome models and replication.

    Suppression proves what it hides of types one variable at a time, and takes rounding into account only for
    those without a type. What all tables tell together, an attack on the whole finds; where it recovers an
    answer, or the size of a group by what its answers add up to, more is hidden, and the attack made again.

    Parameters
    ----------
    by_name : mapping
        Raw tables.
    others : mapping
        All other tables, protected.
    unassigned : bool
        Whether anything may be shown of those without a type.
    threshold : int
    """
    if "prevalence" not in by_name:
        if set(VIEWS) & set(by_name):
            raise DisclosureError("factors and outcomes cannot be protected without the prevalence table")
        return {}
    known = as_read(others.values())
    coarse = any(known[name]["n"].isna().any() for name in ("participation", "types") if name in known)
    further = _like_countries(by_name, threshold=threshold)
    weighted = are_weighted(by_name)
    left = set(by_name["prevalence"].frame["variable"])
    while left:  # hiding more gives nothing away, so what held in one round holds in the next
        answers, done = _hidden_answers(
            by_name, further, unassigned=unassigned, coarse=coarse, threshold=threshold
        )
        tables = {**known, **as_read(done.values())}
        told, told_sizes = _told(tables, left, weighted=weighted, threshold=threshold)
        left = {each.variable for each in told if _hide_further(further, answers[each.variable], each)}
        left |= _hide_for_sizes(further, told_sizes, tables["prevalence"])
    return done


def are_weighted(by_name: Mapping[str, ReleaseTable]) -> bool:
    """Whether everyone's shares are other than counts over bases."""
    if "prevalence" not in by_name:
        return False
    frame = by_name["prevalence"].frame
    return not is_share(frame[frame["group"] == EVERYONE], "share", "count", "base")


def _told(
    tables: Mapping[str, pd.DataFrame], variables: set[str], *, weighted: bool, threshold: int
) -> tuple[list[Told], list[SizeTold]]:
    """Suppressed answers that the release gives away, as an unweighted survey, whose shares tell most; sizes.

    Answers are to be open twice as wide as the audit asks, and sizes by one more: tables of predictors and
    latent classes, which are not weighed together with these, narrow them further.
    """
    sized, sizes = size_leaks(tables, threshold=threshold, weighted=weighted, least=threshold // 2 + 1)
    rows = tables["prevalence"]
    some = {**tables, "prevalence": rows[rows["variable"].isin(variables)]}
    return answer_leaks(some, sizes, threshold=threshold, weighted=False, least=threshold), sized


def _hide_for_sizes(further: Further, told: list[SizeTold], prevalence: pd.DataFrame) -> set[str]:
    """Hide one more row for every size that answers give away; return the variables of these rows.

    Of the rows that the bounds rest on, one of those without a type is the least loss, then the one that
    counts fewest; a row of everyone is the greatest.
    """
    counts = prevalence.assign(category=prevalence["category"].astype(str))
    count = counts.set_index(["variable", "category", "group"])["count"].fillna(0.0)
    changed = set()
    for each in told:
        new = [s for s in each.sources if s[1:] not in further.get(s[0], set())]
        if new:
            loss = {s: (s[2] == EVERYONE, s[2] != UNASSIGNED, count.get(s, 0.0), s) for s in new}
            variable, category, group = min(new, key=loss.__getitem__)
            further.setdefault(variable, set()).add((category, group))
            changed.add(variable)
    return changed


def _hide_further(further: Further, answers: Answers, told: Told) -> bool:
    """Choose what else to hide so that a number is not given away; False where nothing is left to hide."""
    block, cells = answers.block, further.setdefault(told.variable, set())
    if told.bounds is None:
        return False
    answer = answers.categories.index(told.category)
    shown = np.flatnonzero(block.published & ~block.hidden[answer])
    chosen: set[tuple[str, str]] = set()
    if len(shown):
        chosen = {(told.category, answers.groups[shown[np.argmin(block.telling[answer, shown])]])}
    if not chosen - cells and not block.single:
        chosen = {(told.category, EVERYONE)}
    if not chosen - cells:
        chosen = {(c, g) for c in answers.categories for g in (*answers.groups, EVERYONE)}
    new = bool(chosen - cells)
    cells |= chosen
    return new


def _hidden_answers(
    by_name: Mapping[str, ReleaseTable],
    further: Further,
    *,
    unassigned: bool,
    coarse: bool,
    threshold: int,
) -> tuple[dict[str, Answers], dict[str, ReleaseTable]]:
    """What is hidden of every variable, and the tables with it hidden."""
    prevalence = by_name["prevalence"]
    views = {name: by_name[name].frame.reset_index(drop=True) for name in VIEWS if name in by_name}
    frame = prevalence.frame.reset_index(drop=True)
    named = [view.assign(variable=view[VIEWS[name]]) for name, view in views.items()]
    answers = protect_answers(frame, named, further=further, threshold=threshold, unassigned=unassigned)
    apart = _exposures_apart(views.get("factors"), answers, threshold=threshold)
    rows = list(zip(frame["variable"], frame["category"], frame["group"], strict=True))
    hidden = np.array([answers[v].is_hidden(c, g) for v, c, g in rows], dtype=bool)
    no_whole = np.array([answers[v].is_hidden(c, EVERYONE) for v, c, _ in rows], dtype=bool)
    rounded = round_prevalence(frame, coarse=coarse, threshold=threshold)
    done = {"prevalence": blanked(prevalence, rounded, hidden, no_whole)}
    for name in ("factors", "outcome_models"):
        if name in views:
            view = views[name]
            known = apart if name == "factors" else {}
            hidden, whole = _view_hidden(view, view[VIEWS[name]], answers, known)
            rounded = round_factors(view, coarse=coarse, threshold=threshold)
            done[name] = blanked(by_name[name], rounded, hidden | whole)
    if "outcomes" in views:
        view = views["outcomes"]
        hidden, whole = _view_hidden(view, view["outcome"], answers, {})
        rounded = round_outcomes(view, frame, coarse=coarse, threshold=threshold)
        done["outcomes"] = blanked(by_name["outcomes"], rounded, hidden, whole)
    if "replication" in by_name:
        done["replication"] = _replication(by_name, done["prevalence"], coarse=coarse, threshold=threshold)
    return answers, done


def _countries(prevalence: pd.DataFrame) -> pd.DataFrame:
    """Rows of the groups of the survey, as replication names them: by label."""
    return prevalence[prevalence["role"] == "group"]


def _like_countries(by_name: Mapping[str, ReleaseTable], *, threshold: int) -> Further:
    """Rows of the prevalence of countries by type that are small in the table of types by country."""
    if "replication" not in by_name:
        return {}
    table = by_name["replication"]
    small = table.frame[hidden_rows(table, threshold=threshold)]
    pairs = set(zip(small["group"], small["type"], strict=True))
    found: Further = {}
    for row in _countries(by_name["prevalence"].frame).to_dict("records"):
        if (row["category_label"], row["group"]) in pairs:
            found.setdefault(row["variable"], set()).add((row["category"], row["group"]))
    return found


def _replication(
    by_name: Mapping[str, ReleaseTable], prevalence: ReleaseTable, *, coarse: bool, threshold: int
) -> ReleaseTable:
    """Types by country, the same people as countries by type: hidden in one table as in the other."""
    table, frame = by_name["replication"], by_name["prevalence"].frame
    rows = _countries(frame.assign(hidden=hidden_of(prevalence)))
    told = dict(zip(zip(rows["group"], rows["category_label"], strict=True), rows["hidden"], strict=True))
    pairs = list(zip(table.frame["type"], table.frame["group"], strict=True))
    hidden = np.array([told.get(pair, True) for pair in pairs], dtype=bool)
    hidden |= hidden_rows(table, threshold=threshold)
    if HIDDEN in table.frame:
        hidden |= table.frame[HIDDEN].to_numpy(dtype=bool)
    return blanked(table, round_replication(table.frame, coarse=coarse, threshold=threshold), hidden)


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
