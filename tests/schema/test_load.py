from __future__ import annotations

from pathlib import Path

import pytest

from tests.survey.mini import CODEBOOK, STUDY, write_mini
from typology.errors import InputFaults
from typology.schema.codebook import Variable, code_text, positive_code
from typology.schema.load import load_study
from typology.schema.study import StudyConfig


def test_a_study_comes_with_everything_it_names(tmp_path: Path) -> None:
    path = write_mini(tmp_path)
    study = load_study(path)
    assert study.config.title == "A small survey"
    assert study.data_path == tmp_path / "mini.csv"
    assert {name: found.name for name, found in study.inputs.items()} == {
        "study": "study.yaml",
        "codebook": "codebook.yaml",
        "catalogue": "factors.yaml",
        "data": "mini.csv",
    }
    assert study.codebook.names("typology") == ["sent_pic", "chat", "threat"]
    assert study.codebook.name_of("id") == "rid"
    assert list(study.catalogue.factors) == ["loneliness", "low_self_esteem"]


def test_only_study_and_survey_are_required(tmp_path: Path) -> None:
    path = write_mini(tmp_path)
    path.write_text(
        STUDY.replace("title: A small survey\n", "").replace("label: {catalogue: factors.yaml}\n", "")
    )
    (tmp_path / "codebook.yaml").write_text(
        CODEBOOK.replace("factor: loneliness, exposed: {at_least: 7}", "domain: x")
    )
    config = load_study(path).config
    plain = StudyConfig.model_validate(
        {"study": "mini", "survey": {"data": "mini.csv", "codebook": "codebook.yaml"}}
    )
    assert config == plain
    assert config.disclosure.threshold == 10
    assert config.seed == 2015


def test_a_catalogue_beside_the_study_goes_before_the_packaged_one(tmp_path: Path) -> None:
    path = write_mini(tmp_path)
    path.write_text(STUDY.replace("label: {catalogue: factors.yaml}\n", ""))
    codebook = CODEBOOK.replace("factor: loneliness, exposed: {at_least: 7}", "domain: x")
    (tmp_path / "codebook.yaml").write_text(codebook)
    assert len(load_study(path).catalogue.factors) > 5
    (tmp_path / "risk_factors.yaml").write_text((tmp_path / "factors.yaml").read_text())
    assert list(load_study(path).catalogue.factors) == ["loneliness", "low_self_esteem"]


def test_yes_and_no_are_words_and_repeated_parts_may_be_shared(tmp_path: Path) -> None:
    """YAML 1.2: unquoted Yes and No are text, as researchers mean them."""
    codebook = CODEBOOK.replace('values: {1: "Yes", 2: "No"}}', "values: &yn {1: Yes, 2: No}}", 1)
    codebook = codebook.replace('values: {1: "Yes", 2: "No"}', "values: *yn")
    variables = load_study(write_mini(tmp_path, codebook=codebook)).codebook.variables
    assert variables["online"].values == variables["threat"].values == {1: "Yes", 2: "No"}


@pytest.mark.parametrize("data", ["simulated", "simulated-severity", "simulated-independent"])
def test_a_simulated_survey_has_no_data_file(tmp_path: Path, data: str) -> None:
    path = write_mini(tmp_path)
    path.write_text(STUDY.replace("mini.csv", data))
    study = load_study(path)
    assert study.data_path is None
    assert "data" not in study.inputs


def test_lines_of_variables_are_known(tmp_path: Path) -> None:
    study = load_study(write_mini(tmp_path))
    lines = (tmp_path / "codebook.yaml").read_text().splitlines()
    for name, line in study.lines.items():
        assert lines[line - 1].strip().startswith(f"{name}:")
    assert set(study.lines) == {*study.codebook.variables, *study.codebook.scales}


def test_closest_file_name_is_offered(tmp_path: Path) -> None:
    path = write_mini(tmp_path)
    path.write_text(STUDY.replace("mini.csv", "mimi.csv"))
    with pytest.raises(InputFaults, match=r"Did you mean `mini.csv`\?"):
        load_study(path)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ({1: "Yes", 2: "No"}, 1),
        ({0: "no", 1: "yes, often"}, 1),
        ({1: "Checked", 0: "Unchecked"}, 1),
        ({1: "Sì", 2: "No"}, 1),
        ({1: "Male", 2: "Female"}, None),
        ({1: "Yes", 2: "Ja"}, None),
        ({"y": "yes", "n": "no"}, "y"),
    ],
)
def test_positive_code_is_taken_from_labels_only_when_they_tell(
    values: dict[int, str], positive: int
) -> None:
    assert positive_code(Variable(label="v", type="binary", values=values)) == positive


def test_codes_compare_by_their_text() -> None:
    assert code_text(1) == code_text(1.0) == code_text("1") == code_text(" 1 ") == "1"
    assert code_text(1.5) == "1.5"
    assert code_text("01") == "01"


@pytest.mark.parametrize("name", ["demo.yaml", "control_severity.yaml", "control_independent.yaml"])
def test_the_packaged_studies_load(configs: Path, name: str) -> None:
    study = load_study(configs / name)
    assert study.data_path is None
    assert len(study.codebook.names("typology")) >= 10


@pytest.mark.parametrize("key", ["codebook.yaml", "factors.yaml"])
@pytest.mark.parametrize("way", ["up", "absolute", "link", "home"])
def test_codebook_and_catalogue_stay_in_the_folder_of_the_study(tmp_path: Path, key: str, way: str) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    path = write_mini(folder)
    outside = tmp_path / key
    (folder / key).rename(outside)
    given = {"up": f"../{key}", "absolute": str(outside), "link": f"linked_{key}", "home": f"x/../../{key}"}[
        way
    ]
    if way == "link":
        (folder / given).symlink_to(outside)
    path.write_text(STUDY.replace(key, given), encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        load_study(path)
    (fault,) = [fault for fault in caught.value.faults if "factor is not in" not in fault.message]
    assert "leads out of the folder of the study file" in fault.message
    assert fault.value == given
    assert fault.line == (5 if key == "codebook.yaml" else 6)
    assert "Copy that file into the folder of study.yaml" in fault.remedy


def test_survey_data_may_lie_on_another_drive_and_packaged_files_serve_everyone(
    tmp_path: Path, configs: Path
) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    path = write_mini(folder)
    (folder / "mini.csv").rename(tmp_path / "mini.csv")
    for given in ("../mini.csv", str(tmp_path / "mini.csv")):
        path.write_text(STUDY.replace("mini.csv", given), encoding="utf-8")
        assert load_study(path).data_path is not None
    packaged = {"codebook.yaml": "codebooks/isec.yaml", "factors.yaml": "risk_factors.yaml"}
    study = STUDY.replace("mini.csv", "simulated")
    for own, file in packaged.items():
        study = study.replace(own, str(configs / file))
    path.write_text(study, encoding="utf-8")
    assert load_study(path).codebook.survey == "isec"


def test_a_study_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write_mini(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert load_study(tmp_path / "link" / "study.yaml").config.study == "mini"
