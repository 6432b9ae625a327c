"""The command that sets finished runs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from typology.cli.failures import explained

if TYPE_CHECKING:
    from typology.profile.comparison import Comparison


def compare(
    ctx: typer.Context,
    run_dirs: Annotated[
        list[Path], typer.Argument(metavar="RUN_DIR RUN_DIR...", help="Folders of finished runs.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="A new folder for compare.json, tables and figures, safe to release.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Set finished runs side by side: waves of a survey, or countries run apart.

    The first run is compared with each of the others, from their releases alone: verdicts, types matched by
    profile, sizes, and answers to questions with the same label and answers.

    Example: `typology compare runs/yrbs2019 runs/yrbs2023 --out compared`
    """
    with explained(ctx):
        from typology.pipeline import compare_runs

        for found in compare_runs(run_dirs, out=out):
            if not quiet:
                _tell(found)


def _tell(found: Comparison) -> None:
    """Print statements, types and the answers that differ."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from typology.profile.comparison_tables import comparison_table

    console = Console()
    console.print()
    for sentence in found.statement:
        console.print(Text(sentence))
    for view in comparison_table(found):
        table = Table(box=None, pad_edge=False, title=Text(view.caption), title_justify="left")
        for position, heading in enumerate(view.header):
            table.add_column(Text(heading), justify="right" if position in view.numeric else "left")
        for row in view.rows:
            table.add_row(*[Text(cell) for cell in row])
        console.print(table)
    notes = [f"Withheld by disclosure control in one run or both: {found.withheld} cells."]
    if found.not_compared:
        first = "; ".join(found.not_compared[:4])
        notes.append(f"Not compared, {len(found.not_compared)} in all: {first}.")
    for note in notes:
        console.print(Text(note))
