"""Gain beyond that of surveys without types, at the same strength of correlation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from typology.models.excess import correlation_strength, excess, strongest
from typology.results import Calibration


def nulls(draws: int, *, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    strength = rng.normal(50, 10, (draws, 2))
    return 20 + 2 * strength[:, 0] - strength[:, 1] + noise * rng.normal(size=draws), strength


def test_what_correlations_predict_is_no_excess() -> None:
    null, strength = nulls(30, noise=1e-6)
    at = np.array([75.0, 45.0])  # stronger than any draw
    assert excess(20 + 2 * 75 - 45, at, null, strength)[0] == pytest.approx(0, abs=1e-4)
    beyond, distance = excess(20 + 2 * 75 - 45 + 7, at, null, strength)
    assert beyond == pytest.approx(7, abs=1e-4)
    assert distance > 100


def test_constant_strength_leaves_a_plain_t_statistic() -> None:
    null = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    strength = np.full((5, 2), 9.0)
    beyond, distance = excess(8.0, np.array([9.0, 9.0]), null, strength)
    assert beyond == pytest.approx(5.0)
    assert distance == pytest.approx(5.0 / (np.std(null, ddof=1) * np.sqrt(1 + 1 / 5)))


def test_distance_is_a_predictive_t_statistic() -> None:
    """A survey from the null itself lies as far out as a t distribution says."""
    distances = []
    for seed in range(400):
        null, strength = nulls(21, noise=3.0, seed=seed)
        distances.append(excess(null[0], strength[0], null[1:], strength[1:])[1])
    assert stats.kstest(distances, stats.t(df=17).cdf).pvalue > 0.01


def test_extrapolating_costs_certainty() -> None:
    null, strength = nulls(30, noise=3.0)
    centre = strength.mean(axis=0)
    away = centre + np.array([35.0, 0.0])
    near = excess(200.0, centre, null, strength)
    far = excess(400.0, away, null, strength)
    # the same excess is fewer standard deviations where the draws say little
    assert far[1] / far[0] < 0.9 * near[1] / near[0]


def test_correlations_no_draw_comes_near_do_not_explain_everything_away() -> None:
    null, strength = nulls(30, noise=3.0)
    centre = strength.mean(axis=0)
    near, far = (excess(500.0, centre + np.array([step, 0.0]), null, strength) for step in (60.0, 600.0))
    assert far == pytest.approx(near)
    assert far[1] > 20


def test_strength_of_correlations() -> None:
    # no correlation, no information
    assert correlation_strength(np.ones(5), n=1000, dimensions=2) == pytest.approx([0, 0])
    both, rest = correlation_strength(np.array([3.0, 1.0, 0.5, 0.5]), n=100, dimensions=2)
    assert both == pytest.approx(50 * (3 - 1 - np.log(3)))
    assert rest == pytest.approx(0)
    # at least two dimensions are looked at, and twice the respondents are twice the information
    assert correlation_strength(np.array([3.0, 2.0, 0.5]), n=100, dimensions=0)[1] > 0
    assert correlation_strength(np.array([3.0, 2.0]), n=200, dimensions=2) == pytest.approx(
        2 * correlation_strength(np.array([3.0, 2.0]), n=100, dimensions=2)
    )


def calibration(gain: float, *, severity: bool, seed: int) -> Calibration:
    null, strength = nulls(20, noise=3.0, seed=seed)
    return Calibration(severity, 3, gain, null, np.array([50.0, 50.0]), strength)


def test_the_kind_with_the_larger_excess_is_taken() -> None:
    low, high = calibration(75.0, severity=False, seed=1), calibration(110.0, severity=True, seed=2)
    place, beyond, distance = strongest((low, high))
    assert place == 1
    assert beyond == pytest.approx(40, abs=4)
    assert distance == excess(high.gain, high.strength, high.null, high.null_strength)[1]
    assert strongest((high, low))[0] == 0


def test_a_draw_is_judged_against_the_others_only() -> None:
    kind = calibration(70.0, severity=False, seed=3)
    null = kind.null.copy()
    null[4] += 1000.0
    outlier = Calibration(False, 3, 70.0, null, kind.strength, kind.null_strength)
    # its own value is not among those it is compared with, so it is not hidden by the spread it causes
    assert strongest((outlier,), 4)[2] > 50
    assert strongest((outlier,), 5)[2] < 5
