"""The same real survey in every format researchers hold it in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from tests.survey.mini import write_frame
from typology.results import Survey
from typology.schema.load import load_study
from typology.survey.check import check_survey
from typology.survey.read import read_survey, used_variables

STUDY = "study: yrbs\nsurvey: {{data: {data}, codebook: {codebook}}}\n"


def read(folder: Path, data: Path, configs: Path) -> Survey:
    study = folder / "study.yaml"
    codebook = configs / "codebooks" / "yrbs2019.yaml"
    study.write_text(STUDY.format(data=data, codebook=codebook), encoding="utf-8")
    loaded = load_study(study)
    survey = read_survey(loaded)
    assert check_survey(loaded, survey) == []
    return survey


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, realdata: Path, configs: Path) -> Survey:
    return read(tmp_path_factory.mktemp("sav"), realdata / "yrbs" / "yrbs2019.sav", configs)


@pytest.fixture(scope="module")
def frame(realdata: Path, original: Survey) -> pd.DataFrame:
    columns = used_variables(original.codebook)
    return pyreadstat.read_sav(str(realdata / "yrbs" / "yrbs2019.sav"), user_missing=True, usecols=columns)[0]


@pytest.mark.parametrize("suffix", ["csv", "dta", "parquet", pytest.param("xlsx", marks=pytest.mark.slow)])
def test_the_survey_does_not_depend_on_the_format(
    tmp_path: Path, configs: Path, original: Survey, frame: pd.DataFrame, suffix: str
) -> None:
    data = tmp_path / f"yrbs2019.{suffix}"
    write_frame(frame, data)
    found = read(tmp_path, data, configs)
    pd.testing.assert_frame_equal(found.answers, original.answers)
    pd.testing.assert_frame_equal(found.missing, original.missing)
    assert found.codebook == original.codebook


def test_published_prevalence_of_bullying(original: Survey) -> None:
    """CDC: 19.5% bullied at school, 15.7% electronically (weighted)."""
    for item, published in (("QN23", 19.5), ("QN24", 15.7)):
        valid = original.answers[original.answers[item].notna()]
        share = valid["weight"][valid[item] == 1].sum() / valid["weight"].sum()
        assert round(100 * share, 1) == published


def test_dating_violence_was_not_asked_of_those_who_did_not_date(original: Survey) -> None:
    not_dating = original.answers["Q22"] == 1
    assert set(original.missing.loc[not_dating, "QN22"]) == {"not asked"}
    assert not (original.missing.loc[original.answers["Q22"] > 1, "QN22"] == "not asked").any()
