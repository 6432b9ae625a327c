"""An attacker against the releases of 200 random small surveys: what of the suppressed counts is recovered.

    python benchmarks/disclosure.py [--surveys 200]

Writes benchmarks/results/disclosure.csv, one row a survey: respondents, whether weighted, hidden counts
attacked, recovered exactly and within two, by an attack table by table and by one on everything at once
(`joint_`), leaks the own attack of the package finds, shares of rows hidden. What an attack believes must be
true of the real counts (`joint_wrong` counts the places where it was not). The surveys and the first attacker
are those of the test suite, which runs the first 40.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from tests.disclose import test_every_table as suite  # noqa: E402
from tests.disclose.joint_attack import attacked  # noqa: E402
from typology.disclose.attack import attack  # noqa: E402


def measured(seed: int) -> dict[str, object]:
    """Attack one survey."""
    small, raw, safe = suite.drawn(seed)
    widths = []
    for what, value, system, cells in suite.hidden_numbers(seed):
        low, high = system.bounds(cells)
        assert low <= value <= high, f"{seed} {what}: the attack is wrong"
        widths.append(high - low)
    width = np.array(widths)
    together, wrong = attacked(small, raw, safe, within=suite.WITHIN)
    joint = np.array([high - low for _, low, high in together])
    tables = {
        name: frame.assign(suppressed=frame["suppressed"].replace("", np.nan)) for name, frame in safe.items()
    }
    own = attack(tables, threshold=suite.T, summary={"provenance": {"settings": {"weights": small.weighted}}})
    hidden = {name: float((safe[name]["suppressed"] != "").mean()) for name in ("prevalence", "factors")}
    return {
        "seed": seed,
        "respondents": len(small.inputs.survey.answers),
        "weighted": small.weighted,
        "hidden": len(width),
        "recovered_exactly": int((width == 0).sum()),
        "recovered_within_2": int((width <= 2 * suite.WITHIN).sum()),
        "joint_hidden": len(joint),
        "joint_exactly": int((joint == 0).sum()),
        "joint_within_2": int((joint <= 2 * suite.WITHIN).sum()),
        "joint_wrong": len(set(wrong)),
        "own_attack": len(own),
        "prevalence_hidden": round(hidden["prevalence"], 3),
        "factors_hidden": round(hidden["factors"], 3),
    }


def main() -> None:
    """Attack all surveys and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "disclosure.csv")
    given = parser.parse_args()
    with given.out.open("w", encoding="utf-8", newline="") as file:
        writer = None
        for seed in range(given.first, given.first + given.surveys):
            row = measured(seed)
            writer = writer or csv.DictWriter(file, list(row), lineterminator="\n")
            if seed == given.first:
                writer.writeheader()
            writer.writerow(row)
            file.flush()


if __name__ == "__main__":
    main()
