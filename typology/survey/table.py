"""Read a survey file, whatever its format, into one plain table with what the file itself declares."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from typology.errors import InputFault, InputFaults

EMPTY_TEXTS = frozenset(("", ".", "NA", "NaN", "nan", "#NULL!", "<NA>"))
_STATISTICS: dict[str, Callable[..., Any]] = {
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".por": pyreadstat.read_por,
    ".dta": pyreadstat.read_dta,
    ".sas7bdat": pyreadstat.read_sas7bdat,
}
_USER_MISSING = (".sav", ".zsav", ".dta", ".sas7bdat")


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
        Multiple-response sets: name to (label, counted value, variables).
    notes : tuple of str
        What had to be decided to read the file.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[Any, str]] = field(default_factory=dict)
    missing: dict[str, FileMissing] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()
    multiple: dict[str, tuple[str, Any, tuple[str, ...]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_table(path: Path, *, shown: str) -> RawTable:
    """Read a survey file.

    Parameters
    ----------
    path : Path
        .sav .zsav .por .dta .sas7bdat .csv .tsv .parquet or .xlsx
    shown : str
        Name of the file in messages.

    Raises
    ------
    InputFaults
        If the file is missing, damaged, not of the kind its name says, or has unusable columns.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise _refuse(shown, "there is no such survey file", "Check the path and its spelling.")
    if path.stat().st_size == 0:
        raise _refuse(shown, "the file is empty", "Export the survey again.")
    if suffix in _STATISTICS:
        table = _read_statistics(path, suffix, shown)
    elif suffix in (".csv", ".tsv"):
        table = _read_text(path, suffix, shown)
    elif suffix == ".parquet":
        table = _plain(_damaged(lambda: pd.read_parquet(path), shown, "a Parquet file"))
    elif suffix == ".xlsx":
        table = _read_workbook(path, shown)
    else:
        remedy = f"Use one of {' '.join((*_STATISTICS, '.csv', '.tsv', '.parquet', '.xlsx'))}."
        raise _refuse(shown, "is not a kind of survey file that can be read", remedy, value=suffix)
    _check_columns([str(name) for name in table.frame.columns], shown)
    return table


def _refuse(shown: str, message: str, remedy: str, *, value: str = "") -> InputFaults:
    return InputFaults([InputFault(shown, message, remedy, value=value)])


