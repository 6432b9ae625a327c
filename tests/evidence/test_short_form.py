"""The short form of a survey in which not everybody was searched."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.evidence import short_form
from typology.evidence.short_form import SHORT_FORM, short_form_frame
from typology.models.short_form import ShortForm, Survey
from typology.results import DesignColumns, Gate, Item, Prepared


def two_kinds() -> tuple[Prepared, np.ndarray]:
    """Answers of two kinds of respondents, and the kind of each."""
    rng = np.random.default_rng(1)
    kinds = rng.integers(0, 2, 600)
    codes = (rng.random((600, 8)) < np.where(kinds[:, None] == 0, 0.15, 0.85)).astype(np.int16)
    ids = np.array([f"{i:03d}" for i in range(600)], dtype=object)
    prepared = Prepared(
        ids=ids,
        items=tuple(Item(f"q{j}", f"Item {j}", "binary", "", (0, 1), ("no", "yes")) for j in range(8)),
        codes=codes,
        not_asked=np.zeros(codes.shape, dtype=bool),
        gates=(),
        design=DesignColumns(None, None, None),
        group=None,
        set_aside=pd.Series(dtype=object),
        flags=pd.DataFrame(index=ids),
    )
    return prepared, kinds


def asked(prepared: Prepared, labels: np.ndarray, monkeypatch: pytest.MonkeyPatch, **how: object) -> Survey:
    """What the search for a short form is given, and its seed."""
    given = []

    def look(survey: Survey, *, seed: int, jobs: int) -> ShortForm:
        given.append((survey, seed, jobs))
        kappa = np.array([0.5, 0.75, 0.9])
        return ShortForm((3, 1), kappa, kappa - 0.1, kappa + 0.1, 480)

    monkeypatch.setattr(short_form, "short_form", look)
    found = replace(carriers.discovery(labels, 2), **how)
    table = short_form_frame(prepared, found, labels, seed=7, jobs=2)
    assert table.to_dict("list") == {
        "k": [1, 2, 8], "item": ["q3", "q1", ""], "label": ["Item 3", "Item 1", "all items"],
        "kappa": [0.5, 0.75, 0.9], "lo": [0.4, 0.65, 0.8], "hi": [0.6, 0.85, 1.0], "base": [480] * 3,
    }  # fmt: skip
    assert list(table) == SHORT_FORM
    ((survey, seed, jobs),) = given
    assert jobs == 2
    assert seed == np.random.default_rng([7, 6]).integers(2**31)  # as in the releases so far
    return survey


def test_the_items_in_the_order_of_their_use_and_all_of_them_last(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared, kinds = two_kinds()
    survey = asked(prepared, kinds, monkeypatch)
    assert np.array_equal(survey.labels, kinds)
    assert np.array_equal(survey.codes, prepared.codes)
    assert survey.gates == {}
    assert survey.severity is False
    assert asked(prepared, kinds, monkeypatch, parameters={"severity_inside_types": True}).severity is True


@pytest.mark.parametrize("labels", [np.full(600, -1), np.zeros(600, dtype=int), np.zeros(0, dtype=int)])
def test_without_two_types_there_is_nothing_to_tell_apart(labels: np.ndarray) -> None:
    prepared, kinds = two_kinds()
    table = short_form_frame(prepared, carriers.discovery(kinds, 2), labels, seed=1, jobs=1)
    assert table.empty
    assert list(table) == SHORT_FORM


def test_what_opens_a_routed_item_is_asked_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared, kinds = two_kinds()
    gates = (Gate(4, 0, (1,)), Gate(5, 4, (1,)), Gate(4, 2, (0, 1)))
    survey = asked(replace(prepared, gates=gates), kinds, monkeypatch)
    assert survey.gates == {4: (0, 2), 5: (4,)}


def test_respondents_of_one_school_are_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared, kinds = two_kinds()
    assert np.array_equal(asked(prepared, kinds, monkeypatch).unit, np.arange(600))
    school = np.array([f"school {i % 20}" for i in range(600)], dtype=object)
    county = np.array([["east", "west"][i // 300] for i in range(600)], dtype=object)

    def units(stratum: np.ndarray | None) -> np.ndarray:
        design = DesignColumns(None, stratum, school)
        return asked(replace(prepared, design=design), kinds, monkeypatch).unit

    together = units(county)
    assert together.dtype == np.int64  # others count by them
    assert len(np.unique(together)) == 40  # school 1 of the east is not school 1 of the west
    assert (together[:20] == together[20:40]).all()
    assert len(np.unique(units(None))) == 20


def test_only_the_searched_take_part() -> None:
    prepared, kinds = two_kinds()
    codes = prepared.codes.copy()
    found = carriers.discovery(kinds, 2, xy=np.random.default_rng(2).normal(size=(600, 2)))
    searched = np.arange(0, 600, 2)
    table = short_form_frame(prepared, replace(found, sample=searched), kinds, seed=1, jobs=1)
    assert (table["base"] == len(searched)).all()
    rest = np.setdiff1d(np.arange(600), searched)
    codes[rest] = 1 - codes[rest]  # answers of the others do not matter
    again = short_form_frame(
        replace(prepared, codes=codes), replace(found, sample=searched), kinds, seed=1, jobs=1
    )
    pd.testing.assert_frame_equal(again, table)
