"""Bounds on unknown counts, by hand-made sums."""

from __future__ import annotations

import numpy as np
import pytest

from typology.disclose.puzzle import Contradiction, Puzzle, rounded


def never(_: int, __: tuple[float, float]) -> bool:
    return False


def test_a_difference_of_sums_tells_the_rest() -> None:
    puzzle = Puzzle(3)
    puzzle.know([0, 1, 2], 100, 100)
    puzzle.know([0], 40, 44)
    puzzle.know([1], 30, 30)
    assert puzzle.extremes([[2], [0, 1], [0, 1, 2]], never) == [(26, 30), (70, 74), (100, 100)]


def test_counts_are_never_negative_and_open_above() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0, 1], -np.inf, 7)
    assert puzzle.extremes([[0], [1]], never) == [(0, 7), (0, 7)]
    puzzle.know([1], 3, np.inf)
    assert puzzle.extremes([[0], [1]], never) == [(0, 4), (3, 7)]


def test_bounds_are_whole_respondents() -> None:
    puzzle = Puzzle(1)
    puzzle.know([0], 3.2, 7.8)
    assert puzzle.extremes([[0]], never) == [(4, 7)]


def test_a_share_bounds_the_part_by_the_whole() -> None:
    puzzle = Puzzle(3)
    puzzle.know([0, 1, 2], 200, 200)
    puzzle.know_share([0], [0, 1, 2], 0.245, 0.255)
    assert puzzle.extremes([[0], [1, 2]], never) == [(49, 51), (149, 151)]


def test_a_share_of_a_whole_that_is_only_known_in_part() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0, 1], 100, 120)
    puzzle.know_share([0], [0, 1], 0.5, 0.5)
    assert puzzle.extremes([[0], [1]], never) == [(50, 60), (50, 60)]


def test_what_is_open_is_looked_at_no_further() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0], 5, 9)
    puzzle.know([1], 0, 50)
    asked = []

    def is_open(position: int, bounds: tuple[float, float]) -> bool:
        asked.append(position)
        return bounds[1] - bounds[0] >= 4

    assert puzzle.extremes([[0], [1]], is_open) == [(5, 9), (0, 50)]
    assert set(asked) == {0, 1}


def test_targets_that_only_together_seem_open_are_looked_at_one_by_one() -> None:
    """What makes the sum extreme can leave each part in the middle: 0 + 1 is fixed, so is nothing alone."""
    puzzle = Puzzle(2)
    puzzle.know([0, 1], 10, 10)
    assert puzzle.extremes([[0], [1]], never) == [(0, 10), (0, 10)]
    assert puzzle.extremes([[0], [1]], lambda _, b: b[1] - b[0] >= 10) == [(0, 10), (0, 10)]


def test_a_sum_within_another_is_bounded_by_it() -> None:
    puzzle = Puzzle(1)
    part = puzzle.grow(2)
    assert (part, puzzle.size) == (1, 3)
    puzzle.know([0], 20, 25)
    puzzle.know_less([1, 2], [0])
    puzzle.know_less([0], [1, 2], 4)
    assert puzzle.extremes([[1, 2]], never) == [(16, 25)]


def test_the_rows_that_bounds_rest_on_are_those_without_which_they_were_wider() -> None:
    puzzle = Puzzle(3)
    told = {name: ("x", name, "T1") for name in ("a", "b", "loose")}
    puzzle.know([0, 1, 2], 100, 100)
    puzzle.know([0], 40, 44, told["a"])
    puzzle.know([1], 30, 34, told["b"])
    puzzle.know([2], 0, 90, told["loose"])
    puzzle.know_share([1], [0, 1, 2], 0.0, 0.9, told["loose"])
    assert puzzle.sources_of([2]) == {told["a"], told["b"]}
    assert puzzle.extremes([[2]], never) == [(22, 30)]


@pytest.mark.parametrize(("low", "high", "expected"), [(40, np.inf, (0, 60)), (-np.inf, 44, (56, 100))])
def test_a_bound_rests_on_a_row_that_tells_only_the_least_or_only_the_most(
    low: float, high: float, expected: tuple[float, float]
) -> None:
    puzzle, told = Puzzle(2), ("x", "a", "T1")
    puzzle.know([0, 1], 100, 100)
    puzzle.know([0], low, high, told)
    assert puzzle.extremes([[1]], never) == [expected]
    assert puzzle.sources_of([1]) == {told}


@pytest.mark.parametrize(("low", "high", "expected"), [(0.4, 1.0, (0, 60)), (0.0, 0.44, (56, 100))])
def test_a_bound_rests_on_a_share_that_tells_only_the_least_or_only_the_most(
    low: float, high: float, expected: tuple[float, float]
) -> None:
    puzzle, told = Puzzle(2), ("x", "a", "T1")
    puzzle.know([0, 1], 100, 100)
    puzzle.know_share([0], [0, 1], low, high, told)
    assert puzzle.extremes([[1]], never) == [expected]
    assert puzzle.sources_of([1]) == {told}


def test_a_count_on_both_sides_of_a_difference_counts_for_nothing() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0], 50, 60)
    puzzle.know_less([0, 1], [0], 7)
    assert puzzle.extremes([[1]], never) == [(0, 7)]


def test_numbers_that_contradict_each_other_prove_nothing() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0, 1], 10, 10)
    puzzle.know([0], 11, 20)
    with pytest.raises(Contradiction, match="contradict each other"):
        puzzle.extremes([[1]], never)


def test_exact_sums_bear_the_rounding_of_floats() -> None:
    puzzle = Puzzle(1)
    puzzle.know([0], 10 + 5e-7, 10 + 5e-7)
    puzzle.know([0], 10 - 5e-7, 10 - 5e-7)
    assert puzzle.extremes([[0]], never) == [(10, 10)]
    puzzle.know([0], 10 + 5e-6, 20)
    with pytest.raises(Contradiction):
        puzzle.extremes([[0]], never)


@pytest.mark.parametrize(
    ("shown", "expected"), [(10, (10, 14)), (20, (15, 24)), (100, (95, 104)), (0, (10, 4))]
)
def test_a_rounded_count_stands_for_its_step_from_the_threshold_on(
    shown: float, expected: tuple[float, float]
) -> None:
    assert rounded(shown, 10) == expected
