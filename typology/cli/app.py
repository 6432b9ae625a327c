"""The commands."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from typology._version import __version__
from typology.cli.between import compare
from typology.cli.failures import explained
from typology.cli.options import Backend, Jobs, Out, Quiet, Resume, RunFolder, Scheduler, StudyFile
from typology.cli.release import audit

app = typer.Typer(
    name="typology",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the value of the option
    if value:
        typer.echo(f"typology {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    ctx: typer.Context,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show the full traceback of an unexpected error.")
    ] = False,
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find victim typologies in a survey, test whether they are real, and report what marks each type.

    Try it: `typology demo`
    """
    ctx.obj = {"traceback": traceback}


@app.command()
def run(
    ctx: typer.Context,
    study_file: StudyFile,
    out: Out = None,
    jobs: Jobs = None,
    backend: Backend = "local",
    scheduler: Scheduler = None,
    *,
    resume: Resume = False,
    quiet: Quiet = False,
) -> None:
    """Run a study from survey file to report.

    The run folder appears whole or not at all. "No typology found" is a valid result. Exit status: 0 done,
    2 faulty input (one line a fault), 1 anything else.

    Example: `typology run configs/yrbs2019.yaml --jobs 2`

    On a Dask cluster: `typology run configs/yrbs2019.yaml --backend dask --scheduler tls://10.0.0.5:8786`
    """
    with explained(ctx):
        workers = {"jobs": jobs, "backend": backend, "scheduler": scheduler}
        _run(study_file, workers, out=out, resume=resume, quiet=quiet)


@app.command()
def demo(
    ctx: typer.Context,
    out: Out = None,
    jobs: Jobs = None,
    backend: Backend = "local",
    scheduler: Scheduler = None,
    *,
    resume: Resume = False,
    quiet: Quiet = False,
) -> None:
    """Run the packaged demo study, a simulated survey with planted types.

    Needs no files and no network; works in any folder.

    Example: `typology demo --jobs 2`
    """
    with explained(ctx):
        from typology.resources import configs_dir

        workers = {"jobs": jobs, "backend": backend, "scheduler": scheduler}
        _run(configs_dir() / "demo.yaml", workers, out=out, resume=resume, quiet=quiet)


def _run(
    study_file: Path, workers: Mapping[str, Any], *, out: Path | None, resume: bool, quiet: bool
) -> None:
    from typology.schema.load import load_study

    study = load_study(study_file)  # before the slow imports: a typo is told at once
    from typology.cli.console import closing_summary, progress_bars
    from typology.pipeline import run_study

    with progress_bars(quiet=quiet) as progress:
        finished = run_study(study, out=out, resume=resume, progress=progress, **workers)
    if not quiet:
        closing_summary(finished)


@app.command()
def check(ctx: typer.Context, study_file: StudyFile, quiet: Quiet = False) -> None:
    """Check study file, codebook, catalogue and survey; print every fault at once.

    Remarks on what looks odd but may be right are printed too and do not count as faults. Ids of respondents
    are shown on a terminal only, not where the output goes to a file or a log. Writes nothing.

    Example: `typology check configs/yrbs2019.yaml`
    """
    with explained(ctx):
        from typology.cli.private import who
        from typology.pipeline import check_study

        checked = check_study(study_file)
        if not quiet:
            for remark in checked.remarks:
                typer.echo(f"note: {remark}")
                if remark in checked.respondents:
                    typer.echo(f"      {who(checked.respondents[remark])}")
            typer.echo(f"{study_file}: no faults. {checked.headline}")


@app.command()
def codebook(
    ctx: typer.Context,
    data_file: Annotated[
        Path,
        typer.Argument(
            metavar="DATA_FILE",
            help="The survey: .sav .zsav .por .dta .sas7bdat .csv .tsv (also .gz) .parquet .xlsx",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Where to write; standard output by default. Never overwrites."
        ),
    ] = None,
) -> None:
    """Draft a codebook from a data file, to be completed by hand.

    Labels, value labels and user-missing codes are taken from .sav and .dta files.

    Example: `typology codebook survey.sav --out configs/codebooks/survey.yaml`
    """
    with explained(ctx):
        from typology.survey.draft import draft_codebook, write_new

        text = draft_codebook(data_file)
        if out is None:
            typer.echo(text, nl=False)
        else:
            write_new(out, text)
            typer.echo(f"{out}: drafted. Give each variable its role, then run typology check.")


