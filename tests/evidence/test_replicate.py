"""Replication says where a type comes out again, and where there is too little to say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.evidence.replicate import Replication, judge, replicate
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
