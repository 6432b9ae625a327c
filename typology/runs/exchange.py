"""Two names trade places in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

# linux/fs.h: RENAME_EXCHANGE; macOS sys/stdio.h: RENAME_SWAP
_EXCHANGE = 2
_HERE = -100  # AT_FDCWD: paths are taken as they are
_NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders of one file system: at no moment is either name without a whole folder.

    Parameters
    ----------
    first, second : Path

    Returns
    -------
    bool
        False where system or file system has no such call; nothing was changed then.

    Raises
    ------
    OSError
        For any other reason.
    """
    library = ctypes.CDLL(None, use_errno=True)
    one, two = os.fsencode(first), os.fsencode(second)
    if hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, one, _HERE, two, _EXCHANGE)
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(one, two, _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(first), None, str(second))
