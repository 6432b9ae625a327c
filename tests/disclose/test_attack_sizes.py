"""What the sizes of groups tell, where a table counts only a sample of the clustered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from typology.disclose import protect
from typology.disclose.attack import attack
from typology.disclose.attack_sizes import size_leaks
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


def answered(men: float, women: float) -> dict[str, pd.DataFrame]:
    """Two types of about 80 and 20, nine or fewer set aside; men and women of the first, as shown."""
    flow = [("read", 104.0, ""), ("respondents", 104.0, ""), ("clustered", np.nan, ""),
            ("set aside: few answers", np.nan, "not clustered"), ("unassigned", 0.0, "")]  # fmt: skip
    groups = ("everyone", "T1", "T2")
    counts = {("1", "T1"): men, ("2", "T1"): women}
    rows = [
        {"variable": "sex", "role": "demographic", "category": c, "category_label": c, "group": g,
         "count": counts.get((c, g), np.nan), "base": 80.0 if (c, g) in counts else np.nan, "share": np.nan,
         "suppressed": np.nan if np.isfinite(counts.get((c, g), np.nan)) else "threshold", "endorsed": False}
        for c in ("1", "2") for g in groups
    ]  # fmt: skip
    missing = {"variable": ["sex"], "kind": ["answered"], "n": [104.0], "base": [104.0]}
    return {
        "participation": pd.DataFrame(flow, columns=["step", "n", "note"]),
        "types": pd.DataFrame({"id": ["T1", "T2"], "n": [np.nan, 20.0], "share": [np.nan, 0.2]}),
        "missingness": pd.DataFrame(missing),
        "prevalence": pd.DataFrame(rows),
    }


def test_answers_that_add_up_to_a_withheld_size_are_named() -> None:
    """The others leave a type 71 to 88; men and women who are 65 to 74 and 15 to 24 say that it has 80."""
    leaks, sizes = size_leaks(answered(60, 20), threshold=10, weighted=True)
    assert sizes.bounds["T1"] == (71, 88)
    assert leaks == []
    leaks, sizes = size_leaks(answered(70, 20), threshold=10, weighted=True, least=9)
    assert sizes.bounds["T1"] == (80, 88)
    mine = next(leak for leak in leaks if leak.group == "T1")
    assert mine.sources == {("sex", "1", "T1"), ("sex", "2", "T1")}
    assert str(mine) == "participation: T1 lies between 80 and 88"


def test_sizes_that_contradict_each_other_are_told() -> None:
    tables = release(109)
    tables["severity"] = tables["severity"].assign(base=CLUSTERED - 1_000)
    assert any("contradict" in leak for leak in attack(tables, threshold=10))
