"""The same real survey in every format researchers hold it in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.survey.mini import write_frame
from typology.prepare.encode import prepare
from typology.results import Prepared, Survey
from typology.schema.load import load_study
from typology.survey.check import check_survey
from typology.survey.read import read_survey, used_variables

STUDY = "study: yrbs\nsurvey: {{data: {data}, codebook: {codebook}}}\n"


def read(folder: Path, data: Path, configs: Path) -> tuple[Survey, Prepared]:
    study = folder / "study.yaml"
    codebook = configs / "codebooks" / "yrbs2019.yaml"
    study.write_text(STUDY.format(data=data, codebook=codebook), encoding="utf-8")
    loaded = load_study(study)
    survey = read_survey(loaded)
    assert check_survey(loaded, survey) == []
    return survey, prepare(survey, loaded)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, realdata: Path, configs: Path) -> tuple[Survey, Prepared]:
    return read(tmp_path_factory.mktemp("sav"), realdata / "yrbs" / "yrbs2019.sav", configs)


@pytest.fixture(scope="module")
def original(both: tuple[Survey, Prepared]) -> Survey:
    return both[0]


@pytest.fixture(scope="module")
def frame(realdata: Path, original: Survey) -> pd.DataFrame:
    columns = used_variables(original.codebook)
    return pyreadstat.read_sav(str(realdata / "yrbs" / "yrbs2019.sav"), user_missing=True, usecols=columns)[0]


FORMATS = ["csv", "csv.gz", "tsv.gz", "zsav", "dta", "parquet", pytest.param("xlsx", marks=pytest.mark.slow)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_neither_survey_nor_matrix_depends_on_the_format(
    tmp_path: Path, configs: Path, both: tuple[Survey, Prepared], frame: pd.DataFrame, suffix: str
) -> None:
    data = tmp_path / f"yrbs2019.{suffix}"
    write_frame(frame, data)
    original, matrix = both
    found, prepared = read(tmp_path, data, configs)
    pd.testing.assert_frame_equal(found.answers, original.answers, check_exact=True)
    pd.testing.assert_frame_equal(found.missing, original.missing)
    assert found.codebook == original.codebook
    assert prepared.items == matrix.items
    assert prepared.n == matrix.n > 13_000
    for part in ("ids", "codes", "not_asked"):
        np.testing.assert_array_equal(getattr(prepared, part), getattr(matrix, part))
    np.testing.assert_array_equal(prepared.design.weight, matrix.design.weight)


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
