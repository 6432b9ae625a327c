"""Replication says where a type comes out again, and where there is too little to say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from typology.evidence.replicate import (
    Replication,
    _members,
    _rare,
    _tasks,
    _types,
    group_codes,
    judge,
    replicate,
)
from typology.models.replication import ABSENT, NOT, REPLICATES, SMALL, UNTOLD
from typology.progress import SilentProgress
from typology.results import DesignColumns, Discovery, Item, Prepared

P, SHARES = 24, (0.45, 0.35, 0.2)


def planted(
    sizes: dict[str, int], *, absent: tuple[int, str] | None = None, seed: int = 1
) -> tuple[Prepared, np.ndarray]:
    """Respondents of three types by group, and their types."""
    rng = np.random.default_rng(seed)
    group = np.repeat(list(sizes), list(sizes.values())).astype(object)
    truth = rng.choice(3, size=len(group), p=SHARES)
    if absent is not None:
        gone = (truth == absent[0]) & (group == absent[1])
        truth[gone] = (absent[0] + 1) % 3
    chance = np.where(np.random.default_rng(5).random((3, P)) < 0.5, 0.15, 0.8)
    codes = (rng.random((len(group), P)) < chance[truth]).astype(np.int16)
    items = tuple(Item(f"q{j}", f"Question {j}", "binary", "", (0, 1), ("No", "Yes")) for j in range(P))
    ids = np.array([f"r{i:05d}" for i in range(len(group))], dtype=object)
    prepared = Prepared(
        ids=ids, items=items, codes=codes, not_asked=np.zeros(codes.shape, dtype=bool), gates=(),
        design=DesignColumns(None, None, None), group=group, set_aside=pd.Series(dtype=object),
        flags=pd.DataFrame(index=ids),
    )  # fmt: skip
    return prepared, truth.astype(np.int64)


def discovery(truth: np.ndarray) -> Discovery:
    n = len(truth)
    return Discovery(
        labels=truth, membership=np.eye(3)[truth], core=np.ones(n, dtype=bool), severity=np.zeros(n),
        map_xy=np.zeros((n, 2)), runs=pd.DataFrame(), selection=pd.DataFrame(),
        parameters={"severity_inside_types": False},
    )  # fmt: skip


class Oracle:
    """Finds the planted types of whoever it is given, in another order; optionally cannot where told."""

    def __init__(self, truth: np.ndarray, group: np.ndarray, *, blind: str = "") -> None:
        self.truth, self.group, self.blind = truth, group, blind

    def __call__(self, rows: np.ndarray, seed: int) -> list[np.ndarray]:
        rng = np.random.default_rng(seed)
        alone = len(set(self.group[rows])) == 1
        if self.blind == "everywhere" or (alone and self.group[rows][0] == self.blind):
            return [rng.integers(0, 3, len(rows))]
        return [np.unique((self.truth[rows] + 1) % 3, return_inverse=True)[1]]


def told(prepared: Prepared, truth: np.ndarray, again: Any, **more: Any) -> Replication:
    return replicate(
        prepared, discovery(truth), again, presented=3, seed=1, jobs=1, progress=SilentProgress(), **more
    )


def verdicts(found: Replication) -> pd.DataFrame:
    return found.types.pivot(index="type", columns="group", values="verdict")


def test_types_that_come_out_again_replicate_everywhere() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 200, "Italy": 250})
    found = told(prepared, truth, Oracle(truth, prepared.group))
    assert (verdicts(found) == REPLICATES).all(axis=None)
    assert (found.types["agreement"] == 1).all()
    assert dict(found.types.groupby("group")["base"].first()) == {"UK": 300, "Ireland": 200, "Italy": 250}
    assert not found.items["differs"].any()


def test_a_group_whose_own_types_differ_does_not_replicate() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 200, "Italy": 250})
    found = verdicts(told(prepared, truth, Oracle(truth, prepared.group, blind="Italy")))
    assert (found["Italy"] == NOT).all()
    assert (found[["UK", "Ireland"]] == REPLICATES).all(axis=None)


def test_what_random_respondents_do_not_give_either_is_not_held_against_the_group() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 200})
    found = told(prepared, truth, Oracle(truth, prepared.group, blind="everywhere"))
    assert (verdicts(found) == UNTOLD).all(axis=None)


def test_a_type_that_hardly_occurs_is_told_from_a_group_that_is_too_small() -> None:
    prepared, truth = planted({"UK": 400, "Ireland": 60, "Italy": 400}, absent=(2, "Italy"))
    found = verdicts(told(prepared, truth, Oracle(truth, prepared.group)))
    assert found.loc[2, "Italy"] == ABSENT
    assert (found["Ireland"] == SMALL).all()
    assert (found.loc[[0, 1], ["UK", "Italy"]] == REPLICATES).all(axis=None)


def test_few_members_of_a_rare_type_are_too_few_to_judge() -> None:
    prepared, truth = planted({"UK": 400, "Ireland": 110})
    kept = np.flatnonzero(~((truth == 2) & (np.arange(len(truth)) % 4 > 0)))
    small = replace(prepared.take(kept), group=prepared.group[kept])  # type: ignore[index]
    found = verdicts(told(small, truth[kept], Oracle(truth[kept], small.group)))
    assert found.loc[2, "Ireland"] == SMALL


def test_one_large_group_alone_is_compared_with_nothing() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 50})
    found = told(prepared, truth, Oracle(truth, prepared.group))
    assert (verdicts(found) == SMALL).all(axis=None)
    assert found.items.empty


def test_respondents_without_a_group_take_no_part() -> None:
    prepared, truth = planted({"UK": 300, "": 40, "Italy": 250})
    found = told(prepared, truth, Oracle(truth, prepared.group))
    assert sorted(set(found.types["group"])) == ["Italy", "UK"]
    assert found.types.groupby("group")["base"].first().sum() == 550


def test_row_order_and_group_names_do_not_matter() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 200})
    renamed = replace(prepared, group=np.where(prepared.group == "UK", "A", "B").astype(object))
    first = told(prepared, truth, Oracle(truth, prepared.group)).types
    second = told(renamed, truth, Oracle(truth, renamed.group)).types
    assert sorted(first["n"]) == sorted(second["n"])


@pytest.mark.parametrize(
    ("own", "reference", "verdict"),
    [
        ((0.7, 0.6), (0.0, 0.0), REPLICATES),
        ((0.69, 0.95), (0.95, 0.9), NOT),
        ((0.99, 0.59), (0.95, 0.9), NOT),
        ((0.5, 0.5), (0.69, 0.9), UNTOLD),
    ],
)
def test_bounds(own: tuple[float, float], reference: tuple[float, float], verdict: str) -> None:
    assert judge(np.array(own), np.array(reference)) == verdict


def test_a_reference_at_the_bounds_is_one_that_gives_the_type() -> None:
    assert judge(np.array([0.5, 0.5]), np.array([0.7, 0.6])) == NOT


@pytest.mark.parametrize(
    ("n", "base", "share", "rare"),
    [
        (0, 200, 0.1, True),  # 20 expected, the least that counts
        (0, 199, 0.1, False),  # 19.9
        (6, 300, 0.1, True),  # 30 expected; a third would be 10
        (10, 300, 0.1, False),  # not fewer than a third, however unlikely
        (9, 300, 0.1, True),
    ],
)
def test_hardly_any_is_fewer_than_a_third_of_twenty_and_unlikely(
    n: int, base: int, share: float, *, rare: bool
) -> None:
    expected = share * base
    by_hand = expected >= 20 and n < expected / 3 and stats.binom.cdf(n, base, share) < 0.001
    assert _rare(n, base, share, smallest=20) is bool(by_hand)
    assert by_hand or not rare


def test_members_are_those_of_presented_types_in_known_groups() -> None:
    labels = np.array([0, 0, 1, 2, -1, 1, 0])
    group = np.array([0, 1, 1, 0, 0, -1, 1])
    assert _members(labels, group, 2, 2).tolist() == [[1, 2], [0, 1]]


def test_a_search_draws_nobody_twice_and_as_many_at_random_as_the_group_has() -> None:
    group = np.repeat([0, 1, -1], [150, 120, 30])
    tasks = _tasks(group, [0, 1], 3)
    assert [(kind, g) for kind, g, _, _ in tasks] == [
        (kind, g) for g in (0, 1) for kind in ("own", "reference", "reference")
    ]
    for kind, g, rows, _ in tasks:
        assert len(np.unique(rows)) == len(rows) == (group == g).sum()
        assert (group[rows] == g).all() if kind == "own" else (group[rows] >= 0).all()
    states = [state for _, _, _, state in tasks]
    assert states[:3] == [int(s) for s in np.random.SeedSequence([3, 2, 0]).generate_state(3)]
    again = _tasks(group, [0, 1], 3)
    assert all(np.array_equal(a[2], b[2]) for a, b in zip(tasks, again, strict=True))


@pytest.mark.parametrize(
    ("sizes", "n", "verdict"),
    [
        ((100, 100), 20, REPLICATES),  # the bounds are enough
        ((100, 99), 20, SMALL),  # one large group is compared with nothing
        ((100, 100), 80, REPLICATES),
        ((100, 100), 81, SMALL),  # 19 others
        ((100, 100), 19, SMALL),
    ],
)
def test_sizes_at_their_bounds(sizes: tuple[int, int], n: int, verdict: str) -> None:
    group = np.repeat([0, 1], sizes)
    scores = {(kind, g): [np.ones((2, 1))] for kind in ("own", "reference") for g in range(2)}
    told = _types(["A", "B"], group, np.array([[n, 20]]), scores, 20)
    assert told["verdict"].iloc[0] == verdict


def test_groups_are_named_in_order_and_a_survey_without_any_has_none() -> None:
    prepared, _ = planted({"UK": 3, "": 2, "Italy": 2})
    names, codes = group_codes(prepared)
    assert names == ["Italy", "UK"]
    assert codes.tolist() == [1, 1, 1, -1, -1, 0, 0]
    names, codes = group_codes(replace(prepared, group=None))
    assert names == []
    assert codes.tolist() == [-1] * 7


class Asked(Oracle):
    """Remembers its seeds."""

    seeds: list[int]

    def __call__(self, rows: np.ndarray, seed: int) -> list[np.ndarray]:
        self.seeds.append(seed)
        return super().__call__(rows, seed)


def test_a_group_of_exactly_the_least_size_is_searched_with_seeds_of_the_study() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 100})
    again = Asked(truth, prepared.group)
    again.seeds = []
    found = told(prepared, truth, again)
    assert (verdicts(found)["UK"] == REPLICATES).all()
    expected = [int(s) for g in (0, 1) for s in np.random.SeedSequence([1, 2, g]).generate_state(3)]
    assert again.seeds == expected
