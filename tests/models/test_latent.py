"""Latent correlations: right where the truth is known, and untouched by what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from typology.models.latent import latent_correlations


def cut(z: np.ndarray, *cuts: float) -> np.ndarray:
    return np.searchsorted(cuts, z).astype(np.int16)


def normal(n: int, r: float, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).multivariate_normal([0, 0], [[1, r], [r, 1]], size=n)


@pytest.mark.parametrize("r", [-0.8, -0.3, 0.0, 0.5, 0.9])
@pytest.mark.parametrize(
    "cuts", [((0.3,), (1.2,)), ((-1.0, 0.0, 1.0), (0.5,)), ((-0.5, 1.5), (0.0, 0.4, 2.0))]
)
def test_recovers_the_correlation_behind_coarse_answers(
    r: float, cuts: tuple[tuple[float, ...], ...]
) -> None:
    z = normal(40_000, r)
    codes = np.column_stack([cut(z[:, 0], *cuts[0]), cut(z[:, 1], *cuts[1])])
    estimate = latent_correlations(codes)[0][0, 1]
    assert estimate == pytest.approx(r, abs=0.03)
    assert abs(estimate) >= abs(np.corrcoef(codes.T)[0, 1]) - 0.01


@pytest.mark.parametrize("r", [-0.6, 0.2, 0.85])
def test_is_the_tetrachoric_correlation_for_two_binary_items(r: float) -> None:
    # counts in exact proportion to the bivariate normal cut at 0.4 and -0.7
    both_below = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([0.4, -0.7])
    one, other = multivariate_normal(0, 1).cdf(0.4), multivariate_normal(0, 1).cdf(-0.7)
    cells = np.array([both_below, one - both_below, other - both_below, 1 - one - other + both_below])
    counts = np.round(cells * 1_000_000).astype(int)
    codes = np.repeat(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), counts, axis=0)
    assert latent_correlations(codes)[0][0, 1] == pytest.approx(r, abs=1e-3)


def test_row_order_does_not_matter_and_reversing_an_item_flips_the_sign() -> None:
    z = normal(3000, 0.6)
    codes = np.column_stack([cut(z[:, 0], 0.0, 1.0), cut(z[:, 1], -0.5)])
    r = latent_correlations(codes)[0][0, 1]
    assert latent_correlations(codes[::-1])[0][0, 1] == pytest.approx(r)
    flipped = codes.copy()
    flipped[:, 0] = 2 - flipped[:, 0]
    assert latent_correlations(flipped)[0][0, 1] == pytest.approx(-r, abs=1e-6)


def test_each_pair_uses_those_who_answered_both() -> None:
    z = normal(3000, 0.6)
    codes = np.column_stack([cut(z[:, 0], 0.0), cut(z[:, 1], 0.0), cut(z[:, 1], 0.5)])
    codes[:1000, 0] = -1
    r, base = latent_correlations(codes)
    assert base.tolist() == [[2000, 2000, 2000], [2000, 3000, 3000], [2000, 3000, 3000]]
    assert r[0, 1] == pytest.approx(latent_correlations(codes[1000:])[0][0, 1])


def test_an_item_that_never_varies_has_no_correlation() -> None:
    codes = np.column_stack([np.zeros(100, dtype=int), np.arange(100) % 2])
    assert np.isnan(latent_correlations(codes)[0][0, 1])


def test_the_same_item_twice_stays_within_bounds() -> None:
    codes = np.column_stack([np.arange(100) % 2] * 2)
    assert 0.98 < latent_correlations(codes)[0][0, 1] < 1
