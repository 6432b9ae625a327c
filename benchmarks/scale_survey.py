"""A planted survey as files a study is run from: data (Parquet), codebook and study file, of any size.

Items are those of :mod:`typology.simulate.planted`; every respondent also has a weight, an age, six risk
characteristics and two outcomes that follow the planted type, so that every stage of a run has its work.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from typology.simulate.planted import PlantedOptions, PlantedSurvey, plant

FACTORS = (
    "depressive_symptoms", "low_self_esteem", "cyberbullied", "chat_use", "frequent_internet_use",
    "revealing_pictures",
)  # fmt: skip
RISKS = len(FACTORS)
OUTCOMES = 2
YES_NO = {1: "Yes", 0: "No"}


def options(n: int, *, items: int) -> PlantedOptions:
    """Four types of moderate separation, a tenth of the answers missing; three items in five are yes/no."""
    binary = round(0.6 * items)
    return PlantedOptions(n=n, binary=binary, ordinal=items - binary, missing=0.1)


def survey(n: int, *, items: int, seed: int) -> PlantedSurvey:
    """Draw `n` respondents; the first of a large survey are a sample of it."""
    return plant(options(n, items=items), seed=seed)


def frame(planted: PlantedSurvey, *, seed: int) -> pd.DataFrame:
    """The data file: codes, empty where unanswered."""
    rng = np.random.default_rng([seed, 1])
    n, kinds = len(planted.truth), int(planted.truth.max()) + 1
    columns: dict[str, object] = {"rid": np.arange(1, n + 1)}
    for j in range(planted.codes.shape[1]):
        codes = pd.Series(planted.codes[:, j].astype("float32"))
        columns[f"item{j + 1:03d}"] = codes.mask(codes < 0)
    columns["weight"] = rng.lognormal(0.0, 0.3, n).round(3) + 0.01
    columns["age"] = rng.integers(18, 26, n)
    for r in range(RISKS):
        rate = rng.uniform(0.1, 0.5, kinds)
        columns[f"risk{r + 1}"] = (rng.random(n) < rate[planted.truth]).astype("int8")
    for r in range(OUTCOMES):
        rate = rng.uniform(0.05, 0.4, kinds)
        columns[f"outcome{r + 1}"] = (rng.random(n) < rate[planted.truth]).astype("int8")
    return pd.DataFrame(columns)


def codebook(planted: PlantedSurvey) -> dict[str, object]:
    """The codebook of `frame`."""
    variables: dict[str, dict[str, object]] = {
        "rid": {"label": "Respondent", "type": "nominal", "role": "id"}
    }
    for j, level in enumerate(planted.levels):
        entry: dict[str, object] = {"label": f"Experience {j + 1}", "type": level, "role": "typology"}
        entry["domain"] = f"domain {j % 6 + 1}"
        if level == "binary":
            entry |= {"values": YES_NO, "positive": 1}
        else:
            entry["values"] = {k: f"level {k}" for k in range(int(planted.codes[:, j].max()) + 1)}
        variables[f"item{j + 1:03d}"] = entry
    variables["weight"] = {"label": "Weight", "type": "numeric", "role": "weight"}
    variables["age"] = {"label": "Age", "type": "numeric", "role": "demographic"}
    for role, count in (("risk", RISKS), ("outcome", OUTCOMES)):
        for r in range(count):
            variables[f"{role}{r + 1}"] = {
                "label": f"{role.title()} {r + 1}", "type": "binary", "role": role,
                "values": YES_NO, "positive": 1, **({"factor": FACTORS[r]} if role == "risk" else {}),
            }  # fmt: skip
    return {"survey": "scale", "variables": variables}


def write_study(
    folder: Path, planted: PlantedSurvey, data: pd.DataFrame, *, n: int, seed: int, name: str = ""
) -> Path:
    """Write a study of the first `n` respondents and return its study file."""
    folder.mkdir(parents=True, exist_ok=True)
    name = name or f"scale-{n}"
    data.iloc[:n].to_parquet(folder / f"{name}.parquet", index=False)
    book = folder / f"{name}-codebook.yaml"
    book.write_text(yaml.safe_dump(codebook(planted), sort_keys=False))
    study = {
        "study": name,
        "survey": {"data": f"{name}.parquet", "codebook": book.name},
        "seed": seed,
        "risk": {"outcome": ["outcome1"]},
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(study, sort_keys=False))
    return path
