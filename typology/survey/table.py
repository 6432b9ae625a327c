"""A survey file as one plain table with what the file itself declares, whatever its format."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from typology.errors import InputFault, InputFaults

EMPTY_TEXTS = frozenset(("", ".", "NA", "NaN", "nan", "#NULL!", "#N/A", "<NA>"))


@dataclass(frozen=True)
class FileMissing:
    """User-missing codes a file declares for one variable.

    Attributes
    ----------
    codes : tuple
        Single codes; Stata's extended missing values are ``".a"`` to ``".z"``.
    ranges : tuple of (low, high)
        Numeric ranges, ends included.
    """

    codes: tuple[Any, ...] = ()
    ranges: tuple[tuple[float, float], ...] = ()

    def covers(self, code: object) -> bool:
        """Whether the file calls this code missing."""
        if code in self.codes:
            return True
        return isinstance(code, int | float) and any(low <= code <= high for low, high in self.ranges)


@dataclass(frozen=True)
class RawTable:
    """A survey file as it is, before the codebook is applied.

    Attributes
    ----------
    frame : DataFrame
        One row a respondent in file order; cells are numbers, text or missing.
    labels : dict
        Variable labels.
    value_labels : dict
        Per variable, label by code.
    missing : dict of str to FileMissing
    dates : frozenset of str
        Columns that hold dates or times.
    multiple : dict
        Multiple-response sets: name to (label, counted value, variables); the counted value is None
        where each variable holds one of many answers.
    ticked : dict
        Yes/no columns made from such a set, one for each answer: name to the label of the set.
    notes : tuple of str
        What had to be decided to read the file.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[Any, str]] = field(default_factory=dict)
    missing: dict[str, FileMissing] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()
    multiple: dict[str, tuple[str, Any, tuple[str, ...]]] = field(default_factory=dict)
    ticked: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def refuse(shown: str, message: str, remedy: str, *, value: str = "") -> InputFaults:
    """Make the refusal of a whole survey file."""
    return InputFaults([InputFault(shown, message, remedy, value=value)])


def read_foreign(read: Callable[[], Any], shown: str, kind: str) -> Any:
    """Read with a foreign reader; whatever it raises means the file is not what its name says."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        remedy = "Open it in the program it came from and export it again."
        raise refuse(shown, f"cannot be read as {kind}: {reason}", remedy) from error


def check_columns(names: Sequence[str], shown: str) -> None:
    """Refuse columns without a name or with the same name."""
    faults = []
    for name, count in Counter(names).items():
        if not name.strip():
            faults.append(
                InputFault(shown, f"{count} columns have no name", "Name every column in the first row.")
            )
        elif count > 1:
            remedy = "Rename or remove all but one."
            faults.append(
                InputFault(shown, f"{count} columns have the same name", remedy, variable=name, value=name)
            )
    if faults:
        raise InputFaults(faults)


def plain_table(frame: pd.DataFrame) -> RawTable:
    """Make a table of a format that declares nothing but its cells."""
    frame = frame.reset_index(drop=True)
    frame.columns = pd.Index([str(name) for name in frame.columns])
    texts = {}
    dates = set()
    for i, name in enumerate(frame.columns):
        column = frame.iloc[:, i]
        if _is_date(column):
            dates.add(str(name))
        elif column.dtype == object and not column.map(lambda cell: isinstance(cell, Hashable)).all():
            texts[i] = column.map(str)  # lists and the like: no codes, but something a message can show
    for i, column in texts.items():
        frame.isetitem(i, column.to_numpy(dtype=object))
    return RawTable(frame, dates=frozenset(dates))


def _is_date(column: pd.Series) -> bool:
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        return True
    if column.dtype != object:
        return False
    return bool(column.map(lambda cell: isinstance(cell, dt.date | dt.time)).any())
