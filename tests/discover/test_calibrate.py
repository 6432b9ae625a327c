"""Surveys without types keep all that is not types: gaps, routing, careless answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from clustering import config

from benchmarks.surveys import prepared
from typology.discover.calibrate import ShuffledAnswers, answers, compared_with, light_search, null_model
from typology.discover.propose import encoded
from typology.models.scores import latent_scores
from typology.results import Gate, Prepared
from typology.simulate.planted import PlantedOptions, plant

OPTIONS = PlantedOptions(
    n=400, binary=10, ordinal=5, shares=(1.0,), severity=1.3, routing=0.3, missing=0.1, countries=2
)


def small(**changes: object) -> Prepared:
    return prepared(plant(replace(OPTIONS, **changes), seed=9))


def marked(survey: Prepared, name: str, rows: np.ndarray) -> Prepared:
    flags = pd.DataFrame({name: np.isin(np.arange(survey.n), rows)}, index=survey.ids)
    return replace(survey, flags=flags)


def test_refused_answers_stay_refused_and_routing_is_followed_anew() -> None:
    survey = small()
    model = null_model(survey, encoded(survey))
    drawn = model.draw(1)
    refused = (survey.codes < 0) & ~survey.not_asked
    assert refused.any()
    assert (drawn[refused] == -1).all()
    for item, gate, allowed in survey.gates:
        asked = np.isin(drawn[:, gate], allowed)
        unknown = refused[:, gate]
        assert (drawn[~asked & ~unknown, item] == -1).all()
        assert (drawn[asked & ~refused[:, item], item] >= 0).all()
        # whose gate gave no answer keeps the gap, or the answer, there was
        assert ((drawn[unknown, item] >= 0) == (survey.codes[unknown, item] >= 0)).all()
        # not the same respondents are asked, but about as many
        assert asked.mean() == pytest.approx(np.isin(survey.codes[:, gate], allowed).mean(), abs=0.1)
    routed = {route.item for route in survey.gates}
    free = [j for j in range(survey.codes.shape[1]) if j not in routed]
    assert ((drawn[:, free] < 0) == refused[:, free]).all()


def test_who_was_routed_past_by_a_question_outside_the_items_stays_so() -> None:
    survey = small(routing=0.0, missing=0.0)
    not_asked = np.zeros(survey.codes.shape, dtype=bool)
    not_asked[50:150, 4] = True
    survey = replace(
        survey,
        codes=np.where(not_asked, -1, survey.codes).astype(np.int16),
        not_asked=not_asked,
        gates=(),
    )
    drawn = null_model(survey, encoded(survey)).draw(1)
    assert ((drawn < 0) == not_asked).all()


def test_gates_behind_gates_and_items_with_two_gates_are_followed() -> None:
    survey = small(routing=0.0, missing=0.0)
    codes = survey.codes.copy()
    # 7 opens 2; 2 and 5 together open 0: later items are the gates of earlier ones
    routes = (Gate(2, 7, (1,)), Gate(0, 2, (1,)), Gate(0, 5, (0,)))
    codes[codes[:, 7] != 1, 2] = -1
    codes[(codes[:, 2] != 1) | (codes[:, 5] != 0), 0] = -1
    survey = replace(survey, codes=codes, not_asked=codes < 0, gates=routes)
    drawn = null_model(survey, encoded(survey)).draw(1)
    assert ((drawn[:, 2] >= 0) == (drawn[:, 7] == 1)).all()
    assert ((drawn[:, 0] >= 0) == ((drawn[:, 2] == 1) & (drawn[:, 5] == 0))).all()
    assert (drawn[:, 2] >= 0).mean() == pytest.approx((codes[:, 2] >= 0).mean(), abs=0.1)


def test_straight_liners_keep_their_answers() -> None:
    survey = small()
    rows = np.arange(0, 40)
    codes = survey.codes.copy()
    codes[rows] = np.where(codes[rows] >= 0, 1, -1)
    survey = marked(replace(survey, codes=codes), "straight_lining", rows)
    model = null_model(survey, encoded(survey))
    drawn = model.draw(1)
    assert (drawn[rows] == codes[rows]).all()
    assert (drawn[40:] != codes[40:]).any(axis=1).mean() > 0.9


def test_copied_rows_are_kept_and_likely_repeats_are_not() -> None:
    """The same fifteen answers are a copy; 'no' throughout is what many give."""
    survey = small(routing=0.0, missing=0.0, zero_rows=0.3, countries=0)
    codes = survey.codes.copy()
    rare = int((codes > 0).sum(axis=1).argmax())
    codes[:3] = codes[rare]
    floor = np.flatnonzero((codes == 0).all(axis=1))
    survey = marked(replace(survey, codes=codes), "duplicate_answers", np.r_[0:3, floor])
    model = null_model(survey, encoded(survey))
    assert model.careless[:3].all()
    assert not model.careless[floor].any()
    assert (model.draw(5)[:3] == codes[:3]).all()


def test_draws_follow_their_seed() -> None:
    survey = small()
    model = null_model(survey, encoded(survey))
    assert (model.draw(1) == model.draw(1)).all()
    assert (model.draw(1) != model.draw(2)).any()


def test_answers_are_pooled_by_pattern() -> None:
    survey = small(missing=0.0, zero_rows=0.4)
    pool = answers(encoded(survey))
    assert pool.n == survey.n
    assert len(pool.count) < survey.n
    assert np.bincount(pool.pattern) == pytest.approx(pool.count)
    assert (pool.matrix[pool.pattern] == encoded(survey).matrix).all()
    start = np.random.default_rng(0).dirichlet(np.ones(2), size=survey.n)
    pooled = pool.pooled(start)
    same = pool.pattern == pool.pattern[(survey.codes == 0).all(axis=1).argmax()]
    assert pooled[pool.pattern[same][0]] == pytest.approx(start[same].mean(axis=0))


def test_more_types_gain_more_and_planted_types_gain_most() -> None:
    planted = prepared(
        plant(PlantedOptions(n=400, binary=12, ordinal=6, shares=(0.5, 0.3, 0.2), separation=1.6), seed=4)
    )
    data = encoded(planted)
    survey = light_search(data, config(), largest={False: 3, True: 2}, seed=1)
    assert set(survey.by_kind) == {False, True}
    assert survey.by_kind[False] > light_search(data, config(), largest={False: 2}, seed=1).by_kind[False]
    assert (np.diff(survey.eigenvalues) <= 0).all()
    model = null_model(planted, data)
    nulls = [
        light_search(replace(data, codes=model.draw(seed)), config(), largest={False: 3}, seed=seed).by_kind[
            False
        ]
        for seed in range(3)
    ]
    assert survey.by_kind[False] > max(nulls)


@pytest.mark.parametrize("related", [False, True])
def test_unrelated_items_are_judged_against_shuffled_answers(related: bool) -> None:
    survey = small(severity=1.3 if related else 0.0, routing=0.0)
    data = encoded(survey)
    rng = np.random.default_rng(1)
    scores = latent_scores(data.matrix, data.columns, rng=rng, permutations=199, group=data.group)
    chosen = compared_with(null_model(survey, data), data, scores)
    assert isinstance(chosen, ShuffledAnswers) != related
    drawn = chosen.draw(5)
    assert ((drawn < 0) == (data.codes < 0)).all()
    if not related:  # every item keeps its margin
        assert (np.sort(drawn, axis=0) == np.sort(data.codes, axis=0)).all()
        assert (drawn != data.codes).any()
