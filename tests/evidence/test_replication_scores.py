"""How alike a type and its match in a group are said to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from evidence.test_replicate import Oracle, planted, told

from typology.evidence.replicate import _score
from typology.evidence.resample import Stability, _compare
from typology.models.layout import item_layout
from typology.results import Item

# two types of three respondents; all of both say yes to the first item
CODES = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 0, 1], [1, 0, 0]])
LABELS = np.array([0, 0, 0, 1, 1, 1])
LAYOUT = item_layout(tuple(Item(f"q{j}", "", "binary", "", (0, 1), ("no", "yes")) for j in range(3)))
ALL = np.arange(6)


def score(*solutions: Sequence[int], rows: np.ndarray = ALL, seed: int = 9) -> np.ndarray:
    def again(searched: np.ndarray, given: int) -> list[np.ndarray]:
        assert np.array_equal(searched, rows)
        assert given == seed
        return [np.array(solution) for solution in solutions]

    return _score(CODES, LAYOUT, LABELS, 2, again, rows, seed)


def shares(labels: Sequence[int], codes: np.ndarray = CODES) -> np.ndarray:
    """Shares of no and yes by item."""
    yes = np.array([codes[np.array(labels) == c].mean(axis=0) for c in (0, 1)])
    return np.stack([1 - yes, yes], axis=2).reshape(2, -1)


def alike(other: np.ndarray) -> list[float]:
    """Correlation of each type with its match, as deviations from the mean type."""
    middle = shares(LABELS).mean(axis=0)
    pairs = zip(shares(LABELS) - middle, other - middle, strict=True)
    return [np.corrcoef(a, b)[0, 1] for a, b in pairs]


def test_the_same_types_under_other_numbers_are_the_same() -> None:
    np.testing.assert_allclose(score([1, 1, 1, 0, 0, 0]), np.ones((2, 2)))


def test_profiles_are_compared_as_deviations_from_the_mean_type() -> None:
    own = [0, 0, 1, 1, 1, 1]
    found = score(own)
    middle = shares(LABELS).mean(axis=0)
    expected = [
        np.corrcoef(a - middle, b - middle)[0, 1] for a, b in zip(shares(LABELS), shares(own), strict=True)
    ]
    np.testing.assert_allclose(found[0], expected)
    assert found[0, 0] < 0.99
    # whole profiles look more alike: the first item is answered by all in one way
    whole = [np.corrcoef(a, b)[0, 1] for a, b in zip(shares(LABELS), shares(own), strict=True)]
    assert found[0, 1] < whole[1] - 0.03
    np.testing.assert_allclose(found[1], [2 / 3, 2 / 3])  # kappa of five in six alike


def test_of_several_solutions_the_one_that_agrees_most_counts() -> None:
    worse, best = [0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]
    for solutions in ((worse, best), (best, worse)):
        np.testing.assert_allclose(score(*solutions), np.ones((2, 2)))


def test_a_solution_of_one_type_agrees_with_none() -> None:
    assert score([0] * 6).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    # nor where its profile resembles that of the type most of the searched are in
    assert score([0] * 4, rows=np.arange(4)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_match_is_among_the_searched_and_profiles_are_those_of_everybody() -> None:
    rows = np.array([0, 1, 3, 4])
    found = score([0, 0, 1, 1], rows=rows)
    np.testing.assert_allclose(found[1], [1.0, 1.0])
    np.testing.assert_allclose(found[0], alike(shares([0, 0, 1, 1], CODES[rows])))


def test_items_are_compared_in_the_groups_in_which_types_replicate() -> None:
    prepared, truth = planted({"UK": 300, "Ireland": 200, "Italy": 250})
    found = told(prepared, truth, Oracle(truth, prepared.group)).items
    assert len(found) == 24 * 3
    assert set(found["group"]) == {"UK", "Ireland", "Italy"}
    # where no type comes out again there is nothing to compare
    assert told(prepared, truth, Oracle(truth, prepared.group, blind="everywhere")).items.empty


def test_grades_are_settled_type_by_type() -> None:
    # the first lies near a bound and never varies, the second far from every bound and varies a little
    near, far = np.full(20, 0.86), 0.97 + np.linspace(-0.02, 0.02, 20)
    assert 3 * far.std(ddof=1) / np.sqrt(20) < 0.97 - 0.86
    wide = 0.97 + np.linspace(-0.028, 0.028, 20)
    assert 0.01 < 3 * wide.std(ddof=1) / np.sqrt(20) < 0.97 - 0.86
    assert Stability(np.column_stack([near, wide])).settled()
    assert Stability(np.column_stack([near, far])).settled()


@pytest.mark.parametrize("seed", range(4))
def test_a_type_of_which_nobody_is_drawn_is_not_found_again(seed: int) -> None:
    labels = np.zeros(50, dtype=np.int64)
    labels[20:] = 1
    drawn = np.random.default_rng(seed).integers(0, 50, 50)
    labels[np.setdiff1d(np.arange(50), drawn)[0]] = 2
    found = _compare(labels, 3, lambda rows, _: labels[rows], seed)
    assert found.tolist() == [1.0, 1.0, 0.0]
