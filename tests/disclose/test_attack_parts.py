"""Parts of a whole that a release made by other rules would tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from typology.disclose.attack_parts import missing_leaks, risk_leaks


def kinds(answered: int, refused: float, unsure: float, *, base: int) -> pd.DataFrame:
    rows = {"kind": ["answered", "refused", "unsure"], "n": [answered, refused, unsure], "base": base}
    return pd.DataFrame(rows).assign(variable="a")


def missing(whole: pd.DataFrame, groups: Sequence[pd.DataFrame] = ()) -> list[str]:
    tables = {"missingness": whole}
    if groups:
        tables["missingness_groups"] = pd.concat(groups, ignore_index=True)
    return list(missing_leaks(tables, threshold=10))


def test_a_hidden_reason_is_what_the_others_leave_of_those_without_an_answer() -> None:
    # 58 to 67 without an answer, 40 to 49 of them refused
    assert missing(kinds(442, 40, np.nan, base=500)) == [
        "missingness: a: unsure in everyone lies between 9 and 9"
    ]
    assert missing(kinds(447, 40, np.nan, base=500)) == []  # 4 to 9
    assert missing(kinds(446, 40, np.nan, base=500)) == [
        "missingness: a: unsure in everyone lies between 5 and 9"
    ]
    assert missing(kinds(440, 40, 20, base=500)) == []  # nothing is hidden


def test_groups_of_the_survey_tell_of_the_whole_and_of_themselves() -> None:
    whole = kinds(442, 40, np.nan, base=500)
    uk = kinds(242, 40, np.nan, base=300).assign(group="UK")
    malta = kinds(200, 0, np.nan, base=200).assign(group="Malta").iloc[:1]  # nobody was unsure there
    assert missing(whole, [uk, malta]) == [
        "missingness: a: unsure lies between 9 and 9",
        "missingness: a: unsure in UK lies between 9 and 9",
    ]
    # groups without a hidden row, of another variable, change nothing
    assert missing(whole, [uk.assign(variable="b", n=10.0)]) == [
        "missingness: a: unsure in everyone lies between 9 and 9"
    ]
    assert missing(kinds(440, 40, 20, base=500), [uk.assign(n=[242, 40, 18])]) == []


def test_numbers_that_cannot_be_are_told() -> None:
    told = missing(kinds(450, 90, np.nan, base=500))
    assert len(told) == 1
    assert told[0].startswith("missingness: a: unsure in everyone: ")
    assert "contradict" in told[0]


def dose(share: float, *, last: float = np.nan) -> pd.DataFrame:
    rows = {"events": [20.0] * 3 + [last], "base": [100.0] * 4, "share": [share] * 3 + [np.nan]}
    return pd.DataFrame(rows).assign(outcome="met", band=list("abcd"))


def risks(parts: pd.DataFrame, *, weighted: bool = False, events: float = 60.0) -> list[str]:
    models = pd.DataFrame({"outcome": ["met"], "events": [events], "base": [400.0]})
    return list(risk_leaks({"risk_dose": parts, "risk_models": models}, threshold=10, weighted=weighted))


def test_a_hidden_band_is_what_the_others_leave_of_the_outcome() -> None:
    # 22% to 23% of 95 to 104 are 20.9 at least, and all with the outcome are 64 at most
    assert risks(dose(0.225)) == ["risk_dose: met part 4: events lies between 0 and 1"]
    assert risks(dose(0.20)) == []
    assert risks(dose(0.225, last=20.0)) == []


def test_shares_of_weighted_respondents_tell_nothing_of_a_band() -> None:
    assert risks(dose(0.225), weighted=True) == []
    # 60% cannot be the plain share of 20 in 100, so it is a weighted one
    assert risks(dose(0.60)) == []


def test_without_the_number_with_the_outcome_a_band_is_open() -> None:
    assert risks(dose(0.225), events=np.nan) == []
    assert list(risk_leaks({"risk_dose": dose(0.225)}, threshold=10, weighted=False)) == []
    other = dose(0.225).assign(outcome="told")
    assert risks(other) == []
