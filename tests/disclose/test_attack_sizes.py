"""What the sizes of groups tell, where a table counts only a sample of the clustered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from typology.disclose import protect
from typology.disclose.attack import attack
from typology.results import ReleaseTable

CLUSTERED, SAMPLE = 13_000, 5_000


def release(aside: int) -> dict[str, pd.DataFrame]:
    """Tables of a large survey without types, as a reader of the release sees them."""
    flow = [
        ("read", CLUSTERED + aside, "rows of the data file"),
        ("respondents", CLUSTERED + aside, "with usable data"),
        ("set aside: answered too little", aside, "not clustered"),
        ("clustered", CLUSTERED, ""),
    ]
    bands = {"band": ["low", "high"], "n": [9_000, 4_000], "base": CLUSTERED, "share": [9 / 13, 4 / 13]}
    analyses = {
        "analysis": ["complete cases", "multiple imputation"], "n": [3_220, 1_780], "base": SAMPLE,
        "ari": 0.9, "profile_r": 0.9, "note": "",
    }  # fmt: skip
    raw = [
        ReleaseTable(
            name="participation", title="", frame=pd.DataFrame(flow, columns=["step", "n", "note"]),
            keys=("step", "note"), counts=((None, "n"),),
        ),
        ReleaseTable(
            name="severity", title="", frame=pd.DataFrame(bands), keys=("band",), counts=(("n", "base"),),
            values=("share",),
        ),
        ReleaseTable(
            name="sensitivity", title="", frame=pd.DataFrame(analyses), keys=("analysis", "note"),
            counts=(("n", "base"),), values=("ari", "profile_r"),
        ),
    ]  # fmt: skip
    safe, _ = protect(raw, threshold=10)
    return {
        table.name: table.frame.assign(suppressed=table.frame["suppressed"].replace("", np.nan))
        for table in safe
    }


@pytest.mark.parametrize("aside", [7, 109])
def test_a_sample_of_the_clustered_contradicts_nothing_and_leaves_out_the_set_aside(aside: int) -> None:
    tables = release(aside)
    assert tables["participation"]["n"].isna().any() == (aside < 10)
    assert (tables["sensitivity"]["base"] == SAMPLE).all()
    assert attack(tables, threshold=10) == []


def test_sizes_that_contradict_each_other_are_told() -> None:
    tables = release(109)
    tables["severity"] = tables["severity"].assign(base=CLUSTERED - 1_000)
    assert any("contradict" in leak for leak in attack(tables, threshold=10))
