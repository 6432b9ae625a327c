"""An attacker with linear programming against everything that is shown of random small surveys."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from label.factory import make_inputs, release_tables
from scipy.optimize import linprog

from typology.disclose import protect
from typology.label import label_types
from typology.results import ReleaseTable

THRESHOLD = 10
SEEDS = (*range(32), 41, 57, 65)


@functools.cache
def draw(seed: int) -> tuple[list[ReleaseTable], list[ReleaseTable]]:
    """Raw and protected tables of a small survey: few respondents, rare types, rare answers."""
    rng = np.random.default_rng(seed)
    shares = tuple(rng.dirichlet(np.full(int(rng.integers(2, 5)), 1.5)) + 0.03)
    inputs = make_inputs(
        int(rng.integers(60, 401)), seed=seed, shares=shares, set_aside=int(rng.integers(0, 15)),
        unassigned=float(rng.uniform(0, 0.1)), rare=float(rng.uniform(0.05, 0.4)),
    )  # fmt: skip
    raw = release_tables(label_types(*inputs))
    return raw, protect(raw, threshold=THRESHOLD)[0]


class Puzzle:
    """Everything shown about one variable, as equations in its unknown counts, written down anew here."""

    def __init__(self, rows: pd.DataFrame, shown: pd.Series, *, rounded: bool = False) -> None:
        self.rounded = rounded
        self.rows = rows.assign(shown=shown.to_numpy())
        self.categories = list(rows["category"].drop_duplicates())
        self.groups = [g for g in rows["group"].drop_duplicates() if g != "everyone"] + ["elsewhere"]
        self.equations: list[np.ndarray] = []
        self.values: list[tuple[float, float]] = []
        for row in self.rows[self.rows["shown"]].itertuples():
            self.know(self.mask([row.category], row.group), row.count, row.base)
        for group in ["everyone", *self.groups[:-1]]:
            here = self.rows[(self.rows["group"] == group) & self.rows["shown"]]
            if len(here):
                self.know(self.mask(self.categories, group), here["base"].iloc[0])

    def mask(self, categories: list[str], group: str) -> np.ndarray:
        found = np.zeros((len(self.categories), len(self.groups)))
        columns = slice(None) if group == "everyone" else self.groups.index(group)
        for category in categories:
            found[self.categories.index(category), columns] = 1
        return found.ravel()

    def know(self, mask: np.ndarray, value: float, base: float | None = None) -> None:
        """A count: exactly, or as the rounded share of an unweighted survey tells it."""
        low = high = value
        if self.rounded and base:
            step = base * (0.001 if base >= 2000 else 0.01)
            centre, nearest = round(value / step) * step, np.floor(value / THRESHOLD + 0.5) * THRESHOLD
            low = min(max(centre - step / 2, nearest - 5), value)
            high = max(min(centre + step / 2, nearest + 4), value)
        self.equations.append(mask)
        self.values.append((low, high))

    def bounds(self, mask: np.ndarray) -> tuple[float, float]:
        a, b = np.array(self.equations), np.array(self.values)
        a = a.reshape(len(b), mask.size)
        b = b.reshape(len(b), 2)
        known = {"A_ub": np.vstack([a, -a]), "b_ub": np.concatenate([b[:, 1], -b[:, 0]]) + 1e-9}
        ends = []
        for sign in (1, -1):
            found = linprog(sign * mask, **known, bounds=(0, None), method="highs")
            assert found.status in (0, 3), "what is shown must be consistent"
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]


# The attacker knows the counts of types and of everyone exactly, as if nothing were rounded. Of the
# unassigned, who are what the types leave over of everyone, the release is entitled to its rounding.
def hidden_numbers(
    raw: list[ReleaseTable], safe: list[ReleaseTable]
) -> Iterator[tuple[str, int, int, float, float]]:
    """Every suppressed count with its true value, its base, and the interval the attacker gets."""
    tables = {table.name: table.frame for table in raw}
    shown = {table.name: table.frame["suppressed"].eq("") for table in safe}
    prevalence, factors, outcomes = tables["prevalence"], tables["factors"], tables["outcomes"]
    for name, rows in prevalence.groupby("variable", sort=False):
        puzzle = Puzzle(rows, shown["prevalence"][rows.index])
        blurred = Puzzle(rows, shown["prevalence"][rows.index], rounded=True)
        unions = []
        for row in factors[factors["variable"] == name].itertuples():
            mask = puzzle.mask(list(row[-1]), row.type)
            unions.append((row, mask))
            if shown["factors"][row.Index]:
                rest = puzzle.mask(list(row[-1]), "everyone") - mask
                for each in (puzzle, blurred):
                    each.know(mask, row.exposed_type, row.base_type)
                    each.know(rest, row.exposed_rest, row.base_rest)
        for row in outcomes[outcomes["outcome"] == name].itertuples():
            if shown["outcomes"][row.Index]:
                puzzle.know(puzzle.mask(list(row[-1]), row.type), row.count, row.base)
        for row in rows[~shown["prevalence"][rows.index]].itertuples():
            mask = puzzle.mask([row.category], row.group)
            used = blurred if row.group == "unassigned" else puzzle
            yield f"{name} {row.category} {row.group}", row.count, row.base, *used.bounds(mask)
        for row, mask in unions:
            rest = puzzle.mask(list(row[-1]), "everyone") - mask
            if not shown["factors"][row.Index]:
                mine = rows[rows["group"] == row.type]
                exposed = mine["category"].isin(list(row[-1]))
                # where everyone's answer is hidden, so is the row; the type's own may be told as prevalence
                if not any(shown["prevalence"][side.index].all() for side in (mine[exposed], mine[~exposed])):
                    yield f"{name} exposed {row.type}", row.exposed_type, row.base_type, *puzzle.bounds(mask)
                yield f"{name} exposed rest {row.type}", row.exposed_rest, row.base_rest, *puzzle.bounds(rest)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_suppressed_count_can_be_worked_out(seed: int) -> None:
    raw, safe = draw(seed)
    for what, value, base, low, high in hidden_numbers(raw, safe):
        assert low - 1e-6 <= value <= high + 1e-6, f"{what}: the attack is wrong"
        assert high - low >= min(THRESHOLD // 2, base) - 1e-6, (
            f"{what} = {value} of {base} is known: {low} to {high}"
        )
        if value < THRESHOLD and base >= 2 * THRESHOLD and "unassigned" not in what:
            assert high >= THRESHOLD - 1e-6, f"{what} = {value} of {base} must be small: {low} to {high}"


@pytest.mark.parametrize("seed", SEEDS)
def test_no_shown_number_rests_on_few_respondents(seed: int) -> None:
    raw, safe = draw(seed)
    sides = [("exposed_type", "base_type"), ("exposed_rest", "base_rest")]
    pairs = {
        "prevalence": [("count", "base")], "outcomes": [("count", "base")], "factors": sides,
        "outcome_models": sides,
    }  # fmt: skip
    for before, after in zip(raw, safe, strict=True):
        rows = before.frame[after.frame["suppressed"].eq("").to_numpy()]
        for count, base in pairs[before.name]:
            assert (rows[count] >= THRESHOLD).all()
            assert (rows[base] - rows[count] >= THRESHOLD).all()


def test_the_attack_finds_what_plain_threshold_suppression_leaves_open() -> None:
    """The attack has teeth: hiding only the small cells would have been broken."""
    raw, _ = draw(3)
    naive = []
    for table in raw:
        pairs = [("exposed_type", "base_type")] if "base_type" in table.frame else [("count", "base")]
        small = np.zeros(len(table.frame), dtype=bool)
        for count, base in pairs:
            number, out_of = table.frame[count], table.frame[base]
            small |= ((number < THRESHOLD) | (out_of - number < THRESHOLD)).to_numpy()
        frame = table.frame.assign(suppressed=np.where(small, "threshold", ""))
        naive.append(ReleaseTable(table.name, table.title, frame, table.keys))
    found = [high - low < 2 for _, _, base, low, high in hidden_numbers(raw, naive) if base > 2]
    assert any(found)


def test_much_is_still_shown_of_a_survey_of_ordinary_size() -> None:
    raw = release_tables(label_types(*make_inputs(1166, seed=5)))
    safe, _ = protect(raw, threshold=THRESHOLD)
    shown = {table.name: table.frame["suppressed"].eq("").mean() for table in safe}
    types = safe[0].frame[safe[0].frame["group"].str.startswith("T")]
    assert types["suppressed"].eq("").mean() > 0.85
    assert shown["factors"] > 0.85
