"""What all tests share: real data, one demo run, and the rule that CI skips nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsing import Chromium, installed

if TYPE_CHECKING:
    from typology.runs import Run

ROOT = Path(__file__).resolve().parents[1]
REALDATA = "TYPOLOGY_REALDATA"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the demo run, which takes longest, first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: "demo_run" not in getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: something it needs was not installed or not found."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("tests were skipped in CI, which counts as a failure", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real survey files; skips without it, fails when it is announced and absent."""
    folder = os.environ.get(REALDATA)
    if not folder:
        pytest.skip(f"{REALDATA} is not set")
    path = Path(folder)
    assert path.is_dir(), f"{REALDATA} is {folder}, which is not a folder"
    return path


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The browser, its driver and the rules of accessibility; skips where one of them is absent."""
    return installed()


@pytest.fixture(scope="session")
def configs() -> Path:
    """The checkout's configuration files."""
    return ROOT / "configs"


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory, configs: Path) -> Run:
    """Run the demo study once, from survey to report.

    Once for the whole session as long as one file uses it: workers get whole files (``--dist=loadfile``).
    """
    from typology.pipeline import run_study
    from typology.schema.load import load_study

    out = tmp_path_factory.mktemp("runs") / "demo"
    return run_study(load_study(configs / "demo.yaml"), out=out, jobs=2)
