"""Time whole runs, all evidence and the report included, of ever more respondents.

    python benchmarks/scale_whole.py --sizes 10000,100000,1000000 --peer 100000

`typology run` with two processes, as from a shell, on the first part of one planted survey of 60 items
(`scale_survey.py`). umap-learn and hdbscan, with their defaults and one thread, are run on the size given by
`--peer`. Written: CPU and wall seconds, the largest process, how many respondents have a membership, and how
well the profiles of the types correlate with those of the smallest size.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from scale_respondents import GIB, SEED, least_correlation, machine, profiles, said
from scale_survey import frame, survey, write_study

JOBS = 2


def run(study_file: Path, folder: Path) -> dict[str, float]:
    """Run a study; seconds and memory of the command with all its processes."""
    command = [sys.executable, "-m", "typology", "run", str(study_file), "--out", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen([*command, "--jobs", str(JOBS)], stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the run of {study_file} failed")
    return {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "wall_seconds": round(time.perf_counter() - began, 1),
        "largest_process_gib": round(used.ru_maxrss / GIB, 2),
    }


def found(folder: Path) -> dict[str, object]:
    """What a run says of its respondents."""
    summary = json.loads((folder / "summary.json").read_text())
    chances = pd.read_parquet(folder / "private" / "respondents.parquet").filter(regex=r"^p_T\d+$")
    return {
        "verdict": summary["verdict"],
        "types": chances.shape[1],
        "grades": " ".join(each["grade"] for each in summary["types"]),
        "with_membership": int(np.isclose(chances.sum(axis=1), 1.0).sum()),
    }


def main() -> None:
    """Run every size and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--peer", type=int, help="size on which umap-learn and hdbscan are run, too")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/scale_whole.csv"))
    given = parser.parse_args()
    sizes = [int(n) for n in given.sizes.split(",")]
    planted = survey(max(sizes), items=given.items, seed=SEED)
    data = frame(planted, seed=SEED)
    rows: list[dict[str, object]] = []
    first: np.ndarray | None = None
    with tempfile.TemporaryDirectory() as name:
        for n in sizes:
            study_file = write_study(Path(name), planted, data, n=n, seed=SEED)
            folder = Path(name) / f"run-{n}"
            row: dict[str, object] = {"respondents": n, **run(study_file, folder), **found(folder)}
            if n == given.peer:
                row |= said("--peer-data", str(study_file.with_suffix(".parquet")))
            mine = profiles(data.iloc[:n], folder / "private" / "respondents.parquet")
            first = mine if first is None else first
            rows.append({**row, "profile_r": least_correlation(first, mine), **machine()})
            print(rows[-1], flush=True)
            pd.DataFrame(rows).to_csv(given.out, index=False)


if __name__ == "__main__":
    main()
