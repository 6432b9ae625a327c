from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_tables
from typology.errors import RunFolderError
from typology.profile import released, wording


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.195, "19.5%"), (0.157, "15.7%"), (0.5, "50%"), (0.03, "3%"), (0.29, "29%"), (0.099, "9.9%"),
        (0.03124, "3.1%"), (0.19512, "20%"), (0.09951, "10%"),
    ],
)  # fmt: skip
def test_a_percentage_has_the_decimals_its_number_carries(share: float, text: str) -> None:
    assert wording.percent(share) == text


def test_the_base_decides_where_it_is_known() -> None:
    assert wording.percent(0.2, decimals=1) == "20.0%"
    assert wording.percent_interval(0.15, 0.2, decimals=1) == "15.0 to 20.0%"


def test_of_a_withheld_core_the_band_is_told() -> None:
    assert wording.core_text(0.84, "half to 90%") == "84%"
    assert wording.core_text(float("nan"), "over 90%") == "over 90%"


@pytest.mark.parametrize(("value", "text"), [(11.3, "11"), (2.44, "2.4"), (1.0, "1.0"), (0.333, "0.33")])
def test_ratio(value: float, text: str) -> None:
    assert wording.ratio(value) == text


def test_p_values_are_never_zero() -> None:
    assert wording.p_value(0.0) == "< 0.001"
    assert wording.p_value(0.0476) == "0.048"
    assert wording.p_value(0.52) == "0.52"


def test_reasons_for_suppression_do_not_tell_small_cells_from_protecting_ones() -> None:
    text = wording.why_suppressed("threshold", threshold=10)
    assert "fewer than 10" in text
    assert "give them away" in text
    assert wording.why_suppressed("another rule", threshold=10) == "another rule"


def test_lists_are_sentences() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"


def test_blanks_from_files_are_text_numbers_or_no() -> None:
    column = pd.Series([np.nan, "True", "False", True, 1.0, None], dtype=object)
    assert released.as_truth(column).to_list() == [False, True, False, True, True, False]
    assert released.as_text(pd.Series([np.nan, "a"], dtype=object)).to_list() == ["", "a"]
    assert np.isnan(released.as_number(pd.Series(["", "1.5"]).replace("", np.nan))).to_list() == [True, False]


def test_tables_without_a_suppressed_column_have_nothing_suppressed() -> None:
    tables = make_tables(2)
    assert "suppressed" not in tables["participation"].columns
    assert set(released.table(tables, "participation")["suppressed"]) == {""}


def test_a_missing_column_is_said_by_name() -> None:
    with pytest.raises(RunFolderError, match="lacks share"):
        released.table({"types": pd.DataFrame({"id": []})}, "types", columns=["id", "share"])
