"""How distinct types must be to be found."""

from __future__ import annotations

import numpy as np
import pytest

from typology.evidence.power import COLUMNS, SEPARATIONS, power
from typology.evidence.verdict import LEAST_DISTANCE, LEAST_SIZE
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


class Counting(SilentProgress):
    """Counts the steps announced and made."""

    def __init__(self) -> None:
        self.announced = self.made = 0

    def start(self, label: str, *, total: int | None = None) -> None:
        self.announced += total or 0

    def advance(self, steps: int = 1) -> None:
        self.made += steps


def test_the_bar_fills_however_early_the_series_ends() -> None:
    progress = Counting()
    table = power(planted, seed=1, jobs=1, progress=progress)
    assert len(table) < len(SEPARATIONS)
    assert progress.announced == progress.made == 3 * len(SEPARATIONS)


def test_the_least_size_is_enough_and_seeds_are_those_of_the_study() -> None:
    asked: list[int] = []

    def plant(separation: float, seed: int) -> Planted:
        asked.append(seed)
        return Planted(LEAST_DISTANCE, LEAST_SIZE, 0.5)

    table = power(plant, seed=7, jobs=1, progress=SilentProgress())
    assert (table["share_found"] == 0.5).all()
    seeds = [int(s) for s in np.random.SeedSequence([7, 4]).generate_state(3)]
    assert asked == seeds * len(SEPARATIONS)
