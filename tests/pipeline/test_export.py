"""Exports: round trips with labels, rights of the files, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from typer.testing import CliRunner

from tests.test_disk import mounted
from typology.cli.app import app
from typology.errors import InputFaults, RunFolderError
from typology.pipeline import export_run
from typology.runs.export import SUFFIXES
from typology.runs.folder import private_file
from typology.runs.tables import write_json

NAMES = {"T1": "Eher wenig: Überforderung", "T2": "=HYPERLINK(1)"}


def run_folder(folder: Path, *, verdict: str = "types") -> Path:
    """A run folder with a private table and nothing else that matters here."""
    table = pd.DataFrame(
        {
            "id": ["-7", "0001", "a2", "b3", "c4"],
            "type": ["T1", "T2", None, None, None],
            "core": [True, False, False, False, False],
            "membership": [0.9, 0.625, 0.5, np.nan, np.nan],
            "candidate_type": ["T1", "T2", "T3", None, None],
            "p_T1": [0.9, 0.25, 0.3, np.nan, np.nan],
            "p_T2": [0.1, 0.625, 0.2, np.nan, np.nan],
            "p_T3": [0.0, 0.125, 0.5, np.nan, np.nan],
            "set_aside": [None, None, None, "duplicate respondent", "x" * 300],
        }
    )
    if verdict != "types":
        table["type"] = None
    for name in ("id", "type", "candidate_type", "set_aside"):
        table[name] = table[name].astype("string")
    path = private_file(folder / "private" / "respondents.parquet")
    table.to_parquet(path, index=False)
    (folder / "release").mkdir()
    types = [{"id": key, "name": name} for key, name in NAMES.items()] if verdict == "types" else []
    write_json({"study": "small", "verdict": verdict, "reason": "", "types": types}, folder / "summary.json")
    manifest = {"run": "abc123", "study": "small", "config": {"disclosure": {"threshold": 10}}}
    write_json(manifest, folder / "manifest.json")
    return folder


READERS: dict[str, Any] = {"spss": pyreadstat.read_sav, "stata": pyreadstat.read_dta}


@pytest.mark.parametrize("to", list(READERS))
def test_round_trip_with_value_and_variable_labels(tmp_path: Path, to: str) -> None:
    path, _ = export_run(run_folder(tmp_path / "run"), to=to)
    frame, meta = READERS[to](str(path))
    assert list(frame["id"]) == ["-7", "0001", "a2", "b3", "c4"]
    np.testing.assert_array_equal(frame["type"], [1, 2, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(frame["candidate_type"], [1, 2, 3, np.nan, np.nan])
    np.testing.assert_array_equal(frame["core"], [1, 0, 0, 0, 0])
    np.testing.assert_array_equal(frame["membership"], [0.9, 0.625, 0.5, np.nan, np.nan])
    np.testing.assert_array_equal(frame["p_T3"], [0.0, 0.125, 0.5, np.nan, np.nan])
    labels = meta.variable_value_labels
    assert labels["type"] == {1: f"T1 {NAMES['T1']}", 2: f"T2 {NAMES['T2']}"}
    assert labels["candidate_type"][3] == "T3"
    assert labels["core"] == {0: "no", 1: "yes"}
    reasons = frame["set_aside"].map(labels["set_aside"])
    assert reasons.iloc[3] == "duplicate respondent"
    assert reasons.iloc[4].startswith("xxx")
    assert reasons.iloc[:3].isna().all()
    assert meta.column_names_to_labels["membership"] == "Probability of the candidate type"
    assert meta.column_names_to_labels["p_T1"] == f"Probability of T1 {NAMES['T1']}"
    assert "NOT FOR RELEASE" in meta.file_label


def test_spss_notes_carry_the_whole_warning(tmp_path: Path) -> None:
    path, readme = export_run(run_folder(tmp_path / "run"), to="spss")
    _, meta = pyreadstat.read_sav(str(path))
    notes = " ".join(" ".join(meta.notes).split())
    assert notes == " ".join(readme.read_text(encoding="utf-8").split())
    assert "fewer than 10 respondents" in notes


def test_csv_opens_with_its_header_first_and_runs_no_formula(tmp_path: Path) -> None:
    path, readme = export_run(run_folder(tmp_path / "run"), to="csv")
    assert path.read_text(encoding="utf-8").startswith("id,type,type_label,core,membership,candidate_type")
    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert not cells.map(lambda text: text.startswith(("=", "+", "-", "@"))).any(axis=None)
    assert list(cells["id"])[:3] == ["'-7", "0001", "a2"]
    assert cells["type_label"].tolist()[:2] == [NAMES["T1"], f"'{NAMES['T2']}"]
    assert cells["membership"].tolist() == ["0.9", "0.625", "0.5", "", ""]
    assert "Not to be released" in readme.read_text(encoding="utf-8")


@pytest.mark.parametrize("to", ["spss", "stata", "csv"])
def test_nobody_else_can_read_what_is_private(tmp_path: Path, to: str) -> None:
    folder = run_folder(tmp_path / "run")
    export_run(folder, to=to)
    export_run(folder, to=to)  # again: replaces its own file
    kept = sorted((folder / "private").iterdir())
    assert len(kept) == 3
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "private").stat().st_mode) == 0o700
    out = tmp_path / f"elsewhere{SUFFIXES[to]}"
    path, readme = export_run(folder, to=to, out=out)
    assert (path, stat.S_IMODE(path.stat().st_mode)) == (out, 0o600)
    assert stat.S_IMODE(readme.stat().st_mode) == 0o600


@pytest.mark.parametrize("to", ["spss", "stata", "csv"])
def test_a_full_disk_gets_no_half_export_and_none_without_its_warning(tmp_path: Path, to: str) -> None:
    run = run_folder(tmp_path / "run")
    with mounted(tmp_path / "disk", "size=4k") as place:
        out = place / f"x{SUFFIXES[to]}"
        result = CliRunner().invoke(app, ["export", str(run), "--to", to, "--out", str(out)])
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"typology: {out}")
        assert line.casefold().endswith("nothing was written.")
        assert list(place.iterdir()) == []


@pytest.mark.parametrize("to", ["spss", "stata", "csv"])
def test_without_types_no_one_has_one(tmp_path: Path, to: str) -> None:
    path, readme = export_run(run_folder(tmp_path / "run", verdict="gradient"), to=to)
    frame = pd.read_csv(path) if to == "csv" else READERS[to](str(path))[0]
    assert frame["type"].replace("", np.nan).isna().all()
    assert frame["candidate_type"].notna().sum() == 3
    assert "verdict of the run is gradient" in readme.read_text(encoding="utf-8")


def test_what_is_refused_names_the_way_out(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    (tmp_path / "there.csv").write_text("mine")
    for to, out, says in (
        ("spps", None, "Did you mean `spss`?"),
        ("csv", tmp_path / "there.csv", "is there already"),
        ("csv", tmp_path / "x.sav", "ends in .csv"),
        ("csv", tmp_path / "no" / "x.csv", "folder that is not there"),
        ("csv", folder / "release" / "x.csv", "single respondents into a release"),
    ):
        with pytest.raises(InputFaults, match=says):
            export_run(folder, to=to, out=out)
    assert (tmp_path / "there.csv").read_text() == "mine"
    assert [path.name for path in (folder / "private").iterdir()] == ["respondents.parquet"]
    (folder / "private" / "respondents.parquet").unlink()
    with pytest.raises(RunFolderError, match="private table is not there"):
        export_run(folder, to="csv")


def test_the_command_says_where_and_exits_as_promised(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    done = CliRunner().invoke(app, ["export", str(folder), "--to", "stata"])
    assert done.exit_code == 0, done.output
    assert "Private, not for release" in done.output
    assert (folder / "private" / "respondents.dta").is_file()
    refused = CliRunner().invoke(app, ["export", str(folder), "--to", "excel"])
    assert refused.exit_code == 2
    assert "Valid here: spss, stata, csv." in refused.stderr
    nowhere = CliRunner().invoke(app, ["export", str(tmp_path / "no"), "--to", "csv"])
    assert nowhere.exit_code == 1
