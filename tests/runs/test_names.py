"""Names given after a run: logged, in the study file, and in everything released after the next report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import planted
import pytest

from typology.errors import InputFaults
from typology.pipeline import render_again, run_study, verify_run
from typology.runs import Run, open_run
from typology.runs.manifest import WHEREABOUTS, sha256
from typology.runs.names import current_names, naming_log, rename_type, study_file_of
from typology.runs.tables import read_table, table_bytes, write_json
from typology.runs.whereabouts import locate_study
from typology.schema.load import load_study
from typology.schema.study import Study

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
NAME = 'Ωmega: «quoted» "name" # not a comment'


def put_in_place(monkeypatch: pytest.MonkeyPatch, study: Study) -> list[Any]:
    """Planted types instead of the search; the report is a file, and what pictures are drawn from is kept."""
    drawn: list[Any] = []
    for name, stage in planted.stand_ins(study).items():
        monkeypatch.setattr(f"typology.pipeline.analysis.{name}", stage)
    monkeypatch.setattr("typology.pipeline.analysis._load_engines", lambda: None)

    def report(run_dir: Path) -> Path:
        path = run_dir / "release" / "report.html"
        names = [entry["name"] for entry in open_run(run_dir).summary["types"]]
        path.write_text(f"<p>{names}</p>", encoding="utf-8")
        return path

    for module in ("write", "study"):
        monkeypatch.setattr(f"typology.pipeline.{module}.render_report", report)
    monkeypatch.setattr("typology.pipeline.write.save_figures", lambda *_, **__: ())
    monkeypatch.setattr("typology.pipeline.names.save_figures", lambda *given: drawn.append(given))
    return drawn


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo study as somebody's own, with a comment, and a run of it."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(CONFIGS, folder / "own", ignore=shutil.ignore_patterns("data"))
    path = folder / "own" / "demo.yaml"
    path.write_text("# our study\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    study = load_study(path)
    with pytest.MonkeyPatch.context() as monkeypatch:
        put_in_place(monkeypatch, study)
        run_study(study, out=folder / "run")
    return folder


@pytest.fixture
def study_file(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built / "own", tmp_path / "own")
    return tmp_path / "own" / "demo.yaml"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, built: Path, study_file: Path, tmp_path: Path) -> Run:
    """A copy of the run, whose study file is the copy in `study_file`."""
    put_in_place(monkeypatch, load_study(study_file))
    folder = shutil.copytree(built / "run", tmp_path / "run")
    write_json({"absolute": str(study_file)}, folder / WHEREABOUTS)
    return open_run(folder)


@pytest.mark.slow
def test_a_name_goes_everywhere_and_a_new_run_of_the_study_gives_the_same(
    monkeypatch: pytest.MonkeyPatch, run: Run, study_file: Path
) -> None:
    drawn = put_in_place(monkeypatch, load_study(study_file))
    before = study_file.read_text(encoding="utf-8")
    old = run.summary["types"][1]["name"]
    rename_type(run, "T2", "For a while", who="A. B.")
    entry = rename_type(run, "T2", NAME, who="A. B.")
    assert (entry.old, entry.new) == ("For a while", NAME)
    written = study_file.read_text(encoding="utf-8")
    assert load_study(study_file).config.label.names == {"T2": NAME}
    assert [line for line in before.splitlines() if line not in written.splitlines()] == []

    assert open_run(run.folder).summary["types"][1]["name"] == old  # not before the report
    render_again(run.folder)
    again = open_run(run.folder)
    assert again.types.loc["T2", "name"] == again.summary["types"][1]["name"] == NAME
    assert NAME in str(drawn[-1][0]["types"]["name"].tolist())
    assert repr(NAME) in (run.folder / "release" / "report.html").read_text(encoding="utf-8")
    trace = again.tables["naming"].query("type == 'T2'").set_index("step")["detail"]
    assert trace["name proposed"] == old
    assert trace["name overridden"] == f"{NAME!r} from the study file replaces {old!r}"
    assert verify_run(run.folder).outcome == "same"

    render_again(run.folder)
    assert len(drawn) == 1  # nothing to be done twice


def test_tables_without_a_new_name_are_the_same_to_the_byte(run: Run) -> None:
    for name in ("types", "naming"):
        path = run.folder / "release" / "tables" / f"{name}.csv"
        assert table_bytes(read_table(path)) == path.read_bytes()


def test_where_the_study_file_is_not_to_be_written_the_run_keeps_the_name(run: Run, study_file: Path) -> None:
    before = study_file.read_bytes()
    rename_type(run, "T1", "Ours", who="A. B.", study_file=False)
    study_file.write_text(study_file.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert study_file_of(run) is None
    rename_type(run, "T3", "Ours too", who="C.")
    assert study_file.read_bytes() == before + b"# changed\n"
    render_again(run.folder)
    again = open_run(run.folder)
    assert current_names(again)["T1"] == again.types.loc["T1", "name"] == "Ours"
    steps = again.tables["naming"].query("step == 'name overridden'")["detail"]
    assert steps.str.contains("from the explorer").all()
    assert len(steps) == 2
    log = json.loads((run.folder / "private" / "names.json").read_text(encoding="utf-8"))["renamings"]
    assert [entry["who"] for entry in log] == ["A. B.", "C."]
    assert all(entry["when"].endswith("+00:00") and entry["study_file"] == "" for entry in log)
    assert "A. B." not in (run.folder / "release" / "tables" / "naming.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("type_id", "name", "who", "told"),
    [
        ("T9", "New", "A.", "is not a type of this run"),
        ("T1", "two\x00parts", "A.", "is not a name"),
        ("T1", "New", " ", "must say who"),
    ],
)
def test_faults_are_told_and_nothing_is_written(
    run: Run, study_file: Path, type_id: str, name: str, who: str, told: str
) -> None:
    before = study_file.read_bytes()
    with pytest.raises(InputFaults, match=told):
        rename_type(run, type_id, name, who=who)
    assert study_file.read_bytes() == before
    assert naming_log(run) == ()


def test_the_packaged_study_file_is_left_alone(run: Run) -> None:
    write_json({"absolute": str(CONFIGS / "demo.yaml")}, run.folder / WHEREABOUTS)
    sha = {"study": {"sha256": sha256(CONFIGS / "demo.yaml")}}
    manifest = {**run.manifest, "inputs": {**run.manifest["inputs"], **sha}}
    moved = Run(run.folder, summary=run.summary, manifest=manifest)
    assert locate_study(moved) == CONFIGS / "demo.yaml"
    assert study_file_of(moved) is None
