"""What a reader could derive of suppressed counts, by linear programming over everything published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from typology.disclose.answers import EVERYONE
from typology.results import Floats

_REST = "no group"


@dataclass(frozen=True)
class _Puzzle:
    """One variable: unknown counts x (answers x groups, flattened) under ``low <= a x <= high``."""

    a: Floats
    low: Floats
    high: Floats
    targets: dict[tuple[str, str], Floats]


def attack(tables: dict[str, pd.DataFrame], *, threshold: int) -> list[str]:
    """Try to work out the suppressed counts of the prevalence table.

    Shown counts are rounded to the threshold, so each is known to lie in an interval. The attacker knows that
    the answers of a group add up to its base and the groups to everyone, and combines prevalences with
    outcomes.

    Returns
    -------
    list of str
        One line for every suppressed count that must be small, or that is known within a few respondents.
    """
    if "prevalence" not in tables or "suppressed" not in tables["prevalence"]:
        return []
    prevalence = tables["prevalence"]
    prevalence = prevalence.assign(category=prevalence["category"].astype(str))
    hidden = prevalence["suppressed"].notna()
    leaks = []
    for name in prevalence.loc[hidden, "variable"].drop_duplicates():
        rows = prevalence[prevalence["variable"] == name]
        puzzle = _puzzle(rows, _outcome_counts(tables, str(name)), threshold)
        for (category, group), target in puzzle.targets.items():
            low, high = _extremes(puzzle, target)
            if high < threshold or high - low < threshold // 2:
                found = f"lies between {low:.0f} and {high:.0f}"
                leaks.append(f"prevalence: {name} = {category} in {group} {found}")
    return leaks


def _outcome_counts(tables: dict[str, pd.DataFrame], name: str) -> dict[str, float]:
    """Counts of an outcome by type, as the outcomes table gives them."""
    if "outcomes" not in tables:
        return {}
    rows = tables["outcomes"]
    rows = rows[(rows["outcome"] == name) & rows["count"].notna()]
    return dict(zip(rows["type"].astype(str), rows["count"].astype(float), strict=True))


def _puzzle(rows: pd.DataFrame, outcome: dict[str, float], threshold: int) -> _Puzzle:
    """Everything the release says about one variable."""
    categories = list(rows["category"].drop_duplicates())
    groups = [str(group) for group in rows["group"].drop_duplicates()]
    alone = groups == [EVERYONE]
    columns = groups if alone else [*(group for group in groups if group != EVERYONE), _REST]
    shape = (len(categories), len(columns))
    a: list[Floats] = [np.eye(shape[0] * shape[1])[i] for i in range(shape[0] * shape[1])]
    low, high = [0.0] * len(a), [np.inf] * len(a)
    targets: dict[tuple[str, str], Floats] = {}

    def know(mask: Floats, least: float, most: float) -> None:
        a.append(mask.ravel())
        low.append(least)
        high.append(most)

    endorsed = rows["endorsed"].astype(str).str.lower().eq("true")
    for position, row in enumerate(rows.to_dict("records")):
        mask = np.zeros(shape)
        across = row["group"] == EVERYONE and not alone
        column = slice(None) if across else columns.index(str(row["group"]))
        mask[categories.index(row["category"]), column] = 1
        if pd.notna(row["count"]):
            know(mask, *_rounded(row["count"], threshold))
        else:
            targets[str(row["category"]), str(row["group"])] = mask.ravel()
        if endorsed.iloc[position] and str(row["group"]) in outcome:
            know(mask, *_rounded(outcome[str(row["group"])], threshold))
    for group, base in rows.dropna(subset=["base"]).groupby("group")["base"].max().items():
        mask = np.zeros(shape)
        mask[:, slice(None) if group == EVERYONE else columns.index(str(group))] = 1
        # A base is up to the threshold too large (few missing look like none), then rounded.
        know(mask, base - 1.5 * threshold, base + threshold / 2)
    return _Puzzle(np.array(a), np.array(low), np.array(high), targets)


def _rounded(shown: float, threshold: int) -> tuple[float, float]:
    """Interval of the whole numbers that are rounded to the number shown."""
    return max(shown - threshold / 2, 0.0), shown + threshold / 2 - 1


def _extremes(puzzle: _Puzzle, target: Floats) -> tuple[float, float]:
    """Least and largest value of a suppressed count; the whole line where the puzzle has no solution."""
    size = target.size
    rows = puzzle.a[size:]
    upper = np.isfinite(puzzle.high[size:])
    constraints = np.vstack([rows[upper], -rows])
    limits = np.concatenate([puzzle.high[size:][upper], -puzzle.low[size:]])
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(sign * target, A_ub=constraints, b_ub=limits, bounds=(0, None), method="highs")
        if found.status == 3:
            ends.append(-sign * np.inf)
        elif found.fun is not None:
            ends.append(sign * float(found.fun))
        else:
            return -np.inf, np.inf
    return ends[0], ends[1]
