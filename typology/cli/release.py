"""The command that attacks a release before it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from typology.cli.failures import FAILED, explained


def audit(
    ctx: typer.Context,
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The folder of a finished run.")],
    *,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but leaks.")] = False,
) -> None:
    """Attack the release of a run, and say what a reader could derive that was withheld.

    Every run ends with this check and fails rather than leak. Run it again before a release is sent, when
    files were added or changed. Suppressed numbers are attacked by linear programming over all tables
    together; files are searched for respondent ids, paths, account names, metadata and embedded data. Exit
    status 1 if anything was found, one line each.

    Example: `typology audit runs/demo`
    """
    with explained(ctx):
        from typology.pipeline import audit_run

        leaks = audit_run(run_dir)
        for leak in leaks:
            typer.echo(leak)
        if leaks:
            raise typer.Exit(FAILED)
        if not quiet:
            typer.echo(f"{run_dir}: nothing that was withheld can be derived from the release.")
