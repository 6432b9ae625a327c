"""The numbers of the disclosure rules, at their bounds."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from typology.disclose.rules import (
    banded_base,
    decimals,
    down_to_step,
    enough,
    fine_step,
    nearest,
    round_differences,
    round_shares,
    round_whole,
    rounded_span,
    share_band,
    share_step,
    significant,
    to_step,
    told_share,
    whole_step,
)


@pytest.mark.parametrize(
    ("count", "base", "shown"),
    [(10, 20, True), (9, 20, False), (11, 20, False), (10, 19, False), (0, 30, False), (30, 30, False)],
)
def test_count_and_rest_reach_the_threshold(count: int, base: int, *, shown: bool) -> None:
    assert enough(count, base, threshold=10) is shown


def test_a_base_below_the_threshold_is_never_enough() -> None:
    assert not enough(-5, 9, threshold=0) or enough(5, 9, threshold=0)
    assert not enough(5, 9, threshold=10)
    assert not enough(10, 9, threshold=10)


@pytest.mark.parametrize(("base", "expected"), [(0, 2), (1999, 2), (1999.9, 2), (2000, 3), (5000, 3)])
def test_tenths_of_a_per_cent_from_two_thousand_on(base: float, expected: int) -> None:
    assert decimals(base) == expected


@pytest.mark.parametrize(
    ("count", "base", "band"),
    [
        (50, 119, ""), (11, 120, "under 10%"), (12, 120, "10% to half"), (59, 120, "10% to half"),
        (60, 120, "half to 90%"), (108, 120, "half to 90%"), (109, 120, "over 90%"),
    ],
)  # fmt: skip
def test_bands_and_the_smallest_base_that_bears_them(count: int, base: int, band: str) -> None:
    assert share_band(count, base, threshold=10) == band


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (37, 130, 35.75, 37.05),  # 28% of 130: from 27.5% to 28.5%
        (12, 100, 11.5, 12.5),  # 12% of 100; the rounded count alone would leave 10 to 14
        (15, 3000, 15, 16.5),  # 0.5% of 3,000 from below 13.5, but the count is shown as 20: 15 at least
        (34, 3000, 31.5, 34),  # 1.1% up to 34.5, but the count is shown as 30: 34 at most
        (8, 40, 8, 8.2),  # never so close that the count itself is outside
        (34, 40, 33.8, 34),  # what is left over would be below the threshold
        (10, 4000, 10, 10),  # 0.2% is up to ten, and a count that is shown is ten at least
        (0, 0, 0, 0),
    ],
)
def test_what_a_rounded_count_and_share_may_stand_for(count: int, base: int, low: float, high: float) -> None:
    assert rounded_span(count, base, threshold=10) == pytest.approx((low, high))


def test_a_span_always_holds_the_count() -> None:
    for base in (25, 60, 143, 1999, 2000, 4321):
        for count in range(0, base + 1, 7):
            low, high = rounded_span(count, base, threshold=10)
            assert low <= count <= high


def test_shares_never_round_to_nobody_or_everybody() -> None:
    frame = pd.DataFrame({"share": [0.004, 0.996, 0.1234, 0.0, 1.0, np.nan, 0.00004, 0.12345], "kept": 7})
    base = pd.Series([100, 100, 100, 100, 100, 100, 2500, 2500])
    after = round_shares(frame, ("share",), base)
    np.testing.assert_array_equal(after["share"], [0.01, 0.99, 0.12, 0.0, 1.0, np.nan, 0.001, 0.123])
    assert (after["kept"] == 7).all()
    assert frame["share"].iloc[0] == 0.004
    one = round_shares(pd.DataFrame({"share": [0.4567]}), ("share",), pd.Series([np.nan]))
    assert one["share"].tolist() == [0.46]


def test_differences_keep_their_sign_and_may_be_none() -> None:
    frame = pd.DataFrame({"a": [-0.1234, 0.004, np.nan, -0.12345], "b": 0.5})
    after = round_differences(frame, ("a",), pd.Series([100, np.nan, 100, 2500]))
    np.testing.assert_allclose(after["a"], [-0.12, 0.0, np.nan, -0.123], atol=1e-12)
    assert (after["b"] == 0.5).all()


def test_two_significant_digits_unless_told_otherwise() -> None:
    values = pd.Series([1.2345, 0.00012345, 987.6, np.nan])
    np.testing.assert_array_equal(significant(values), [1.2, 0.00012, 990.0, np.nan])
    np.testing.assert_array_equal(significant(values, digits=3), [1.23, 0.000123, 988.0, np.nan])


def test_steps_of_the_threshold() -> None:
    counts = pd.Series([0, 4, 5, 14, 15, 20, np.nan])
    np.testing.assert_array_equal(to_step(counts, threshold=10), [0, 0, 10, 10, 20, 20, np.nan])
    np.testing.assert_array_equal(down_to_step(counts, threshold=10), [0, 0, 0, 10, 10, 20, np.nan])
    np.testing.assert_array_equal(to_step(pd.Series([7, 8]), threshold=5), [5, 10])


@pytest.mark.parametrize(
    ("base", "step"), [(500, 0.01), (499, 0.02), (250, 0.02), (249, 0.05), (100, 0.05), (99, 0.1), (1, 0.1)]
)
def test_a_step_of_a_share_stands_for_half_the_threshold(base: float, step: float) -> None:
    assert share_step(base, threshold=10) == step


def test_up_to_nine_missing_answers_look_like_none() -> None:
    size = pd.Series([100, 100, 100, 100, np.nan])
    base = pd.Series([100, 91, 90, 89, 5])
    np.testing.assert_array_equal(banded_base(base, size, threshold=10), [100, 100, 90, 90, np.nan])


def test_a_rounded_count_is_known_to_leave_the_threshold_of_its_base() -> None:
    """989 of 1,000 is shown as 990, 985 to 994, and as 99%, 985 to 995; but ten at least are left."""
    assert rounded_span(989, 1000, threshold=10) == (985.0, 990.0)
    # and ten at least are counted: 11 of 1,000 is shown as 10, 5 to 14, and as 1%, 5 to 15
    assert rounded_span(11, 1000, threshold=10) == (10.0, 14.0)


@pytest.mark.parametrize(
    ("share", "least", "most", "expected"),
    [
        (0.25, 1995, 2004, (0.245, 0.255)),
        (0.253, 1995, 2004, (0.2525, 0.2535)),
        (0.25, 2000, 2009, (0.2495, 0.2505)),
        (0.25, 1990, 1999, (0.245, 0.255)),
        (0.29, 1995, 2004, (0.285, 0.295)),
        (0.57, 1995, 2004, (0.565, 0.575)),
        (0.01, 1000, 1009, (0.0, 0.015)),  # a few of a thousand are shown as 1%
        (0.02, 1000, 1009, (0.015, 0.025)),
        (0.99, 1000, 1009, (0.985, 1.0)),
        (0.98, 1000, 1009, (0.975, 0.985)),
        (0.001, 1995, 2004, (0.0, 0.0015)),
        (0.999, 1995, 2004, (0.9985, 1.0)),
    ],
)
def test_a_share_tells_its_step_where_the_base_leaves_it_open(
    share: float, least: float, most: float, expected: tuple[float, float]
) -> None:
    assert told_share(share, least, most, fine_step) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("first", [90, 240, 490, 1990, 4990])
def test_a_true_share_is_among_those_that_the_one_shown_stands_for(first: int) -> None:
    """Whichever ten numbers a reader knows the base to be among; also of everyone, in coarser steps."""
    of_everyone = partial(whole_step, threshold=10)
    for base in range(first, first + 20, 3):
        count = np.arange(10, base - 9)
        raw, bases = pd.DataFrame({"share": count / base}), pd.Series(np.full(len(count), base))
        for step_of, rounded in (
            (fine_step, round_shares(raw, ["share"], bases)),
            (of_everyone, round_whole(raw, ["share"], bases, threshold=10)),
        ):
            for least in (base - 9, base - 5, base):
                for true, shown in zip(raw["share"], rounded["share"], strict=True):
                    low, high = told_share(shown, least, least + 9, step_of)
                    assert low - 1e-9 <= true <= high + 1e-9, (base, least)


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_counts_that_are_rounded_to_a_number_are_those_and_no_others(threshold: int) -> None:
    """Whole respondents, of an odd threshold too."""
    counts = pd.Series(np.arange(60.0))
    shown = to_step(counts, threshold=threshold)
    for each in (threshold, 4 * threshold):
        mine = counts[shown == each]
        assert nearest(float(each), threshold) == (mine.min(), mine.max())
