"""What must not matter does not: order of rows and columns, codes, direction of items, scale of weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from clustering import config, planted_survey, study, survey
from hypothesis import given, settings
from hypothesis import strategies as st

from typology.discover import types
from typology.discover.types import discover
from typology.models.agreement import adjusted_rand
from typology.prepare.encode import prepare
from typology.progress import SilentProgress
from typology.results import Discovery, Prepared
from typology.simulate.planted import PlantedOptions, plant

PLANTED = plant(
    PlantedOptions(
        n=320, binary=12, ordinal=5, nominal=2, shares=(0.5, 0.3, 0.2), separation=1.7, missing=0.05
    ),
    seed=21,
)


def encode(answers: pd.DataFrame, variables: dict[str, dict[str, Any]]) -> Prepared:
    read = survey(answers, variables)
    return prepare(read, study(read.codebook))


@pytest.fixture(scope="module")
def short_ladder():
    patch = pytest.MonkeyPatch()
    patch.setattr(types, "LARGEST", 4)
    yield
    patch.undo()


def find(prepared: Prepared, *, jobs: int = 1) -> Discovery:
    return discover(prepared, config(), jobs=jobs, progress=SilentProgress())


@pytest.fixture(scope="module")
def base(short_ladder: None) -> tuple[Prepared, Discovery]:
    prepared = encode(*planted_survey(PLANTED))
    return prepared, find(prepared)


def flipped(variable: dict[str, Any]) -> dict[str, Any]:
    """The same question coded the other way round."""
    top = len(variable["values"])
    values = {top + 1 - code: label for code, label in variable["values"].items()}
    return {**variable, "values": dict(sorted(values.items())), "reverse": True}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.001, 1000.0))
def test_the_clustering_input_is_the_same_however_the_survey_is_written(seed: int, scale: float) -> None:
    """Discovery is handed the same input, so labels by id are the same."""
    rng = np.random.default_rng(seed)
    answers, variables = planted_survey(PLANTED)
    plain = encode(answers, variables)
    for name, variable in variables.items():
        if variable["type"] == "ordinal" and rng.random() < 0.5:
            answers[name] = len(variable["values"]) + 1 - answers[name]
            variables[name] = flipped(variable)
        elif variable["type"] in ("binary", "nominal", "ordinal"):
            # any codes will do as long as the codebook lists them in the same order
            codes = [float(code) for code in rng.permutation(len(variable["values"])) + rng.integers(1, 90)]
            renamed = dict(zip(variable["values"], codes, strict=True))
            answers[name] = answers[name].map(renamed)
            variables[name] = {
                **variable, "values": {renamed[code]: label for code, label in variable["values"].items()}
            }  # fmt: skip
            if "positive" in variable:
                variables[name]["positive"] = renamed[variable["positive"]]
    answers["weight"] *= scale
    other = encode(answers.sample(frac=1, random_state=seed % 2**32), variables)
    assert other.ids.tolist() == plain.ids.tolist()
    assert (other.codes == plain.codes).all()
    assert [item.labels for item in other.items] == [item.labels for item in plain.items]
    assert plain.design.weight is not None
    assert other.design.weight == pytest.approx(plain.design.weight * scale)


def test_the_planted_types_are_found(base: tuple[Prepared, Discovery]) -> None:
    prepared, found = base
    assert found.n_types == 3
    assert adjusted_rand(PLANTED.truth, found.labels) > 0.95 * adjusted_rand(PLANTED.truth, PLANTED.bayes)
    # numbered by weighted size, which here differs from the number of respondents only by little
    assert prepared.design.weight is not None
    mass = np.bincount(found.membership.argmax(axis=1), weights=prepared.design.weight)
    assert (np.diff(mass) < 0).all()


def permuted_columns(prepared: Prepared) -> Prepared:
    order = np.random.default_rng(3).permutation(len(prepared.items))
    return replace(
        prepared,
        items=tuple(prepared.items[j] for j in order),
        codes=prepared.codes[:, order],
        not_asked=prepared.not_asked[:, order],
    )


def recoded(prepared: Prepared) -> Prepared:
    """Categories of nominal items in another order, and some items asked the other way round."""
    codes = prepared.codes.copy()
    for j, item in enumerate(prepared.items):
        levels = np.arange(len(item.categories))
        if item.level == "nominal":
            levels = np.random.default_rng(j).permutation(levels)
        elif j % 3 == 0:
            levels = levels[::-1]
        codes[:, j] = np.where(codes[:, j] >= 0, levels[codes[:, j]], -1)
    return replace(prepared, codes=codes)


@pytest.mark.parametrize("change", [permuted_columns, recoded])
def test_the_same_types_from_columns_categories_or_directions_of_any_kind(
    base: tuple[Prepared, Discovery], change: Any
) -> None:
    """Not bit for bit (random numbers fall on other cells), but the same people together."""
    prepared, found = base
    again = find(change(prepared))
    assert again.n_types == found.n_types
    assert adjusted_rand(again.labels, found.labels) > 0.97
    assert (again.labels == found.labels).mean() > 0.97


def test_weights_only_number_the_types_and_processes_change_nothing(
    base: tuple[Prepared, Discovery],
) -> None:
    """Weighting the smallest type up, on any scale, makes it T1; nothing else changes, nor by processes."""
    prepared, found = base
    weight = 731.0 * np.where(found.labels == 2, 50.0, 1.0)
    again = find(replace(prepared, design=replace(prepared.design, weight=weight)), jobs=2)
    assert (again.membership[:, [1, 2, 0]] == found.membership).all()
    assert (again.labels == np.array([1, 2, 0, -1])[found.labels]).all()
    assert (again.core == found.core).all()
    assert all(
        (one.null == other.null).all() and one.gain == other.gain
        for one, other in zip(again.calibration, found.calibration, strict=True)
    )
    assert again.association == found.association


def test_respondents_outside_every_type_are_unassigned_and_in_no_core(
    base: tuple[Prepared, Discovery],
) -> None:
    _, found = base
    assert found.membership.sum(axis=1) == pytest.approx(np.ones(len(found.labels)))
    assigned = found.labels >= 0
    assert (found.membership.argmax(axis=1)[assigned] == found.labels[assigned]).all()
    assert not found.core[~assigned].any()
    assert found.core.mean() > 0.5
    assert found.profile.shape[0] == 3
