"""The manifest: what went in, what it was done with, and what came out."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from threadpoolctl import threadpool_info

from typology._version import __version__
from typology.errors import InputFault, InputFaults
from typology.results import Survey
from typology.schema.study import Study

WHEREABOUTS = "private/study.json"
Inputs: TypeAlias = Mapping[str, Mapping[str, str]]
"""Path and SHA-256 of the input files, by role."""

_BLOCK = 1 << 20
_ELSEWHERE = re.compile(r"[/\\~]|[A-Za-z]:")  # how a path from the root, or from somebody's home, starts


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def describe_inputs(study: Study) -> dict[str, dict[str, str]]:
    """Path and SHA-256 of every input file of a study, by its role; no SHA-256 where the file is gone.

    Paths are as seen from the folder of the study file; of a file elsewhere, the name alone: where it lies is
    the business of the machine it lies on, and the hash says which file it is.

    Raises
    ------
    InputFaults
        If a file that is there cannot be read.
    """
    folder = study.path.absolute().parent
    return {
        role: {"path": _named(path, folder), "sha256": _hash_if_there(path)}
        for role, path in study.inputs.items()
    }


def _hash_if_there(path: Path) -> str:
    try:
        return sha256(path) if path.is_file() else ""
    except OSError as error:
        remedy = "Check the path and its permissions."
        raise InputFaults([InputFault(str(path), f"cannot be read: {error.strerror}", remedy)]) from None


def _named(path: Path, folder: Path) -> str:
    place = Path(os.path.normpath(path.absolute()))
    inside = place.is_relative_to(folder)
    return place.relative_to(folder).as_posix() if inside else place.name


def refuse_changed(study: Study, inputs: Inputs) -> None:
    """Refuse inputs that are not what they were when the run began: its manifest would not be true.

    Parameters
    ----------
    study : Study
    inputs : mapping
        From `describe_inputs`, before anything was read.

    Raises
    ------
    InputFaults
        One fault a file.
    """
    faults = []
    for role, now in describe_inputs(study).items():
        if now["sha256"] != inputs[role]["sha256"]:
            what = "changed while the study ran" if now["sha256"] else "was removed while the study ran"
            remedy = "Put the file in place and run again; nothing was written."
            faults.append(InputFault(str(study.inputs[role]), f"the {role} file {what}", remedy))
    if faults:
        raise InputFaults(faults)


def run_id(study: Study, inputs: Inputs) -> str:
    """Twelve characters that name this analysis: same inputs, settings and version, same id."""
    parts = {
        "config": study.config.model_dump(mode="json"),
        "inputs": {role: entry["sha256"] for role, entry in inputs.items()},
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()[:12]


def environment() -> dict[str, Any]:
    """Python, platform, the version of every installed package, and the threads of numerical libraries."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "threads": threads(),
        "packages": package_versions(),
    }


def threads() -> dict[str, Any]:
    """Processors, and the threads that Numba and each loaded BLAS and OpenMP library may use."""
    # Numba takes a second to import; where a manifest is written, it has long been
    import numba

    told = ("user_api", "internal_api", "version", "num_threads")
    pools = [{key: pool[key] for key in told} for pool in threadpool_info()]
    return {
        "processors": os.cpu_count(),
        "numba": numba.get_num_threads(),
        "libraries": sorted(pools, key=lambda pool: [str(pool[key]) for key in told]),
    }


def package_versions() -> dict[str, str]:
    """Version of every installed package, by its normalised name: enough to rebuild the environment."""
    found = {_canonical(each.name): each.version for each in importlib.metadata.distributions()}
    return dict(sorted({**found, "typology": __version__}.items()))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def hash_outputs(
    folder: Path, *, leave_out: tuple[str, ...] = ("manifest.json", WHEREABOUTS)
) -> dict[str, str]:
    """SHA-256 of every file of a run folder that tells of the study, by its path inside."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in names.items() if name not in leave_out}


def altered_outputs(folder: Path, outputs: Mapping[str, str]) -> list[str]:
    """Name the files a run released that are gone, or not what its manifest says they are."""
    released = {
        name: digest
        for name, digest in outputs.items()
        if name == "summary.json" or name.startswith("release/")
    }
    found = hash_outputs(folder)
    return [name for name, digest in released.items() if found.get(name) != digest]


def _without_places(config: dict[str, Any]) -> dict[str, Any]:
    """Settings in which a data file given by its path from the root is named only."""
    data = config["survey"]["data"]
    if not _ELSEWHERE.match(data):
        return config
    return {**config, "survey": {**config["survey"], "data": re.split(r"[/\\]", data)[-1]}}


def build_manifest(
    study: Study,
    survey: Survey,
    *,
    inputs: Inputs,
    timings: Mapping[str, float],
    parameters: Mapping[str, Any],
    outputs: Mapping[str, str],
) -> dict[str, Any]:
    """Put the manifest together.

    Parameters
    ----------
    study : Study
    survey : Survey
        Only its number of rows is used.
    inputs : mapping
        From `describe_inputs`.
    timings : mapping
        Seconds by stage.
    parameters : mapping
        Settings actually used where the study file says ``auto``.
    outputs : mapping
        From `hash_outputs`.

    Returns
    -------
    dict
        Content of ``manifest.json``.
    """
    return {
        "study": study.config.study,
        "run": run_id(study, inputs),
        "typology": __version__,
        "study_file": study.path.name,
        "inputs": {role: dict(entry) for role, entry in inputs.items()},
        "rows_read": survey.n_read,
        "seed": study.config.seed,
        "config": _without_places(study.config.model_dump(mode="json")),
        "parameters": dict(parameters),
        "environment": environment(),
        "timings": {stage: round(seconds, 3) for stage, seconds in timings.items()},
        "outputs": dict(outputs),
    }
