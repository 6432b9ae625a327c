"""How distinct types must be to be found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from typology.evidence.power import COLUMNS, SEPARATIONS, power
from typology.evidence.verdict import LEAST_DISTANCE, LEAST_SIZE
from typology.progress import SilentProgress
from typology.results import Planted


def planted(separation: float, seed: int) -> Planted:
    """The farther apart, the more they stand out; draws differ by their seed."""
    noise = 0.1 * np.random.default_rng(seed).normal()
    return Planted(10 * separation - 2.5 + noise, separation / 10, min(separation, 1.0))


def table_of(planting: Callable[[float, int], Planted]) -> pd.DataFrame:
    """Run with one process."""
    return power(planting, seed=1, jobs=1, progress=SilentProgress())


def test_halving_ends_between_types_hardly_ever_missed_and_the_next_less_distinct() -> None:
    table = table_of(planted)
    assert list(table.columns) == COLUMNS
    chances = table.set_index("separation")["share_found"]
    assert tuple(chances.index) == (0.8, 1.0, 1.4)
    # a distance of 5.5, two beyond the bound
    assert chances[0.8] == pytest.approx(0.977, abs=0.02)
    assert chances.is_monotonic_increasing
    assert chances[0.8] < 0.99 <= chances[1.0]


@pytest.mark.parametrize("first", range(len(SEPARATIONS) + 1))
def test_the_least_distinct_types_found_are_tried_wherever_they_lie(first: int) -> None:
    bound = (*SEPARATIONS, np.inf)[first]
    table = table_of(lambda s, _: Planted(50.0 if s >= bound else 0.0, 1.0, s))
    tried = set(table["separation"])
    assert len(tried) == 3
    assert set(table.loc[table["share_found"] == 1, "separation"]) == {s for s in tried if s >= bound}
    assert {first - 1, first} & set(range(len(SEPARATIONS))) <= {SEPARATIONS.index(s) for s in tried}


def test_one_planting_gone_wrong_does_not_speak_for_the_others() -> None:
    wrong = []

    def mostly(separation: float, seed: int) -> Planted:
        wrong.append(seed)
        return Planted(-500.0 if seed == wrong[0] else 50.0, 1.0, separation)

    assert table_of(mostly)["share_found"].to_numpy() == pytest.approx(2 / 3)


def test_types_too_small_to_matter_are_not_found_however_certain() -> None:
    table = table_of(lambda s, _: Planted(50.0, 0.001, s))
    assert (table["share_found"] == 0).all()
    assert table["separation"].iloc[-1] == SEPARATIONS[-1]


def test_odds_ratio_is_that_of_two_types_on_average() -> None:
    table = table_of(planted)
    rng = np.random.default_rng(0)
    between = np.abs(rng.normal(scale=0.8, size=200_000) - rng.normal(scale=0.8, size=200_000)).mean()
    assert table.set_index("separation")["odds_ratio"][0.8] == pytest.approx(np.exp(between), rel=0.01)


class Counting(SilentProgress):
    """Counts the steps announced and made."""

    def __init__(self) -> None:
        self.announced = self.made = 0

    def start(self, label: str, *, total: int | None = None) -> None:
        self.announced += total or 0

    def advance(self, steps: int = 1) -> None:
        self.made += steps


def test_the_bar_fills() -> None:
    progress = Counting()
    table = power(planted, seed=1, jobs=1, progress=progress)
    assert progress.announced == progress.made == 3 * len(table)


def test_the_least_size_is_enough_and_seeds_are_those_of_the_study() -> None:
    asked: list[int] = []

    def plant(separation: float, seed: int) -> Planted:
        asked.append(seed)
        return Planted(LEAST_DISTANCE, LEAST_SIZE, 0.5)

    table = power(plant, seed=7, jobs=1, progress=SilentProgress())
    assert (table["share_found"] == 0.5).all()
    seeds = [int(s) for s in np.random.SeedSequence([7, 4]).generate_state(3)]
    assert asked == seeds * len(table)
