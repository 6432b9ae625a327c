"""Of very many respondents only those searched take part where types are found again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from typology.label import name_stability
from typology.label.name_stability import RESAMPLES, _Sums
from typology.label.reclustering import RECLUSTERINGS, recluster_all
from typology.label.resampling import psus_drawn
from typology.label.sampling import make_design
from typology.results import Floats, Ints


class _Coin:
    """Two types by a coin; the searched are every third of the clustered."""

    searched = np.arange(0, 80, 3)

    def __call__(self, rows: Ints, seed: int) -> tuple[Ints, Floats]:
        placed = np.random.default_rng(seed).integers(0, 2, len(self.searched))
        return placed, np.eye(2)[placed] * 0.8 + 0.1


def test_reclusterings_hold_the_searched_and_the_set_aside_alone() -> None:
    design = make_design(100)
    clustered = np.arange(10, 90)
    spread = recluster_all(design, clustered, _Coin(), seed=1, jobs=1)
    aside = [*range(10), *range(90, 100)]
    assert spread.rows.tolist() == sorted([*aside, *clustered[_Coin.searched]])
    assert len(spread.draws) == RECLUSTERINGS
    for draw in spread.draws:
        assert len(draw.placed) == len(spread.rows)
        outside = np.isin(spread.rows, aside)
        assert (draw.placed[outside] == 2).all()
        assert (draw.placed[~outside] < 2).all()


def test_answers_of_others_do_not_move_the_spread() -> None:
    design = make_design(100)
    spread = recluster_all(design, np.arange(10, 90), _Coin(), seed=1, jobs=1)
    answer = np.random.default_rng(3).integers(0, 2, 100).astype(float)
    others = np.setdiff1d(np.arange(100), spread.rows)
    changed = answer.copy()
    changed[others] = 1 - changed[others]
    found = spread.covariance(answer, design.weight, 0)
    assert found[0, 0] > 0
    np.testing.assert_array_equal(found, spread.covariance(changed, design.weight, 0))


def test_sums_of_resamples_are_those_of_the_drawn_and_do_not_depend_on_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(4)
    kind, what = rng.integers(0, 4, 103), rng.random((103, 5)) < 0.3
    types = kind[:, None] == np.arange(3)
    design = replace(make_design(103), weight=rng.random(103))
    inside, everyone = _Sums(design, types, np.random.default_rng(1)).of(list(what.T))
    draws = np.random.default_rng(1)
    for draw in range(RESAMPLES):
        times = psus_drawn(design, draws)[0][design.psu]
        for at, by in enumerate((times * design.weight, times)):
            np.testing.assert_allclose(inside[at, draw], (by[:, None] * types).T @ what)
            np.testing.assert_allclose(everyone[at, draw], by @ what)
    monkeypatch.setattr(name_stability, "BLOCK", 10)
    again = _Sums(design, types, np.random.default_rng(1)).of(list(what.T))
    for one, other in zip(again, (inside, everyone), strict=True):
        np.testing.assert_allclose(one, other)
