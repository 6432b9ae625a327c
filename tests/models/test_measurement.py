"""Items that work otherwise are told from groups that merely have other types."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from typology.models.layout import layout
from typology.models.measurement import Differences, measurement_differences

P, K = 20, 3
RAISED = 4


def survey(
    seed: int, *, severity: float = 0.0, other_shares: bool = True, raised: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes, membership and group of 1,500 respondents in three groups."""
    rng = np.random.default_rng(seed)
    n = 1500
    group = np.repeat(np.arange(3), n // 3)
    shares = (
        np.array([[0.6, 0.2, 0.2], [0.3, 0.5, 0.2], [0.2, 0.2, 0.6]])
        if other_shares
        else np.full((3, 3), 1 / 3)
    )
    truth = np.array([rng.choice(K, p=shares[g]) for g in group])
    effect = np.random.default_rng(9).normal(0, 1.5, (K, P))
    logit = effect[truth] - 0.5 + severity * rng.normal(size=n)[:, None]
    codes = (rng.random((n, P)) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    if raised:
        higher = (group == 2) & (rng.random(n) < 0.35)
        codes[higher, RAISED] = 1
    codes[rng.random((n, P)) < 0.03] = -1
    return codes, np.eye(K)[truth] * 0.98 + 0.01 / 1.5, group


def differences(seed: int, **planted: float | bool) -> Differences:
    codes, membership, group = survey(seed, **planted)  # type: ignore[arg-type]
    severity = float(planted.get("severity", 0)) > 0
    everything = np.ones((K, 3), dtype=bool)
    columns = layout([2] * P, [True] * P)
    return measurement_differences(codes, columns, membership, group, everything, severity=severity)


@pytest.mark.parametrize("severity", [0.0, 1.0])
def test_other_shares_of_types_are_no_difference_of_items(severity: float) -> None:
    p = np.concatenate([
        stats.chi2.sf(found.ratio, found.freedom).ravel()
        for found in (differences(seed, severity=severity) for seed in range(4))
    ])  # fmt: skip
    # 240 tests at the 5% level: more than 10% would be beyond chance
    assert 0.01 < (p < 0.05).mean() < 0.10


@pytest.mark.parametrize("severity", [0.0, 1.0])
def test_an_item_that_is_answered_more_often_is_found_with_its_size(severity: float) -> None:
    found = differences(1, severity=severity, raised=True)
    p = stats.chi2.sf(found.ratio, found.freedom)
    assert p[RAISED, 2] < 1e-6
    assert found.size[RAISED].argmax() == 2
    assert found.observed[RAISED, 2] - found.expected[RAISED, 2] == pytest.approx(
        0.35 * (1 - found.expected[RAISED, 2]), abs=0.07
    )


def test_types_that_are_not_compared_add_no_freedom() -> None:
    codes, membership, group = survey(1)
    compared = np.array([[True] * 3, [True, True, False], [False] * 3])
    columns = layout([2] * P, [True] * P)
    found = measurement_differences(codes, columns, membership, group, compared, severity=False)
    assert (found.freedom == np.array([2, 2, 1])).all()


def test_nominal_items_have_a_size_but_no_average_answer() -> None:
    codes, membership, group = survey(1)
    columns = layout([2] * P, [j > 0 for j in range(P)])
    found = measurement_differences(
        codes, columns, membership, group, np.ones((K, 3), dtype=bool), severity=False
    )
    assert np.isnan(found.observed[0]).all()
    assert np.isfinite(found.size[0]).all()
    assert np.isfinite(found.observed[1:]).all()
