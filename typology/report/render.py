"""Renders the report of a run folder: one HTML file that needs nothing else."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from typology.errors import TypologyError
from typology.profile.findings import key_findings
from typology.profile.provenance import provenance
from typology.profile.replication import replication_data
from typology.report.content import LIMITS, SUPPORT, disclosure_statement
from typology.report.methods import methods_text
from typology.resources import notebooks_dir
from typology.runs import Run, open_run

CARDS, RISK, REPLICATION, EVIDENCE, QUALITY = (
    "04_profile_cards", "03_risk_factors", "05_replication", "02_discovery_and_evidence", "01_survey_quality"
)  # fmt: skip
FETCHES = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?:https?:|//)|url\(\s*["']?(?!data:)|@import|<script|<link|<iframe"""
)


def render_report(run_dir: Path, *, date: datetime.date | None = None) -> Path:
    """Execute the notebooks for a run and write ``release/report.html`` and ``release/methods.md``.

    Parameters
    ----------
    run_dir : Path
        A run folder with its release tables, ``summary.json`` and ``manifest.json``.
    date : date, optional
        Printed on the title page; today by default. Nothing else in the report depends on when it is made.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    TypologyError
        A notebook fails, or the page would not be self-contained.
    """
    # papermill and nbconvert take seconds to import; nothing else in a run needs them
    from typology.report.convert import to_section
    from typology.report.execute import execute_notebooks

    run = open_run(run_dir)
    folder = notebooks_dir()
    executed = execute_notebooks(
        [folder / f"{name}.ipynb" for name in _parts_of(run)],
        parameters={"run_dir": str(run_dir.resolve())},
    )
    sections = [to_section(notebook, prefix=f"part{i}") for i, notebook in enumerate(executed, start=1)]
    release = run_dir / "release"
    methods = methods_text(run.tables, run.summary)
    (release / "methods.md").write_text(methods, encoding="utf-8")
    page = _page(
        run, sections=sections, methods=methods, date=date or datetime.datetime.now().astimezone().date()
    )
    check_self_contained(page)
    report = release / "report.html"
    report.write_text(page, encoding="utf-8")
    return report


def _parts_of(run: Run) -> tuple[str, ...]:
    """The notebooks of this run; the one on replication only where there are types by group."""
    grouped = not replication_data(run.tables).empty
    return tuple(name for name in parts(str(run.summary["verdict"])) if grouped or name != REPLICATION)


def parts(verdict: str) -> tuple[str, ...]:
    """Return the notebooks in the order of the report: what matters most to its readers first.

    Without types there are no cards; the report then opens with the evidence and what was found instead.
    """
    return (CARDS, RISK, REPLICATION, EVIDENCE, QUALITY) if verdict == "types" else (EVIDENCE, RISK, QUALITY)


def _page(run: Run, *, sections: list[Any], methods: str, date: datetime.date) -> str:
    from typology.report.page import environment, markdown

    source = provenance(run.summary)
    return environment().get_template("report.html.j2").render(
        title=source.title,
        source=source,
        date=date.isoformat(),
        findings=key_findings(run.tables, run.summary),
        sections=sections,
        methods=markdown(methods.split("\n", 2)[2]),
        limits=LIMITS,
        disclosure=disclosure_statement(run.tables, run.summary, threshold=source.threshold),
        support=SUPPORT,
    )  # fmt: skip


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
