"""Instruments: every packaged file is valid, scores as published, and mistakes are told politely."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.survey.mini import CODEBOOK, mini_frame, write_mini
from typology.errors import InputFaults
from typology.resources import configs_dir
from typology.results import Survey
from typology.schema.codebook import Codebook
from typology.schema.instrument import Instrument, instrument_faults
from typology.schema.instruments import FOLDER, Library, with_instruments
from typology.schema.load import load_study
from typology.schema.translate import build
from typology.schema.yaml_file import YamlDocument, read_yaml
from typology.survey.check import check_survey
from typology.survey.exposure import exposures
from typology.survey.read import read_survey
from typology.survey.scales import score_scales

FILES = sorted((configs_dir() / FOLDER).glob("*.yaml"))
LIBRARY = [configs_dir() / FOLDER]
PUBLISHED = {  # items, and lowest and highest total, of every score
    "rosenberg": (10, {"total": (0, 30)}),
    "cesd": (20, {"total": (0, 60)}),
    "ucla3": (3, {"total": (3, 9)}),
    "ucla20": (20, {"total": (20, 80)}),
    "sdq": (25, dict.fromkeys(["emotional", "conduct", "hyperactivity", "peer", "prosocial"], (0, 10))),
    "igds9sf": (9, {"total": (9, 45), "criteria": (0, 9)}),
    "ace": (11, {"total": (0, 11)}),
    "jvq": (34, {"total": (0, 34)}),
}


def load(path: Path) -> Instrument:
    instrument, faults = build(Instrument, read_yaml(path, shown=path.name))
    assert not faults
    assert instrument is not None
    return instrument


def survey_with(answers: pd.DataFrame, values: dict[Any, str], **scale: Any) -> Survey:
    """A survey whose columns are the items of one scale taken from an instrument."""
    kind = "binary" if len(values) == 2 else "ordinal"
    variables = {name: {"label": name, "type": kind, "values": values} for name in answers.columns}
    if kind == "binary":
        for variable in variables.values():
            variable["positive"] = next(iter(values))
    described = {"survey": "s", "variables": variables,
                 "scales": {"scale": {"label": "s", "items": list(answers.columns), **scale}}}  # fmt: skip
    codebook = Codebook.model_validate(described)
    document = YamlDocument(data=described, shown="codebook.yaml", lines={})
    codebook, faults = with_instruments(codebook, document, Library(LIBRARY))
    assert faults == []
    missing = answers.isna().map(lambda gone: "system" if gone else "")
    return Survey(answers, missing, codebook, len(answers), pd.Series(dtype=str))


def items(count: int, *rows: list[float]) -> pd.DataFrame:
    names = [f"q{number}" for number in range(1, count + 1)]
    return pd.DataFrame(rows, columns=names, index=[f"r{i}" for i in range(len(rows))], dtype=float)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_packaged_instrument_is_valid_and_cites_its_source(path: Path) -> None:
    instrument = load(path)
    assert not list(instrument_faults(instrument, read_yaml(path, shown=path.name)))
    assert any(character.isdigit() for character in instrument.source) or "CDC" in instrument.source
    count, parts = PUBLISHED[path.stem]
    assert instrument.items == count
    assert set(instrument.parts) == set(parts)


def test_nothing_published_is_without_a_file() -> None:
    assert {path.stem for path in FILES} == set(PUBLISHED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scores_span_the_published_range(path: Path) -> None:
    instrument = load(path)
    for name, (low, high) in PUBLISHED[path.stem][1].items():
        part = instrument.parts[name]
        for order in list(instrument.orders) or [None]:
            turned = instrument.reversed_numbers(part, order)
            numbers = range(1, instrument.items + 1)
            binary = part.levels is None
            bottom, top = (2, 1) if binary else part.levels or (0, 1)
            lowest = [float(top if number in turned else bottom) for number in numbers]
            highest = [float(bottom if number in turned else top) for number in numbers]
            answers = items(instrument.items, lowest, highest)
            values: dict[Any, str] = {1: "Yes", 2: "No"}
            if not binary:
                values = {code: f"level {code}" for code in range(bottom, top + 1)}
            choice = {"order": order} if len(instrument.orders) > 1 else {}
            choice |= {"part": name} if len(instrument.parts) > 1 else {}
            survey = survey_with(answers, values, instrument=path.stem, **choice)
            assert list(score_scales(survey)["scale"]) == [low, high]


def test_rosenberg_scores_a_person_alike_in_both_orders() -> None:
    """Reversal goes by wording, so the same answers in another order are the same score."""
    instrument = load(configs_dir() / FOLDER / "rosenberg.yaml")
    rng = np.random.default_rng(0)
    words = instrument.orders["2-5-6-8-9"]
    by_word = pd.DataFrame(rng.integers(0, 4, size=(50, 10)).astype(float), columns=list(words))
    scores = []
    for order, wordings in instrument.orders.items():
        answers = by_word[list(wordings)].set_axis([f"q{i}" for i in range(1, 11)], axis=1)
        survey = survey_with(answers, dict.fromkeys(range(4), "x"), instrument="rosenberg", order=order)
        numbers = [f"q{n}" for n in order.split("-")]
        assert set(survey.codebook.scales["scale"].reverse) == set(numbers)
        scores.append(score_scales(survey)["scale"])
    pd.testing.assert_series_equal(scores[0], scores[1])


def test_codes_other_than_the_published_ones_score_alike() -> None:
    """CES-D coded 1-4 or by letters has the published total of 0-60."""
    answers = items(20, [1.0] * 20, [2.0] * 20)
    coded = survey_with(answers, dict.fromkeys(range(1, 5), "x"), instrument="cesd")
    lettered = survey_with(
        answers.replace({1.0: "a", 2.0: "b"}), dict.fromkeys("abcd", "x"), instrument="cesd"
    )
    assert list(score_scales(coded)["scale"]) == [12, 16 + 8]
    assert list(score_scales(lettered)["scale"]) == [12, 24]


def test_cesd_is_not_scored_with_more_than_four_items_unanswered() -> None:
    rows = items(20, [1.0] * 20, [1.0] * 20)
    rows.iloc[0, :4] = np.nan
    rows.iloc[1, :5] = np.nan
    scores = score_scales(survey_with(rows, dict.fromkeys(range(4), "x"), instrument="cesd"))["scale"]
    assert scores.notna().tolist() == [True, False]


def test_sdq_parts_take_their_items_from_the_questionnaire_and_are_prorated_from_three_on() -> None:
    row = [float(number % 3) for number in range(1, 26)]
    answers = items(25, row, row)
    answers.loc["r1", ["q6", "q11"]] = np.nan
    survey = survey_with(answers, dict.fromkeys(range(3), "x"), instrument="sdq", part="peer")
    assert survey.codebook.scales["scale"].items == ("q6", "q11", "q14", "q19", "q23")
    assert survey.codebook.scales["scale"].reverse == ("q11", "q14")
    full = 0 + (2 - 2) + (2 - 2) + 1 + 2
    assert score_scales(survey)["scale"].tolist() == pytest.approx([full, (0 + 1 + 2) / 3 * 5])


def test_igds_flags_five_criteria_met_very_often() -> None:
    answers = items(9, [5.0] * 5 + [4.0] * 4, [5.0] * 4 + [4.0] * 5)
    survey = survey_with(answers, dict.fromkeys(range(1, 6), "x"), instrument="igds9sf", part="criteria",
                         factor="gaming")  # fmt: skip
    scores = score_scales(survey)
    assert scores["scale"].tolist() == [5, 4]
    assert exposures(survey, scores)["scale"].tolist() == [1, 0]


def test_ace_counts_yes_and_once_or_more() -> None:
    names = [f"q{i}" for i in range(1, 12)]
    scale = {"label": "ACE", "instrument": "ace", "items": names, "min_valid": 10}
    codebook: dict[str, Any] = {"survey": "s", "variables": {}, "scales": {"ace": scale}}
    for number in range(1, 12):
        binary = {"label": "q", "type": "binary", "values": {1: "Yes", 2: "No"}, "positive": 1}
        often = {"label": "q", "type": "ordinal", "values": {1: "Never", 2: "Once", 3: "More than once"}}
        codebook["variables"][f"q{number}"] = binary if number <= 5 else often
    answers = items(11, [1, 2, 2, 2, 2, 1, 2, 3, 1, 1, 1], [1, 1, np.nan, 1, 1, 3, 3, 3, 3, 3, 3])
    document = YamlDocument(data=codebook, shown="c.yaml", lines={})
    filled, faults = with_instruments(Codebook.model_validate(codebook), document, Library(LIBRARY))
    assert faults == []
    survey = Survey(answers, answers.astype(str), filled, 2, pd.Series(dtype=str))
    assert score_scales(survey)["ace"].tolist() == pytest.approx([3, 11])


SCALE = """  lonely: {label: Loneliness, items: [lone1, lone2, lone3], reverse: [lone3], min_valid: 2,
           factor: loneliness, exposed: {at_least: 7}}
