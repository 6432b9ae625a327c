"""The manifest: what went in, what it was done with, and what came out."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from typology._version import __version__
from typology.results import Survey
from typology.schema.study import Study

_BLOCK = 1 << 20


def sha256(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def describe_inputs(study: Study) -> dict[str, dict[str, str]]:
    """Path and SHA-256 of every input file of a study, by its role."""
    return {
        role: {"path": str(path.absolute()), "sha256": sha256(path)} for role, path in study.inputs.items()
    }


def run_id(study: Study, inputs: Mapping[str, Mapping[str, str]]) -> str:
    """Twelve characters that name this analysis: same inputs, settings and version, same id."""
    parts = {
        "config": study.config.model_dump(mode="json"),
        "inputs": {role: entry["sha256"] for role, entry in inputs.items()},
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("utf-8")).hexdigest()[:12]


def environment() -> dict[str, Any]:
    """Python, platform and the version of every installed package."""
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "packages": package_versions(),
    }


def package_versions() -> dict[str, str]:
    """Version of every installed package, by its normalised name: enough to rebuild the environment."""
    found = {_canonical(each.name): each.version for each in importlib.metadata.distributions()}
    return dict(sorted({**found, "typology": __version__}.items()))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def hash_outputs(folder: Path, *, leave_out: tuple[str, ...] = ("manifest.json",)) -> dict[str, str]:
    """SHA-256 of every file of a run folder, by its path inside."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: sha256(path) for name, path in names.items() if name not in leave_out}


def build_manifest(
    study: Study,
    survey: Survey,
    *,
    inputs: Mapping[str, Mapping[str, str]],
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
        "study_file": str(study.path.absolute()),
        "inputs": dict(inputs),
        "rows_read": survey.n_read,
        "seed": study.config.seed,
        "config": study.config.model_dump(mode="json"),
        "parameters": dict(parameters),
        "environment": environment(),
        "timings": {stage: round(seconds, 3) for stage, seconds in timings.items()},
        "outputs": dict(outputs),
    }
