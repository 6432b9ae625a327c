"""Files of SPSS and Stata: what they declare survives, and one odd column does not spoil a file."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from tests.survey.mini import mini_frame, write_mini
from typology.schema.codebook import Variable
from typology.schema.load import load_study
from typology.survey.codes import RawColumn, resolve
from typology.survey.draft import draft_codebook
from typology.survey.files import read_table
from typology.survey.read import read_survey
from typology.survey.response_sets import tick_sets
from typology.survey.suspicion import suspicions
from typology.survey.table import FileMissing, RawTable


def declare_in_por(path: Path, records: dict[str, str]) -> None:
    """Put declarations of missing codes behind the record of a variable, as SPSS writes them."""
    text = "".join(line.ljust(80) for line in path.read_text(encoding="latin-1").splitlines())
    for name, record in records.items():
        at = text.index(f"{len(name)}/{name}") + len(f"{len(name)}/{name}")
        for _ in range(6):
            at = text.index("/", at) + 1
        text = text[:at] + record + text[at:]
    lines = [text[i : i + 80] for i in range(0, len(text), 80)]
    path.write_bytes("\r\n".join([*lines[:-1], lines[-1].ljust(80, "Z"), ""]).encode("latin-1"))


def test_user_missing_codes_of_a_por_file_are_kept_and_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "p.por"
    frame = pd.DataFrame(
        {
            "Q1": [1.0, 2.0, 9.0, 97.0, 98.5, np.nan],
            "Q2": [1.0, -5.0, -0.5, 3.0, 4.0, np.nan],
            "Q3": [1.0, 2.0, 3.0, 900.0, 1000.0, 5.0],
            "NAME": ["a", "b", "ZZ", "c", "", "d"],
        }
    )
    labels = {"Q1": {1.0: "Never", 2.0: "Often", 9.0: "Refused"}, "NAME": {"a": "Anna"}}
    pyreadstat.write_por(frame, str(path), column_labels={"Q1": "How often"})
    # 9; 97 to 98.5 (3:7 and 3:8.F to the base 30); up to -0.5; from 900; and the text ZZ
    records = {"Q1": "89/B37/38.F/", "Q2": "9-.F/", "Q3": "A100/", "NAME": "82/ZZ"}
    declare_in_por(path, records)
    table = read_table(path, shown="p.por")
    assert table.notes == ()
    assert table.missing == {
        "Q1": FileMissing((9.0,), ((97.0, 98.5),)),
        "Q2": FileMissing((), ((-np.inf, -0.5),)),
        "Q3": FileMissing((), ((900.0, np.inf),)),
        "NAME": FileMissing(("ZZ",)),
    }
    pd.testing.assert_frame_equal(table.frame.replace("", None), frame.replace("", None), check_dtype=False)
    column = RawColumn(table.frame["Q1"], labels["Q1"], table.missing["Q1"])
    kinds = resolve(column, Variable(label="q", type="ordinal")).missing
    assert list(kinds) == ["", "", "Refused", "user-missing 97", "user-missing 98.5", "system"]
    survey_columns = resolve(
        RawColumn(table.frame["NAME"], {}, table.missing["NAME"]), Variable(label="n", type="nominal")
    )
    assert list(survey_columns.missing) == ["", "", "user-missing ZZ", "", "system", ""]


def test_a_por_file_in_another_character_set_says_what_it_cannot_tell(tmp_path: Path) -> None:
    from typology.survey.por_file import split_por

    content, missing, notes = split_por(b"\x00" * 600)
    assert (content, missing) == (b"\x00" * 600, {})
    assert "save it as .sav" in notes[0]


def test_an_impossible_date_in_an_unused_column_does_not_spoil_the_file(tmp_path: Path) -> None:
    path = write_mini(tmp_path, data="mini.sav")
    frame = mini_frame().assign(when=1e18)
    pyreadstat.write_sav(frame, str(tmp_path / "mini.sav"), variable_format={"when": "DATE11"})
    assert read_survey(load_study(path)).n_read == 120
    assert read_table(tmp_path / "mini.sav", shown="m").dates == {"when"}
    assert "holds dates" in draft_codebook(tmp_path / "mini.sav")


def test_text_in_another_encoding_than_declared_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "e.sav"
    frame = pd.DataFrame({"town": ["Cefalù PA", "Rome"], "y": [1.0, 2.0]})
    pyreadstat.write_sav(frame, str(path), column_labels={"y": "Età"})
    content = (
        path.read_bytes().replace("Cefalù PA".encode(), b"Cefal\xf9 PA ").replace("Età".encode(), b"Et\xe0 ")
    )
    path.write_bytes(content)
    table = read_table(path, shown="e.sav")
    assert list(table.frame["town"]) == ["Cefalù PA", "Rome"]
    assert table.labels["y"] == "Età"
    assert "read as Windows-1252" in table.notes[0]


def with_set(path: Path, declaration: str) -> None:
    """Add a multiple-response set to a .sav file: an extension record before the end of its dictionary."""
    content, data = path.read_bytes(), declaration.encode()
    end = content.index(struct.pack("<ii", 999, 0))
    record = struct.pack("<iiii", 7, 7, 1, len(data)) + data
    path.write_bytes(content[:end] + record + content[end:])


BOXES = pd.DataFrame(
    {
        "a": [1.0, np.nan, np.nan, 1.0] * 20,
        "b": [np.nan, 1.0, np.nan, 1.0] * 20,
        "c": [np.nan] * 80,
        "d": [1.0, 0.0, np.nan, 0.0] * 20,
    }
)


def test_boxes_ticked_or_left_blank_become_yes_and_no(tmp_path: Path) -> None:
    path = tmp_path / "boxes.sav"
    pyreadstat.write_sav(BOXES, str(path), row_compress=False)
    with_set(path, "$harm=D1 1 4 Harm a b c d\n")
    table = read_table(path, shown="boxes.sav")
    assert table.multiple == {"harm": ("Harm", 1, ("a", "b", "c", "d"))}
    assert list(table.frame["a"][:4]) == [1, 0, pytest.approx(np.nan, nan_ok=True), 1]
    assert list(table.frame["b"][:2]) == [0, 1]
    assert list(table.frame["c"].dropna().unique()) == [0]
    assert table.frame["d"].isna().sum() == 20, "a variable with its own code for no keeps its blanks"
    assert "not chosen (0) in a, b, c" in table.notes[0]
    (tmp_path / "codebook.yaml").write_text(draft_codebook(path), encoding="utf-8")
    study = tmp_path / "study.yaml"
    study.write_text("study: s\nsurvey: {data: boxes.sav, codebook: codebook.yaml}\n", encoding="utf-8")
    loaded = load_study(study)
    assert {v.type for v in loaded.codebook.variables.values()} == {"binary"}
    survey = read_survey(loaded)
    assert any("read as not chosen" in str(remark) for remark in suspicions(loaded, survey))


def test_a_set_of_many_answers_gives_one_item_an_answer() -> None:
    frame = pd.DataFrame({"first": [1.0, 2, 99, np.nan, 3], "second": [2.0, np.nan, np.nan, np.nan, 1]})
    missing = {"first": FileMissing((99.0,)), "second": FileMissing((99.0,))}
    labels = {name: {1.0: "Parent", 2.0: "Friend", 3.0: "Police", 99.0: "Refused"} for name in frame}
    table = RawTable(frame, value_labels=labels, missing=missing)
    one = {"label": "Told", "is_dichotomy": False, "counted_value": None, "variable_list": list(frame)}
    spread = tick_sets(table, {"told": one})
    kinds = {}
    for code, expected in (
        (1, [1, 0, None, None, 1]),
        (2, [1, 1, None, None, 0]),
        (3, [0, 0, None, None, 1]),
    ):
        name = f"told_{code}"
        column = RawColumn(spread.frame[name], spread.value_labels[name], spread.missing[name])
        found = resolve(column, Variable(label="t", type="binary"))
        assert [None if np.isnan(a) else a for a in found.answers] == expected
        assert found.variable.positive == 1
        kinds[name] = list(found.missing)
    assert kinds["told_1"] == ["", "", "Refused", "system", ""]
    assert spread.labels["told_2"] == "Told: Friend"
    assert spread.ticked == dict.fromkeys(kinds, "Told")


def test_a_set_does_not_overwrite_a_column_of_that_name() -> None:
    frame = pd.DataFrame({"m": [1.0, 2.0], "told_1": [5.0, 6.0]})
    one = {"label": "", "is_dichotomy": False, "counted_value": None, "variable_list": ["m"]}
    spread = tick_sets(RawTable(frame), {"told": one})
    assert list(spread.frame.columns) == ["m", "told_1"]
    assert "told_1 is there already" in spread.notes[0]


def test_lists_in_a_parquet_column_are_told_and_harm_nobody_else(tmp_path: Path) -> None:
    frame = mini_frame().assign(extra=[[1, 2]] * 120)
    path = write_mini(tmp_path, frame=frame, data="mini.parquet")
    assert read_survey(load_study(path)).n_read == 120
    assert "extra" in draft_codebook(tmp_path / "mini.parquet")


def test_labels_of_a_file_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.sav"
    frame = pd.DataFrame({"where": [1.0, 2.0, 9.0] * 5})
    labels = {"where": {1.0: "At\nhome", 2.0: "Away\r=1+1", 9.0: "Not\x07 sure"}}
    pyreadstat.write_sav(
        frame, str(path), variable_value_labels=labels,
        missing_ranges={"where": [{"lo": 9.0, "hi": 9.0}]},
    )  # fmt: skip
    table = read_table(path, shown="broken.sav")
    raw = RawColumn(table.frame["where"], table.value_labels["where"], table.missing["where"])
    variable = resolve(raw, Variable(label="Where", type="nominal")).variable
    assert variable.values == {1: "At home", 2: "Away =1+1"}
    assert variable.missing == {9: "Not sure"}
