"""What is left of a table when rows are hidden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.rules import EXPLANATION, RULE
from typology.results import Bools, ReleaseTable

# Everyone's numbers are repeated beside each type's; they are hidden only where everyone's own row is.
_EVERYONES = {"prevalence": ("share_everyone",), "outcomes": ("everyone", "everyone_lo", "everyone_hi")}


def blanked(
    table: ReleaseTable, frame: pd.DataFrame, hidden: Bools, no_whole: Bools | None = None
) -> ReleaseTable:
    """Blank the hidden rows in all but their keys, and drop the columns that only served the check."""
    frame = frame.reset_index(drop=True)
    shown = [name for name in frame.columns if not str(name).startswith("_")]
    frame = frame[shown].copy()
    everyones = _EVERYONES.get(table.name, ())
    for name in shown:
        if name in everyones and no_whole is not None:
            frame[name] = frame[name].where(~no_whole)
        elif name not in table.keys:
            frame[name] = frame[name].where(~hidden)
    if table.name == "prevalence":
        frame["difference"] = frame["difference"].where(frame["share_everyone"].notna())
    frame["suppressed"] = np.where(hidden, RULE, "")
    return replace(table, frame=frame)


def hidden_too(table: ReleaseTable, rows: Bools) -> ReleaseTable:
    """Hide more rows of a protected table."""
    frame = table.frame.copy()
    for name in frame.columns.difference([*table.keys, "suppressed"]):
        frame[name] = frame[name].where(~rows)
    frame["suppressed"] = frame["suppressed"].where(~rows, RULE)
    return replace(table, frame=frame)


def hidden_of(table: ReleaseTable) -> Bools:
    """Rows of a protected table that are hidden."""
    return np.asarray(table.frame["suppressed"].ne(""), dtype=bool)


def as_read(tables: Iterable[ReleaseTable]) -> dict[str, pd.DataFrame]:
    """Protected tables as they are read back from files: what is shown has no rule."""
    return {
        table.name: table.frame.assign(suppressed=table.frame["suppressed"].replace("", np.nan))
        for table in tables
    }


def log_of(table: ReleaseTable) -> list[dict[str, Any]]:
    """One entry a hidden row: table, row (its keys), rule, explanation."""
    rows = table.frame[table.frame["suppressed"] != ""]
    keys = [key for key in table.keys if key in rows.columns]
    told = rows[keys].to_dict("records")
    return [{"table": table.name, "row": row, "rule": RULE, "explanation": EXPLANATION} for row in told]
