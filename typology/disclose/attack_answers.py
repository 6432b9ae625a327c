"""What a reader could derive of suppressed answers by type, from every table that counts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, NO_GROUP, UNASSIGNED, endorsed_rows
from typology.disclose.puzzle import CONTRADICTION, Bounds, Contradiction, Puzzle, rounded
from typology.disclose.rules import fine_step, nearest, share_step, told_share, whole_step

ANSWERED = "answered"


@dataclass(frozen=True)
class Sizes:
    """Bounds on the sizes of groups, as other tables tell them; `exact` where they give all digits."""

    bounds: Mapping[str, Bounds]
    coarse: bool = False
    """Whether sizes are withheld: then shares of types, and counts of everybody else, follow from others."""

    def of(self, group: str) -> Bounds:
        """Bounds of one group."""
        return self.bounds.get(group, (0.0, np.inf))

    def banded(self, shown: float, group: str, threshold: int) -> Bounds:
        """Respondents with an answer, from a base shown in steps.

        A base is the size of the group less the unanswered in whole steps. With the size exactly known, its
        last digit tells that of the base before it was rounded.
        """
        low, high = self.of(group)
        steps = [shown - threshold // 2 + offset for offset in range(threshold)]
        if group == EVERYONE:
            steps = [shown]
        elif low == high:
            steps = [step for step in steps if (low - step) % threshold == 0]
        return max(min(steps) - threshold + 1, 0.0), min(max(steps), high)


class Told(NamedTuple):
    """A suppressed count that is known too well; without bounds where what is shown contradicts itself."""

    variable: str
    category: str
    group: str
    bounds: Bounds | None

    def __str__(self) -> str:
        if self.bounds is None:
            return f"prevalence: {self.variable}: {CONTRADICTION}"
        low, high = self.bounds
        place = f"{self.variable} = {self.category} in {self.group}"
        return f"prevalence: {place} lies between {low:.0f} and {high:.0f}"


class Answers:
    """One variable: its unknown counts, answers x groups, and everything the release says about them."""

    def __init__(
        self, rows: pd.DataFrame, sizes: Sizes, threshold: int, puzzle: Puzzle | None = None
    ) -> None:
        self.rows, self.sizes, self.threshold = rows, sizes, threshold
        self.name = str(rows["variable"].iloc[0])
        self.categories = list(rows["category"].drop_duplicates())
        groups = [str(group) for group in rows["group"].drop_duplicates()]
        self.groups = groups if groups == [EVERYONE] else [*(g for g in groups if g != EVERYONE), NO_GROUP]
        self.puzzle = Puzzle(0) if puzzle is None else puzzle
        self._first = self.puzzle.grow(len(self.categories) * len(self.groups))
        for group in [*groups, *([NO_GROUP] if groups != [EVERYONE] else [])]:
            self.puzzle.know(self.cells(self.categories, group), 0.0, sizes.of(group)[1])

    def cells(self, categories: list[str], group: str) -> list[int]:
        """Positions of some answers in a group."""
        groups = range(len(self.groups)) if self._all(group) else [self.groups.index(group)]
        width = len(self.groups)
        first = self._first
        return [first + self.categories.index(c) * width + g for c in categories for g in groups]

    def _all(self, group: str) -> bool:
        return group == EVERYONE and self.groups != [EVERYONE]

    def outside(self, categories: list[str], group: str) -> list[int]:
        """Positions of some answers in all other groups."""
        return [c for c in self.cells(categories, EVERYONE) if c not in self.cells(categories, group)]

    def tell(
        self,
        categories: list[str],
        group: str,
        shown: float,
        base: Bounds,
        share: float | None = None,
        *,
        outside: bool = False,
    ) -> None:
        """A shown row: count and rest reach the threshold; the share of an unweighted survey tells more.

        With `outside`, of everybody but the group.
        """
        least, cells = self.threshold, self.outside if outside else self.cells
        part, whole = cells(categories, group), cells(self.categories, group)
        source = (self.name, categories[0], group)
        self.puzzle.know(part, *rounded(shown, least), source)
        self.puzzle.know([cell for cell in whole if cell not in set(part)], least, np.inf, source)
        self.puzzle.know(whole, *base, source)
        if share is not None and np.isfinite(share):
            step_of = partial(whole_step, threshold=least) if group == EVERYONE else fine_step
            self.puzzle.know_share(part, whole, *told_share(share, *base, step_of), source)

    def prevalences(self, *, weighted: bool) -> None:
        """Rows of the prevalence table."""
        for row in self.rows[self.rows["count"].notna()].to_dict("records"):
            group = str(row["group"])
            base = self.sizes.banded(row["base"], group, self.threshold)
            follows = weighted or (self.sizes.coarse and group != EVERYONE)
            share = None if follows else row.get("share")
            self.tell([row["category"]], group, row["count"], base, share)

    def answered(self, rows: pd.DataFrame) -> None:
        """Rows of the missing answers: who answered, in whole steps of those who did not, and their reasons.

        Reasons are rounded down, and left out where few gave them.
        """
        yes, few = rows["kind"] == ANSWERED, self.threshold - 1
        if not yes.any():
            return
        answered, everybody = rows.loc[yes, "n"].iloc[0], rows.loc[yes, "base"].iloc[0]
        answers = self.cells(self.categories, EVERYONE)
        self.puzzle.know(answers, answered - few, min(answered, everybody - rows.loc[~yes, "n"].sum()))
        most = everybody - answered + few
        for group in self.groups:  # those who gave no answer may all be of one
            self.puzzle.know(self.cells(self.categories, group), self.sizes.of(group)[0] - most, np.inf)

    def outcomes(self, rows: pd.DataFrame) -> None:
        """Rows of the outcomes table: the endorsed answer by type."""
        endorsed = self.endorsed()
        for row in rows[rows["count"].notna()].to_dict("records"):
            group = str(row["type"])
            if endorsed and group in self.groups:
                self.tell(
                    endorsed, group, row["count"], self.sizes.banded(row["base"], group, self.threshold)
                )

    def sides(self, rows: pd.DataFrame) -> None:
        """Rows that set a type against the rest, of an exposure that is told by its numbers."""
        for row in rows[rows["exposed_type"].notna()].to_dict("records"):
            group = str(row["type"])
            exposed = self._exposed(row["exposed_type"] + row["exposed_rest"])
            if not exposed or group not in self.groups:
                continue
            base = self.sizes.banded(row["base_type"], group, self.threshold)
            self.tell(exposed, group, row["exposed_type"], base)
            if self.sizes.coarse:
                others = [each for each in self.categories if each not in exposed]
                for either in (exposed, others):
                    self.puzzle.know(self.outside(either, group), self.threshold, np.inf)
                continue
            others_base = Sizes({}).banded(row["base_rest"], NO_GROUP, self.threshold)
            self.tell(exposed, group, row["exposed_rest"], others_base, outside=True)

    def members(self, rows: pd.DataFrame, *, weighted: bool) -> None:
        """Rows of the replication table: the answers are the groups of the survey, bases the clustered."""
        for row in rows[rows["n"].notna()].to_dict("records"):
            if row["group"] in self.categories and row["type"] in self.groups:
                part = self.cells([row["group"]], str(row["type"]))
                source = (self.name, str(row["group"]), str(row["type"]))
                self.puzzle.know(part, *rounded(row["n"], self.threshold), source)
                of = [c for g in self.groups if g != NO_GROUP for c in self.cells([row["group"]], g)]
                self.puzzle.know(of, *rounded(row["base"], self.threshold), source)
                if not weighted and not self.sizes.coarse and pd.notna(row["share"]):
                    bases = nearest(row["base"], self.threshold)
                    span = told_share(row["share"], *bases, partial(share_step, threshold=self.threshold))
                    self.puzzle.know_share(part, of, *span, source)

    def read(self, tables: Mapping[str, pd.DataFrame], *, weighted: bool) -> None:
        """Know what all tables tell of this variable."""
        self.prevalences(weighted=weighted)
        if "missingness" in tables:
            self.answered(tables["missingness"][tables["missingness"]["variable"] == self.name])
        for table, column in (("factors", "variable"), ("outcome_models", "outcome")):
            if table in tables:
                self.sides(tables[table][tables[table][column] == self.name])
        if "outcomes" in tables:
            self.outcomes(tables["outcomes"][tables["outcomes"]["outcome"] == self.name])
        if "replication" in tables and (self.rows["role"] == "group").any():
            labels = dict(zip(self.rows["category_label"], self.rows["category"], strict=True))
            replicated = tables["replication"]
            self.members(replicated.assign(group=replicated["group"].map(labels)), weighted=weighted)

    def endorsed(self) -> list[str]:
        """Answers that count as the outcome."""
        return list(self.rows.loc[endorsed_rows(self.rows), "category"].drop_duplicates())

    def _exposed(self, count: float) -> list[str]:
        """The only answers from one end on that this many gave."""
        whole = self.rows[self.rows["group"] == EVERYONE].set_index("category")["count"]
        if whole.isna().any() or EVERYONE not in set(self.rows["group"]):
            return []
        size = len(self.categories)
        ends = {tuple(self.categories[:k]) for k in range(1, size)} | {
            tuple(self.categories[k:]) for k in range(1, size)
        }
        # both sides and every answer are rounded
        sides = 2 if self.sizes.coarse else 1
        doubt = {end: self.threshold * (sides + len(end) / 2) for end in ends}
        fits = [end for end in ends if abs(whole.loc[list(end)].sum() - count) <= doubt[end]]
        return list(fits[0]) if len(fits) == 1 else []

    def told(self, least: float) -> Iterator[Told]:
        """Suppressed rows that are known too well: not open within `least`."""
        hidden = self.rows[self.rows["count"].isna()]
        pairs = list(zip(hidden["category"], hidden["group"].astype(str), strict=True))

        def is_wide(position: int, bounds: Bounds) -> bool:
            """Open within several values, unless there is nobody in the group."""
            return bounds[1] - bounds[0] >= min(least, self.sizes.of(pairs[position][1])[1])

        def is_open(position: int, bounds: Bounds) -> bool:
            # what the types leave over of everyone, those without a type, is kept open by rounding alone
            large = bounds[1] >= self.threshold or pairs[position][1] == UNASSIGNED
            return large and is_wide(position, bounds)

        found = self.puzzle.extremes([self.cells([c], g) for c, g in pairs], is_open)
        small = self._small_groups(
            {g for i, (_, g) in enumerate(pairs) if is_wide(i, found[i]) and not is_open(i, found[i])}
        )
        for position, ((category, group), bounds) in enumerate(zip(pairs, found, strict=True)):
            # of a few respondents some answer is rare, whatever is hidden
            if not (is_wide if group in small else is_open)(position, bounds):
                yield Told(self.name, str(category), group, bounds)

    def _small_groups(self, groups: set[str]) -> set[str]:
        """Those groups of which fewer than twice the threshold may have given an answer."""
        names = sorted(group for group in groups if group in self.sizes.bounds)  # else nothing is known
        found = self.puzzle.extremes([self.cells(self.categories, g) for g in names], lambda *_: False)
        return {g for g, (fewest, _) in zip(names, found, strict=True) if fewest < 2 * self.threshold}


def answer_leaks(
    tables: Mapping[str, pd.DataFrame],
    sizes: Sizes,
    *,
    threshold: int,
    weighted: bool,
    least: float | None = None,
) -> list[Told]:
    """Try to work out the suppressed rows of the prevalence table.

    Prevalences, factors, outcomes, outcome models and replication count the same people; sizes of groups
    come from the tables of types and participation, answers in all from that of missing answers. Where shares
    are weighted they tell no count. A count is known too well if it is not open within `least`, half the
    threshold unless told.
    """
    if "prevalence" not in tables or "suppressed" not in tables["prevalence"]:
        return []
    whole = tables["prevalence"].assign(category=tables["prevalence"]["category"].astype(str))
    names = whole.loc[whole["suppressed"].notna(), "variable"].drop_duplicates()
    by_name = dict(iter(whole[whole["variable"].isin(names)].groupby("variable", sort=False)))
    leaks_of = partial(
        _variable_leaks,
        threshold=threshold,
        weighted=weighted,
        least=threshold // 2 if least is None else least,
    )
    return list(chain.from_iterable(leaks_of(str(name), by_name[name], tables, sizes) for name in names))


def _variable_leaks(
    name: str,
    rows: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    sizes: Sizes,
    *,
    threshold: int,
    weighted: bool,
    least: float,
) -> list[Told]:
    """Leaks of one variable; a share that contradicts the counts is a weighted one and tells nothing."""
    for ignore in (True,) if weighted else (False, True):
        answers = Answers(rows, sizes, threshold)
        answers.read(tables, weighted=ignore)
        try:
            return list(answers.told(least))
        except Contradiction:
            continue
    return [Told(name, "", EVERYONE, None)]
