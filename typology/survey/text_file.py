"""Read comma, semicolon or tab separated text, zipped or not."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pandas as pd

from typology.survey.table import RawTable, check_columns, read_foreign, refuse

MOST_BYTES = 4_000_000_000
_STRICT: dict[str, Any] = {"skipinitialspace": True, "strict": True}


def read_text(path: Path, suffix: str, shown: str) -> RawTable:
    """Read comma, semicolon or tab separated text; every cell stays text.

    Parameters
    ----------
    path : Path
    suffix : str
        .csv or .tsv, or either with .gz behind it.
    shown : str
        Name of the file in messages.
    """
    content = _unzipped(path, shown) if suffix.endswith(".gz") else path.read_bytes()
    text, encoding = _decode(content, shown)
    delimiter = "\t" if suffix.startswith(".tsv") else _delimiter(text)
    names = _text_columns(text, delimiter, shown)

    def read() -> pd.DataFrame:
        return pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            dtype=object,
            keep_default_na=False,
            na_filter=False,
            index_col=False,
            skipinitialspace=True,
        )

    frame = read_foreign(read, shown, "a table of text")
    frame.columns = pd.Index(names)
    guessed = encoding == "cp1252"
    notes = ("the text is not UTF-8 and was read as Windows-1252",) if guessed else ()
    return RawTable(frame, notes=notes)


def _text_columns(text: str, delimiter: str, shown: str) -> list[str]:
    """Column names, after making sure that every row has as many cells as there are names."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **_STRICT)
    remedy = "Every row needs as many cells as there are column names; put text with separators in quotes."
    try:
        names = [name.strip() for name in next(rows, [])]
        check_columns(names, shown)
        for row in rows:
            if row and len(row) != len(names):
                found = f"{len(row)} cells for {len(names)} names"
                message = f"the row on line {rows.line_num} does not fit the column names"
                raise refuse(shown, message, remedy, value=found)
    except csv.Error as error:
        message = f"the text on line {rows.line_num} cannot be split into cells: {error}"
        raise refuse(shown, message, "Check the quotes on and above that line.") from error
    return names


def _unzipped(path: Path, shown: str) -> bytes:
    """Unpack, but never more than a machine can hold: a small file can unpack to a huge one."""

    def unpack() -> bytes:
        with gzip.open(path) as file:
            return file.read(MOST_BYTES + 1)

    content: bytes = read_foreign(unpack, shown, "a gzip file")
    if len(content) > MOST_BYTES:
        raise refuse(
            shown, "unpacks to more than 4 GB", "Keep the variables you need, or save it as .parquet."
        )
    if not content:
        raise refuse(shown, "the file is empty", "Export the survey again.")
    return content


def _decode(content: bytes, shown: str) -> tuple[str, str]:
    """Text and the encoding it is in: a byte-order mark decides, else UTF-8, else Windows-1252."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    elif b"\0" in content[:65536]:
        raise refuse(shown, "is not a text file, whatever its name says", "Export the survey as CSV.")
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue  # the next candidate, or the fault below
    raise refuse(shown, "the text's encoding cannot be told", "Save it as UTF-8.")


def _delimiter(text: str) -> str:
    """Find the separator that splits the header into most names; separators in quotes do not count."""

    def names(mark: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=mark, **_STRICT), []))
        except csv.Error:
            return 0  # of no use as the separator; if none is, that is told when the rows are split

    return max(",;\t", key=names)
