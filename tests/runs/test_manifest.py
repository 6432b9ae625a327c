"""What the manifest says."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
import platform
import shutil
from pathlib import Path
from typing import Any, cast

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from typology.results import Survey
from typology.runs.manifest import (
    WHEREABOUTS,
    build_manifest,
    describe_inputs,
    environment,
    hash_outputs,
    package_versions,
    run_id,
    sha256,
)
from typology.runs.run import Run
from typology.runs.whereabouts import locate_study, write_whereabouts
from typology.schema.load import load_study
from typology.schema.study import Study


class Read:
    """A survey of which only the number of rows is asked for."""

    n_read = 1166


def manifest_of(study: Study) -> dict[str, Any]:
    survey = cast("Survey", Read())
    return build_manifest(
        study, survey, inputs=describe_inputs(study), timings={"read": 0.1}, parameters={}, outputs={}
    )


def own_study(configs: Path, folder: Path) -> Path:
    shutil.copytree(configs, folder / "own", ignore=shutil.ignore_patterns("data"))
    path = folder / "own" / "demo.yaml"
    path.write_text("# ours\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def test_hashes_are_those_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc" * 1_000_000)
    assert sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_outputs_are_named_by_their_place_and_leave_the_manifest_out(tmp_path: Path) -> None:
    (tmp_path / "release" / "tables").mkdir(parents=True)
    (tmp_path / "release" / "tables" / "types.csv").touch()
    (tmp_path / "manifest.json").touch()
    assert hash_outputs(tmp_path) == {"release/tables/types.csv": hashlib.sha256(b"").hexdigest()}


def test_versions_are_those_of_the_environment() -> None:
    versions = package_versions()
    for name in ("umap-learn", "numba", "llvmlite", "hdbscan", "numpy"):
        assert versions[name] == importlib.metadata.version(name)


def test_every_input_is_described_and_decides_the_run_id(configs: Path) -> None:
    study = load_study(configs / "demo.yaml")
    inputs = describe_inputs(study)
    assert {"study", "codebook", "catalogue"} <= set(inputs)
    other = {**inputs, "codebook": {**inputs["codebook"], "sha256": "0" * 64}}
    assert run_id(study, inputs) == run_id(study, describe_inputs(study))
    assert run_id(study, inputs) != run_id(study, other)


def test_nothing_tells_where_the_files_lie(configs: Path, tmp_path: Path) -> None:
    study = load_study(own_study(configs, tmp_path))
    told = manifest_of(study)
    assert told["study_file"] == told["inputs"]["study"]["path"] == "demo.yaml"
    assert told["inputs"]["codebook"]["path"] == "codebooks/isec.yaml"
    assert str(tmp_path) not in json.dumps(told)


@pytest.mark.parametrize(
    "given", ["/home/somebody/own.sav", "C:\\Users\\somebody\\own.sav", "~somebody/own.sav"]
)
def test_of_a_data_file_elsewhere_the_name_is_told(configs: Path, tmp_path: Path, given: str) -> None:
    study = load_study(own_study(configs, tmp_path))
    survey = study.config.survey.model_copy(update={"data": given})
    config = study.config.model_copy(update={"survey": survey})
    inputs = {**study.inputs, "data": tmp_path / "elsewhere" / "own.sav"}
    told = manifest_of(dataclasses.replace(study, config=config, inputs=inputs))
    assert told["config"]["survey"]["data"] == told["inputs"]["data"]["path"] == "own.sav"
    assert "somebody" not in json.dumps(told)


def test_the_environment_can_be_rebuilt() -> None:
    """Every package that typology asks for, and those that these ask for, is told with its version."""
    told = environment()
    assert told["python"] == platform.python_version()
    assert told["platform"]
    assert told["machine"]
    assert told["threads"]["numba"] >= 1
    assert any(
        each["user_api"] == "blas" and each["num_threads"] >= 1 for each in told["threads"]["libraries"]
    )
    assert "filepath" not in json.dumps(told)
    left, seen = ["typology"], set[str]()
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                left.append(canonicalize_name(needed.name))
                assert needed.specifier.contains(told["packages"][left[-1]], prereleases=True), line
    assert {"umap-learn", "numba", "llvmlite", "hdbscan", "numpy", "scipy"} <= seen
    assert all(Requirement(f"{name}=={version}") for name, version in told["packages"].items())


def test_the_study_is_found_where_it_was_and_where_it_was_moved_to_with_the_run(
    configs: Path, tmp_path: Path
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    path = own_study(configs, before)
    study = load_study(path)
    folder = before / "runs" / "demo"
    folder.mkdir(parents=True)
    write_whereabouts(study, folder)
    assert (folder / WHEREABOUTS).stat().st_mode & 0o077 == 0
    assert hash_outputs(folder) == {}
    manifest = {**manifest_of(study), "config": {"survey": {"data": "own.csv"}}}
    assert locate_study(Run(folder, summary={}, manifest=manifest)) == path
    alone = tmp_path / "elsewhere" / "demo"
    shutil.copytree(folder, alone)
    assert locate_study(Run(alone, summary={}, manifest=manifest)) == path
    before.rename(after)
    moved = Run(after / "runs" / "demo", summary={}, manifest=manifest)
    assert locate_study(moved) == after / "own" / "demo.yaml"
    assert locate_study(Run(alone, summary={}, manifest=manifest)) is None
