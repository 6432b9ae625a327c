"""What answers tell of sizes, and the attack on all tables of a release at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from disclose.answer_rows import rows
from disclose.flow_rows import HIDDEN, attacked, participation, types

from typology.disclose.attack import attack
from typology.disclose.attack_sizes import SizeTold, size_leaks
from typology.disclose.puzzle import CONTRADICTION

EVERYONE, UNASSIGNED = "everyone", "unassigned"
# how many responded is not told, nor how many were clustered; 30 were set aside and 20 of no type
UNTOLD = participation(read=None, early_n=None, respondents=None, clustered=HIDDEN)


def withheld(prevalence: pd.DataFrame, **tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {"participation": UNTOLD, "types": types(HIDDEN, HIDDEN), "prevalence": prevalence, **tables}


def at_least(tables: dict[str, pd.DataFrame], *, weighted: bool = False) -> float:
    """Fewest that may be all respondents; nothing tells how many there are at most."""
    least, most = attacked(tables, weighted=weighted)[1][EVERYONE]
    assert most > 1e6
    return least


def missing(answered: float, *, variable: str = "x", base: float = 200.0) -> pd.DataFrame:
    n = {"kind": ["answered", "refused"], "n": [answered, base - answered], "base": base}
    return pd.DataFrame(n).assign(variable=variable)


def test_those_who_answered_and_those_who_did_not_are_everyone() -> None:
    """171 to 180 answered, 20 to 29 did not."""
    frame = rows({EVERYONE: [100, 80]}, {EVERYONE: 180})
    assert at_least(withheld(frame)) == 171
    assert attacked(withheld(frame, missingness=missing(180)))[1][EVERYONE] == (191, 209)
    assert at_least(withheld(frame, missingness=missing(180, variable="y"))) == 171


def test_the_answers_of_a_group_are_given_by_some_of_the_group() -> None:
    counts = {EVERYONE: [HIDDEN] * 2, "T1": [60, 40], UNASSIGNED: [10, 10], "T2": [HIDDEN] * 2}
    frame = rows(counts, {"T1": 100, UNASSIGNED: 20})
    sizes = attacked(withheld(frame))[1]
    assert sizes["T1"] == (55 + 35, 1e7)
    assert sizes["T2"] == (0, 1e7)
    assert sizes[EVERYONE][0] == 90 + 20 + 30


def test_those_in_no_group_who_answered_were_set_aside() -> None:
    """Of 181 who answered 30 in no group, 20 of no type and 104 of the first leave 27 to the second."""
    counts = {EVERYONE: [120, 70], "T1": [HIDDEN] * 2, "T2": [HIDDEN] * 2, UNASSIGNED: [HIDDEN] * 2}
    tables = withheld(rows(counts, {EVERYONE: 190}))
    assert at_least(tables) == 181
    few = {**tables, "types": types(100, HIDDEN)}
    assert attacked(few)[1]["T2"] == (181 - 30 - 20 - 104, 1e7)


def test_every_variable_tells_of_the_sizes() -> None:
    one = rows({EVERYONE: [100, 80]}, {EVERYONE: 180}, variable="a")
    other = rows({EVERYONE: [100, 90]}, {EVERYONE: 190}, variable="b")
    both = pd.concat([one, other], ignore_index=True)
    told = pd.concat([missing(180, variable="a"), missing(190, variable="b")])
    assert at_least(withheld(both)) == 181
    # 171 to 180 and 20 to 29; 181 to 190 and 10 to 19
    assert attacked(withheld(both, missingness=told))[1][EVERYONE] == (191, 209)


def test_codes_that_a_file_gives_as_numbers_are_the_same_answers() -> None:
    counts = {EVERYONE: [HIDDEN] * 2, "T1": [60, 40], "T2": [HIDDEN] * 2}
    frame = rows(counts, {"T1": 100})
    tables = withheld(frame.assign(category=frame["category"].astype(int)))
    tables["types"] = types(100, HIDDEN)
    leaks, sizes = attacked(
        {**tables, "participation": participation(clustered=HIDDEN, unassigned=HIDDEN)}, least=60
    )
    assert sizes["T1"] == (95, 104)
    assert {source for leak in leaks for source in leak.sources} <= {("x", "1", "T1"), ("x", "2", "T1")}


def shared(share: float) -> dict[str, pd.DataFrame]:
    """95 to 104 of 491 to 500, a share in steps of 2%: 18% are 95 of 500 if it is that of the counts."""
    return withheld(rows({EVERYONE: [100, HIDDEN]}, {EVERYONE: 500}, {("1", EVERYONE): share}))


def test_shares_tell_of_sizes_unless_they_are_weighted() -> None:
    assert at_least(shared(0.18)) == 500
    assert at_least(shared(0.18), weighted=True) == 491
    assert at_least(shared(0.3)) == 491  # not that of 100 in 500


@pytest.mark.parametrize("weighted", [False, True])
def test_answers_that_cannot_be_are_told(*, weighted: bool) -> None:
    frame = rows({EVERYONE: [100, 300]}, {EVERYONE: 500})
    leaks, sizes = size_leaks(withheld(frame), threshold=10, weighted=weighted)
    assert [(leak.group, leak.bounds, leak.contradiction) for leak in leaks] == [
        ("", (0, np.inf), CONTRADICTION)
    ]
    assert sizes.bounds == {}
    assert sizes.coarse


def test_answers_are_taken_in_only_where_a_size_is_withheld() -> None:
    impossible = rows({EVERYONE: [100, 300]}, {EVERYONE: 500})
    told = {"participation": participation(), "types": types(100, 50), "prevalence": impossible}
    assert attacked(told)[0] == []
    assert attacked(told)[1][EVERYONE] == (200, 200)


WITHHELD = {"participation": participation(), "types": types(100, HIDDEN)}  # 46 to 55 in the second


def of_second(first: float, second: float) -> pd.DataFrame:
    """Answers that, added up, say that the second type has so many at least."""
    counts = {EVERYONE: [HIDDEN] * 2, "T1": [HIDDEN] * 2, "T2": [first, second]}
    return rows(counts, {"T2": first + second})


def test_a_size_is_told_with_the_rows_it_rests_on() -> None:
    """35 and 15 at least are 50 of 46 to 55."""
    tables = {**WITHHELD, "prevalence": of_second(40, 20)}
    leaks, sizes = attacked(tables, least=6)
    assert sizes["T2"] == (50, 55)
    assert leaks == [SizeTold("T2", (50, 55), frozenset({("x", "1", "T2"), ("x", "2", "T2")}))]
    assert attacked(tables)[0] == []  # open by half the threshold
    assert attacked({**WITHHELD, "prevalence": of_second(30, 20)})[1]["T2"] == (46, 55)


@pytest.mark.parametrize(
    ("threshold", "few", "open_"), [(10, 6, False), (10, 7, True), (5, 3, False), (5, 4, True)]
)
def test_half_the_threshold_is_open_enough_unless_told(threshold: int, few: int, *, open_: bool) -> None:
    """Two reasons while reading: each has one to as many as the other leaves."""
    other = "set aside: not from here"
    flow = participation(early_n=HIDDEN, **{other: HIDDEN}, read=200.0 + few, unassigned=None)
    leaks, sizes = attacked({"participation": flow}, threshold=threshold)
    assert sizes[other] == (1, few - 1)
    assert (leaks == []) == open_


def test_withheld_steps_are_told_like_types() -> None:
    flow = participation(early_n=None, read=200.0, late_n=HIDDEN, clustered=HIDDEN, unassigned=9.0)
    leaks, _ = attacked({"participation": flow, "types": types(100, 80)})
    assert leaks == []
    # 200 less nine and types of 95 to 104 and 75 to 84: three to 21
    leaks, _ = attacked({"participation": flow, "types": types(100, 80)}, least=7)
    assert leaks == [SizeTold("set aside: few answers", (3, 9), frozenset())]
    unassigned = participation(unassigned=HIDDEN)
    leaks, _ = attacked({"participation": unassigned, "types": types(100, 70)}, least=9)
    assert leaks == [SizeTold(UNASSIGNED, (1, 9), frozenset())]
    early = participation(early_n=HIDDEN, read=205.0)
    leaks, _ = attacked({"participation": early, "types": types(100, 50)})
    assert leaks == [SizeTold("set aside: twice", (5, 5), frozenset())]


def everything() -> dict[str, pd.DataFrame]:
    """A release that gives away a size, an answer, a reason and a band."""
    counts = {EVERYONE: [50, HIDDEN], "T1": [50, HIDDEN], "T2": [HIDDEN, HIDDEN]}
    dose = {"events": [20.0] * 3 + [np.nan], "base": 100.0, "share": [0.225] * 3 + [np.nan], "outcome": "met"}
    reasons = {
        "variable": "q",
        "kind": ["answered", "refused", "unsure"],
        "n": [442, 40, np.nan],
        "base": 500,
    }
    return {
        "participation": participation(early_n=HIDDEN, read=205.0),
        "types": types(100, 50),
        "prevalence": rows(counts, {EVERYONE: 180, "T1": 100}),
        "missingness": pd.DataFrame(reasons),
        "risk_dose": pd.DataFrame(dose),
        "risk_models": pd.DataFrame({"outcome": ["met"], "events": [60.0], "base": [400.0]}),
    }


SIZE = "participation: set aside: twice lies between 5 and 5"
ANSWER = "prevalence: x = 1 in T2 lies between 0 and 9"
REASON = "missingness: q: unsure in everyone lies between 9 and 9"
BAND = "risk_dose: met part 4: events lies between 0 and 1"


def test_the_whole_attack_tells_of_every_table() -> None:
    assert attack(everything(), threshold=10) == [SIZE, ANSWER, REASON, BAND]


@pytest.mark.parametrize(
    ("summary", "weighted"),
    [
        (None, False),
        ({}, False),
        ({"provenance": None}, False),
        ({"provenance": {"settings": None}}, False),
        ({"provenance": {"settings": {"weights": None}}}, False),
        ({"provenance": {"settings": {"weights": "w"}}}, True),
    ],
)
def test_the_summary_says_whether_shares_are_weighted(summary: Any, *, weighted: bool) -> None:
    """A weighted share tells nothing of a band, a size or an answer."""
    shown = attack(everything(), threshold=10, summary=summary)
    assert (BAND in shown) != weighted
    counts = {EVERYONE: [100, HIDDEN], "T1": [90, HIDDEN], "T2": [HIDDEN, HIDDEN]}
    answers = rows(counts, {EVERYONE: 1000, "T1": 500}, {("1", EVERYONE): 0.09})
    told = attack({"prevalence": answers}, threshold=10, summary=summary)
    assert (told == []) == weighted
    # 500 answered at least, of whom 304, 174 and 17 at most are clustered; or 491
    flow = participation(
        read=None, early_n=None, respondents=None, late_n=HIDDEN, clustered=HIDDEN, unassigned=17.0
    )
    groups = {EVERYONE: [100, HIDDEN], **dict.fromkeys(["T1", "T2", UNASSIGNED], [HIDDEN] * 2)}
    frame = rows(groups, {EVERYONE: 500}, {("1", EVERYONE): 0.18})
    sizes = {"participation": flow, "types": types(300, 170), "prevalence": frame}
    leak = "participation: set aside: few answers lies between 5 and 9"
    assert (leak in attack(sizes, threshold=10, summary=summary)) != weighted
