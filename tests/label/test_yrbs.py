"""Published prevalences of a real survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from typology.label.columns import columns_of
from typology.label.groups import Groups
from typology.label.prevalence import prevalence_table
from typology.label.sampling import survey_design
from typology.results import Survey
from typology.schema.codebook import Codebook

PUBLISHED = {"QN16": 7.4, "QN17": 21.9, "QN23": 19.5, "QN24": 15.7}
"""Threatened with a weapon at school, in a fight, bullied at school, bullied electronically: national
YRBS 2019 (CDC: trend fact sheet on violence; MMWR Supplement 69(1), SU6901a4)."""
ITEMS = list(PUBLISHED)


@pytest.fixture(scope="module")
def yrbs(realdata: Path) -> Survey:
    columns = [*ITEMS, "weight", "stratum", "psu"]
    raw, _ = pyreadstat.read_sav(realdata / "yrbs" / "yrbs2019.sav", usecols=columns)
    raw.index = pd.Index([f"{row:05d}" for row in range(len(raw))], name="id")
    items = {
        name: {
            "label": name,
            "type": "binary",
            "role": "typology",
            "values": {1: "Yes", 2: "No"},
            "positive": 1,
        }
        for name in ITEMS
    }
    roles = {role: {"label": role, "type": "numeric", "role": role} for role in ("weight", "stratum", "psu")}
    book = Codebook.model_validate({"survey": "yrbs", "variables": {**items, **roles}})
    return Survey(raw, raw.isna().replace({True: "system", False: ""}), book, len(raw), pd.Series(dtype=str))


@pytest.mark.realdata
def test_violence_as_published(yrbs: Survey) -> None:
    none = pd.DataFrame(index=yrbs.answers.index)
    columns = list(columns_of(yrbs, none, none, floor=10))
    everyone = Groups(("everyone",), np.ones((len(yrbs.answers), 1), dtype=bool))
    table = prevalence_table(survey_design(yrbs), columns, everyone)
    yes = table[table["endorsed"]].set_index("variable")
    assert (100 * yes["share"]).round(1).to_dict() == PUBLISHED
    assert yes.loc["QN23", "base"] == 13447
    # the interval svy gives with 37 degrees of freedom
    assert yes.loc["QN23", ["lo", "hi"]].astype(float).round(6).tolist() == [0.181686, 0.209442]
