"""A small survey with every kind of missing answer, written to a folder as a researcher would hold it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

STUDY = """\
study: mini
title: A small survey
survey:
  data: mini.csv
  codebook: codebook.yaml
label: {catalogue: factors.yaml}
"""

CODEBOOK = """\
survey: mini
variables:
  rid:      {label: Respondent, type: nominal, role: id}
  country:  {label: Country, type: nominal, role: group, values: {1: UK, 2: Ireland}}
  wt:       {label: Weight, type: numeric, role: weight}
  online:   {label: Goes online, type: binary, role: ignore, values: {1: "Yes", 2: "No"}}
  sent_pic: {label: Sent a picture, type: binary, role: typology, domain: online,
             values: {1: "Yes", 2: "No"}, positive: 1, missing: {98: not sure, 99: refused},
             asked_if: {online: [1]}}
  chat:     {label: Chats, type: ordinal, role: typology, values: {1: Never, 2: Rarely, 3: Often}}
  threat:   {label: Was threatened, type: binary, role: typology, values: {1: "Yes", 2: "No"},
             missing: {99: refused}}
  met:      {label: Met an adult, type: binary, role: outcome, positive: 1}
  age:      {label: Age, type: numeric, role: demographic, missing: {99: refused}}
  lone1:    {label: Lacks company, type: ordinal, values: {1: Never, 2: Sometimes, 3: Often}}
  lone2:    {label: Left out, type: ordinal, values: {1: Never, 2: Sometimes, 3: Often}}
  lone3:    {label: Has friends, type: ordinal, values: {1: Never, 2: Sometimes, 3: Often}}
scales:
  lonely: {label: Loneliness, items: [lone1, lone2, lone3], reverse: [lone3], min_valid: 2,
           factor: loneliness, exposed: {at_least: 7}}
"""

CATALOGUE = """\
factors:
  loneliness: {label: Loneliness, domain: individual, statement: Often lonely., evidence: [], grade: limited}
  low_self_esteem: {label: Low self-esteem, domain: individual, statement: Low., evidence: [], grade: limited}
profiles:
  adapted: {label: Adapted, source: ISEC, low: [loneliness]}
guidance:
  loneliness: {schools: [{statement: Listen., source: ISEC}]}
"""


def mini_frame(n: int = 120, *, seed: int = 4) -> pd.DataFrame:
    """Answers as a data file holds them: codes, user-missing codes, routed blanks, empty cells."""
    rng = np.random.default_rng(seed)
    lonely = rng.normal(size=n)
    frame = pd.DataFrame({"rid": np.arange(1, n + 1)})
    frame["country"] = rng.integers(1, 3, n)
    frame["wt"] = rng.uniform(0.5, 2.0, n).round(3)
    frame["online"] = rng.choice([1.0, 2.0], n, p=[0.8, 0.2])
    frame["sent_pic"] = rng.choice([1.0, 2.0, 98.0, 99.0], n, p=[0.3, 0.6, 0.05, 0.05])
    frame["chat"] = rng.integers(1, 4, n).astype(float)
    frame["threat"] = rng.choice([1.0, 2.0], n, p=[0.3, 0.7])
    frame["met"] = rng.choice([1, 2], n, p=[0.2, 0.8])
    frame["age"] = rng.integers(18, 26, n)
    for item, sign in (("lone1", 1), ("lone2", 1), ("lone3", -1)):
        frame[item] = np.digitize(sign * lonely + rng.normal(scale=0.7, size=n), [-0.5, 0.8]) + 1.0
    frame.loc[frame["online"] == 2, "sent_pic"] = np.nan
    frame.loc[[3, 10], "chat"] = np.nan
    frame.loc[[5, 6], "threat"] = 99
    frame.loc[[7], "age"] = 99
    frame.loc[[8, 9], "lone2"] = np.nan
    frame.loc[[9], "lone3"] = np.nan
    return frame


def write_mini(
    folder: Path,
    *,
    frame: pd.DataFrame | None = None,
    data: str = "mini.csv",
    study: str = STUDY,
    codebook: str = CODEBOOK,
    catalogue: str = CATALOGUE,
) -> Path:
    """Write the study with its files; returns the study file."""
    write_frame(mini_frame() if frame is None else frame, folder / data)
    (folder / "codebook.yaml").write_text(codebook, encoding="utf-8")
    (folder / "factors.yaml").write_text(catalogue, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(study.replace("mini.csv", data), encoding="utf-8")
    return path


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame in the format of the path's suffix."""
    import pyreadstat

    if path.name.endswith((".csv", ".csv.gz")):
        frame.to_csv(path, index=False)
    elif path.name.endswith((".tsv", ".tsv.gz")):
        frame.to_csv(path, index=False, sep="\t")
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif path.suffix == ".sav":
        pyreadstat.write_sav(frame, str(path))
    elif path.suffix == ".zsav":
        pyreadstat.write_sav(frame, str(path), compress=True)
    elif path.suffix == ".dta":
        pyreadstat.write_dta(frame, str(path))
    elif path.suffix == ".por":
        pyreadstat.write_por(frame, str(path))
    else:
        raise ValueError(path.suffix)
