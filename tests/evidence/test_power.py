"""How distinct types must be to be found."""

from __future__ import annotations

import numpy as np
import pytest

from typology.evidence.power import COLUMNS, SEPARATIONS, power
from typology.progress import SilentProgress
from typology.results import Planted


def planted(separation: float, seed: int) -> Planted:
    """The farther apart, the more they stand out; draws differ by their seed."""
    noise = 0.1 * np.random.default_rng(seed).normal()
    return Planted(10 * separation - 2.5 + noise, separation / 10, min(separation, 1.0))


def test_chance_rises_and_the_series_ends_when_hardly_any_would_be_missed() -> None:
    table = power(planted, seed=1, jobs=1, progress=SilentProgress())
    assert list(table.columns) == COLUMNS
    assert (np.diff(table["share_found"]) > 0).all()
    assert table["share_found"].iloc[-1] >= 0.99 > table["share_found"].iloc[-2]
    # at 0.6 the mean distance is the bound itself
    assert table.set_index("separation")["share_found"][0.6] == pytest.approx(0.5, abs=0.1)


def test_types_too_small_to_matter_are_not_found_however_certain() -> None:
    table = power(lambda s, _: Planted(50.0, 0.001, s), seed=1, jobs=1, progress=SilentProgress())
    assert (table["share_found"] == 0).all()
    assert tuple(table["separation"]) == SEPARATIONS


def test_odds_ratio_is_that_of_two_types_on_average() -> None:
    table = power(planted, seed=1, jobs=1, progress=SilentProgress())
    rng = np.random.default_rng(0)
    between = np.abs(rng.normal(scale=0.3, size=200_000) - rng.normal(scale=0.3, size=200_000)).mean()
    assert table["odds_ratio"].iloc[0] == pytest.approx(np.exp(between), rel=0.01)
