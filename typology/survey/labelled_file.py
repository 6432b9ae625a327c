"""Read files of SPSS, Stata and SAS with the labels, user-missing codes and sets they declare."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from typology.survey.por_file import split_por
from typology.survey.response_sets import tick_sets
from typology.survey.table import FileMissing, RawTable, plain_table, read_foreign

_READERS: dict[str, Callable[..., Any]] = {
    ".sav": pyreadstat.read_sav,
    ".zsav": pyreadstat.read_sav,
    ".por": pyreadstat.read_por,
    ".dta": pyreadstat.read_dta,
    ".sas7bdat": pyreadstat.read_sas7bdat,
}
_WINDOWS = "WINDOWS-1252"
# Display formats of SPSS, Stata and SAS for points in time and durations.
_DATE_FORMAT = re.compile(
    r"([AEJS]?DATE|QYR|MOYR|WKYR|(DATE|[DM])?TIME|YMDHMS|MMDDYY|DDMMYY|YYMMDD|E8601D[ATNZ]|TOD)[\d.]*|%-?(t|d).*",
    re.IGNORECASE,
)


def read_labelled(path: Path, suffix: str, shown: str) -> RawTable:
    """Read a file of SPSS, Stata or SAS.

    Parameters
    ----------
    path : Path
    suffix : str
        .sav .zsav .por .dta or .sas7bdat
    shown : str
        Name of the file in messages.

    Returns
    -------
    RawTable
        User-missing codes stay in the cells and are declared in `missing`; multiple-response sets are
        turned into yes/no columns.
    """
    (frame, meta), notes = read_foreign(lambda: _read(path, suffix), shown, f"a {suffix} file")
    if suffix == ".por":
        missing, told = split_por(path.read_bytes())[1:]
        notes += told
    else:
        missing = {name: _declared(ranges) for name, ranges in (meta.missing_ranges or {}).items()}
    frame, letters = _with_letters(frame, meta.missing_user_values or {})
    table = plain_table(frame)
    dated = {
        name for name, form in meta.original_variable_types.items() if _DATE_FORMAT.fullmatch(form or "")
    }
    table = replace(
        table,
        labels={name: label for name, label in meta.column_names_to_labels.items() if label},
        value_labels={
            name: {_dotted(code) if suffix == ".dta" else code: str(label) for code, label in labels.items()}
            for name, labels in meta.variable_value_labels.items()
        },
        missing=missing | letters,
        dates=table.dates | dated,
        notes=notes,
    )
    return tick_sets(table, getattr(meta, "mr_sets", None) or {})


def _read(path: Path, suffix: str) -> tuple[Any, tuple[str, ...]]:
    """Frame and metadata, and what had to be given up to get them."""
    read = _READERS[suffix]
    source: Any = str(path)
    options: dict[str, Any] = {} if suffix == ".por" else {"user_missing": True}
    notes: tuple[str, ...] = ()
    if suffix == ".por":
        source = io.BytesIO(split_por(path.read_bytes())[0])
    try:
        return read(source, **options), notes
    except OverflowError:
        # One impossible date, perhaps in a column nobody uses, is no reason to refuse the file.
        options["disable_datetime_conversion"] = True
    except pyreadstat.ReadstatError as error:
        if "requested encoding" not in str(error) or suffix == ".por":
            raise
        options["encoding"] = _WINDOWS
        notes = ("the text is not in the encoding the file declares and was read as Windows-1252",)
    return read(source, **options), notes


def _with_letters(
    frame: pd.DataFrame, used: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, dict[str, FileMissing]]:
    """Extended missing values come as bare letters; they get the spelling of Stata and SAS, ".a"."""
    columns, declared = {}, {}
    for name in frame.columns:
        letters = {letter: f".{letter}".lower() for letter in used.get(name, ())}
        columns[name] = frame[name].astype(object).replace(letters) if letters else frame[name]
        if letters:
            declared[name] = FileMissing(tuple(sorted(letters.values())))
    return pd.DataFrame(columns, columns=frame.columns), declared


def _dotted(code: Any) -> Any:
    """Stata labels its extended missing values under their bare letter."""
    return f".{code}".lower() if isinstance(code, str) and len(code) == 1 and code.isalpha() else code


def _declared(ranges: Sequence[dict[str, Any]]) -> FileMissing:
    """Single codes and ranges; a file may also declare the empty cell itself, which is missing anyway."""
    real = [one for one in ranges if one["lo"] == one["lo"] and one["lo"] != ""]
    codes = tuple(one["lo"] for one in real if one["lo"] == one["hi"])
    spans = tuple((float(one["lo"]), float(one["hi"])) for one in real if one["lo"] != one["hi"])
    return FileMissing(codes, spans)
