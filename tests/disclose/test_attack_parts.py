"""Parts of a whole that a release made by other rules would tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

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


def few_reasons(base: int, **more: object) -> pd.DataFrame:
    rows = {"kind": ["answered", *"abcde"], "n": [base, *[np.nan] * 5], "base": base}
    return pd.DataFrame(rows).assign(variable="a", **more)


def test_a_reason_that_is_listed_has_somebody_in_all_and_may_have_nobody_in_a_group() -> None:
    """Nine at most gave none of five reasons, of which each has one at least."""
    whole = few_reasons(500)
    assert missing(whole) == [f"missingness: a: {k} in everyone lies between 1 and 5" for k in "abcde"]
    groups = [few_reasons(300, group="UK"), few_reasons(200, group="Malta")]
    assert missing(whole, groups) == [f"missingness: a: {k} lies between 1 and 5" for k in "abcde"]


def test_a_reason_that_is_not_listed_in_a_group_is_that_of_nobody() -> None:
    """Nine were unsure in all; in the UK it would be anything up to nine by its own numbers."""
    whole = kinds(442, 40, np.nan, base=500)
    uk = kinds(260, 30, np.nan, base=300).assign(group="UK")
    malta = kinds(190, 10, np.nan, base=200).assign(group="Malta")
    nine = "missingness: a: unsure lies between 9 and 9"
    assert missing(whole, [uk, malta]) == [nine]
    assert missing(whole, [uk, malta.iloc[:2]]) == [nine, "missingness: a: unsure in UK lies between 9 and 9"]


def test_half_of_an_odd_threshold_is_open_enough() -> None:
    """56 to 60 without an answer, 50 to 54 of them refused, leave two to four, with a threshold of five."""
    tables = {"missingness": kinds(444, 50, np.nan, base=500)}
    assert list(missing_leaks(tables, threshold=5)) == []
    tables = {"missingness": kinds(443, 50, np.nan, base=500)}
    assert list(missing_leaks(tables, threshold=5)) == [
        "missingness: a: unsure in everyone lies between 3 and 4"
    ]


def test_variables_are_told_in_the_order_of_the_table() -> None:
    both = [kinds(442, 40, np.nan, base=500).assign(variable=name) for name in "ba"]
    assert [leak[:15] for leak in missing(pd.concat(both))] == ["missingness: b:", "missingness: a:"]


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


def test_outcomes_are_told_in_the_order_of_the_table() -> None:
    models = pd.DataFrame({"outcome": ["a", "b"], "events": 60.0, "base": 400.0})
    tables = {
        "risk_dose": pd.concat([dose(0.225).assign(outcome=name) for name in "ba"]),
        "risk_models": models,
    }
    assert list(risk_leaks(tables, threshold=10, weighted=False)) == [
        f"risk_dose: {name} part 4: events lies between 0 and 1" for name in "ba"
    ]


def test_groups_of_the_calibration_tell_by_the_share_observed() -> None:
    parts = dose(0.225).rename(columns={"share": "observed"}).assign(share=0.9)
    models = pd.DataFrame({"outcome": ["met"], "events": [60.0], "base": [400.0]})
    told = list(risk_leaks({"risk_calibration": parts, "risk_models": models}, threshold=10, weighted=False))
    assert told == ["risk_calibration: met part 4: events lies between 0 and 1"]


def test_a_hidden_band_may_be_the_first() -> None:
    assert risks(dose(0.225).iloc[::-1]) == ["risk_dose: met part 1: events lies between 0 and 1"]


def test_the_most_of_the_other_bands_tells_the_least_of_the_hidden_one() -> None:
    """125 each at least leave 15 of 390 of it; 16.5% of the others at most leave 13 of 75 events."""
    parts = dose(0.16).assign(base=130.0)
    models = pd.DataFrame({"outcome": ["met"], "events": [80.0], "base": [390.0]})
    told = list(risk_leaks({"risk_dose": parts, "risk_models": models}, threshold=10, weighted=False))
    assert told == ["risk_dose: met part 4: events lies between 13 and 15"]


@pytest.mark.parametrize(
    ("base", "share", "told"),
    [
        (2500.0, 0.009, 0),  # 0.85% of 2,495 each, 63.6 of 64 at most
        (2000.0, 0.011, 1),  # in tenths of a per cent, as 2,000 bear
        (2000.0, 0.01, None),  # of 1,995 to 2,004: whole per cent may be meant
    ],
)
def test_shares_of_large_bands_tell_in_tenths_of_a_per_cent(
    base: float, share: float, told: int | None
) -> None:
    models = pd.DataFrame({"outcome": ["met"], "events": [60.0], "base": [10_000.0]})
    tables = {"risk_dose": dose(share).assign(base=base), "risk_models": models}
    found = list(risk_leaks(tables, threshold=10, weighted=False))
    assert found == ([] if told is None else [f"risk_dose: met part 4: events lies between 0 and {told}"])
