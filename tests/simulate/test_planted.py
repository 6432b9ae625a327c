"""Planted surveys hold what was planted, and their Bayes-optimal types are the best there is."""

from __future__ import annotations

import numpy as np
import pytest

from typology.models.agreement import adjusted_rand
from typology.simulate.planted import FAMILIES, NULLS, SEPARATION, PlantedOptions, frame, plant


@pytest.mark.parametrize("name", sorted({**FAMILIES, **NULLS}))
def test_every_family_is_well_formed(name: str) -> None:
    options = {**FAMILIES, **NULLS}[name]
    survey = plant(options, seed=1)
    p = options.binary + options.ordinal + options.nominal + options.counts
    assert survey.codes.shape == (options.n, p)
    assert len(survey.levels) == p
    assert len(np.unique(survey.truth)) == len(options.shares)
    assert (survey.codes < 0).any() == bool(options.missing or options.routing)
    assert (survey.group is not None) == bool(options.countries)
    assert np.bincount(survey.truth) / options.n == pytest.approx(np.array(options.shares), abs=0.06)


def test_the_same_seed_is_the_same_survey() -> None:
    options = FAMILIES["missing"]
    assert (plant(options, seed=3).codes == plant(options, seed=3).codes).all()
    assert (plant(options, seed=3).codes != plant(options, seed=4).codes).any()


def mean_bayes(separation: float) -> float:
    surveys = [plant(PlantedOptions(n=800, separation=separation), seed=seed) for seed in range(3)]
    return float(np.mean([adjusted_rand(survey.truth, survey.bayes) for survey in surveys]))


def test_clearer_separation_is_easier_for_the_best_method() -> None:
    weak, moderate, clear = (mean_bayes(SEPARATION[name]) for name in ("weak", "moderate", "clear"))
    # the ranges of the design's table
    assert 0.6 < weak < 0.85
    assert weak < moderate < clear
    assert moderate > 0.88
    assert clear > 0.97


def test_the_bayes_types_beat_those_by_the_posterior_of_a_wrong_model() -> None:
    """Ignoring the level of severity costs accuracy, knowing it does not: the reference integrates it out."""
    survey = plant(PlantedOptions(n=2000, severity=1.0, separation=0.8), seed=2)
    total = survey.codes.sum(axis=1)
    bands = np.digitize(total, np.quantile(total, np.cumsum([0.5, 0.25, 0.15])))
    assert adjusted_rand(survey.truth, survey.bayes) > 0.6
    assert adjusted_rand(survey.truth, survey.bayes) > adjusted_rand(survey.truth, bands) + 0.3


def test_a_floor_type_answers_no_to_almost_everything() -> None:
    survey = plant(FAMILIES["floor"], seed=1)
    binary = survey.codes[:, :30]
    assert binary[survey.truth == 0].mean() < 0.05
    assert binary[survey.truth != 0].mean() > 0.2


def test_a_refusing_type_leaves_more_unanswered() -> None:
    survey = plant(FAMILIES["missing"], seed=1)
    gaps = (survey.codes < 0).mean(axis=1)
    refusing = survey.truth == 2
    assert gaps[~refusing].mean() == pytest.approx(0.15, abs=0.01)
    assert gaps[refusing].mean() > 0.2


def test_routed_items_are_asked_only_after_a_yes() -> None:
    survey = plant(NULLS["severity with routing"], seed=1)
    assert len(survey.routed) == 20
    for item, gate in survey.routed.items():
        assert ((survey.codes[:, item] >= 0) == (survey.codes[:, gate] == 1)).all()


def test_countries_shift_items() -> None:
    survey = plant(NULLS["severity with country"], seed=1)
    assert survey.group is not None
    means = np.array([survey.codes[survey.group == g].mean(axis=0) for g in np.unique(survey.group)])
    assert np.ptp(means, axis=0).max() > 0.3


def correlations(name: str) -> np.ndarray:
    return np.corrcoef(plant(NULLS[name], seed=1).codes.T)[np.triu_indices(50, 1)]


def test_what_the_nulls_hold() -> None:
    assert np.abs(correlations("independent")).mean() < 0.03
    assert correlations("severity").min() > 0
    two = correlations("two factors")
    assert np.quantile(two, 0.9) > 2 * np.quantile(two, 0.3)
    floor = plant(NULLS["severity with floor"], seed=1).codes
    assert (floor == 0).all(axis=1).mean() == pytest.approx(0.4, abs=0.05)
    copied = plant(NULLS["duplicated"], seed=1).codes
    assert 1 - len(np.unique(copied, axis=0)) / len(copied) == pytest.approx(0.2, abs=0.03)


def test_the_data_file_of_a_survey() -> None:
    survey = plant(PlantedOptions(n=100, binary=4, ordinal=2, missing=0.2, countries=2), seed=0)
    out = frame(survey)
    assert list(out.columns) == ["rid", *[f"item{j:03d}" for j in range(1, 7)], "country"]
    assert out["rid"].is_unique
    answers = out.filter(like="item")
    assert (answers.isna().to_numpy() == (survey.codes < 0)).all()
    assert (answers.fillna(-1).to_numpy() == survey.codes).all()
