"""A run folder appears whole or not at all."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import stat
from pathlib import Path

import pytest

from typology.errors import InputFaults, RunFolderError
from typology.runs.folder import check_target, new_run_folder, private_file


def fill(folder: Path, text: str, *, study: str = "small") -> None:
    (folder / "manifest.json").write_text(json.dumps({"study": study}), encoding="utf-8")
    (folder / "content.txt").write_text(text, encoding="utf-8")


def write(target: Path, text: str) -> None:
    with new_run_folder(target, study="small") as draft:
        fill(draft, text)


def test_nothing_is_there_before_all_is(tmp_path: Path) -> None:
    target = tmp_path / "runs" / "small"
    with new_run_folder(target, study="small") as draft:
        fill(draft, "new")
        assert not target.exists()
        assert draft.parent == target.parent
    assert sorted(path.name for path in target.iterdir()) == ["content.txt", "manifest.json"]
    assert [path.name for path in target.parent.iterdir()] == ["small"]


def test_failure_leaves_nothing_not_even_parents(tmp_path: Path) -> None:
    target = tmp_path / "new" / "parents" / "small"
    with pytest.raises(ZeroDivisionError), new_run_folder(target, study="small") as draft:
        fill(draft, "half")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_run_that_was_there(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    with pytest.raises(KeyboardInterrupt), new_run_folder(target, study="small") as draft:
        fill(draft, "new")
        raise KeyboardInterrupt
    assert (target / "content.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_run_of_the_same_study_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    (target / "left over.txt").touch()
    write(target, "new")
    assert sorted(path.name for path in target.iterdir()) == ["content.txt", "manifest.json"]
    assert (target / "content.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_run_of_another_study_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    with pytest.raises(InputFaults, match="another study"), new_run_folder(target, study="large"):
        pytest.fail("the block must not be entered")
    assert (target / "content.txt").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("manifest", ["", "[]", '{"name": "something else"}'])
def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(InputFaults, match="not a run of typology"):
        check_target(tmp_path, study="small")


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small").touch()
    with pytest.raises(InputFaults, match="is a file"):
        check_target(tmp_path / "small", study="small")


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    target = tmp_path / "small"
    target.mkdir()
    write(target, "new")
    assert (target / "content.txt").is_file()


def test_second_run_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "small"
    with new_run_folder(target, study="small") as draft:
        fill(draft, "first")
        with pytest.raises(RunFolderError, match="another run"), new_run_folder(target, study="small"):
            pytest.fail("the block must not be entered")
        assert (draft / "content.txt").read_text(encoding="utf-8") == "first"
    assert (target / "content.txt").read_text(encoding="utf-8") == "first"


def _killed_while_writing(target: Path) -> None:
    with new_run_folder(target, study="small") as draft:
        fill(draft, "killed")
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_leaves_no_run_folder_and_blocks_nobody(tmp_path: Path) -> None:
    target = tmp_path / "small"
    process = multiprocessing.get_context("spawn").Process(target=_killed_while_writing, args=(target,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert not target.exists()
    write(target, "next")
    assert (target / "content.txt").read_text(encoding="utf-8") == "next"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        path = private_file(tmp_path / "private" / "respondents.parquet")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
