"""The small SPSS and Stata files, checked against the metadata they hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from typology.errors import InputFaults
from typology.schema.codebook import Variable
from typology.survey.codes import RawColumn, Resolved, clean, resolve
from typology.survey.draft import draft_codebook
from typology.survey.files import read_table
from typology.survey.table import FileMissing, RawTable

FILES = [
    "missing_char.sav",
    "missing_test.dta",
    "missing_test.sav",
    "ordered_category.sav",
    "sample_missing.sav",
    "simple_alltypes.sav",
]


@pytest.fixture
def folder(realdata: Path) -> Path:
    return realdata / "sav_edge_cases"


def apply(table: RawTable, name: str, variable: Variable) -> Resolved:
    column = RawColumn(
        table.frame[name], table.value_labels.get(name, {}), table.missing.get(name, FileMissing())
    )
    return resolve(column, variable)


def load(folder: Path, file: str) -> RawTable:
    return read_table(folder / file, shown=file)


def test_discrete_codes_and_ranges_are_told_apart(folder: Path) -> None:
    table = load(folder, "sample_missing.sav")
    assert table.missing["mynum"] == FileMissing((-1.0,), ((2000.0, 3000.0),))
    numbers = apply(table, "mynum", Variable(label="n", type="numeric"))
    assert list(numbers.missing) == [""] * 5 + ["user-missing -1", "user-missing 2500"]
    assert list(numbers.answers[:5]) == [1.1, 1.2, -1000.3, -1.4, 1000.3]


def test_user_missing_keeps_its_label_and_system_missing_stays_apart(folder: Path) -> None:
    table = load(folder, "sample_missing.sav")
    sex = apply(table, "mylabl", Variable(label="sex", type="nominal"))
    assert list(sex.missing) == ["", "", "", "", "", "undetermined", "system"]
    assert sex.variable.values == {1: "Male", 2: "Female"}
    assert sex.variable.missing == {-1: "undetermined"}
    order = apply(table, "myord", Variable(label="o", type="ordinal"))
    assert list(order.missing[5:]) == ["missing", "user-missing -3"]
    assert list(order.variable.values.values()) == ["low", "medium", "high"]


def test_string_user_missing(folder: Path) -> None:
    table = load(folder, "sample_missing.sav")
    text = apply(table, "mychar", Variable(label="t", type="nominal"))
    assert list(text.answers[:5]) == ["a", "b", "c", "d", "e"]
    assert text.missing[6] == "system"
    char = apply(load(folder, "missing_char.sav"), "mychar", Variable(label="t", type="nominal"))
    assert list(char.missing) == ["user-missing Z", ""]
    assert char.variable.values == {"a": "labeled"}


def test_dates_and_times_are_recognised(folder: Path) -> None:
    assert load(folder, "sample_missing.sav").dates == {"mydate", "dtime", "mytime"}
    assert load(folder, "simple_alltypes.sav").dates == {"y", "date", "quarter"}


def test_stata_extended_missing_values(folder: Path) -> None:
    table = load(folder, "missing_test.dta")
    kinds = [apply(table, f"var{i}", Variable(label="v", type="numeric")).missing[0] for i in range(1, 10)]
    assert kinds == [
        "missing",  # .a, labelled
        "user-missing .b",
        "user-missing .c",
        "user-missing .x",
        "user-missing .y",
        "user-missing .z",
        "system",
        "system",
        "",
    ]


def test_a_code_that_is_missing_and_labelled(folder: Path) -> None:
    table = load(folder, "missing_test.sav")
    assert list(apply(table, "var1", Variable(label="v", type="numeric")).missing) == ["missing", ""]
    # The codebook has the last word: what it lists as a value is an answer.
    listed = Variable(label="v", type="nominal", values={1: "one", 2: "two"})
    assert list(apply(table, "var1", listed).missing) == ["", ""]


def test_ranges_with_a_labelled_code(folder: Path) -> None:
    table = load(folder, "simple_alltypes.sav")
    z = apply(table, "z", Variable(label="z", type="numeric"))
    assert list(z.missing) == ["user-missing -9", "system", "", "skipped", "", "system"]
    x = apply(
        table, "x", Variable(label="x", type="nominal", values={1: "red", 2: "green", 3: "blue", 4: "?"})
    )
    assert list(x.missing) == ["", "", "", "", "user-missing 8", "system"]
    assert x.undeclared == {"9": 1}


def test_multiple_response_sets_are_known(folder: Path) -> None:
    sets = load(folder, "simple_alltypes.sav").multiple
    assert sets["mymrset"] == ("My multiple response set", 1, ("bool1", "bool2", "bool3"))
    assert sets["categorical_array"][2] == ("ca_subvar_1", "ca_subvar_2", "ca_subvar_3")
    draft = draft_codebook(folder / "simple_alltypes.sav")
    assert 'values: {1: "chosen", 0: "not chosen"}' in draft


def test_labels_are_put_in_order(folder: Path) -> None:
    assert 'values: {2: "low", 3: "medium", 1: "high"}' in draft_codebook(folder / "ordered_category.sav")


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_refused_in_one_line(folder: Path, tmp_path: Path, file: str) -> None:
    broken = tmp_path / file
    broken.write_bytes((folder / file).read_bytes()[:120])
    with pytest.raises(InputFaults) as caught:
        read_table(broken, shown=file)
    assert len(caught.value.faults) == 1
    assert "cannot be read as" in str(caught.value)


READERS = {".sav": pyreadstat.read_sav, ".dta": pyreadstat.read_dta}


@pytest.mark.parametrize("file", FILES)
def test_every_cell_is_of_the_kind_the_file_says(folder: Path, file: str) -> None:
    """Read twice without this package, user-missing codes kept and dropped: what differs is user-missing."""
    reader = READERS[Path(file).suffix]
    kept, meta = reader(str(folder / file), user_missing=True)
    dropped, _ = reader(str(folder / file), user_missing=False)
    table = load(folder, file)
    assert [name for name in table.frame.columns if name not in table.ticked] == list(kept.columns)
    assert table.labels.items() >= {n: t for n, t in meta.column_names_to_labels.items() if t}.items()
    for name in kept.columns:
        if name in table.dates:
            continue
        resolved = apply(table, name, Variable(label=name, type="nominal"))
        labels = {spelt(code, file): text for code, text in meta.variable_value_labels.get(name, {}).items()}
        known = resolved.variable.values | resolved.variable.missing
        assert labels.items() <= known.items()
        for raw, without, kind, answer in zip(
            kept[name].map(clean), dropped[name].map(clean), resolved.missing, resolved.answers, strict=True
        ):
            if pd.isna(raw):
                assert kind == "system"
            elif pd.isna(without):
                assert kind == labels.get(spelt(raw, file), f"user-missing {spelt(raw, file)}")
            elif raw in resolved.variable.values:
                assert (kind, answer) == ("", raw)
            else:
                assert spelt(raw, file) not in labels
                assert str(raw) in resolved.undeclared


def spelt(code: object, file: str) -> object:
    """A code as codebooks write it: Stata's letters with a dot."""
    token = clean(code)
    return f".{token}" if file.endswith(".dta") and isinstance(token, str) else token
