"""Whether a study gives the same result with several versions of Python, with one process and with two.

    python benchmarks/reproducible.py python3.11 python3.12 python3.13 --out results.csv

Each interpreter has the package installed, with the versions of ``constraints.txt``. A small survey of three
planted types, two factors and an outcome is searched, and what the search found is compared number by
number with what the first interpreter found. It is then run from survey to report (left out with ``--only
search``): every file of the run folders is compared with the first run by its hash, ``summary.json`` by its
content, as it holds the seconds a run took. The first run is then verified with each of the other
interpreters. With ``--study`` a study of yours takes the place of the small survey.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from typology.runs.manifest import hash_outputs

ITEMS, N, SEED = 8, 150, 7
SHARES = (0.5, 0.3, 0.2)
JOBS = (1, 2)
COLUMNS = (
    "what", "jobs", "python", "verdict", "types", "packages_same", "parts", "parts_same", "labels_same",
    "ari", "different", "told",
)  # fmt: skip
FACTORS = ("loneliness", "low_self_esteem")
# run by each interpreter, with its own installation
SEARCH = """\
import hashlib, json, platform, sys
import numpy as np
from typology.discover.types import discover
from typology.prepare.encode import prepare
from typology.progress import SilentProgress
from typology.runs.manifest import package_versions
from typology.schema.load import load_study
from typology.survey.read import read_survey
study = load_study(sys.argv[1])
data = prepare(read_survey(study), study)
found = discover(data, study.config, jobs=int(sys.argv[2]), progress=SilentProgress())
parts = {name: getattr(found, name) for name in ("labels", "membership", "map_xy", "clusters", "severity")}
arrays = {name: np.ascontiguousarray(each) for name, each in parts.items()}
digests = {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()}
digests["runs"] = hashlib.sha256(found.runs.to_csv().encode()).hexdigest()
told = {"files": digests, "labels": found.labels.tolist(), "verdict": "", "types": found.membership.shape[1]}
told["environment"] = {"python": platform.python_version(), "packages": package_versions()}
print(json.dumps(told))
"""
STUDY = """\
study: small
survey: {data: small.csv, codebook: codebook.yaml}
label: {catalogue: factors.yaml}
embed: {n_neighbors: [15]}
evidence: {resamples: 10, nulls: 10}
"""


def write_study(folder: Path) -> Path:
    """Write the survey, its codebook and a catalogue; returns the study file."""
    rng = np.random.default_rng(SEED)
    kind = rng.choice(len(SHARES), N, p=SHARES)
    often = np.where(rng.random((len(SHARES), ITEMS)) < 0.5, 0.85, 0.12)  # which type reports which item
    frame = pd.DataFrame(
        np.where(rng.random((N, ITEMS)) < often[kind], 1, 2), columns=[f"a{at}" for at in range(ITEMS)]
    )
    for at, name in enumerate((*FACTORS, "met")):
        frame[name] = np.where(rng.random(N) < np.roll([0.6, 0.3, 0.2], at)[kind], 1, 2)
    frame.insert(0, "rid", range(1, N + 1))
    frame.to_csv(folder / "small.csv", index=False)
    roles = {**{f"a{at}": "typology" for at in range(ITEMS)}, "met": "outcome"}
    lines = ["survey: small", "variables:", "  rid: {label: Respondent, type: nominal, role: id}"]
    for name in frame.columns[1:]:
        factor = f", factor: {name}, exposed: {{in: [1]}}" if name in FACTORS else ""
        lines.append(
            f"  {name}: {{label: Question {name}, type: binary, role: {roles.get(name, 'risk')}, "
            f'values: {{1: "Yes", 2: "No"}}, positive: 1{factor}}}'
        )
    (folder / "codebook.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    about = "domain: individual, statement: Invented., evidence: [], grade: limited"
    catalogue = ["factors:", *(f"  {name}: {{label: {name}, {about}}}" for name in FACTORS)]
    (folder / "factors.yaml").write_text("\n".join(catalogue) + "\n", encoding="utf-8")
    study = folder / "small.yaml"
    study.write_text(STUDY, encoding="utf-8")
    return study


def typology(python: str, *arguments: str, folder: Path) -> str:
    """Run a command of the package, as it is installed for this interpreter; returns what it prints."""
    command = [python, "-m", "typology", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and arguments[0] != "verify":
        sys.exit(done.stdout + done.stderr)
    return done.stdout.strip()


def found(folder: Path) -> dict[str, Any]:
    """What a run folder holds, in a form to compare."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary.pop("seconds")
    table = pd.read_parquet(folder / "private" / "respondents.parquet").set_index("id")
    return {
        "files": hash_outputs(folder) | {"summary.json": json.dumps(summary, sort_keys=True)},
        "labels": table["candidate_type"].fillna("none").astype(str),
        "environment": manifest["environment"],
        "verdict": summary["verdict"],
        "types": len(summary["types"]),
    }


