"""What is shown where a size is withheld: shares of rounded counts, and only there."""

from __future__ import annotations

import pandas as pd

from typology.disclose.rounding import round_factors, round_outcomes, round_prevalence, round_replication


def prevalence() -> pd.DataFrame:
    """96 in T1 and 54 in T2 gave 36 and 24 times the answer, 60 of 150 in all."""
    rows = [("everyone", 150, 60), ("T1", 96, 36), ("T2", 54, 24)]
    frame = pd.DataFrame(rows, columns=["group", "base", "count"]).assign(variable="x", category="1")
    share = frame["count"] / frame["base"]
    return frame.assign(
        _size=frame["base"], share=share, lo=share - 0.1, hi=share + 0.1, share_everyone=0.4, difference=9.0
    )


def test_prevalences_of_types_move_to_the_share_of_rounded_counts_with_their_intervals() -> None:
    own = round_prevalence(prevalence(), threshold=10)
    assert own["share"].tolist() == [0.4, 0.38, 0.44]
    assert own["lo"].tolist() == [0.3, 0.28, 0.34]
    assert own["difference"].tolist() == [0.0, -0.02, 0.04]
    # 40 of 100 and 20 of 50; everyone's stays
    told = round_prevalence(prevalence(), coarse=True, threshold=10)
    assert told["share"].tolist() == [0.4, 0.4, 0.4]
    assert told["lo"].tolist() == [0.3, 0.3, 0.3]
    assert told["hi"].tolist() == [0.5, 0.5, 0.5]
    assert told["difference"].tolist() == [0.0, 0.0, 0.0]


def outcomes() -> pd.DataFrame:
    rows = prevalence().iloc[1:].rename(columns={"variable": "outcome", "share": "prevalence"})
    everyone = dict.fromkeys(["everyone", "everyone_lo", "everyone_hi"], 0.4)
    return rows.assign(prevalence_naive=rows["prevalence"], **everyone)


def test_outcomes_of_types_move_to_the_share_of_rounded_counts_with_their_intervals() -> None:
    own = round_outcomes(outcomes(), prevalence(), threshold=10)
    assert own["prevalence"].tolist() == own["prevalence_naive"].tolist() == [0.38, 0.44]
    told = round_outcomes(outcomes(), prevalence(), coarse=True, threshold=10)
    assert told["prevalence"].tolist() == told["prevalence_naive"].tolist() == [0.4, 0.4]
    assert told["lo"].tolist() == [0.3, 0.3]
    assert told["hi"].tolist() == [0.5, 0.5]
    assert told["everyone"].tolist() == [0.4, 0.4]


def test_a_corrected_outcome_is_no_share_of_counts_and_stays() -> None:
    corrected = outcomes().assign(prevalence=[0.3712, 0.4412])
    told = round_outcomes(corrected, prevalence(), coarse=True, threshold=10)
    assert told["prevalence"].tolist() == [0.37, 0.44]
    assert told["prevalence_naive"].tolist() == [0.4, 0.4]


def test_a_type_and_the_rest_are_set_against_each_other_by_rounded_counts() -> None:
    frame = pd.DataFrame(
        {"base_type": [96], "base_rest": [54], "exposed_type": [36], "exposed_rest": [24], "_size_type": [96],
         "_size_rest": [54], "prevalence_type": [36 / 96], "prevalence_rest": [24 / 54],
         "difference": [36 / 96 - 24 / 54], "odds_ratio": [0.75]}
    )  # fmt: skip
    own = round_factors(frame, threshold=10).iloc[0]
    assert own[["prevalence_type", "prevalence_rest", "difference"]].tolist() == [0.38, 0.44, -0.07]
    told = round_factors(frame, coarse=True, threshold=10).iloc[0]
    assert told[["exposed_type", "base_type"]].tolist() == [40, 100]
    assert told[["exposed_rest", "base_rest"]].tolist() == [20, 50]  # what 40 and 100 leave of 60 and 150
    assert told[["prevalence_type", "prevalence_rest", "difference"]].tolist() == [0.4, 0.4, 0.0]


def test_types_by_country_move_to_the_share_of_rounded_counts_with_their_intervals() -> None:
    share = 264 / 564
    frame = pd.DataFrame(
        {"type": ["T1"], "n": [264], "base": [564], "share": share, "lo": share - 0.1, "hi": share + 0.1,
         **{name: [0.0123] for name in ("difference", "difference_lo", "difference_hi")}}
    )  # fmt: skip
    own = round_replication(frame, threshold=10)
    assert own[["n", "base", "share", "lo", "hi"]].iloc[0].tolist() == [260, 560, 0.47, 0.37, 0.57]
    told = round_replication(frame, coarse=True, threshold=10)
    assert list(told) == list(frame)
    assert told[["n", "base", "share", "lo", "hi"]].iloc[0].tolist() == [260, 560, 0.46, 0.36, 0.56]
    assert told["difference"].tolist() == [0.01]
