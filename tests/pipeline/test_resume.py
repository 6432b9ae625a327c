"""An interrupted run goes on from its last finished stage and ends as if nothing had happened.

Discovery and evidence are replaced by the planted types of the demo survey, pictures and report by a file.
"""

from __future__ import annotations

import copy
import errno
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import planted
import pytest

from tests.pipeline.test_run_study import put_in_place
from typology.errors import InputFaults, RunFolderError
from typology.pipeline import analysis, run_study
from typology.runs import Run
from typology.runs.checkpoints import Checkpoints
from typology.runs.manifest import hash_outputs
from typology.schema.load import load_study
from typology.schema.study import Study

STAGES = ("discover", "evidence", "replication", "label", "short form", "risk")


class Recorder:
    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self, stage: str, *, total: int) -> None:
        self.told.append(stage)

    def advance(self, steps: int = 1) -> None:
        pass


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What the slow stages gave the first time."""
    return {}


@pytest.fixture
def study(made: dict[str, Any], configs: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """The demo study; all its slow stages run once for all tests."""
    found = planted.load(configs)
    put_in_place(monkeypatch, found)
    for name in ("label_types", "short_form_frame", "risk_analysis", "release_tables", "protect"):
        stage = getattr(analysis, name)
        monkeypatch.setattr(analysis, name, partial(once, made, name, stage))
    monkeypatch.setattr("typology.pipeline.write.refuse_leaks", lambda *_, **__: None)
    return found


def once(made: dict[str, Any], name: str, stage: Callable[..., Any], *given: Any, **options: Any) -> Any:
    if name not in made:
        made[name] = stage(*given, **options)
    return copy.deepcopy(made[name])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "demo"


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def stop_at(monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, stage: str, **given: Any) -> str:
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt) as stopped:
        patched.setattr(f"typology.pipeline.{stage}", interrupt)
        run_study(study, out=out, **given)
    return str(stopped.value)


def results(run: Run) -> dict[str, str]:
    return {name: digest for name, digest in hash_outputs(run.folder).items() if name != "summary.json"}


def kept(out: Path) -> list[str]:
    folder = out.with_name(".demo.checkpoints")
    return sorted(path.stem.partition("-")[2] for path in folder.iterdir()) if folder.exists() else []


def test_a_stopped_run_goes_on_and_ends_the_same(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, tmp_path: Path
) -> None:
    whole = run_study(study, out=tmp_path / "whole")
    assert "--resume" in stop_at(monkeypatch, study, out, "analysis.label_types")
    assert not out.exists()
    assert kept(out) == ["discover", "evidence", "replication"]
    assert "--resume" in stop_at(monkeypatch, study, out, "write.render_report", resume=True)
    assert len(kept(out)) == len(STAGES)
    heard = Recorder()
    for name in ("discover", "gather_evidence", "label_types", "short_form_frame", "risk_analysis"):
        monkeypatch.setattr(f"typology.pipeline.analysis.{name}", interrupt)
    resumed = run_study(study, out=out, resume=True, progress=heard)
    assert [told for told in heard.told if told.startswith("Done before")] == [
        f"Done before: {stage}" for stage in STAGES
    ]
    assert results(resumed) == results(whole)
    assert set(resumed.manifest["timings"]) == set(whole.manifest["timings"])
    assert sum(resumed.manifest["timings"].values()) <= resumed.summary["seconds"] + 1
    assert [path.name for path in out.parent.iterdir()] == ["demo"]


def test_without_resume_an_interrupted_run_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path
) -> None:
    stop_at(monkeypatch, study, out, "analysis.label_types")
    assert stop_at(monkeypatch, study, out, "analysis.discover") == ""
    assert kept(out) == []


def test_nothing_to_resume_is_told(study: Study, out: Path) -> None:
    heard = Recorder()
    run_study(study, out=out, resume=True, progress=heard)
    assert "Nothing to resume: from the start" in heard.told


@pytest.mark.parametrize("what", ["package_versions", "run_id"])
def test_stages_of_other_versions_or_inputs_are_not_used(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, what: str
) -> None:
    stop_at(monkeypatch, study, out, "analysis.label_types")
    monkeypatch.setattr(f"typology.runs.checkpoints.{what}", lambda *_: "other")
    heard = Recorder()
    run_study(study, out=out, resume=True, progress=heard)
    assert "Inputs, settings or versions changed: from the start" in heard.told
    assert not any(told.startswith("Done before") for told in heard.told)


def test_what_follows_a_stage_made_anew_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path
) -> None:
    stop_at(monkeypatch, study, out, "write.render_report")
    (gone,) = out.with_name(".demo.checkpoints").glob("*evidence.npz")
    gone.unlink()
    heard = Recorder()
    run_study(study, out=out, resume=True, progress=heard)
    assert [told for told in heard.told if told.startswith("Done before")] == ["Done before: discover"]


@pytest.mark.parametrize("error", [RuntimeError("failed"), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))])
def test_a_run_that_fails_leaves_no_stages(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, tmp_path: Path, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("typology.pipeline.write.render_report", fail)
    with pytest.raises((RuntimeError, RunFolderError)):
        run_study(study, out=out)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_while_stages_are_kept(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path, tmp_path: Path
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("typology.runs.checkpoints.os.fsync", full)
    with pytest.raises(RunFolderError, match=r"demo: No space left on device\. Free some space"):
        run_study(study, out=out)
    assert list(tmp_path.iterdir()) == []


def test_kept_stages_are_private_also_under_an_open_umask(
    monkeypatch: pytest.MonkeyPatch, study: Study, out: Path
) -> None:
    umask = os.umask(0)
    try:
        stop_at(monkeypatch, study, out, "write.render_report")
        folder = out.with_name(".demo.checkpoints")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())]
        assert modes == [0o700, *[0o600] * len(STAGES)]
        run = run_study(study, out=out)
    finally:
        os.umask(umask)
    private = run.folder / "private"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in private.iterdir()} == {0o600}


def changed(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("what", "told", "role"), [(changed, "changed", "codebook"), (Path.unlink, "was removed", "catalogue")]
)
def test_an_input_that_changes_meanwhile_stops_the_run(
    monkeypatch: pytest.MonkeyPatch,
    configs: Path,
    study: Study,
    tmp_path: Path,
    what: Callable[[Path], None],
    told: str,
    role: str,
) -> None:
    text = (configs / "demo.yaml").read_text(encoding="utf-8")
    (tmp_path / "codebooks").mkdir()
    for name in ("codebooks/isec.yaml", "risk_factors.yaml"):
        (tmp_path / name).write_bytes((configs / name).read_bytes())
    (tmp_path / "demo.yaml").write_text(text, encoding="utf-8")
    mine = load_study(tmp_path / "demo.yaml")

    def report(_: Path) -> None:
        what(mine.inputs[role])

    monkeypatch.setattr("typology.pipeline.write.render_report", report)
    with pytest.raises(InputFaults) as faults:
        run_study(mine, out=tmp_path / "runs" / "demo")
    (fault,) = faults.value.faults
    assert fault.file == str(mine.inputs[role])
    assert f"{told} while the study ran" in fault.message
    assert not (tmp_path / "runs").exists()
    assert Checkpoints(tmp_path / "runs" / "demo", key="k").fits() is None
