"""Sizes, flows, bands and missing answers: what is hidden and what is rounded, by hand-made tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from typology.disclose.counts import (
    _kept_open,
    hidden_parts,
    hidden_rows,
    protect_flow,
    protect_group_missingness,
    protect_missingness,
    protect_types,
)
from typology.results import ReleaseTable


def plain(
    rows: dict[str, Sequence[object]], keys: Sequence[str], *, margins: tuple[tuple[str, ...], ...] = ()
) -> ReleaseTable:
    return ReleaseTable("crosswalk", "", pd.DataFrame(rows), tuple(keys), (("n", "base"),), (), margins)


def test_rows_are_hidden_for_their_count_their_rest_or_their_base() -> None:
    table = plain(
        {"key": list("abcde"), "n": [10, 9, 91, 90, np.nan], "base": [100, 100, 100, 100, 100]}, ["key"]
    )
    assert hidden_rows(table, threshold=10).tolist() == [False, True, True, False, True]
    bases = ReleaseTable("x", "", pd.DataFrame({"base": [10, 9, np.nan]}), (), ((None, "base"),))
    assert hidden_rows(bases, threshold=10).tolist() == [False, True, True]


def test_every_pair_of_counts_can_hide_a_row() -> None:
    frame = pd.DataFrame({"n": [5, 50, 50], "m": [50, 5, 50], "base": [100] * 3})
    table = ReleaseTable("x", "", frame, (), (("n", "base"), ("m", "base")))
    assert hidden_rows(table, threshold=10).tolist() == [True, True, False]


def test_along_a_margin_the_smallest_other_cell_is_hidden_within_its_own_whole() -> None:
    table = plain(
        {
            "type": ["T1"] * 3 + ["T2"] * 3,
            "band": ["a", "b", "c"] * 2,
            "n": [5, 40, 55, 30, 30, 40],
            "base": [100] * 6,
        },
        ["type", "band"],
        margins=(("band",),),
    )
    assert hidden_rows(table, threshold=10).tolist() == [True, True, False, False, False, False]
    apart = plain(dict(table.frame.items()), ["type", "band"])  # type: ignore[arg-type]
    assert hidden_rows(apart, threshold=10).tolist() == [True, False, False, False, False, False]


def test_a_margin_over_all_keys_is_one_whole() -> None:
    rows = {"type": ["T1", "T1", "T2", "T2"], "band": list("abab"), "n": [5, 40, 35, 60], "base": [140] * 4}
    table = plain(rows, ["type", "band"], margins=(("type", "band"),))
    assert hidden_rows(table, threshold=10).tolist() == [True, False, True, False]


def test_what_is_missing_from_the_base_is_a_hidden_cell_that_covers_for_others() -> None:
    rows = {"band": list("ab"), "n": [5, 40], "base": [100, 100]}
    # 55 more have no row: nobody can tell the 5 from them
    table = plain(rows, ["band"], margins=(("band",),))
    assert hidden_rows(table, threshold=10).tolist() == [True, False]
    few = plain({"band": list("abc"), "n": [5, 40, 52], "base": [100] * 3}, ["band"], margins=(("band",),))
    # only 3 more: 5 and 3 would both be below ten
    assert hidden_rows(few, threshold=10).tolist() == [True, True, False]


def test_an_empty_table_hides_nothing() -> None:
    table = plain({"band": [], "n": [], "base": []}, ["band"], margins=(("band",),))
    assert hidden_rows(table, threshold=10).tolist() == []


def test_missing_answers_are_told_in_whole_steps() -> None:
    frame = pd.DataFrame(
        {"kind": ["answered", "refused", "not sure"], "n": [470, 21, 9], "base": [500] * 3, "share": 0.5}
    )
    shown, hidden = protect_missingness(frame, threshold=10)
    assert shown["n"].tolist() == [470, 20, 0]
    assert shown["share"].tolist() == [0.94, 0.04, 0.0]
    assert hidden.tolist() == [False, False, True]
    shown, hidden = protect_missingness(frame.assign(n=[491, 10, 9]), threshold=10)
    assert shown["n"].tolist() == [500, 10, 0]
    assert hidden.tolist() == [False, False, True]
    shown = protect_missingness(frame.assign(n=[500, 10, 9], base=1400), threshold=10)[0]
    assert shown["share"].tolist() == [0.357, 0.007, 0.0]


def test_a_rounded_group_hides_what_was_small_before_it() -> None:
    frame = pd.DataFrame(
        {
            "kind": ["answered", "refused"] * 3,
            "n": [43, 12, 9, 1, 9, 0],
            "base": [55, 55, 10, 10, 9, 9],
            "share": 0.5,
        }
    )
    shown, hidden = protect_group_missingness(frame, threshold=10)
    assert shown["base"].tolist() == [60, 60, 10, 10, 10, 10]
    # 60 less twelve, in steps; nine answers stay hidden although 10 less one would look like ten
    assert shown["n"].tolist()[:3] == [50, 10, 10]
    assert shown["share"].tolist()[:2] == [0.83, 0.17]
    assert hidden.tolist() == [False, False, True, True, True, True]


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([100, 40, 10], [False, False, False]),
        ([100, 40, 9], [False, True, True]),
        ([40, 9, 100], [True, True, False]),
        ([9, 8, 100], [True, True, False]),
        ([9], [True]),
        ([9, 8], [True, True]),
    ],
)
def test_a_small_type_takes_the_smallest_other_with_it(sizes: list[int], hidden: list[bool]) -> None:
    types = pd.DataFrame({"n": sizes})
    assert protect_types(types, threshold=10)[1].tolist() == hidden


def flow(**n: float) -> pd.DataFrame:
    names = {name.replace("__", ": ").replace("_", " "): value for name, value in n.items()}
    return pd.DataFrame({"step": list(names), "n": list(names.values()), "note": ""})


def test_few_set_aside_hide_the_clustered_and_every_reason() -> None:
    steps = flow(read=200, respondents=190, set_aside__no_answers=5, set_aside__twice=3, clustered=182)
    _, types, hidden = protect_flow(steps, None, threshold=10)
    assert types is None
    assert hidden.tolist() == [False, False, True, True, True]
    ten = flow(read=200, respondents=190, set_aside__no_answers=6, set_aside__twice=4, clustered=180)
    assert protect_flow(ten, None, threshold=10)[2].tolist() == [False, False, True, True, False]


def test_without_a_row_of_respondents_those_read_are_counted() -> None:
    steps = flow(read=190, set_aside__twice=8, clustered=182)
    assert protect_flow(steps, None, threshold=10)[2].tolist() == [False, True, True]
    assert protect_flow(flow(clustered=182, unassigned=4), None, threshold=10)[2].tolist() == [False, True]
    assert not protect_flow(flow(read=182, clustered=182), None, threshold=10)[2].any()


def test_one_small_reason_takes_the_smallest_other_with_it() -> None:
    steps = flow(read=300, set_aside__a=40, set_aside__b=4, set_aside__c=20, set_aside__d=30, clustered=206)
    assert protect_flow(steps, None, threshold=10)[2].tolist() == [False, False, True, True, False, False]
    two = flow(read=300, set_aside__a=40, set_aside__b=4, set_aside__c=7, clustered=249)
    assert protect_flow(two, None, threshold=10)[2].tolist() == [False, False, True, True, False]
    alone = flow(read=300, set_aside__b=4, clustered=270, unassigned=0)
    assert protect_flow(alone, None, threshold=10)[2].tolist() == [False, True, False, False]


def test_the_bound_of_small_steps_is_the_threshold_and_nobody_is_shown() -> None:
    steps = flow(read=300, set_aside__a=10, clustered=290, unassigned=9)
    assert protect_flow(steps, None, threshold=10)[2].tolist() == [False, False, False, True]
    steps = flow(read=300, set_aside__a=1, set_aside__b=0, clustered=270, unassigned=1)
    assert protect_flow(steps, None, threshold=10)[2].tolist() == [False, True, True, False, True]


TYPES = pd.DataFrame({"id": ["T1", "T2"], "n": [93, 53], "base": 150, "share": [0.62, 0.3533]})


def test_sizes_of_types_are_rounded_only_for_the_sake_of_somebody() -> None:
    many = flow(read=180, respondents=180, set_aside__a=20, clustered=160, unassigned=14)
    assert protect_flow(many, TYPES, threshold=10)[1] is TYPES
    nobody = flow(read=150, clustered=150, unassigned=0)
    assert protect_flow(nobody, TYPES, threshold=10)[1] is TYPES
    few = flow(read=163, clustered=150, unassigned=4)
    types = protect_flow(few, TYPES, threshold=10)[1]
    assert types is not None
    assert types["n"].tolist() == [90, 50]
    assert types["share"].tolist() == [0.6, 0.33]
    assert types["base"].tolist() == [150, 150]
    assert protect_flow(few, TYPES.iloc[:0], threshold=10)[1] is not None
    assert TYPES["n"].tolist() == [93, 53]


def test_the_base_of_the_types_goes_with_the_number_of_the_clustered() -> None:
    aside = flow(read=155, respondents=155, set_aside__a=5, clustered=150, unassigned=4)
    _, types, hidden = protect_flow(aside, TYPES, threshold=10)
    assert types is not None
    assert types["base"].isna().all()
    assert hidden.tolist() == [False, False, True, True, True]


def test_types_rounded_one_way_would_tell_the_unassigned() -> None:
    """Two types of 95 and 55 are shown as 100 and 60: at least 95 + 55 of 151, so one is left at most."""
    sizes = TYPES.assign(n=[95, 55], share=[95 / 151, 55 / 151], base=151)
    steps = flow(read=190, respondents=190, set_aside__a=39, clustered=151, unassigned=1)
    _, types, hidden = protect_flow(steps, sizes, threshold=10)
    assert hidden.tolist() == [False, False, True, True, True]
    assert types is not None
    assert types["base"].isna().all()


@pytest.mark.parametrize(
    ("sizes", "unassigned", "is_open"),
    [
        ([95, 55], 1, False),  # 0 to 1 left: nothing is open
        ([95, 55], 5, False),  # 1 to 5 left: four apart
        ([95, 55], 6, True),  # 1 to 6
        ([94, 54], 4, True),  # shown as 90 and 50, so at most 94 + 54: 4 to 9 left
        ([94, 54], 5, False),  # 5 to 9
        ([93, 53], 4, True),
    ],
)
def test_rounded_types_must_leave_half_the_threshold(
    sizes: list[int], unassigned: int, *, is_open: bool
) -> None:
    clustered = float(sum(sizes) + unassigned)
    by_step = {"read": clustered + 40, "respondents": clustered + 40, "clustered": clustered,
               "unassigned": float(unassigned)}  # fmt: skip
    kept = _kept_open(by_step, pd.Series(sizes), few_aside=False, few_unassigned=True, threshold=10)
    assert kept is is_open


def test_shares_with_equal_weights_move_with_the_rounded_size_and_others_are_coarse() -> None:
    few = flow(read=163, clustered=150, unassigned=4)
    equal = TYPES.assign(
        share_weighted=TYPES["share"], lo=TYPES["share"] - 0.05, hi=[0.999, 0.4], core_n=[71, 44],
        core_share=[0.76, 0.83],
    )  # fmt: skip
    types = protect_flow(few, equal, threshold=10)[1]
    assert types is not None
    assert types["share_weighted"].tolist() == [0.6, 0.33]
    assert types["lo"].tolist() == [0.55, 0.28]
    assert types["hi"].tolist() == [0.98, 0.38]
    assert types["core_n"].tolist() == [70, 40]
    assert types["core_share"].tolist() == [0.8, 0.8]
    weighted = equal.assign(share_weighted=[0.58, 0.41], lo=[0.01, 0.33], hi=[0.98, 0.44])
    types = protect_flow(few, weighted, threshold=10)[1]
    assert types is not None
    # of 150 respondents a step of 5% stands for half the threshold
    assert types["share_weighted"].tolist() == [0.6, 0.4]
    assert types["lo"].tolist() == [0.0, 0.35]
    assert types["hi"].tolist() == [1.0, 0.45]


def test_sizes_alone_are_rounded_too() -> None:
    types = protect_flow(flow(read=163, clustered=150, unassigned=4), TYPES[["id", "n"]], threshold=10)[1]
    assert types is not None
    assert types["n"].tolist() == [90, 50]
    assert list(types) == ["id", "n"]


def parts(events: list[float], base: list[float], outcome: str = "met") -> pd.DataFrame:
    return pd.DataFrame({"outcome": outcome, "events": events, "base": base})


def test_a_hidden_part_is_joined_by_the_smallest_until_both_sides_are_enough() -> None:
    frame = parts([4, 20, 30, 12], [40, 80, 60, 30])
    hidden = np.array([True, False, False, False])
    # 4 + 12 of 40 + 30: 16 with and 54 without
    assert hidden_parts(frame, hidden, threshold=10).tolist() == [True, False, False, True]
    assert hidden.tolist() == [True, False, False, False]
    more = parts([1, 20, 30, 2], [40, 80, 60, 30])
    assert hidden_parts(more, hidden, threshold=10).tolist() == [True, False, True, True]


def test_one_hidden_part_is_never_alone_even_if_large() -> None:
    frame = parts([40, 20, 30], [80, 80, 60])
    assert hidden_parts(frame, np.array([True, False, False]), threshold=10).tolist() == [True, False, True]
    both = hidden_parts(frame, np.array([True, True, False]), threshold=10)
    assert both.tolist() == [True, True, False]


def test_parts_of_another_outcome_do_not_count() -> None:
    frame = pd.concat([parts([4, 20, 30], [40, 60, 80]), parts([20, 20, 20], [60, 60, 60], "sent")])
    hidden = hidden_parts(frame.reset_index(drop=True), np.arange(6) == 0, threshold=10)
    assert hidden.tolist() == [True, True, False, False, False, False]
    nothing = hidden_parts(parts([np.nan, 4], [np.nan, 40]), np.array([True, False]), threshold=10)
    assert nothing.all()


@pytest.mark.parametrize(
    ("base", "answered", "shown", "hidden"),
    [
        (55, 49, 60, False),  # six missing look like none, of the rounded size as well
        (10, 10, 10, False),
        (15, 9, 20, True),  # nine answered, whatever the rounded size makes of it
        (14, 10, 10, True),  # ten less four missing
    ],
)
def test_answers_of_a_rounded_group(base: int, answered: int, shown: float, *, hidden: bool) -> None:
    frame = pd.DataFrame({"kind": ["answered"], "n": [answered], "base": [base], "share": 0.5})
    table, found = protect_group_missingness(frame, threshold=10)
    assert table["n"].tolist() == [shown]
    assert found.tolist() == [hidden]


def test_of_two_types_the_other_goes_along() -> None:
    assert protect_types(pd.DataFrame({"n": [40, 9]}), threshold=10)[1].tolist() == [True, True]


def test_a_single_respondent_set_aside_is_few() -> None:
    one = flow(read=151, set_aside__a=1, clustered=150)
    assert protect_flow(one, None, threshold=10)[2].tolist() == [False, True, True]


def test_types_without_a_row_of_the_clustered_keep_their_base() -> None:
    types = protect_flow(flow(read=150, unassigned=4), TYPES, threshold=10)[1]
    assert types is not None
    assert types["base"].tolist() == [150, 150]
    assert types["n"].tolist() == [90, 50]


def test_types_rounded_one_way_would_tell_the_set_aside_too() -> None:
    """At least 95 + 55 of 155: at most five can have been set aside, so even nobody unassigned is hidden."""
    sizes = TYPES.assign(n=[95, 55], share=[95 / 150, 55 / 150])
    steps = flow(read=155, respondents=155, set_aside__a=5, clustered=150, unassigned=0)
    assert protect_flow(steps, sizes, threshold=10)[2].tolist() == [False, False, True, True, True]


def test_what_is_not_in_the_flow_is_nobody() -> None:
    sizes = pd.Series([95, 55])
    few = {"few_aside": True, "few_unassigned": False, "threshold": 10}
    assert _kept_open({"read": 156.0, "clustered": 150.0}, sizes, **few)  # 1 to 6
    assert not _kept_open({"read": 155.0, "clustered": 150.0}, sizes, **few)
    assert _kept_open({"read": 9.0, "respondents": 156.0, "clustered": 150.0}, sizes, **few)


def test_two_unknown_rests_keep_each_other_open() -> None:
    steps = {"respondents": 159.0, "clustered": 154.0, "unassigned": 4.0}
    sizes = pd.Series([95, 55])
    assert _kept_open(steps, sizes, few_aside=True, few_unassigned=True, threshold=10)


def test_intervals_that_move_with_the_size_stay_shares() -> None:
    types = TYPES.assign(
        n=[95, 53], share=[95 / 150, 53 / 150], share_weighted=[95 / 150, 53 / 150], lo=[0.5, 0.01],
        hi=[0.99, 0.4],
    )  # fmt: skip
    shown = protect_flow(flow(read=163, clustered=152, unassigned=4), types, threshold=10)[1]
    assert shown is not None
    assert shown["hi"].tolist() == [1.0, 0.38]
    assert shown["lo"].tolist() == [0.53, 0.0]


def test_a_row_without_a_key_belongs_to_a_whole_as_well() -> None:
    rows = {"type": [np.nan] * 3, "band": list("abc"), "n": [5, 40, 55], "base": [100] * 3}
    table = plain(rows, ["type", "band"], margins=(("band",),))
    assert hidden_rows(table, threshold=10).tolist() == [True, True, False]
