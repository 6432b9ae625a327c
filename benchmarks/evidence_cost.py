"""What the evidence costs, in plain UMAP + HDBSCAN fits of the same matrix.

    python benchmarks/evidence_cost.py --draws 2 --out benchmarks/results/evidence_cost.csv

The whole evidence of a survey of 1,200 respondents and 50 items (surveys without types, resampling, latent
classes and plain clusters beside it, another seed, planted types, missing answers read otherwise) against
one fit of umap-learn and hdbscan with their defaults, in CPU time of one process, after compiling. Beside it:
what the same numbers of surveys and resamples would cost if each was embedded and clustered plainly. With
``--thorough`` the shortcuts are switched off (all resamples; each of them and every survey without types
searched with every number of types fitted to the end and merged, as the survey itself is), to see whether
verdict and grades stay; ``--small`` does that on 400 respondents and 18 items, in a CPU minute a survey.

    python benchmarks/evidence_cost.py --thorough --small --out benchmarks/results/evidence_shortcuts.csv
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import sys
import time
import warnings
import zlib
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from surveys import prepared

from typology.discover import calibrate, refit
from typology.discover.search import search
from typology.discover.types import discover
from typology.evidence.gather import gather_evidence
from typology.evidence.resample import Stability
from typology.evidence.rivals import plain_clusters
from typology.results import Discovery, Evidence, Prepared
from typology.schema.study import StudyConfig
from typology.simulate.planted import FAMILIES, NULLS, plant

FAMILIES_TIMED = ("clear", "moderate", "severity inside", "yes/no only", "severity", "two factors")
PLAIN_FITS = 5
RESAMPLES, SURVEYS_WITHOUT = 100, 20
SMALL = {"n": 400, "binary": 12, "ordinal": 6}
SEEDS, NEIGHBOURHOODS = 2, 3


def config(seed: int) -> StudyConfig:
    """A study with 100 resamples and 20 surveys without types."""
    given = {"resamples": RESAMPLES, "nulls": SURVEYS_WITHOUT}
    return StudyConfig.model_validate(
        {"study": "cost", "survey": {"data": "x", "codebook": "x"}, "seed": seed, "evidence": given}
    )


@dataclasses.dataclass
class Clock:
    """CPU seconds by stage, as the stages announce themselves."""

    stage: str = ""
    since: float = 0.0
    spent: dict[str, float] = dataclasses.field(default_factory=dict)

    def start(self, stage: str, total: int | None = None) -> None:  # noqa: ARG002 - as Progress has it
        """Stop the stage that runs and begin another."""
        now = time.process_time()
        if self.stage:
            self.spent[self.stage] = self.spent.get(self.stage, 0.0) + now - self.since
        self.stage, self.since = stage, now

    def advance(self, steps: int = 1) -> None:
        """Progress within a stage is of no interest here."""


def whole(data: Prepared, study: StudyConfig) -> tuple[Discovery, Evidence, dict[str, float]]:
    """Discovery and all evidence, in this process."""
    clock = Clock()
    found = discover(data, study, jobs=1, progress=clock)
    clock.start("map and placing")
    evidence = gather_evidence(data, found, study, jobs=1, progress=clock)
    clock.start("")
    return found, evidence, clock.spent


def thorough(data: Prepared, study: StudyConfig) -> tuple[Discovery, Evidence, dict[str, float]]:
    """The same without the shortcuts."""

    def fully(*args: object, **given: object) -> object:
        return search(*args, **{**given, "thorough": True, "only_last": False, "enough": None})  # type: ignore[arg-type]

    with (
        mock.patch.object(calibrate, "search", fully),
        mock.patch.object(refit, "search", fully),
        mock.patch.object(calibrate, "LIGHT_NEIGHBORS", study.embed.n_neighbors[0]),
        mock.patch.object(Stability, "settled", return_value=False),
    ):
        return whole(data, study)


def plain_seconds(data: Prepared) -> float:
    """Median CPU seconds of one plain fit, compiled before."""
    taken = []
    for seed in range(PLAIN_FITS + 1):
        started = time.process_time()
        plain_clusters(data, seed=seed)
        taken.append(time.process_time() - started)
    return float(np.median(taken[1:]))


OWN = ("UMAP and HDBSCAN", "Number of types", "map and placing")


def one(family: str, draw: int, *, compare: bool, small: bool) -> dict[str, object]:
    """Time one survey."""
    warnings.simplefilter("ignore")  # of the peers
    seed = 70_000_000 + zlib.crc32(family.encode()) % 10_000 * 100 + draw
    options = {**FAMILIES, **NULLS}[family]
    data = prepared(plant(dataclasses.replace(options, **SMALL) if small else options, seed=seed))
    study = config(seed)
    plain = plain_seconds(data)
    _, evidence, spent = whole(data, study)
    cost = sum(seconds for stage, seconds in spent.items() if stage not in OWN)
    row: dict[str, object] = {
        "family": family, "draw": draw, "n": data.n, "items": len(data.items), "plain_fit_seconds": plain,
        "evidence_in_fits": cost / plain, "everything_in_fits": sum(spent.values()) / plain,
        "plainly_in_fits": RESAMPLES + SURVEYS_WITHOUT * SEEDS * NEIGHBOURHOODS + 1,
        **{f"fits: {stage}": seconds / plain for stage, seconds in spent.items()},
        "verdict": evidence.verdict, "grades": " ".join(evidence.types["grade"].astype(str)),
    }  # fmt: skip
    if compare:
        _, other, taken = thorough(data, study)
        row |= {
            "thorough_in_fits": sum(taken.values()) / plain, "thorough_verdict": other.verdict,
            "thorough_grades": " ".join(other.types["grade"].astype(str)),
        }  # fmt: skip
    return row


def main() -> None:
    """Time the surveys and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=2, help="surveys a family")
    parser.add_argument("--families", default=",".join(FAMILIES_TIMED))
    parser.add_argument("--thorough", action="store_true", help="also without the shortcuts")
    parser.add_argument("--small", action="store_true", help="400 respondents, 18 items")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/evidence_cost.csv"))
    asked = parser.parse_args()
    plant_warm = prepared(plant(FAMILIES["clear"], seed=1))
    plain_clusters(plant_warm, seed=1)  # compile
    rows = []
    for draw in range(asked.draws):
        for family in asked.families.split(","):
            rows.append(one(family, draw, compare=asked.thorough, small=asked.small))
            print({k: round(v, 2) if isinstance(v, float) else v for k, v in rows[-1].items()}, flush=True)
            pd.DataFrame(rows).round(3).to_csv(asked.out, index=False)
    print(pd.DataFrame(rows).describe().round(2).to_string())
    print(platform.machine(), platform.python_version(), platform.processor())


if __name__ == "__main__":
    main()
