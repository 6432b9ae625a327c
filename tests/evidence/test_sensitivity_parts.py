"""What the other treatments of unanswered questions are made of, one by one."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.evidence import sensitivity as stage
from typology.evidence.sensitivity import (
    COLUMNS,
    COMPLETE,
    _centred,
    _draw,
    _impute,
    _Present,
    _present,
    sensitivity,
)
from typology.models.agreement import adjusted_rand
from typology.models.layout import indicators
from typology.models.mixture import Mixture, fit_mixture
from typology.results import Discovery, Item, Prepared

N = 240
EVERYONE = np.ones(N, dtype=bool)


def two_kinds(*, severity: bool = False) -> tuple[Prepared, Discovery]:
    """Ten yes/no items of two kinds of respondents; every third left the first item open."""
    rng = np.random.default_rng(5)
    kinds = np.arange(N) % 2
    codes = (rng.random((N, 10)) < np.where(kinds[:, None] == 0, 0.15, 0.85)).astype(np.int16)
    codes[::3, 0] = -1
    items = tuple(Item(f"q{j}", f"Item {j}", "binary", "", (0, 1), ("no", "yes")) for j in range(10))
    survey = replace(
        carriers.prepared(N), items=items, codes=codes, not_asked=np.zeros(codes.shape, dtype=bool)
    )
    found = carriers.discovery(kinds, 2)
    profile = np.repeat([[0.85, 0.15], [0.15, 0.85]], 10, axis=0).reshape(2, 20)
    return survey, replace(found, parameters={"severity_inside_types": severity}, profile=profile)


def compared_on(*, severity: bool = False) -> _Present:
    return _present(*two_kinds(severity=severity), np.random.default_rng(0))


def fits(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Keep what every fit is told."""
    calls: list[dict[str, object]] = []

    def fit(*given: object, **told: object) -> Mixture:
        calls.append(told)
        return fit_mixture(*given, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(stage, "fit_mixture", fit)
    return calls


def test_of_very_many_a_random_part_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "LARGEST_SAMPLE", 100)
    survey, found = two_kinds()
    numbered = replace(found, labels=np.arange(N))
    present = _present(survey, numbered, np.random.default_rng(0))
    rows = present.labels
    assert rows.shape == (100,)
    assert (np.diff(rows) > 0).all()  # nobody twice
    assert rows[-1] > 150  # from all over the survey
    assert np.array_equal(present.codes, survey.codes[rows])
    assert np.array_equal(present.membership, found.membership[rows])
    assert np.array_equal(present.unanswered, survey.codes[rows] < 0)
    assert not np.array_equal(rows, _present(survey, numbered, np.random.default_rng(1)).labels)
    assert (sensitivity(survey, found, seed=1)["base"] == 100).all()


def test_up_to_the_largest_sample_everybody_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "LARGEST_SAMPLE", N)
    survey, found = two_kinds()
    assert np.array_equal(_present(survey, found, np.random.default_rng(0)).codes, survey.codes)


def test_a_table_without_rows_has_its_columns() -> None:
    survey, found = two_kinds()
    answered = replace(survey, codes=np.maximum(survey.codes, 0).astype(np.int16))
    table = sensitivity(answered, found, seed=1)
    assert table.empty
    assert list(table) == COLUMNS


@pytest.mark.parametrize("severity", [False, True])
def test_the_same_kind_of_model_is_fitted_again(severity: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    present = compared_on(severity=severity)
    calls = fits(monkeypatch)
    model = present.fit(present.codes, EVERYONE, steps=60)
    assert present.severity is severity
    assert (model.slopes != 0).any() == severity
    assert calls == [{"count": None, "severity": severity, "iterations": 60, "tolerance": 1e-5}]
    assert present.fit(present.codes, EVERYONE, steps=1).iterations == 1 < model.iterations


def test_a_respondent_who_counts_for_many_is_as_many() -> None:
    present = compared_on()
    count = np.where(np.arange(N) % 2 == 0, 3.0, 1.0)
    model = present.fit(present.codes, EVERYONE, count=count, steps=60)
    assert model.shares.tolist() == pytest.approx([0.75, 0.25], abs=0.03)


def test_agreement_is_over_all_who_are_in_a_type() -> None:
    present = compared_on()
    model = present.fit(present.codes, EVERYONE, steps=60)
    found = model.membership(indicators(present.codes, present.columns))[0].argmax(axis=1)
    loose = np.where(np.arange(N) % 5 == 0, -1, found)
    assert replace(present, labels=loose).compared(present.codes, EVERYONE)[0] == pytest.approx(1.0)
    # of the second type a third was in the first before
    before = np.where((found == 1) & (np.arange(N) % 3 == 0), 0, found)
    ari = replace(present, labels=before).compared(present.codes, EVERYONE)[0]
    assert ari == pytest.approx(adjusted_rand(before, found))
    assert ari < 0.7


@pytest.mark.parametrize(
    ("fewest", "per_type", "complete", "enough"),
    [(50, 10, 49, False), (50, 10, 50, True), (5, 20, 39, False), (5, 20, 40, True)],
)
def test_complete_cases_are_enough_from_the_bound_on(
    fewest: int, per_type: int, complete: int, enough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "FEWEST", fewest)
    monkeypatch.setattr(stage, "FEWEST_PER_TYPE", per_type)
    survey, found = two_kinds()
    codes = np.maximum(survey.codes, 0)
    codes[complete:, 0] = -1
    table = sensitivity(replace(survey, codes=codes.astype(np.int16)), found, seed=1)
    row = table.set_index("analysis").loc[COMPLETE]
    assert row["n"] == complete
    assert pd.notna(row["ari"]) == enough
    assert pd.notna(row["profile_r"]) == enough


def test_every_imputation_draws_its_own_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Bayesian bootstrap: weights drawn anew, which sum to the number of respondents."""
    present = compared_on()
    calls = fits(monkeypatch)
    rng = np.random.default_rng(3)
    for _ in range(2):
        _impute(present, rng)
    first, second = (np.asarray(call["count"], dtype=float) for call in calls)
    assert first.shape == (N,)
    assert first.sum() == pytest.approx(N)
    assert second.sum() == pytest.approx(N)
    assert (first > 0).all()
    assert first.std() > 0.5  # exponential: as large as their mean
    assert not np.allclose(first, second)
    assert [call["iterations"] for call in calls] == [20, 20]


def test_each_row_of_log_weights_has_its_largest_at_zero() -> None:
    log = np.array([[[-1.0, -2.0], [-4.0, -3.0]], [[-1002.0, -1001.0], [-1000.0, -1003.0]]])
    assert _centred(log).tolist() == [[[0.0, -1.0], [-3.0, -2.0]], [[-2.0, -1.0], [0.0, -3.0]]]


def test_columns_are_drawn_by_their_weights_whatever_these_sum_to() -> None:
    weights = np.tile([1.0, 0.0, 3.0], (4000, 1))
    drawn = _draw(weights, np.random.default_rng(2))
    share = np.bincount(drawn, minlength=3) / 4000
    assert share[1] == 0
    assert share[2] == pytest.approx(0.75, abs=0.03)  # four standard errors
    for scale in (1 / 64, 64):
        assert np.array_equal(_draw(weights * scale, np.random.default_rng(2)), drawn)


def test_what_cannot_be_is_not_drawn_even_at_the_edge() -> None:
    lowest = Mock(spec=np.random.Generator)
    lowest.random.return_value = np.zeros(2)
    assert _draw(np.array([[0.0, 1.0], [1.0, 0.0]]), lowest).tolist() == [1, 0]
