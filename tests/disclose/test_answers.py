"""What is hidden of variables: routing, unions, groups without a type, and exposures of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from typology.disclose.answers import (
    EVERYONE,
    UNASSIGNED,
    Answers,
    _follow_gates,
    exposure_block,
    protect_answers,
)
from typology.disclose.cover import protect_block
from typology.errors import DisclosureError

Counts = Mapping[str, Sequence[int]]


def variable(
    name: str,
    counts: Counts,
    *,
    everyone: Sequence[int] | None = None,
    asked_if: Mapping[str, object] = {},
) -> pd.DataFrame:
    """Rows of a variable whose answers are numbered from 1, as the raw prevalence table has them."""
    sums = [sum(column) for column in zip(*counts.values(), strict=True)] if everyone is None else everyone
    rows = [
        (name, str(code + 1), group, count, sum(of), asked_if)
        for group, of in {EVERYONE: list(sums), **counts}.items()
        for code, count in enumerate(of)
    ]
    return pd.DataFrame(rows, columns=["variable", "category", "group", "count", "base", "_asked_if"])


def views(*rows: tuple[str, str, tuple[str, ...] | None]) -> list[pd.DataFrame]:
    return [pd.DataFrame(rows, columns=["type", "variable", "_categories"])]


def solved(*frames: pd.DataFrame, also: Sequence[pd.DataFrame] = (), **more: bool) -> dict[str, Answers]:
    return protect_answers(pd.concat(frames), also, threshold=10, **more)


LARGE = {"T1": [200, 300, 400], "T2": [300, 200, 300]}


def test_a_large_variable_hides_only_who_is_in_no_group() -> None:
    answers = solved(variable("x", LARGE))["x"]
    assert answers.groups == ("T1", "T2", "no group")
    assert answers.categories == ("1", "2", "3")
    assert not any(answers.is_hidden(c, g) for c in "123" for g in (EVERYONE, "T1", "T2"))
    assert answers.block.count.tolist() == [[200, 300, 0], [300, 200, 0], [400, 300, 0]]
    assert answers.block.published.tolist() == [True, True, False]


def test_a_small_answer_is_hidden_in_its_group_with_others() -> None:
    answers = solved(variable("x", {"T1": [5, 300, 400], "T2": [300, 200, 300]}))["x"]
    assert answers.is_hidden("1", "T1")
    assert sum(answers.is_hidden(c, "T1") for c in "123") >= 2
    assert not answers.is_hidden("1", EVERYONE)


def test_everyone_may_hold_more_than_the_groups_but_not_fewer() -> None:
    more = variable("x", LARGE, everyone=[510, 500, 700])
    assert solved(more)["x"].block.count[:, -1].tolist() == [10, 0, 0]
    fewer = variable("x", LARGE, everyone=[499, 500, 700])
    with pytest.raises(DisclosureError, match="counts of x do not add up to everyone's"):
        solved(fewer)
    base = variable("x", LARGE)
    base.loc[base["group"] == EVERYONE, "base"] -= 1
    with pytest.raises(DisclosureError, match="do not add up"):
        solved(base)


def test_without_groups_the_rows_of_everyone_stand_alone() -> None:
    answers = solved(variable("x", {}, everyone=[5, 200, 60]))["x"]
    assert answers.groups == (EVERYONE,)
    assert answers.block.single
    assert [answers.is_hidden(c, EVERYONE) for c in "123"] == [True, False, True]


def test_the_only_answer_of_a_variable_is_nothing_to_show() -> None:
    assert solved(variable("x", {}, everyone=[200]))["x"].is_hidden("1", EVERYONE)


def test_the_unassigned_and_those_in_no_group_cost_less_and_are_left_to_rounding() -> None:
    frame = variable("x", {"T1": [200, 300], UNASSIGNED: [30, 40]})
    block = solved(frame)["x"].block
    assert block.coarse is not None
    assert block.coarse.tolist() == [False, True, True]
    assert block.cost is not None
    assert block.cost.tolist() == [1.0, 0.0, 1.0]


def test_nothing_is_shown_of_the_unassigned_where_none_may_be() -> None:
    frame = variable("x", {"T1": [200, 300, 400], UNASSIGNED: [30, 40, 50]})
    told, untold = (solved(frame, unassigned=shown)["x"] for shown in (True, False))
    assert not any(told.is_hidden(c, UNASSIGNED) for c in "123")
    assert all(untold.is_hidden(c, UNASSIGNED) for c in "123")
    assert not any(untold.is_hidden(c, "T1") for c in "123")
    assert not solved(variable("x", LARGE), unassigned=False)["x"].is_hidden("1", "T1")


GATE = {"T1": [5, 395], "T2": [200, 200], "T3": [150, 250]}


def test_a_routed_variable_is_hidden_where_its_gate_is() -> None:
    gate = variable("gate", GATE)
    routed = variable(
        "sent", {"T1": [20, 30], "T2": [90, 100], "T3": [70, 75]}, asked_if={"gate": ["1", "unknown"]}
    )
    found = solved(routed, gate)  # the order of the rows does not matter
    hidden = [found["gate"].is_hidden("1", g) for g in ("T1", "T2", "T3")]
    assert hidden[0]
    assert not all(hidden)
    assert [found["sent"].is_hidden("1", g) for g in ("T1", "T2", "T3")] == hidden
    assert not found["sent"].is_hidden("1", EVERYONE)


def test_a_routed_variable_is_hidden_in_all_where_everyones_gate_is() -> None:
    gate = variable("gate", {"T1": [4, 400], "T2": [4, 300]})
    routed = variable("sent", {"T1": [50, 60], "T2": [70, 80]}, asked_if={"gate": ["1"]})
    found = solved(gate, routed, also=views(("T1", "sent", ("1",)), ("T2", "sent", None)))
    assert found["gate"].is_hidden("1", EVERYONE)
    assert found["sent"].is_hidden("2", EVERYONE)
    assert found["sent"].union_hidden(["1"], EVERYONE)


def test_a_gate_that_is_not_released_hides_nothing() -> None:
    routed = variable("sent", {"T1": [50, 60], "T2": [70, 80]}, asked_if={"elsewhere": ["1"]})
    assert not solved(routed)["sent"].is_hidden("1", "T1")


def test_routing_in_circles_is_refused() -> None:
    one = variable("one", LARGE, asked_if={"two": ["1"]})
    two = variable("two", LARGE, asked_if={"one": ["1"]})
    with pytest.raises(DisclosureError, match="in circles among one, two"):
        solved(one, two, variable("three", LARGE))


def test_released_unions_are_judged_as_numbers_of_their_own() -> None:
    also = views(
        ("T1", "x", ("2", "1")), ("T2", "x", ("1", "2")), ("T1", "x", ("1", "2", "3")), ("T1", "x", ())
    )
    frame = variable("x", {"T1": [4, 4, 400], "T2": [300, 200, 300]})
    answers = solved(frame, also=also)["x"]
    assert answers.block.unions == [(0, 1)]  # once, whatever the order; everybody is no union
    assert answers.union_hidden(["2", "1"], "T1")
    assert answers.union_hidden(("1", "2"), "T1")
    large = solved(variable("x", LARGE), also=also)["x"]
    assert not large.union_hidden(["1", "2"], "T1")
    assert not large.union_hidden(["1", "2"], EVERYONE)


def test_an_exposure_of_its_own_is_a_table_of_two_answers() -> None:
    rows = pd.DataFrame(
        {"type": ["T1", "T2"], "exposed_type": [40, 5], "base_type": [100, 60],
         "exposed_rest": [30, 65], "base_rest": [90, 130]}
    )  # fmt: skip
    made, types = exposure_block(rows, threshold=10)
    assert types == ("T1", "T2")
    assert made.count.tolist() == [[40, 5, 25], [60, 55, 5]]
    assert made.base.tolist() == [100, 60, 30]
    assert made.published.tolist() == [True, True, False]
    assert made.unions == [(0,)]
    protect_block(made)
    assert made.union_hidden[0, 1]
    assert np.array_equal(made.hidden[0], made.hidden[1])


def test_everyone_and_one_group_leave_a_rest() -> None:
    found = solved(variable("x", {"T1": [200, 300]}, everyone=[240, 350]))["x"]
    assert found.groups == ("T1", "no group")
    assert found.block.count.tolist() == [[200, 40], [300, 50]]


def test_the_unassigned_are_shown_unless_told_otherwise() -> None:
    found = protect_answers(variable("x", {"T1": [200, 300], UNASSIGNED: [30, 40]}), (), threshold=10)["x"]
    assert not found.is_hidden("1", UNASSIGNED)


def test_a_union_of_everyone_is_not_that_of_a_group() -> None:
    frame = variable("x", {"T1": [300, 200, 300], "T2": [4, 4, 400], "T3": [300, 200, 300]})
    found = solved(frame, also=views(("T2", "x", ("1", "2"))))["x"]
    assert found.union_hidden(["1", "2"], "T2")
    assert not found.union_hidden(["1", "2"], EVERYONE)


def test_every_gate_counts_and_everyones_numbers_go_with_everyones_gate() -> None:
    gate = solved(variable("gate", LARGE))["gate"]
    sent = variable("sent", LARGE, asked_if={"elsewhere": ["1"], "gate": ["1"]})
    also = views(("T1", "sent", ("1", "2")))
    shown = protect_answers(sent, also, threshold=10)["sent"]
    _follow_gates(shown, {"gate": gate})
    assert not shown.block.whole_hidden.any()
    gate.block.whole_hidden[0] = True
    _follow_gates(shown, {"gate": gate})
    assert shown.block.whole_hidden.all()
    assert shown.block.union_hidden[0].tolist() == [False, False, True, True]
    assert not shown.is_hidden("1", "T1")


@pytest.mark.parametrize(
    ("group", "hidden", "unions"),
    [("T1", {("2", "T1"), ("3", "T1")}, ["T1"]), (EVERYONE, {("1", EVERYONE), ("2", EVERYONE)}, [])],
)
def test_rows_are_hidden_whatever_they_count_with_what_would_give_them_away(
    group: str, hidden: set[tuple[str, str]], unions: list[str]
) -> None:
    """Two hundred are in no group. Another answer is hidden too, as one alone is what the others leave."""
    frames = pd.concat([variable("x", LARGE, everyone=[600, 600, 800]), variable("y", LARGE)])
    also = views(("T1", "x", ("1", "2"))) if unions else ()
    found = protect_answers(frames, also, further={"x": [("2", group)]}, threshold=10)
    rows = [(c, g) for c in "123" for g in ("T1", "T2", EVERYONE)]
    assert {row for row in rows if found["x"].is_hidden(*row)} == hidden
    assert not any(found["y"].is_hidden(*row) for row in rows)
    if unions:  # of the first two answers together, one is hidden and one is not
        assert [g for g in ("T1", "T2", EVERYONE) if found["x"].union_hidden(["1", "2"], g)] == unions


def test_several_rows_are_hidden_each_by_itself() -> None:
    frame = variable("x", LARGE, everyone=[600, 600, 800])
    found = protect_answers(frame, (), further={"x": [("1", "T1"), ("3", "T1"), ("1", "T2")]}, threshold=10)
    assert [found["x"].is_hidden(c, "T1") for c in "123"] == [True, False, True]
    assert found["x"].is_hidden("1", "T2")
    assert not found["x"].is_hidden("1", EVERYONE)


def test_types_are_not_hidden_for_the_sake_of_few_exposed_in_no_type() -> None:
    """Three of six are exposed and in no type: the rounding of what is shown keeps their number open."""
    rows = pd.DataFrame(
        {"type": ["T1", "T2"], "exposed_type": [300, 500], "base_type": [1500, 1500],
         "exposed_rest": [503, 303], "base_rest": [1506, 1506]}
    )  # fmt: skip
    made, _ = exposure_block(rows, threshold=10)
    protect_block(made)
    assert not made.hidden[:, :2].any()
    assert not made.union_hidden[0, [0, 1, -1]].any()
