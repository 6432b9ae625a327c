"""Broken survey files: each fault names the file, the variable, the value and the way out."""

# ruff: noqa: E501 - a case is one row of a table
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.survey.mini import CODEBOOK, STUDY, mini_frame, write_frame, write_mini
from typology.errors import InputFault, InputFaults
from typology.schema.load import load_study
from typology.survey.check import check_survey, suspicions
from typology.survey.files import read_table
from typology.survey.read import read_survey

Change = Callable[[pd.DataFrame], object]


def faults_of(path: Path) -> tuple[InputFault, ...]:
    study = load_study(path)
    with pytest.raises(InputFaults) as caught:
        read_survey(study)
    return caught.value.faults


def changed(column: str, value: object, rows: int = 3) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.astype(object)
        frame.loc[frame.index[:rows], column] = value
        return frame

    return change


CASES: list[tuple[str, Change, tuple[str, ...]]] = [
    ("undeclared code", changed("threat", 3),
     ("mini.csv: threat: holds codes the codebook does not declare (found: 3 (3x))", "`missing`", "codebook.yaml:11")),
    ("several undeclared codes", lambda f: changed("threat", 7, 2)(changed("threat", 5, 4)(f)),
     ("threat", "7 (2x), 5 (2x)")),
    ("undeclared text", changed("chat", "sometimes"), ("chat", "sometimes (3x)")),
    ("labels for codes", lambda f: f.assign(chat=f["chat"].map({1: "Never", 2: "Rarely", 3: "Often"})),
     ("chat: holds the labels instead of the codes", "Never", "Export the survey with codes")),
    ("fraction of a code", changed("chat", 1.5), ("chat", "1.5 (3x)")),
    ("text in a number", changed("age", "twenty"), ("age: holds cells that are not numbers (found: twenty (3x))", "`missing`")),
    ("infinite number", changed("age", np.inf), ("age: holds cells that are not numbers (found: inf (3x))",)),
    ("dates as text", lambda f: f.assign(age="2001-05-06"), ("age: is a date, which cannot be analysed (found: 2001-05-06 (120x))", "such as age", "codebook.yaml:14")),
    ("dates written otherwise", lambda f: f.assign(chat="6.5.2001"), ("chat: is a date, which cannot be analysed", "`role: ignore`")),
    ("no weight", changed("wt", np.nan), ("wt: the weight is missing for 3 respondents", "`role: ignore`")),
    ("negative weight", changed("wt", -0.5), ("wt: the weight is negative for 3 respondents (found: -0.5)",)),
    ("all weights zero", lambda f: f.assign(wt=0), ("wt: every weight is zero (found: 0)",)),
    ("no id", changed("rid", np.nan, 2), ("rid: the id is missing for 2 respondents", "number the rows")),
    ("clashing ids", lambda f: f.assign(rid=f["rid"].replace(2, 1)), ("rid: the same id stands for different answers (found: rows 1, 2)", "Keep one row")),
    ("constant ids", lambda f: f.assign(rid=7), ("rid: all 120 rows have the same id (found: 7)", "`role: ignore` in codebook.yaml:3 to number the rows")),
    ("what a few wrote at length", changed("chat", "my uncle John Miller of 12 High Street did"), ("(found: a longer text (3x))",)),
    ("a date of each", lambda f: f.assign(age=pd.date_range("1999-03-01", periods=len(f)).astype(str)), ("(found: a date (120x))",)),
    ("orders to the terminal", changed("age", "\x1b]0;x\x07\u202e1"), (r"(found: \x1b]0;x\x07\u202e1 (3x))",)),
    ("weight infinite", changed("wt", np.inf), ("wt: holds cells that are not numbers (found: inf (3x))", "codebook.yaml:5")),
    ("variable not in the data", lambda f: f.rename(columns={"threat": "threats"}),
     ("threat: the codebook describes a variable the data do not hold", "Did you mean `threats`?", "codebook.yaml:11")),
    ("other case", lambda f: f.rename(columns={"chat": "CHAT"}), ("chat", "Did you mean `CHAT`?")),
    ("another survey", lambda f: f.rename(columns=lambda name: f"q_{name}_2"),
     ("holds only 0 of the 12 variables of the codebook", "q_rid_2", "codebook of another survey?")),
    ("no respondents", lambda f: f.iloc[:0], ("mini.csv: holds no respondents",)),
    ("binary with three codes", lambda f: f.assign(met=[1, 2, 3] * 40), ("met: is declared binary but has the codes 1, 2, 3",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "says"), CASES, ids=[case[0] for case in CASES])
def test_one_mistake_in_the_data_gives_one_line(
    tmp_path: Path, name: str, change: Change, says: tuple[str, ...]
) -> None:
    frame = change(mini_frame())
    assert isinstance(frame, pd.DataFrame), name
    (fault,) = faults_of(write_mini(tmp_path, frame=frame))
    for part in says:
        assert part in str(fault)
    assert fault.file == "mini.csv"
    assert fault.remedy
    assert "\n" not in str(fault)


def test_all_faults_of_the_data_are_told_together(tmp_path: Path) -> None:
    frame = changed("age", "x")(changed("chat", 8)(mini_frame()))
    assert isinstance(frame, pd.DataFrame)
    found = faults_of(write_mini(tmp_path, frame=frame.drop(columns="threat")))
    assert sorted(fault.variable for fault in found) == ["age", "chat", "threat"]


def test_an_ordinal_without_values_or_labels_is_not_guessed(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace(", values: {1: Never, 2: Rarely, 3: Often}", "")
    (fault,) = faults_of(write_mini(tmp_path, codebook=codebook))
    assert "chat: neither the codebook nor the data file says what its codes mean" in str(fault)
    assert "low to high" in str(fault)


@pytest.mark.parametrize("suffix", ["parquet", "xlsx", "sav", "dta"])
def test_dates_are_refused_politely(tmp_path: Path, suffix: str) -> None:
    frame = mini_frame()
    frame["age"] = pd.Timestamp("2001-05-06")
    (fault,) = faults_of(write_mini(tmp_path, frame=frame, data=f"mini.{suffix}"))
    assert "age: is a date, which cannot be analysed" in str(fault)
    assert "such as age" in fault.remedy


TEXTS: list[tuple[str, bytes, tuple[str, ...]]] = [
    ("empty", b"", ("the file is empty",)),
    ("zip named csv", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", ("not a text file, whatever its name says",)),
    (
        "long row",
        b"rid,threat\n1,2\n2,1,7\n",
        ("line 3 does not fit the column names (found: 3 cells for 2 names)",),
    ),
    ("every row long", b"rid,threat\n1,2,9\n2,1,7\n", ("line 2 does not fit the column names",)),
    ("short row", b"rid,threat,chat\n1,2,1\n2\n", ("line 3 does not fit the column names (found: 1 cells",)),
    (
        "same column twice",
        b"rid,threat,threat\n1,2,2\n",
        ("threat: 2 columns have the same name (found: threat)",),
    ),
    ("column without a name", b"rid,,threat\n1,2,2\n", ("1 columns have no name",)),
    ("open quote", b'rid,threat\n1,"2\n', ("cannot be split into cells",)),
    ("header only", b"rid,threat\n", ("holds no respondents",)),
    ("broken utf-16", b"\xff\xfea", ("encoding cannot be told",)),
]


@pytest.mark.parametrize(("name", "content", "says"), TEXTS, ids=[text[0] for text in TEXTS])
def test_broken_text_files(tmp_path: Path, name: str, content: bytes, says: tuple[str, ...]) -> None:
    path = write_mini(tmp_path)
    (tmp_path / "mini.csv").write_bytes(content)
    told = "\n".join(map(str, faults_of(path)))
    for part in says:
        assert part in told, name


@pytest.mark.parametrize("suffix", ["sav", "zsav", "por", "dta", "sas7bdat", "parquet", "xlsx"])
@pytest.mark.parametrize("content", [b"rid,threat\n1,2\n", b"\x00" * 600])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = write_mini(tmp_path)
    (tmp_path / f"mini.{suffix}").write_bytes(content)
    path.write_text(STUDY.replace("mini.csv", f"mini.{suffix}"), encoding="utf-8")
    (fault,) = faults_of(path)
    assert fault.file == f"mini.{suffix}"
    assert "cannot be read as" in fault.message


def test_a_workbook_with_two_filled_sheets(tmp_path: Path) -> None:
    path = write_mini(tmp_path, data="mini.xlsx")
    with pd.ExcelWriter(tmp_path / "mini.xlsx") as writer:
        mini_frame().to_excel(writer, sheet_name="2015", index=False)
        mini_frame().to_excel(writer, sheet_name="notes", index=False)
    (fault,) = faults_of(path)
    assert "exactly one filled sheet (found: 2015, notes)" in str(fault)


def test_a_workbook_with_one_cell_at_its_far_end(tmp_path: Path) -> None:
    path = write_mini(tmp_path, data="mini.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mini.xlsx")
    book.worksheets[0].cell(row=1_048_576, column=16_384, value=1)
    book.save(tmp_path / "mini.xlsx")
    (fault,) = faults_of(path)
    assert "reaches over 17,179,869,184 cells. Delete what stands" in str(fault)


def test_a_data_file_that_vanished_after_loading(tmp_path: Path) -> None:
    study = load_study(write_mini(tmp_path))
    (tmp_path / "mini.csv").unlink()
    with pytest.raises(InputFaults, match=r"mini.csv: there is no such survey file"):
        read_survey(study)


def test_ten_thousand_columns_are_no_trouble(tmp_path: Path) -> None:
    wide = pd.DataFrame(np.ones((60, 10_000), dtype=int), columns=[f"x{i}" for i in range(10_000)])
    frame = pd.concat([mini_frame(60), wide], axis=1)
    survey = read_survey(load_study(write_mini(tmp_path, frame=frame)))
    assert survey.answers.shape == (60, 12)


def test_tables_of_unknown_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mini.ods"
    path.write_bytes(b"x")
    with pytest.raises(InputFaults, match=r"mini.ods: is not a kind of survey file that can be read"):
        read_table(path, shown="mini.ods")


def test_stata_letters_are_codes_a_codebook_can_name(tmp_path: Path) -> None:
    import pyreadstat

    frame = mini_frame().astype({"threat": object})
    frame["threat"] = [*["a"] * 4, *["b"] * 3, *frame["threat"].iloc[7:]]
    codebook = CODEBOOK.replace(
        "missing: {99: refused}}\n  met", 'missing: {99: refused, .a: refused, ".b": not sure}}\n  met'
    )
    path = write_mini(tmp_path, data="mini.dta", codebook=codebook)
    pyreadstat.write_dta(frame, str(tmp_path / "mini.dta"), missing_user_values={"threat": ["a", "b"]})
    survey = read_survey(load_study(path))
    assert list(survey.missing["threat"].iloc[:8]) == ["refused"] * 4 + ["not sure"] * 3 + [""]


def test_user_missing_codes_and_labels_of_the_file_are_merged(tmp_path: Path) -> None:
    import pyreadstat

    codebook = CODEBOOK.replace(", values: {1: Never, 2: Rarely, 3: Often}", "")
    path = write_mini(tmp_path, data="mini.sav", codebook=codebook)
    frame = mini_frame()
    frame.loc[[0, 1, 2], "chat"] = [97, 96, -5]
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "mini.sav"),
        variable_value_labels={"chat": {1: "Never", 2: "Rarely", 3: "Often", 97: "Refused"}},
        missing_ranges={"chat": [{"lo": 95, "hi": 99}, -5]},
    )
    survey = read_survey(load_study(path))
    assert list(survey.missing["chat"].iloc[:4]) == [
        "Refused",
        "user-missing 96",
        "user-missing -5",
        "system",
    ]
    chat = survey.codebook.variables["chat"]
    assert chat.values == {1: "Never", 2: "Rarely", 3: "Often"}
    assert chat.missing == {-5: "user-missing -5", 97: "Refused", 96: "user-missing 96"}


MINI = mini_frame(60).to_csv(index=False).encode()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.integers(0, len(MINI)),
    length=st.integers(0, 40),
    junk=st.one_of(
        st.binary(max_size=12), st.text(alphabet=",;\n\"'0123456789.-eNA ", max_size=12).map(str.encode)
    ),
)
def test_any_slip_in_a_data_file_is_survived(tmp_path: Path, where: int, length: int, junk: bytes) -> None:
    """Overwriting any passage gives a survey in which nothing is lost, or faults; never another exception."""
    path = write_mini(tmp_path)
    (tmp_path / "mini.csv").write_bytes(MINI[:where] + junk + MINI[where + length :])
    study = load_study(path)
    try:
        survey = read_survey(study)
    except InputFaults as refused:
        told = str(refused)
    else:
        told = ""
        assert (survey.answers.notna() == (survey.missing == "")).all(axis=None)
        assert len(survey.answers) + len(survey.set_aside) == survey.n_read
        check_survey(study, survey)
        suspicions(study, survey)
    assert "Traceback" not in told


@pytest.mark.parametrize("suffix", ["sav", "dta", "parquet", "xlsx"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 4000), junk=st.binary(min_size=1, max_size=12))
def test_any_damage_to_a_binary_file_is_survived(
    tmp_path: Path, suffix: str, where: int, junk: bytes
) -> None:
    path = write_mini(tmp_path, frame=mini_frame(60), data=f"mini.{suffix}")
    content = (tmp_path / f"mini.{suffix}").read_bytes()
    at = where % len(content)
    (tmp_path / f"mini.{suffix}").write_bytes(content[:at] + junk + content[at + len(junk) :])
    study = load_study(path)
    try:
        survey = read_survey(study)
    except InputFaults as refused:
        told = [str(fault) for fault in refused.faults]
    else:
        told = []
        assert (survey.answers.notna() == (survey.missing == "")).all(axis=None)
    assert all("\n" not in line for line in told)


def test_frames_written_by_the_tests_are_what_they_say(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ods"):
        write_frame(mini_frame(), tmp_path / "x.ods")
