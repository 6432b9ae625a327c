"""What the commands do, in the order they do it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from typology.errors import InputFaults, RunFolderError
from typology.models.parallel import worker_processes
from typology.pipeline.analysis import analyse, read_checked
from typology.pipeline.clock import Clock
from typology.pipeline.names import put_names
from typology.pipeline.write import refuse_leaks, update_outputs, write_folder
from typology.profile.display import sentences_html
from typology.progress import Progress, SilentProgress
from typology.report import render_report
from typology.runs import Run, open_run
from typology.runs.folder import check_target, default_folder, new_run_folder
from typology.runs.manifest import package_versions
from typology.runs.verify import Again, Comparison, compare
from typology.schema.load import examine_study, load_study
from typology.schema.study import Study
from typology.survey.check import examine, grouped, suspicions


def run_study(
    study: Study, *, out: Path | str | None = None, jobs: int | None = None, progress: Progress | None = None
) -> Run:
    """Run a study from survey file to report.

    Parameters
    ----------
    study : Study
    out : path, optional
        The run folder; ``runs/<study>`` by default. Appears whole or not at all.
    jobs : int, optional
        Processes to use; all there are by default.
    progress : Progress, optional

    Returns
    -------
    Run

    Raises
    ------
    InputFaults
        With every fault of the survey, or if `out` may not be written over.
    DisclosureError
        If the release would reveal a small group; nothing is left behind.
    RunFolderError
        If another run is being written to the same folder.
    """
    clock = Clock(progress or SilentProgress())
    name = study.config.study
    target = default_folder(name) if out is None else Path(out)
    check_target(target, study=name)
    with clock.stage("read", announce="Reading and checking the survey"):
        survey = read_checked(study)
    jobs = jobs or processors()
    with new_run_folder(target, study=name) as draft:
        with worker_processes(jobs=jobs):
            analysis = analyse(study, survey, jobs=jobs, clock=clock)
        write_folder(analysis, draft, clock=clock)
    return open_run(target)


def processors() -> int:
    """Count the processors this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, repr=False)
class Checked:
    """A survey without faults.

    Attributes
    ----------
    headline : str
        What was read.
    remarks : tuple of str
        What looks odd but may be right.
    """

    headline: str
    remarks: tuple[str, ...]

    def __repr__(self) -> str:
        """Return what was read and the remarks, a line each."""
        return "\n".join([f"No faults. {self.headline}", *(f"note: {remark}" for remark in self.remarks)])

    def _repr_html_(self) -> str:
        return sentences_html("No faults", [self.headline], listed=self.remarks)


def check_study(study: Study | Path | str) -> Checked:
    """Check a survey against its codebook.

    Parameters
    ----------
    study : Study or path
        Of a study file with faults the survey is looked at too, as far as its codebook allows.

    Returns
    -------
    Checked

    Raises
    ------
    InputFaults
        With every fault.
    """
    if not isinstance(study, Study):
        study = _without_faults(study)
    survey = read_checked(study)
    items = len(survey.codebook.names("typology"))
    headline = (
        f"{survey.n_read:,} respondents, {len(survey.answers.columns)} variables, {items} typology items."
    )
    return Checked(headline=headline, remarks=tuple(str(remark) for remark in suspicions(study, survey)))


def _without_faults(study_file: Path | str) -> Study:
    """Load a study; its faults are told together with those of its survey."""
    examined = examine_study(study_file)
    if examined.study is None:
        raise InputFaults(examined.faults)
    if examined.faults:
        faults = [*examined.faults, *examine(examined.study, columns_only=True)[1]]
        raise InputFaults(grouped(faults, examined.study))
    return examined.study


def render_again(folder: Path | str) -> Path:
    """Render the report of a finished run again, from its release tables.

    Names given to types since are put into tables, cards and report.

    Parameters
    ----------
    folder : path
        A run folder.

    Returns
    -------
    Path
        The report.
    """
    run = open_run(folder)
    put_names(run)
    path = render_report(run.folder)
    refuse_leaks(run.folder, threshold=int(run.manifest["config"]["disclosure"]["threshold"]))
    update_outputs(run)
    return path


def verify_run(
    folder: Path | str, *, jobs: int | None = None, progress: Progress | None = None
) -> Comparison:
    """Run the study of a finished run again, in memory, and compare.

    Parameters
    ----------
    folder : path
        A run folder. Its study file must still be where the manifest says.
    jobs : int, optional
    progress : Progress, optional

    Returns
    -------
    Comparison
    """
    run = open_run(folder)
    study_file = Path(run.manifest["study_file"])
    if not study_file.is_file():
        message = (
            f"{study_file}: the study file of this run is not there any more, so it cannot be run again."
        )
        raise RunFolderError(message)
    clock = Clock(progress or SilentProgress())
    study = load_study(study_file)
    with clock.stage("read", announce="Reading and checking the survey"):
        survey = read_checked(study)
    jobs = jobs or processors()
    with worker_processes(jobs=jobs):
        analysis = analyse(study, survey, jobs=jobs, clock=clock)
    again = Again(
        summary=analysis.summary,
        tables=analysis.tables,
        respondents=analysis.respondents,
        inputs=analysis.inputs,
        packages=package_versions(),
    )
    return compare(run, again)
