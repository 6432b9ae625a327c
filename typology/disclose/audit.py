"""The check of a finished release: reads what was written and looks for anything it gives away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from typology.disclose.attack import attack
from typology.disclose.pdf_file import read_pdf
from typology.errors import DisclosureError

_COUNTS = {
    "types": ("n", "core_n"),
    "participation": ("n",),
    "missingness": ("n", "base"),
    "missingness_groups": ("n", "base"),
    "prevalence": ("count", "base"),
    "factors": ("exposed_type", "base_type", "exposed_rest", "base_rest"),
    "outcomes": ("count", "base"),
    "outcome_models": ("exposed_type", "base_type", "exposed_rest", "base_rest"),
    "crosswalk": ("count", "base"),
    "scales": ("scored", "n"),
    "scale_items": ("n",),
    "sensitivity": ("n", "base"),
    "severity": ("n", "base"),
    "quality": ("n", "base"),
    "map_density": ("n",),
    "correlations": ("base",),
    "risk_models": ("events", "base"),
    "risk_predictors": ("events_exposed", "base_exposed", "events_unexposed", "base_unexposed"),
    "risk_dose": ("events", "base"),
    "risk_calibration": ("events", "base"),
    "short_form": ("base",),
    "replication": ("n", "base"),
    "measurement_differences": ("count", "base"),
}
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
_TEXT_FILES = {".csv", ".json", ".md", ".html", ".txt", ".svg"}
_EMBEDDED = re.compile(r"base64,[A-Za-z0-9+/=\s]+")


def audit(release_dir: Path, *, threshold: int) -> list[str]:
    """Look for leaks in a finished release and the ``summary.json`` above it.

    Parameters
    ----------
    release_dir : Path
        ``<run>/release``. ``<run>/private/respondents.parquet`` is read for the ids that must not occur.
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
    leaks += attack(tables, threshold=threshold)
    summary = release_dir.parent / "summary.json"
    if summary.exists():
        leaks += _summary_leaks(json.loads(summary.read_text(encoding="utf-8")), tables, threshold)
    return [*leaks, *_pdf_leaks(release_dir), *_id_leaks(release_dir, tables)]


def _table_leaks(name: str, frame: pd.DataFrame, threshold: int) -> Iterator[str]:
    """Small counts, whole groups, numbers left in suppressed rows, extremes."""
    for column in frame.columns:
        if column not in _SETTINGS and set(re.split(r"[_\W]+", str(column).casefold())) & _EXTREMES:
            yield f"{name}: column {column} holds an extreme value of one respondent"
    for column in _COUNTS.get(name, ()):
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


def _id_leaks(release_dir: Path, tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Respondent ids in the release.

    Ids that are words or long numbers are looked for in every text; short numbers occur anywhere by chance
    and are looked for in columns named like an id only.
    """
    path = release_dir.parent / "private" / "respondents.parquet"
    if not path.exists():
        return
    ids = {str(value) for value in pd.read_parquet(path, columns=["id"])["id"]}
    for name, frame in tables.items():
        for column in frame.columns:
            values = set(frame[column].dropna().astype(str))
            if str(column).casefold() in _ID_COLUMNS and values and values <= ids:
                yield f"{name}: column {column} holds respondent ids"
    telling = {value for value in ids if len(value) >= 6 or (len(value) >= 4 and not value.isdigit())}
    for file in sorted(release_dir.rglob("*")):
        found = telling & set(re.findall(r"[\w-]+", _text_of(file)))
        if found:
            yield f"{file.relative_to(release_dir)}: holds {len(found)} respondent ids"


def _text_of(file: Path) -> str:
    """All a file of the release says in words; nothing of a folder or a picture."""
    if file.suffix == ".pdf":
        read = read_pdf(file)
        return f"{read.pages}\n{read.about}"
    if file.suffix in _TEXT_FILES:
        return _EMBEDDED.sub("", file.read_text(encoding="utf-8", errors="replace"))
    return ""


def _pdf_leaks(release_dir: Path) -> Iterator[str]:
    """Paths of this machine and hidden files in the PDFs of the release."""
    for file in sorted(release_dir.rglob("*.pdf")):
        read, name = read_pdf(file), file.relative_to(release_dir)
        if read.names_a_folder:
            yield f"{name}: its metadata hold the path of a file"
        if read.attachments:
            yield f"{name}: holds {read.attachments} attached files"
