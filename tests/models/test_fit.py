"""Person fit: about zero for members, far below for answers no type explains."""

from __future__ import annotations

import numpy as np
import pytest

from typology.models.fit import person_fit
from typology.models.layout import indicators, layout
from typology.models.mixture import Mixture, fit_mixture

ITEMS = 40
COLUMNS = layout([2] * ITEMS, [True] * ITEMS)


@pytest.fixture(scope="module")
def model_and_codes() -> tuple[Mixture, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 800)
    rate = np.where((np.arange(ITEMS) < 20)[None], [[0.85], [0.15]], [[0.15], [0.85]])
    codes = (rng.random((800, ITEMS)) < rate[truth]).astype(np.int64)
    return fit_mixture(indicators(codes, COLUMNS), COLUMNS, np.eye(2)[truth]), codes


def test_members_are_about_standard_normal(model_and_codes: tuple[Mixture, np.ndarray]) -> None:
    model, codes = model_and_codes
    fit = person_fit(model, indicators(codes, COLUMNS))
    assert fit.mean() == pytest.approx(0, abs=0.15)
    assert fit.std() == pytest.approx(1, abs=0.15)
    assert (fit < -4).mean() < 0.005


def test_answers_that_no_type_explains_fit_badly(model_and_codes: tuple[Mixture, np.ndarray]) -> None:
    model, _ = model_and_codes
    alternating = (np.arange(ITEMS) % 2)[None]
    first_type = (np.arange(ITEMS) < 20).astype(int)[None]
    fit = person_fit(model, indicators(np.vstack([alternating, first_type]), COLUMNS))
    assert fit[0] < -4
    assert fit[1] > 0


def test_missing_answers_neither_help_nor_harm(model_and_codes: tuple[Mixture, np.ndarray]) -> None:
    model, codes = model_and_codes
    partial = codes.copy()
    partial[:, ::2] = -1
    fit = person_fit(model, indicators(partial, COLUMNS))
    assert fit.mean() == pytest.approx(0, abs=0.15)
    assert fit.std() == pytest.approx(1, abs=0.2)
    nothing = person_fit(model, indicators(np.full((1, ITEMS), -1), COLUMNS))
    assert nothing.tolist() == [0.0]