"""


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        ("instrument: ucla", ("no such instrument (found: ucla)", "Did you mean `ucla3`?")),
        ("instrument: cesd", ("cesd has 20 items (found: 3)", "in the order of the questionnaire")),
        (
            "instrument: ucla3, reverse: [lone3]",
            ("`reverse` is what the instrument", "Remove `reverse`"),
        ),
        ("instrument: ucla3, levels: [0, 2]", ("`levels` is what the instrument says",)),
        ("instrument: ucla3, order: old", ("ucla3 has one order only (found: old)", "Remove `order`")),
        ("instrument: ucla3, part: sum", ("ucla3 has no such part (found: sum)", "Valid here: total.")),
        ("part: total", ("`part` goes with an instrument",)),
        ("instrumnet: ucla3", ("unknown key (found: instrumnet)", "Did you mean `instrument`?")),
        ("score: count", ("which answers count is not said (found: lone1)", "Add `count_from:`")),
        ("score: sum, count_from: 2", ("is not used by a sum (found: 2.0)",)),
        ("levels: [3, 0]", ("the lowest and the highest score of an answer",)),
    ],
)
def test_mistakes_are_told_with_the_way_out(tmp_path: Path, scale: str, says: tuple[str, ...]) -> None:
    text = SCALE.replace("reverse: [lone3], min_valid: 2,\n           ", f"{scale}, ")
    path = write_mini(tmp_path, codebook=CODEBOOK.replace(SCALE, text))
    with pytest.raises(InputFaults) as found:
        load_study(path)
    assert len(found.value.faults) == 1
    for part in says:
        assert part in str(found.value)
    assert "codebook.yaml:" in str(found.value)


def test_an_order_that_is_not_said_is_asked_for(tmp_path: Path) -> None:
    ten = ", ".join(f"lone{i}" for i in range(1, 11))
    more = "".join(
        f"  lone{i}:    {{label: L, type: ordinal, values: {{0: a, 1: b, 2: c, 3: d}}}}\n"
        for i in range(4, 11)
    )
    text = f"  lonely: {{label: S, items: [{ten}], instrument: rosenberg, factor: loneliness}}\n"
    codebook = CODEBOOK.replace("scales:\n", more + "scales:\n").replace(SCALE, text)
    with pytest.raises(InputFaults) as found:
        load_study(write_mini(tmp_path, codebook=codebook))
    assert len(found.value.faults) == 1
    assert "which `order` this is" in str(found.value)
    assert "2-5-6-8-9, 3-5-8-9-10" in str(found.value)


def test_a_scale_takes_its_cut_off_and_the_run_its_hash_from_the_instrument(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    own = (
        "label: Own\nsource: us, 2026\nitems: 3\nparts:\n  total: {label: T, levels: [0, 2], reverse: [3],\n"
    )
    own += "    cut_off: {at_least: 4, meaning: lonely}}\n"
    (folder / "own.yaml").write_text(own)
    text = SCALE.replace("reverse: [lone3], ", "instrument: own, ").replace(", exposed: {at_least: 7}", "")
    study = load_study(write_mini(tmp_path, codebook=CODEBOOK.replace(SCALE, text)))
    scale = study.codebook.scales["lonely"]
    assert scale.exposed is not None
    assert scale.exposed.at_least == 4
    assert scale.reverse == ("lone3",)
    assert study.inputs["instrument own"] == folder / "own.yaml"
    survey = read_survey(study)
    assert check_survey(study, survey) == []
    assert score_scales(survey)["lonely"].max() <= 6


def test_a_faulty_instrument_file_is_told_by_its_own_name(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "own.yaml").write_text(
        "label: Own\nsource: us, 2026\nitems: 3\nparts: {total: {label: T, reverse: [4]}}\n"
    )
    text = SCALE.replace("reverse: [lone3], ", "instrument: own, ")
    with pytest.raises(InputFaults) as found:
        load_study(write_mini(tmp_path, codebook=CODEBOOK.replace(SCALE, text)))
    assert [fault.file for fault in found.value.faults] == ["instruments/own.yaml"]


def test_items_with_other_answers_than_the_instrument_scores_are_refused(tmp_path: Path) -> None:
    text = SCALE.replace("reverse: [lone3], min_valid: 2", "levels: [0, 3]")
    study = load_study(write_mini(tmp_path, frame=mini_frame(), codebook=CODEBOOK.replace(SCALE, text)))
    faults = check_survey(study, read_survey(study))
    assert [fault.variable for fault in faults] == ["lone1", "lone2", "lone3"]
    assert "scores 4 answers, from 0 to 3 (found: 3 answers)" in str(faults[0])
