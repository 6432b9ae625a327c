"""The short form: items that tell the types come first, and agreement is measured on unseen respondents."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from typology.models.layout import layout
from typology.models.short_form import Survey, kappa, short_form
from typology.results import Ints

SHARP, DULL = 6, 8


def planted(
    n: int = 600, *, seed: int = 1, units: int = 0, gates: dict[int, tuple[int, ...]] | None = None
) -> Survey:
    """Three types told apart by six items; eight items are the same in all types."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    level = np.full((3, SHARP + DULL), 0.3)
    level[:, :SHARP] = 0.08
    for c in range(3):
        level[c, 2 * c : 2 * c + 2] = 0.9
    codes = (rng.random((n, SHARP + DULL)) < level[kind]).astype(np.int64)
    codes[rng.random(codes.shape) < 0.03] = -1
    likelihood = np.ones((n, 3)) * [0.5, 0.3, 0.2]
    for j in range(SHARP + DULL):
        seen = codes[:, j] >= 0
        likelihood[seen] *= np.where(codes[seen, j, None] == 1, level[:, j], 1 - level[:, j])
    membership = likelihood / likelihood.sum(axis=1, keepdims=True)
    return Survey(
        codes=codes,
        columns=layout([2] * (SHARP + DULL), [True] * (SHARP + DULL)),
        membership=membership,
        labels=membership.argmax(axis=1).astype(np.int64),
        unit=np.arange(n) if not units else rng.integers(0, units, n),
        gates=gates or {},
        severity=False,
    )


def test_items_that_tell_the_types_come_first_and_few_are_enough() -> None:
    found = short_form(planted(), seed=3)
    assert set(found.items[:SHARP]) == set(range(SHARP))
    assert found.kappa[SHARP - 1] > 0.9
    assert found.kappa[-1] > 0.95
    assert found.kappa[0] < found.kappa[2] < found.kappa[-1]
    assert ((found.lo <= found.kappa) & (found.kappa <= found.hi)).all()
    assert found.respondents == 600


def test_it_does_not_depend_on_the_number_of_processes_and_repeats_itself() -> None:
    survey = planted(300)
    one, two = short_form(survey, seed=3), short_form(survey, seed=3, jobs=2)
    assert one.items == two.items
    np.testing.assert_array_equal(one.kappa, two.kappa)


def test_a_routed_item_waits_for_its_gate() -> None:
    found = short_form(planted(gates={0: (SHARP,), 1: (SHARP,)}), seed=3)
    assert found.items.index(SHARP) < min(found.items.index(0), found.items.index(1))


def test_nobody_without_a_type_counts_and_units_stay_whole() -> None:
    survey = planted(400, units=30)
    labels: Ints = np.where(np.arange(400) < 100, -1, survey.labels)
    found = short_form(Survey(**{**vars(survey), "labels": labels}), seed=3)
    assert found.respondents == 300
    clustered = short_form(survey, seed=3)
    assert (clustered.hi - clustered.lo > 0).all()


def test_kappa_is_cohens() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    two[:120] = one[:120]
    table = np.zeros((1, 3, 3))
    np.add.at(table[0], (one, two), 1)
    assert kappa(table)[0] == pytest.approx(cohen_kappa_score(one, two))
