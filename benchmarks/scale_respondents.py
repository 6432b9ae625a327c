"""Measure what of a run grows with the number of respondents.

    python benchmarks/scale_respondents.py --sizes 10000,100000,1000000
    python benchmarks/scale_respondents.py --sizes 100000 --searched 10000 --peer --out benchmarks/results/scale_peer.csv

Discovery searches a working sample and places everybody else. What is asked of that sample alone (surveys
without types, resampling, rivals, power) and what is made from the finished tables (figures, report) costs
the same at any size and is *left out here*: the evidence is made up, and the working sample is 2,000
respondents at every size, so that the growth is seen. All other stages are those of `typology run`, from the
Parquet file to the protected tables. Each size is the first part of one planted survey (`scale_survey.py`),
analysed in a process of its own. `--searched` sets the sample, 10,000 as in `typology run`; `--peer` also runs
umap-learn and hdbscan, with their defaults and one thread, on all respondents of each size.
"""  # noqa: E501

from __future__ import annotations

import argparse
import contextlib
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from scale_survey import frame, survey, write_study

from typology.models.agreement import match
from typology.pipeline.clock import Clock
from typology.progress import SilentProgress
from typology.results import Calibration, Discovery, Evidence, Prepared
from typology.runs.manifest import describe_inputs

SEARCHED = 2_000
MOST_TYPES = 5
FIXED = ("load",)
"""Loading the libraries."""
SEED = 70
GIB = 2**20  # of the kibibytes that Linux reports


def without_types_tests(*given: Any, **_: Any) -> tuple[Calibration, ...]:
    """Choose the kind of model without severity inside types, as it was planted."""
    best = given[3]
    ten, strength = np.arange(10.0), np.arange(20.0).reshape(10, 2)
    return tuple(
        Calibration(severity, each.n_types, 900.0, ten, strength[5], strength, chosen=not severity)
        for severity, each in best.items()
    )


def without_evidence(_: Prepared, discovery: Discovery, *__: Any, **___: Any) -> Evidence:
    """Take every candidate for a stable type."""
    count = discovery.n_types
    types = pd.DataFrame({"jaccard": np.full(count, 0.9), "grade": "highly stable", "flags": ""})
    types = types.assign(jaccard_lo=0.85, jaccard_hi=0.95, core_share=0.5, lca_class=0)
    classes = pd.DataFrame({"classes": [1, 2], "log_likelihood": [-2e4, -1.9e4], "bic": [4e4, 3.8e4]})
    drawn = [("types", "observed", 0, 9.0), *(("types", "no types", d, d / 10) for d in range(1, 11))]
    return Evidence(
        verdict="types",
        reason="Left out.",
        p_no_types=0.05,
        p_no_association=0.05,
        statistics=pd.DataFrame(drawn, columns=["statistic", "source", "draw", "value"]),
        types=types.assign(lca_profile_r=0.9, lca_overlap=0.9),
        fit=classes.assign(aic=4e4, abic=4e4, entropy=0.8, smallest_share=0.1),
        rivals={
            "latent_class": {"classes": count, "ari": 0.9},
            "plain_umap_hdbscan": {"clusters": 2, "noise_share": 0.1, "ari": 0.5},
        },
        crosswalk=pd.DataFrame(np.eye(count, dtype=int) * 80 + 20),
    )


class Stages(Clock):
    """Also the CPU seconds of each stage, and the peak of memory by its end."""

    def __init__(self) -> None:
        super().__init__(SilentProgress())
        self.cpu: dict[str, float] = {}
        self.peak: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str, *, announce: str = "") -> Iterator[None]:
        """Time a stage."""
        began = time.process_time()
        with super().stage(name, announce=announce):
            yield
        self.cpu[name] = round(time.process_time() - began, 1)
        self.peak[name] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB, 2)
        print(name, self.cpu[name], "s,", self.peak[name], "GiB", file=sys.stderr, flush=True)


def run_one(study_file: Path, out: Path, searched: int) -> None:
    """Analyse one study without its evidence and print what it took."""
    from typology.discover import everyone, types
    from typology.pipeline import analysis
    from typology.schema.load import load_study

    everyone.MOST_SEARCHED = everyone.SAMPLE = searched
    types.LARGEST = MOST_TYPES
    types._calibrate, analysis.gather_evidence = without_types_tests, without_evidence
    study, clock = load_study(study_file), Stages()
    inputs = describe_inputs(study)
    with clock.stage("read"):
        read = analysis.read_checked(study)
    people = analysis.analyse(study, read, inputs, jobs=1, clock=clock).respondents
    people.to_parquet(out)
    grows = sum(seconds for name, seconds in clock.cpu.items() if name not in FIXED)
    chances = people.filter(regex=r"^p_T\d+$")
    took = {
        "respondents": len(people),
        "cpu_seconds": round(sum(clock.cpu.values()), 1),
        "cpu_seconds_growing": round(grows, 1),
        "wall_seconds": round(clock.seconds, 1),
        "peak_gib": max(clock.peak.values()),
        "types": chances.shape[1],
        "with_membership": int(np.isclose(chances.sum(axis=1), 1.0).sum()),
        "set_aside": int(people["set_aside"].notna().sum()),
        **{f"cpu: {name}": seconds for name, seconds in clock.cpu.items()},
        **{f"peak by: {name}": gib for name, gib in clock.peak.items()},
    }
    print(json.dumps(took))


