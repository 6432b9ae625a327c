"""Small invented carriers, as the stages would hand them on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from typology.results import DesignColumns, Discovery, Evidence, Item, Prepared, Survey
from typology.schema.codebook import Codebook

ITEM = Item("a", "Was threatened", "binary", "offline", (2, 1), ("No", "Yes"))


def prepared(
    n: int, *, weight: np.ndarray | None = None, set_aside: dict[str, str] | None = None
) -> Prepared:
    """A clustering input of one item."""
    ids = np.array([f"r{number:04d}" for number in range(n)], dtype=object)
    return Prepared(
        ids=ids,
        items=(ITEM,),
        codes=np.zeros((n, 1), dtype=np.int16),
        not_asked=np.zeros((n, 1), dtype=bool),
        gates=(),
        design=DesignColumns(weight=weight, stratum=None, psu=None),
        group=None,
        set_aside=pd.Series(set_aside or {}, dtype=str),
        flags=pd.DataFrame(index=ids),
    )


def survey(prepared_: Prepared, *, set_aside: dict[str, str] | None = None) -> Survey:
    """The survey that `prepared_` came from."""
    index = pd.Index(sorted([*prepared_.ids, *prepared_.set_aside.index]), name="id", dtype=str)
    answers = pd.DataFrame({"a": 1.0}, index=index)
    codebook = Codebook.model_validate(
        {
            "survey": "small",
            "variables": {"a": {"label": "Was threatened", "type": "binary", "role": "typology"}},
        }
    )
    before = pd.Series(set_aside or {}, dtype=str)
    return Survey(answers, answers.astype(str).replace("1.0", ""), codebook, len(index) + len(before), before)


def discovery(labels: np.ndarray, n_types: int, *, xy: np.ndarray | None = None) -> Discovery:
    """Types as given, with 0.9 probability of the own one."""
    n = len(labels)
    membership = np.full((n, n_types), 0.1 / max(n_types - 1, 1))
    membership[np.arange(n), np.maximum(labels, 0)] = 0.9
    rng = np.random.default_rng(1)
    return Discovery(
        labels=labels.astype(np.int64),
        membership=membership,
        core=(labels >= 0) & (np.arange(n) % 2 == 0),
        severity=rng.normal(size=n),
        map_xy=rng.normal(size=(n, 2)) if xy is None else xy,
        runs=pd.DataFrame(
            [(nn, 30, "eom", seed, n_types, 0.1, 0.9) for nn in (15, 30, 60) for seed in range(3)],
            columns=[
                "n_neighbors",
                "min_cluster_size",
                "method",
                "seed",
                "clusters",
                "noise",
                "ari_to_types",
            ],
        ),
        selection=pd.DataFrame(
            {
                "n_types": [n_types - 1, n_types],
                "severity": True,
                "criterion": [0.2, 0.3],
                "chosen": [False, True],
            }
        ),
        parameters={"dimension": 4, "severity_inside_types": False},
        sample=np.arange(n),
        clustered=np.arange(n),
        clusters=np.column_stack([by for by in _clusters(labels, n_types) for _ in range(3)]),
    )


def _clusters(labels: np.ndarray, n_types: int) -> tuple[np.ndarray, ...]:
    """Clusters of runs that split the first type in two, find the types, and merge the last two."""
    split = np.where((labels == 0) & (np.arange(len(labels)) % 2 == 0), n_types, labels)
    return split, labels, np.minimum(labels, max(n_types - 2, 0))


def evidence(grades: list[str], *, verdict: Any = "types") -> Evidence:
    """Evidence with one row a candidate type."""
    count = len(grades)
    types = pd.DataFrame(
        {
            "jaccard": np.linspace(0.9, 0.6, count),
            "jaccard_lo": np.linspace(0.8, 0.5, count),
            "jaccard_hi": np.linspace(0.95, 0.7, count),
            "core_share": 0.5,
            "grade": grades,
            "flags": "",
        }
    )
    return Evidence(
        verdict=verdict,
        reason="Subsamples agree on the groups (0.82) far more than in surveys without types (at most 0.39).",
        p_no_types=1 / 21,
        p_no_association=1 / 21,
        statistics=pd.DataFrame(
            {"statistic": ["agreement"], "source": ["observed"], "draw": [0], "value": [0.82]}
        ),
        types=types,
        fit=pd.DataFrame({"classes": [1, 2], "bic": [10.0, 9.0]}),
        rivals={
            "latent_class": {"classes": 4, "ari": 0.91239},
            "plain_umap_hdbscan": {"clusters": 7, "noise_share": 0.1, "ari": 0.5},
        },
        crosswalk=pd.DataFrame(np.arange(count * 2).reshape(count, 2)),
        seed_agreement=0.97,
    )
