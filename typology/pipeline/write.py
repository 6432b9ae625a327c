"""Writes a run folder: tables first, then what is drawn and said from them, then the audit."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from typology.disclose import audit
from typology.errors import DisclosureError
from typology.pipeline.analysis import Analysis
from typology.pipeline.clock import Clock
from typology.pipeline.respondents import items_frame, runs_frame
from typology.report import render_report
from typology.report.figures import figure_count, save_figures
from typology.runs import Run, open_run
from typology.runs.folder import MANIFEST, private_file
from typology.runs.manifest import build_manifest, hash_outputs
from typology.runs.tables import write_json, write_tables
from typology.runs.whereabouts import write_whereabouts


def write_folder(analysis: Analysis, folder: Path, *, clock: Clock) -> None:
    """Fill a run folder.

    Parameters
    ----------
    analysis : Analysis
    folder : Path
        An empty folder; it becomes the run folder only after this returns.
    clock : Clock

    Raises
    ------
    DisclosureError
        If the finished release would reveal a small group.
    """
    threshold = analysis.study.config.disclosure.threshold
    with clock.stage("write", announce="Writing tables"):
        _write_data(analysis, folder)
        write_whereabouts(analysis.study, folder)
        _write_manifest(analysis, folder, clock=clock)
    run = open_run(folder)
    with clock.stage("figures"):
        clock.progress.start("Drawing cards and figures", total=figure_count(run.tables))
        save_figures(run.tables, run.summary, folder / "release", advance=clock.progress.advance)
    with clock.stage("report", announce="Rendering the report"):
        render_report(folder)
    with clock.stage("audit", announce="Disclosure check of the release"):
        refuse_leaks(folder, threshold=threshold)
    write_json({**analysis.summary, "seconds": round(clock.seconds, 1)}, folder / "summary.json")
    _write_manifest(analysis, folder, clock=clock)


def _write_data(analysis: Analysis, folder: Path) -> None:
    """Write what everything else in the folder is made from."""
    release = folder / "release"
    write_tables(analysis.tables, release / "tables")
    threshold = analysis.study.config.disclosure.threshold
    write_json({"threshold": threshold, "suppressed": analysis.suppressed}, release / "disclosure.json")
    write_json(analysis.summary, folder / "summary.json")
    private = {
        "respondents": analysis.respondents,
        "runs": runs_frame(analysis.prepared, analysis.presented.candidates),
        "items": items_frame(analysis.prepared, analysis.presented.candidates),
    }
    for name, frame in private.items():
        _write_private(frame, folder / "private" / f"{name}.parquet")


def _write_private(frame: pd.DataFrame, path: Path) -> None:
    """Write a file about single respondents, readable by its owner only."""
    with private_file(path).open("wb") as file:
        frame.to_parquet(file, engine="pyarrow", index=False)


def _write_manifest(analysis: Analysis, folder: Path, *, clock: Clock) -> None:
    """Write the manifest; called again at the end, with all timings and outputs."""
    manifest = build_manifest(
        analysis.study,
        analysis.survey,
        inputs=analysis.inputs,
        timings=clock.timings,
        parameters=analysis.discovery.parameters,
        outputs=hash_outputs(folder),
    )
    write_json(manifest, folder / MANIFEST)


def refuse_leaks(folder: Path, *, threshold: int) -> None:
    """Check the finished release and refuse it if it reveals a small group.

    Parameters
    ----------
    folder : Path
        A run folder.
    threshold : int

    Raises
    ------
    DisclosureError
        With every leak.
    """
    leaks = audit(folder / "release", threshold=threshold)
    if leaks:
        shown = "; ".join(leaks[:5]) + (f"; and {len(leaks) - 5} more" if len(leaks) > 5 else "")
        raise DisclosureError(f"The release would reveal small groups, so the run was stopped: {shown}.")


def update_outputs(run: Run) -> None:
    """Bring the hashes in the manifest of a finished run up to date.

    Parameters
    ----------
    run : Run
    """
    manifest = {**run.manifest, "outputs": hash_outputs(run.folder)}
    draft = run.folder / f".{MANIFEST}"
    write_json(manifest, draft)
    draft.replace(run.folder / MANIFEST)
