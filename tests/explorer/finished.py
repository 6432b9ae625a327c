"""A finished run with private files, small and invented, for the explorer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

import typology as ty
from tests.release_factory import make_summary, make_tables, write_folder
from typology.runs import Run
from typology.runs.folder import private_file
from typology.runs.private import ITEMS, run_column

HIDDEN = "Was threatened in private"


def finished_run(folder: Path, *, verdict: str = "types", private: bool = True) -> Run:
    tables = make_tables(3, verdict=verdict)
    write_folder(folder, tables, make_summary(tables, verdict=verdict))
    manifest = {
        "study": "invented", "study_file": str(folder / "gone.yaml"), "inputs": {"study": {"sha256": "aa"}},
        "config": {"disclosure": {"threshold": 10}, "survey": {"data": "survey.csv"}},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if private:
        write_private(folder, tables["runs"], types=verdict == "types")
    return ty.open_run(folder)


def write_private(folder: Path, runs: pd.DataFrame, *, types: bool) -> None:
    rng = np.random.default_rng(0)
    kind = np.repeat([0, 1, 2], 100)
    ids = [f"person{number:03d}" for number in range(len(kind))]
    frames = {
        "respondents": pd.DataFrame({"id": ids, "type": [f"T{k + 1}" if types else None for k in kind]}),
        "runs": pd.DataFrame(
            {
                "id": ids, "map_x": 10.0 * kind + rng.normal(size=300), "map_y": rng.normal(size=300),
                **{run_column(row): kind // (1 + at % 2) for at, row in enumerate(runs.to_dict("records"))},
            }
        ),
        "items": pd.DataFrame({"id": ids, "item_1": (rng.random(300) < 0.3 + 0.2 * kind).astype(int)}),
    }  # fmt: skip
    frames["items"].attrs[ITEMS] = [
        {"name": "a", "label": HIDDEN, "level": "binary", "labels": ["No", "Yes"]}
    ]
    for name, frame in frames.items():
        with private_file(folder / "private" / f"{name}.parquet").open("wb") as file:
            frame.to_parquet(file, index=False)
