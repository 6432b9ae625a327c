"""Measure how the cost of each part of a search grows with the number of items.

    python benchmarks/scale_items.py --out benchmarks/results/scale_items.csv

2,000 respondents of a planted survey (four types, moderate separation, a tenth of the answers missing), one
thread. CPU seconds of the parts that a search, and every search of a survey without types, is made of, and of
a whole search with all its evidence (10 surveys without types, 20 resamples at most), beside one fit of
umap-learn and hdbscan with their defaults. Item correlations are quadratic in the items by nature; all else
should be linear.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent))

from evidence_cost import whole
from scale_survey import survey
from surveys import prepared

from typology.discover.calibrate import answers
from typology.discover.propose import encoded
from typology.evidence.rivals import plain_clusters
from typology.models.dimensional import fit_dimensional
from typology.models.layout import indicators
from typology.models.mixture import fit_mixture
from typology.models.scores import latent_scores
from typology.schema.study import StudyConfig

N, SEED, TYPES, STEPS = 2_000, 71, 4, 20
STUDY = StudyConfig.model_validate(
    {"study": "items", "survey": {"data": "x", "codebook": "x"}, "evidence": {"resamples": 20, "nulls": 10}}
)
T = TypeVar("T")


def cpu(made: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of a call, and its value."""
    began = time.process_time()
    value = made()
    return time.process_time() - began, value


def one(items: int) -> dict[str, float]:
    """Seconds of each part for one number of items."""
    planted = prepared(survey(N, items=items, seed=SEED))
    data = encoded(planted)
    pool = answers(data)
    start = np.eye(TYPES)[np.random.default_rng(SEED).integers(0, TYPES, len(pool.count))]
    took = {"items": float(items), "columns": float(data.matrix.shape[1])}
    took["encode"], matrix = cpu(lambda: indicators(data.codes, data.columns))
    took["latent scores"], _ = cpu(
        lambda: latent_scores(
            matrix, data.columns, rng=np.random.default_rng(SEED), permutations=10, group=data.group
        )
    )
    took["model without types"], null = cpu(
        lambda: fit_dimensional(data.codes, matrix, data.columns, data.group)
    )
    took["draw without types"], _ = cpu(lambda: null.draw(np.random.default_rng(SEED)))
    for severity in (False, True):
        name = "types with degree" if severity else "types"
        took[name], _ = cpu(
            lambda severity=severity: fit_mixture(  # type: ignore[misc]
                pool.matrix, pool.columns, start, count=pool.count, severity=severity,
                iterations=STEPS, tolerance=0.0,
            )
        )  # fmt: skip
    took["search and evidence"], _ = cpu(lambda: whole(planted, STUDY))
    took["umap-learn and hdbscan"], _ = cpu(lambda: plain_clusters(planted, seed=SEED))
    return {name: round(value, 3) for name, value in took.items()}


def main() -> None:
    """Measure every number of items and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", default="20,50,100,200,400")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/scale_items.csv"))
    given = parser.parse_args()
    rows = []
    with threadpool_limits(limits=1):
        one(10)  # so that no part pays for loading
        for items in given.items.split(","):
            rows.append(one(int(items)))
            print(rows[-1], flush=True)
            pd.DataFrame(rows).to_csv(given.out, index=False)


if __name__ == "__main__":
    main()
