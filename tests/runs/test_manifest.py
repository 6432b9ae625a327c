"""What the manifest says."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

from typology.runs.manifest import describe_inputs, hash_outputs, package_versions, run_id, sha256
from typology.schema.load import load_study


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