def _damaged(read: Callable[[], Any], shown: str, kind: str) -> Any:
    """Read with a foreign reader; whatever it raises means the file is not what its name says."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        remedy = "Open it in the program it came from and export it again."
        raise _refuse(shown, f"cannot be read as {kind}: {reason}", remedy) from error


def _check_columns(names: Sequence[str], shown: str) -> None:
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


def _plain(frame: pd.DataFrame) -> RawTable:
    """Make a table of a format that declares nothing but its cells."""
    frame = frame.reset_index(drop=True)
    frame.columns = pd.Index([str(name) for name in frame.columns])
    dates = frozenset(str(name) for name in frame.columns if _is_date(frame[name]))
    return RawTable(frame, dates=dates)


def _is_date(column: Any) -> bool:
    if not isinstance(column, pd.Series):  # two columns of one name, refused later
        return False
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        return True
    if column.dtype != object:
        return False
    return bool(column.map(lambda cell: isinstance(cell, dt.date | dt.time)).any())


def _read_statistics(path: Path, suffix: str, shown: str) -> RawTable:
    """SPSS, Stata and SAS files, with their labels and user-missing codes."""
    options = {"user_missing": True} if suffix in _USER_MISSING else {}
    reader = _STATISTICS[suffix]
    frame, meta = _damaged(lambda: reader(str(path), **options), shown, f"a {suffix} file")
    extended = {name: set(codes) for name, codes in (meta.missing_user_values or {}).items()}
    columns = {}
    for name in frame.columns:
        # Stata's extended missing values come as bare letters; they keep Stata's own spelling.
        letters = {code: f".{code}".lower() for code in extended.get(name, ())}
        columns[name] = frame[name].astype(object).replace(letters) if letters else frame[name]
    missing = {name: _declared_missing(ranges) for name, ranges in (meta.missing_ranges or {}).items()}
    for name, letters_used in extended.items():
        missing[name] = FileMissing(tuple(sorted(f".{letter}".lower() for letter in letters_used)))
    value_labels = {
        name: {_dotted(code) if suffix == ".dta" else code: label for code, label in labels.items()}
        for name, labels in meta.variable_value_labels.items()
    }
    table = _plain(pd.DataFrame(columns, columns=frame.columns))
    sets = getattr(meta, "mr_sets", None) or {}
    multiple = {
        name: (one["label"] or name, one["counted_value"], tuple(one["variable_list"]))
        for name, one in sets.items()
    }
    labels = {name: label for name, label in meta.column_names_to_labels.items() if label}
    return RawTable(table.frame, labels, value_labels, missing, table.dates, multiple)


def _dotted(code: Any) -> Any:
    """Stata labels its extended missing values under their bare letter."""
    return f".{code}".lower() if isinstance(code, str) and len(code) == 1 and code.isalpha() else code


def _declared_missing(ranges: Sequence[dict[str, Any]]) -> FileMissing:
    codes = tuple(one["lo"] for one in ranges if one["lo"] == one["hi"])
    spans = tuple((float(one["lo"]), float(one["hi"])) for one in ranges if one["lo"] != one["hi"])
    return FileMissing(codes, spans)


def _read_workbook(path: Path, shown: str) -> RawTable:
    """Read the only filled sheet of an Excel workbook."""

    def read() -> dict[str, pd.DataFrame]:
        return pd.read_excel(path, sheet_name=None, header=None, dtype=object, keep_default_na=False)

    sheets = {name: sheet for name, sheet in _damaged(read, shown, "an Excel workbook").items() if len(sheet)}
    if len(sheets) != 1:
        found = ", ".join(map(str, sheets)) or "none"
        remedy = "Keep one sheet: column names in its first row, one respondent a row."
        raise _refuse(shown, "the workbook must have exactly one filled sheet", remedy, value=found)
    sheet = next(iter(sheets.values()))
    names = ["" if pd.isna(name) else str(name).strip() for name in sheet.iloc[0]]
    frame = sheet.iloc[1:].copy()
    frame.columns = pd.Index(names)
    return _plain(frame)


def _read_text(path: Path, suffix: str, shown: str) -> RawTable:
    """Comma, semicolon or tab separated text; every cell stays text."""
    text, encoding = _decode(path.read_bytes(), shown)
    delimiter = "\t" if suffix == ".tsv" else _delimiter(text)
    names = _text_columns(text, delimiter, shown)
    frame = pd.read_csv(
        io.StringIO(text),
        sep=delimiter,
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        index_col=False,
        skipinitialspace=True,
    )
    frame.columns = pd.Index(names)
    guessed = encoding == "cp1252"
    notes = ("the text is not UTF-8 and was read as Windows-1252",) if guessed else ()
    return RawTable(frame, notes=notes)


def _text_columns(text: str, delimiter: str, shown: str) -> list[str]:
    """Column names, after making sure that every row has as many cells as there are names."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    remedy = "Every row needs as many cells as there are column names; put text with separators in quotes."
    try:
        names = [name.strip() for name in next(rows, [])]
        _check_columns(names, shown)
        for row in rows:
            if row and len(row) != len(names):
                found = f"{len(row)} cells for {len(names)} names"
                message = f"the row on line {rows.line_num} does not fit the column names"
                raise _refuse(shown, message, remedy, value=found)
    except csv.Error as error:
        message = f"the text on line {rows.line_num} cannot be split into cells: {error}"
        raise _refuse(shown, message, "Check the quotes on and above that line.") from error
    return names


def _decode(content: bytes, shown: str) -> tuple[str, str]:
    """Text and the encoding it is in: a byte-order mark decides, else UTF-8, else Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    elif b"\0" in content[:65536]:
        raise _refuse(shown, "is not a text file, whatever its name says", "Export the survey as CSV.")
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue  # the next candidate, or the fault below
    raise _refuse(shown, "the text's encoding cannot be told", "Save it as UTF-8.")


def _delimiter(text: str) -> str:
    """Find the separator that splits the header into most names."""
    header = text.split("\n", 1)[0]
    counts = {mark: header.count(mark) for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])
