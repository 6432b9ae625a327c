"""False discoveries: the definitions, written down again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typology.models.multiplicity import false_discovery, false_discovery_by_family

P_VALUES = st.one_of(st.floats(0, 1), st.just(float("nan")))


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=40))
def test_q_values_are_benjamini_hochberg(p: list[float]) -> None:
    values = np.array(p)
    q = false_discovery(values)
    tested = np.flatnonzero(np.isfinite(values))
    assert np.isnan(q[np.isnan(values)]).all()
    for position in tested:
        # the definition: the least, over all larger p, of p times the number of tests over the rank
        larger = values[tested][values[tested] >= values[position]]
        scaled = [min(each * len(tested) / (values[tested] <= each).sum(), 1.0) for each in larger]
        assert q[position] == pytest.approx(min(scaled))


def rejected(p: np.ndarray, family: np.ndarray, level: float) -> np.ndarray:
    """Benjamini-Bogomolov at one level, step by step."""
    names = [name for name in np.unique(family) if np.isfinite(p[family == name]).any()]
    within = {name: false_discovery(p[family == name]) for name in names}
    simes = np.array([np.nanmin(within[name]) for name in names])
    ranked = np.sort(simes)
    passing = np.flatnonzero(ranked <= level * np.arange(1, len(names) + 1) / len(names))
    selected = 0 if not len(passing) else int(passing[-1]) + 1
    found = np.zeros(len(p), dtype=bool)
    for name in names:
        found[family == name] = within[name] <= level * selected / len(names)
    return found


@given(st.lists(st.tuples(P_VALUES, st.integers(0, 4)), max_size=30), st.floats(0.01, 0.99))
def test_q_values_by_family_reject_what_the_two_stages_reject(
    tests: list[tuple[float, int]], level: float
) -> None:
    p, family = np.array([each[0] for each in tests]), np.array([each[1] for each in tests])
    q = false_discovery_by_family(p, pd.Series(family))
    assert (np.isnan(q) == np.isnan(p)).all()
    for nearby in (level * (1 - 1e-9), level * (1 + 1e-9)):
        if not np.isclose(q, nearby, rtol=1e-6).any():
            assert (rejected(p, family, nearby) == (q <= nearby)).all()


def test_one_family_is_benjamini_hochberg() -> None:
    p = np.random.default_rng(1).random(20)
    np.testing.assert_allclose(false_discovery_by_family(p, pd.Series(["a"] * 20)), false_discovery(p))


def test_a_family_of_chance_among_many_true_ones_is_seldom_called() -> None:
    rng = np.random.default_rng(2)
    family = pd.Series(np.repeat(np.arange(12), 4))
    called, pooled = 0, 0
    for _ in range(400):
        p = np.where(family < 10, rng.random(48) * 1e-4, rng.random(48))
        called += (false_discovery_by_family(p, family)[family >= 10] < 0.05).any()
        pooled += (false_discovery(p)[family >= 10] < 0.05).any()
    assert called / 400 < 0.12 < pooled / 400
