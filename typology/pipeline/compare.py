"""Finished runs set side by side, from their releases alone."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from typology.errors import InputFault, InputFaults
from typology.profile.comparison import Comparison, compare_releases
from typology.runs import Run, open_run
from typology.runs.tables import disarm, write_json

FEWEST_RUNS = 2


def compare_runs(folders: Sequence[Path | str], *, out: Path | str | None = None) -> list[Comparison]:
    """Compare the first run with each of the others.

    Parameters
    ----------
    folders : sequence of path
        Two run folders or more. Only ``release/tables`` and ``summary.json`` are read.
    out : path, optional
        A new folder for ``compare.json``, tables and figures: nothing in it that the runs did not release.

    Returns
    -------
    list of Comparison

    Raises
    ------
    InputFaults
        Fewer than two runs, or `out` already holds something.
    """
    if len(folders) < FEWEST_RUNS:
        raise InputFaults(
            [InputFault("compare", "needs two runs or more", "Give the folders of finished runs.")]
        )
    target = None if out is None else Path(out)
    if target is not None and target.exists() and (not target.is_dir() or any(target.iterdir())):
        fault = InputFault(str(target), "is not an empty folder", "Choose a new --out folder.")
        raise InputFaults([fault])
    runs = [open_run(folder) for folder in folders]
    found = [_pair(runs[0], other) for other in runs[1:]]
    if target is not None:
        draft = target.absolute().with_name(f".{target.name}.partial")
        try:
            _write(found, draft)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return found


def _pair(first: Run, second: Run) -> Comparison:
    return compare_releases((first.tables, first.summary), (second.tables, second.summary))


def _write(found: Sequence[Comparison], target: Path) -> None:
    # matplotlib takes seconds to import
    from typology.plots.comparison import draw_comparison
    from typology.plots.style import png_bytes

    target.mkdir(parents=True, exist_ok=True)
    written = []
    for number, each in enumerate(found, start=1):
        for name, frame in (("types", each.types), ("answers", each.answers)):
            safe = frame.map(disarm)
            safe.to_csv(target / f"{name}_{number}.csv", index=False, lineterminator="\n")
        (target / f"figure_{number}.png").write_bytes(png_bytes(draw_comparison(each)))
        written.append(
            {
                "first": each.first, "second": each.second, "statement": list(each.statement),
                "types": each.types.to_dict("records"), "answers": each.answers.to_dict("records"),
                "not_compared": list(each.not_compared), "cells_withheld": each.withheld,
            }
        )  # fmt: skip
    write_json({"comparisons": written}, target / "compare.json")
