"""Tables about what marks each type: risk factors, the literature, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.linkage_tables import published_range, ratio_interval
from typology.profile.panels import tidy_factors
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known, p_value, points, ratio


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
    rows = tuple(_risk_row(r) for r in frame.to_dict("records"))
    header = (
        "Type",
        "Risk factor",
        "Measured by",
        "In type",
        "In the rest",
        "Difference, points",
        "Odds ratio",
        "95% interval",
        "q",
        "Stands out",
        "Literature",
    )
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Risk factors of each type against all other respondents",
        header,
        rows,
        frozenset({3, 4, 5, 6, 7, 8}),
        note,
    )


def _risk_row(r: Mapping[Any, Any]) -> tuple[str, ...]:
    literature = published_range(r["literature_lo"], r["literature_hi"])
    if r["suppressed"] or not known(r["odds_ratio"]):
        return (r["type"], r["factor_label"], r["measure"], cells.WITHHELD, *[cells.EMPTY] * 6, literature)
    interval = ratio_interval(r["lo"], r["hi"])
    return (
        r["type"],
        r["factor_label"],
        r["measure"],
        cells.share(r["prevalence_type"]),
        cells.share(r["prevalence_rest"]),
        points(r["difference"]) if known(r["difference"]) else cells.EMPTY,
        ratio(r["odds_ratio"]),
        interval,
        p_value(r["q"]) if known(r["q"]) else cells.EMPTY,
        "yes" if r["stands_out"] else "no",
        literature,
    )


def outcome_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List outcomes by type against everyone."""
    frame = texts(table(tables, "outcomes", columns=["type", "label"]), "type", "label")
    if frame.empty:
        return Notice("There are no outcomes by type.", skip=True)
    frame = numbers(frame, "prevalence", "lo", "hi", "everyone", "everyone_lo", "everyone_hi")
    rows = tuple(
        (
            r["type"],
            r["label"],
            cells.WITHHELD if r["suppressed"] else cells.share(r["prevalence"]),
            cells.interval(r["lo"], r["hi"]),
            cells.share(r["everyone"]),
            cells.interval(r["everyone_lo"], r["everyone_hi"]),
        )
        for r in frame.to_dict("records")
    )
    header = ("Type", "Outcome", "In type", "95% interval", "Everyone", "95% interval")
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Share with each outcome, in the type and among everyone", header, rows, frozenset({2, 3, 4, 5}), note
    )
