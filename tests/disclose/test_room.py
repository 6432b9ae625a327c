"""What rounding leaves open of those without a type."""

from __future__ import annotations

import pytest
from disclose.blocks import block

from typology.disclose.block import Number
from typology.disclose.room import _knowledge, is_open
from typology.disclose.rules import rounded_span


def test_alone_in_its_group_a_hidden_answer_is_what_the_base_leaves() -> None:
    """Two answers of 30 and 40 shown of 80: shares of 38% and 50% leave 9 to 11 for the third."""
    made = block([[30], [40], [10]])
    made.hide([(2, 0)])
    assert not is_open(made, Number((2,), 0))


def test_rounding_of_a_large_base_is_room_enough() -> None:
    """Of 1,500 a whole per cent is 15 respondents."""
    made = block([[700], [780], [20]])
    made.hide([(2, 0)])
    assert is_open(made, Number((2,), 0))


def test_a_small_group_need_not_span_more_than_it_holds() -> None:
    made = block([[700, 2], [780, 1]], base=[1480, 3])
    made.hide([(0, 1)])
    assert is_open(made, Number((0,), 1))


def test_a_group_without_rows_tells_nothing_itself() -> None:
    made = block([[70, 7], [75, 8], [75, 9]], published=[True, False])
    known = _knowledge(made)[0]
    # both bases, three sums over the groups and three cells of the first group
    assert len(known) == 2 + 3 + 3


@pytest.mark.parametrize("hide_union", [False, True])
def test_unions_are_told_with_what_they_leave_for_the_others(*, hide_union: bool) -> None:
    made = block([[60, 50, 70], [50, 40, 60], [70, 70, 90]], unions=[(0, 1)])
    made.hide([(0, 0), (1, 0)])
    made.union_hidden[0, 0] = hide_union
    masks, low, high = _knowledge(made)
    # bases, sums, cells, and the union with its complement in each group in which it is shown
    assert len(masks) == 3 + 3 + 7 + (4 if hide_union else 6)
    actual = masks @ made.count.ravel()
    assert (low <= actual + 1e-9).all()
    assert (actual <= high + 1e-9).all()
    told = {tuple(mask.astype(int).tolist()) for mask in masks}
    assert (1, 0, 0, 1, 0, 0, 1, 0, 0) in told  # base of the first group
    assert (1, 1, 1, 0, 0, 0, 0, 0, 0) in told  # the first answer of everyone
    assert ((1, 0, 0, 1, 0, 0, 0, 0, 0) in told) is not hide_union
    assert ((0, 1, 1, 0, 1, 1, 0, 0, 0) in told) is not hide_union
    assert (0, 1, 0, 0, 1, 0, 0, 0, 0) in told
    assert (1, 0, 1, 1, 0, 1, 0, 0, 0) in told


def test_a_sum_that_is_hidden_tells_nothing() -> None:
    made = block([[60, 50], [50, 40], [70, 70]])
    made.hide([(0, 0), (1, 0), (0, -1), (1, -1)])
    told = {tuple(mask.astype(int).tolist()) for mask in _knowledge(made)[0]}
    assert (1, 1, 0, 0, 0, 0) not in told
    assert (0, 0, 0, 0, 1, 1) in told


@pytest.mark.parametrize(("base", "open_"), [(600, True), (260, False)])
def test_half_the_threshold_is_enough_and_less_is_not(base: int, *, open_: bool) -> None:
    """One of two answers is shown: it leaves the other a per cent of the base, six respondents or two."""
    made = block([[base - 20], [20]])
    made.hidden[1, 0] = True
    assert is_open(made, Number((1,), 0)) is open_


def test_the_group_is_judged_and_not_everyone() -> None:
    """Of everyone a per cent is ten respondents, of the group of 80 not one."""
    made = block([[300, 30], [300, 40], [300, 10]])
    made.hide([(2, 1)])
    assert not is_open(made, Number((2,), 1))


def test_counts_that_contradict_each_other_prove_nothing_open() -> None:
    made = block([[30], [40], [10]], base=[50])
    made.hide([(2, 0)])
    assert not is_open(made, Number((2,), 0))


def test_bounds_of_what_a_union_leaves_are_those_of_the_respondents_it_leaves() -> None:
    """A type of 700 and another of 400: what the union leaves of everyone is out of the other's base."""
    made = block([[300, 205], [200, 105], [200, 90]], unions=[(0, 1)])
    made.hide([(0, 0), (1, 0), (0, 1), (1, 1)])
    masks, low, high = _knowledge(made)
    told = {tuple(m.astype(int).tolist()): (lo, hi) for m, lo, hi in zip(masks, low, high, strict=True)}
    # 310 of 400: the share of 78% (77.5 to 78.5), the count rounded to 310 (305 to 314)
    assert told[0, 1, 0, 1, 0, 0] == rounded_span(310, 400, threshold=10) == (310.0, 314.0)
    assert told[1, 0, 1, 0, 0, 0] == rounded_span(500, 700, threshold=10)


def test_what_is_open_is_the_number_of_the_group_and_not_of_everyone() -> None:
    """Everyone's 110 of 260 is known within three; how it divides between two groups is not told at all."""
    made = block([[50, 60], [70, 80]])
    made.hide([(0, 0), (0, 1), (1, 0), (1, 1)])
    assert is_open(made, Number((0,), 0))
    assert is_open(made, Number((0,), 1))
