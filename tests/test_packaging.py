"""The wheel: study, codebook, catalogue and notebooks travel inside; survey data never do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("typology", "configs", "notebooks", "pyproject.toml", "README.md", "LICENSE", ".gitignore")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the checkout that also holds survey data, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in SOURCES:
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, source / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
        else:
            shutil.copy(origin, source / name)
    (source / "configs" / "data").mkdir()
    (source / "configs" / "data" / "survey.csv").write_text("rid,abused\n1,1\n", encoding="utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(command, check=True, cwd=source, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_configs_and_notebooks_are_inside_as_they_are_in_the_checkout(installed: Path) -> None:
    for name, pattern in (("configs", "**/*.yaml"), ("notebooks", "*.ipynb")):
        sources = [path for path in (ROOT / name).glob(pattern) if "data" not in path.parts]
        assert sources
        for path in sources:
            packed = installed / "typology" / "_data" / path.relative_to(ROOT)
            assert packed.read_bytes() == path.read_bytes()


def test_every_module_and_template_is_inside(installed: Path) -> None:
    package = ROOT / "typology"
    sources = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert len(sources) > 100
    for path in sources:
        assert (installed / path.relative_to(ROOT)).is_file(), path


def test_survey_data_are_not(installed: Path) -> None:
    assert not list(installed.rglob("survey.csv"))
    assert not list(installed.rglob("data"))


def test_the_demo_study_loads_from_the_wheel_in_any_folder(installed: Path, tmp_path: Path) -> None:
    code = (
        "import typology, typology.resources as r; from typology.survey.read import read_survey\n"
        "study = typology.load_study(r.configs_dir() / 'demo.yaml')\n"
        "print(typology.__file__, r.configs_dir(), read_survey(study).n_read, sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    module, configs, n = done.stdout.splitlines()
    assert Path(module).is_relative_to(installed)
    assert Path(configs).is_relative_to(installed)
    assert int(n) == 1166


def test_constraints_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line[:1] != "#"
    ]
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in pins}
    assert all("==" in line and "/" not in line for line in pins)
    assert {name.split(">=")[0] for name in wanted} <= pinned
