"""A notebook in a real JupyterLab, started as a researcher starts it and run by its menu."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import PATIENCE, Chromium
from tests.release_factory import make_summary, make_tables, write_folder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "02_discovery_and_evidence.ipynb"
ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\?token=\w+")


@pytest.fixture
def lab(chromium: Chromium, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """``typology lab RUN --no-browser``: the address it prints, with its token, and its notebooks."""
    tables = make_tables(3)
    run = write_folder(tmp_path / "run", tables, make_summary(tables))
    log = tmp_path / "lab.log"
    command = [sys.executable, "-m", "typology", "lab", str(run), "--folder", "books", "--no-browser"]
    with log.open("w") as told:
        server = subprocess.Popen(
            command, cwd=tmp_path, env=_settings(tmp_path), stdout=told, stderr=subprocess.STDOUT
        )
    try:
        yield _address(server, log), tmp_path / "books"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _settings(folder: Path) -> dict[str, str]:
    """An environment in which nobody's own Jupyter settings matter and every cell is kept on the page."""
    config = folder / "config"
    files = {
        config / "jupyter_server_config.json": {"ServerApp": {"allow_root": True}},
        config / "labconfig" / "page_config.json": {
            "disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}
        },
        config / "lab" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings": {
            "windowingMode": "none"
        },
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    own = {
        "JUPYTER_CONFIG_DIR": config,
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": config / "lab",
        "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
        "IPYTHONDIR": folder / "ipython",
        "PYTHONPATH": ROOT,
    }
    return {**os.environ, **{name: str(path) for name, path in own.items()}}


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end and server.poll() is None:
        found = ADDRESS.search(log.read_text(encoding="utf-8"))
        if found:
            return found.group()
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def test_a_notebook_runs_from_top_to_bottom_in_jupyterlab(chromium: Chromium, lab: tuple[str, Path]) -> None:
    address, folder = lab
    cells = [
        cell
        for cell in json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    with chromium.window(width=1400, height=1000) as window:
        page = window.page
        page.goto(address.replace("/lab?", f"/lab/tree/{NOTEBOOK}?"))
        # until the kernel is there, running cells is silently forgotten
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(
            """count => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                .filter(prompt => /\\[\\d+\\]/.test(prompt.textContent)).length === count""",
            arg=len(cells),
        )
        # as the last cell of the notebook is done, so are its outputs, but not yet their pictures
        page.wait_for_function(
            "[...document.querySelectorAll('.jp-OutputArea img')].every(i => i.complete && i.naturalWidth)"
        )
        outputs = page.locator(".jp-OutputArea-output")
        kinds = outputs.evaluate_all("all => all.map(one => one.firstElementChild?.dataset.mimeType ?? '')")
        assert not [kind for kind in kinds if kind.endswith((".error", ".stderr"))]
        assert page.locator(".jp-OutputArea img").count() >= 4
        assert page.locator(".jp-OutputArea table").count() >= 2
        page.keyboard.press("Control+s")
        page.locator(".jp-mod-dirty").wait_for(state="detached")
        # JupyterLab warns of parts that start slowly
        quiet = ("debug: ", "info: ", "log: ", "warning: ")
        assert not [said for said in window.complaints if not said.startswith(quiet)]
    saved = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    run = [cell for cell in saved if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in run] == list(range(1, len(cells) + 1))
    shows = [cell for cell in run if isinstance(ast.parse("".join(cell["source"])).body[-1], ast.Expr)]
    assert len(shows) >= 10
    assert all(cell["outputs"] for cell in shows)
