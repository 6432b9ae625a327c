"""What is shown of each table after rounding, number by number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from typology.disclose.rounding import (
    everyone_base,
    round_factors,
    round_measurement,
    round_models,
    round_outcomes,
    round_plain,
    round_prevalence,
    round_replication,
)
from typology.disclose.rules import whole_step


def test_plain_tables_round_counts_shares_and_ratios() -> None:
    frame = pd.DataFrame(
        {"outcome": ["met"], "events": [37], "base": [143], "share": [0.2587], "lo": [0.1934], "hi": [0.3371],
         "odds_ratio": [1.2345], "ratio_lo": [0.98765], "ratio_hi": [2.3456], "note": ["as it was"]}
    )  # fmt: skip
    row = round_plain("risk_dose", frame, ["events", "base"], threshold=10).iloc[0].to_dict()
    assert row == {
        "outcome": "met", "events": 40, "base": 140, "share": 0.26, "lo": 0.19, "hi": 0.34,
        "odds_ratio": 1.2, "ratio_lo": 0.99, "ratio_hi": 2.3, "note": "as it was",
    }  # fmt: skip


def test_each_risk_is_rounded_to_its_own_base() -> None:
    frame = pd.DataFrame(
        {"base_exposed": [150], "base_unexposed": [2500], "risk_exposed": [0.12345],
         "risk_unexposed": [0.12345], **dict.fromkeys(
             ["odds_ratio", "lo", "hi", "p", "q", "adjusted", "adjusted_lo", "adjusted_hi", "kept",
              "same_sign"], 0.12345)}
    )  # fmt: skip
    row = round_plain("risk_predictors", frame, [], threshold=10).iloc[0]
    assert row["risk_exposed"] == 0.12
    assert row["risk_unexposed"] == 0.123
    assert (row.drop(["base_exposed", "base_unexposed", "risk_exposed", "risk_unexposed"]) == 0.12).all()
    assert row["base_exposed"] == 150


@pytest.mark.parametrize("name", ["severity", "correlations", "risk_calibration"])
def test_tables_without_ratios_or_shares_of_their_own_are_left_alone(name: str) -> None:
    frame = pd.DataFrame(
        {"base": [143], "share": [0.2587], "predicted": [0.2587], "observed": [0.2587], "lo": [0.2587],
         "hi": [0.2587], "r": [0.2587]}
    )  # fmt: skip
    row = round_plain(name, frame, ["base"], threshold=10).iloc[0]
    changed = {
        "severity": ["share"], "correlations": [], "risk_calibration": ["predicted", "observed", "lo", "hi"],
    }[name]  # fmt: skip
    assert row["base"] == 140
    for column in ("share", "predicted", "observed", "lo", "hi", "r"):
        assert row[column] == (0.26 if column in changed else 0.2587)


def prevalence() -> pd.DataFrame:
    rows = [
        ("x", "1", "everyone", 500, 490, 123, 0.25102, 0.25102),
        ("x", "1", "T1", 150, 143, 62, 0.43357, 0.25102),
        ("x", "1", "T2", 350, 347, 61, 0.17579, 0.25102),
        ("y", "1", "everyone", 3000, 2990, 301, 0.10067, 0.10067),
        ("y", "1", "T1", 900, 899, 45, 0.05006, 0.10067),
    ]
    frame = pd.DataFrame(
        rows, columns=["variable", "category", "group", "_size", "base", "count", "share", "share_everyone"]
    )
    return frame.assign(lo=frame["share"] - 0.0333, hi=frame["share"] + 0.0333, difference=9.0)


def test_the_base_of_everyone_is_that_of_the_variable() -> None:
    assert everyone_base(prevalence()).to_dict() == {"x": 490, "y": 2990}


def test_prevalences_have_the_digits_of_their_base_and_differ_by_what_is_shown() -> None:
    after = round_prevalence(prevalence(), threshold=10)
    # a step of everyone's share stands for five respondents or more: 2% of 490, 1% of 2,990
    assert after["share"].tolist() == [0.26, 0.43, 0.18, 0.1, 0.05]
    assert after["share_everyone"].tolist() == [0.26, 0.26, 0.26, 0.1, 0.1]
    assert after["lo"].tolist() == [0.22, 0.4, 0.14, 0.07, 0.02]
    assert after["hi"].tolist() == [0.28, 0.47, 0.21, 0.13, 0.08]
    assert after["difference"].tolist() == [0.0, 0.17, -0.08, 0.0, -0.05]
    # everyone's base: the size less the missing in whole tens; a group's is rounded to tens as well
    assert after["base"].tolist() == [490, 150, 350, 2990, 900]
    assert after["count"].tolist() == [120, 60, 60, 300, 50]
    odd = round_prevalence(prevalence().assign(_size=[503, 153, 350, 3000, 900]), threshold=10)
    assert odd["base"].tolist() == [493, 140, 350, 2990, 900]


def factors() -> pd.DataFrame:
    return pd.DataFrame(
        {"variable": ["x"], "type": ["T1"], "base_type": [143], "base_rest": [2347], "exposed_type": [62],
         "exposed_rest": [301], "_size_type": [153], "_size_rest": [2350], "prevalence_type": [0.43357],
         "prevalence_rest": [0.12825], "prevalence_type_whole": [0.43357], "difference": [0.30532],
         "difference_lo": [-0.20532], "odds_ratio": [5.1967], "p": [0.00012345], "note": ["kept"]}
    )  # fmt: skip


def test_factors_round_each_side_to_its_base() -> None:
    row = round_factors(factors(), threshold=10).iloc[0]
    assert row["prevalence_type"] == row["prevalence_type_whole"] == 0.43
    assert row["prevalence_rest"] == 0.128
    assert row["difference"] == 0.31
    assert row["difference_lo"] == -0.21
    assert row["odds_ratio"] == 5.2
    assert row["p"] == 0.00012
    # 153 less one whole ten missing, 2350 less none; then tens
    assert row["base_type"] == 140
    assert row["base_rest"] == 2350
    assert row["exposed_type"] == 60
    assert row["exposed_rest"] == 300
    assert row["note"] == "kept"


def test_outcomes_round_types_and_everyone_apart() -> None:
    frame = pd.DataFrame(
        {"outcome": ["y"], "type": ["T1"], "base": [143], "count": [62], "_size": [153],
         "prevalence": [0.43357], "lo": [0.35357], "hi": [0.51357], "prevalence_naive": [0.42357],
         "everyone": [0.10067], "everyone_lo": [0.08967], "everyone_hi": [0.11167]}
    )  # fmt: skip
    row = round_outcomes(frame, prevalence(), threshold=10).iloc[0]
    assert row[["prevalence", "lo", "hi", "prevalence_naive"]].tolist() == [0.43, 0.35, 0.51, 0.42]
    assert row[["everyone", "everyone_lo", "everyone_hi"]].tolist() == [0.1, 0.09, 0.11]
    assert row["base"] == 140
    assert row["count"] == 60


def test_replication_shares_stand_for_half_the_threshold() -> None:
    told = ["share", "lo", "hi", "difference", "difference_lo", "difference_hi"]
    frame = pd.DataFrame({"n": [37, 37, 37], "base": [143, 623, 52], **dict.fromkeys(told, 0.2634)})
    frame["difference_lo"] = -0.004
    after = round_replication(frame, threshold=10)
    for name in told:
        expected = [0.0, 0.0, 0.0] if name == "difference_lo" else [0.25, 0.26, 0.3]
        assert after[name].tolist() == expected
        assert not np.signbit(after[name]).any()
    assert after["n"].tolist() == [40, 40, 40]
    assert after["base"].tolist() == [140, 620, 50]


def test_measurement_differences_keep_two_decimals_and_two_digits() -> None:
    frame = pd.DataFrame(
        {"count": [37], "base": [143], **dict.fromkeys(["observed", "expected", "size"], 0.12345),
         **dict.fromkeys(["ratio", "p", "q"], 12.345), "freedom": [3]}
    )  # fmt: skip
    row = round_measurement(frame, threshold=10).iloc[0].to_dict()
    assert row == {
        "count": 40, "base": 140, "observed": 0.12, "expected": 0.12, "size": 0.12, "ratio": 12.0, "p": 12.0,
        "q": 12.0, "freedom": 3,
    }  # fmt: skip


def fits(**more: object) -> pd.DataFrame:
    likelihood, parameters, n = -1000.26, 20, 150
    return pd.DataFrame(
        {"log_likelihood": [likelihood], "parameters": [parameters],
         "aic": [-2 * likelihood + 2 * parameters],
         "bic": [-2 * likelihood + parameters * np.log(n)],
         "abic": [-2 * likelihood + parameters * np.log((n + 2) / 24)],
         "adjusted_bic": [-2 * likelihood + parameters * np.log((n + 2) / 24)], **more}
    )  # fmt: skip


def test_criteria_have_no_decimals() -> None:
    after = round_models(fits(gain=[12.7], entropy=[0.87654]), clustered=150, aside=0.0, threshold=10)
    row = after.iloc[0]
    assert row["log_likelihood"] == -1000
    assert row["aic"] == 2041
    assert row["bic"] == round(2000.52 + 20 * np.log(150))
    assert row["gain"] == 13
    assert row["entropy"] == 0.87654


def test_the_criteria_are_those_of_as_many_as_if_nobody_had_been_set_aside() -> None:
    with_count = round_models(fits(), clustered=150, aside=9.0, threshold=10).iloc[0]
    without = round_models(fits().drop(columns="parameters"), clustered=150, aside=9.0, threshold=10).iloc[0]
    for row in (with_count, without):
        assert row["bic"] == round(2000.52 + 20 * np.log(159))
        assert row["abic"] == row["adjusted_bic"] == round(2000.52 + 20 * np.log(161 / 24))
        assert row["aic"] == 2041
    assert with_count["bic"] != round_models(fits(), clustered=150, aside=0.0, threshold=10)["bic"].iloc[0]


def test_models_without_a_likelihood_have_no_criteria_to_move() -> None:
    frame = pd.DataFrame({"noise": [0.123], "bic": [100.4]})
    after = round_models(frame, clustered=150, aside=9.0, threshold=10)
    assert after["bic"].tolist() == [100]


@pytest.mark.parametrize(
    ("smallest", "shown", "noise"),
    [(9, np.nan, 0.0), (10, 0.07, 0.07), (19, 0.13, 0.07), (20, 0.13, 0.13), (150, 1.0, 1.0)],
)
def test_shares_of_models_are_whole_steps_of_respondents(smallest: int, shown: float, noise: float) -> None:
    frame = pd.DataFrame({"smallest_share": [smallest / 150], "noise": [smallest / 150]})
    after = round_models(frame, clustered=150, aside=0.0, threshold=10)
    np.testing.assert_array_equal(after["smallest_share"], [shown])
    assert after["noise"].tolist() == [noise]


def test_shares_are_of_a_rounded_whole_and_never_above_it() -> None:
    frame = pd.DataFrame({"smallest_share": [80 / 153, 1.0]})
    after = round_models(frame, clustered=153, aside=0.0, threshold=10)
    assert after["smallest_share"].tolist() == [0.53, 1.0]
    tiny = round_models(pd.DataFrame({"noise": [1.0]}), clustered=4, aside=0.0, threshold=10)
    assert tiny["noise"].tolist() == [0.0]
    # 154 are shown as 150; 150 of them would be all, 154 not more
    over = round_models(pd.DataFrame({"noise": [1.0]}), clustered=14, aside=0.0, threshold=10)
    assert over["noise"].tolist() == [1.0]


def test_nothing_is_told_of_models_whose_respondents_nobody_counts() -> None:
    frame = fits(smallest_share=[0.3], noise=[0.2])
    row = round_models(frame, clustered=None, aside=0.0, threshold=10).iloc[0]
    assert np.isnan(row["smallest_share"])
    assert np.isnan(row["noise"])
    assert row["log_likelihood"] == -1000


def test_rows_are_matched_whatever_their_index() -> None:
    moved = prevalence().set_index(pd.Index([5, 3, 8, 1, 2]))
    after = round_prevalence(moved, threshold=10)
    assert after["share_everyone"].tolist() == [0.26, 0.26, 0.26, 0.1, 0.1]
    told = dict.fromkeys(["share", "lo", "hi", "difference", "difference_lo", "difference_hi"], 0.2634)
    frame = pd.DataFrame({"n": [37, 37], "base": [143, 623], **told}, index=[7, 4])
    assert round_replication(frame, threshold=10)["share"].tolist() == [0.25, 0.26]
    outcome = pd.DataFrame(
        {"outcome": ["y"], "base": [143], "count": [62], "_size": [153], **dict.fromkeys(
            ["prevalence", "lo", "hi", "prevalence_naive", "everyone", "everyone_lo", "everyone_hi"],
            0.10067)},
        index=[9],
    )  # fmt: skip
    assert round_outcomes(outcome, prevalence(), threshold=10)["everyone"].tolist() == [0.1]


@pytest.mark.parametrize(
    ("base", "step"), [(60, 0.1), (150, 0.05), (300, 0.02), (500, 0.01), (2_500, 0.01), (5_000, 0.001)]
)
def test_a_step_of_everyone_s_share_stands_for_half_the_threshold(base: int, step: float) -> None:
    assert whole_step(base, threshold=10) == step


def test_the_number_of_parameters_is_taken_where_it_is_told() -> None:
    frame = pd.DataFrame(
        {"log_likelihood": [-1000.0], "parameters": [200], "abic": [3000.0], "bic": [3000.0]}
    )
    row = round_models(frame, clustered=150, aside=9.0, threshold=10).iloc[0]
    assert row["bic"] == round(3000 + 200 * np.log(159 / 150))
    assert row["abic"] == round(3000 + 200 * np.log(161 / 152))
