"""Read a survey file, whatever its format, into one plain table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from typology.schema.study import LABELLED_SUFFIXES, SURVEY_SUFFIXES, TEXT_SUFFIXES, survey_suffix
from typology.survey.labelled_file import read_labelled
from typology.survey.table import RawTable, check_columns, plain_table, read_foreign, refuse
from typology.survey.text_file import read_text

MOST_CELLS = 200_000_000


def read_table(path: Path, *, shown: str) -> RawTable:
    """Read a survey file.

    Parameters
    ----------
    path : Path
        One of `SURVEY_SUFFIXES`.
    shown : str
        Name of the file in messages.

    Raises
    ------
    InputFaults
        If the file is missing, damaged, not of the kind its name says, or has unusable columns.
    """
    suffix = survey_suffix(path)
    if not path.is_file():
        raise refuse(shown, "there is no such survey file", "Check the path and its spelling.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        remedy = "Check the path and its permissions."
        raise refuse(shown, f"cannot be read: {error.strerror}", remedy) from None
    if empty:
        raise refuse(shown, "the file is empty", "Export the survey again.")
    if suffix in LABELLED_SUFFIXES:
        table = read_labelled(path, suffix, shown)
    elif suffix in TEXT_SUFFIXES:
        table = read_text(path, suffix, shown)
    elif suffix == ".parquet":
        table = plain_table(read_foreign(lambda: pd.read_parquet(path), shown, "a Parquet file"))
    elif suffix == ".xlsx":
        table = _read_workbook(path, shown)
    else:
        remedy = f"Use one of {' '.join(SURVEY_SUFFIXES)}."
        raise refuse(shown, "is not a kind of survey file that can be read", remedy, value=suffix)
    check_columns([str(name) for name in table.frame.columns], shown)
    return table


def _read_workbook(path: Path, shown: str) -> RawTable:
    """Read the only filled sheet of an Excel workbook."""

    def read() -> dict[str, pd.DataFrame]:
        return pd.read_excel(book, sheet_name=None, header=None, dtype=object, keep_default_na=False)

    with read_foreign(lambda: pd.ExcelFile(path), shown, "an Excel workbook") as book:
        _refuse_far_cells(book, shown)
        whole = read_foreign(read, shown, "an Excel workbook")
    sheets = {name: sheet for name, sheet in whole.items() if len(sheet)}
    if len(sheets) != 1:
        found = ", ".join(map(str, sheets)) or "none"
        remedy = "Keep one sheet: column names in its first row, one respondent a row."
        raise refuse(shown, "the workbook must have exactly one filled sheet", remedy, value=found)
    sheet = next(iter(sheets.values()))
    names = ["" if pd.isna(name) else str(name).strip() for name in sheet.iloc[0]]
    frame = sheet.iloc[1:].copy()
    frame.columns = pd.Index(names)
    return plain_table(frame)


def _refuse_far_cells(book: pd.ExcelFile, shown: str) -> None:
    """Refuse a sheet that a cell far from the table makes larger than memory: the reader fills it up."""
    for sheet in book.book.worksheets:
        cells = (sheet.max_row or 0) * (sheet.max_column or 0)  # 0 where it does not say how far it reaches
        if cells > MOST_CELLS:
            remedy = "Delete what stands far right of the table or far below it, or save the sheet as CSV."
            raise refuse(shown, f"its sheet {sheet.title} reaches over {cells:,} cells", remedy)
