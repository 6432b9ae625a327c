"""Which further cells are hidden, by examples that can be worked out, and by all tables that agree."""

from __future__ import annotations

import numpy as np
import pytest
from disclose.blocks import block, feasible

from typology.disclose.block import WHOLE, Number
from typology.disclose.cover import _plans, _price, protect_block


def test_nothing_small_nothing_hidden() -> None:
    made = block([[30, 40], [50, 60], [30, 40]])
    protect_block(made)
    assert not made.hidden.any()
    assert not made.whole_hidden.any()


def test_a_small_cell_takes_the_least_telling_other_answer_and_group_with_it() -> None:
    """5 of 170 in group 0; of the others answer 1 is as frequent as everywhere, most nearly so in group 2."""
    made = block([[5, 100, 40], [30, 120, 60], [65, 80, 100]])
    protect_block(made)
    assert made.hidden.tolist() == [[True, False, True], [True, False, True], [False, False, False]]
    assert not made.whole_hidden.any()


def test_in_one_group_the_rarest_answer_is_hidden_along() -> None:
    made = block([[5], [60], [20], [40]])
    protect_block(made)
    assert made.hidden[:, 0].tolist() == [True, False, True, False]


def test_where_the_nearest_answer_is_too_small_a_larger_one_is_taken() -> None:
    """3 and 6 would both be known to be below ten; 3 with 20 is open."""
    made = block([[3], [6], [20], [60]])
    protect_block(made)
    assert made.hidden[:, 0].tolist() == [True, True, True, False]


def test_where_nothing_helps_the_whole_variable_is_hidden() -> None:
    made = block([[3], [4]])
    protect_block(made)
    assert made.hidden.all()
    made = block([[2, 2], [100, 2]])
    protect_block(made)
    assert made.hidden.all()
    assert made.whole_hidden.all()


def test_groups_without_a_type_are_left_to_rounding() -> None:
    """What the types leave over is judged by linear programming over everything rounded."""
    count = [[180, 210, 5], [150, 180, 12], [135, 120, 20]]
    plain, coarse = block(count), block(count, coarse=np.array([False, False, True]))
    protect_block(plain)
    protect_block(coarse)
    assert plain.hidden[:, 2].any()
    assert plain.hidden[:, :2].any()
    assert coarse.hidden[0, 2]
    assert not coarse.hidden[:, :2].any()


def test_prices_count_what_is_newly_hidden_once() -> None:
    made = block([[30, 10], [20, 30], [10, 10]])
    telling = made.telling
    assert _price(made, [(0, 0), (1, 1), (0, 0)]) == pytest.approx(0.1 + telling[0, 0] + telling[1, 1])
    assert _price(made, [(0, WHOLE), (1, WHOLE)]) == 40.0
    assert _price(made, []) == 0.0
    made.hide([(0, 0), (0, WHOLE)])
    assert _price(made, [(0, 0), (1, WHOLE)]) == 20.0
    assert _price(made, [(0, WHOLE)]) == 0.0


def test_plans_go_from_one_cell_to_all_groups_and_their_sums() -> None:
    made = block([[30, 10, 20], [30, 10, 40], [30, 10, 40]])
    # answers 0 and 1 are less telling together in group 1 than in group 2
    first, second = [(0, 1), (1, 1)], [(0, 2), (1, 2)]
    assert made.telling[:2, 1].sum() < made.telling[:2, 2].sum()
    own = [(0, 0), (1, 0)]
    sums = [(0, WHOLE), (1, WHOLE)]
    assert _plans(made, 0, 1, 0) == [
        own, [*own, *first], [*own, *second], [*own, *first, *second], [*sums, *own],
    ]  # fmt: skip
    zero = [(0, 0), (1, 0)]
    whole = _plans(made, 0, 1, WHOLE)
    assert [] in whole
    assert sums in whole
    assert [*sums, *zero] in whole
    assert len(whole) == 2 * (1 + 3 + 2)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_hidden_is_open_in_all_tables_that_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 5)), int(rng.integers(1, 4)))
    unions = [(0, 1)] if shape[0] > 2 and rng.random() < 0.6 else []
    made = block(rng.integers(0, 40, shape).tolist(), unions=unions)
    small = {(int(a), int(g)) for a, g in np.argwhere((made.count < 10) | (made.base - made.count < 10))}
    protect_block(made)
    assert all(made.hidden[cell] for cell in small)
    everyone = int(made.base.sum())
    for number in made.hidden_numbers():
        inside = made.count[list(number.answers)].sum(axis=0)
        whole = number.group == WHOLE
        value = int(inside.sum() if whole else inside[number.group])
        base = everyone if whole else int(made.base[number.group])
        if made.hidden.all() and made.whole_hidden.all():
            continue  # nothing of it is released
        low, high = feasible(made, number)
        assert high - low >= min(5, base) - 1e-6
        if base >= 20 and not 10 <= value <= base - 10:
            assert high >= 10 - 1e-6
            assert low <= base - 10 + 1e-6


def test_each_hidden_number_is_proved_even_those_hidden_to_protect_others() -> None:
    made = block([[4, 50, 50], [11, 50, 50], [50, 50, 50]], unions=[(0, 1)])
    protect_block(made)
    for number in made.hidden_numbers():
        assert made.is_safe(number), number
    assert made.hidden[0, 0]
    assert Number((0,), 0) in made.hidden_numbers()


def test_where_nobody_can_be_exchanged_everything_is_hidden() -> None:
    """The sums are known and there is only one group: every number is told, whatever else is hidden."""
    made = block([[5], [60], [40]], whole_known=True)
    protect_block(made)
    assert made.hidden.all()


def test_groups_that_lose_least_come_first_not_in_their_order() -> None:
    made = block([[30, 20, 10], [30, 40, 10], [30, 40, 10]])
    assert _plans(made, 0, 1, 0)[1] == [(0, 0), (1, 0), (0, 2), (1, 2)]