@app.command()
def catalogue(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="A catalogue file of your own; it extends and overrides the packaged one.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """List the risk-factor catalogue and check it: factors, their evidence, its grade, and guidance.

    With FILE, the packaged catalogue as FILE extends and overrides it. Every fault is told at once.

    Example: `typology catalogue my_factors.yaml`
    """
    with explained(ctx):
        from typology.schema.load_catalogue import load_catalogue

        whole, own = load_catalogue(file)
        if not quiet:
            from typology.cli.console import print_catalogue

            print_catalogue(whole, own, name=None if file is None else str(file))


@app.command()
def report(ctx: typer.Context, run_dir: RunFolder, quiet: Quiet = False) -> None:
    """Render the report of a finished run again, from its release tables.

    Example: `typology report runs/demo`
    """
    with explained(ctx):
        from typology.pipeline import render_again

        path = render_again(run_dir)
        if not quiet:
            typer.echo(f"Report: {path}")


@app.command()
def verify(
    ctx: typer.Context,
    run_dir: RunFolder,
    study_file: Annotated[
        Path | None,
        typer.Option(
            "--study",
            metavar="STUDY.yaml",
            help="The study file, where it is not found any more.",
            show_default=False,
        ),
    ] = None,
    jobs: Jobs = None,
    backend: Backend = "local",
    scheduler: Scheduler = None,
    quiet: Quiet = False,
) -> None:
    """Run a study again and say: same, same within tolerance, or changed.

    "Same": every released number and every respondent's type is identical. "Same within tolerance": same
    verdict and number of types, respondents grouped alike (adjusted Rand index at least 0.95) and shares
    within two points. A released file that was altered since is a change. Exit status 1 if changed.

    Example: `typology verify runs/demo`
    """
    with explained(ctx):
        from typology.cli.console import progress_bars
        from typology.pipeline import verify_run

        with progress_bars(quiet=quiet) as progress:
            comparison = verify_run(
                run_dir,
                study_file=study_file,
                jobs=jobs,
                backend=backend,
                scheduler=scheduler,
                progress=progress,
            )
        typer.echo(comparison.sentence)
        if comparison.outcome == "changed":
            raise typer.Exit(1)


@app.command()
def export(
    ctx: typer.Context,
    run_dir: RunFolder,
    to: Annotated[str, typer.Option("--to", metavar="spss|stata|csv", help="Format to write.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Where to write; default private/respondents.* in the run folder. Never overwrites.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the respondents with their types for the team's own analysis. Private, not for release.

    One row a respondent: type, membership and why somebody was set aside, with value and variable labels.
    Only you can read the file. A text file beside it says what may not be released.

    Example: `typology export runs/demo --to spss`
    """
    with explained(ctx):
        from typology.pipeline import export_run

        path, readme = export_run(run_dir, to=to, out=out)
        if not quiet:
            typer.echo(f"Private, not for release: {path}\nWhat may not be released: {readme}")


@app.command()
def lab(
    ctx: typer.Context,
    run_dir: RunFolder,
    folder: Annotated[
        Path,
        typer.Option("--folder", metavar="DIR", help="Where to put the notebooks; existing ones are kept."),
    ] = Path("lab"),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Open the analysis notebooks of a run in JupyterLab.

    Example: `typology lab runs/demo`
    """
    with explained(ctx):
        from typology.pipeline import copy_notebooks

        copied = copy_notebooks(run_dir, folder)
        typer.echo(f"{len(copied)} notebooks in {folder}")
        command = [sys.executable, "-m", "jupyterlab", str(folder), *([] if browser else ["--no-browser"])]
        typer.echo(shlex.join(command))
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


app.command()(compare)
app.command()(audit)


def main() -> None:
    """Entry point of the ``typology`` command."""
    app()
