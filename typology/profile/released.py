"""Reading release tables back: what is shown, what is suppressed, and why.

A release table comes from a CSV file. Blanks may have become NaN, and a table without suppressed rows may
lack the column `suppressed` altogether.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from typology.errors import RunFolderError

Tables = Mapping[str, pd.DataFrame]
Summary = Mapping[str, Any]

EVERYONE = "everyone"
UNASSIGNED = "unassigned"


def table(tables: Tables, name: str, *, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return one release table with tidy blanks.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables of a run.
    name : str
    columns : sequence of str
        Columns the caller is going to read.

    Returns
    -------
    DataFrame
        A copy with text columns free of NaN and a `suppressed` column ("" = shown).

    Raises
    ------
    RunFolderError
        The table or one of the columns is missing: the folder was not written by this version.
    """
    if name not in tables:
        raise RunFolderError(f"The run folder has no release table {name!r}. Run the study again.")
    frame = tables[name].copy()
    if "suppressed" not in frame.columns:
        frame["suppressed"] = ""
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise RunFolderError(f"Release table {name!r} lacks {', '.join(lacking)}. Run the study again.")
    frame["suppressed"] = as_text(frame["suppressed"])
    return frame.reset_index(drop=True)


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as text, blanks as ""."""
    return column.astype(object).where(column.notna(), "").map(str)


def as_number(column: pd.Series) -> pd.Series:
    """Return a column as floats, blanks as NaN."""
    return pd.to_numeric(column, errors="raise").astype(float)


def as_truth(column: pd.Series) -> pd.Series:
    """Return a yes/no column read from CSV as bool; blanks are False."""
    return as_text(column).str.lower().isin(["true", "1", "1.0", "yes"])


def numbers(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with these columns as floats, absent ones as NaN."""
    changed = {
        name: as_number(frame[name]) if name in frame.columns else pd.Series(np.nan, index=frame.index)
        for name in columns
    }
    return frame.assign(**changed)


def texts(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return the frame with these columns as text, absent ones as ""."""
    changed = {
        name: as_text(frame[name])
        if name in frame.columns
        else pd.Series("", index=frame.index, dtype=object)
        for name in columns
    }
    return frame.assign(**changed)


def with_profile_label(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the `types` table with the label of the published profile; its key in words without one."""
    frame = texts(frame, "profile", "profile_label", "core_band")
    in_words = frame["profile"].str.replace("_", " ")
    return frame.assign(profile_label=frame["profile_label"].where(frame["profile_label"] != "", in_words))


def sizes_rounded(tables: Tables) -> bool:
    """Tell whether the sizes of types are rounded, as they are where they would tell a small rest."""
    return bool((table(tables, "participation", columns=["step", "n"])["suppressed"] != "").any())


def type_ids(tables: Tables) -> tuple[str, ...]:
    """Return the type ids T1, T2, ... in the order of the `types` table (weighted size)."""
    return tuple(as_text(table(tables, "types", columns=["id"])["id"]))
