"""A finished run: opened from its folder, shown in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from typology.errors import RunFolderError
from typology.profile.wording import percent, percent_interval
from typology.runs.folder import MANIFEST, bring_back
from typology.runs.tables import TableSet, read_tables

if TYPE_CHECKING:
    from typology.plots.picture import Gallery, Picture
    from typology.profile.display import Notice
    from typology.profile.tables import TableView

VERDICTS = {
    "types": "Types were found",
    "gradient": "No types: a gradient of severity",
    "none": "No types: the items do not go together",
}


def open_run(folder: Path | str) -> Run:
    """Open a run folder.

    Parameters
    ----------
    folder : path
        A folder written by ``typology run`` or :func:`typology.run`.

    Returns
    -------
    Run

    Raises
    ------
    RunFolderError
        If the folder is missing or is not a whole run folder.
    """
    folder = Path(folder)
    bring_back(folder)
    return Run(folder, summary=_read(folder, "summary.json"), manifest=_read(folder, MANIFEST))


def _read(folder: Path, name: str) -> dict[str, Any]:
    """Read one of the two JSON files at the top of a run folder."""
    path = folder / name
    if not path.is_file():
        remedy = "Give the folder of a finished run, such as runs/demo."
        raise RunFolderError(f"{folder}: is not a run folder, it has no {name}. {remedy}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunFolderError(f"{path}: is not valid JSON ({error}). Run the study again.") from error
    if not isinstance(content, dict):
        raise RunFolderError(f"{path}: is not what typology writes. Run the study again.")
    return content


class Run:
    """One finished run. Reads only what is released, unless respondents are asked for by name.

    Parameters
    ----------
    folder : Path
        The run folder.
    summary : dict
        Content of ``summary.json``.
    manifest : dict
        Content of ``manifest.json``; empty while the run is still being written.

    Examples
    --------
    >>> import typology as ty
    >>> run = ty.open_run("runs/demo")  # doctest: +SKIP
    >>> run.card("T1")  # doctest: +SKIP
    """

    def __init__(self, folder: Path, *, summary: Mapping[str, Any], manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.summary = dict(summary)
        self.manifest = dict(manifest)

    @property
    def verdict(self) -> str:
        """``types``, ``gradient`` or ``none``."""
        return str(self.summary["verdict"])

    @property
    def reason(self) -> str:
        """Why the verdict came out as it did, with the numbers that decided."""
        return str(self.summary["reason"])

    @property
    def threshold(self) -> int:
        """Fewest respondents that a released number rests on."""
        return int(self.manifest["config"]["disclosure"]["threshold"])

    @property
    def report(self) -> Path:
        """Where the report is."""
        return self.folder / "release" / "report.html"

    @cached_property
    def tables(self) -> TableSet:
        """The release tables, by name: disclosure-checked, suppressed cells empty."""
        return read_tables(self.folder / "release" / "tables")

    @property
    def types(self) -> pd.DataFrame:
        """The types, one row each, largest first; no rows unless the verdict is ``types``."""
        return self.tables["types"].set_index("id")

    def cards(self) -> Gallery | Notice:
        """Profile cards of all types, largest first."""
        from typology.plots import pictures

        return pictures.cards(self.tables, self.summary)

    def card(self, type_id: str) -> Picture:
        """Profile card of one type.

        Parameters
        ----------
        type_id : str
            Such as ``"T1"``.

        Raises
        ------
        KeyError
            If the run has no such type; the message lists those it has.
        """
        from typology.plots import pictures

        known = list(self.types.index)
        if type_id not in known:
            has = ", ".join(known) if known else f"none. {self._headline()}"
            raise KeyError(f"no type {type_id!r} in this run, it has {has}")
        return pictures.card(self.tables, self.summary, type_id)

    def map(self) -> Picture | Notice:
        """Density map of the respondents: a picture to look at, nothing is computed from it."""
        from typology.plots import pictures

        return pictures.map(self.tables, self.summary)

    def evidence(self) -> Picture | Notice:
        """Observed agreement against surveys without types and without association."""
        from typology.plots import pictures

        return pictures.evidence(self.tables, self.summary)

    def replication(self) -> Picture | Notice:
        """Types by country or wave: their size there, and whether they come out again there."""
        from typology.plots import pictures

        return pictures.replication(self.tables, self.summary)

    def risk_table(self) -> TableView | Notice:
        """Risk factors by type with odds ratios and intervals; the numbers are in ``tables["factors"]``."""
        from typology.profile.tables import risk_table

        return risk_table(self.tables, self.summary)

    def respondents(self) -> pd.DataFrame:
        """Read the private table: one row a respondent. Not for release.

        Returns
        -------
        DataFrame
            Columns id, type, core, membership, candidate_type, p_<type>..., set_aside.
        """
        path = self.folder / "private" / "respondents.parquet"
        if not path.is_file():
            raise RunFolderError(
                f"{path}: the private table is not there. It may have been removed on purpose."
            )
        return pd.read_parquet(path)

    def _headline(self) -> str:
        return f"{VERDICTS[self.verdict]}. {self.reason}"

    def __repr__(self) -> str:
        """Return the study, the verdict and the folder."""
        return f"<Run of {self.summary['study']}: {VERDICTS[self.verdict].lower()}; {self.folder}>"

    def _repr_html_(self) -> str:
        from typology.profile.display import TableView, sentences_html

        where = f"Report: {self.report}. Run folder: {self.folder}."
        told = sentences_html(str(self.summary["study"]), [self._headline(), where])
        rows = tuple(
            (str(entry["id"]), str(entry["name"]), _share(entry), str(entry["grade"]))
            for entry in self.summary["types"]
        )
        view = TableView("Types", ("type", "name", "share (95% interval)", "grade"), rows, frozenset({2}))
        return told + (view._repr_html_() if rows else "")


def _share(entry: Mapping[str, Any]) -> str:
    """Weighted share with its interval, as far as they are released."""
    share, (lo, hi) = entry.get("share_weighted"), entry.get("share_ci") or (None, None)
    if share is None:
        return "withheld"
    between = "" if lo is None or hi is None else f" ({percent_interval(lo, hi)})"
    return f"{percent(share)}{between}"
