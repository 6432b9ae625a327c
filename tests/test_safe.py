"""Inputs are read, never run, and errors tell nobody's id."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.survey.mini import STUDY, mini_frame, write_mini
from typology.cli.app import app
from typology.schema.study import SURVEY_SUFFIXES


class Dangerous:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("ran"),))


@pytest.mark.parametrize("suffix", [*SURVEY_SUFFIXES, ".pkl", ".pickle", ".npz"])
def test_a_pickle_in_place_of_the_survey_is_not_run(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_mini(tmp_path, study=STUDY.replace("mini.csv", f"survey{suffix}"))
    (tmp_path / f"survey{suffix}").write_bytes(pickle.dumps(Dangerous()))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", str(study)])
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"survey{suffix}") or f"survey{suffix}" in result.stderr
    assert not (tmp_path / "ran").exists()


def test_the_pickle_would_run_where_pickles_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(Dangerous()))  # noqa: S301 - shows that the test above could fail
    assert (tmp_path / "ran").exists()


def test_rows_of_one_id_are_told_by_row_and_not_by_id(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["rid"] = [f"person-{number}" for number in frame["rid"]]
    frame.loc[5, "rid"] = frame.loc[2, "rid"]
    frame.loc[[2, 5], "threat"] = [1, 2]
    result = CliRunner().invoke(app, ["check", str(write_mini(tmp_path, frame=frame))])
    assert result.exit_code == 2
    assert "the same id stands for different answers (found: rows 3, 6)" in result.stderr
    assert "person-" not in result.output
