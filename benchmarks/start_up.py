"""How long the package takes to start, beside the libraries that it stands on.

    python benchmarks/start_up.py --out benchmarks/results/start_up.csv

Each command is a process of its own, started in turn with the others so that a busy machine slows all of
them alike. Seconds are medians; the ratio to ``import umap, hdbscan`` is the figure to compare, as it hardly
depends on the machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pandas as pd

PEER = "import umap, hdbscan"
COMMANDS = {
    "pass": ["-c", "pass"],
    "import typology": ["-c", "import typology"],
    "typology --help": ["-m", "typology", "--help"],
    PEER: ["-c", PEER],
}
HEAVY = ("numba", "umap", "matplotlib")
LOADED = f"import sys; print([name for name in {HEAVY} if name in sys.modules])"
WITHOUT_HEAVY = {
    "import typology": f"import typology; {LOADED}",
    "typology --help": (
        "import sys; sys.argv = ['typology', '--help']\n"
        f"from typology.cli import main\ntry: main()\nexcept SystemExit: pass\n{LOADED}"
    ),
}


def seconds(arguments: list[str]) -> float:
    """Time from the start of an interpreter to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own
    return time.perf_counter() - began


def loaded(code: str) -> str:
    """Which of the heavy libraries some code has loaded, as a list."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.splitlines()[-1]


def measure(times: int) -> pd.DataFrame:
    """Run every command so many times, one after the other."""
    took: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for arguments in COMMANDS.values():
        seconds(arguments)  # reads the files once, so that none of them pays for a cold disk
    for _ in range(times):
        for name, arguments in COMMANDS.items():
            took[name].append(seconds(arguments))
    peer = took[PEER]
    rows = [
        {
            "command": name,
            "times": times,
            "median": statistics.median(each),
            "fastest": min(each),
            "ratio": statistics.median(each) / statistics.median(peer),
            "fastest_ratio": min(each) / min(peer),
        }
        for name, each in took.items()
    ]
    return pd.DataFrame(rows).assign(
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        processors=os.cpu_count(),
        load=round(os.getloadavg()[0], 1),
        **{name: version(name) for name in ("umap-learn", "hdbscan")},
    )


def main() -> None:
    """Measure, check what is loaded, and write a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    for name, code in WITHOUT_HEAVY.items():
        assert loaded(code) == "[]", f"{name} loads {loaded(code)}"
    assert loaded(f"{PEER}; {LOADED}") != "[]", "the check must see what the peer loads"
    table = measure(given.times)
    table.to_csv(given.out, index=False, float_format="%.4g", lineterminator="\n")
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
