"""The pipeline around discovery: what is written, and what is left when something fails.

Discovery and evidence are replaced by the planted types of the demo survey, pictures and report by a file.
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import Any

import planted
import pytest

from typology.errors import DisclosureError, RunFolderError
from typology.pipeline import check_study, render_again, run_study, verify_run
from typology.report.execute import execute_notebooks
from typology.resources import notebooks_dir
from typology.runs import Run
from typology.runs.private import open_private
from typology.runs.tables import write_tables
from typology.schema.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return planted.load(Path(__file__).resolve().parents[2] / "configs")


def put_in_place(monkeypatch: pytest.MonkeyPatch, study: Study, **options: Any) -> None:
    for name, stage in planted.stand_ins(study, **options).items():
        monkeypatch.setattr(f"typology.pipeline.analysis.{name}", stage)

    def report(run_dir: Path) -> Path:
        path = run_dir / "release" / "report.html"
        path.write_text("<p>report</p>", encoding="utf-8")
        return path

    monkeypatch.setattr("typology.pipeline.analysis._load_engines", lambda: None)
    monkeypatch.setattr("typology.pipeline.write.render_report", report)
    monkeypatch.setattr("typology.pipeline.write.save_figures", lambda *_, **__: ())


def run_planted(monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, **options: Any) -> Run:
    put_in_place(monkeypatch, study, **options)
    return run_study(study, out=out)


def test_every_stage_is_announced_and_timed(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    stages: list[str] = []

    class Recorder:
        def start(self, stage: str, *, total: int) -> None:
            assert total > 0
            stages.append(stage)

        def advance(self, steps: int = 1) -> None:
            assert steps > 0

    put_in_place(monkeypatch, study)
    run = run_study(study, out=tmp_path / "demo", progress=Recorder())
    assert len(stages) == len(set(stages)) >= 9
    assert set(run.manifest["timings"]) == {
        "read", "prepare", "load", "discover", "evidence", "replication", "label", "short form", "risk",
        "tables", "write", "figures", "report", "audit",
    }  # fmt: skip
    assert 0 < sum(run.manifest["timings"].values()) <= run.summary["seconds"] + 1


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_without_types_the_release_has_no_trace_of_candidates(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path, verdict: str
) -> None:
    run = run_planted(monkeypatch, study, tmp_path / "demo", verdict=verdict)
    assert run.verdict == verdict
    assert run.summary["types"] == []
    for name in ("types", "factors", "outcomes", "outcome_models", "guidance", "crosswalk"):
        assert run.tables[name].empty
    assert set(run.tables["prevalence"]["group"]) == {"everyone"}
    assert set(run.tables["map_density"]["type"]) == {""}
    respondents = run.respondents()
    assert respondents["type"].isna().all()
    assert respondents["candidate_type"].notna().any()
    every_notebook_runs(run)


def every_notebook_runs(run: Run) -> None:
    books = execute_notebooks(
        sorted(notebooks_dir().glob("*.ipynb")), parameters={"run_dir": str(run.folder)}
    )
    assert len(books) >= 7
    for book in books:
        outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
        assert outputs
        assert {output.output_type for output in outputs} == {"execute_result"}


def test_a_dissolved_candidate_appears_nowhere_in_the_release(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    grades = ("stable", "stable", "dissolved", "stable")
    run = run_planted(monkeypatch, study, tmp_path / "demo", grades=grades)
    assert [entry["id"] for entry in run.summary["types"]] == ["T1", "T2", "T3"]
    assert not run.types["grade"].eq("dissolved").any()
    assert set(run.tables["prevalence"]["group"]) == {"everyone", "unassigned", "T1", "T2", "T3"}
    respondents = run.respondents()
    gone = respondents["candidate_type"].eq("T4")
    assert gone.sum() > 50
    assert respondents.loc[gone, "type"].isna().all()
    unassigned = respondents["type"].isna() & respondents["set_aside"].isna()
    assert run.summary["respondents"]["unassigned"] == unassigned.sum()


def test_sizes_in_summary_tables_and_private_table_agree(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    run = run_planted(monkeypatch, study, tmp_path / "demo")
    counted = run.respondents()["type"].value_counts()
    assert {entry["id"]: entry["n"] for entry in run.summary["types"]} == counted.to_dict()
    assert run.types["n"].to_dict() == counted.to_dict()
    n = run.summary["respondents"]
    assert n["read"] - n["set_aside"] == n["clustered"]
    assert n["clustered"] - counted.sum() == n["unassigned"]
    shares = [entry["share_weighted"] for entry in run.summary["types"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(entry["share"] for entry in run.summary["types"]) == pytest.approx(
        counted.sum() / n["clustered"], abs=1e-3
    )


def test_the_same_study_gives_the_same_bytes_and_verifies(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    one = run_planted(monkeypatch, study, tmp_path / "one")
    two = run_planted(monkeypatch, study, tmp_path / "two")
    assert one.manifest["run"] == two.manifest["run"]
    different = {
        name for name, digest in one.manifest["outputs"].items() if two.manifest["outputs"][name] != digest
    }
    assert different <= {"summary.json"}
    assert {**one.summary, "seconds": 0} == {**two.summary, "seconds": 0}
    assert verify_run(one.folder).outcome == "same"
    put_in_place(monkeypatch, study, verdict="gradient")
    assert verify_run(one.folder).outcome == "changed"


def test_a_run_is_not_replaced_while_its_report_is_made_again(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    run = run_planted(monkeypatch, study, tmp_path / "demo")
    asked = []

    def report(folder: Path) -> Path:
        handle = os.open(folder, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
        asked.append(folder)
        return folder

    monkeypatch.setattr("typology.pipeline.study.render_report", report)
    render_again(run.folder)
    assert asked == [run.folder]


def test_the_runs_and_items_of_those_on_the_map_are_kept_private(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    run = run_planted(monkeypatch, study, tmp_path / "demo")
    private = open_private(run)
    table = run.respondents()
    there = table[table["set_aside"].isna()]
    assert private.type_ids == ("T1", "T2", "T3", "T4")
    expected = there["type"].map({"T1": 0, "T2": 1, "T3": 2, "T4": 3}).fillna(-1)
    assert (private.types == expected.to_numpy(dtype=int)).all()
    assert len(private.clusters) == 9
    assert "15/30/eom/0" in private.clusters
    answered = run.tables["prevalence"].query("group == 'everyone' and role == 'typology'")
    assert {item.name for item in private.items} == set(answered["variable"])
    sent = next(at for at, item in enumerate(private.items) if item.level == "binary")
    assert set(private.levels[:, sent]) <= {-1, 0, 1}
    assert "private/runs.parquet" in run.manifest["outputs"]
    assert "r00" not in repr(private)


@pytest.mark.parametrize(
    "stage", ["write.save_figures", "write.render_report", "write.write_tables", "analysis.protect"]
)
def test_a_failure_at_any_stage_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path, stage: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    put_in_place(monkeypatch, study)
    monkeypatch.setattr(f"typology.pipeline.{stage}", fail)
    with pytest.raises(RunFolderError, match=r"demo: No space left on device\. Free some space"):
        run_study(study, out=tmp_path / "runs" / "demo")
    assert list(tmp_path.iterdir()) == []


def test_a_leak_stops_the_run_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    put_in_place(monkeypatch, study)

    def leak(tables: Any, folder: Path) -> None:
        write_tables(tables, folder)
        path = folder / "severity.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*lines, "above all,3,1152,0.003,"]) + "\n", encoding="utf-8")

    monkeypatch.setattr("typology.pipeline.write.write_tables", leak)
    with pytest.raises(DisclosureError, match="severity"):
        run_study(study, out=tmp_path / "demo")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_run_keeps_the_run_before(
    monkeypatch: pytest.MonkeyPatch, study: Study, tmp_path: Path
) -> None:
    before = run_planted(monkeypatch, study, tmp_path / "demo")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("notebook failed")

    monkeypatch.setattr("typology.pipeline.write.render_report", fail)
    with pytest.raises(RuntimeError, match="notebook"):
        run_study(study, out=tmp_path / "demo")
    assert json.loads((before.folder / "manifest.json").read_text(encoding="utf-8")) == before.manifest
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_check_reads_and_writes_nothing(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checked = check_study(study)
    assert "1,166 respondents" in checked.headline
    assert list(tmp_path.iterdir()) == []
