"""What the explorer tells about clusters and regions, and what it keeps to itself."""

from __future__ import annotations

import re

import numpy as np
import pytest

from typology.explorer.groups import TOO_FEW, by_size, cluster_cells, crossing, region
from typology.profile.display import Notice, TableView
from typology.runs.private import ItemInfo, PrivateMap

EVERYTHING = ((0.0, 100.0), (0.0, 100.0))
LEFT = ((0.0, 50.0), (0.0, 100.0))


def people(*sizes: tuple[int, int, int], types: tuple[str, ...] = ("T1", "T2")) -> PrivateMap:
    """Respondents by (type, cluster, how many); T1 answers yes and lies left, T2 no and right."""
    kind = np.concatenate([np.full(n, a) for a, _, n in sizes])
    cluster = np.concatenate([np.full(n, b) for _, b, n in sizes])
    rng = np.random.default_rng(3)
    xy = np.column_stack([np.where(kind == 0, 20.0, 80.0), np.full(len(kind), 50.0)]) + rng.normal(
        size=(len(kind), 2)
    )
    items = (
        ItemInfo("a", "Was threatened", "binary", ("No", "Yes")),
        ItemInfo("b", "How often", "ordinal", ("Never", "Rarely", "Often")),
    )
    levels = np.column_stack([(kind == 0).astype(int), np.where(kind == 0, 2, 0)])
    return PrivateMap(xy, kind, types, {"15/30/eom/1": cluster}, levels, items, threshold=10)


RUN = "15/30/eom/1"


def test_a_split_and_a_merge_are_told() -> None:
    found = crossing(people((0, 0, 60), (0, 1, 40), (1, 1, 50)), RUN)
    assert found.rows == ("T1", "T2")
    # by size: the cluster of 90 comes first
    assert found.count.tolist() == [[40, 60], [50, 0]]
    assert found.sentences() == ("T1 is split: C1 and C2.", "C1 merges T1 and T2.")
    assert crossing(people((0, 0, 60), (1, 1, 50)), RUN).sentences() == ("Every type is one cluster.",)


def test_noise_and_the_unassigned_are_kept_apart_and_are_no_groups() -> None:
    found = crossing(people((0, 0, 60), (0, -1, 30), (-1, 0, 20), (1, 1, 50)), RUN)
    assert found.rows == ("T1", "T2", "unassigned")
    assert found.columns == ("C1", "C2", "noise")
    assert found.sentences() == ("Every type is one cluster.",)
    assert by_size(np.array([1, 1, 0, -1])).tolist() == [0, 0, 1, -1]


@pytest.mark.parametrize("few", [1, 9])
def test_few_people_in_a_cell_are_not_counted_out(few: int) -> None:
    found = crossing(people((0, 0, 60), (0, 1, few), (1, 1, 50)), RUN)
    assert found.table().rows[0] == ("T1", found.table().rows[0][1], TOO_FEW)
    assert (found.flows()["n"] >= 10).all()
    assert len(found.flows()) == 2
    assert crossing(people((0, 0, 60), (0, 1, 10), (1, 1, 50)), RUN).table().rows[0][2] == "14%"


def test_without_types_everyone_is_one_group_and_nothing_is_called_split() -> None:
    found = crossing(people((-1, 0, 60), (-1, 1, 40), types=()), RUN)
    assert found.rows == ("everyone",)
    assert found.sentences() == ()


def test_a_region_shows_the_answers_of_those_inside() -> None:
    shown = region(people((0, 0, 60), (1, 1, 50)), LEFT)
    assert isinstance(shown, TableView)
    assert "60 respondents" in shown.caption
    rows = {row[0]: row[1:] for row in shown.rows}
    # everybody inside says yes: nobody said no, and a group of nobody is too few
    assert rows["Was threatened"] == (TOO_FEW, "55%", "–")


def test_an_answer_enough_people_gave_and_enough_did_not_is_told() -> None:
    private = people((0, 0, 60), (1, 1, 50))
    private.levels[:20, 0] = 0
    private.levels[40:45, 1] = -1
    rows = {row[0]: row[1:] for row in _table(region(private, LEFT)).rows}
    assert rows["Was threatened"] == ("67%", "36%", "+30")
    everyone = {row[0]: row[1:] for row in _table(region(private, EVERYTHING)).rows}
    assert everyone["Was threatened"] == ("36%", "36%", "0")


@pytest.mark.parametrize(("n", "where"), [(9, "in the region"), (0, "in the region")])
def test_a_region_with_few_people_says_too_few(n: int, where: str) -> None:
    shown = region(people((0, 0, n), (1, 1, 50)), LEFT)
    assert isinstance(shown, Notice)
    assert shown.text == f"Too few: fewer than 10 respondents are {where}."


def test_a_region_that_leaves_few_people_out_says_too_few_as_well() -> None:
    shown = region(people((0, 0, 60), (1, 1, 9)), LEFT)
    assert shown == Notice("Too few: fewer than 10 respondents are outside the region.")


def test_no_number_of_a_region_rests_on_few_people() -> None:
    rng = np.random.default_rng(1)
    private = people((0, 0, 60), (1, 1, 50))
    private.levels[:, 0] = rng.random(110) < 0.1
    private.levels[:, 1] = rng.integers(-1, 3, 110)
    for left in range(0, 100, 10):
        for right in range(left + 10, 101, 10):
            shown = region(private, ((left, right), (0, 100)))
            inside = (private.xy[:, 0] >= left) & (private.xy[:, 0] <= right)
            if isinstance(shown, Notice):
                assert min(inside.sum(), (~inside).sum()) < 10
                continue
            for label, own, *_ in shown.rows:
                at = 0 if label == "Was threatened" else 1
                level = private.levels[inside, at]
                named = 1 if at == 0 else re.findall("“(.*)”", label) or ["Never"]
                which = 1 if at == 0 else private.items[1].labels.index(named[0])
                count, base = int((level == which).sum()), int((level >= 0).sum())
                assert (own == TOO_FEW) == (min(count, base - count) < 10)


def test_cells_of_the_map_have_people_enough_and_name_the_cluster() -> None:
    cells = cluster_cells(people((0, 0, 400), (1, 1, 300)), RUN)
    assert (cells["n"] >= 10).all()
    assert set(cells["type"]) == {"C1", "C2"}
    assert cells.loc[cells["type"] == "C1", "hex_x"].max() < cells.loc[cells["type"] == "C2", "hex_x"].min()


def _table(shown: TableView | Notice) -> TableView:
    assert isinstance(shown, TableView)
    return shown
