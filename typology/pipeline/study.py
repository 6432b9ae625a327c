"""What the commands do, in the order they do it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from typology.disclose import audit
from typology.errors import ClusterError, InputFaults, RunFolderError
from typology.pipeline.analysis import analyse, read_checked
from typology.pipeline.clock import Clock
from typology.pipeline.names import put_names
from typology.pipeline.stages import Stages
from typology.pipeline.workers import Workers, at_work, choose_workers
from typology.pipeline.write import refuse_leaks, update_outputs, write_folder
from typology.profile.display import sentences_html
from typology.progress import Progress, SilentProgress
from typology.report import render_report
from typology.results import Survey
from typology.runs import Run, open_run
from typology.runs.checkpoints import Checkpoints, analysis_key
from typology.runs.folder import check_target, default_folder, held, new_run_folder
from typology.runs.manifest import describe_inputs, package_versions, refuse_changed
from typology.runs.verify import Again, Comparison, compare
from typology.runs.whereabouts import locate_study
from typology.schema.load import examine_study, load_study
from typology.schema.study import Study
from typology.survey.check import examine, grouped, suspicions


def run_study(
    study: Study,
    *,
    out: Path | str | None = None,
    jobs: int | None = None,
    backend: str = "local",
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run a study from survey file to report.

    Parameters
    ----------
    study : Study
    out : path, optional
        The run folder; ``runs/<study>`` by default. Appears whole or not at all.
    jobs : int, optional
        Processes of this machine to use; by default, and at most, one a processor.
    backend : str
        ``local``, or ``dask`` to work on the workers of an existing Dask cluster. The result is the same.
    scheduler : str, optional
        Address of the scheduler of that cluster, such as ``tls://10.0.0.5:8786``.
    resume : bool
        Go on from the last finished stage of a run of the same study that was interrupted, if its inputs,
        settings, code and package versions were the same; from the start otherwise. The result is the same.
    progress : Progress, optional

    Returns
    -------
    Run

    Raises
    ------
    InputFaults
        With every fault of the survey; if an input changes meanwhile; if `out` may not be written over; or
        if the cluster cannot be used.
    ClusterError
        If the cluster is lost; finished stages are kept.
    DisclosureError
        If the release would reveal a small group; nothing is left behind.
    RunFolderError
        If another run is being written to the same folder, the disk is full or may not be written to, or
        what was kept of an interrupted run cannot be trusted.
    KeyboardInterrupt
        Stopped by hand; finished stages are kept.
    """
    workers = choose_workers(jobs=jobs, backend=backend, scheduler=scheduler)
    clock = Clock(progress or SilentProgress())
    name = study.config.study
    target = default_folder(name) if out is None else Path(out)
    check_target(target, study=name)
    inputs = describe_inputs(study)
    with at_work(workers) as dismiss:
        survey = _read(study, workers, clock)
        kept = Checkpoints(target, key=analysis_key(study, inputs))
        with new_run_folder(target, study=name) as draft, _kept_if_stopped(kept):
            stages = Stages(clock, kept, resume=resume)
            analysis = analyse(study, survey, inputs, jobs=workers.jobs, clock=clock, stages=stages)
            dismiss()  # their memory is free before the report is made
            write_folder(analysis, draft, clock=clock)
            refuse_changed(study, inputs)
    kept.discard()
    return open_run(target)


def _read(study: Study, workers: Workers, clock: Clock) -> Survey:
    """Read the survey, and warn before its answers leave this machine unencrypted."""
    with clock.stage("read", announce="Reading and checking the survey"):
        survey = read_checked(study)
    if workers.warning:
        clock.say(workers.warning)
    return survey


@contextlib.contextmanager
def _kept_if_stopped(kept: Checkpoints) -> Iterator[None]:
    """Forget the finished stages of a run that fails; one that is stopped or loses its cluster may go on."""
    try:
        yield
    except (KeyboardInterrupt, ClusterError) as stopped:
        told = ""
        if kept.folder.exists():
            anywhere = ", with or without a cluster" if isinstance(stopped, ClusterError) else ""
            told = f"Finished stages are kept: --resume goes on from them{anywhere}."
        raise type(stopped)(f"{stopped} {told}".strip()) from stopped.__cause__
    except Exception:
        kept.discard()
        raise


@dataclass(frozen=True, repr=False)
class Checked:
    """A survey without faults.

    Attributes
    ----------
    headline : str
        What was read.
    remarks : tuple of str
        What looks odd but may be right.
    respondents : dict of str to tuple of str
        Ids of the respondents a remark is about, by remark. Private: for whoever has the survey before them,
        never shown by this object.
    """

    headline: str
    remarks: tuple[str, ...]
    respondents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    found = suspicions(study, survey)
    return Checked(
        headline=headline,
        remarks=tuple(str(remark) for remark in found),
        respondents={str(remark): remark.respondents for remark in found if remark.respondents},
    )


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
    open_run(folder)
    with held(Path(folder)):
        run = open_run(folder)
        put_names(run)
        path = render_report(run.folder)
        refuse_leaks(run.folder, threshold=run.threshold)
        update_outputs(run)
    return path


def audit_run(folder: Path | str) -> list[str]:
    """Attack the release of a finished run, and scan its files for anything that should not be sent.

    Parameters
    ----------
    folder : path
        A run folder.

    Returns
    -------
    list of str
        One line a leak; empty when nothing was found.
    """
    run = open_run(folder)
    return audit(run.folder / "release", threshold=run.threshold)


def verify_run(
    folder: Path | str,
    *,
    study_file: Path | str | None = None,
    jobs: int | None = None,
    backend: str = "local",
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run the study of a finished run again, in memory, and compare.

    Parameters
    ----------
    folder : path
        A run folder.
    study_file : path, optional
        Its study file; by default where it was, or at the same place as seen from the run folder.
    jobs, backend, scheduler
        As `run_study` takes them.
    progress : Progress, optional

    Returns
    -------
    Comparison
    """
    workers = choose_workers(jobs=jobs, backend=backend, scheduler=scheduler)
    run = open_run(folder)
    study_file = Path(study_file) if study_file else locate_study(run)
    if study_file is None:
        message = (
            f"{run.manifest['study_file']}: the study file of this run is not where it was, so it cannot be "
            "run again. Say where it is: typology verify RUN_DIR --study STUDY.yaml"
        )
        raise RunFolderError(message)
    clock = Clock(progress or SilentProgress())
    study = load_study(study_file)
    inputs = describe_inputs(study)
    with at_work(workers):
        survey = _read(study, workers, clock)
        analysis = analyse(study, survey, inputs, jobs=workers.jobs, clock=clock)
    again = Again(
        summary=analysis.summary,
        tables=analysis.tables,
        respondents=analysis.respondents,
        inputs=analysis.inputs,
        packages=package_versions(),
    )
    return compare(run, again)
