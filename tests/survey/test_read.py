from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.mini import CODEBOOK, STUDY, mini_frame, write_mini
from typology.errors import InputFaults
from typology.results import Survey
from typology.schema.codebook import Variable
from typology.schema.load import load_study
from typology.survey.codes import RawColumn, resolve
from typology.survey.read import read_survey, used_variables

FORMATS = [
    "mini.csv",
    "mini.tsv",
    "mini.parquet",
    "mini.xlsx",
    "mini.sav",
    "mini.zsav",
    "mini.dta",
    "mini.por",
    "mini.csv.gz",
    "mini.tsv.gz",
]


def read(path: Path) -> Survey:
    return read_survey(load_study(path))


@pytest.mark.parametrize("data", FORMATS[1:])
def test_every_format_gives_the_same_survey(tmp_path: Path, data: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = read(write_mini(tmp_path / "a"))
    frame = mini_frame()
    if data.endswith(".por"):
        frame = frame.rename(columns=str.upper)
        codebook = CODEBOOK
        for name in mini_frame().columns:
            codebook = codebook.replace(f"  {name}:", f"  {name.upper()}:")
        codebook = codebook.replace("{online: [1]}", "{ONLINE: [1]}").replace(
            "lone1, lone2, lone3", "LONE1, LONE2, LONE3"
        )
        codebook = codebook.replace("[lone3]", "[LONE3]")
        found = read(write_mini(tmp_path / "b", frame=frame, data=data, codebook=codebook))
        found.answers.columns = expected.answers.columns
        found.missing.columns = expected.missing.columns
    else:
        found = read(write_mini(tmp_path / "b", frame=frame, data=data))
    pd.testing.assert_frame_equal(found.answers, expected.answers)
    pd.testing.assert_frame_equal(found.missing, expected.missing)
    assert found.n_read == expected.n_read == 120


def test_every_unanswered_cell_has_its_kind_and_no_answered_one_has(tmp_path: Path) -> None:
    survey = read(write_mini(tmp_path))
    raw = mini_frame().set_index(mini_frame()["rid"].astype(str))
    assert (survey.answers.notna() == (survey.missing == "")).all(axis=None)
    offline = raw.index[raw["online"] == 2]
    assert set(survey.missing.loc[offline, "sent_pic"]) == {"not asked"}
    online = raw.index[raw["online"] == 1]
    kinds = survey.missing.loc[online, "sent_pic"]
    assert (kinds == "not sure").sum() == (raw.loc[online, "sent_pic"] == 98).sum() > 0
    assert (kinds == "refused").sum() == (raw.loc[online, "sent_pic"] == 99).sum() > 0
    assert list(survey.missing.index[survey.missing["chat"] == "system"]) == ["4", "11"]
    assert survey.missing.loc["8", "age"] == "refused"


def test_numeric_ids_sort_as_numbers_and_rows_may_come_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    straight = read(write_mini(tmp_path / "a"))
    shuffled = read(write_mini(tmp_path / "b", frame=mini_frame().sample(frac=1, random_state=1)))
    assert list(straight.answers.index[:11]) == [str(i) for i in range(1, 12)]
    pd.testing.assert_frame_equal(straight.answers, shuffled.answers)


def test_text_ids_keep_their_zeros(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["rid"] = [f"{i:04d}" for i in frame["rid"]]
    assert list(read(write_mini(tmp_path, frame=frame)).answers.index[:2]) == ["0001", "0002"]


def test_without_an_id_the_row_number_is_the_id(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace("role: id", "role: ignore")
    survey = read(write_mini(tmp_path, codebook=codebook))
    assert list(survey.answers.index) == [str(i) for i in range(1, 121)]
    assert "rid" not in survey.answers


def test_identical_rows_are_set_aside_and_stay_countable(tmp_path: Path) -> None:
    frame = mini_frame()
    doubled = pd.concat([frame, frame.iloc[[4, 4, 9]]], ignore_index=True)
    survey = read(write_mini(tmp_path, frame=doubled))
    assert survey.n_read == 123
    assert len(survey.answers) == 120
    assert survey.set_aside.to_dict() == dict.fromkeys(
        ["5 (row 121)", "5 (row 122)", "10 (row 123)"], "duplicate respondent"
    )
    assert not set(survey.set_aside.index) & set(survey.answers.index)


def test_one_id_with_different_answers_is_a_fault(tmp_path: Path) -> None:
    frame = mini_frame()
    frame.loc[20, "rid"] = 5
    with pytest.raises(
        InputFaults, match=r"rid: the same id stands for different answers \(found: rows 5, 21\)"
    ):
        read(write_mini(tmp_path, frame=frame))


def test_ignored_variables_are_read_only_when_something_needs_them(tmp_path: Path) -> None:
    study = load_study(write_mini(tmp_path))
    assert used_variables(study.codebook) == list(mini_frame().columns)
    without_scale = CODEBOOK[: CODEBOOK.index("scales:")]
    study = load_study(write_mini(tmp_path, codebook=without_scale))
    assert {"lone1", "lone2", "lone3"} & set(used_variables(study.codebook)) == set()
    assert "online" in used_variables(study.codebook)


def test_column_order_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = read(write_mini(tmp_path / "a"))
    found = read(write_mini(tmp_path / "b", frame=mini_frame().iloc[:, ::-1]))
    pd.testing.assert_frame_equal(expected.answers, found.answers)


def test_codes_can_be_told_from_the_data_where_order_does_not_matter(tmp_path: Path) -> None:
    survey = read(write_mini(tmp_path))
    assert survey.codebook.variables["met"].values == {1: "Yes", 2: "No"}
    codebook = CODEBOOK.replace(", values: {1: UK, 2: Ireland}", "")
    assert read(write_mini(tmp_path, codebook=codebook)).codebook.variables["country"].values == {
        1: "1",
        2: "2",
    }


def test_semicolons_decimal_commas_and_windows_text(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = read(write_mini(tmp_path / "a"))
    frame = mini_frame()
    path = write_mini(tmp_path / "b", frame=frame)
    frame["città"] = "più"
    text = frame.to_csv(index=False, sep=";", decimal=",")
    (tmp_path / "b" / "mini.csv").write_bytes(text.encode("cp1252"))
    found = read(path)
    pd.testing.assert_frame_equal(expected.answers, found.answers)
    assert any("Windows-1252" in note for note in found.notes)
    assert any("decimals in wt" in note for note in found.notes)
    assert expected.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_without_a_note(tmp_path: Path, encoding: str) -> None:
    frame = mini_frame()
    path = write_mini(tmp_path, frame=frame)
    (tmp_path / "mini.csv").write_bytes(frame.to_csv(index=False).encode(encoding))
    survey = read(path)
    assert survey.notes == ()
    assert list(survey.answers["wt"]) == list(frame["wt"])


def test_a_comma_that_may_separate_thousands_is_not_guessed(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["wt"] = "1,234"
    with pytest.raises(InputFaults, match=r"wt: numbers such as 1,234 can be read two ways"):
        read(write_mini(tmp_path, frame=frame))


def test_empty_texts_are_system_missing_unless_the_codebook_knows_better(tmp_path: Path) -> None:
    frame = mini_frame().astype(object)
    frame.loc[[0, 1, 2], "chat"] = ["NA", " ", "#NULL!"]
    survey = read(write_mini(tmp_path, frame=frame))
    assert list(survey.missing["chat"].iloc[:4]) == ["system"] * 4


def test_the_simulated_survey_is_read_like_any_other(configs: Path) -> None:
    survey = read_survey(load_study(configs / "demo.yaml"))
    assert survey.n_read == 1166
    assert survey.truth is not None
    assert list(survey.truth.index) == list(survey.answers.index)
    assert survey.truth.nunique() == 4
    assert {"", "system", "not asked", "refused"} <= set(np.unique(survey.missing.to_numpy(dtype=object)))


codes = st.integers(-99, 999)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(codes, min_size=2, max_size=6, unique=True),
    extra=st.lists(codes, max_size=3, unique=True),
    cells=st.lists(st.integers(0, 8), min_size=1, max_size=30),
    kind=st.sampled_from([int, float, str, lambda code: f"{float(code)}", np.int64]),
)
def test_a_code_is_the_same_code_however_it_is_stored(
    values: list[int], extra: list[int], cells: list[int], kind: type
) -> None:
    extra = [code for code in extra if code not in values]
    variable = Variable(
        label="v", type="ordinal", values={c: f"v{c}" for c in values}, missing={c: f"m{c}" for c in extra}
    )
    pool = [*values, *extra]
    drawn = [pool[i % len(pool)] for i in cells]
    resolved = resolve(RawColumn(pd.Series([kind(code) for code in drawn])), variable)
    assert resolved.undeclared == {}
    for code, answer, reason in zip(drawn, resolved.answers, resolved.missing, strict=True):
        if code in extra:
            assert np.isnan(answer)
            assert reason == f"m{code}"
        else:
            assert answer == code
            assert reason == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=6), st.floats(), st.integers(), st.none(), st.booleans()), min_size=1)
)
def test_no_cell_is_lost(cells: list[object]) -> None:
    """Each cell ends as an answer, as missing of some kind, or is named as undeclared."""
    variable = Variable(label="v", type="binary", values={1: "Yes", 2: "No"}, missing={9: "refused"})
    column = pd.Series(cells, dtype=object)
    resolved = resolve(RawColumn(column), variable)
    refused = int((resolved.missing == "refused").sum())
    answered = int(resolved.answers.notna().sum())
    undeclared = sum(resolved.undeclared.values())
    system = int((resolved.missing == "system").sum())
    assert answered + refused + system == len(cells)
    assert undeclared <= system
    assert set(resolved.answers.dropna()) <= {1.0, 2.0}


