"""How often replication by country is told right on planted surveys.

    python benchmarks/replication.py --draws 10 --out benchmarks/results/replication.csv

Surveys of three countries, about 1,200 respondents, four types (50/25/15/10%). In one scenario every
country has all types; in the others the last country lacks one, has another type in its place that the others
lack, or has one that answers half of the items as its other respondents do. A draw is right when every
planted type is found and told to replicate in exactly the countries that have it. In every draw two items are
answered one level higher by 30% of the last country, whatever the type.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from surveys import prepared

from typology.discover.alone import Alone
from typology.discover.calibrate import answers
from typology.discover.choose import best_of
from typology.discover.propose import Encoded, encoded, propose
from typology.discover.refit import place
from typology.discover.search import search
from typology.evidence.replicate import replicate
from typology.models.agreement import adjusted_rand, match, overlap
from typology.models.replication import ABSENT, NOT, REPLICATES
from typology.progress import SilentProgress
from typology.results import Discovery, Prepared
from typology.schema.study import StudyConfig
from typology.simulate.countries import CountryOptions, with_countries
from typology.simulate.planted import SEPARATION, PlantedOptions, PlantedSurvey, plant

CONFIG = StudyConfig.model_validate(
    {"study": "replication", "survey": {"data": "simulated", "codebook": "none"}}
)
SHARES = (0.50, 0.25, 0.15, 0.10)
COUNTRIES = ("UK", "Ireland", "Italy")
RAISED = (3, 17)


def planted(scenario: str, separation: str, seed: int) -> PlantedSurvey:
    """One survey; which type the last country lacks changes from draw to draw."""
    lacking = seed % 4
    shares, absent = SHARES, []
    if scenario in ("absent", "replaced"):
        absent = [(lacking, 2)]
    if scenario == "replaced":
        shares = (*SHARES, SHARES[lacking])
        absent += [(4, 0), (4, 1)]
    whole = sum(shares)
    kept = 1 - sum(shares[c] / whole for c, _ in absent) / 3
    n = round(1200 / kept)
    survey = plant(PlantedOptions(n=n, shares=shares, separation=SEPARATION[separation]), seed=seed)
    options = CountryOptions(
        names=COUNTRIES, absent=absent, changed=[(lacking, 2)] if scenario == "changed" else (), raised=RAISED
    )
    return with_countries(survey, options, seed=seed)


def pooled(data: Encoded, n: int, seed: int) -> Discovery:
    """Discovery without its verdict, of types without degree inside (none is planted)."""
    proposals = propose(data, CONFIG, seeds=(seed, seed + 1), n_neighbors=CONFIG.embed.n_neighbors)
    candidates = search(
        answers(data), proposals.runs, largest=7, smallest_share=0.02, seed=seed, kinds=(False,),
    )  # fmt: skip
    best = best_of(candidates, n=n, smallest=0.02)
    membership, _ = place(best.model, data.codes)
    return Discovery(
        labels=membership.argmax(axis=1).astype(np.int64), membership=membership,
        core=np.ones(n, dtype=bool), severity=np.zeros(n), map_xy=np.zeros((n, 2)), runs=pd.DataFrame(),
        selection=pd.DataFrame(), parameters={"severity_inside_types": False},
    )  # fmt: skip


def one(scenario: str, separation: str, draw: int, base: int) -> dict[str, object]:
    """Run one draw and compare with what was planted."""
    seed = base + zlib.crc32(f"{scenario} {separation}".encode()) % 10_000 * 1000 + draw
    survey = planted(scenario, separation, seed)
    data: Prepared = prepared(survey)
    inputs = encoded(data)
    found = pooled(inputs, data.n, seed)
    started = time.process_time()
    again = Alone(inputs, CONFIG, found.n_types, severity=False)
    result = replicate(
        data, found, again, presented=found.n_types, seed=seed, jobs=1, progress=SilentProgress()
    )
    seconds = time.process_time() - started
    types = sorted(set(survey.truth))
    table = overlap(found.labels, survey.truth, found.n_types, max(types) + 1)
    pairs = {truth: mine for mine, truth in match(table.astype(float))}
    told = {(row.type, row.group): row for row in result.types.itertuples()}
    counts = {"here": 0, "here_told": 0, "gone": 0, "gone_told": 0, "here_denied": 0, "gone_claimed": 0}
    measures: dict[str, list[float]] = {"r": [], "agreement": []}
    for truth in types:
        for country in COUNTRIES:
            here = bool(((survey.truth == truth) & (survey.group == country)).any())
            here &= not (scenario == "changed" and truth == seed % 4 and country == COUNTRIES[-1])
            row = told.get((pairs.get(truth, -1), country))
            verdict = "type not found" if row is None else row.verdict
            kind = "here" if here else "gone"
            counts[kind] += 1
            counts[f"{kind}_told"] += verdict == REPLICATES if here else verdict in (NOT, ABSENT)
            counts["here_denied"] += here and verdict in (NOT, ABSENT)
            counts["gone_claimed"] += not here and verdict == REPLICATES
            if here and row is not None and np.isfinite(row.agreement):
                measures["r"].append(row.matched_r)
                measures["agreement"].append(row.agreement)
    items = result.items[result.items["differs"]]
    raised = items["item"].isin(RAISED)
    return {
        "scenario": scenario, "separation": separation, "draw": draw, "n": data.n, "planted": len(types),
        "found": found.n_types, "ari": adjusted_rand(survey.truth, found.labels),
        "right": counts["here_told"] == counts["here"] and counts["gone_told"] == counts["gone"], **counts,
        "lowest_r": min(measures["r"], default=np.nan),
        "lowest_agreement": min(measures["agreement"], default=np.nan),
        "items_raised_named": int((raised & (items["group"] == COUNTRIES[-1])).sum()),
        "items_named_wrongly": int((~raised).sum() + (raised & (items["group"] != COUNTRIES[-1])).sum()),
        "cpu_seconds": seconds,
    }  # fmt: skip


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario and separation."""
    return (
        table.assign(number_right=table["planted"] == table["found"])
        .groupby(["scenario", "separation"], sort=False)
        .agg(
            surveys=("draw", "size"), number_right=("number_right", "mean"),
            right=("right", "mean"), here=("here", "sum"), here_told=("here_told", "sum"),
            here_denied=("here_denied", "sum"), gone=("gone", "sum"), gone_told=("gone_told", "sum"),
            gone_claimed=("gone_claimed", "sum"), lowest_r=("lowest_r", "min"),
            lowest_agreement=("lowest_agreement", "min"), raised_named=("items_raised_named", "sum"),
            named_wrongly=("items_named_wrongly", "sum"), cpu_seconds=("cpu_seconds", "median"),
        )
        .reset_index()
    )  # fmt: skip


def main() -> None:
    """Run the benchmark and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=10, help="surveys a scenario and separation")
    parser.add_argument("--scenarios", default="all,absent,replaced,changed")
    parser.add_argument("--separations", default="moderate,clear")
    parser.add_argument("--base", type=int, default=1_000_000, help="first seed")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/replication.csv"))
    arguments = parser.parse_args()
    rows = []
    for draw in range(arguments.draws):
        for scenario in arguments.scenarios.split(","):
            for separation in arguments.separations.split(","):
                rows.append(one(scenario, separation, draw, arguments.base))
                print(
                    {k: round(v, 3) if isinstance(v, float) else v for k, v in rows[-1].items()}, flush=True
                )
                pd.DataFrame(rows).round(4).to_csv(arguments.out, index=False)
    print(summary(pd.DataFrame(rows)).round(3).to_string())


if __name__ == "__main__":
    main()
