"""The fixed parts of the report in words: limits, disclosure control, support."""

from __future__ import annotations

from typology.profile.released import Summary, Tables, as_text

LIMITS = (
    (
        "The survey asked adults to look back. Memory is selective, and experiences may be under-reported, "
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
