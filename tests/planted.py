"""The demo survey with its planted types in place of discovery and evidence."""

from __future__ import annotations

from typing import Any

import carriers
import numpy as np
import pandas as pd

from typology.progress import Progress
from typology.results import Discovery, Evidence, Prepared
from typology.schema.load import load_study
from typology.schema.study import Study, StudyConfig
from typology.survey.read import read_survey


def stand_ins(
    study: Study,
    *,
    verdict: str = "types",
    grades: tuple[str, ...] = ("stable",) * 4,
    truth: pd.Series | None = None,
) -> dict[str, Any]:
    """Stages to put in place of `discover` and `gather_evidence`.

    `truth` holds the planted type by id; that of the simulated survey by default.
    """
    planted = read_survey(study).truth if truth is None else truth
    assert planted is not None
    n_types = len(grades)

    def discover(prepared: Prepared, config: StudyConfig, *, jobs: int, progress: Progress) -> Discovery:
        progress.start("Planted types", total=1)
        kinds = planted.reindex(prepared.ids)
        order = kinds.value_counts().index
        labels = kinds.map({kind: k for k, kind in enumerate(order)}).fillna(-1).to_numpy(dtype=int).copy()
        labels[:: len(labels) // 25] = -1
        rng = np.random.default_rng(5)
        xy = np.where(labels >= 0, labels, 5)[:, None] * np.array([3.0, 1.0]) + rng.normal(
            size=(len(labels), 2)
        )
        return carriers.discovery(labels, len(order), xy=xy)

    def gather(
        prepared: Prepared, discovery: Discovery, config: StudyConfig, *, jobs: int, progress: Progress
    ) -> Evidence:
        progress.start("Planted evidence", total=1)
        found = carriers.evidence(list(grades), verdict=verdict)
        rows = [("agreement", "observed", 0, 0.82)]
        rows += [
            ("agreement", source, d, 0.2 + d / 200)
            for source in ("no types", "no association")
            for d in range(20)
        ]
        classes = np.arange(1, 6)
        sizes = np.bincount(discovery.labels[discovery.labels >= 0], minlength=n_types)
        elsewhere = sizes // (2 * n_types)  # in each class that is not the type's own
        replaced = {
            "statistics": pd.DataFrame(rows, columns=["statistic", "source", "draw", "value"]),
            "crosswalk": pd.DataFrame(np.diag(sizes - n_types * elsewhere) + elsewhere[:, None]),
            "fit": pd.DataFrame(
                {
                    "classes": classes, "log_likelihood": -2e4 + 900 * np.log(classes), "aic": 4e4,
                    "bic": 4e4,
                    "abic": 4e4, "entropy": 0.8, "smallest_share": 1 / classes,
                }
            ),
            "power": pd.DataFrame(
                {
                    "separation": [0.45, 0.6],
                    "odds_ratio": [1.7, 2.0],
                    "ari": [0.4, 0.7],
                    "share_found": [0.4, 1.0],
                }
            ),
        }  # fmt: skip
        for name, frame in replaced.items():
            object.__setattr__(found, name, frame)
        return found

    # searching every group is slow; tests of replication leave this one out
    return {"discover": discover, "gather_evidence": gather, "replication_of": lambda *_, **__: None}


def load(configs: Any) -> Study:
    """The demo study."""
    return load_study(configs / "demo.yaml")
