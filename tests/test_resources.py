"""The packaged folders are found, and only ours."""

from pathlib import Path

import pytest

from typology import resources
from typology.errors import TypologyError


def test_checkout_has_its_configs() -> None:
    assert (resources.configs_dir() / "demo.yaml").is_file()
    assert (resources.configs_dir() / "risk_factors.yaml").is_file()


def test_wheel_data_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "typology"
    inside = package / "_data" / "configs"
    inside.mkdir(parents=True)
    (inside / "risk_factors.yaml").touch()
    stray = package.parent / "configs"
    stray.mkdir()
    (stray / "risk_factors.yaml").touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.configs_dir() == inside


def test_a_folder_of_somebody_else_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "typology")
    with pytest.raises(TypologyError, match="packaged notebooks is missing"):
        resources.notebooks_dir()
