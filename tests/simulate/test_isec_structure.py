"""What was planted: types, severity inside types, effects, anchors; and what the controls lack."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from typology.simulate.isec import simulate_survey
from typology.simulate.isec_bayes import planted_membership
from typology.simulate.isec_model import TYPE_NAMES
from typology.simulate.isec_questions import TYPOLOGY
from typology.simulate.isec_risks import DEPRESSION, ROSENBERG

UNANSWERED = (98, 99, 998, 999)
SEEDS = range(8)
ORDERED = [q.name for q in TYPOLOGY if q.asked_if is None and q.name != "onl_place"]
BINARY = [q.name for q in TYPOLOGY if q.codes == (2.0, 1.0) and q.asked_if is None]
ADAPTED, CONTACT, AGGRESSIVE, SEXUAL = TYPE_NAMES


def clean(survey: pd.DataFrame) -> pd.DataFrame:
    return survey.replace(UNANSWERED, np.nan)


@pytest.fixture(scope="module")
def pooled() -> tuple[pd.DataFrame, pd.Series]:
    drawn = [simulate_survey("simulated", seed=seed) for seed in SEEDS]
    survey = clean(pd.concat([survey for survey, _ in drawn], ignore_index=True))
    return survey, pd.concat([planted for _, planted in drawn], ignore_index=True)


def odds_ratio(exposed: pd.Series, planted: pd.Series, name: str) -> float:
    """Type against everybody else."""
    known = exposed.notna()
    inside, outside = exposed[known & (planted == name)].mean(), exposed[known & (planted != name)].mean()
    return (inside / (1 - inside)) / (outside / (1 - outside))


def yes(survey: pd.DataFrame, name: str) -> pd.Series:
    return (survey[name] == 1).where(survey[name].notna()).astype(float)


@pytest.mark.parametrize("seed", [2015, 1, 2])
def test_true_parameters_recover_the_types(seed: int) -> None:
    survey, planted = simulate_survey("simulated", seed=seed)
    membership = planted_membership(survey)
    assert adjusted_rand_score(planted, membership.idxmax(axis=1)) > 0.935
    np.testing.assert_allclose(membership.sum(axis=1), 1)


def test_membership_probabilities_are_calibrated(pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, planted = pooled
    membership = planted_membership(survey)
    sure = membership.max(axis=1).to_numpy()
    right = membership.idxmax(axis=1).to_numpy() == planted.to_numpy()
    between = (sure > 0.6) & (sure < 0.95)
    assert right[between].mean() == pytest.approx(sure[between].mean(), abs=0.08)


@pytest.mark.parametrize(
    ("item", "low", "high"),
    [
        ("sol_sexual", 0.094, 0.136),  # Madigan 2018: 11.5% (9.4-13.6)
        ("vic_unwanted", 0.171, 0.234),  # Madigan 2018: 20.3% (17.1-23.4)
        ("sex_sent_picture", 0.062, 0.082),  # Finkelhor 2022: self-produced 7.2%
        ("vic_picture_shared", 0.062, 0.082),  # Finkelhor 2022: non-consensual sexting 7.2%
        ("sol_adult", 0.044, 0.064),  # Finkelhor 2022: adult grooming 5.4%
        ("vic_sextortion", 0.025, 0.045),  # Finkelhor 2022: 3.5%
    ],
)
def test_prevalences_are_near_their_anchors(
    pooled: tuple[pd.DataFrame, pd.Series], item: str, low: float, high: float
) -> None:
    assert low < yes(pooled[0], item).mean() < high


def test_girls_report_more_solicitation(pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = pooled
    girls, boys = (yes(survey, "sol_sexual")[survey["gender"] == code].mean() for code in (1, 2))
    assert girls > 1.2 * boys  # de Santisteban 2018: 15.6% against 9.3%


def test_each_type_has_its_own_items_and_not_just_more_of_all(
    pooled: tuple[pd.DataFrame, pd.Series],
) -> None:
    survey, planted = pooled
    shares = survey[BINARY].eq(1).where(survey[BINARY].notna()).astype(float).groupby(planted).mean()
    assert shares["onl_gaming"].idxmax() == CONTACT
    assert shares["off_fight"].idxmax() == AGGRESSIVE
    assert shares["sol_sexual"].idxmax() == SEXUAL
    assert (shares.loc[ADAPTED] <= shares.min() + 0.03).all()


def test_severity_varies_inside_types(pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, planted = pooled
    inside = clean(survey)[ORDERED].groupby(planted).corr()
    for name in TYPE_NAMES:
        assert 0.01 < _pairs(_associations(inside.loc[name])).mean() < 0.15


@pytest.mark.parametrize(
    ("factor", "name", "least", "most"),
    [
        ("rude_comments", AGGRESSIVE, 1.8, 3.6),
        ("embarrassed_others", AGGRESSIVE, 3.0, 6.0),
        ("met_several_ways", CONTACT, 3.0, 6.0),
        ("talked_sex", SEXUAL, 3.0, 6.0),
        ("posted_revealing", SEXUAL, 2.8, 6.0),
        ("abuse_offline", SEXUAL, 3.0, 8.0),
        ("maltreated", AGGRESSIVE, 1.4, 3.2),
        ("maltreated", SEXUAL, 1.8, 4.0),
        ("special_education", SEXUAL, 1.4, 3.0),
        ("met_adult", SEXUAL, 6.0, 20.0),
        ("rude_comments", ADAPTED, 0.4, 0.95),
    ],
)
def test_planted_effects(
    pooled: tuple[pd.DataFrame, pd.Series], factor: str, name: str, least: float, most: float
) -> None:
    survey, planted = pooled
    assert least < odds_ratio(yes(survey, factor), planted, name) < most


@pytest.mark.parametrize("factor", ["info_posted", "info_sent"])
@pytest.mark.parametrize("name", TYPE_NAMES)
def test_sharing_personal_information_is_unrelated_to_type(
    pooled: tuple[pd.DataFrame, pd.Series], factor: str, name: str
) -> None:
    survey, planted = pooled
    assert 0.8 < odds_ratio(yes(survey, factor), planted, name) < 1.25


def test_planted_effects_on_scales(pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, planted = pooled
    depressed = _total(survey, DEPRESSION.items, DEPRESSION.flipped) >= 10
    low_esteem = _total(survey, ROSENBERG.items, ROSENBERG.flipped) < 15
    assert 2.2 < odds_ratio(depressed.astype(float), planted, SEXUAL) < 5.7
    assert 1.8 < odds_ratio(low_esteem.astype(float), planted, SEXUAL) < 5.0
    assert odds_ratio(depressed.astype(float), planted, ADAPTED) < 0.8


@pytest.mark.parametrize("kind", ["simulated-severity", "simulated-independent"])
def test_controls_have_the_margins_of_the_demo(kind: str, pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    control = clean(pd.concat([simulate_survey(kind, seed=100 + seed)[0] for seed in SEEDS]))
    everything = pooled[0].columns.difference(["rid", "age", "onl_contacts", "weight"])
    for name in everything:
        expected = pooled[0][name].value_counts(normalize=True)
        found = control[name].value_counts(normalize=True).reindex(expected.index, fill_value=0)
        # four standard errors of a difference of shares, for as many as were asked
        tolerance = 4 * (0.5 / control[name].notna().sum()) ** 0.5
        assert (found - expected).abs().max() < tolerance, name


def test_independent_control_has_no_association() -> None:
    control = clean(simulate_survey("simulated-independent", seed=5)[0])[ORDERED]
    pairs = _pairs(control.corr("spearman"))
    # 12 careless respondents leave a trace; sampling alone gives 0.03 on the average
    assert np.abs(pairs).mean() < 0.045
    assert np.abs(pairs).max() < 0.16


def test_severity_control_is_one_dimensional() -> None:
    control = clean(pd.concat([simulate_survey("simulated-severity", seed=seed)[0] for seed in SEEDS]))
    careless = control[list(ROSENBERG.items + DEPRESSION.items)].nunique(axis=1) == 1
    matrix = _associations(control.loc[~careless, ORDERED].corr("spearman"))
    assert _pairs(matrix).min() > 0.05
    values = np.linalg.eigvalsh(matrix.to_numpy())[::-1]
    assert values[0] > 6 * values[1]
    assert values[1] < 1.25


def test_demo_has_more_than_one_dimension(pooled: tuple[pd.DataFrame, pd.Series]) -> None:
    values = np.linalg.eigvalsh(pooled[0][ORDERED].corr("spearman").to_numpy())[::-1]
    assert values[2] > 1.5


def _pairs(matrix: pd.DataFrame) -> np.ndarray:
    return matrix.to_numpy()[np.triu_indices(len(matrix), 1)]


def _associations(matrix: pd.DataFrame) -> pd.DataFrame:
    """Correlations after turning yes/no codes (1 yes, 2 no) so that more is more."""
    sign = np.array([-1 if name in BINARY else 1 for name in ORDERED])
    return matrix * np.outer(sign, sign)


def _total(survey: pd.DataFrame, items: tuple[str, ...], flipped: tuple[str, ...]) -> pd.Series:
    scored = survey[list(items)].copy()
    scored[list(flipped)] = 3 - scored[list(flipped)]
    return scored.mean(axis=1) * len(items)
