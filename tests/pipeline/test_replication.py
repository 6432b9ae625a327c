"""Replication in the pipeline: the demo survey's planted types by country, and what may be shown of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import planted
import pytest

from typology.disclose import protect
from typology.evidence.replicate import Replication
from typology.models.replication import ABSENT, REPLICATES
from typology.pipeline.present import Presented, present
from typology.pipeline.replication import replication_of, replication_tables
from typology.prepare.encode import prepare
from typology.profile.replication import sentences
from typology.progress import SilentProgress
from typology.results import Prepared, Survey
from typology.survey.read import read_survey

STUDY = planted.load(Path(__file__).resolve().parents[2] / "configs")
COUNTRIES = ["UK", "Ireland", "Italy"]


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(STUDY)


@pytest.fixture(scope="module")
def prepared(survey: Survey) -> Prepared:
    return prepare(survey, STUDY)


def presented_of(prepared: Prepared, verdict: str = "types") -> Presented:
    stages = planted.stand_ins(STUDY, verdict=verdict)
    found = stages["discover"](prepared, STUDY.config, jobs=1, progress=SilentProgress())
    evidence = stages["gather_evidence"](prepared, found, STUDY.config, jobs=1, progress=SilentProgress())
    return present(prepared, found, evidence)


@pytest.fixture(scope="module")
def presented(prepared: Prepared) -> Presented:
    return presented_of(prepared)


@pytest.fixture(scope="module")
def found(prepared: Prepared, presented: Presented) -> Replication:
    again = replication_of(prepared, presented, STUDY.config, jobs=1, progress=SilentProgress())
    assert again is not None
    return again


@pytest.fixture(scope="module")
def tables(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication
) -> dict[str, pd.DataFrame]:
    raw = replication_tables(survey, prepared, presented, found, threshold=10)
    safe, _ = protect(raw, threshold=10)
    return {table.name: table.frame for table in safe}


def test_the_planted_types_replicate_in_all_countries(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["replication"]
    assert list(frame["type"]) == np.repeat(["T1", "T2", "T3", "T4"], 3).tolist()
    assert list(frame["group"]) == COUNTRIES * 4
    assert (frame["verdict"] == REPLICATES).all()
    assert (frame["agreement"] > 0.8).all()
    assert not tables["measurement_differences"]["differs"].fillna(value=False).any()
    names = pd.DataFrame({"id": ["T1", "T2", "T3", "T4"], "name": "A name"})
    assert sentences({**tables, "types": names})[2] == "T3, A name: replicates in UK, Ireland and Italy."


def test_counts_and_shares_are_rounded(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["replication"]
    assert (frame[["n", "base"]] % 10 == 0).all(axis=None)
    assert (frame["lo"] <= frame["share"]).all()
    assert (frame["share"] <= frame["hi"]).all()
    steps = frame.loc[frame["group"] == "UK", "share"] / 0.02
    assert np.allclose(steps, steps.round())


def test_shares_and_differences_are_those_of_the_groups(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication
) -> None:
    raw = replication_tables(survey, prepared, presented, found, threshold=10)[0].frame
    weight = prepared.design.weight if prepared.design.weight is not None else np.ones(prepared.n)
    row = raw[(raw["type"] == "T2") & (raw["group"] == "Italy")].iloc[0]
    italy = prepared.group == "Italy"
    member = presented.types.labels == 1
    share = np.average(member[italy], weights=weight[italy])
    assert row["share"] == pytest.approx(share)
    assert row["difference"] == pytest.approx(share - np.average(member[~italy], weights=weight[~italy]))
    assert row["n"] == (member & italy).sum()


def test_a_small_count_in_one_country_hides_the_type_in_all(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication
) -> None:
    types = found.types.copy()
    types.loc[(types["type"] == 2) & (types["group"] == "Italy"), ["n", "verdict"]] = [4, ABSENT]
    raw = replication_tables(survey, prepared, presented, replace(found, types=types), threshold=10)
    frame = protect(raw, threshold=10)[0][0].frame
    third = frame["type"] == "T3"
    assert frame.loc[third, ["n", "base", "share", "lo", "hi", "difference"]].isna().all(axis=None)
    assert (frame.loc[third, "suppressed"] != "").all()
    assert frame.loc[~third, "share"].notna().all()
    assert ABSENT in set(frame.loc[third, "verdict"])


def test_an_item_with_few_answers_in_one_country_is_hidden_in_all(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication
) -> None:
    codes = prepared.codes.copy()
    italy = np.flatnonzero(prepared.group == "Italy")
    codes[italy, 0] = 0
    codes[italy[:3], 0] = 1
    raw = replication_tables(survey, replace(prepared, codes=codes), presented, found, threshold=10)
    frame = protect(raw, threshold=10)[0][1].frame
    first = frame["variable"] == prepared.items[0].name
    assert frame.loc[first, ["count", "base", "observed", "expected", "p"]].isna().all(axis=None)


@pytest.mark.parametrize("case", ["gradient", "no group"])
def test_without_types_or_groups_there_is_nothing_to_replicate(
    case: str, survey: Survey, prepared: Prepared, presented: Presented
) -> None:
    if case == "gradient":
        presented = presented_of(prepared, verdict="gradient")
    else:
        prepared = replace(prepared, group=None)
    found = replication_of(prepared, presented, STUDY.config, jobs=1, progress=SilentProgress())
    assert found is None
    assert all(
        table.frame.empty for table in replication_tables(survey, prepared, presented, None, threshold=10)
    )
