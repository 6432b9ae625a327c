"""What is left of a row that is hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd
from disclose.test_suppress import table

from typology.disclose.blank import as_read, blanked, hidden_of, hidden_too, log_of


def rows(**more: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"group": ["T1", "T2", "everyone"], "n": [4, 30, 34], "share": [0.1, 0.3, 0.2], "_size": 40, **more},
        index=[5, 6, 7],
    )


def test_a_hidden_row_keeps_its_keys_alone_and_columns_of_the_check_go() -> None:
    made = table("severity", rows(), ["group"])
    told = blanked(made, made.frame, np.array([True, False, False]))
    assert list(told.frame) == ["group", "n", "share", "suppressed"]
    assert told.frame.index.tolist() == [0, 1, 2]
    assert told.frame["group"].tolist() == ["T1", "T2", "everyone"]
    assert told.frame["suppressed"].tolist() == ["threshold", "", ""]
    assert told.frame["n"].isna().tolist() == told.frame["share"].isna().tolist() == [True, False, False]
    assert hidden_of(told).tolist() == [True, False, False]
    assert "_size" in made.frame


def test_everyones_share_goes_with_everyones_row_and_takes_the_difference_with_it() -> None:
    made = table("prevalence", rows(share_everyone=0.2, difference=0.1), ["group"])
    hidden, no_whole = np.array([True, False, False]), np.array([False, True, False])
    told = blanked(made, made.frame, hidden, no_whole).frame
    assert told["share_everyone"].isna().tolist() == [False, True, False]
    # a share that is hidden leaves no difference either
    assert told["difference"].isna().tolist() == [True, True, False]
    assert told["n"].isna().tolist() == [True, False, False]
    assert list(told) == ["group", "n", "share", "share_everyone", "difference", "suppressed"]
    whole = blanked(made, made.frame, hidden).frame  # nothing is said of everyone: with the row
    assert whole["share_everyone"].isna().tolist() == [True, False, False]
    other = table("severity", rows(share_everyone=0.2, difference=0.1), ["group"])
    plain = blanked(other, other.frame, hidden, no_whole).frame
    assert plain["share_everyone"].isna().tolist() == plain["difference"].isna().tolist() == hidden.tolist()


def test_hiding_more_keeps_what_was_hidden_and_the_keys() -> None:
    made = table("severity", rows(), ["group"])
    first = blanked(made, made.frame, np.array([True, False, False]))
    told = hidden_too(first, np.array([False, True, False]))
    assert told.frame["suppressed"].tolist() == ["threshold", "threshold", ""]
    assert told.frame["group"].tolist() == ["T1", "T2", "everyone"]
    assert told.frame[["n", "share"]].isna().all(axis=1).tolist() == [True, True, False]
    assert list(told.frame) == list(first.frame)
    assert first.frame["n"].isna().tolist() == [True, False, False]  # the first is left alone
    assert [entry["row"] for entry in log_of(told)] == [{"group": "T1"}, {"group": "T2"}]


def test_what_is_shown_has_no_rule_when_it_is_read_back() -> None:
    made = table("severity", rows(), ["group"])
    told = blanked(made, made.frame, np.array([True, False, False]))
    read = as_read([told])["severity"]
    assert read["suppressed"].isna().tolist() == [False, True, True]
    assert read["n"].equals(told.frame["n"])
