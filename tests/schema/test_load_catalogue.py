"""A catalogue of one's own: extends and overrides the packaged one, is checked whole, and is logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.survey.mini import CATALOGUE, STUDY, write_mini
from typology.cli.app import app
from typology.errors import InputFaults
from typology.runs.manifest import describe_inputs, sha256
from typology.schema.load import load_study
from typology.schema.load_catalogue import load_catalogue

OWN = """\
factors:
  loneliness:
    label: Loneliness, our scale
    domain: peer
    statement: Often lonely, as we measured it.
    grade: limited
    evidence: [{source: Someone 2020, year: 2020, finding: Related., n: 100, outcome: contact}]
guidance:
  loneliness: {parents: [{statement: Ask how they are., source: Someone 2020}]}
"""
WRONG = """\
factors:
  loneliness:
    label: Loneliness
    domain: peer
    statement: Lonely.
    grade: certain
    evidence: []
"""
FAULTY = """\
factors:
  odd:
    label: Odd
    domain: peer
    statement: Odd.
    grade: limited
    evidence:
      - {source: "", year: 2020, finding: Related.}
      - {source: S 2020, year: 2020, finding: F., measure: odds ratio, estimate: 9, ci: [1, 2]}
      - {source: S 2020, year: 2020, finding: F., estimate: 2}
      - {source: S 2020, year: 2020, finding: F., n: 0, ci: [1, 2]}
guidance:
  odd: {schools: [{statement: Do., source: " "}]}
  od: {schools: [{statement: Do., source: S 2020}]}
"""


def test_a_study_extends_and_overrides_with_its_own_file(tmp_path: Path) -> None:
    path = write_mini(tmp_path, study=STUDY.replace("factors.yaml", "[factors.yaml, own.yaml]"))
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    study = load_study(path)
    assert list(study.catalogue.factors) == ["loneliness", "low_self_esteem"]
    assert study.catalogue.factors["loneliness"].label == "Loneliness, our scale"
    assert set(study.catalogue.guidance["loneliness"]) == {"parents"}
    assert list(study.catalogue.profiles) == ["adapted"]
    logged = describe_inputs(study)
    assert logged["catalogue"]["sha256"] == sha256(tmp_path / "factors.yaml")
    assert logged["catalogue 2"]["sha256"] == sha256(tmp_path / "own.yaml")


def test_the_packaged_catalogue_is_found_and_extended(tmp_path: Path) -> None:
    path = write_mini(tmp_path, study=STUDY.replace("factors.yaml", "[risk_factors.yaml, own.yaml]"))
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    factors = load_study(path).catalogue.factors
    assert "rude_comments" in factors
    assert "loneliness" in factors


def test_faults_of_every_file_are_told_at_once(tmp_path: Path) -> None:
    path = write_mini(
        tmp_path, study=STUDY.replace("factors.yaml", "[factors.yaml, own.yaml, none.yaml]"),
        catalogue=CATALOGUE.replace("low: [loneliness]", "low: [lonelines]"),
    )  # fmt: skip
    (tmp_path / "own.yaml").write_text(WRONG, encoding="utf-8")
    with pytest.raises(InputFaults) as told:
        load_study(path)
    shown = [str(fault) for fault in told.value.faults]
    assert [line.split(":")[0] for line in shown] == ["own.yaml", "none.yaml"]
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "none.yaml").write_text("guidance: {}\n", encoding="utf-8")
    with pytest.raises(InputFaults, match="lonelines"):
        load_study(path)


def test_the_command_lists_and_checks(tmp_path: Path) -> None:
    plain = CliRunner().invoke(app, ["catalogue"])
    assert plain.exit_code == 0
    assert "Rude or nasty comments" in plain.stdout
    assert "2.3" in plain.stdout
    assert "no faults" in plain.stdout
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    own = CliRunner().invoke(app, ["catalogue", str(tmp_path / "own.yaml")])
    assert own.exit_code == 0
    assert "Loneliness, our scale" in own.stdout
    assert "loneliness, guidance of loneliness" in own.stdout
    assert CliRunner().invoke(app, ["catalogue", "--quiet"]).stdout == ""


def test_the_command_tells_every_fault_and_exits_with_two(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(FAULTY, encoding="utf-8")
    found = CliRunner().invoke(app, ["catalogue", str(path)])
    assert found.exit_code == 2
    assert found.stdout == ""
    told = found.stderr.splitlines()
    assert len(told) == 7
    for words in ("has no source", "outside its interval", "without a measure", "without an estimate",
                  "not a number of respondents", "does not exist"):  # fmt: skip
        assert any(words in line for line in told), words
    missing = CliRunner().invoke(app, ["catalogue", str(tmp_path / "none.yaml")])
    assert missing.exit_code == 2


def test_a_file_on_its_own_is_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    whole, own = load_catalogue(tmp_path / "own.yaml")
    assert list(own.factors) == ["loneliness"]
    assert len(whole.factors) == len(load_catalogue()[0].factors) + 1
