"""Surveys as read, made in memory, for tests of what comes after reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from typology.results import Survey
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook
from typology.schema.study import Study, StudyConfig
from typology.simulate.planted import PlantedSurvey


def config(**options: Any) -> StudyConfig:
    """Settings that keep the search short."""
    wanted = {
        "study": "small",
        "survey": {"data": "small.csv", "codebook": "small.yaml"},
        "embed": {"n_neighbors": [15]},
        "evidence": {"resamples": 20, "nulls": 10},
        **options,
    }
    return StudyConfig.model_validate(wanted)


def study(codebook: Codebook, **options: Any) -> Study:
    """A study around a codebook."""
    catalogue = Catalogue.model_validate({"factors": {}})
    return Study(config(**options), codebook, catalogue, Path("small-study.yaml"), None)


def survey(
    answers: pd.DataFrame, variables: dict[str, dict[str, Any]], *, missing: pd.DataFrame | None = None
) -> Survey:
    """A survey as the reader hands it on: sorted by id, with a reason for every cell without an answer."""
    variables = {name: {"label": name, "role": "typology", **options} for name, options in variables.items()}
    codebook = Codebook.model_validate({"survey": "small", "variables": variables})
    answers = answers.sort_index()
    reasons = answers.isna().map(lambda gone: "system" if gone else "")
    if missing is not None:
        reasons = missing.reindex(answers.index)
    return Survey(answers, reasons, codebook, len(answers), pd.Series(dtype=object))


def planted_survey(planted: PlantedSurvey) -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    """Answers (codes from 1, index: id) and variables of a planted survey without counts."""
    names = [f"item{j:02d}" for j in range(planted.codes.shape[1])]
    index = pd.Index([f"r{i:04d}" for i in range(len(planted.codes))], name="id")
    answers = pd.DataFrame(planted.codes + 1.0, index=index, columns=names).where(planted.codes >= 0)
    variables: dict[str, dict[str, Any]] = {}
    for j, (name, level) in enumerate(zip(names, planted.levels, strict=True)):
        top = int(planted.codes[:, j].max()) + 1
        variables[name] = {"type": level, "values": {code: f"answer {code}" for code in range(1, top + 1)}}
        if level == "binary":
            variables[name]["positive"] = 2
    answers["weight"] = np.random.default_rng(0).uniform(0.5, 2.0, len(answers))
    variables["weight"] = {"type": "numeric", "role": "weight"}
    return answers, variables
