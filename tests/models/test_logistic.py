"""The penalised logistic model against scikit-learn, and what judges it against first principles."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from typology.errors import TypologyError
from typology.models.logistic import (
    PENALTIES,
    choose_penalty,
    fit_logistic,
    kept_by_elimination,
    placements,
    respondents_needed,
)
from typology.results import Floats


def survey(n: int, *, seed: int = 0, effects: tuple[float, ...] = (1.2, 0.6, 0.0, 0.0)) -> tuple[Floats, ...]:
    rng = np.random.default_rng(seed)
    x = (rng.random((n, len(effects))) < 0.3).astype(float)
    risk = 1 / (1 + np.exp(1.5 - x @ np.array(effects)))
    return x, (rng.random(n) < risk).astype(float), rng.random(n) + 0.5


def test_without_a_penalty_it_is_maximum_likelihood() -> None:
    x, y, weight = survey(800)
    oracle = LogisticRegression(C=1e10, tol=1e-10, max_iter=2000).fit(x, y, sample_weight=weight)
    model = fit_logistic(x, y, weight)
    assert model.coefficients[1:] == pytest.approx(oracle.coef_[0], abs=1e-4)
    assert model.coefficients[0] == pytest.approx(oracle.intercept_[0], abs=1e-4)
    assert model.degrees_of_freedom == pytest.approx(4, abs=1e-3)


def test_the_penalty_is_ridge_per_standard_deviation() -> None:
    x, y, weight = survey(300)
    scaled = weight * len(y) / weight.sum()
    centre = np.average(x, axis=0, weights=weight)
    sd = np.sqrt(np.average((x - centre) ** 2, axis=0, weights=weight))
    oracle = LogisticRegression(C=1 / 8.0, tol=1e-10, max_iter=2000).fit(x / sd, y, sample_weight=scaled)
    model = fit_logistic(x, y, weight, penalty=8.0)
    assert model.coefficients[1:] * sd == pytest.approx(oracle.coef_[0], abs=1e-4)
    assert model.degrees_of_freedom < 4


def test_few_events_call_for_more_penalty_than_many() -> None:
    effects = (0.4, *[0.0] * 14)
    few = [choose_penalty(*survey(250, seed=seed, effects=effects)) for seed in range(8)]
    strong = choose_penalty(*survey(6000, effects=(2.0, 1.5, -1.0, 1.0)))
    assert np.median(few) >= 8
    assert strong <= PENALTIES[3]


def test_a_predictor_that_separates_stays_finite() -> None:
    x, _, weight = survey(300)
    model = fit_logistic(x, x[:, 0], weight, penalty=1.0)
    assert np.isfinite(model.coefficients).all()
    with pytest.raises(TypologyError, match="converge"):
        fit_logistic(np.full_like(x, np.nan), x[:, 0], weight)


def test_elimination_keeps_what_matters() -> None:
    x, y, weight = survey(4000, effects=(1.2, 0.8, 0.0, 0.0))
    kept = kept_by_elimination(fit_logistic(x, y, weight))
    assert kept[:2].all()
    # refitting without the others gives the same answer as the approximation
    full, without = fit_logistic(x, y, weight), fit_logistic(x[:, kept], y, weight)
    assert 2 * (full.log_likelihood - without.log_likelihood) < 2 * (~kept).sum()


def test_area_under_the_curve_and_its_standard_error() -> None:
    x, y, weight = survey(600)
    odds = np.round(x @ np.array([1.0, 0.5, 0.2, 0.1]), 1)
    area, influence = placements(odds, y, weight)
    assert area == pytest.approx(roc_auc_score(y, odds, sample_weight=weight), abs=1e-10)
    assert influence.sum() == pytest.approx(0, abs=1e-12)
    rng = np.random.default_rng(1)
    draws = rng.integers(0, len(y), size=(300, len(y)))
    again = [placements(odds[rows], y[rows], weight[rows])[0] for rows in draws]
    assert np.sqrt((influence**2).sum()) == pytest.approx(np.std(again), rel=0.15)


def test_sample_size_is_that_of_the_published_formula() -> None:
    # Riley et al. 2019, criterion (i) by hand: share 0.1, largest Cox-Snell R2 1 - exp(2 * -0.32508) = 0.478
    r2 = 0.15 * (1 - np.exp(2 * (0.1 * np.log(0.1) + 0.9 * np.log(0.9))))
    assert respondents_needed(20, share=0.1) == int(np.ceil(20 / (-0.1 * np.log(1 - r2 / 0.9))))
    assert (
        respondents_needed(20, share=0.05)
        > respondents_needed(20, share=0.1)
        > respondents_needed(5, share=0.1)
    )
