"""The simulated survey as a data file: who is in it, which codes, which traps."""

import numpy as np
import pandas as pd
import pytest

from typology.simulate.isec import COUNTRIES, QUESTIONS, WORLDS, simulate_survey
from typology.simulate.isec_model import TYPE_NAMES
from typology.simulate.isec_questions import TYPOLOGY
from typology.simulate.isec_risks import BATTERIES, ROSENBERG

UNANSWERED = (98, 99, 998, 999)
SENSITIVE = [q.name for q in QUESTIONS if q.sensitive and q.asked_if is None]
PLAIN = [q.name for q in QUESTIONS if not q.sensitive and q.asked_if is None and q.bands is None]


@pytest.fixture(scope="module")
def demo() -> tuple[pd.DataFrame, pd.Series]:
    return simulate_survey("simulated", seed=2015)


@pytest.mark.parametrize("kind", WORLDS)
def test_same_seed_same_survey(kind: str) -> None:
    first, planted = simulate_survey(kind, seed=7)
    again, planted_again = simulate_survey(kind, seed=7)
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_series_equal(planted, planted_again)
    assert not first.equals(simulate_survey(kind, seed=8)[0])


@pytest.mark.parametrize("kind", WORLDS)
def test_sample_is_that_of_the_published_study(kind: str) -> None:
    survey, planted = simulate_survey(kind, seed=3)
    assert len(survey) == 1166
    assert survey["country"].value_counts().to_dict() == COUNTRIES == {1: 340, 2: 529, 3: 297}
    assert (survey["stratum"] == survey["country"]).all()
    assert (survey["gender"] == 1).mean() == pytest.approx(0.711, abs=0.0005)
    assert survey["age"].between(18, 25).all()
    assert (survey["in_education"] == 1).mean() == pytest.approx(0.70, abs=0.05)
    assert survey["rid"].is_unique
    assert list(planted.index) == list(survey["rid"])


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        simulate_survey("simulatd", seed=1)


def test_weights_balance_gender_and_age_within_countries(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = demo
    older = (survey["age"] >= 22).rename("older")
    total = survey.groupby("country")["weight"].sum()
    for margin in (survey["gender"], older):
        shares = survey.groupby(["country", margin])["weight"].sum().div(total, level="country")
        np.testing.assert_allclose(shares, 0.5, atol=1e-3)
    assert survey["weight"].mean() == pytest.approx(1, abs=1e-3)
    assert survey["weight"].nunique() > 6


def test_questions_are_blank_exactly_where_not_asked(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = demo
    finished = survey[survey["cesd_get_going"].notna()]
    routed = [q for q in QUESTIONS if q.asked_if is not None]
    assert {q.name for q in routed} == {"onl_webcam", "jvq_partner", "sol_kept_contact", "help_sought"}
    for question in routed:
        gate, codes = question.asked_if
        np.testing.assert_array_equal(finished[question.name].notna(), finished[gate].isin(codes))
    others = [q.name for q in QUESTIONS if q.asked_if is None]
    assert finished[others].notna().all(axis=None)


def test_refusal_is_likelier_on_sensitive_questions() -> None:
    surveys = pd.concat([simulate_survey("simulated", seed=seed)[0] for seed in range(4)])
    refused = (surveys[SENSITIVE] == 99).mean().mean(), (surveys[PLAIN] == 99).mean().mean()
    assert refused[0] > 3 * refused[1] > 0
    assert (surveys[PLAIN] == 98).any().all()
    assert {998, 999} <= set(surveys["onl_contacts"].dropna())


def test_refusal_on_sensitive_questions_is_informative() -> None:
    refusals = {"sexually inquisitive online": [], "adapted": []}
    for seed in range(6):
        survey, planted = simulate_survey("simulated", seed=seed)
        for name, found in refusals.items():
            found.append((survey.loc[(planted == name).to_numpy(), SENSITIVE] == 99).mean().mean())
    assert np.mean(refusals["sexually inquisitive online"]) > 1.15 * np.mean(refusals["adapted"])


def test_a_few_break_off_before_half_of_the_typology_items(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = demo
    unfinished = survey["cesd_get_going"].isna()
    assert unfinished.sum() == 14
    answered = survey[[q.name for q in TYPOLOGY]].notna().mean(axis=1)
    assert answered[unfinished].max() < 0.5 < answered[~unfinished].min()


def test_about_one_percent_tick_the_same_position_throughout(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = demo
    scale_items = [name for battery in BATTERIES[::2] for name in battery.items]
    same = (survey[scale_items].nunique(axis=1) == 1) & survey[scale_items].notna().all(axis=1)
    assert same.sum() == 12
    careless = survey.loc[same, ["agg_threat", "off_fight", "jvq_assault", "onl_strangers"]]
    assert (careless.nunique(axis=1) == 1).all()


def test_rosenberg_is_reversed_by_wording_not_by_position(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    survey, _ = demo
    items = survey[list(ROSENBERG.items)].replace(UNANSWERED, np.nan)
    positions = [ROSENBERG.items.index(name) + 1 for name in ROSENBERG.flipped]
    assert positions == [3, 5, 8, 9, 10]
    assert _alpha(_flip(items, positions)) > 0.8
    assert _alpha(_flip(items, [2, 5, 6, 8, 9])) < 0.5


def test_planted_types_have_the_invented_shares(demo: tuple[pd.DataFrame, pd.Series]) -> None:
    _, planted = demo
    assert planted.value_counts(normalize=True).round(2).to_dict() == dict(
        zip(TYPE_NAMES, (0.50, 0.23, 0.15, 0.12), strict=True)
    )


@pytest.mark.parametrize("kind", ["simulated-severity", "simulated-independent"])
def test_controls_have_no_planted_types(kind: str) -> None:
    assert simulate_survey(kind, seed=1)[1].isna().all()


def _flip(items: pd.DataFrame, positions: list[int]) -> pd.DataFrame:
    flipped = items.copy()
    for position in positions:
        flipped.iloc[:, position - 1] = 3 - flipped.iloc[:, position - 1]
    return flipped.dropna()


def _alpha(items: pd.DataFrame) -> float:
    k = items.shape[1]
    return k / (k - 1) * (1 - items.var().sum() / items.sum(axis=1).var())
