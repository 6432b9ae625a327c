"""Which items are named as working otherwise in a group: sure, large, and where they differ most."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.evidence import items_apart as stage
from typology.evidence.items_apart import ITEM_COLUMNS, _counts, _largest, items_apart
from typology.models.layout import Layout, item_layout
from typology.models.measurement import Differences
from typology.results import Discovery, Item

BOTH = np.ones((2, 2), dtype=bool)
GROUPS = ["north", "south"]


def layout(items: int, *, level: str = "binary") -> Layout:
    made = [Item(f"q{j}", f"Item {j}", level, "", (0, 1, 2), ("a", "b", "c")) for j in range(items)]  # type: ignore[arg-type]
    return item_layout(tuple(made))


def planted(n: int, *, gap: float = 0.0) -> tuple[np.ndarray, np.ndarray, Discovery]:
    """Two clear types over eight yes/no items; the first item is said more often in the south."""
    rng = np.random.default_rng(4)
    kinds, group = rng.integers(0, 2, n), rng.integers(0, 2, n)
    chance = np.where(kinds[:, None] == 0, 0.2, 0.8) * np.ones(8)
    chance[:, 0] = np.clip(chance[:, 0] + np.where(group == 1, gap, 0.0), 0, 0.95)
    codes = (rng.random((n, 8)) < chance).astype(np.int64)
    return codes, group, carriers.discovery(kinds, 2)


def yes_no(items: int) -> Layout:
    made = [Item(f"q{j}", f"Item {j}", "binary", "", (0, 1), ("no", "yes")) for j in range(items)]
    return item_layout(tuple(made))


def test_an_item_that_works_otherwise_is_named_and_no_other() -> None:
    codes, group, found = planted(1500, gap=0.4)
    table = items_apart(codes, yes_no(8), found, GROUPS, group, BOTH)
    assert list(table) == ITEM_COLUMNS
    assert set(table.loc[table["differs"].astype(bool), "item"]) == {0}
    south = table.set_index(["item", "group"]).loc[(0, "south")]
    assert south["observed"] - south["expected"] > 0.2
    assert south["q"] < 0.001
    assert south["count"] == codes[group == 1, 0].sum()
    assert south["base"] == (group == 1).sum()
    p = table["p"].to_numpy(dtype=float)
    assert (table["q"].to_numpy(dtype=float) >= p - 1e-12).all()


@pytest.mark.parametrize("types", [[[True, False], [True, False]], [[False, False], [False, False]]])
def test_one_group_alone_has_nothing_to_be_compared_with(types: list[list[bool]]) -> None:
    codes, group, found = planted(300)
    table = items_apart(codes, yes_no(8), found, GROUPS, group, np.array(types))
    assert table.empty
    assert list(table) == ITEM_COLUMNS


def test_counts_are_answers_above_the_lowest_or_beside_the_commonest() -> None:
    answers = np.array([0, 0, 1, 2, -1, 2, 2])
    assert _counts(answers, ordered=True) == (4, 6)
    assert _counts(answers, ordered=False) == (3, 6)
    assert _counts(np.array([-1, -1]), ordered=False) == (0, 0)
    assert _counts(np.array([1, 1, 0]), ordered=False) == (1, 3)


def test_of_each_item_the_group_is_named_that_differs_most_and_by_enough() -> None:
    size = np.array([[0.30, 0.12, 0.2], [0.09, 0.05, 0.01], [0.5, 0.2, np.nan], [0.1, 0.02, 0.03]])
    sure = np.array([[True, True, True], [True, True, True], [False, True, True], [True, True, True]])
    assert _largest(size, sure).tolist() == [
        [True, False, False],
        [False, False, False],  # sure, but too small to matter
        [False, True, False],  # the largest is not sure
        [True, False, False],  # a tenth is enough
    ]


def given(monkeypatch: pytest.MonkeyPatch, differences: Differences) -> list[tuple[object, ...]]:
    """Set the comparison aside, and keep what it is asked."""
    calls: list[tuple[object, ...]] = []

    def compare(codes: object, columns: object, membership: object, group: object, compared: object, *,
                severity: bool) -> Differences:  # fmt: skip
        calls.append((codes, membership, group, severity))
        return differences

    monkeypatch.setattr(stage, "measurement_differences", compare)
    return calls


def test_a_pair_that_was_not_tested_is_never_the_one_that_differs_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = np.array([[0.3, 0.6]])
    given(monkeypatch, Differences(np.array([[20.0, np.nan]]), np.array([[1, 0]]), size, size, size))
    found = carriers.discovery(np.array([0, 1, 0, 1]), 2)
    codes = np.array([[0], [1], [1], [0]])
    table = items_apart(codes, yes_no(1), found, GROUPS, np.array([0, 0, 1, 1]), BOTH)
    assert table[["group", "differs"]].to_numpy().tolist() == [["north", True]]


def differences(ratio: list[list[float]], freedom: list[list[int]]) -> Differences:
    same = np.full((len(ratio), 2), 0.25)
    return Differences(np.array(ratio), np.array(freedom), same, same + 0.1, same + 0.2)


def test_p_is_that_of_the_likelihood_ratio_and_untested_pairs_are_no_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, differences([[3.841459, np.nan], [5.991465, 0.0]], [[1, 1], [2, 0]]))
    codes = np.array([[0, 1], [1, 2], [2, -1], [1, 0]])
    found = carriers.discovery(np.array([0, 1, 0, 1]), 2)
    table = items_apart(codes, layout(2, level="nominal"), found, GROUPS, np.array([0, 0, 1, -1]), BOTH)
    assert table[["item", "group"]].to_numpy().tolist() == [[0, "north"], [1, "north"], [1, "south"]]
    assert table["p"].tolist() == pytest.approx([0.05, 0.05, 1.0], abs=1e-6)
    assert table["q"].tolist() == pytest.approx([0.075, 0.075, 1.0], abs=1e-6)
    assert table["freedom"].tolist() == [1, 2, 0]
    assert table[["count", "base"]].to_numpy().tolist() == [[1, 2], [1, 2], [0, 0]]
    assert table["observed"].tolist() == [0.25] * 3
    assert table["expected"].tolist() == [0.35] * 3
    assert table["size"].tolist() == [0.45] * 3
    assert not table["differs"].any()


def test_respondents_of_no_group_take_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = given(monkeypatch, differences([[20.0, 1.0]], [[1, 1]]))
    codes, group = np.array([[0], [1], [1], [0]]), np.array([-1, 0, 1, 0])
    found = carriers.discovery(np.array([0, 1, 0, 1]), 2)
    table = items_apart(codes, yes_no(1), found, GROUPS, group, BOTH)
    assert table["differs"].tolist() == [True, False]
    seen, membership, groups, severity = calls[0]
    assert np.array_equal(seen, codes[1:])
    assert np.array_equal(membership, found.membership[1:])
    assert np.array_equal(groups, [0, 1, 0])
    assert severity is False
    items_apart(
        codes, yes_no(1), replace(found, parameters={"severity_inside_types": True}), GROUPS, group, BOTH
    )
    assert calls[1][3] is True
    items_apart(codes, yes_no(1), replace(found, parameters={}), GROUPS, group, BOTH)
    assert calls[2][3] is False


def test_of_very_many_a_fixed_random_part_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "MOST_COMPARED", 40)
    calls = given(monkeypatch, differences([[1.0, 1.0]] * 8, [[1, 1]] * 8))
    codes, group, found = planted(100)
    codes[:, 0] = np.arange(100)  # tells respondents apart
    for _ in range(2):
        items_apart(codes, yes_no(8), found, GROUPS, group, BOTH)
    first, again = (np.asarray(call[0]) for call in calls)
    assert len(first) == 40
    assert (np.diff(first[:, 0]) > 0).all()  # nobody twice
    assert np.array_equal(first, again)
    monkeypatch.setattr(stage, "MOST_COMPARED", 100)
    table = items_apart(codes, yes_no(8), found, GROUPS, group, BOTH)
    assert np.array_equal(np.asarray(calls[2][0]), codes)
    assert isinstance(table, pd.DataFrame)
    assert table["base"].tolist() == [int((group == g).sum()) for g in (0, 1)] * 8