def test_disagreements_between_file_and_codebook_are_noted(tmp_path: Path) -> None:
    import pyreadstat

    path = write_mini(tmp_path, data="mini.sav")
    pyreadstat.write_sav(
        mini_frame(),
        str(tmp_path / "mini.sav"),
        variable_value_labels={"met": {1: "No", 2: "Yes"}, "threat": {1: "Yes", 2: "No", 99: "Refused"}},
        missing_ranges={"chat": [3]},
    )
    notes = read(path).notes
    assert len(notes) == 2
    assert "chat: the file calls 3 missing, the codebook an answer" in notes[0]
    assert "met: the file labels 2 as 'Yes', the codebook takes the other code as positive" in notes[1]


def test_parquet_columns_of_every_kind_hold_the_same_codes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = read(write_mini(tmp_path / "a"))
    frame = mini_frame()
    frame["chat"] = frame["chat"].astype("Int8")
    frame["threat"] = frame["threat"].astype("category")
    frame["sent_pic"] = frame["sent_pic"].astype("Int64").astype("string")
    frame["wt"] = frame["wt"].astype("float64")
    frame["rid"] = frame["rid"].astype("int32")
    found = read(write_mini(tmp_path / "b", frame=frame, data="mini.parquet"))
    pd.testing.assert_frame_equal(found.answers, expected.answers)
    pd.testing.assert_frame_equal(found.missing, expected.missing)


