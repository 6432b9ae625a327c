"""A run folder appears whole or not at all."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from typology.errors import InputFaults, RunFolderError
from typology.runs import folder
from typology.runs.exchange import exchange
from typology.runs.folder import check_target, held, new_run_folder, private_file
from typology.runs.whole import write_whole


def fill(place: Path, text: str, *, study: str = "small") -> None:
    (place / "manifest.json").write_text(json.dumps({"study": study}), encoding="utf-8")
    (place / "content.txt").write_text(text, encoding="utf-8")


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


def _killed_between_renames(target: Path) -> None:
    """A system that cannot exchange folders, and a kill at the worst moment."""

    rename = Path.rename

    def rename_and_die(self: Path, to: Path) -> None:
        rename(self, to)
        if self == target:
            os.kill(os.getpid(), signal.SIGKILL)

    folder.exchange = lambda *_: False  # type: ignore[assignment]
    Path.rename = rename_and_die  # type: ignore[assignment,method-assign]
    write(target, "new")


def _killed_after_exchange(target: Path) -> None:
    def exchange_and_die(draft: Path, run: Path) -> bool:
        exchange(draft, run)
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    folder.exchange = exchange_and_die
    write(target, "new")


def kill(how: Callable[[Path], None], target: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=how, args=(target,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("next_step", ["open", "write"])
def test_a_kill_between_two_renames_loses_no_run(tmp_path: Path, next_step: str) -> None:
    target = tmp_path / "small"
    write(target, "old")
    kill(_killed_between_renames, target)
    assert not target.exists()
    if next_step == "open":
        folder.bring_back(target)
        assert (target / "content.txt").read_text(encoding="utf-8") == "old"
        folder.bring_back(target)
    write(target, "next")
    assert (target / "content.txt").read_text(encoding="utf-8") == "next"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_run_moved_aside_is_not_lost_when_the_next_one_fails(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    kill(_killed_between_renames, target)
    with pytest.raises(ZeroDivisionError), new_run_folder(target, study="small"):
        raise ZeroDivisionError
    assert (target / "content.txt").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_kill_right_after_the_exchange_leaves_the_new_run(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    kill(_killed_after_exchange, target)
    assert (target / "content.txt").read_text(encoding="utf-8") == "new"
    hidden = tmp_path / ".small.partial"
    assert (hidden / "content.txt").read_text(encoding="utf-8") == "old"
    with new_run_folder(target, study="small") as draft:
        assert draft == hidden
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700
        assert list(draft.iterdir()) == []
        fill(draft, "next")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may not exchange folders in one step")
def test_folders_are_exchanged_in_one_step(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for path in (one, two):
        path.mkdir()
        (path / path.name).touch()
    assert exchange(one, two)
    assert [path.name for path in one.iterdir()] == ["two"]
    with pytest.raises(FileNotFoundError):
        exchange(one, tmp_path / "three")


@pytest.mark.parametrize("by_exchange", [True, False])
def test_nobody_takes_the_hidden_folder_before_the_old_run_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_exchange: bool
) -> None:
    target = tmp_path / "small"
    write(target, "old")
    remove = folder.shutil.rmtree
    refused = []

    def meanwhile(path: Path, **given: object) -> None:
        if not refused and by_exchange:
            refused.append(path)
            with pytest.raises(RunFolderError, match="another run"), new_run_folder(target, study="small"):
                pytest.fail("the block must not be entered")
        remove(path, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(folder.shutil, "rmtree", meanwhile)
    if not by_exchange:
        monkeypatch.setattr(folder, "exchange", lambda *_: False)
    write(target, "new")
    assert bool(refused) == by_exchange
    assert (target / "content.txt").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_run_that_is_held_is_replaced_afterwards(tmp_path: Path) -> None:
    target = tmp_path / "small"
    write(target, "old")
    with ThreadPoolExecutor() as threads:
        with held(target):
            replacing = threads.submit(write, target, "new")
            while not (tmp_path / ".small.partial" / "content.txt").exists():
                time.sleep(0.01)
            with pytest.raises(TimeoutError):
                replacing.result(0.3)
            assert (target / "content.txt").read_text(encoding="utf-8") == "old"
        replacing.result(30)
    assert (target / "content.txt").read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "Free some space"), (errno.EROFS, "may write to"), (errno.EACCES, "--out")],
)
def test_a_disk_that_cannot_be_written_to_is_told_in_one_line(
    tmp_path: Path, number: int, remedy: str
) -> None:
    target = tmp_path / "runs" / "small"
    with pytest.raises(RunFolderError) as told, new_run_folder(target, study="small") as draft:
        fill(draft, "half")
        raise OSError(number, os.strerror(number), str(draft / "content.txt"))
    line = str(told.value)
    assert line.startswith(f"{target}: {os.strerror(number)}. ")
    assert remedy in line
    assert line.endswith("nothing was written.")
    assert list(tmp_path.iterdir()) == []


def test_other_errors_of_the_system_pass(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), new_run_folder(tmp_path / "small", study="small"):
        raise FileNotFoundError(errno.ENOENT, "gone")


def test_a_text_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def full(self: Path, text: str, **_: object) -> int:
        with self.open("w") as file:
            file.write(text[:2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match=r"No space left on device: .*report.html"):
        write_whole(path, "new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("there", ["nothing", "an empty folder", "a run"])
def test_a_link_leads_to_the_run_folder_and_stays(tmp_path: Path, there: str) -> None:
    disk, link = tmp_path / "disk" / "small", tmp_path / "here" / "link"
    link.parent.mkdir()
    link.symlink_to(disk)
    if there != "nothing":
        disk.mkdir(parents=True)
    if there == "a run":
        fill(disk, "old")
    for text in ("one", "two"):
        write(link, text)
        assert link.readlink() == disk
        assert (disk / "content.txt").read_text(encoding="utf-8") == text
    assert [path.name for path in (*link.parent.iterdir(), *disk.parent.iterdir())] == ["link", "small"]


def test_a_link_in_place_of_the_hidden_folder_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "kept.txt").touch()
    (tmp_path / ".small.partial").symlink_to(mine)
    with pytest.raises(RunFolderError, match=r"\.small\.partial: is a link"):
        write(tmp_path / "small", "new")
    assert [path.name for path in mine.iterdir()] == ["kept.txt"]


def test_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small").touch()
    with pytest.raises(InputFaults, match=r"cannot be made: .*small is a file\. Choose another --out"):
        check_target(tmp_path / "small" / "a" / "b", study="small")