def profiles(data: pd.DataFrame, out: Path) -> np.ndarray:
    """Mean answers of each type less those of all, (K, items), from the respondents of a run."""
    people = pd.read_parquet(out).set_index("id")["candidate_type"]
    items = data.filter(like="item").set_axis(data["rid"].astype(str))
    means = items.groupby(people.reindex(items.index).to_numpy()).mean().to_numpy()
    return np.asarray(means - means.mean(axis=0))


def least_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Correlation of the type that is matched worst; NaN where the numbers of types differ."""
    if first.shape != second.shape:
        return float("nan")
    r = np.corrcoef(first, second)[: len(first), len(first) :]
    return round(float(min(r[a, b] for a, b in match(r))), 4)


def run_peer(data_file: Path) -> None:
    """Embed and cluster all respondents, missing answers at the item's mean, and print what it took."""
    import hdbscan
    import umap

    items = pd.read_parquet(data_file).filter(like="item")
    x = items.fillna(items.mean()).to_numpy(dtype=np.float32)
    umap.UMAP(n_epochs=5, random_state=0, n_jobs=1).fit(x[:500])  # compiled before the time is taken
    began, clock = time.process_time(), time.perf_counter()
    labels = hdbscan.HDBSCAN().fit_predict(umap.UMAP(random_state=0, n_jobs=1).fit_transform(x))
    took = {
        "peer_cpu_seconds": round(time.process_time() - began, 1),
        "peer_wall_seconds": round(time.perf_counter() - clock, 1),
        "peer_clusters": int(labels.max() + 1),
        "peer_noise": round(float((labels < 0).mean()), 3),
        "peer_peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB, 2),
    }
    print(json.dumps(took))


def measure(sizes: list[int], items: int, jobs_folder: Path, *, searched: int, peer: bool) -> pd.DataFrame:
    """One row a size; profiles are compared with those of the smallest."""
    planted = survey(max(sizes), items=items, seed=SEED)
    data = frame(planted, seed=SEED)
    rows: list[dict[str, object]] = []
    first: np.ndarray | None = None
    for n in sizes:
        study_file = write_study(jobs_folder, planted, data, n=n, seed=SEED)
        out = jobs_folder / f"respondents-{n}.parquet"
        told = said("--study", str(study_file), "--run", str(out), "--searched", str(searched))
        told |= said("--peer-data", str(study_file.with_suffix(".parquet"))) if peer else {}
        found = profiles(data.iloc[:n], out)
        first = found if first is None else first
        rows.append({**told, "profile_r": least_correlation(first, found), **machine()})
        print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def said(*arguments: str) -> dict[str, object]:
    """What a process of this script says it took."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return dict(json.loads(done.stdout.splitlines()[-1]))


def machine() -> dict[str, str]:
    """What the numbers were measured on."""
    packages = ("numpy", "pandas", "umap-learn", "hdbscan")
    return {"python": platform.python_version(), "machine": platform.machine()} | {
        name: version(name) for name in packages
    }


def main() -> None:
    """Measure every size and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/scale_respondents.csv"))
    parser.add_argument("--searched", type=int, default=SEARCHED, help="respondents searched for types")
    parser.add_argument("--peer", action="store_true", help="run umap-learn and hdbscan on each size, too")
    parser.add_argument("--peer-data", type=Path, help="run umap-learn and hdbscan on this file alone")
    parser.add_argument("--study", type=Path, help="run this study file alone")
    parser.add_argument("--run", type=Path, help="where the respondents of `--study` go")
    given = parser.parse_args()
    if given.study:
        run_one(given.study, given.run, given.searched)
        return
    if given.peer_data:
        run_peer(given.peer_data)
        return
    with tempfile.TemporaryDirectory() as folder:
        sizes = [int(n) for n in given.sizes.split(",")]
        table = measure(sizes, given.items, Path(folder), searched=given.searched, peer=given.peer)
    table.to_csv(given.out, index=False)


if __name__ == "__main__":
    main()
