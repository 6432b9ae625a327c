"""Types beside those from complete cases and from multiple imputation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.surveys import prepared
from typology.evidence.sensitivity import COMPLETE, IMPUTED, TOO_FEW, _impute, _present, sensitivity
from typology.models.layout import indicators, item_layout
from typology.models.mixture import fit_mixture
from typology.results import Discovery, Prepared
from typology.simulate.planted import PlantedOptions, plant

CLEAR = PlantedOptions(n=800, binary=14, ordinal=4, shares=(0.5, 0.3, 0.2), separation=1.8)


def fitted(survey: Prepared, truth: np.ndarray) -> Discovery:
    """The measurement model started from the planted types, as discovery would hand it on."""
    columns = item_layout(survey.items)
    matrix = indicators(survey.codes, columns)
    model = fit_mixture(matrix, columns, np.eye(truth.max() + 1)[truth])
    membership = model.membership(matrix)[0]
    return Discovery(
        labels=membership.argmax(axis=1),
        membership=membership,
        core=np.ones(survey.n, dtype=bool),
        severity=np.zeros(survey.n),
        map_xy=np.zeros((survey.n, 2)),
        runs=pd.DataFrame(),
        selection=pd.DataFrame(),
        parameters={"severity_inside_types": False},
        profile=model.profile(),
    )


def planted(options: PlantedOptions, *, seed: int = 3) -> tuple[Prepared, Discovery]:
    made = plant(options, seed=seed)
    survey = prepared(made)
    return survey, fitted(survey, made.truth)


def test_nothing_missing_leaves_nothing_to_compare() -> None:
    assert sensitivity(*planted(CLEAR), seed=1).empty


def test_routed_questions_are_not_missing_answers() -> None:
    survey, found = planted(CLEAR)
    codes, not_asked = survey.codes.copy(), survey.not_asked.copy()
    codes[:300, 0], not_asked[:300, 0] = -1, True
    assert sensitivity(replace(survey, codes=codes, not_asked=not_asked), found, seed=1).empty


def test_answers_missing_at_random_leave_clear_types_as_they_are() -> None:
    survey, found = planted(replace(CLEAR, missing=0.02))
    table = sensitivity(survey, found, seed=1).set_index("analysis")
    complete = (survey.codes >= 0).all(axis=1).sum()
    assert table.loc[COMPLETE, "n"] == complete
    assert table.loc[IMPUTED, "n"] == survey.n - complete
    assert (table["ari"] > 0.9).all()
    assert (table["profile_r"] > 0.97).all()
    assert (table["note"] == "").all()


def test_a_type_that_hardly_answers_is_lost_among_complete_cases() -> None:
    """Imputation keeps who is left out of complete cases; the first is what the model already does."""
    survey, found = planted(CLEAR)
    codes = survey.codes.copy()
    rng = np.random.default_rng(0)
    quiet = np.flatnonzero(found.labels == 2)
    gone = rng.random((len(quiet), codes.shape[1])) < 0.3
    codes[quiet] = np.where(gone, -1, codes[quiet])
    hurt = replace(survey, codes=codes)
    table = sensitivity(hurt, fitted(hurt, found.labels), seed=1).set_index("analysis")
    assert table.loc[COMPLETE, "profile_r"] < 0.9
    assert table.loc[IMPUTED, "profile_r"] > 0.97
    assert table.loc[IMPUTED, "ari"] > 0.85


@pytest.mark.parametrize("left", [20, 49])
def test_too_few_complete_cases_are_said_to_be_so(left: int) -> None:
    survey, found = planted(CLEAR)
    codes = survey.codes.copy()
    codes[left:, 0] = -1
    row = sensitivity(replace(survey, codes=codes), found, seed=1).set_index("analysis").loc[COMPLETE]
    assert row["n"] == left
    assert row["note"] == TOO_FEW
    assert np.isnan(row["ari"])


def test_imputed_answers_follow_the_type_and_touch_nothing_answered() -> None:
    survey, found = planted(CLEAR)
    codes = survey.codes.copy()
    hidden = np.random.default_rng(2).random(codes.shape) < 0.15
    codes[hidden] = -1
    hurt = replace(survey, codes=codes)
    present = _present(hurt, found, np.random.default_rng(0))
    filled = _impute(present, np.random.default_rng(1))
    assert (filled[~hidden] == survey.codes[~hidden]).all()
    assert (filled >= 0).all()
    for kind in range(found.n_types):
        mine = found.labels == kind
        for item in range(14):
            gaps = hidden[:, item] & mine
            # a mean of drawn 0/1 answers against that of the answers that were hidden: 4 standard errors
            assert filled[gaps, item].mean() == pytest.approx(
                survey.codes[gaps, item].mean(), abs=4 * np.sqrt(0.5 / gaps.sum())
            )


def test_the_same_seed_gives_the_same_table() -> None:
    survey, found = planted(replace(CLEAR, n=300, missing=0.03))
    first, again, other = (sensitivity(survey, found, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)
