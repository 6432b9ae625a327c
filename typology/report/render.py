"""Renders the report of a run folder: one HTML file that needs nothing else, and the same as one PDF."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from typology.errors import TypologyError
from typology.profile.replication import replication_data
from typology.report.content import HEADINGS, Content, report_content
from typology.report.methods import methods_text
from typology.resources import notebooks_dir
from typology.runs import Run, open_run
from typology.runs.whole import write_whole

CARDS, RISK, REPLICATION, EVIDENCE, DEGREE, QUALITY = (
    "04_profile_cards", "03_risk_factors", "05_replication", "02_discovery_and_evidence",
    "07_differences_of_degree", "01_survey_quality",
)  # fmt: skip
FETCHES = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?:https?:|//)|url\(\s*["']?(?!data:)|@import|<script|<link|<iframe"""
)


def render_report(run_dir: Path, *, date: datetime.date | None = None) -> Path:
    """Execute the notebooks for a run and write ``report.html``, ``report.pdf`` and ``methods.md``.

    Parameters
    ----------
    run_dir : Path
        A run folder with its release tables, ``summary.json`` and ``manifest.json``.
    date : date, optional
        Printed on the title page, and the date of the PDF; today by default. Nothing else in the report
        depends on when it is made.

    Returns
    -------
    Path
        The report as a page.

    Raises
    ------
    TypologyError
        A notebook fails, or the page would not be self-contained.
    """
    # papermill, nbconvert and typst take seconds to import; nothing else in a run needs them
    from typology.report.convert import to_section
    from typology.report.execute import execute_notebooks
    from typology.report.pdf import report_pdf

    run = open_run(run_dir)
    folder = notebooks_dir()
    executed = execute_notebooks(
        [folder / f"{name}.ipynb" for name in _parts_of(run)],
        parameters={"run_dir": str(run_dir.resolve())},
    )
    sections = [to_section(notebook, prefix=f"part{i}") for i, notebook in enumerate(executed, start=1)]
    release = run_dir / "release"
    write_whole(release / "methods.md", methods_text(run.tables, run.summary))
    today = datetime.datetime.now().astimezone().date()
    content = report_content(run.tables, run.summary, date=date or today)
    page = _page(content, sections=sections)
    check_self_contained(page)
    report = release / "report.html"
    write_whole(report, page)
    write_whole(release / "report.pdf", report_pdf(content, executed))
    return report


def _parts_of(run: Run) -> tuple[str, ...]:
    """The notebooks of this run; the one on replication only where there are types by group."""
    grouped = not replication_data(run.tables).empty
    return tuple(name for name in parts(str(run.summary["verdict"])) if grouped or name != REPLICATION)


def parts(verdict: str) -> tuple[str, ...]:
    """Return the notebooks in the order of the report: what matters most to its readers first.

    Without types there are no cards; the report then opens with what was found instead and what it would have
    taken to find types, and goes on with why there are none.
    """
    if verdict == "types":
        return CARDS, RISK, REPLICATION, EVIDENCE, DEGREE, QUALITY
    return DEGREE, EVIDENCE, RISK, QUALITY


def _page(content: Content, *, sections: list[Any]) -> str:
    from typology.report.page import environment, markdown

    template = environment().get_template("report.html.j2")
    return template.render(
        content=content, headings=HEADINGS, sections=sections, methods=markdown(f"\n{content.methods}")
    )


def check_self_contained(page: str) -> None:
    """Refuse a page that would fetch anything or run a script.

    Raises
    ------
    TypologyError
        With the offending piece.
    """
    found = FETCHES.search(page)
    if found:
        around = page[max(0, found.start() - 40) : found.end() + 60]
        raise TypologyError(f"The report was not written: it would not be self-contained (near {around!r}).")
