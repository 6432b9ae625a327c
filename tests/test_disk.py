"""Disks that are full or may not be written to: one line, the right exit status, nothing half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from tests.release_factory import make_summary, make_tables, write_folder
from tests.survey.mini import mini_frame, write_mini
from typology.cli.app import app
from typology.runs.folder import new_run_folder


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Mount a small disk in memory; skips where that is not allowed."""
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [str(mount), "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if not mount or not umount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield place
    finally:
        subprocess.run([umount, str(place)], check=True)


# a disk in memory counts folders as files: the first on this one is one too many
@pytest.fixture(params=["nr_inodes=1", "ro"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    told = "Read-only file system" if request.param == "ro" else "No space left on device"
    with mounted(tmp_path / "disk", request.param) as place:
        yield place, told


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def assert_told(result: Result, place: Path, told: str) -> None:
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert str(place) in line
    assert f"{told}. " in line
    assert line.endswith("nothing was written.")
    assert "Traceback" not in line


def test_a_run_on_a_disk_it_cannot_write_to(disk: tuple[Path, str], tmp_path: Path) -> None:
    place, told = disk
    study = write_mini(tmp_path)
    result = call("run", study, "--out", place / "runs" / "mini", "--jobs", 1, "--quiet")
    assert_told(result, place, told)
    assert list(place.iterdir()) == []


def test_a_comparison_on_a_disk_it_cannot_write_to(disk: tuple[Path, str], tmp_path: Path) -> None:
    place, told = disk
    tables = make_tables(2, verdict="types")
    runs = [
        write_folder(tmp_path / name, tables, make_summary(tables, verdict="types")) for name in ("a", "b")
    ]
    assert_told(call("compare", *runs, "--out", place / "compared", "--quiet"), place, told)
    assert list(place.iterdir()) == []


def test_a_full_disk_in_the_middle_of_writing(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from typology.runs.folder import new_run_folder\n"
        "with new_run_folder(Path(sys.argv[1]), study='small') as draft:\n"
        "    for number in range(100): (draft / str(number)).write_bytes(b'x' * 10_000)\n"
    )
    with mounted(tmp_path / "disk", "size=64k") as place:
        target = place / "runs" / "small"
        command = [sys.executable, "-c", code, str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert f"RunFolderError: {target}: No space left on device. Free some space" in done.stderr
        assert list(place.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_every_command_tells_a_way_out(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "lab/01.ipynb")

    monkeypatch.setattr("typology.pipeline.render_again", fail)
    assert_told(call("report", tmp_path), Path("lab/01.ipynb"), os.strerror(number))


@pytest.mark.parametrize("command", [["check"], ["run", "--quiet", "--out"]])
def test_a_survey_that_may_not_be_read_is_faulty_input(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_mini(tmp_path)
    opened = Path.open

    def refuse(path: Path, *given: Any, **more: Any) -> Any:
        if path.name == "mini.csv":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *given, **more)

    monkeypatch.setattr(Path, "open", refuse)
    where = [tmp_path / "runs" / "mini"] if "--out" in command else []
    result = call(*command, *where, study)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.endswith("mini.csv: cannot be read: Permission denied. Check the path and its permissions.")
    assert not (tmp_path / "runs").exists()


def test_half_a_codebook_is_not_left(tmp_path: Path) -> None:
    frame = mini_frame()
    wide = pd.concat([frame.add_suffix(f"_{at}") for at in range(20)], axis=1)
    wide.to_csv(tmp_path / "wide.csv", index=False)
    with mounted(tmp_path / "disk", "size=4k") as place:
        result = call("codebook", tmp_path / "wide.csv", "--out", place / "codebook.yaml")
        assert result.exit_code == 2
        assert "No space left on device" in result.stderr
        assert list(place.iterdir()) == []


def test_two_runs_into_one_folder_at_once(tmp_path: Path) -> None:
    study = write_mini(tmp_path)
    target = tmp_path / "runs" / "mini"
    command = [sys.executable, "-m", "typology", "run", str(study), "--out", str(target), "--quiet"]
    with new_run_folder(target, study="mini") as draft:
        (draft / "manifest.json").write_text('{"study": "mini"}', encoding="utf-8")
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        (line,) = second.stderr.splitlines()
        assert line.startswith(
            f"typology: {target}: another run is being written to this folder. Wait for it"
        )
        assert [path.name for path in draft.iterdir()] == ["manifest.json"]
    assert [path.name for path in target.iterdir()] == ["manifest.json"]
