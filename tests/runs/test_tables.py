"""Release tables as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from typology.runs.tables import disarm, plain, read_table, rearm, table_bytes, write_json

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def test_whole_counts_stay_whole_beside_gaps() -> None:
    frame = pd.DataFrame({"n": [12.0, np.nan, 1_234_567.0], "share": [0.1, np.nan, 1 / 3]})
    assert table_bytes(frame) == b"n,share\n12,0.1\n,\n1234567,0.3333333333\n"


@pytest.mark.parametrize(
    "label", ["=1+1", "+44 20", "-often", "@home", "\tx", "\nx", '=HYPERLINK("http://x")']
)
def test_formulas_are_disarmed_in_the_file_and_read_back_as_they_were(label: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"label": [label, "plain"], "difference": [-0.25, 0.5]})
    path = tmp_path / "t.csv"
    path.write_bytes(table_bytes(frame))
    cells = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert not cells["label"].str.startswith(FORMULAS).any()
    back = read_table(path)
    assert list(back["label"]) == [label, "plain"]
    assert list(back["difference"]) == [-0.25, 0.5]


@given(st.text() | st.text(alphabet="'=+-@a"))
def test_disarming_can_be_undone(text: str) -> None:
    assert rearm(disarm(text)) == text
    assert not str(disarm(text)).startswith(FORMULAS)


@pytest.mark.parametrize("broken", ["\r", "\r\n", "\n"])
def test_a_line_break_in_a_label_breaks_no_row(broken: str, tmp_path: Path) -> None:
    label = f'one{broken}two, "three"'
    frame = pd.DataFrame({"label": [label, f"{broken}=1+1"], "n": [20.0, 30.0]})
    path = tmp_path / "t.csv"
    path.write_bytes(table_bytes(frame))
    assert b"\r" not in path.read_bytes()
    back = read_table(path)
    assert list(back["label"]) == ['one\ntwo, "three"', "\n=1+1"]
    assert list(back["n"]) == [20, 30]


def test_words_stay_words(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"category": ["1", "NA", "None"], "category_label": ["1", "null", ""], "n": [20, 30, np.nan]}
    )
    path = tmp_path / "t.csv"
    path.write_bytes(table_bytes(frame))
    back = read_table(path)
    assert list(back["category"]) == ["1", "NA", "None"]
    assert list(back["category_label"]) == ["1", "null", ""]
    assert back["n"].isna().tolist() == [False, False, True]


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "types.csv"
    path.write_bytes(table_bytes(pd.DataFrame({"id": pd.Series(dtype=object), "n": pd.Series(dtype=float)})))
    assert list(read_table(path).columns) == ["id", "n"]


def test_the_caller_keeps_its_frame() -> None:
    frame = pd.DataFrame({"label": ["=1"], "n": [1.0]})
    table_bytes(frame)
    assert frame.loc[0, "label"] == "=1"


def test_json_knows_no_nan(tmp_path: Path) -> None:
    value = {"a": np.float64("nan"), "b": (np.int64(3), pd.NA), "c": {"d": float("inf")}, "e": np.bool_(True)}
    assert plain(value) == {"a": None, "b": [3, None], "c": {"d": None}, "e": True}
    write_json(value, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["b"] == [3, None]
