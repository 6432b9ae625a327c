"""Which row is hidden next, where those hidden so far would still tell a size or an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, UNASSIGNED
from typology.disclose.attack_sizes import SizeTold
from typology.disclose.suppress_answers import Further, _hide_for_sizes, _hide_further, are_weighted

ROWS = pd.DataFrame(
    [
        ("x", 1, "T1", 40.0), ("x", 2, "T1", 20.0), ("x", 1, UNASSIGNED, 90.0), ("x", 1, EVERYONE, 5.0),
        ("y", 1, "T1", 30.0), ("y", 1, "T2", np.nan),
    ],
    columns=["variable", "category", "group", "count"],
)  # fmt: skip


def size(*sources: tuple[str, str, str]) -> SizeTold:
    return SizeTold("T1", (3.0, 4.0), frozenset(sources))


def test_of_the_rows_a_size_rests_on_the_least_loss_is_hidden() -> None:
    further: Further = {}
    one, two, without = ("x", "1", "T1"), ("x", "2", "T1"), ("x", "1", UNASSIGNED)
    whole, other, hidden = ("x", "1", EVERYONE), ("y", "1", "T1"), ("y", "1", "T2")
    # whoever has no type first, however many; then the fewest; everyone's row last
    for sources, expected in (
        ([one, two, without, whole], without),
        ([one, two, without, whole], two),
        ([one, two, without, whole, other], other),
        ([one, two, without, whole], one),
        ([one, two, without, whole], whole),
        ([other, hidden], hidden),
    ):
        before = {name: set(cells) for name, cells in further.items()}
        assert _hide_for_sizes(further, [size(*sources)], ROWS) == {expected[0]}
        before.setdefault(expected[0], set()).add(expected[1:])
        assert further == before
    assert _hide_for_sizes(further, [size(one, two, without, whole), size()], ROWS) == set()


def test_a_row_that_is_hidden_anyway_counts_as_the_fewest() -> None:
    shown, hidden = ("y", "1", "T1"), ("y", "1", "T2")
    for sources in ((shown, hidden), (hidden, shown)):
        further: Further = {}
        told: Any = SimpleNamespace(sources=sources)
        assert _hide_for_sizes(further, [told], ROWS) == {"y"}
        assert further == {"y": {hidden[1:]}}


def test_a_row_is_hidden_for_every_size() -> None:
    further: Further = {}
    told = [size(("x", "1", "T1")), size(("y", "1", "T1"), ("x", "2", "T1"))]
    assert _hide_for_sizes(further, told, ROWS) == {"x"}
    assert further == {"x": {("1", "T1"), ("2", "T1")}}
    # a row the table does not have counts nobody
    assert _hide_for_sizes(further, [size(("z", "1", "T9"), ("y", "1", "T1"))], ROWS) == {"z"}


def answers(*, single: bool = False, hidden: Any = None) -> Any:
    block = SimpleNamespace(
        published=np.array([True, True, True, False]),
        hidden=np.zeros((2, 4), dtype=bool) if hidden is None else np.array(hidden, dtype=bool),
        telling=np.array([[40.0, 30.0, 50.0, 1.0], [9.0, 8.0, 7.0, 1.0]]),
        single=single,
    )
    return SimpleNamespace(block=block, categories=("1", "2"), groups=("T1", "T2", "T3", "no group"))


def told(category: str = "1", bounds: tuple[float, float] | None = (3.0, 4.0)) -> Any:
    return SimpleNamespace(variable="x", category=category, group="T1", bounds=bounds)


def test_an_answer_that_is_told_hides_the_group_that_tells_most_of_it() -> None:
    further: Further = {}
    assert _hide_further(further, answers(), told())
    assert further == {"x": {("1", "T2")}}
    assert _hide_further(further, answers(), told("2"))
    assert further == {"x": {("1", "T2"), ("2", "T3")}}
    first_two = [[False, True, False, False], [False] * 4]
    assert _hide_further(further, answers(hidden=first_two), told())
    assert ("1", "T1") in further["x"]


def test_then_everyones_row_goes_and_then_all_of_the_variable() -> None:
    everything = np.ones((2, 4), dtype=bool)
    further: Further = {}
    assert _hide_further(further, answers(hidden=everything), told())
    assert further == {"x": {("1", EVERYONE)}}
    assert _hide_further(further, answers(hidden=everything), told())
    groups = ("T1", "T2", "T3", "no group", EVERYONE)
    assert further == {"x": {(answer, group) for answer in ("1", "2") for group in groups}}
    assert not _hide_further(further, answers(hidden=everything), told())  # nothing is left
    alone: Further = {}
    assert _hide_further(alone, answers(single=True, hidden=everything), told())
    assert len(alone["x"]) == 10  # one group only: it is everyone


def test_a_contradiction_hides_nothing() -> None:
    further: Further = {}
    assert not _hide_further(further, answers(), told(bounds=None))
    assert further == {"x": set()}


def test_a_release_without_prevalences_is_not_weighted() -> None:
    assert are_weighted({}) is False
