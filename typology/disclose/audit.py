"""The check of a finished release: reads what was written and looks for anything it gives away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from typology.disclose.attack import attack
from typology.disclose.columns import COUNTS
from typology.disclose.scan import respondent_ids, scan
from typology.errors import DisclosureError

_SIDES = (
    ("exposed_type", "base_type", "prevalence_type"),
    ("exposed_rest", "base_rest", "prevalence_rest"),
)
_PAIRS = {
    "prevalence": (("count", "base", "share"),),
    "factors": _SIDES,
    "outcome_models": _SIDES,
    "outcomes": (("count", "base", "prevalence"),),
    "risk_predictors": (
        ("events_exposed", "base_exposed", "risk_exposed"),
        ("events_unexposed", "base_unexposed", "risk_unexposed"),
    ),
    "risk_dose": (("events", "base", "share"),),
    "risk_calibration": (("events", "base", "observed"),),
    "replication": (("n", "base", "share"),),
}
_EXTREMES = {"min", "max", "minimum", "maximum"}
_SETTINGS = {"min_cluster_size", "min_samples", "min_dist"}  # of the method, not of respondents
_ID_COLUMNS = {"id", "rid", "respondent", "respondent_id", "case_id", "caseid"}
# Tables with no respondents under their numbers.
_OTHERS = {"guidance", "naming", "evidence", "candidates", "runs", "latent_classes", "power"}


def audit(release_dir: Path, *, threshold: int) -> list[str]:
    """Look for leaks in a finished release and the ``summary.json`` above it.

    Parameters
    ----------
    release_dir : Path
        ``<run>/release``. ``<run>/private/respondents.parquet`` is read for the ids that must not occur,
        ``<run>/summary.json`` is checked too.
    threshold : int

    Returns
    -------
    list of str
        One line a leak; empty when nothing was found.

    Raises
    ------
    DisclosureError
        There are no tables to check.
    """
    tables = {path.stem: pd.read_csv(path) for path in sorted((release_dir / "tables").glob("*.csv"))}
    if not tables:
        raise DisclosureError(f"no release tables in {release_dir.name}")
    leaks = [leak for name, frame in tables.items() for leak in _table_leaks(name, frame, threshold)]
    path = release_dir.parent / "summary.json"
    summary = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    leaks += attack(tables, threshold=threshold, summary=summary)
    leaks += _summary_leaks(summary, tables, threshold)
    leaks += [*_column_ids(release_dir), *_answer_texts(tables)]
    return [*leaks, *scan(release_dir.parent, threshold=threshold)]


def _table_leaks(name: str, frame: pd.DataFrame, threshold: int) -> Iterator[str]:
    """Small counts, whole groups, numbers left in suppressed rows, extremes, columns for inner use."""
    yield from _frame_leaks(name, frame)
    for column in COUNTS.get(name, ()):
        if column in frame:
            number = pd.to_numeric(frame[column])
            nobody = number.eq(0) & (name == "participation")
            for row in frame.index[number.notna() & (number < threshold) & ~nobody]:
                yield f"{name} row {row + 2}: {column} is {number[row]:g}, fewer than {threshold}"
    hidden = frame["suppressed"].notna() if "suppressed" in frame else pd.Series(False, index=frame.index)  # noqa: FBT003
    for count, base, share in _PAIRS.get(name, ()):
        if not {count, base, share} <= set(frame.columns):
            continue
        rest = pd.to_numeric(frame[base]) - pd.to_numeric(frame[count])
        for row in frame.index[rest < threshold]:
            yield f"{name} row {row + 2}: all but {rest[row]:g} of the base, fewer than {threshold}"
        for row in frame.index[frame[share].isin([0, 1])]:
            yield f"{name} row {row + 2}: {share} of 0% or 100%"
        for row in frame.index[hidden & frame[[count, base, share]].notna().any(axis=1)]:
            yield f"{name} row {row + 2}: suppressed but not blank"


def _frame_leaks(name: str, frame: pd.DataFrame) -> Iterator[str]:
    """Tables and columns that do not belong in a release."""
    if name not in COUNTS and name not in _OTHERS:
        yield f"{name}: no table of a release, so nothing is known of what its numbers count"
    for column in map(str, frame.columns):
        if column.startswith("_"):
            yield f"{name}: column {column} is for inner use"
        if column not in _SETTINGS and set(re.split(r"[_\W]+", column.casefold())) & _EXTREMES:
            yield f"{name}: column {column} holds an extreme value of one respondent"


def _summary_leaks(summary: dict[str, Any], tables: dict[str, pd.DataFrame], threshold: int) -> Iterator[str]:
    """Small counts in the summary, and factors that the tables withhold."""
    for step, n in (summary.get("respondents") or {}).items():
        if n is not None and 0 < n < threshold:
            yield f"summary.json: {step} is {n}, fewer than {threshold}"
    shown = set()
    if "factors" in tables:
        factors = tables["factors"]
        shown = {
            (row["type"], row["factor"])
            for row in factors[factors["odds_ratio"].notna()][["type", "factor"]].to_dict("records")
        }
    for each in summary.get("types") or []:
        if each.get("n") is not None and each["n"] < threshold:
            yield f"summary.json: type {each['id']} has {each['n']} respondents, fewer than {threshold}"
        for factor in each.get("factors") or []:
            if (each["id"], factor["factor"]) not in shown:
                yield f"summary.json: {factor['factor']} of type {each['id']} is withheld in the tables"


def _column_ids(release_dir: Path) -> Iterator[str]:
    """Columns of respondent ids, short numbers too: those are not looked for in texts."""
    ids = respondent_ids(release_dir.parent)
    for path in sorted((release_dir / "tables").glob("*.csv")):
        # as text: a gap makes 17 into 17.0, and numbers lose the zeros they begin with
        frame = pd.read_csv(path, dtype=str)
        for column in frame.columns:
            values = set(frame[column].dropna().str.removesuffix(".0"))
            if column.casefold() in _ID_COLUMNS and values and values <= ids:
                yield f"{path.stem}: column {column} holds respondent ids"


def _answer_texts(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Answers that the codebook does not declare, given by so few that they may be somebody's own words."""
    if "category_label" not in tables.get("prevalence", pd.DataFrame()):
        return
    rows = tables["prevalence"]
    code, label = rows["category"].astype(str), rows["category_label"].astype(str)
    own = (code == label) & pd.to_numeric(code, errors="coerce").isna()
    for variable, category in rows.loc[own, ["variable", "category"]].drop_duplicates().to_numpy():
        same = (rows["variable"] == variable) & (code == str(category))
        if rows.loc[same & (rows["group"] == "everyone"), "count"].isna().all():
            yield f"prevalence: {variable} quotes an answer in the words of a few respondents"
