"""A run killed at any moment: what is left, and whether it can go on.

    python benchmarks/interrupted.py --kills 50 --out benchmarks/results/interrupted.csv

A small study is run once undisturbed. Then it is started again and again and killed, with all its worker
processes, at a random moment; in every second round an earlier run is there to be replaced. After each
kill the run folder must be absent or whole: every file with the hash in its manifest. After every fifth
kill the run goes on with --resume and must end with the hashes of the undisturbed run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from typology.runs.manifest import hash_outputs

ITEMS = 4
COLUMNS = ("kill", "after", "whole_run", "killed", "earlier_run", "left", "resumed_seconds", "same")
CATALOGUE = """\
factors:
  loneliness: {label: Loneliness, domain: individual, statement: Often lonely., evidence: [], grade: limited}
"""
STUDY = """\
study: small
survey: {data: small.csv, codebook: codebook.yaml}
embed: {n_neighbors: [10]}
evidence: {resamples: 10, nulls: 10}
"""


def write_study(folder: Path, *, n: int = 90) -> Path:
    """Write a survey of two types, small enough for a run to take seconds; returns the study file."""
    rng = np.random.default_rng(7)
    often = np.where(np.arange(n)[:, None] < n // 3, 0.85, 0.15)
    frame = pd.DataFrame(
        np.where(rng.random((n, ITEMS)) < often, 1, 2), columns=[f"a{at}" for at in range(ITEMS)]
    )
    frame.insert(0, "rid", range(1, n + 1))
    frame.to_csv(folder / "small.csv", index=False)
    lines = ["survey: small", "variables:", "  rid: {label: Respondent, type: nominal, role: id}"]
    lines += [
        f'  a{at}: {{label: Experience {at}, type: binary, role: typology, values: {{1: "Yes", 2: "No"}}, '
        "positive: 1}"
        for at in range(ITEMS)
    ]
    (folder / "codebook.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "risk_factors.yaml").write_text(CATALOGUE, encoding="utf-8")
    study = folder / "small.yaml"
    study.write_text(STUDY, encoding="utf-8")
    return study


def command(study: Path, out: Path, *more: str) -> list[str]:
    """Command line of a run with two processes."""
    given = ["run", str(study), "--out", str(out), "--jobs", "2", "--quiet", *more]
    return [sys.executable, "-m", "typology", *given]


def killed(arguments: list[str], *, after: float) -> bool:
    """Start a command and kill it with all processes it started; False if it had ended by then."""
    process = subprocess.Popen(arguments, start_new_session=True)  # noqa: S603 - our own command
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def state(folder: Path) -> str:
    """What is there: ``absent``, ``whole`` or ``half``."""
    if not folder.exists():
        return "absent"
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "half"
    return "whole" if manifest["outputs"] == hash_outputs(folder) else "half"


def outcome(folder: Path) -> dict[str, str]:
    """Hashes of all outputs but the summary, which holds the seconds a run took."""
    return {name: digest for name, digest in hash_outputs(folder).items() if name != "summary.json"}


def timed(arguments: list[str]) -> float:
    """Run a command to its end; returns the seconds."""
    began = time.perf_counter()
    subprocess.run(arguments, check=True)  # noqa: S603 - our own command
    return time.perf_counter() - began


def measure(work: Path, *, kills: int, seed: int, every: int = 5) -> Iterator[dict[str, object]]:
    """Kill, look, and go on."""
    study = write_study(work)
    first = work / "undisturbed"
    timed(command(study, first))  # compiles what is compiled once
    whole = timed(command(study, first))
    rng = np.random.default_rng(seed)
    for number in range(kills):
        out, before = work / "runs" / "small", bool(number % 2)
        shutil.rmtree(out, ignore_errors=True)
        if before:
            shutil.copytree(first, out)
        at = float(rng.uniform(0, whole))
        was_killed = killed(command(study, out), after=at)
        row: dict[str, object] = {
            "kill": number + 1, "after": round(at, 2), "whole_run": round(whole, 2), "killed": was_killed,
            "earlier_run": before, "left": state(out), "resumed_seconds": "", "same": "",
        }  # fmt: skip
        if was_killed and number % every == 0:
            row["resumed_seconds"] = round(timed(command(study, out, "--resume")), 2)
            row["same"] = outcome(out) == outcome(first)
        print(row, flush=True)
        yield row


def main() -> None:
    """Measure and write a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as work, given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in measure(Path(work), kills=given.kills, seed=given.seed):
            rows.append(row)
            writer.writerow(row)
            file.flush()
    bad = [row for row in rows if row["left"] == "half" or (row["earlier_run"] and row["left"] == "absent")]
    changed = [row for row in rows if row["same"] is False]
    print(f"{len(rows)} kills: {len(bad)} left half a run; {len(changed)} went on to another result")
    sys.exit(bool(bad or changed))


if __name__ == "__main__":
    main()