def test_true_and_false_are_one_and_nought(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["met"] = frame["met"] == 1
    codebook = CODEBOOK.replace("role: outcome, positive: 1", 'role: outcome, values: {1: "Yes", 0: "No"}')
    survey = read(write_mini(tmp_path, frame=frame, data="mini.parquet", codebook=codebook))
    assert survey.answers["met"].sum() == frame["met"].sum()


def test_the_kind_of_file_is_told_whatever_the_case_of_its_name(tmp_path: Path) -> None:
    path = write_mini(tmp_path)
    (tmp_path / "mini.csv").rename(tmp_path / "MINI.CSV")
    path.write_text(STUDY.replace("mini.csv", "MINI.CSV"), encoding="utf-8")
    assert read(path).n_read == 120


def test_separators_inside_quotes_do_not_decide(tmp_path: Path) -> None:
    frame = mini_frame().rename(columns={"online": "a, b, c, d, e, f, g, h, i, j, k, l, m"})
    codebook = CODEBOOK.replace("  online:", '  "a, b, c, d, e, f, g, h, i, j, k, l, m":')
    codebook = codebook.replace("{online: [1]}", '{"a, b, c, d, e, f, g, h, i, j, k, l, m": [1]}')
    path = write_mini(tmp_path, codebook=codebook)
    text = frame.to_csv(index=False, sep=";", quoting=csv.QUOTE_ALL)
    (tmp_path / "mini.csv").write_text(text, encoding="utf-8")
    assert read(path).answers.shape == (120, 12)
