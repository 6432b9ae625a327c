from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.survey.mini import CODEBOOK, mini_frame, write_mini
from typology.errors import InputFaults
from typology.pipeline import check_study
from typology.schema.load import load_study
from typology.survey.check import Suspicion, check_survey, examine, suspicions
from typology.survey.missing_codes import looks_apart
from typology.survey.read import read_survey


def suspect(folder: Path, frame: pd.DataFrame | None = None, codebook: str = CODEBOOK) -> list[Suspicion]:
    study = load_study(write_mini(folder, frame=frame, codebook=codebook))
    return suspicions(study, read_survey(study))


def about(found: list[Suspicion], variable: str) -> str:
    return "\n".join(str(one) for one in found if one.variable == variable)


def test_a_sound_survey_is_neither_faulty_nor_suspicious(tmp_path: Path) -> None:
    study = load_study(write_mini(tmp_path))
    survey = read_survey(study)
    assert check_survey(study, survey) == []
    assert suspicions(study, survey) == []


def test_the_demo_survey_passes(configs: Path) -> None:
    study = load_study(configs / "demo.yaml")
    assert check_survey(study, read_survey(study)) == []


def test_item_nobody_endorses(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["threat"] = 2
    assert "nobody endorses this item (found: No)" in about(suspect(tmp_path, frame), "threat")


def test_everyone_gives_the_same_answer(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["chat"] = 3
    assert "everyone gives the same answer (found: Often)" in about(suspect(tmp_path, frame), "chat")


def test_identical_columns(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["met"] = frame["threat"].replace(99, 2)
    frame["threat"] = frame["met"]
    assert "same answers as threat" in about(suspect(tmp_path, frame), "met")


def test_item_keyed_the_wrong_way(tmp_path: Path) -> None:
    found = about(suspect(tmp_path, codebook=CODEBOOK.replace("reverse: [lone3], ", "")), "lone3")
    assert "goes against the rest of the scale lonely" in found
    assert "add it to `reverse`" in found


def test_an_item_reversed_by_mistake_is_told_to_be_removed(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace("reverse: [lone3]", "reverse: [lone1, lone3]")
    assert "remove it from `reverse`" in about(suspect(tmp_path, codebook=codebook), "lone1")


@pytest.mark.parametrize(("refusals", "told"), [(13, True), (11, False)])
def test_refusals_above_ten_percent(tmp_path: Path, *, refusals: int, told: bool) -> None:
    frame = mini_frame()
    frame["threat"] = [99] * refusals + [1, 2] * ((120 - refusals) // 2) + [1] * ((120 - refusals) % 2)
    assert (f"{refusals} of 120 asked refused" in about(suspect(tmp_path, frame), "threat")) is told


def test_weights_of_zero_and_very_unequal_weights(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["wt"] = 1.0
    frame.loc[0, "wt"] = 0
    frame.loc[1, "wt"] = 60
    found = about(suspect(tmp_path, frame), "wt")
    weights = frame["wt"].to_numpy()
    effect = 120 * (weights**2).sum() / weights.sum() ** 2
    assert "1 respondents have a weight of zero" in found
    assert f"(found: {effect:.1f})" in found


def test_answers_behind_a_closed_gate(tmp_path: Path) -> None:
    frame = mini_frame()
    offline = frame.index[frame["online"] == 2][:3]
    frame.loc[offline, "sent_pic"] = 1
    assert "3 answers although online says it was not asked" in about(suspect(tmp_path, frame), "sent_pic")


def test_answer_that_looks_like_a_missing_code(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace(
        "values: {1: Never, 2: Rarely, 3: Often}", "values: {1: Never, 2: Rarely, 3: Often, 9: Hm}"
    )
    assert "code looks like a missing code (found: 9: Hm)" in about(
        suspect(tmp_path, codebook=codebook), "chat"
    )
    codebook = CODEBOOK.replace(
        "values: {1: UK, 2: Ireland}", 'values: {1: UK, 2: Ireland, 3: "Don\'t know"}'
    )
    assert "sounds like a missing code" in about(suspect(tmp_path, codebook=codebook), "country")
    codebook = CODEBOOK.replace(
        "type: numeric, role: demographic, missing: {99: refused}", "type: numeric, role: demographic"
    )
    assert "number looks like a missing code (found: 99 (1x))" in about(
        suspect(tmp_path, codebook=codebook), "age"
    )


@pytest.mark.parametrize(
    ("code", "codes", "apart"),
    [
        (9, [1, 2, 3, 9], True),
        (8, [1, 2, 7, 8, 9], True),
        (8, list(range(1, 9)), False),
        (7, [1, 2, 3, 4, 5, 6, 7], False),
        (-1, [-1, 0, 1, 2], True),
        (-1, [-2, -1, 0, 1, 2], False),
        ("99", [1, 2], False),
    ],
)
def test_codes_apart_from_the_others(code: object, codes: list[int], *, apart: bool) -> None:
    assert looks_apart(code, codes, spread=False) is apart


def test_repeated_respondents(tmp_path: Path) -> None:
    frame = pd.concat([mini_frame(), mini_frame().iloc[:2]])
    assert "2 rows repeat a respondent" in about(suspect(tmp_path, frame), "rid")


def test_a_questionnaire_entered_twice_under_two_ids(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace(
        "lone1:    {label: Lacks company,", "lone1:    {label: Lacks company, role: risk,"
    )
    wide = "".join(
        f"  x{i}: {{label: Item {i}, type: ordinal, role: risk, values: {{1: a, 2: b, 3: c, 4: d, 5: e}}}}\n"
        for i in range(20)
    )
    codebook = codebook.replace("scales:\n", f"{wide}scales:\n").replace(
        "role: risk, values: {1: Never", "values: {1: Never"
    )
    rng = np.random.default_rng(1)
    frame = mini_frame().assign(**{f"x{i}": rng.integers(1, 6, 120) for i in range(20)})
    assert "same answers throughout" not in about(suspect(tmp_path, frame, codebook), "rid")
    doubled = pd.concat([frame, frame.iloc[[10]].assign(rid=900, wt=1.5)])
    found = suspect(tmp_path, doubled, codebook)
    assert "2 respondents gave the same answers throughout as another. Compare" in about(found, "rid")
    assert [one.respondents for one in found if one.respondents] == [("11", "900")]


def test_suspicions_name_the_line_and_stand_together_by_variable(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["threat"] = [99] * 20 + [2] * 100
    frame["wt"] = [0.0] * 10 + [0.1] * 100 + [20.0] * 10
    found = suspect(tmp_path, frame)
    told = [one.variable for one in found]
    assert told == ["wt", "wt", "threat", "threat"]
    lines = (tmp_path / "codebook.yaml").read_text().splitlines()
    for one in found:
        file, line, variable, *_ = str(one).split(":")
        assert file == "codebook.yaml"
        assert lines[int(line) - 1].strip().startswith(variable.strip())


def test_faults_of_codebook_and_data_are_told_together_by_variable(tmp_path: Path) -> None:
    codebook = CODEBOOK.replace(
        "missing: {98: not sure, 99: refused},", "missing: {2: no, 98: unsure, 99: refused},"
    )
    codebook = codebook.replace("factor: loneliness", "factor: lonelyness")
    frame = mini_frame()
    frame.loc[[0, 1], "sent_pic"] = 7
    frame.loc[[2], "chat"] = 5
    path = write_mini(tmp_path, frame=frame, codebook=codebook)
    with pytest.raises(InputFaults) as caught:
        check_study(path)
    told = [str(fault).split(": ")[:2] for fault in caught.value.faults]
    assert told == [
        ["mini.csv", "sent_pic"],
        ["codebook.yaml:8", "sent_pic"],
        ["mini.csv", "chat"],
        ["codebook.yaml:20", "lonely"],
    ]
    assert "7 (2x)" in str(caught.value)
    assert "codebook.yaml:7" in str(caught.value.faults[0])


def test_weights_and_codes_at_fault_are_told_together(tmp_path: Path) -> None:
    frame = mini_frame().drop(columns="age")
    frame.loc[0, "wt"] = -1
    frame.loc[0, "chat"] = 5
    frame.loc[1, "rid"] = 1
    frame["threat"] = np.nan
    survey, faults = examine(load_study(write_mini(tmp_path, frame=frame)))
    assert survey is not None
    assert [fault.variable for fault in faults] == ["rid", "wt", "chat", "threat", "age"]
    for fault in faults:
        assert "codebook.yaml:" in str(fault)


def test_missing_codes_of_the_file_without_a_meaning(tmp_path: Path) -> None:
    import pyreadstat

    study_path = write_mini(tmp_path, data="mini.sav")
    frame = mini_frame()
    frame.loc[0, "chat"] = 7
    pyreadstat.write_sav(frame, str(tmp_path / "mini.sav"), missing_ranges={"chat": [7]})
    study = load_study(study_path)
    found = suspicions(study, read_survey(study))
    assert "missing codes without a meaning (found: 7: user-missing 7)" in about(found, "chat")


def faults(folder: Path, frame: pd.DataFrame, codebook: str = CODEBOOK) -> list[str]:
    study = load_study(write_mini(folder, frame=frame, codebook=codebook))
    return [str(fault) for fault in check_survey(study, read_survey(study))]


@pytest.mark.parametrize("n", [1, 20])
def test_too_few_respondents(tmp_path: Path, n: int) -> None:
    (fault,) = [f for f in faults(tmp_path, mini_frame().iloc[:n]) if "too few" in f]
    assert f"(found: {n})" in fault
    assert fault.startswith("mini.csv: ")


def test_too_few_items(tmp_path: Path) -> None:
    (fault,) = faults(
        tmp_path, mini_frame(), CODEBOOK.replace("type: ordinal, role: typology", "type: ordinal, role: risk")
    )
    assert "at least 3 items" in fault
    assert "(found: sent_pic, threat)" in fault


def test_item_without_any_answer_is_told_with_its_line_and_kinds(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["threat"] = np.nan
    frame.loc[:59, "threat"] = 99
    (fault,) = faults(tmp_path, frame)
    assert fault.startswith("codebook.yaml:11: threat: nobody has a valid answer")
    assert "refused 60x" in fault
    assert "system 60x" in fault


def test_too_many_categories(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["met"] = np.arange(len(frame))
    codebook = CODEBOOK.replace("type: binary, role: outcome, positive: 1", "type: nominal, role: typology")
    (fault,) = faults(tmp_path, frame, codebook)
    assert "met: has too many categories (at most 50) (found: 120)" in fault


def test_one_sampling_unit_for_all(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["met"] = 7
    codebook = CODEBOOK.replace("type: binary, role: outcome, positive: 1", "type: nominal, role: psu")
    (fault,) = faults(tmp_path, frame, codebook)
    assert "met: all respondents are in one sampling unit" in fault
