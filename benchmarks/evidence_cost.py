"""What the evidence costs, in plain UMAP + HDBSCAN fits of the same matrix.

    python benchmarks/evidence_cost.py --draws 2 --out benchmarks/results/evidence_cost.csv

The whole evidence of a survey of 1,200 respondents and 50 items (surveys without types, resampling, latent
classes and plain clusters beside it, another seed, planted types, missing answers read otherwise) against
one fit of umap-learn and hdbscan with their defaults, in CPU time of one process, after compiling.

With ``--thorough`` the shortcuts are switched off, to see what they save and whether verdict and grades stay:
every survey without types is embedded as often and as long as the survey itself, every resample is embedded
anew, all resamples are made, and every search fits every number of types to the end, merges back and takes
double precision. ``--small`` does that on 400 respondents and 18 items.

    python benchmarks/evidence_cost.py --thorough --small --out small.csv
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
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from surveys import prepared

from typology.discover import calibrate
from typology.discover.calibrate import answers
from typology.discover.propose import Encoded, Proposals, propose
from typology.discover.refit import Refit
from typology.discover.search import Answers, Candidate, search
from typology.discover.types import discover
from typology.evidence.gather import gather_evidence
from typology.evidence.resample import Stability
from typology.evidence.rivals import plain_clusters
from typology.models.mixture import Mixture
from typology.results import Discovery, Evidence, Ints, Prepared
from typology.schema.study import StudyConfig
from typology.simulate.planted import FAMILIES, NULLS, plant

FAMILIES_TIMED = ("clear", "moderate", "severity inside", "yes/no only", "severity", "two factors")
PLAIN_FITS = 5
RESAMPLES, SURVEYS_WITHOUT = 100, 20
SMALL = {"n": 400, "binary": 12, "ordinal": 6}


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
    neighbourhoods = study.embed.n_neighbors

    def fully(*args: Any, **given: Any) -> list[Candidate]:
        return search(*args, **{**given, "thorough": True, "only_last": False, "enough": None})

    def double(some: Encoded, **_: bool) -> Answers:
        return answers(some)

    def as_the_survey(some: Encoded, config: StudyConfig, *, seeds: tuple[int], **_: object) -> Proposals:
        return propose(some, config, seeds=(seeds[0], seeds[0] + 1), n_neighbors=neighbourhoods)

    def embedded_anew(refit: Refit, rows: Ints, seed: int) -> Mixture:
        some = Encoded(refit.data.codes[rows], refit.data.columns, refit.data.group[rows])
        # half as many runs as the survey has: a resample without shortcuts left out half of them
        proposals = propose(some, study, seeds=(seed % 2**31,), n_neighbors=neighbourhoods)
        found = search(
            answers(some), proposals.runs, largest=refit.n_types, smallest_share=0.0, seed=seed % 2**31,
            kinds=(refit.severity,),
        )  # fmt: skip
        return found[-1].model

    with (
        mock.patch.object(calibrate, "search", fully),
        mock.patch.object(calibrate, "answers", double),
        mock.patch.object(calibrate, "propose", as_the_survey),
        mock.patch.object(Refit, "_search", embedded_anew),
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


def _told(evidence: Evidence) -> dict[str, object]:
    distance = evidence.statistics.query("source == 'observed'")["value"].iloc[0]
    grades, values = evidence.types["grade"].astype(str), evidence.types["jaccard"].round(2).astype(str)
    return {
        "verdict": evidence.verdict, "distance": distance,
        "grades": "; ".join(grades), "jaccard": "; ".join(values),
    }  # fmt: skip


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
        **{f"fits: {stage}": seconds / plain for stage, seconds in spent.items()},
        **_told(evidence),
    }  # fmt: skip
    if compare:
        _, other, taken = thorough(data, study)
        row["thorough_in_fits"] = sum(each for stage, each in taken.items() if stage not in OWN) / plain
        row |= {f"thorough_{name}": value for name, value in _told(other).items()}
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
