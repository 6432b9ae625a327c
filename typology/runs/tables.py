"""The release tables as files: plain CSV, same bytes from same numbers, safe to open in a spreadsheet."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from typology.profile.display import TableView
from typology.results import ReleaseTable

# A cell that starts with one of these is run as a formula by spreadsheet programs.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_GUARD = "'"

# Columns of words or codes. They are read back as text whatever they look like, with "" where empty.
TEXT_COLUMNS = frozenset(
    {
        "adjusted_for", "agrees_direction", "agrees_size", "analysis", "audience", "band", "category",
        "category_label", "core_band", "detail", "domain", "factor",
        "factor_label", "flags", "grade",
        "group", "id", "item", "item_a", "item_b", "keyed", "kind", "label", "label_a", "label_b",
        "latent_class",
        "literature_source", "measure", "name", "note", "outcome", "profile", "profile_label", "role",
        "scale",
        "sentence", "source",
        "statement", "statistic", "step", "suppressed", "type", "variable", "verdict",
    }
)  # fmt: skip


def write_tables(tables: Iterable[ReleaseTable], folder: Path) -> None:
    """Write each protected table to ``<folder>/<name>.csv``.

    Parameters
    ----------
    tables : iterable of ReleaseTable
        Protected tables.
    folder : Path
        ``release/tables``; created if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables:
        (folder / f"{table.name}.csv").write_bytes(table_bytes(table.frame))


def table_bytes(frame: pd.DataFrame) -> bytes:
    """CSV bytes of a table: ten significant digits, whole counts as whole numbers, formulas disarmed."""
    shown = frame.copy()
    for name in shown.columns:
        if pd.api.types.is_numeric_dtype(shown[name].dtype):
            shown[name] = _whole_if_possible(shown[name])
        else:
            shown[name] = shown[name].map(_cell, na_action="ignore")
    text: str = shown.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    return text.encode("utf-8")


def _whole_if_possible(column: pd.Series) -> pd.Series:
    """Turn a float column of whole numbers (counts with gaps) into integers with gaps."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column
    values = column.to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    whole = bool(np.isfinite(known).all()) and bool((known == np.round(known)).all())
    return column.astype("Int64") if whole else column


def _cell(value: Any) -> Any:
    """A text disarmed, with its line breaks as newlines: not every csv writer quotes a lone return."""
    return disarm(value.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(value, str) else value


def disarm(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; other values pass."""
    return _GUARD + value if isinstance(value, str) and _needs_guard(value) else value


def rearm(value: Any) -> Any:
    """Undo `disarm`."""
    guarded = isinstance(value, str) and value.startswith(_GUARD) and _needs_guard(value)
    return value[1:] if guarded else value


def _needs_guard(text: str) -> bool:
    """Whether a text starts a formula; texts that look guarded already count, so that it can be undone."""
    return text.lstrip(_GUARD).startswith(_FORMULA_STARTS)


def read_table(path: Path) -> pd.DataFrame:
    """Read one release table back: words as text, numbers as numbers, suppressed values as NaN."""
    names = pd.read_csv(path, nrows=0).columns
    text = [name for name in names if name in TEXT_COLUMNS]
    frame = pd.read_csv(path, dtype=dict.fromkeys(text, str), keep_default_na=False, na_values=[""])
    for name in text:
        frame[name] = frame[name].fillna("").map(rearm).astype(str)
    return frame


class TableSet(dict[str, pd.DataFrame]):
    """Release tables by name, which list themselves instead of printing all their rows."""

    def view(self) -> TableView:
        """List the tables with their sizes and how many rows each withholds."""
        return TableView(
            caption="Release tables",
            header=("table", "rows", "withheld", "columns"),
            rows=tuple(
                (name, str(len(frame)), str(_withheld(frame)), ", ".join(map(str, frame.columns)))
                for name, frame in self.items()
            ),
            numeric=frozenset({1, 2}),
        )

    def __repr__(self) -> str:
        """Return the list as plain text."""
        return repr(self.view())

    def _repr_html_(self) -> str:
        return self.view()._repr_html_()


def _withheld(frame: pd.DataFrame) -> int:
    return int((frame["suppressed"] != "").sum()) if "suppressed" in frame else 0


def read_tables(folder: Path) -> TableSet:
    """Read all release tables of a run folder, by name."""
    return TableSet({path.stem: read_table(path) for path in sorted(folder.glob("*.csv"))})


def write_json(value: Mapping[str, Any], path: Path) -> None:
    """Write JSON with a fixed layout; NaN and infinities become null, as JSON has no word for them."""
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Reduce NumPy and pandas scalars, tuples and paths to what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return str(value) if isinstance(value, Path) else value
