"""Drafted codebooks against what is known about real files: YRBS 2019, and the small SPSS and Stata files."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from typer.testing import CliRunner

from tests.survey.test_labelled_file import with_set
from tests.survey.test_sav_edge_cases import FILES
from typology.cli.app import app
from typology.schema.codebook import Codebook
from typology.schema.translate import build
from typology.schema.yaml_file import read_yaml

# Of the questions with three labels or more, those whose answers have no order, by reading all labels of the
# file: "did not / yes / no", "yes / no / not sure", ways of getting something, methods, identities, aims.
UNORDERED = {f"Q{i}" for i in (29, 36, 39, 44, 62, 63, 64, 65, 66, 68, 84, 85, 87, 94)} | {"raceeth"}
DESIGN = {"weight": "numeric", "stratum": "nominal", "psu": "nominal"}


def true_types(yrbs: Path) -> dict[str, str]:
    """The type of every variable of YRBS 2019.

    The rule: the design by its names. Text (`chr` in the dictionary) is nominal. Numbers without labels
    (`dbl`) are numeric, but for CDC's yes/no recodes, which are named QN or qn. Questions with labels (`fct`)
    are binary if these are Yes and No, nominal if they are two others or the question is UNORDERED, else
    ordinal.
    """
    dictionary = pd.read_csv(yrbs / "dictionary_2019.csv")
    _, meta = pyreadstat.read_sav(str(yrbs / "yrbs2019.sav"), metadataonly=True)
    assert list(dictionary["variable"]) == meta.column_names
    types = dict(DESIGN)
    for name, kind in zip(dictionary["variable"], dictionary["column type"], strict=True):
        labels = list(meta.variable_value_labels.get(name, {}).values())
        assert bool(labels) is (kind == "fct"), name
        if name in DESIGN:
            continue
        if kind == "chr":
            types[name] = "nominal"
        elif kind == "dbl":
            types[name] = "binary" if name.lower().startswith("qn") else "numeric"
        elif len(labels) == 2:
            types[name] = "binary" if labels == ["Yes", "No"] else "nominal"
        else:
            types[name] = "nominal" if name in UNORDERED else "ordinal"
    return types


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def drafted(data: Path, folder: Path) -> Codebook:
    """Draft by the command, and read the draft."""
    code, _, err = call("codebook", data, "--out", folder / "codebook.yaml")
    assert (code, err) == (0, "")
    codebook, faults = build(Codebook, read_yaml(folder / "codebook.yaml", shown="codebook.yaml"))
    assert faults == []
    assert codebook is not None
    return codebook


def checked(data: Path, folder: Path) -> tuple[int, str, str]:
    (folder / "study.yaml").write_text(
        f"study: s\nsurvey: {{data: '{data}', codebook: codebook.yaml}}\n", encoding="utf-8"
    )
    return call("check", folder / "study.yaml")


def test_yrbs_2019_gets_the_right_types_and_its_whole_design(realdata: Path, tmp_path: Path) -> None:
    """At least 95% of all 235 variables; the two that no type can be told of are empty in the file."""
    yrbs = realdata / "yrbs"
    truth = true_types(yrbs)
    codebook = drafted(yrbs / "yrbs2019.sav", tmp_path)
    assert set(codebook.variables) == set(truth)
    assert len(truth) == 235
    wrong = {n: v.type for n, v in codebook.variables.items() if v.type != truth[n]}
    assert 1 - len(wrong) / len(truth) >= 0.95, wrong
    assert set(wrong) <= {"QN65", "QN66"}, wrong
    assert {role: codebook.name_of(role) for role in ("weight", "stratum", "psu")} == {
        role: role for role in ("weight", "stratum", "psu")
    }  # fmt: skip
    recodes = [v for n, v in codebook.variables.items() if n.lower().startswith("qn") and n not in wrong]
    assert {v.positive for v in recodes} == {1}


def test_every_drafted_type_of_yrbs_2019_says_why(realdata: Path, tmp_path: Path) -> None:
    codebook = drafted(realdata / "yrbs" / "yrbs2019.sav", tmp_path)
    text = (tmp_path / "codebook.yaml").read_text(encoding="utf-8")
    blocks = re.findall(r"^  (\w+):\n((?:    .*\n)+)", text, flags=re.MULTILINE)
    assert [name for name, _ in blocks] == list(codebook.variables)
    assert all("# guess: " in block for _, block in blocks)


def test_the_draft_of_yrbs_2019_passes_the_check(realdata: Path, tmp_path: Path) -> None:
    data = realdata / "yrbs" / "yrbs2019.sav"
    drafted(data, tmp_path)
    code, out, err = checked(data, tmp_path)
    assert (code, err) == (0, "")
    assert "no faults. 13,677 respondents" in out


def test_the_design_is_found_without_labels_too(realdata: Path, tmp_path: Path) -> None:
    """The wave of 2023 as raw text, where `qnowt` means "were overweight", and a sample of schools."""
    data = realdata / "yrbs" / "yrbs_2023_raw.csv.gz"
    codebook = drafted(data, tmp_path)
    assert [codebook.name_of(role) for role in ("weight", "stratum", "psu")] == ["weight", "stratum", "psu"]
    code, out, err = checked(data, tmp_path)
    assert (code, err) == (0, "")
    assert "20,103 respondents" in out
    (tmp_path / "schools").mkdir()
    schools = drafted(realdata / "survey_api" / "apistrat.csv", tmp_path / "schools")
    assert schools.name_of("weight") == "pw"


TOO_SMALL = re.compile(
    r"no variable has the role typology|too few respondents|needs at least 3 items|nobody has a valid answer"
)


@pytest.mark.parametrize("file", FILES)
def test_drafts_of_the_small_files_are_faulty_for_their_size_only(
    realdata: Path, tmp_path: Path, file: str
) -> None:
    """They hold 1 to 7 rows and 1 to 12 variables, which is no survey; the draft itself must be sound."""
    data = realdata / "sav_edge_cases" / file
    drafted(data, tmp_path)
    code, out, err = checked(data, tmp_path)
    assert (code, out) == (2, "")
    assert err
    for line in err.splitlines():
        assert TOO_SMALL.search(line), line


def test_enough_rows_of_a_small_file_pass_the_check(realdata: Path, tmp_path: Path) -> None:
    """The same declarations as a survey: simple_alltypes.sav with its rows repeated."""
    original = realdata / "sav_edge_cases" / "simple_alltypes.sav"
    frame, meta = pyreadstat.read_sav(str(original), user_missing=True)
    data = tmp_path / "many.sav"
    pyreadstat.write_sav(
        pd.concat([frame.drop(columns=["y", "date"])] * 10, ignore_index=True),
        str(data),
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
    )
    with_set(data, "$told=D1 1 4 Told bool1 bool2 bool3\n$saw=C 3 Saw ca_subvar_1 ca_subvar_2 ca_subvar_3\n")
    codebook = drafted(data, tmp_path)
    assert codebook.variables["z"].missing == {-9: "user-missing -9", 999: "skipped"}
    assert {7, 8, 99} <= set(codebook.variables["x"].missing)
    assert {"bool1", "bool2", "bool3", "saw_a", "saw_d"} <= set(codebook.names("typology"))
    code, out, err = checked(data, tmp_path)
    assert (code, err) == (0, "")
    assert "60 respondents" in out
