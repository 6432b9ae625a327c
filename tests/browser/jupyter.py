"""A real JupyterLab, started as a researcher starts it, and notebooks run by its menu."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browsing import PATIENCE, Window

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\?token=\w+")
# JupyterLab warns of parts that start slowly
QUIET = ("debug: ", "info: ", "log: ", "warning: ")


@contextmanager
def jupyterlab(run: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """``typology lab RUN --no-browser``: the address it prints, with its token, and its notebooks."""
    log = folder / "lab.log"
    command = [sys.executable, "-m", "typology", "lab", str(run), "--folder", "books", "--no-browser"]
    with log.open("w") as told:
        server = subprocess.Popen(
            command, cwd=folder, env=_settings(folder), stdout=told, stderr=subprocess.STDOUT
        )
    try:
        yield _address(server, log), folder / "books"
    finally:
        server.terminate()
        server.wait(timeout=60)


def run_all(window: Window, address: str, notebook: str) -> Page:
    """Open a notebook and run all its cells by the menu."""
    page = window.page
    page.goto(address.replace("/lab?", f"/lab/tree/{notebook}?"))
    # until the kernel is there, running cells is silently forgotten
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return page


def save(page: Page) -> None:
    """Save the notebook that is open, and wait until it is."""
    page.keyboard.press("Control+s")
    page.locator(".jp-mod-dirty").wait_for(state="detached")


def complaints(window: Window) -> list[str]:
    """What the page complained of, but for what JupyterLab says by the way."""
    return [said for said in window.complaints if not said.startswith(QUIET)]


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