def compared(first: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """How another run differs from the first."""
    names = sorted({*first["files"], *other["files"]})
    different = [name for name in names if first["files"].get(name) != other["files"].get(name)]
    packages = [each["environment"]["packages"] for each in (first, other)]
    return {
        "python": other["environment"]["python"],
        "verdict": other["verdict"],
        "types": other["types"],
        "packages_same": packages[0] == packages[1],
        "parts": len(names),
        "parts_same": len(names) - len(different),
        "labels_same": first["labels"].equals(other["labels"]),
        "ari": adjusted_rand_score(first["labels"], other["labels"]),
        "different": " ".join(different),
    }


def searched(python: str, study: Path, work: Path, *, jobs: int) -> dict[str, Any]:
    """What the search of one interpreter found: the digest of each array, and who is of which type."""
    command = [python, "-c", SEARCH, str(study), str(jobs)]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=True)  # noqa: S603
    told = json.loads(done.stdout.splitlines()[-1])
    return {**told, "labels": pd.Series(told["labels"])}


def searches(pythons: list[str], study: Path, work: Path) -> Iterator[dict[str, Any]]:
    """Search with every interpreter and number of processes, and compare."""
    first: dict[str, Any] | None = None
    for jobs in JOBS:
        for python in pythons:
            this = searched(python, study, work, jobs=jobs)
            first = first or this
            yield {"what": "search", "jobs": jobs, **compared(first, this)}


def runs(pythons: list[str], study: Path, work: Path) -> Iterator[dict[str, Any]]:
    """Run with every interpreter and number of processes, compare, and verify the first run."""
    reference, first = work / f"run0{JOBS[0]}", None
    for jobs in JOBS:
        for at, python in enumerate(pythons):
            out = work / f"run{at}{jobs}"
            typology(
                python, "run", str(study), "--out", str(out), "--jobs", str(jobs), "--quiet", folder=work
            )
            this = found(out)
            first = first or this
            yield {"what": "run", "jobs": jobs, **compared(first, this)}
    for python in pythons[1:]:
        told = typology(python, "verify", str(reference), "--quiet", folder=work)
        yield {"what": "verify of the first run", "python": version_of(python), "told": told}


def version_of(python: str) -> str:
    """Version of an interpreter."""
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def main() -> None:
    """Measure and write a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "pythons", nargs="+", help="Interpreters with the package installed; the first is compared with."
    )
    parser.add_argument("--only", choices=["search"], help="Leave the runs out.")
    parser.add_argument("--study", type=Path, help="Study file, in place of a small survey.")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work, given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        study = given.study.resolve() if given.study else write_study(Path(work))
        rows = (
            each(given.pythons, study, Path(work)) for each in (searches, *(() if given.only else (runs,)))
        )
        for row in chain.from_iterable(rows):
            print(row, flush=True)
            writer.writerow(row)
            file.flush()


if __name__ == "__main__":
    main()
