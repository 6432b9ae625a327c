"""Agreement between groupings, on cases that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from typology.models.agreement import (
    adjusted_rand,
    correlations,
    jaccard,
    kappa,
    level_shares,
    match,
    overlap,
)
from typology.models.layout import indicators, layout

LABELS = arrays(np.int64, st.integers(2, 40), elements=st.integers(-1, 4))


def test_unassigned_respondents_count_against_agreement() -> None:
    truth = np.repeat([0, 1], 50)
    found = truth.copy()
    assert adjusted_rand(truth, found) == 1.0
    found[:20] = -1
    without = adjusted_rand(truth, found)
    found[20:25] = -1
    assert adjusted_rand(truth, found) < without < 1.0


def test_agreement_by_chance_is_zero() -> None:
    rng = np.random.default_rng(0)
    values = [adjusted_rand(rng.integers(0, 3, 300), rng.integers(0, 4, 300)) for _ in range(60)]
    assert np.mean(values) == pytest.approx(0, abs=0.003)


@given(LABELS, st.permutations(range(5)))
def test_names_of_groups_do_not_matter(labels: np.ndarray, names: list[int]) -> None:
    other = np.roll(labels, 1)
    renamed = np.where(labels >= 0, np.array(names)[labels], -1)
    assert adjusted_rand(renamed, other) == pytest.approx(adjusted_rand(labels, other))


@given(LABELS)
def test_agreement_is_symmetric_and_its_argument_is_left_alone(labels: np.ndarray) -> None:
    other, before = labels[::-1].copy(), labels.copy()
    assert adjusted_rand(labels, other) == pytest.approx(adjusted_rand(other, labels))
    assert (labels == before).all()


def test_overlap_and_jaccard_by_hand() -> None:
    first = np.array([0, 0, 0, 1, 1, -1, 1])
    second = np.array([1, 1, 0, 0, -1, 0, 0])
    table = overlap(first, second, 2, 2)
    assert table.tolist() == [[1, 2], [2, 0]]
    # 0 and 0: one in common, 3 + 4 - 1 in either; 0 and 1: two in common, 3 + 2 - 2 in either
    similarity = jaccard(table, np.array([3, 3]), np.array([4, 2]))
    assert similarity == pytest.approx(np.array([[1 / 6, 2 / 3], [2 / 5, 0.0]]))


def test_an_empty_group_is_like_none() -> None:
    assert jaccard(np.array([[0]]), np.array([0]), np.array([0])).tolist() == [[0.0]]


@given(arrays(np.int64, st.integers(1, 60), elements=st.integers(-1, 2)))
def test_a_grouping_is_fully_like_itself(labels: np.ndarray) -> None:
    sizes = np.bincount(labels[labels >= 0], minlength=3)
    similarity = jaccard(overlap(labels, labels, 3, 3), sizes, sizes)
    assert np.diag(similarity).tolist() == (sizes > 0).astype(float).tolist()
    assert (similarity - np.diag(np.diag(similarity)) == 0).all()


def test_matching_maximises_the_total_and_not_each_pair() -> None:
    # taking the best pair first (0.9) would leave 0.0 for the other
    assert match(np.array([[0.9, 0.8], [0.8, 0.0]])) == [(0, 1), (1, 0)]
    assert match(np.array([[0.1, 0.2, 0.9]])) == [(0, 2)]
    assert match(np.array([[0.1], [0.7]])) == [(1, 0)]


def test_kappa_is_agreement_beyond_chance() -> None:
    first = np.array([True] * 40 + [False] * 60)
    # of 100: 30 both, 50 neither, so 0.8 agree where 0.4 * 0.4 + 0.6 * 0.6 = 0.52 do by chance
    second = np.array([True] * 30 + [False] * 10 + [True] * 10 + [False] * 50)
    assert kappa(first, second) == pytest.approx((0.8 - 0.52) / 0.48)
    assert kappa(first, first) == 1
    assert kappa(np.ones(5, dtype=bool), np.ones(5, dtype=bool)) == 0


def test_level_shares_are_profiles_of_those_who_answered() -> None:
    codes = np.array([[1, 0], [1, -1], [0, 1], [0, 1]] * 100)
    columns = layout([2, 2], [True, True])
    matrix = indicators(codes, columns)
    shares = level_shares(matrix, columns, np.array([0, 0, 1, 1] * 100), 3)
    assert shares[0] == pytest.approx([0, 1, 1, 0], abs=0.01)
    assert shares[1] == pytest.approx([1, 0, 0, 1], abs=0.01)
    # a type without members has everyone's profile
    assert shares[2] == pytest.approx([0.5, 0.5, 1 / 3, 2 / 3])
    assert correlations(shares, shares)[0, 1] == pytest.approx(-1, abs=0.01)


def test_a_profile_that_does_not_vary_correlates_with_nothing() -> None:
    assert correlations(np.zeros((1, 3)), np.array([[1.0, 2.0, 4.0]]))[0, 0] == 0
