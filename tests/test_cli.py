"""The command line: what it prints, the status it exits with, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from typology.cli import console
from typology.cli.app import app
from typology.errors import InputFault, InputFaults

CODEBOOK = """\
survey: small
variables:
  rid: {label: Respondent, type: nominal, role: id}
  a: {label: Was threatened, type: binary, role: typology, values: {1: "Yes", 2: "No"}, positive: 1}
  b: {label: Was followed, type: binary, role: typology, values: {1: "Yes", 2: "No"}, positive: 1}
  c: {label: Was insulted, type: binary, role: typology, values: {1: "Yes", 2: "No"}, positive: 1}
"""
CATALOGUE = """\
factors:
  loneliness:
    label: Loneliness
    domain: individual
    statement: Feeling lonely.
    grade: limited
    evidence: []
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study that is valid."""
    frame = pd.DataFrame(
        {"rid": range(1, 81), "a": [1, 2] * 40, "b": [1, 1, 2, 2] * 20, "c": [2, 1, 1, 2] * 20}
    )
    frame.to_csv(tmp_path / "small.csv", index=False)
    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "risk_factors.yaml").write_text(CATALOGUE, encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text("study: small\nsurvey: {data: small.csv, codebook: codebook.yaml}\n", encoding="utf-8")
    return path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(result: Result) -> list[str]:
    return result.stderr.splitlines()


def assert_refused(result: Result, *, out: Path, faults: int = 1) -> list[str]:
    """Bad input: exit 2, one line a fault, no traceback, nothing written."""
    assert result.exit_code == 2, result.output
    assert len(lines(result)) == faults, result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert not out.exists()
    assert not list(out.parent.glob(".*"))
    return lines(result)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_check_of_a_valid_study(study: Path) -> None:
    result = call("check", study)
    assert result.exit_code == 0, result.output
    assert "no faults" in result.stdout
    assert "80 respondents" in result.stdout
    assert {path.name for path in study.parent.iterdir()} == {
        "small.csv",
        "small.yaml",
        "codebook.yaml",
        "risk_factors.yaml",
    }


def test_remarks_of_check_name_the_line_and_stand_together_by_variable(study: Path) -> None:
    frame = pd.read_csv(study.parent / "small.csv")
    frame["c"] = [2] * 60 + [99] * 20
    frame["b"] = frame["a"]
    frame.to_csv(study.parent / "small.csv", index=False)
    edit(study.parent / "codebook.yaml", "Was insulted,", "Was insulted, missing: {99: refused},")
    result = call("check", study)
    assert result.exit_code == 0, result.output
    places = [line.split(": ")[1:3] for line in result.stdout.splitlines() if line.startswith("note: ")]
    assert places == [["codebook.yaml:5", "b"], ["codebook.yaml:6", "c"], ["codebook.yaml:6", "c"]]
    assert "(found: 25%)" in result.stdout


def test_typo_in_the_study_file(study: Path, tmp_path: Path) -> None:
    study.write_text(study.read_text(encoding="utf-8") + "evidense: {resamples: 20}\n", encoding="utf-8")
    out = tmp_path / "out"
    (line,) = assert_refused(call("run", study, "--out", out), out=out)
    assert "small.yaml" in line
    assert "evidense" in line
    assert "evidence" in line.replace("evidense", "")


def test_codebook_variable_missing_from_the_data(study: Path, tmp_path: Path) -> None:
    edit(study.parent / "codebook.yaml", "  c: {", "  d: {label: Was hit, type: binary, role: typology, "
         "values: {1: \"Yes\", 2: \"No\"}, positive: 1}\n  c: {")  # fmt: skip
    out = tmp_path / "out"
    (line,) = assert_refused(call("run", study, "--out", out), out=out)
    assert "small.csv" in line
    assert re.search(r"\bd\b", line)


def test_undeclared_code_in_the_data(study: Path, tmp_path: Path) -> None:
    edit(study.parent / "small.csv", "\n7,1,", "\n7,97,")
    out = tmp_path / "out"
    (line,) = assert_refused(call("run", study, "--out", out), out=out)
    assert "97" in line
    assert re.search(r"\ba\b", line)


def test_all_faults_are_told_at_once(study: Path, tmp_path: Path) -> None:
    edit(study.parent / "small.csv", "\n7,1,", "\n7,97,")
    edit(study.parent / "small.csv", "\n9,1,1,", "\n9,1,55,")
    out = tmp_path / "out"
    told = assert_refused(call("run", study, "--out", out, "--quiet"), out=out, faults=2)
    assert "97" in told[0]
    assert "55" in told[1]


def test_missing_study_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (line,) = assert_refused(call("run", tmp_path / "nowhere.yaml", "--out", out), out=out)
    assert "nowhere.yaml" in line


def test_a_folder_with_other_things_is_not_overwritten(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "thesis"
    out.mkdir()
    (out / "chapter.txt").write_text("years of work", encoding="utf-8")
    result = call("run", study, "--out", out, "--quiet")
    assert result.exit_code == 2
    assert len(lines(result)) == 1
    assert [path.name for path in out.iterdir()] == ["chapter.txt"]


def test_report_of_something_that_is_no_run_folder(tmp_path: Path) -> None:
    result = call("report", tmp_path)
    assert result.exit_code == 1
    assert len(lines(result)) == 1
    assert "not a run folder" in result.stderr


def test_unexpected_errors_are_one_plain_line(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr("typology.pipeline.check_study", fail)
    result = call("check", study)
    assert result.exit_code == 1
    assert len(lines(result)) == 1
    assert "nothing to divide by" in result.stderr
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(app, ["--traceback", "check", str(study)], catch_exceptions=False)


def test_a_lack_of_memory_is_told_as_such(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("typology.pipeline.check_study", fail)
    result = call("check", study)
    assert result.exit_code == 1
    assert lines(result)[0].startswith("typology: there is not enough memory. ")


def test_stopping_by_hand_is_no_error_report(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("typology.pipeline.check_study", interrupt)
    result = call("check", study)
    assert result.exit_code == 130
    assert lines(result) == ["typology: stopped."]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_asked_for_by_the_system_is_a_stop_by_hand(
    study: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = signal.signal(number, signal.SIG_DFL)  # whoever runs the tests may have it ignored
    monkeypatch.setattr("typology.pipeline.check_study", lambda *_: os.kill(os.getpid(), number))
    try:
        result = call("check", study)
        assert signal.getsignal(number) is signal.SIG_DFL
        signal.signal(number, signal.SIG_IGN)  # as nohup does
        ignored = call("check", study)
    finally:
        signal.signal(number, before)
    assert result.exit_code == 128 + number
    assert lines(result) == ["typology: stopped."]
    assert "stopped" not in ignored.stderr


def test_a_reader_that_reads_no_further_is_no_error() -> None:
    command = [sys.executable, "-m", "typology", "catalogue"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_unknown_option_exits_with_2(study: Path) -> None:
    assert call("run", study, "--speed", "3").exit_code == 2


@pytest.mark.parametrize("command", ["run", "check", "codebook", "report", "verify", "demo", "lab"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert f"typology {command}" in " ".join(result.stdout.split())


def test_codebook_drafts_and_never_overwrites(study: Path, tmp_path: Path) -> None:
    result = call("codebook", study.parent / "small.csv")
    assert result.exit_code == 0, result.output
    assert "variables:" in result.stdout
    draft = tmp_path / "draft.yaml"
    assert call("codebook", study.parent / "small.csv", "--out", draft).exit_code == 0
    assert draft.read_text(encoding="utf-8") == result.stdout
    again = call("codebook", study.parent / "small.csv", "--out", draft)
    assert again.exit_code == 2
    assert len(lines(again)) == 1


STAGES = ("Reading", "Resampling", "Writing")


def show_stages(*, quiet: bool = False) -> None:
    with console.progress_bars(quiet=quiet) as progress:
        for stage in STAGES:
            progress.start(stage, total=10)
            progress.advance()


def test_a_log_gets_a_line_a_stage_and_the_first_run_is_announced_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "compiles_first", lambda: True)
    show_stages()
    shown = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in shown] == ["Reading", "First", "Resampling", "Writing"]
    assert shown[1] == console.FIRST_RUN


def test_a_terminal_gets_a_bar_a_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = partial(console.Console, force_terminal=True, width=120)
    monkeypatch.setattr(console, "Console", terminal)
    monkeypatch.setattr(console, "compiles_first", lambda: True)
    show_stages()
    shown = capsys.readouterr().err
    assert shown.count(console.FIRST_RUN) == 1
    final = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).splitlines()[-len(STAGES) :]
    # a finished stage is full, however many steps it took
    assert [(line.split()[0], "10/10" in line) for line in final] == [(stage, True) for stage in STAGES]


def test_faults_on_a_terminal_stand_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "Console", partial(console.Console, force_terminal=True, width=120))
    with pytest.raises(InputFaults), console.progress_bars(quiet=False) as progress:
        progress.start("Reading", total=1)
        raise InputFaults([InputFault("small.csv", "is empty", "Fill it.")])
    erase_line_and_go_up = "\x1b[1A\x1b[2K"
    assert capsys.readouterr().err.endswith(erase_line_and_go_up)


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_stages(quiet=True)
    assert capsys.readouterr() == ("", "")
