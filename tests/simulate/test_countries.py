"""Countries laid over a planted survey differ as they were told to, and in nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from typology.simulate.countries import CountryOptions, with_countries
from typology.simulate.planted import PlantedOptions, plant

SURVEY = plant(PlantedOptions(n=3000), seed=1)


def crosstab(options: CountryOptions) -> np.ndarray:
    survey = with_countries(SURVEY, options, seed=1)
    assert survey.group is not None
    return np.array(
        [[(survey.truth[survey.group == c] == t).mean() for t in range(4)] for c in options.names]
    )


def test_countries_do_not_follow_the_types() -> None:
    assert np.abs(crosstab(CountryOptions()) - np.array([0.5, 0.25, 0.15, 0.1])).max() < 0.05


def test_an_absent_type_is_absent_from_its_country_only() -> None:
    shares = crosstab(CountryOptions(absent=[(2, 1)]))
    assert shares[1, 2] == 0
    assert (shares[[0, 2], 2] > 0.1).all()


def test_raised_items_are_higher_in_the_last_country_only() -> None:
    before = with_countries(SURVEY, CountryOptions(), seed=1)
    after = with_countries(SURVEY, CountryOptions(raised=[0, 40], raise_by=0.5), seed=1)
    last = before.group == "Italy"
    assert (after.codes[~last] == before.codes[~last]).all()
    assert (after.codes[last][:, [0, 40]] > before.codes[last][:, [0, 40]]).mean() > 0.15
    assert after.codes.max() == before.codes.max()


def test_a_changed_type_answers_half_of_the_items_as_the_others_do() -> None:
    survey = with_countries(SURVEY, CountryOptions(changed=[(1, 2)]), seed=1)
    there = (survey.truth == 1) & (survey.group == "Italy")
    elsewhere = (survey.truth == 1) & (survey.group == "UK")
    others = (survey.truth != 1) & (survey.group == "Italy")
    away = np.abs(survey.codes[there].mean(axis=0) - survey.codes[elsewhere].mean(axis=0))
    assert (away > 0.2).sum() >= 10
    assert np.median(np.abs(survey.codes[there].mean(axis=0) - survey.codes[others].mean(axis=0))) < 0.2


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_is_the_same_survey(seed: int) -> None:
    options = CountryOptions(absent=[(0, 0)], raised=[3])
    assert (
        with_countries(SURVEY, options, seed=seed).codes == with_countries(SURVEY, options, seed=seed).codes
    ).all()
