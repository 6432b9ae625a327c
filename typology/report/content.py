"""What the report says apart from its notebooks, whatever the page is made with."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from typology.profile.findings import Findings, key_findings
from typology.profile.provenance import Provenance, provenance
from typology.profile.released import Summary, Tables, as_text
from typology.report.methods import methods_text

KIND = "Report on victim typologies"
SIMULATED = "The respondents of this survey are simulated. Nothing in this report is a finding about people."
HEADINGS = {
    "findings": "Key findings",
    "contents": "Contents",
    "methods": "Methods",
    "limits": "Limits",
    "disclosure": "Protection of respondents",
    "support": "Support",
}
LIMITS = (
    (
        "The survey asked people to look back. Memory is selective, and experiences may be under-reported, "
        "all the more where they are hard to talk about."
    ),
    (
        "The types describe groups of respondents of this survey. They are not diagnoses, they do not sort "
        "individual people, and they must not be used to judge or to predict what happens to one person."
    ),
    (
        "Risk factors are correlates. The survey cannot tell what came first, and none of them shifts "
        "responsibility from those who did harm to those it was done to."
    ),
    "Types depend on the questions asked. Another set of questions can show other patterns.",
    "Ranges from the literature come from other populations, ages and questions; they only orient.",
)
SUPPORT = (
    (
        "Reading about these experiences can be distressing, and may bring up your own. Speaking with "
        "someone helps: a person you trust, a national child helpline, a victim support service, or a doctor."
    ),
    "If a child is at risk now, contact the police or the child protection service where the child lives.",
    "What happened is never the fault of the person it happened to.",
)


@dataclass(frozen=True)
class Content:
    """The report but for its notebooks.

    Parameters
    ----------
    kind, title, document_title : str
        The line above the title, the title on the title page, and the title of the file.
    entries : tuple of (str, str)
        Dates, study, run and software on the title page.
    caution : str
        Printed on the title page; empty unless respondents are simulated.
    findings : Findings
    methods : str
        Markdown, without its first heading.
    limits, disclosure, support : tuple of str
    date : date
        Of the report.
    """

    kind: str
    title: str
    document_title: str
    entries: tuple[tuple[str, str], ...]
    caution: str
    findings: Findings
    methods: str
    limits: tuple[str, ...]
    disclosure: tuple[str, ...]
    support: tuple[str, ...]
    date: datetime.date


def report_content(tables: Tables, summary: Summary, *, date: datetime.date) -> Content:
    """Gather what every form of the report of a run says beside its notebooks.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables.
    summary : mapping
        ``summary.json``.
    date : date
        Of the report.

    Returns
    -------
    Content
    """
    source = provenance(summary)
    return Content(
        kind=KIND,
        title=source.title,
        document_title=f"{source.title}: {KIND[0].lower()}{KIND[1:]}",
        entries=_entries(source, date=date),
        caution=SIMULATED if source.settings.get("simulated") else "",
        findings=key_findings(tables, summary),
        methods=methods_text(tables, summary).split("\n", 2)[2],
        limits=LIMITS,
        disclosure=disclosure_statement(tables, summary, threshold=source.threshold),
        support=SUPPORT,
        date=date,
    )


def _entries(source: Provenance, *, date: datetime.date) -> tuple[tuple[str, str], ...]:
    entries = [
        ("Date of report", date.isoformat()),
        ("Data file of", source.data_date or "not given"),
        ("Study", source.study),
    ]
    if source.run_id:
        seed = "" if source.seed is None else f", seed {source.seed}"
        entries.append(("Run", f"{source.run_id}{seed}"))
    if source.version:
        entries.append(("Software", f"typology {source.version}"))
    return tuple(entries)


def disclosure_statement(tables: Tables, summary: Summary, *, threshold: int) -> tuple[str, ...]:
    """Say how small groups are protected, and how many rows of tables are withheld."""
    del summary
    withheld = sum(
        int((as_text(frame["suppressed"]) != "").sum())
        for frame in tables.values()
        if "suppressed" in frame.columns
    )
    counted = (
        f"{withheld} rows of the tables are withheld" if withheld != 1 else "1 row of the tables is withheld"
    )
    return (
        (
            f"No number in this report rests on fewer than {threshold} respondents: neither a count, nor the "
            "base of a percentage, nor those who did not give an answer. Zeros are treated as small numbers."
        ),
        f"Further numbers are withheld where a small one could be worked out from them. In all, {counted}.",
        "Maps show cells with many respondents, never single people. Pictures carry no hidden data.",
    )
