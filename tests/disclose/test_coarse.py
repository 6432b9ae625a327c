"""Shares and bases that are made from rounded counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from typology.disclose.coarse import is_share, share_of_counts, sides_of_counts

RAW = pd.DataFrame(
    {"count": [36, 24, 5, 95], "base": [96, 54, 100, 100], "share": [36 / 96, 24 / 54, 0.05, 0.95],
     "lo": [0.30, 0.35, 0.02, 0.90], "hi": [0.45, 0.55, 0.10, 0.99]}, index=[4, 5, 6, 7],
)  # fmt: skip
ROUNDED = RAW.assign(count=[40, 20, 0, 100], base=[100, 50, 100, 100])


def test_a_share_is_that_of_the_rounded_counts_and_its_interval_moves_with_it() -> None:
    told = share_of_counts(RAW, ROUNDED, share="share", along=("lo", "hi"))
    # neither nobody nor everybody
    assert told["share"].tolist() == [0.40, 0.40, 0.01, 0.99]
    moved = told["share"] - RAW["share"]
    assert told["lo"].to_numpy() == pytest.approx((RAW["lo"] + moved).clip(lower=0.0), abs=0.0051)
    assert told["hi"].to_numpy() == pytest.approx((RAW["hi"] + moved).clip(upper=1.0), abs=0.0051)
    assert told["lo"].tolist() == [0.32, 0.31, 0.0, 0.94]  # 0.325 and 0.3056; 0.02 less 0.04 is below zero
    assert told["hi"].tolist() == [0.48, 0.51, 0.06, 1.0]
    assert told[["count", "base"]].equals(ROUNDED[["count", "base"]])
    alone = share_of_counts(RAW, ROUNDED, share="share")
    assert alone["share"].equals(told["share"])
    assert alone[["lo", "hi"]].equals(RAW[["lo", "hi"]])


def test_shares_of_weighted_respondents_stay() -> None:
    weighted = RAW.assign(share=RAW["share"] + [0.01, 0.0, 0.0, 0.0])
    assert share_of_counts(weighted, ROUNDED, share="share", along=("lo",)) is ROUNDED


def test_a_base_that_is_rounded_to_nobody_has_no_share() -> None:
    few = pd.DataFrame({"count": [3, 36], "base": [4, 96], "share": [0.75, 36 / 96]})
    told = share_of_counts(few, few.assign(count=[0, 40], base=[0, 100]), share="share")
    assert np.isnan(told["share"].iloc[0])
    assert told["share"].iloc[1] == 0.40


def test_a_share_is_plain_where_it_is_count_over_base_of_all_who_have_a_base() -> None:
    rows = pd.DataFrame({"share": [0.25, np.nan, 0.9], "n": [25, 0, 9], "of": [100, 0, 10]})
    assert is_share(rows, "share", "n", "of")
    assert is_share(rows.assign(share=[0.25, 0.7, 0.9]), "share", "n", "of")  # nobody is asked: no share
    assert is_share(rows.assign(share=[0.2500005, np.nan, 0.9]), "share", "n", "of")
    assert not is_share(rows.assign(share=[0.25001, np.nan, 0.9]), "share", "n", "of")
    assert not is_share(rows.assign(share=[0.25, np.nan, np.nan]), "share", "n", "of")
    one = pd.DataFrame({"share": [0.0], "n": [0], "of": [1]})
    assert is_share(one, "share", "n", "of")
    assert is_share(one.assign(share=5e-7), "share", "n", "of")
    assert is_share(one.assign(share=1.0, n=1), "share", "n", "of")
    assert not is_share(one.assign(share=1.0), "share", "n", "of")


SIDES = pd.DataFrame(
    {
        "exposed_type": [36, 44], "base_type": [96, 104], "exposed_rest": [61, 20], "base_rest": [197, 150],
        "_size_type": [100, 104], "_size_rest": [200, 156],
    }, index=[8, 9],
)  # fmt: skip
SIDES = SIDES.assign(
    prevalence_type=SIDES["exposed_type"] / SIDES["base_type"],
    prevalence_rest=SIDES["exposed_rest"] / SIDES["base_rest"],
    prevalence_type_lo=0.30, prevalence_type_hi=0.50, difference=0.1, difference_lo=0.05, difference_hi=0.15,
    odds_ratio=1.5,
)  # fmt: skip
HALF = SIDES.assign(exposed_type=[40, 40], base_type=[100, 100], exposed_rest=[60, 20], base_rest=[200, 150])


def test_the_rest_is_what_the_rounded_type_leaves_of_everybody() -> None:
    told = sides_of_counts(SIDES, HALF, threshold=10)
    # 293 of 300 answered: 0 to 9 missing look alike; 254 of 260 the same
    assert told["base_rest"].tolist() == [200, 160]
    assert told["exposed_rest"].tolist() == [60, 20]  # 97 and 64 in steps, less 40
    assert told[["exposed_type", "base_type"]].equals(HALF[["exposed_type", "base_type"]])
    missing = SIDES.assign(_size_rest=[210, 166])  # 17 and 16 missing are told as ten
    assert sides_of_counts(missing, HALF, threshold=10)["base_rest"].tolist() == [200, 160]
    more = SIDES.assign(_size_rest=[214, 166])  # 314 less 20
    assert sides_of_counts(more, HALF, threshold=10)["base_rest"].tolist() == [190, 160]


def test_the_rest_never_holds_fewer_than_the_threshold_nor_leaves_fewer_out() -> None:
    few = SIDES.assign(exposed_rest=[3, 147])
    told = sides_of_counts(few, HALF, threshold=10)
    assert told["exposed_rest"].tolist() == [10, 150]  # 40 less 40; 190 less 40 of 160
    most = sides_of_counts(
        SIDES.assign(exposed_rest=[3, 150]), HALF.assign(exposed_type=[40, 30]), threshold=10
    )
    assert most["exposed_rest"].tolist() == [10, 150]


def test_shares_and_differences_of_sides_move_with_the_rounded_counts() -> None:
    told = sides_of_counts(SIDES, HALF, threshold=10)
    assert told["prevalence_type"].tolist() == [0.40, 0.40]
    assert told["prevalence_rest"].tolist() == [0.30, 0.12]  # 60 of 200, 20 of 160
    moved = 0.40 - SIDES["prevalence_type"]
    rest = np.array([0.30, 0.12]) - SIDES["prevalence_rest"]
    for name, by in {
        "prevalence_type_lo": moved, "prevalence_type_hi": moved, "difference": moved - rest,
        "difference_lo": moved - rest, "difference_hi": moved - rest,
    }.items():  # fmt: skip
        assert told[name].to_numpy() == pytest.approx(SIDES[name] + by, abs=0.0051), name
        assert told[name].equals(told[name].round(2))
    assert told["odds_ratio"].equals(SIDES["odds_ratio"])
    assert list(told) == list(HALF)


def test_shares_without_correction_move_too_and_those_that_tell_no_count_stay() -> None:
    # corrected for classification error, the plain share is the naive one
    corrected = SIDES.assign(
        prevalence_type_naive=SIDES["prevalence_type"], prevalence_type=[0.33, 0.47],
        difference_naive=0.2, prevalence_rest=[0.31, 0.13],
    )  # fmt: skip
    given = corrected.assign(
        exposed_type=[40, 40], base_type=[100, 100], exposed_rest=[60, 20], base_rest=[200, 150]
    )
    told = sides_of_counts(corrected, given, threshold=10)
    assert told["prevalence_type_naive"].tolist() == [0.40, 0.40]
    for name in ("prevalence_type", "prevalence_rest", "prevalence_type_lo", "difference"):
        assert told[name].equals(corrected[name]), name
    assert not told["difference_naive"].equals(corrected["difference_naive"])
