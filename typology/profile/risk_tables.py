"""Tables about what marks each type: risk factors, the literature, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.linkage_tables import by_subject, published_range
from typology.profile.panels import tidy_factors
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known, p_value, points, ratio_span


def risk_table(tables: Tables, summary: Summary, *, only_standing_out: bool = False) -> TableView | Notice:
    """List risk factors by type: prevalence, difference, odds ratio with interval, q-value.

    Parameters
    ----------
    tables, summary
    only_standing_out : bool
        Leave out the factors that do not stand out.
    """
    frame = tidy_factors(tables)
    if frame.empty:
        return Notice("There are no types to compare risk factors between.", skip=True)
    columns = ["prevalence_type", "prevalence_rest", "difference", "odds_ratio", "lo", "hi", "q"]
    frame = numbers(frame, *columns)
    if only_standing_out:
        frame = frame[frame["stands_out"] & (frame["suppressed"] == "")]
        if frame.empty:
            return Notice("No risk factor stands out in any type after false-discovery control.")
    rows = tuple(_risk_row(r) for r in by_subject(frame, "factor", "variable").to_dict("records"))
    header = (
        "Risk factor",
        "Type",
        "In type",
        "In rest",
        "Points",
        "Odds ratio",
        "q",
        "Stands out",
    )
    told = "Points: difference in percentage points. Odds ratios with 95% intervals."
    note = " ".join(filter(None, [told, cells.reasons(list(frame["suppressed"]), summary)]))
    return TableView(
        "Risk factors of each type against all other respondents",
        header,
        rows,
        frozenset({2, 3, 4, 5, 6, 7}),
        note,
        grouped=True,
    )


def _risk_row(r: Mapping[Any, Any]) -> tuple[str, ...]:
    literature = published_range(r["literature_lo"], r["literature_hi"])
    measured = f". Measured by: {r['measure']}" if r["measure"].lower() != r["factor_label"].lower() else ""
    known_range = f". Literature: {literature}" if literature != cells.EMPTY else ""
    subject = f"{r['factor_label']}{measured}{known_range}"
    if r["suppressed"] or not known(r["odds_ratio"]):
        return (subject, r["type"], cells.WITHHELD, *[cells.EMPTY] * 5)
    return (
        subject,
        r["type"],
        cells.share(r["prevalence_type"]),
        cells.share(r["prevalence_rest"]),
        points(r["difference"]) if known(r["difference"]) else cells.EMPTY,
        ratio_span(r["odds_ratio"], r["lo"], r["hi"]),
        p_value(r["q"]) if known(r["q"]) else cells.EMPTY,
        "yes" if r["stands_out"] else "no",
    )


def outcome_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List outcomes by type against everyone."""
    frame = texts(table(tables, "outcomes", columns=["type", "label"]), "type", "label")
    if frame.empty:
        return Notice("There are no outcomes by type.", skip=True)
    frame = numbers(frame, "prevalence", "lo", "hi", "everyone", "everyone_lo", "everyone_hi")
    rows = tuple(
        (
            r["label"],
            r["type"],
            cells.WITHHELD if r["suppressed"] else cells.share(r["prevalence"]),
            cells.interval(r["lo"], r["hi"]),
            cells.share(r["everyone"]),
            cells.interval(r["everyone_lo"], r["everyone_hi"]),
        )
        for r in by_subject(frame, "label").to_dict("records")
    )
    header = ("Outcome", "Type", "In type", "95% interval", "Everyone", "95% interval")
    note = cells.reasons(list(frame["suppressed"]), summary)
    caption = "Share with each outcome, in the type and among everyone"
    return TableView(caption, header, rows, frozenset({2, 3, 4, 5}), note, grouped=True)
