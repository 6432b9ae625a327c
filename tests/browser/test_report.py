"""Reports of the three verdicts in a real browser. The demo's own is looked at in tests/test_demo.py."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.browser.looking import look_at_report
from tests.browsing import Chromium
from tests.release_factory import make_summary, make_tables, write_folder
from typology.report import render_report

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("verdict", ["types", "gradient", "none"])
def test_a_report_reads_well_on_desktop_phone_and_paper(
    chromium: Chromium, tmp_path: Path, verdict: str
) -> None:
    tables = make_tables(2 if verdict == "types" else 0, verdict=verdict, long_labels=True)
    folder = write_folder(tmp_path / "run", tables, make_summary(tables, verdict=verdict))
    look_at_report(chromium, render_report(folder, date=datetime.date(2026, 1, 2)))
