"""What replication by country or wave says, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from typology.models.replication import ABSENT, NOT, REPLICATES, SMALL, UNTOLD
from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.released import Summary, Tables, as_text, as_truth, numbers, table, texts
from typology.profile.wording import known, listed, p_value, points

AGREEMENT = ("matched_r", "agreement", "reference_r", "reference_agreement")
SHARES = ("share", "lo", "hi", "difference", "difference_lo", "difference_hi")
MOST_ITEMS = 12


def replication_data(tables: Tables) -> pd.DataFrame:
    """Return the `replication` table with the type's name, texts and numbers as such; empty without one."""
    if "replication" not in tables:
        return pd.DataFrame(columns=["type", "name", "group", "verdict", "suppressed", *AGREEMENT, *SHARES])
    frame = table(tables, "replication", columns=["type", "group", "verdict"])
    frame = numbers(texts(frame, "type", "group", "verdict"), *AGREEMENT, *SHARES)
    types = table(tables, "types", columns=["id", "name"])
    names = dict(zip(as_text(types["id"]), as_text(types["name"]), strict=True))
    return frame.assign(name=[names.get(name, "") for name in frame["type"]])


def items_data(tables: Tables) -> pd.DataFrame:
    """Return the items that work otherwise in a group, those that differ most first."""
    if "measurement_differences" not in tables:
        return pd.DataFrame(columns=["variable", "label", "group", "observed", "expected", "size", "q"])
    frame = table(tables, "measurement_differences", columns=["variable", "label", "group", "differs"])
    frame = texts(numbers(frame, "observed", "expected", "size", "q"), "variable", "label", "group", "level")
    frame = frame[as_truth(frame["differs"]) & (frame["suppressed"] == "")]
    return frame.sort_values(["size", "variable"], ascending=[False, True], ignore_index=True)


def not_replicated(tables: Tables, summary: Summary) -> Notice:
    """Say why there is nothing on replication."""
    if str(summary["verdict"]) != "types":
        return Notice(
            "This run found no types, so there are none that could replicate from group to group.", skip=True
        )
    prevalence = table(tables, "prevalence", columns=["role"])
    if (as_text(prevalence["role"]) == "group").any():
        return Notice("This run was made before replication by group was part of it. Run the study again.")
    return Notice(
        "The codebook names no variable with the role `group`, such as country or wave, so replication "
        "within this survey cannot be asked. Finished runs can be set side by side with `typology compare`.",
        skip=True,
    )


def type_sentence(rows: pd.DataFrame) -> str:
    """Say where one type replicates: "replicates in UK and Ireland, not in Italy".

    Parameters
    ----------
    rows : DataFrame
        The rows of one type of :func:`replication_data`.
    """
    where = {
        verdict: list(rows.loc[rows["verdict"] == verdict, "group"])
        for verdict in (REPLICATES, NOT, ABSENT, UNTOLD, SMALL)
    }
    if len(where[REPLICATES]) == len(rows):
        return f"replicates in {listed(where[REPLICATES])}"
    parts = [f"replicates in {listed(where[REPLICATES])}"] if where[REPLICATES] else []
    if where[NOT]:
        parts.append(f"{'not' if parts else 'does not replicate'} in {listed(where[NOT])}")
    for verdict, words in (
        (ABSENT, "hardly occurs in"), (UNTOLD, "cannot be told in"), (SMALL, "too few to judge in"),
    ):  # fmt: skip
        if where[verdict]:
            parts.append(f"{words} {listed(where[verdict])}")
    return ", ".join(parts)


def sentences(tables: Tables) -> list[str]:
    """One sentence a type, in order."""
    frame = replication_data(tables)
    return [
        f"{name}, {rows['name'].iloc[0]}: {type_sentence(rows)}."
        for name, rows in frame.groupby("type", sort=False)
    ]


def replication_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List every type in every group: its share there, and whether it comes out again there."""
    frame = replication_data(tables)
    if frame.empty:
        return not_replicated(tables, summary)
    rows = tuple(_type_row(r) for r in frame.to_dict("records"))
    header = (
        "Type", "Group", "Share there", "95% interval", "Against the other groups (points)", "Profile r",
        "Agreement (kappa)", "Random respondents: r", "Kappa", "Verdict",
    )  # fmt: skip
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView("Types by group", header, rows, frozenset(range(2, 9)), note)


def _type_row(r: Mapping[Any, Any]) -> tuple[str, ...]:
    return (
        r["type"],
        r["group"],
        cells.WITHHELD if r["suppressed"] else cells.share(r["share"]),
        cells.interval(r["lo"], r["hi"]),
        gap(r["difference"], r["difference_lo"], r["difference_hi"]),
        *[cells.fixed(r[name]) for name in AGREEMENT],
        r["verdict"],
    )


def gap(difference: float, lo: float, hi: float) -> str:
    """Return a difference of shares in points with its interval; a dash where there is none."""
    if not known(difference):
        return cells.EMPTY
    return f"{points(difference)} ({points(lo)} to {points(hi)})" if known(lo, hi) else points(difference)


def items_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the items that work otherwise in a group, given type."""
    if replication_data(tables).empty:
        return not_replicated(tables, summary)
    tested = table(tables, "measurement_differences", columns=["variable"])
    if tested.empty:
        return Notice(
            "Whether questions work otherwise in a group can be asked only where types replicate in at least "
            "two groups, which is not the case here."
        )
    frame = items_data(tables)
    if frame.empty:
        return Notice(
            "No question is answered otherwise in one of the groups, given type, by a size that matters."
        )
    rows = tuple(
        (
            r["label"],
            r["group"],
            cells.fixed(r["observed"]),
            cells.fixed(r["expected"]),
            cells.fixed(r["size"]),
            p_value(r["q"]),
        )
        for r in frame.to_dict("records")
    )
    header = (
        "Question", "Differs most in", "Average answer there", "Same types elsewhere", "Size", "q"
    )  # fmt: skip
    note = (
        "Average answers run from 0 (lowest answer) to 1 (highest); for yes-or-no questions they are shares."
    )
    return TableView(
        "Questions that work otherwise in a group, given type", header, rows, frozenset({2, 3, 4, 5}), note
    )


def replication_alt(tables: Tables) -> str:
    """Say what the figure of replication shows."""
    return " ".join(["Types by group.", *sentences(tables)])


def items_alt(frame: pd.DataFrame) -> str:
    """Say what the figure of items shows."""
    told = [
        f"{r['label']}: {r['observed']:.2f} in {r['group']} against {r['expected']:.2f}"
        for r in frame.to_dict("records")
        if known(r["observed"], r["expected"])
    ]
    return f"Average answers of the same types in one group and elsewhere. {'; '.join(told)}."
