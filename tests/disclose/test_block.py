"""What a block hides, and what it may claim to be safe, against all tables that agree with what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from disclose.blocks import block, feasible

from typology.disclose.block import WHOLE, Block, Number, _draw


def test_a_group_without_rows_is_hidden_from_the_start() -> None:
    made = block([[30, 20], [30, 20], [30, 20]], published=[True, False], unions=[(0, 1)])
    assert made.hidden.tolist() == [[False, True]] * 3
    assert made.union_hidden.tolist() == [[False, True, False]]
    assert made.whole_hidden.tolist() == [False] * 3


def test_one_group_is_its_own_whole_unless_the_whole_is_known() -> None:
    assert block([[30], [40]]).single
    assert block([[30], [40]]).whole_hidden.all()
    known = block([[30], [40]], whole_known=True)
    assert not known.single
    assert not known.whole_hidden.any()
    assert not block([[30, 30], [40, 40]]).single


def test_the_more_a_cell_differs_from_everyone_the_more_it_tells() -> None:
    made = block([[30, 10], [30, 30]], cost=np.array([1.0, 0.0]))
    np.testing.assert_allclose(made.telling, [[1.1, 0.15], [1.1, 0.15]])
    np.testing.assert_allclose(block([[30], [10]]).telling, [[0.75], [0.25]])
    np.testing.assert_allclose(block([[0, 0], [0, 0]]).telling, [[1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_allclose(block([[0, 6], [0, 4]]).telling, [[0.6, 0.0], [0.4, 0.0]])


def test_with_two_answers_one_gives_the_other_away() -> None:
    made = block([[30, 20], [30, 20]])
    made.hide([(0, 1), (1, WHOLE)])
    assert made.hidden.tolist() == [[False, True], [False, True]]
    assert made.whole_hidden.all()


def test_with_three_answers_only_what_is_told_is_hidden() -> None:
    made = block([[30, 20], [30, 20], [30, 20]])
    made.hide([(0, 1), (2, WHOLE)])
    assert made.hidden.tolist() == [[False, True], [False, False], [False, False]]
    assert made.whole_hidden.tolist() == [False, False, True]


def test_a_whole_that_is_known_anyway_cannot_be_hidden() -> None:
    made = block([[30, 20], [30, 20], [30, 20]], whole_known=True)
    made.hide([(0, WHOLE), (1, 0)])
    assert not made.whole_hidden.any()
    assert made.hidden[1, 0]
    made.hide_everything()
    assert made.hidden.all()
    assert not made.whole_hidden.any()


def test_everything_is_hidden_with_its_sums_and_unions() -> None:
    made = block([[30, 20], [30, 20], [30, 20]], unions=[(0, 1)])
    made.hide_everything()
    assert made.hidden.all()
    assert made.whole_hidden.all()
    assert made.union_hidden.all()


def test_a_group_is_hidden_with_its_unions_only() -> None:
    made = block([[30, 20, 9], [30, 20, 9], [30, 20, 9]], unions=[(0, 1), (1, 2)])
    made.hide_group(1)
    assert made.hidden.tolist() == [[False, True, False]] * 3
    assert made.union_hidden.tolist() == [[False, True, False, False]] * 2


def test_unions_that_a_plan_cuts_through_are_hidden_where_it_does() -> None:
    made = block([[30, 20]] * 4, unions=[(0, 1), (1, 2), (2, 3)])
    made.hide_split_unions([(0, 1), (1, 1)])
    assert made.union_hidden.tolist() == [[False] * 3, [False, True, False], [False] * 3]
    made = block([[30, 20]] * 4, unions=[(0, 1), (1, 2), (2, 3)])
    made.hide_split_unions([(0, WHOLE), (1, 0)])
    assert made.union_hidden.tolist() == [[False] * 3, [True, False, True], [False] * 3]


def test_a_state_is_a_copy_and_can_be_returned_to() -> None:
    made = block([[30, 20]] * 3, unions=[(0, 1)])
    before = made.state()
    made.hide_everything()
    assert not any(part.any() for part in before)
    made.restore(before)
    assert not made.hidden.any()
    assert not made.whole_hidden.any()
    assert not made.union_hidden.any()


def test_small_cells_sums_and_rests_are_hidden_at_the_threshold() -> None:
    made = block([[10, 9, 30], [10, 31, 10], [20, 40, 30]])
    made.hide_small()
    assert made.hidden.tolist() == [[False, True, False], [False, False, False], [False, False, False]]
    assert not made.whole_hidden.any()


def test_nearly_everybody_is_as_telling_as_hardly_anybody() -> None:
    made = block([[31, 30], [5, 6], [4, 3]])
    made.hide_small()
    assert made.hidden.tolist() == [[True, True], [True, True], [True, True]]
    assert made.whole_hidden.tolist() == [False, False, True]
    tight = block([[31, 30], [4, 3], [1, 1]])
    tight.hide_small()
    assert tight.whole_hidden.tolist() == [True, True, True]


def test_one_group_has_no_sum_to_hide_as_well() -> None:
    made = block([[40], [9], [30]])
    made.whole_hidden[:] = False
    made.hide_small()
    assert made.hidden[:, 0].tolist() == [False, True, False]
    assert not made.whole_hidden.any()


def test_unions_are_hidden_where_they_the_others_or_the_sum_are_small() -> None:
    #              both        rest of the groups
    count = [[5, 6, 20], [5, 3, 20], [30, 30, 20]]
    made = block(count, unions=[(0, 1)])
    made.hide_small()
    # 10 of 40, with 49 of 99 elsewhere; 9 of 39; 40 of 60
    assert made.union_hidden.tolist() == [[False, True, False, False]]
    rest = block([[20, 4, 1], [20, 3, 1], [20, 30, 30]], unions=[(0, 1)])
    rest.hide_small()
    # of the first group all is well inside, but outside of it only 9 have it; so is the sum of 49
    assert rest.union_hidden.tolist() == [[True, True, True, False]]
    most = block([[6, 2], [2, 1], [30, 30]], unions=[(0, 1)])
    most.hide_small()
    assert most.union_hidden.tolist() == [[True, True, False]]
    few = block([[4, 2], [2, 1], [30, 30]], unions=[(0, 1)])
    few.hide_small()
    assert few.union_hidden.tolist() == [[True, True, True]]


def test_hidden_numbers_are_those_with_respondents() -> None:
    made = block([[30, 0], [30, 0], [30, 0]], unions=[(0, 1)])
    made.hidden[1, :] = True
    made.whole_hidden[2] = True
    made.union_hidden[0] = True
    assert made.hidden_numbers() == [
        Number((1,), 0), Number((2,), WHOLE), Number((0, 1), 0), Number((0, 1), WHOLE),
    ]  # fmt: skip
    alone = block([[30], [9], [30]])
    alone.hidden[1] = True
    assert alone.hidden_numbers() == [Number((1,), 0)]


def test_a_lone_hidden_answer_is_what_the_others_leave() -> None:
    made = block([[40], [9], [30]])
    made.hide([(1, 0)])
    assert not made.is_safe(Number((1,), 0))
    made.hide([(2, 0)])
    assert made.is_safe(Number((1,), 0))


def test_a_small_number_must_also_be_able_to_be_large() -> None:
    """Two hidden answers with 3 and 6 respondents: each spans 0 to 9, so both are known to be small."""
    made = block([[40], [3], [6]])
    made.hide([(1, 0), (2, 0)])
    assert not made.is_safe(Number((1,), 0))
    more = block([[40], [3], [7]])
    more.hide([(1, 0), (2, 0)])
    assert more.is_safe(Number((1,), 0))


def test_nearly_everybody_must_also_be_able_to_be_fewer() -> None:
    made = block([[9], [1], [45]])
    made.hide([(0, 0), (2, 0)])
    # 45 of 55 leave 10; it may lie between 0 and 54
    assert made.is_safe(Number((2,), 0))
    tight = block([[25, 25], [8, 20], [60, 20]])
    tight.hide([(1, 0), (2, 0), (1, 1), (2, 1)])
    assert tight.is_safe(Number((1,), 0))


def test_the_span_must_reach_half_the_threshold() -> None:
    spans = []
    for other in range(4, 7):
        made = block([[40, 40], [20, other], [20, 20]])
        made.hide([(1, 0), (2, 0), (1, 1), (2, 1)])
        spans.append(made.is_safe(Number((1,), 1)))
    # up by as many as answered 2 in the other group, down by all: the span is large in any case
    assert spans == [True, True, True]
    few = block([[40, 40], [3, 1], [20, 20]])
    few.hide([(1, 0), (2, 0), (1, 1), (2, 1)])
    # group 1: down 1, up at most 3 by exchange with group 0
    assert few._reach(Number((1,), 1)) == (1, 3)
    assert not few.is_safe(Number((1,), 1))
    assert few.least_span() == 5
    assert Block(np.array([[4], [4]]), np.array([8]), 4, np.array([True])).least_span() == 3
    assert Block(np.array([[4], [4]]), np.array([8]), 9, np.array([True])).least_span() == 4


def test_what_is_left_for_the_others_is_judged_where_it_is_released_too() -> None:
    """Union (0, 1) of the first group and of all others: the others must be open as well."""
    count = [[12, 4], [12, 4], [40, 60]]
    cells = [(answer, group) for answer in range(3) for group in range(2)]
    told = block(count, unions=[(0, 1)])
    told.hide(cells)
    told.union_hidden[:, :-1] = True
    assert told._rest_told(Number((0, 1), 0))
    assert not told._rest_told(Number((0,), 0))
    # outside of the first group 8 of 68 are left, which may be anything up to 32
    assert told.is_safe(Number((0, 1), 0))
    known = block([[12, 4], [1, 1], [40, 60]], unions=[(0, 1)])
    known.hide(cells)
    known.union_hidden[:, :-1] = True
    assert known._reach(Number((0, 1), 1)) == (5, 13)


def test_respondents_move_within_a_group_where_both_sums_are_hidden() -> None:
    made = block([[30, 11], [20, 12], [10, 13]])
    made.hide([(0, 0), (1, 0)])
    assert made._reach(Number((0,), 0)) == (0, 0)
    made.hide([(0, WHOLE), (1, WHOLE)])
    assert made._reach(Number((0,), 0)) == (30, 20)
    assert made._reach(Number((0,), WHOLE)) == (30, 20)
    made.hide([(0, 1), (1, 1)])
    assert made._reach(Number((0,), WHOLE)) == (41, 32)
    assert made._reach(Number((2,), 0)) == (0, 0)


def test_a_sum_that_is_shown_never_moves() -> None:
    made = block([[30, 11], [20, 12], [10, 13]])
    made.hide([(0, 0), (1, 0), (0, 1), (1, 1), (0, WHOLE)])
    assert made._reach(Number((0,), WHOLE)) == (0, 0)


def test_a_union_that_is_shown_keeps_its_answers_apart() -> None:
    made = block([[30, 11], [20, 12], [10, 13]], unions=[(0, 1)])
    made.hide([(0, WHOLE), (1, WHOLE), (2, WHOLE), *((a, g) for a in range(3) for g in range(2))])
    assert made._reach(Number((0,), 0)) == (30, 20)  # with 1 only: 0 and 1 together are shown
    assert made._reach(Number((0, 1), 0)) == (0, 0)
    made.union_hidden[0, 0] = True
    made.union_hidden[0, -1] = True
    assert made._reach(Number((0, 1), 0)) == (50, 10)
    assert made._reach(Number((0, 1), 1)) == (0, 0)


def test_exchanges_draw_on_every_respondent_once() -> None:
    """Answer 0 of group 0 against 1 and 2; the other group has so many of 0 to give back, and no more."""
    made = block([[9, 12], [20, 30], [20, 30]])
    made.hide([(a, g) for a in range(3) for g in range(2)])
    down, up = made._reach(Number((0,), 0))
    assert down == 9
    assert up == 12
    three = block([[9, 12, 5], [20, 30, 1], [20, 30, 1]])
    three.hide([(a, g) for a in range(3) for g in range(3)])
    assert three._reach(Number((0,), 0)) == (9, 17)


@pytest.mark.parametrize("seed", range(40))
def test_no_reach_is_claimed_that_another_table_does_not_have(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 5)), int(rng.integers(1, 4)))
    unions = [(0, 1)] if shape[0] > 2 and rng.random() < 0.6 else []
    made = block(rng.integers(0, 30, shape).tolist(), unions=unions)
    made.hide([(int(a), int(g)) for a, g in np.argwhere(rng.random(shape) < 0.7)])
    made.hide([(int(a), WHOLE) for a in np.flatnonzero(rng.random(shape[0]) < 0.5)])
    made.union_hidden |= rng.random(made.union_hidden.shape) < 0.7
    for number in made.hidden_numbers():
        inside = made.count[list(number.answers)].sum(axis=0)
        value = int(inside.sum() if number.group == WHOLE else inside[number.group])
        down, up = made._reach(number)
        low, high = feasible(made, number)
        assert low <= value - down + 1e-6
        assert high >= value + up - 1e-6


def test_one_respondent_is_the_whole_of_a_group_of_one() -> None:
    np.testing.assert_allclose(block([[1], [0]]).telling, [[1.0], [0.0]])


def test_every_answer_of_a_group_is_hidden_whatever_the_shape() -> None:
    made = block([[30, 20]] * 4)
    made.hide_group(1)
    assert made.hidden.tolist() == [[False, True]] * 4


def test_a_union_is_hidden_where_it_leaves_few_of_the_others_without_it() -> None:
    made = block([[10, 20], [10, 20], [80, 5]], unions=[(0, 1)])
    made.hide_small()
    # 20 of 100 and 60 of 145 are enough, but 40 of the other 45 have it
    assert made.union_hidden.tolist() == [[True, True, False]]


def test_a_sum_is_judged_as_a_sum() -> None:
    made = block([[8, 0], [3, 0], [80, 90]])
    made.hide([(0, 0), (1, 0), (0, WHOLE), (1, WHOLE)])
    assert made._reach(Number((0,), WHOLE)) == (8, 3)
    assert made.is_safe(Number((0,), WHOLE))


@pytest.mark.parametrize(
    ("others", "safe"),
    [
        ([1, 1, 6, 40], False),  # 2 of 48 elsewhere, and 8 at most: known to be small
        ([1, 1, 12, 32], True),  # up to 14 of 46
        ([1, 1, 6, 6], True),  # of 14 some answer is small whatever is hidden
    ],
)
def test_the_others_must_be_open_as_well_where_they_have_a_row(others: list[int], *, safe: bool) -> None:
    count = [[own, other] for own, other in zip([10, 10, 30, 30], others, strict=True)]
    made = block(count, unions=[(0, 1)])
    made.hide([(answer, group) for answer in range(3) for group in range(2)])
    made.union_hidden[0, :2] = True
    assert made.is_safe(Number((0, 1), 0)) is safe


@pytest.mark.parametrize(
    ("value", "base", "reach", "is_open"),
    [
        (20, 60, (5, 0), True), (20, 60, (4, 0), False), (20, 60, (0, 5), True), (20, 60, (0, 4), False),
        (2, 15, (2, 4), True), (2, 19, (2, 4), True), (2, 20, (2, 4), False), (2, 20, (2, 8), True),
        (58, 60, (3, 2), False), (58, 60, (8, 0), True), (58, 60, (7, 0), False), (2, 3, (2, 1), True),
    ],
)  # fmt: skip
def test_a_number_is_open_from_these_bounds_on(
    value: int, base: int, reach: tuple[int, int], *, is_open: bool
) -> None:
    assert block([[40], [40]])._open(value, base, reach) is is_open


def test_an_exchange_that_is_seen_uses_nobody_up() -> None:
    made = block([[30, 11], [20, 12], [10, 13]])
    made.hide([(0, WHOLE), (2, WHOLE), *((a, g) for a in range(3) for g in range(2))])
    assert made._reach(Number((0,), WHOLE)) == (41, 23)


def test_respondents_are_drawn_cell_by_cell_until_there_are_enough() -> None:
    row = np.array([5, 5, 5, 5])
    _draw(row, np.array([True, False, True, True]), 7)
    assert row.tolist() == [0, 5, 3, 5]
