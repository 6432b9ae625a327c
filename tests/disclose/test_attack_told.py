"""Which suppressed answers a release gives away, and which few respondents cannot help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from disclose.answer_rows import HIDDEN, NOTHING, read, rows

from typology.disclose.attack_answers import Answers, Sizes, Told, answer_leaks
from typology.disclose.puzzle import Bounds

EVERYONE, NO_GROUP, UNASSIGNED = "everyone", "no group", "unassigned"
NOBODY = {NO_GROUP: (0.0, 0.0)}


def told(answers: Answers, least: float = 5) -> dict[tuple[str, str], Bounds | None]:
    return {(each.category, each.group): each.bounds for each in answers.told(least)}


def two_types(
    everyone: float,
    first: float,
    *,
    other: str = "T2",
    sizes: Mapping[str, Bounds] | None = None,
    base: float = 368,
) -> Answers:
    """One answer, told of everyone, 391 to 400, and of one group; all else is hidden."""
    counts = {EVERYONE: [everyone, HIDDEN], "T1": [first, HIDDEN], other: [HIDDEN, HIDDEN]}
    frame = rows(counts, {EVERYONE: 400, "T1": base})
    return read(frame, Sizes({**NOBODY, **(sizes or {})}))


def test_a_hidden_answer_that_must_be_small_is_told() -> None:
    """45 to 54 in all and as many in one type leave nine of the other at most."""
    assert told(two_types(50, 50)) == {("1", "T2"): (0, 9)}
    assert told(two_types(60, 50)) == {}  # 1 to 19
    # of those in no group no row is suppressed, and nine of the type may be among them
    assert told(two_types(50, 50, sizes={NO_GROUP: (0, 3)})) == {("1", "T2"): (0, 9)}


def test_what_types_leave_of_those_without_one_need_not_be_large_but_open() -> None:
    assert told(two_types(50, 50, other=UNASSIGNED)) == {}
    assert told(two_types(50, 50, other=UNASSIGNED), least=10) == {("1", UNASSIGNED): (0, 9)}
    assert told(two_types(50, 50, other=UNASSIGNED), least=9) == {}


def test_a_hidden_answer_that_is_known_within_a_few_is_told_however_large() -> None:
    answers = two_types(110, 50, base=200)
    assert told(answers) == {}
    # 105 to 114 less 45 to 54; in all 391 to 400 less 105 to 114 gave the other answer
    assert told(answers, least=19) == {("1", "T2"): (51, 69), ("2", EVERYONE): (277, 295)}
    assert told(answers, least=18) == {}


def test_a_group_of_three_at_most_is_as_open_as_it_can_be() -> None:
    """None of its answers can be open by five, nor reach the threshold."""
    answers = two_types(50, 50, sizes={"T2": (0, 3)}, base=390)
    assert told(answers) == {}
    assert ("1", "T2") not in told(answers, least=100)


@pytest.mark.parametrize(("base", "small"), [(368, True), (367, False)])
def test_of_a_few_respondents_some_answer_is_rare_whatever_is_hidden(base: float, *, small: bool) -> None:
    """391 less 372 of the one type leave 19 of the other, who cannot give both answers ten times."""
    answers = two_types(50, 50, sizes={"T2": (0, 150)}, base=base)
    assert told(answers) == ({} if small else {("1", "T2"): (0, 9)})
    # within a few it is known of few respondents as well
    assert told(answers, least=10)["1", "T2"] == (0, 9)


def test_a_group_of_unknown_size_is_not_held_to_be_small() -> None:
    assert told(two_types(50, 50, base=390)) == {("1", "T2"): (0, 9)}


def test_how_a_leak_is_worded() -> None:
    assert str(Told("x", "1", "T2", (0.0, 9.0))) == "prevalence: x = 1 in T2 lies between 0 and 9"
    assert str(Told("x", "", EVERYONE, None)) == (
        "prevalence: x: the numbers shown contradict each other, so nothing is proved of the others"
    )


def small(variable: str, **more: Any) -> pd.DataFrame:
    """A variable that tells a small answer of the second type."""
    counts = {EVERYONE: [50, HIDDEN], "T1": [50, HIDDEN], "T2": [HIDDEN, HIDDEN]}
    return rows(counts, {EVERYONE: 400, "T1": 200}, variable=variable, **more)


def leaks(*frames: pd.DataFrame, sizes: Sizes | None = None, threshold: int = 10, **more: Any) -> list[Told]:
    tables = {"prevalence": pd.concat(frames, ignore_index=True), **more.pop("tables", {})}
    mine = Sizes(NOBODY) if sizes is None else sizes
    return answer_leaks(tables, mine, threshold=threshold, **{"weighted": False, **more})


def test_every_variable_with_something_hidden_is_attacked_in_the_order_of_the_table() -> None:
    whole = rows({EVERYONE: [50, 60]}, {EVERYONE: 110}, variable="a")
    found = leaks(small("z"), whole, small("b"))
    assert found == [Told("z", "1", "T2", (0, 9)), Told("b", "1", "T2", (0, 9))]
    assert leaks(whole) == []


def test_codes_that_a_file_gives_as_numbers_are_the_same_answers() -> None:
    frame = small("x")
    numbers = frame.assign(category=frame["category"].astype(int))
    assert leaks(numbers) == leaks(frame) == [Told("x", "1", "T2", (0, 9))]


def test_without_prevalences_or_anything_hidden_nothing_is_told() -> None:
    assert answer_leaks({}, NOTHING, threshold=10, weighted=False) == []
    raw = {"prevalence": small("x").drop(columns="suppressed")}
    assert answer_leaks(raw, NOTHING, threshold=10, weighted=False) == []


def test_half_the_threshold_is_open_enough_unless_told() -> None:
    # those without a type: 0 to 9
    counts = {EVERYONE: [50, HIDDEN], "T1": [50, HIDDEN], UNASSIGNED: [HIDDEN, HIDDEN]}
    frame = rows(counts, {EVERYONE: 400, "T1": 200})
    assert leaks(frame) == []
    assert leaks(frame, least=10) == [Told("x", "1", UNASSIGNED, (0, 9))]


def shared(share: float) -> pd.DataFrame:
    """95 to 104 of 991 to 1,000 gave the answer: 95 of 1,000, if a share of 9.5% is the most it may be."""
    counts = {EVERYONE: [100, HIDDEN], "T1": [90, HIDDEN], "T2": [HIDDEN, HIDDEN]}
    return rows(counts, {EVERYONE: 1000, "T1": 500}, {("1", EVERYONE): share})


def test_shares_tell_unless_they_are_weighted_or_contradict_the_counts() -> None:
    assert leaks(shared(0.09)) == [Told("x", "2", EVERYONE, (905, 905))]
    assert leaks(shared(0.09), weighted=True) == []
    assert leaks(shared(0.3)) == []  # cannot be the share of 100 in 1,000
    assert leaks(shared(np.nan)) == []


def test_open_by_half_the_threshold_is_open() -> None:
    """95 are 9.55% of 995 at least and 9.54% of 996."""
    assert leaks(shared(0.0905)) == []
    assert leaks(shared(0.0904)) == [Told("x", "2", EVERYONE, (901, 905))]
    # half of five is two: 98 are 9.82% of 998 at least and 9.81% of 999
    assert leaks(shared(0.0932), threshold=5) == []
    assert leaks(shared(0.0931), threshold=5) == [Told("x", "2", EVERYONE, (901, 902))]


def test_counts_that_contradict_each_other_are_told_as_such() -> None:
    frame = rows({EVERYONE: [50, HIDDEN], "T1": [80, HIDDEN]}, {EVERYONE: 400, "T1": 200})
    for weighted in (False, True):
        assert leaks(frame, weighted=weighted) == [Told("x", "", EVERYONE, None)]


def test_other_tables_and_sizes_are_taken_in() -> None:
    frame = rows(
        {EVERYONE: [60, HIDDEN], "T1": [HIDDEN] * 2, "T2": [HIDDEN] * 2}, {EVERYONE: 400}, endorsed=("1",)
    )
    told_too = pd.DataFrame({"outcome": ["x"], "type": ["T1"], "count": [60.0], "base": [200.0]})
    assert leaks(frame) == []
    assert leaks(frame, tables={"outcomes": told_too}) == [Told("x", "1", "T2", (0, 9))]
    few = Sizes({"T2": (0, 150), NO_GROUP: (0, 200)})  # others may be in no group, so the type of few
    assert leaks(frame, tables={"outcomes": told_too}, sizes=few) == []
