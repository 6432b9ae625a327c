"""A run folder appears whole or not at all.

Everything is written into a hidden sibling of the run folder, which takes the folder's name by one
rename when all is done. Whatever interrupts the run, there is either no new run folder or a whole one.
An advisory lock on the hidden folder itself keeps two runs out of the same place; the system drops the
lock when its process ends, however it ends, so there is no stale lock to clear.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from typology.errors import InputFault, InputFaults, RunFolderError
from typology.runs.exchange import exchange
from typology.runs.whole import writable

MANIFEST = "manifest.json"


def default_folder(study: str) -> Path:
    """Where a run of a study goes when nobody says otherwise: ``runs/<study>`` under the working folder."""
    return Path("runs") / study


def place_of(target: Path) -> Path:
    """Where a run folder lies: a link leads to it and stays, and nothing is put beside the link."""
    return Path(os.path.realpath(target))


def check_target(target: Path, *, study: str) -> None:
    """Refuse to write over anything but an earlier run of the same study.

    Parameters
    ----------
    target : Path
        The run folder to be written.
    study : str
        Name of the study.

    Raises
    ------
    InputFaults
        If `target` is a file or below one, a folder that holds something else, or a run of another study.
    """
    in_the_way = next((above for above in target.absolute().parents if above.is_file()), None)
    if in_the_way is not None:
        remedy = "Choose another --out folder."
        raise InputFaults([InputFault(str(target), f"cannot be made: {in_the_way} is a file", remedy)])
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir():
        raise InputFaults(
            [InputFault(str(target), "is a file, not a folder", "Choose another --out folder.")]
        )
    found = _study_of(target)
    if found is None:
        fault = InputFault(
            str(target),
            "holds files that are not a run of typology",
            "Choose a new or empty --out folder; nothing was overwritten.",
        )
        raise InputFaults([fault])
    if found != study:
        fault = InputFault(
            str(target),
            f"holds a run of another study than '{study}'",
            "Choose another --out folder, or move the old run away.",
            value=found,
        )
        raise InputFaults([fault])


def _study_of(folder: Path) -> str | None:
    """Name of the study whose run a folder holds; None when it holds no run."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # unreadable is the same answer as absent here: not a folder we may replace
        return None
    study = manifest.get("study") if isinstance(manifest, dict) else None
    return study if isinstance(study, str) else None


@contextlib.contextmanager
def new_run_folder(target: Path, *, study: str) -> Iterator[Path]:
    """Write a run folder: yields the hidden folder to write into, and renames it when the block succeeds.

    Parameters
    ----------
    target : Path
        The run folder. An earlier run of the same study is replaced at the very end.
    study : str
        Name of the study.

    Yields
    ------
    Path
        An empty hidden folder beside `target`.

    Raises
    ------
    InputFaults
        If `target` may not be replaced (see `check_target`).
    RunFolderError
        If another run is being written to the same place, or there is no room or no right to write there.
    """
    check_target(target, study=study)
    target = place_of(target)
    made: list[Path] = []
    draft = _draft_of(target)
    try:
        with writable(target, hidden=draft):
            made += _make_parents(target.parent)
            with _locked(draft, target=target):
                _bring_back(target)
                check_target(target, study=study)
                try:
                    _empty(draft)
                    yield draft
                    check_target(target, study=study)
                    draft.chmod(0o755)
                    _swap(draft, target)
                except BaseException:
                    shutil.rmtree(draft, ignore_errors=True)
                    raise
    finally:
        for parent in made:
            # only parents this run created, and only while they are empty
            with contextlib.suppress(OSError):
                parent.rmdir()


def bring_back(target: Path) -> None:
    """Bring back a run that a killed process had moved aside and not yet replaced.

    Only where folders cannot be exchanged in one step (see `exchange`) can a process be killed in between.

    Parameters
    ----------
    target : Path
        The run folder.

    Raises
    ------
    RunFolderError
        If a run is being written there right now.
    """
    target = place_of(target)
    if target.exists() or not _aside(target).is_dir():
        return
    draft = _draft_of(target)
    with _locked(draft, target=target):
        _bring_back(target)
    with contextlib.suppress(OSError):
        draft.rmdir()  # unless it holds what the killed process had written: the next run empties it


def _bring_back(target: Path) -> None:
    old = _aside(target)
    if old.is_dir() and not target.exists():
        old.rename(target)


def _draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.partial")


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.replaced")


def _make_parents(parent: Path) -> list[Path]:
    """Create the missing parents of a run folder; returns them, innermost first."""
    missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    return missing


@contextlib.contextmanager
def _locked(draft: Path, *, target: Path) -> Iterator[None]:
    """Hold the lock of the hidden folder, creating the folder if need be."""
    while True:
        draft.mkdir(mode=0o700, exist_ok=True)
        if draft.is_symlink():
            raise RunFolderError(
                f"{draft}: is a link, so what it leads to would be emptied. Remove the link."
            )
        try:
            handle = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue  # the run that held it has just finished and renamed it away: make our own
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            remedy = "Wait for it, or choose another --out."
            raise RunFolderError(f"{target}: another run is being written to this folder. {remedy}") from None
        if _is_still(draft, handle):
            break
        os.close(handle)
    try:
        os.fchmod(handle, 0o700)  # a killed run may have left it as open as a finished run is
        yield
    finally:
        os.close(handle)


def _is_still(draft: Path, handle: int) -> bool:
    """Whether the locked folder is the one the path leads to (it may have been renamed in between)."""
    try:
        there = draft.stat()
    except FileNotFoundError:
        return False
    here = os.fstat(handle)
    return (there.st_ino, there.st_dev) == (here.st_ino, here.st_dev)


def _empty(folder: Path) -> None:
    """Remove what a killed run may have left behind."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _swap(draft: Path, target: Path) -> None:
    """Let the finished folder take the place of the run folder, and remove what was there."""
    if not target.exists():
        draft.rename(target)
        return
    handle = os.open(target, os.O_RDONLY)
    try:
        # the lock goes where the folder goes: nobody else takes the hidden name before it is free again
        fcntl.flock(handle, fcntl.LOCK_EX)
        if exchange(draft, target):
            shutil.rmtree(draft, ignore_errors=True)
        else:
            _replace(draft, target)
    finally:
        os.close(handle)


def _replace(draft: Path, target: Path) -> None:
    """Swap by two renames; whoever comes next mends what a kill between them leaves (`bring_back`)."""
    old = _aside(target)
    shutil.rmtree(old, ignore_errors=True)
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a finished run where it is: whoever would replace or hold it waits for the end of the block."""
    target = place_of(folder)
    while True:
        handle = os.open(target, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if _is_still(target, handle):
            break
        os.close(handle)
    try:
        yield
    finally:
        os.close(handle)


def private_file(path: Path) -> Path:
    """Create an empty file that only its owner can read, in a folder only its owner can enter."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    return path
