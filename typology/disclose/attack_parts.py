"""What a reader could derive of suppressed parts of a whole: missing answers by group, bands of a risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.attack_answers import ANSWERED
from typology.disclose.puzzle import Bounds, Contradiction, Puzzle, rounded
from typology.disclose.rules import fine_step, nearest, told_share


def missing_leaks(tables: Mapping[str, pd.DataFrame], *, threshold: int) -> Iterator[str]:
    """Try to work out how few gave no answer, from the totals and the groups of the survey."""
    if "missingness" not in tables:
        return
    groups = tables.get("missingness_groups", tables["missingness"].iloc[:0].assign(group=[]))
    by_variable = dict(iter(groups.groupby("variable", sort=False)))
    for name, rows in tables["missingness"].groupby("variable", sort=False):
        if rows["n"].isna().any() or (name in by_variable and by_variable[name]["n"].isna().any()):
            yield from _missing_of(str(name), rows, by_variable.get(name, groups.iloc[:0]), threshold)


def _missing_of(name: str, rows: pd.DataFrame, parts: pd.DataFrame, threshold: int) -> Iterator[str]:
    """Leaks of one variable. Counts of kinds are rounded down; a hidden kind in the whole has a few."""
    kinds = [kind for kind in rows["kind"] if kind != ANSWERED]
    places = list(parts["group"].drop_duplicates()) or ["everyone"]
    puzzle = Puzzle(len(kinds) * len(places))
    few = float(threshold - 1)

    def cells(of: list[str], where: list[str]) -> list[int]:
        return [kinds.index(k) * len(places) + places.index(p) for k in of for p in where]

    targets, labels = [], []

    def know(row: Mapping[Any, Any], where: list[str], least: float) -> None:
        n, kind = float(row["n"]), str(row["kind"])
        if kind == ANSWERED:
            missing = float(row["base"]) - n
            if np.isfinite(missing):
                puzzle.know(cells(kinds, where), missing, missing + few)
        elif np.isfinite(n):
            puzzle.know(cells([kind], where), n, n + few)
        else:
            puzzle.know(cells([kind], where), least, few)
            targets.append(cells([kind], where))
            labels.append(f"{kind} in {where[0]}" if len(where) == 1 else kind)

    for row in rows.to_dict("records"):
        know(row, places, 1.0)
    for row in parts.to_dict("records"):
        know(row, [row["group"]], 0.0)
    told = set(zip(parts["kind"], parts["group"], strict=True))
    for kind in kinds if len(parts) else ():
        for place in places:
            if (kind, place) not in told:
                puzzle.know(cells([kind], [place]), 0.0, 0.0)
    yield from _told(puzzle, targets, [f"missingness: {name}: {label}" for label in labels], threshold)


def _told(puzzle: Puzzle, targets: list[list[int]], labels: list[str], threshold: int) -> Iterator[str]:
    def is_open(_: int, bounds: Bounds) -> bool:
        return bounds[1] - bounds[0] >= threshold // 2

    try:
        found = puzzle.extremes(targets, is_open)
    except Contradiction as error:
        yield f"{labels[0]}: {error}"
        return
    for position, (label, (low, high)) in enumerate(zip(labels, found, strict=True)):
        if not is_open(position, (low, high)):
            yield f"{label} lies between {low:.0f} and {high:.0f}"


def risk_leaks(tables: Mapping[str, pd.DataFrame], *, threshold: int, weighted: bool) -> Iterator[str]:
    """Try to work out suppressed bands of behaviours and suppressed groups of the calibration.

    They add up to respondents with and without the outcome, which the table of models tells.
    """
    for name, share in (("risk_dose", "share"), ("risk_calibration", "observed")):
        if name not in tables or "risk_models" not in tables:
            continue
        models = {row["outcome"]: row for row in tables["risk_models"].to_dict("records")}
        for outcome, rows in tables[name].groupby("outcome", sort=False):
            if rows["events"].isna().any() and outcome in models:
                yield from _parts_of(
                    f"{name}: {outcome}", rows, models[outcome], share, threshold, weighted=weighted
                )


def _parts_of(
    label: str, rows: pd.DataFrame, model: Mapping[Any, Any], share: str, threshold: int, *, weighted: bool
) -> list[str]:
    """Leaks of one outcome: events and the rest, by part. Weighted shares tell no counts."""
    told: list[str] = []
    for ignore in (True,) if weighted else (False, True):
        size = len(rows)
        puzzle = Puzzle(2 * size)
        whole = list(range(2 * size))
        if pd.notna(model["events"]):
            puzzle.know(whole[:size], *rounded(model["events"], threshold))
            # the fewest they may be tell nothing: a hidden part may have any number without the outcome
            puzzle.know_less(whole, [], model["base"])
        targets, labels = [], []
        for at, row in enumerate(rows.to_dict("records")):
            if pd.isna(row["events"]):
                targets.append([at])
                labels.append(f"{label} part {at + 1}: events")
                continue
            puzzle.know([at], *rounded(row["events"], threshold))
            puzzle.know([at + size], threshold, np.inf)
            puzzle.know([at, at + size], *rounded(row["base"], threshold))
            if not ignore and pd.notna(row[share]):
                span = told_share(row[share], *nearest(row["base"], threshold), fine_step)
                puzzle.know_share([at], [at, at + size], *span)
        told = list(_told(puzzle, targets, labels, threshold))
        if not any("contradict" in leak for leak in told):
            return told
    return told
