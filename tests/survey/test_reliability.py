"""Alpha, omega and item-rest correlations against published examples and independent programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import FactorAnalysis

from tests.survey.test_scales import survey_of
from typology.schema.codebook import Scale
from typology.survey.reliability import (
    alpha_interval,
    cronbach_alpha,
    item_rest_correlations,
    item_statistics,
    omega_interval,
    omega_total,
    scale_reliabilities,
)
from typology.survey.scales import keyed_items

# Twelve respondents and eleven yes/no items as shipped with pingouin 0.7 (cronbach_wide_missing); its
# documentation prints alpha 0.8016949152542373 after listwise deletion, as R's psych::alpha does.
WORKED = """\
11111111111
11111111010
.011.111100
11101101100
11111000100
01.01111000
11110010000
11111000000
01011000010
10010100.00
11100000000
10010000000"""


def worked() -> pd.DataFrame:
    rows = [[float(c) if c in "01" else np.nan for c in row.ljust(11)] for row in WORKED.splitlines()]
    return pd.DataFrame(rows)


def one_factor(n: int, items: int, *, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 1)) * rng.uniform(0.3, 1.2, items) + rng.normal(size=(n, items))
    return pd.DataFrame(np.digitize(latent, [-1.0, 0.0, 1.0]).astype(float))


def test_alpha_of_the_published_example() -> None:
    assert cronbach_alpha(worked()) == pytest.approx(0.8016949152542373, abs=1e-12)


def test_interval_of_the_published_example() -> None:
    """MRC CBU statistics wiki, R code of Chris Evans: alpha 0.913, n 873, 20 items."""
    found = alpha_interval(0.913, n=873, items=20)
    assert found == pytest.approx((0.9044024, 0.9211588), abs=5e-8)


def test_the_interval_covers_the_true_alpha_as_often_as_it_says() -> None:
    """Parallel normal items with true alpha 0.8: 95% of 2,000 intervals, within three standard errors."""
    rng = np.random.default_rng(3)
    n, items, draws = 60, 4, 2000
    truth = items / (items + 1)  # error variance as large as true variance
    held = 0
    for _ in range(draws):
        sample = pd.DataFrame(rng.normal(size=(n, 1)) + rng.normal(size=(n, items)))
        low, high = alpha_interval(cronbach_alpha(sample), n=n, items=items)
        held += low <= truth <= high
    assert held / draws == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / draws))


@pytest.mark.parametrize(("n", "items"), [(200, 3), (200, 4), (500, 10), (1166, 20)])
def test_omega_agrees_with_an_independent_program(n: int, items: int) -> None:
    """scikit-learn's FactorAnalysis fits the same model by another algorithm."""
    answers = one_factor(n, items)
    model = FactorAnalysis(1, tol=1e-14, max_iter=100_000, svd_method="lapack").fit(answers.to_numpy())
    common = model.components_.sum() ** 2
    expected = common / (common + model.noise_variance_.sum())
    assert omega_total(answers) == pytest.approx(expected, abs=1e-6)


def test_omega_is_the_true_one_in_a_large_sample() -> None:
    loadings, unique = np.array([0.9, 0.7, 0.5, 0.4]), np.array([0.5, 0.6, 0.8, 1.0])
    rng = np.random.default_rng(1)
    sample = pd.DataFrame(
        rng.normal(size=(200_000, 1)) * loadings + rng.normal(size=(200_000, 4)) * np.sqrt(unique)
    )
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    assert omega_total(sample) == pytest.approx(truth, abs=0.004)
    assert cronbach_alpha(sample) < truth  # alpha is a lower bound unless all loadings are equal


def test_omega_interval_holds_omega_and_narrows_with_n() -> None:
    widths = []
    for n in (150, 1500):
        answers = one_factor(n, 6, seed=n)
        low, high = omega_interval(answers, np.random.default_rng(0))
        assert low < omega_total(answers) < high
        widths.append(high - low)
    assert widths[1] == pytest.approx(widths[0] / np.sqrt(10), rel=0.4)


def test_omega_does_not_depend_on_units_or_order_of_items() -> None:
    answers = one_factor(300, 5)
    assert omega_total(answers * 10) == pytest.approx(omega_total(answers), abs=1e-9)
    assert omega_total(answers[[4, 2, 0, 3, 1]]) == pytest.approx(omega_total(answers), abs=1e-9)


def test_what_is_not_defined_is_not_a_number() -> None:
    answers = one_factor(200, 4)
    assert np.isnan(omega_total(answers[[0, 1]]))
    assert np.isnan(omega_total(answers.assign(flat=1.0)))
    assert np.isnan(omega_total(answers.head(4)))
    assert np.isnan(omega_interval(answers[[0, 1]], np.random.default_rng(0))).all()
    assert np.isnan(alpha_interval(float("nan"), n=100, items=4)).all()


def test_table_counts_scored_and_complete_respondents_and_follows_the_seed() -> None:
    answers = one_factor(120, 4)
    answers.iloc[:7, 0] = np.nan
    answers.iloc[3, 1:] = np.nan
    survey = survey_of(
        {name: answers[i].tolist() for i, name in enumerate("abcd")},
        Scale(label="Low", items=tuple("abcd"), min_valid=3, reverse=("b",)),
    )
    table = scale_reliabilities(survey, seed=1)
    row = table.iloc[0]
    assert (row["label"], row["items"], row["scored"], row["n"]) == ("Low", 4, 119, 113)
    assert row["alpha_lo"] < row["alpha"] < row["alpha_hi"]
    pd.testing.assert_frame_equal(table, scale_reliabilities(survey, seed=1))
    assert scale_reliabilities(survey, seed=2)["omega_lo"].item() != row["omega_lo"]
    items = item_statistics(survey).set_index("item")
    assert items.loc["b", "keyed"] == "reversed"
    assert items.loc["b", "r"] < 0 < items.loc["a", "r"]


def test_alpha_by_the_covariance_formula() -> None:
    """Alpha from the covariance matrix: k mean covariance / (mean variance + (k - 1) mean covariance)."""
    rng = np.random.default_rng(0)
    items = pd.DataFrame(rng.normal(size=(200, 4)) * 0.8 + rng.normal(size=(200, 1)))
    covariance = np.cov(items.to_numpy().T)
    k = 4
    mean_variance = np.trace(covariance) / k
    mean_covariance = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    expected = k * mean_covariance / (mean_variance + (k - 1) * mean_covariance)
    assert cronbach_alpha(items) == pytest.approx(expected, abs=1e-12)


def test_alpha_is_one_for_copies_and_unknown_without_variance() -> None:
    copies = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3]})
    assert cronbach_alpha(copies) == pytest.approx(1.0)
    assert np.isnan(cronbach_alpha(pd.DataFrame({"a": [1.0, 1], "b": [2.0, 2]})))
    assert np.isnan(cronbach_alpha(copies[["a"]]))


def test_item_rest_correlation_shows_the_item_that_goes_the_wrong_way() -> None:
    survey = survey_of(
        {"a": [0, 1, 2, 3, 1], "b": [0, 1, 3, 3, 1], "c": [3, 2, 1, 0, 2]},
        Scale(label="s", items=("a", "b", "c")),
    )
    keyed = keyed_items(survey, survey.codebook.scales["scale"])
    found = item_rest_correlations(keyed)
    assert found["c"] < -0.9
    righted = survey.codebook.scales["scale"].model_copy(update={"reverse": ("c",)})
    assert (item_rest_correlations(keyed_items(survey, righted)) > 0.9).all()
