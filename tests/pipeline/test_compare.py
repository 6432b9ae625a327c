"""`typology compare`: what is written, and that only the releases are read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.release_factory import make_summary, make_tables, write_folder
from typology.errors import InputFaults
from typology.pipeline import compare_runs


def folder(tmp_path: Path, name: str, *, verdict: str = "types") -> Path:
    tables = make_tables(3) if verdict == "types" else make_tables(verdict=verdict)
    summary = {**make_summary(tables, verdict=verdict), "study": name}
    return write_folder(tmp_path / name, tables, summary)


def test_a_comparison_is_written_from_releases_alone(tmp_path: Path) -> None:
    runs = [folder(tmp_path, "a"), folder(tmp_path, "b"), folder(tmp_path, "c", verdict="gradient")]
    for run in runs:
        shutil.rmtree(run / "private", ignore_errors=True)
    found = compare_runs(runs, out=tmp_path / "out")
    assert [each.second for each in found] == ["b", "c"]
    names = {f"{kind}_{n}.csv" for kind in ("types", "answers") for n in (1, 2)}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *names, "compare.json", "figure_1.png", "figure_2.png",
    }  # fmt: skip
    told = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))["comparisons"]
    assert [row["verdict"] for row in told[0]["types"]] == ["found in both"] * 3
    assert "have no support in c" in " ".join(told[1]["statement"])
    assert all(row["difference"] == 0 for row in told[0]["answers"])


def test_one_run_or_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    run = folder(tmp_path, "a")
    with pytest.raises(InputFaults, match="two runs"):
        compare_runs([run])
    with pytest.raises(InputFaults, match="not an empty folder"):
        compare_runs([run, run], out=run)
