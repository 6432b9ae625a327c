"""The explorer in a real JupyterLab: every view used, a type renamed, and nothing private saved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.jupyter import complaints, jupyterlab, run_all, save
from tests.browsing import Chromium
from tests.explorer.finished import HIDDEN, finished_run
from typology.runs.names import naming_log

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

NOTEBOOK = "06_explorer.ipynb"
CROSSING, ANSWERS = "Where each type lies in this run", "Answers in the region"
SHOWN = "() => document.querySelector('.jp-OutputArea-output').innerText"
NAME = "Known from school"


def press(page: Page, name: str) -> None:
    """Press a button with the keyboard."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Space")


def slide(page: Page, slider: int, key: str) -> None:
    """Move one of the sliders in view with the keyboard, and wait until what is shown has changed."""
    before = page.evaluate(SHOWN)
    page.locator(".noUi-handle:visible").nth(slider).focus()
    page.keyboard.press(key)
    page.wait_for_function(f"before => ({SHOWN})() !== before", arg=before)


def test_every_view_is_used_and_nothing_private_is_saved(chromium: Chromium, tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run")
    with (
        jupyterlab(run.folder, tmp_path) as (address, books),
        chromium.window(width=1400, height=1000) as window,
    ):
        page = run_all(window, address, NOTEBOOK)
        page.locator(".widget-toggle-buttons").wait_for()
        page.get_by_alt_text("Profile card of T1").wait_for()
        page.locator(".jp-OutputArea-output select:visible").select_option(index=2)
        page.get_by_alt_text("Profile card of T3").wait_for()

        press(page, "Runs")
        assert not page.get_by_text(CROSSING).count()
        press(page, "Show what is private")
        page.get_by_text(CROSSING).first.wait_for()
        for slider in range(3):  # neighbourhood, smallest cluster, seed
            slide(page, slider, "ArrowRight")

        press(page, "Region")
        page.get_by_text(f"{ANSWERS} (300 respondents)").first.wait_for()
        assert page.get_by_text(HIDDEN).count()
        for _ in range(4):
            slide(page, 0, "PageUp")
        page.get_by_text(f"{ANSWERS} (300 respondents)").wait_for(state="detached")
        page.get_by_text(ANSWERS).first.wait_for()

        press(page, "Name")
        page.locator(".jp-OutputArea-output select:visible").select_option(index=1)
        page.get_by_label("New name").fill(NAME)
        page.get_by_label("Given by").fill("A. B.")
        page.keyboard.press("Tab")
        press(page, "Give this name")
        page.get_by_text(f"T2 is now \u201c{NAME}\u201d").wait_for()

        save(page)
        assert not complaints(window)
    (entry,) = naming_log(run)
    assert (entry.type, entry.new, entry.who) == ("T2", NAME, "A. B.")
    saved = (books / NOTEBOOK).read_text(encoding="utf-8")
    assert "widget-view" in saved
    for private in (HIDDEN, CROSSING, ANSWERS, "widget-state", "person0"):
        assert private not in saved
