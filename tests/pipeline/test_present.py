"""Which candidates are presented as types, and what respondents get."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pytest

from typology.errors import TypologyError
from typology.pipeline.present import present
from typology.pipeline.respondents import respondents_table

SIZES = (50, 30, 15, 5)
LABELS = np.repeat([0, 1, 2, -1], SIZES)
STABLE = ["stable", "stable", "highly stable"]


def test_all_types_are_presented_when_none_dissolved() -> None:
    prepared = carriers.prepared(100)
    presented = present(prepared, carriers.discovery(LABELS, 3), carriers.evidence(STABLE))
    assert presented.type_ids() == ["T1", "T2", "T3"]
    assert np.array_equal(presented.types.labels, LABELS)
    assert presented.grades == ("stable", "stable", "highly stable")


def test_weights_decide_the_order() -> None:
    weight = np.where(LABELS == 2, 10.0, 1.0)
    presented = present(
        carriers.prepared(100, weight=weight), carriers.discovery(LABELS, 3), carriers.evidence(STABLE)
    )
    assert np.array_equal(presented.types.labels, np.repeat([1, 2, 0, -1], SIZES))
    assert presented.grades == ("highly stable", "stable", "stable")
    assert list(presented.evidence.types["grade"]) == ["highly stable", "stable", "stable"]
    assert presented.evidence.crosswalk.iloc[0].tolist() == [4, 5]


def test_types_that_may_be_artefacts_are_named_by_their_presented_ids() -> None:
    weight = np.where(LABELS == 2, 10.0, 1.0)
    evidence = carriers.evidence(STABLE)
    flags = ["", "coincides with straight lining", "is mostly Italy"]
    evidence = replace(evidence, types=evidence.types.assign(flags=flags))
    presented = present(carriers.prepared(100, weight=weight), carriers.discovery(LABELS, 3), evidence)
    told = "Look twice: T1 is mostly Italy; T3 coincides with straight lining."
    assert presented.evidence.reason == f"{evidence.reason} {told}"
    assert presented.evidence.types["flags"].tolist() == [flags[2], flags[0], flags[1]]
    without = replace(evidence, verdict="gradient")
    assert (
        present(carriers.prepared(100), carriers.discovery(LABELS, 3), without).evidence.reason
        == evidence.reason
    )


def test_a_dissolved_candidate_is_no_type() -> None:
    prepared = carriers.prepared(100)
    evidence = carriers.evidence(["stable", "dissolved", "stable"])
    presented = present(prepared, carriers.discovery(LABELS, 3), evidence)
    assert presented.type_ids() == ["T1", "T2"]
    assert np.array_equal(presented.types.labels, np.repeat([0, -1, 1, -1], SIZES))
    assert not presented.types.core[50:80].any()
    assert np.allclose(presented.types.membership.sum(axis=1), 1.0)
    table = respondents_table(carriers.survey(prepared), prepared, presented).set_index("id")
    dissolved = table.loc[prepared.ids[50:80]]
    assert dissolved["type"].isna().all()
    assert (dissolved["candidate_type"] == "T3").all()
    assert table.loc[prepared.ids[80:95], "type"].eq("T2").all()
    assert table.loc[prepared.ids[95:], ["type", "candidate_type"]].isna().all(axis=None)
    assert np.allclose(table[["p_T1", "p_T2", "p_T3"]].sum(axis=1), 1.0)
    assert np.allclose(dissolved["membership"], dissolved["p_T3"])


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_without_the_verdict_nobody_has_a_type(verdict: str) -> None:
    prepared = carriers.prepared(100)
    evidence = carriers.evidence(STABLE, verdict=verdict)
    presented = present(prepared, carriers.discovery(LABELS, 3), evidence)
    assert presented.n_types == 0
    assert (presented.types.labels == -1).all()
    table = respondents_table(carriers.survey(prepared), prepared, presented)
    assert table["type"].isna().all()
    assert table["candidate_type"].notna().sum() == 95


def test_everybody_read_has_one_row() -> None:
    prepared = carriers.prepared(100, set_aside={"x1": "too few answers", "x2": "too few answers"})
    survey = carriers.survey(prepared, set_aside={"r0001 (row 7)": "duplicate respondent"})
    presented = present(prepared, carriers.discovery(LABELS, 3), carriers.evidence(STABLE))
    table = respondents_table(survey, prepared, presented).set_index("id")
    assert len(table) == survey.n_read == 103
    assert table["set_aside"].dropna().to_dict() == {
        "r0001 (row 7)": "duplicate respondent",
        "x1": "too few answers",
        "x2": "too few answers",
    }
    aside = table[table["set_aside"].notna()]
    assert aside[["type", "candidate_type", "membership", "p_T1"]].isna().all(axis=None)
    assert not aside["core"].any()
    assert list(table.reset_index().columns) == [
        "id", "type", "core", "membership", "candidate_type", "p_T1", "p_T2", "p_T3", "set_aside",
    ]  # fmt: skip


def test_a_lost_respondent_stops_the_run() -> None:
    prepared = carriers.prepared(100)
    survey = carriers.survey(prepared, set_aside={"gone": "duplicate respondent"})
    object.__setattr__(survey, "n_read", 150)
    presented = present(prepared, carriers.discovery(LABELS, 3), carriers.evidence(STABLE))
    with pytest.raises(TypologyError, match="150 rows were read"):
        respondents_table(survey, prepared, presented)
