"""Finished stages of a run that is not finished, kept so that an interrupted run can go on.

They lie in a hidden folder beside the run folder that only its owner can enter, and are gone once the run is
whole. They count only for a run with the same inputs, settings, code and package versions.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from typology.errors import RunFolderError
from typology.runs.carriers import Reader, Writer
from typology.runs.folder import place_of, private_file
from typology.runs.manifest import package_versions, run_id
from typology.runs.whole import writable
from typology.schema.study import Study

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
_TREE = "tree"
_REMEDY = "It is left out; run the study again"


@dataclass(frozen=True)
class Saved:
    """A finished stage.

    Attributes
    ----------
    value : object
        What the stage handed on.
    seconds : float
        How long it took.
    """

    value: Any
    seconds: float


def analysis_key(study: Study, inputs: Mapping[str, Mapping[str, str]]) -> str:
    """Name everything that a result depends on: inputs, settings, code, versions and machine."""
    code = hashlib.sha256()
    for path in sorted(PACKAGE_ROOT.rglob("*.py")):
        code.update(path.relative_to(PACKAGE_ROOT).as_posix().encode("utf-8"))
        code.update(path.read_bytes())
    parts = [
        run_id(study, inputs), code.hexdigest(), platform.python_version(), platform.platform(),
        package_versions(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()


class Checkpoints:
    """The finished stages of one run folder. To be used by who holds the lock of that folder.

    Parameters
    ----------
    target : Path
        The run folder.
    key : str
        From `analysis_key`.
    """

    def __init__(self, target: Path, *, key: str) -> None:
        self.target = place_of(target)
        self.folder = self.target.with_name(f".{self.target.name}.checkpoints")
        self._key = key

    def fits(self) -> bool | None:
        """Whether the stages kept are of this very analysis; None where none are kept.

        Raises
        ------
        RunFolderError
            If the folder belongs to, or is open to, somebody else.
        """
        if not self.folder.is_dir():
            return None
        status = self.folder.stat()
        if status.st_uid != os.geteuid() or status.st_mode & 0o077 or self.folder.is_symlink():
            raise RunFolderError(
                f"{self.folder}: is open to others, so what is in it is not trusted. {_REMEDY}."
            )
        keys = {path.name.partition("-")[0] for path in self.folder.glob("*.npz")}
        return None if not keys else keys == {self._key[:16]}

    def load(self, stage: str) -> Saved | None:
        """Read a finished stage; None where it is not kept.

        Raises
        ------
        RunFolderError
            If the file is not what `save` wrote.
        """
        path = self._path(stage)
        if not path.is_file():
            return None
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                tree = json.loads(file[_TREE].tobytes().decode("utf-8"))
                arrays = [file[f"a{at}"] for at in range(tree["arrays"])]
            if tree["key"] != self._key:
                raise RunFolderError("is of another analysis")
            return Saved(Reader(arrays).value(tree["value"]), float(tree["seconds"]))
        except (
            RunFolderError,
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            EOFError,
            OSError,
            RuntimeError,  # what zipfile says of a damaged directory: encrypted, or packed in an unknown way
            zipfile.BadZipFile,
        ) as error:
            raise RunFolderError(f"{path}: is damaged ({error}). {_REMEDY}.") from error

    def save(self, stage: str, value: object, *, seconds: float) -> None:
        """Keep a finished stage, whole or not at all."""
        writer = Writer()
        tree = {
            "key": self._key,
            "seconds": seconds,
            "value": writer.tree(value),
            "arrays": len(writer.arrays),
        }
        text = np.frombuffer(json.dumps(tree).encode("utf-8"), dtype=np.uint8)
        content = io.BytesIO()
        np.savez(
            content, allow_pickle=False, **{_TREE: text, **{f"a{k}": a for k, a in enumerate(writer.arrays)}}
        )
        path = self._path(stage)
        draft = path.with_suffix(".partial")
        with writable(self.target, hidden=self.folder):
            draft.unlink(missing_ok=True)
            with private_file(draft).open("wb") as file:
                file.write(content.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)

    def discard(self) -> None:
        """Forget all stages."""
        if not self.folder.is_dir() or self.folder.is_symlink():
            return
        for kept in (*self.folder.glob("*.npz"), *self.folder.glob("*.partial")):
            kept.unlink()
        with contextlib.suppress(OSError):
            self.folder.rmdir()  # only what was written here is removed

    def _path(self, stage: str) -> Path:
        return self.folder / f"{self._key[:16]}-{stage.replace(' ', '_')}.npz"
