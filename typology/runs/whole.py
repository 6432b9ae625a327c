"""Files that appear whole or not at all, and what is said when they cannot be written."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from typology.errors import RunFolderError

_NO_ROOM = "Free some space there, or choose another disk with --out; nothing was written"
_NO_RIGHT = "Choose a place that you may write to with --out; nothing was written"
REMEDIES = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EROFS: _NO_RIGHT,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
}


@contextlib.contextmanager
def writable(target: Path, *, hidden: Path | None = None) -> Iterator[None]:
    """Say in plain words when a disk is full or may not be written to.

    Parameters
    ----------
    target : Path
        What is being written, as the user knows it.
    hidden : Path, optional
        Where it is written first; a file in there is named by `target`.

    Raises
    ------
    RunFolderError
        In place of an OSError of such a kind; others pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        place = target if error.filename is None else Path(str(error.filename))
        if hidden is not None and (place == hidden or hidden in place.parents):
            place = target
        raise RunFolderError(f"{place}: {error.strerror}. {REMEDIES[error.errno]}.") from error


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; what was there before stays until then.

    Parameters
    ----------
    path : Path
    content : str or bytes

    Raises
    ------
    OSError
        That names `path`, if it cannot be written.
    """
    draft = path.with_name(f".{path.name}.partial")
    try:
        if isinstance(content, bytes):
            draft.write_bytes(content)
        else:
            draft.write_text(content, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
