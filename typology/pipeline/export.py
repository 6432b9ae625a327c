"""The respondents of a finished run for the team's own analysis in SPSS, Stata or elsewhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from typology.errors import InputFault, InputFaults
from typology.runs import Run, open_run
from typology.runs.export import SUFFIXES, Column, Format, write_export
from typology.runs.folder import MANIFEST
from typology.schema.translate import closest

WARNING = """\
PRIVATE: one row is one respondent. Written by typology from run {run} of the study {study}.
For the research team's own analysis. Not for release, not to be sent on, not to be kept in a shared folder.
A type inferred from answers about sexual life or victimisation is itself sensitive personal data.
Not to be released: any row, id, type, probability or reason of one respondent; any count, percentage or
figure made from this file that rests on fewer than {threshold} respondents, zeros included, or that gives
such a number away by subtraction. What has been checked for release is in the folder release of the run.
A type is a group of respondents of this survey. It must not be used to judge or to predict one person.
The verdict of the run is {verdict}. type is empty for the unassigned and, unless the verdict is types, for
everyone. candidate_type, membership and p_... tell how the model placed a respondent, whatever the verdict.
In a .csv an apostrophe before = + - @ keeps a spreadsheet from running a text as a formula."""


def export_run(folder: Path | str, *, to: str, out: Path | str | None = None) -> tuple[Path, ...]:
    """Write the respondents of a run with type, membership and set-aside reason, labelled.

    Parameters
    ----------
    folder : path
        A run folder.
    to : str
        ``spss`` (.sav), ``stata`` (.dta) or ``csv``.
    out : path, optional
        The file; ``private/respondents`` with the format's suffix in the run folder by default. Readable by
        its owner only.

    Returns
    -------
    tuple of Path
        The export, and a text file beside it that says what may not be released.

    Raises
    ------
    InputFaults
        An unknown format; a file that is there already, has no folder, or lies in the release of a run.
    RunFolderError
        The run has no private table.
    """
    if to not in SUFFIXES:
        fault = InputFault("--to", "is not a format to export to", closest(to, SUFFIXES), value=to)
        raise InputFaults([fault])
    run = open_run(folder)
    path = run.folder / "private" / f"respondents{SUFFIXES[to]}" if out is None else _chosen(Path(out), to)
    warning = WARNING.format(
        run=run.manifest["run"],
        study=run.summary["study"],
        threshold=run.threshold,
        verdict=run.verdict,
    )
    format_: Format = to  # type: ignore[assignment]
    return write_export(_columns(run), path, to=format_, warning=warning)


def _chosen(path: Path, to: str) -> Path:
    """Check the file somebody asked for."""
    message, remedy = "", ""
    if path.suffix.lower() != SUFFIXES[to]:
        message, remedy = "does not have the suffix of the format", f"Use a name that ends in {SUFFIXES[to]}."
    elif path.exists():
        message, remedy = "is there already", "Choose another name; nothing was overwritten."
    elif not path.parent.is_dir():
        message, remedy = "is to go into a folder that is not there", "Make the folder first."
    elif any(up.name == "release" and (up.parent / MANIFEST).is_file() for up in path.absolute().parents):
        message = "would put single respondents into a release"
        remedy = "Leave --out away: the export then goes into the run's private folder."
    if message:
        raise InputFaults([InputFault("--out", message, remedy, value=str(path))])
    return path


def _columns(run: Run) -> list[Column]:
    table = run.respondents()
    names = {str(entry["id"]): str(entry["name"]) for entry in run.summary["types"]}
    candidates = [name.removeprefix("p_") for name in table.columns if name.startswith("p_")]
    reasons = sorted({str(reason) for reason in table["set_aside"].dropna()})
    about = {
        "id": Column("id", "Respondent, as in the survey file", _plain(table["id"])),
        "type": Column("type", "Presented type", _plain(table["type"]), names),
        "core": Column("core", "In the dense core of the candidate type", [bool(v) for v in table["core"]]),
        "membership": Column(
            "membership", "Probability of the candidate type", table["membership"].astype(float).tolist()
        ),
        "candidate_type": Column(
            "candidate_type",
            "Most probable candidate type, whatever the verdict",
            _plain(table["candidate_type"]),
            {name: names.get(name, name) for name in candidates},
        ),
        "set_aside": Column(
            "set_aside",
            "Why not clustered; empty if clustered",
            _plain(table["set_aside"]),
            dict(zip(reasons, reasons, strict=True)),
        ),
    }
    for name in candidates:
        label = f"Probability of {name} {names.get(name, '')}".strip()
        about[f"p_{name}"] = Column(f"p_{name}", label, table[f"p_{name}"].astype(float).tolist())
    return [about[str(name)] for name in table.columns]


def _plain(column: pd.Series) -> list[object]:
    return [None if pd.isna(value) else str(value) for value in column]
