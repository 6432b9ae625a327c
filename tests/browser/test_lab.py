"""A notebook in a real JupyterLab, started as a researcher starts it and run by its menu."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.jupyter import complaints, jupyterlab, run_all, save
from tests.browsing import Chromium
from tests.release_factory import make_summary, make_tables, write_folder

pytestmark = pytest.mark.slow

NOTEBOOK = "02_discovery_and_evidence.ipynb"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address and notebooks of a JupyterLab on a run without private files."""
    tables = make_tables(3)
    run = write_folder(tmp_path / "run", tables, make_summary(tables))
    with jupyterlab(run, tmp_path) as served:
        yield served


def test_a_notebook_runs_from_top_to_bottom_in_jupyterlab(chromium: Chromium, lab: tuple[str, Path]) -> None:
    address, folder = lab
    cells = [
        cell
        for cell in json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    with chromium.window(width=1400, height=1000) as window:
        page = run_all(window, address, NOTEBOOK)
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
        save(page)
        assert not complaints(window)
    saved = json.loads((folder / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    run = [cell for cell in saved if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in run] == list(range(1, len(cells) + 1))
    shows = [cell for cell in run if isinstance(ast.parse("".join(cell["source"])).body[-1], ast.Expr)]
    assert len(shows) >= 10
    assert all(cell["outputs"] for cell in shows)
