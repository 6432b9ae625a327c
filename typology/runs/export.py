"""The private table in the formats of statistics packages, labelled, for the team's own analysis."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from typology.errors import RunFolderError
from typology.runs.folder import private_file
from typology.runs.tables import table_bytes
from typology.runs.whole import writable

Format = Literal["spss", "stata", "csv"]
SUFFIXES: Mapping[str, str] = {"spss": ".sav", "stata": ".dta", "csv": ".csv"}

FILE_LABEL = "PRIVATE, NOT FOR RELEASE: single respondents"
SPSS_LABEL, SPSS_TEXT, STATA_LABEL = 120, 250, 80


@dataclass(frozen=True)
class Column:
    """One variable of an export.

    Attributes
    ----------
    name, label : str
    values : sequence
        Text, numbers, or True and False; None and NaN where there is none.
    categories : dict of str to str
        Texts with their labels, in order; they become codes 1, 2, ... where a format has value labels.
    """

    name: str
    label: str
    values: Sequence[object]
    categories: Mapping[str, str] = field(default_factory=dict)


def write_export(columns: Sequence[Column], path: Path, *, to: Format, warning: str) -> tuple[Path, ...]:
    """Write an export that only its owner can read.

    Parameters
    ----------
    columns : sequence of Column
    path : Path
        Replaced if it is there.
    to : {"spss", "stata", "csv"}
    warning : str
        What may not be released. A label of the file (SPSS, Stata), its notes (SPSS), and a text file beside.

    Returns
    -------
    tuple of Path
        The export and the text file.

    Raises
    ------
    RunFolderError
        There is no room or no right to write there.
    """
    from pyreadstat import ReadstatError  # slow to import

    readme = path.with_name(f"{path.name}.README.txt")
    write = {"spss": _write_spss, "stata": _write_stata, "csv": _write_csv}[to]

    def write_both(draft: Path) -> None:
        write(columns, draft, warning)
        _replace(readme, lambda text: _write_text(text, warning + "\n"))

    try:
        _replace(path, write_both)  # the export takes its name last: it is never there without the text
    except ReadstatError as error:  # which does not say why
        message = f"{path}: {error}. Is there room on that disk? Nothing was written."
        raise RunFolderError(message) from error
    return path, readme


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file whole or not at all; never readable by others, not even while it is written."""
    draft = path.with_name(f".{path.name}.partial{path.suffix}")
    draft.unlink(missing_ok=True)
    try:
        with writable(path, hidden=draft):
            write(private_file(draft))
            os.chmod(draft, 0o600)  # noqa: PTH101 - a writer that recreated the file has given it other rights
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _write_csv(columns: Sequence[Column], path: Path, warning: str) -> None:
    """Texts as they are, formulas disarmed, the label of a category in a column beside it."""
    del warning  # a line of it above the header would keep most programs from reading the file
    frame = {}
    for column in columns:
        frame[column.name] = pd.Series(list(column.values), dtype=object)
        if any(label != text for text, label in column.categories.items()):
            frame[f"{column.name}_label"] = frame[column.name].map(column.categories)
    numbers = pd.DataFrame(frame).infer_objects()
    path.write_bytes(table_bytes(numbers))


def _write_spss(columns: Sequence[Column], path: Path, warning: str) -> None:
    import pyreadstat

    pyreadstat.write_sav(
        _coded(columns),
        str(path),
        file_label=FILE_LABEL,
        column_labels={column.name: _cut(column.label, SPSS_TEXT) for column in columns},
        note=[part for line in warning.splitlines() for part in _pieces(line, 80)],
        variable_value_labels=_value_labels(columns, longest=SPSS_LABEL),
        variable_measure={column.name: _measure(column) for column in columns},
    )


def _write_stata(columns: Sequence[Column], path: Path, warning: str) -> None:
    import pyreadstat

    del warning  # the format has no notes that this writer could fill; the file's label says the essence
    frame = _coded(columns)
    labels = _value_labels(columns, longest=STATA_LABEL)
    pyreadstat.write_dta(
        frame,
        str(path),
        file_label=FILE_LABEL,
        column_labels={column.name: _cut(column.label, STATA_LABEL) for column in columns},
        variable_value_labels=labels,
    )


def _coded(columns: Sequence[Column]) -> pd.DataFrame:
    """Categories as codes from 1, yes and no as 1 and 0, everything else as it is."""
    frame = {}
    for column in columns:
        values = pd.Series(list(column.values), dtype=object)
        if column.categories or _truths(column):
            codes = _codes(column)
            frame[column.name] = values.map(codes).astype(float)
        elif values.map(lambda value: isinstance(value, str)).any():
            frame[column.name] = values.where(values.notna(), "").astype(str).astype(object)
        else:
            frame[column.name] = values.astype(float)
    return pd.DataFrame(frame)


def _truths(column: Column) -> bool:
    return all(isinstance(value, (bool, np.bool_)) for value in column.values)


def _codes(column: Column) -> dict[object, int]:
    if column.categories:
        return {text: code for code, text in enumerate(column.categories, start=1)}
    return {False: 0, True: 1}


def _value_labels(columns: Sequence[Column], *, longest: int) -> dict[str, dict[float, str]]:
    labels = {}
    for column in columns:
        if column.categories:
            words = [
                label if label == text else f"{text} {label}" for text, label in column.categories.items()
            ]
            labels[column.name] = {float(at): _cut(word, longest) for at, word in enumerate(words, start=1)}
        elif _truths(column):
            labels[column.name] = {0.0: "no", 1.0: "yes"}
    return labels


def _measure(column: Column) -> str:
    text = any(isinstance(value, str) for value in column.values)
    return "nominal" if text or column.categories or _truths(column) else "scale"


def _cut(text: str, longest: int) -> str:
    """Shorten to a number of bytes, as the formats count them."""
    if len(text.encode("utf-8")) <= longest:
        return text
    return text.encode("utf-8")[: longest - 3].decode("utf-8", errors="ignore") + "..."


def _pieces(line: str, width: int) -> list[str]:
    """Cut a line at spaces: a line of SPSS notes holds 80 bytes."""
    pieces, held = [], ""
    for word in line.split():
        longer = f"{held} {word}".strip()
        if held and len(longer.encode("utf-8")) > width:
            pieces.append(held)
            held = word
        else:
            held = longer
    return [*pieces, held]
