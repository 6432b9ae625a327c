from __future__ import annotations

from pathlib import Path

import pytest

from tests.survey.mini import mini_frame, write_frame
from typology.errors import InputFaults
from typology.schema.codebook import Codebook
from typology.schema.load import load_study
from typology.schema.translate import build
from typology.schema.yaml_file import read_yaml
from typology.survey.check import check_survey
from typology.survey.draft import draft_codebook, write_new
from typology.survey.read import read_survey


def drafted(data: Path) -> tuple[str, Codebook]:
    text = draft_codebook(data)
    path = data.parent / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    codebook, faults = build(Codebook, read_yaml(path, shown="draft.yaml"))
    assert faults == []
    assert codebook is not None
    return text, codebook


def comment(text: str, variable: str, key: str) -> str:
    """The reason given for one key of one variable."""
    lines = text.splitlines()
    start = lines.index(f"  {variable}:")
    for line in lines[start + 1 :]:
        if line.startswith(f"    {key}:"):
            return line.partition("# guess: ")[2]
        assert line.startswith("    "), f"{variable} has no {key}"
    raise AssertionError(key)


@pytest.mark.parametrize("suffix", ["csv", "sav", "dta", "parquet", "xlsx"])
def test_types_roles_and_missing_codes_of_a_small_survey(tmp_path: Path, suffix: str) -> None:
    data = tmp_path / f"mini.{suffix}"
    write_frame(mini_frame(), data)
    text, codebook = drafted(data)
    found = codebook.variables
    assert (found["rid"].role, found["wt"].role) == ("id", "weight")
    assert found["wt"].type == found["age"].type == "numeric"
    assert found["chat"].type == "ordinal"
    assert list(found["chat"].values) == [1, 2, 3]
    assert found["sent_pic"].type == "binary"
    assert set(found["sent_pic"].missing) == {98, 99}
    assert found["age"].missing == {99: "missing code 99"}
    assert found["age"].role == "demographic"
    assert "make sure" in comment(text, "threat", "positive")
    assert "usual missing code" in comment(text, "sent_pic", "missing")
    assert "no two are equal" in comment(text, "rid", "role")


def test_labels_decide_where_there_are_any(tmp_path: Path) -> None:
    import pyreadstat

    data = tmp_path / "labelled.sav"
    frame = mini_frame()[["sent_pic", "chat", "country", "met"]].fillna(2)
    pyreadstat.write_sav(
        frame,
        str(data),
        column_labels={"sent_pic": "Was forced to send a picture", "country": "Country: where do you live?"},
        variable_value_labels={
            "sent_pic": {1: "No", 2: "Yes", 98: "Does not apply", 99: "Prefer not to say"},
            "chat": {1: "Often", 2: "Rarely", 3: "Never"},
            "country": {1: "Ireland", 2: "Italy"},
            "met": {1: "Not applicable", 2: "Once", 3: "More than once"},
        },
    )
    text, codebook = drafted(data)
    found = codebook.variables
    assert found["sent_pic"].label == "Was forced to send a picture"
    assert found["sent_pic"].missing == {98: "not asked", 99: "Prefer not to say"}
    assert list(found["chat"].values) == [3, 2, 1]
    assert "low to high" in comment(text, "chat", "values")
    assert (found["country"].type, found["country"].role) == ("nominal", "demographic")
    assert found["met"].missing == {1: "not asked"}


def test_odd_names_and_labels_stay_valid_yaml(tmp_path: Path) -> None:
    data = tmp_path / "odd names.csv"
    data.write_text(
        '1,null,"a: b","# c","ü ""q""","tab\tbed"\n'
        + "\n".join(f'{i % 2},yes,{i},{{x}},"""",- z' for i in range(60)),
        encoding="utf-8",
    )
    text, codebook = drafted(data)
    assert list(codebook.variables) == ["1", "null", "a: b", "# c", 'ü "q"', "tab\tbed"]
    assert 'survey: "odd_names"' in text


def test_scales_are_suggested_by_name_stem_as_comments(tmp_path: Path) -> None:
    data = tmp_path / "s.csv"
    rows = "\n".join(",".join(str((i + k) % 4) for k in range(5)) for i in range(60))
    data.write_text("rse1,rse2,rse3,rse4,other\n" + rows, encoding="utf-8")
    text = draft_codebook(data)
    assert "# scales:" in text
    assert "items: [rse1, rse2, rse3, rse4]" in text


def test_the_draft_of_yrbs_2019_passes_read_and_check(realdata: Path, tmp_path: Path) -> None:
    data = realdata / "yrbs" / "yrbs2019.sav"
    text = draft_codebook(data)
    (tmp_path / "codebook.yaml").write_text(text, encoding="utf-8")
    study = tmp_path / "study.yaml"
    study.write_text(f"study: yrbs\nsurvey: {{data: {data}, codebook: codebook.yaml}}\n", encoding="utf-8")
    loaded = load_study(study)
    found = loaded.codebook
    assert (found.name_of("weight"), found.name_of("stratum"), found.name_of("psu")) == (
        "weight",
        "stratum",
        "psu",
    )
    items = found.names("typology")
    assert {"QN15", "QN16", "QN20", "Q23", "Q24"} <= set(items)
    assert not {"QN23", "QN24"} & set(items), "copies of Q23 and Q24"
    assert {"Q2", "Q3", "raceeth"} <= set(found.names("demographic"))
    survey = read_survey(loaded)
    assert survey.n_read == 13677
    assert check_survey(loaded, survey) == []


def test_types_drafted_for_yrbs_2019(realdata: Path, tmp_path: Path) -> None:
    """At least 95% of the variables get the right type, by CDC's naming: QN and qn are yes/no recodes."""
    path = tmp_path / "codebook.yaml"
    path.write_text(draft_codebook(realdata / "yrbs" / "yrbs2019.sav"), encoding="utf-8")
    codebook, _ = build(Codebook, read_yaml(path, shown="c"))
    assert codebook is not None
    empty = {"QN65", "QN66"}
    recodes = [n for n in codebook.variables if n.lower().startswith("qn") and n not in empty]
    right = [codebook.variables[n].type == "binary" and codebook.variables[n].positive == 1 for n in recodes]
    assert len(recodes) > 120
    assert sum(right) / len(right) >= 0.95
    counts = [
        n for n, v in codebook.variables.items() if any("times" in label for label in v.values.values())
    ]
    assert len(counts) > 20
    assert sum(codebook.variables[n].type == "ordinal" for n in counts) / len(counts) >= 0.95


def test_a_draft_is_written_where_nothing_is_yet(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    write_new(path, "survey: Zoë\n")
    assert path.read_text(encoding="utf-8") == "survey: Zoë\n"
    with pytest.raises(InputFaults, match=r"cannot be written: File exists.*nothing is overwritten"):
        write_new(path, "other")
    assert path.read_text(encoding="utf-8") == "survey: Zoë\n"
    with pytest.raises(InputFaults, match="cannot be written: No such file or directory"):
        write_new(tmp_path / "nowhere" / "book.yaml", "x")


def test_half_a_draft_is_taken_away_again(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    with pytest.raises(InputFaults, match="cannot be written"):
        write_new(path, "survey: \ud800")  # no text that a file can hold
    assert not path.exists()


def test_a_file_of_no_respondents_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("q1,q2\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="holds no respondents"):
        draft_codebook(path)
