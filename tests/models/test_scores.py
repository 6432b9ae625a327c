"""Parallel analysis finds as many dimensions as there are; scores use what was answered."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.surveys import prepared
from typology.discover.propose import Encoded, encoded
from typology.models.layout import indicators, layout
from typology.models.scores import latent_scores
from typology.simulate.planted import PlantedOptions, plant


def data_of(**options: object) -> Encoded:
    return encoded(prepared(plant(PlantedOptions(n=700, binary=16, ordinal=10, **options), seed=4)))


@pytest.mark.parametrize(
    ("options", "dimensions"),
    [
        ({"shares": (1.0,)}, 0),
        ({"shares": (1.0,), "severity": 1.3}, 1),
        ({"shares": (1.0,), "factors": 2}, 2),
        ({}, 3),  # four types span three dimensions
        ({"missing": 0.15}, 3),
    ],
    ids=["independent", "severity", "two factors", "four types", "four types with missing answers"],
)
def test_number_of_dimensions(options: dict[str, object], dimensions: int) -> None:
    data = data_of(**options)
    scores = latent_scores(data.matrix, data.columns, rng=np.random.default_rng(0))
    assert scores.dimensions == dimensions
    assert scores.mean.shape == (700, max(2, dimensions))
    associated = scores.association > scores.chance_association.max()
    assert associated == (dimensions > 0)


def test_the_first_score_is_degree_and_high_means_more() -> None:
    data = data_of(shares=(1.0,), severity=1.3, missing=0.1)
    scores = latent_scores(data.matrix, data.columns, rng=np.random.default_rng(0))
    share = np.where(data.codes >= 0, data.codes / (np.diff(data.columns.starts) - 1), np.nan)
    assert np.corrcoef(scores.mean[:, 0], np.nanmean(share, axis=1))[0, 1] > 0.95


def test_a_missing_answer_widens_uncertainty_and_moves_nobody_towards_no() -> None:
    data = data_of(shares=(1.0,), severity=1.3)
    gone = data.codes.copy()
    gone[:350, ::2] = -1
    matrix = indicators(gone, data.columns)
    full = latent_scores(data.matrix, data.columns, rng=np.random.default_rng(0))
    part = latent_scores(matrix, data.columns, rng=np.random.default_rng(0))
    assert part.spread[:350, 0].min() > part.spread[350:, 0].max()
    assert part.mean[:350, 0].mean() == pytest.approx(full.mean[:350, 0].mean(), abs=0.08)
    assert np.corrcoef(part.mean[:350, 0], full.mean[:350, 0])[0, 1] > 0.85


def test_who_answered_nothing_is_in_the_middle_with_the_widest_spread() -> None:
    data = data_of(shares=(1.0,), severity=1.3)
    codes = data.codes.copy()
    codes[0] = -1
    scores = latent_scores(indicators(codes, data.columns), data.columns, rng=np.random.default_rng(0))
    assert scores.mean[0] == pytest.approx([0, 0])
    assert scores.spread[0] == pytest.approx([1, 1])
    assert (scores.spread[1:, 0] < 1).all()


def test_careless_answers_are_no_association() -> None:
    """A tenth answer the highest throughout: all the association there is, and held fixed it is chance."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, (600, 20))
    careless = np.arange(600) < 60
    codes[careless] = 1
    columns = layout([2] * 20, [True] * 20)
    matrix = indicators(codes, columns)
    naive = latent_scores(matrix, columns, rng=np.random.default_rng(1), permutations=30)
    fixed = latent_scores(matrix, columns, rng=np.random.default_rng(1), permutations=30, fixed=careless)
    assert naive.association > naive.chance_association.max()
    assert fixed.association == naive.association
    assert fixed.association < fixed.chance_association.max()


def test_countries_that_answer_differently_are_no_association() -> None:
    rng = np.random.default_rng(0)
    group = np.arange(600) % 2
    codes = (rng.random((600, 20)) < np.where(group[:, None] == 1, 0.8, 0.2)).astype(int)
    columns = layout([2] * 20, [True] * 20)
    matrix = indicators(codes, columns)
    pooled = latent_scores(matrix, columns, rng=np.random.default_rng(1), permutations=30)
    within = latent_scores(matrix, columns, rng=np.random.default_rng(1), permutations=30, group=group)
    assert pooled.association > 3 * pooled.chance_association.max()
    assert within.association < 1.05 * within.chance_association.max()
    assert within.dimensions == 0


def test_levels_of_one_nominal_item_are_not_an_association_between_items() -> None:
    columns = layout([4] * 5, [False] * 5)
    ranks = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        matrix = indicators(rng.integers(0, 4, (200, 5)), columns)
        scores = latent_scores(matrix, columns, rng=rng, permutations=19)
        ranks.append((1 + (scores.chance_association >= scores.association).sum()) / 20)
    # levels of one item exclude each other, in itself a strong correlation: p-values stay uniform
    assert np.mean(ranks) == pytest.approx(0.525, abs=0.12)
    assert np.mean(np.array(ranks) <= 0.1) < 0.25
