"""What a run shows on the terminal: a bar a stage with time left, then a summary to read."""

from __future__ import annotations

import contextlib
import importlib.util
import textwrap
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from typology.errors import InputFaults
from typology.profile.catalogue import HEADER, catalogue_counts, catalogue_rows
from typology.progress import Progress, SilentProgress
from typology.runs import Run
from typology.runs.run import VERDICTS
from typology.schema.catalogue import Catalogue

FIRST_RUN = "First run in this environment: code is compiled once, which takes about a minute."
_WIDTH = 100


class BarProgress:
    """Draws a bar for every stage.

    Parameters
    ----------
    bars : rich.progress.Progress
    notice : str
        Printed after the first stage, in which faults of the input are found: those are told alone.
    """

    def __init__(self, bars: Bars, *, notice: str = "") -> None:
        self._bars = bars
        self._notice = notice
        self._current: TaskID | None = None

    def start(self, stage: str, *, total: int) -> None:
        """Finish the bar of the stage before, and begin one."""
        if self._current is not None and self._notice:
            self._bars.console.print(self._notice, soft_wrap=True)
            self._notice = ""
        self.finish()
        self._current = self._bars.add_task(stage, total=max(total, 1))

    def advance(self, steps: int = 1) -> None:
        """Move the bar on."""
        if self._current is not None:
            self._bars.advance(self._current, steps)

    def finish(self) -> None:
        """Fill the bar of the current stage: a stage may need fewer steps than it announced."""
        if self._current is not None:
            total = self._bars.tasks[self._bars.task_ids.index(self._current)].total
            self._bars.update(self._current, completed=total)
            self._current = None


class LineProgress:
    """Prints a line for every finished stage: for log files, where a bar cannot move.

    Parameters
    ----------
    console : rich.console.Console
    notice : str
        Printed after the first stage.
    """

    def __init__(self, console: Console, *, notice: str = "") -> None:
        self._console = console
        self._notice = notice
        self._current = ""
        self._began = 0.0

    def start(self, stage: str, *, total: int) -> None:
        """Finish the line of the stage before, and begin one."""
        del total
        self.finish()
        self._current, self._began = stage, time.perf_counter()

    def advance(self, steps: int = 1) -> None:
        """Say nothing before the stage is finished."""

    def finish(self) -> None:
        """Print the current stage with its seconds."""
        if self._current:
            seconds = time.perf_counter() - self._began
            self._console.print(f"{self._current:<34} {seconds:6.1f} s", soft_wrap=True, highlight=False)
            self._current = ""
            if self._notice:
                self._console.print(self._notice, soft_wrap=True)
                self._notice = ""


@contextlib.contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Progress]:
    """Show progress while the block runs: bars on a terminal, a line a stage elsewhere.

    Parameters
    ----------
    quiet : bool
        Show nothing.

    Yields
    ------
    Progress
    """
    if quiet:
        yield SilentProgress()
        return
    console = Console(stderr=True)
    notice = FIRST_RUN if compiles_first() else ""
    if not console.is_interactive:
        lines = LineProgress(console, notice=notice)
        yield lines
        lines.finish()
        return
    columns = (
        TextColumn("{task.description:<34}"), BarColumn(bar_width=28), MofNCompleteColumn(),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Bars(*columns, console=console) as bars:
        progress = BarProgress(bars, notice=notice)
        try:
            yield progress
        except InputFaults:
            bars.live.transient = True  # leaves nothing but the lines that tell the faults
            raise
        progress.finish()


def compiles_first() -> bool:
    """Whether the neighbour search has no compiled code on disk yet, found without importing it."""
    spec = importlib.util.find_spec("pynndescent")
    if spec is None or spec.origin is None:
        return False
    return not any((Path(spec.origin).parent / "__pycache__").glob("*.nbi"))


def closing_summary(run: Run) -> None:
    """Print verdict, reason, types with names and shares, and where the report is.

    Parameters
    ----------
    run : Run
    """
    console = Console(width=min(_WIDTH, Console().width))
    console.print()
    console.print(Text(VERDICTS[run.verdict] + ".", style="bold"))
    console.print(Text(textwrap.fill(run.reason, console.width)))
    console.print(Text(_respondents(run.summary["respondents"], types=run.verdict == "types")))
    if run.summary["types"]:
        console.print(_types(run.summary["types"]))
    console.print(Text(f"Report: {run.report}", overflow="fold"))


def _respondents(counts: Mapping[str, int | None], *, types: bool) -> str:
    """Who was read, set aside and, where there are types, left unassigned."""
    names = ["read", "set_aside", "clustered", *(["unassigned"] if types else [])]
    told = [_told(counts[name], name.replace("_", " ")) for name in names]
    return f"Respondents: {', '.join(told)}."


def _told(n: int | None, step: str) -> str:
    """Count of one step; a withheld one is not always small itself, so no bound is named."""
    return f"number {step} withheld" if n is None else f"{n:,} {step}"


def _types(types: list[Mapping[str, Any]]) -> Table:
    """One line a type."""
    table = Table(box=None, pad_edge=False)
    for heading, justify in (
        ("Type", "left"),
        ("Name", "left"),
        ("n", "right"),
        ("Share", "right"),
        ("Grade", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for entry in types:
        share, (low, high) = entry["share_weighted"], entry["share_ci"]
        shown = "withheld" if share is None else f"{share:.0%}"
        if share is not None and low is not None:
            shown += f" ({low:.0%} to {high:.0%})"
        n = "withheld" if entry["n"] is None else f"{entry['n']:,}"
        table.add_row(Text(entry["id"]), Text(entry["name"]), n, shown, Text(entry["grade"]))
    return table


def print_catalogue(whole: Catalogue, own: Catalogue, *, name: str | None) -> None:
    """Print the factors of a catalogue with their evidence, and what a file of one's own changes.

    Parameters
    ----------
    whole, own : Catalogue
        As :func:`typology.schema.load_catalogue.load_catalogue` returns them.
    name : str or None
        The file that extends and overrides the packaged catalogue.
    """
    console = Console(width=max(_WIDTH, Console().width))
    table = Table(box=None, pad_edge=False, row_styles=("", "dim"))
    for heading in HEADER:
        table.add_column(heading, overflow="fold")
    for row in catalogue_rows(whole):
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    if name is not None:
        changed = ", ".join([*own.factors, *own.profiles, *(f"guidance of {each}" for each in own.guidance)])
        console.print(Text(f"From {name}: {changed or 'nothing'}."), soft_wrap=True)
    checked = "no faults" if name is None else f"{name}: no faults"
    console.print(Text(f"{checked}. {catalogue_counts(whole)}"), soft_wrap=True)
