"""Broken inputs through the real command line: exit 2, lines a person can act on, and nothing written.

Every case breaks one thing in a small valid study. The cases of the tests of single files are run here too.
"""

# ruff: noqa: E501 - a case is one row of a table
from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.schema.test_malformed import CASES as FILE_CASES
from tests.schema.test_malformed import Broken
from tests.survey.mini import CATALOGUE, CODEBOOK, STUDY, mini_frame, write_frame, write_mini
from tests.survey.test_malformed_data import CASES as DATA_CASES
from tests.survey.test_malformed_data import TEXTS, Change
from typology.cli.app import app

SECONDS = 20  # for a machine that is busy with other things; alone, the slowest takes 3


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, with its content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def refused(folder: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Run a command in the folder; it must refuse in lines that name a file and a way out, and write nothing."""
    monkeypatch.chdir(folder)
    before, began = snapshot(folder), time.monotonic()
    result = CliRunner().invoke(app, arguments)
    took = time.monotonic() - began
    assert result.exit_code == 2, (result.exit_code, result.output, result.exception)
    assert result.stdout == ""
    assert snapshot(folder) == before, "something was written"
    assert took < SECONDS
    lines = result.stderr.splitlines()
    assert lines
    for line in lines:
        assert_actionable(line)
    return lines


def assert_actionable(line: str) -> None:
    """`file[:line]: [variable:] what is wrong [(found: value)]. What to do.`"""
    assert re.match(r"[^:]+(:\d+)?: .+[.)?] .*[a-z)`\d].*$", line, flags=re.DOTALL), line
    told, _, remedy = re.sub(r"\(found: .*?\)(?=\. )", "()", line).partition(". ")
    assert told, line
    assert re.search(r"[A-Za-z]{3}", remedy), line
    for jargon in (
        "Traceback",
        "pydantic",
        "Errno",
        "KeyError",
        "<class",
        "object at 0x",
        "Input should",
        "NoneType",
    ):
        assert jargon not in line


@dataclass(frozen=True)
class Case:
    """What is done to the folder of a valid study, and what must then be said."""

    name: str
    break_it: Callable[[Path], object]
    says: tuple[str, ...]
    command: tuple[str, ...] = ("check", "study.yaml")


def study(old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        assert old in STUDY
        (folder / "study.yaml").write_text(STUDY.replace(old, new), encoding="utf-8")

    return change


def codebook(old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        assert old in CODEBOOK
        (folder / "codebook.yaml").write_text(CODEBOOK.replace(old, new), encoding="utf-8")

    return change


def file(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


def data(change: Callable[[pd.DataFrame], pd.DataFrame], name: str = "mini.csv") -> Callable[[Path], object]:
    def apply(folder: Path) -> None:
        write_frame(change(mini_frame()), folder / name)
        study("mini.csv", name)(folder)

    return apply


def directory(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return change


def elsewhere(name: str, given: str) -> Callable[[Path], object]:
    """Move a file out of the folder of the study and name it from there."""

    def change(folder: Path) -> None:
        outside = folder.parent / "elsewhere"
        outside.mkdir()
        shutil.move(folder / name, outside / name)
        if given == "link":
            (folder / "link.yaml").symlink_to(outside / name)
        path = {"link": "link.yaml", "absolute": str(outside / name)}.get(given, f"../elsewhere/{name}")
        study(name, path)(folder)

    return change


def answers(**columns: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.astype(object).assign(**columns)


def first(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.astype(object)
        frame.loc[[0, 1], column] = value
        return frame

    return change


BOMB = "\n".join(
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
        *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)),
    ]
).encode()
WIDE = "survey: mini\nvariables:\n" + "".join(
    f"  v{i}: {{label: v, type: binary, role: typology, positive: 1}}\n" for i in range(10_000)
)
RING = "role: ignore, asked_if: {sent_pic: [1]}, values"

CASES = [
    # the study file as a file
    Case("study is a folder", directory("study.yaml"), ("study.yaml: is not a file",)),
    Case("study not there", lambda f: (f / "study.yaml").unlink(), ("study.yaml: there is no such file",)),
    Case("study empty", file("study.yaml", b""), ("study.yaml:1: is empty", "study:, survey:")),
    Case("study blank", file("study.yaml", b"\n  \n# nothing\n"), ("is empty",)),
    Case("study is a spreadsheet", lambda f: write_frame(mini_frame(), f / "study.yaml.xlsx") or shutil.move(f / "study.yaml.xlsx", f / "study.yaml"), ("study.yaml: is not", "plain text")),
    Case("study undecodable", file("study.yaml", b"study: \xe9t\xe9\n"), ("is not UTF-8 text (byte 8)", "UTF-8")),
    Case("study with null bytes", file("study.yaml", b"study: a\x00b\n"), ("study.yaml", "not valid YAML")),
    Case("bomb", file("study.yaml", BOMB), ("repeated parts make this file too large",)),
    Case("deep nesting", file("study.yaml", b"study: " + b"[" * 5000), ("nested too deeply",)),
    Case("huge file", file("study.yaml", b"#" * 21_000_000), ("far too large for a YAML file",)),
    Case("python tag", study("title: A small survey", "title: !!python/object/apply:os.system [ls]"), ("study.yaml:2", "tags are not allowed")),
    Case("alias to itself", file("study.yaml", b"study: &a [*a]\n"), ("study.yaml:1", "repeats a part")),
    Case("survey file as study", lambda f: None, ("mini.csv",), ("check", "mini.csv")),
    # keys of the study file
    Case("no data", study("  data: mini.csv\n", ""), ("survey.data: is required", "Add `data:`")),
    Case("data is null", study("mini.csv", "null"), ("survey.data: must be text (found: nothing)", "behind the colon")),
    Case("data is a list", study("mini.csv", "[a.csv, b.csv]"), ("survey.data: must be text",)),
    Case("title is a year", study("A small survey", "2019"), ("title: must be text (found: 2019)", "quotes")),
    Case("seed is true", study("label:", "seed: true\nlabel:"), ("seed: must be a whole number (found: True)",)),
    Case("seed negative", study("label:", "seed: -1\nlabel:"), ("seed: must be at least 0 (found: -1)",)),
    Case("seed enormous", study("label:", "seed: 123456789012345678901234567890\nlabel:"), ("seed",)),
    Case("seed is half", study("label:", "seed: 1.5\nlabel:"), ("seed: must be a whole number (found: 1.5)",)),
    Case("share is NaN", study("label:", "prepare: {min_answered: .nan}\nlabel:"), ("prepare.min_answered",)),
    Case("share is infinite", study("label:", "prepare: {min_answered: .inf}\nlabel:"), ("prepare.min_answered",)),
    Case("no neighbours", study("label:", "embed: {n_neighbors: []}\nlabel:"), ("embed.n_neighbors: must list at least one",)),
    Case("neighbours are words", study("label:", "embed: {n_neighbors: [ten]}\nlabel:"), ("embed.n_neighbors.0: must be a whole number (found: ten)",)),
    Case("size between share and count", study("label:", "cluster: {min_cluster_size: 2.5}\nlabel:"), ("share below 1 or a whole number (found: 2.5). Change the value.",)),
    Case("size infinite", study("label:", "cluster: {min_cluster_size: .inf}\nlabel:"), ("min_cluster_size", "finite")),
    Case("too few resamples", study("label:", "evidence: {resamples: 0}\nlabel:"), ("evidence.resamples: must be at least 10 (found: 0)",)),
    Case("name far too long", study("study: mini", f"study: {'m' * 300}"), ("study: is too long",)),
    Case("name with a path", study("study: mini", "study: ../mini"), ("study", "small letters")),
    Case("key of another section", study("label:", "threshold: 10\nlabel:"), ("unknown key (found: threshold)",)),
    # paths
    Case("codebook outside", elsewhere("codebook.yaml", "up"), ("study.yaml:5: survey.codebook: leads out of the folder", "../elsewhere/codebook.yaml", "Copy that file")),
    Case("codebook outside, absolute", elsewhere("codebook.yaml", "absolute"), ("leads out of the folder",)),
    Case("codebook outside, by a link", elsewhere("codebook.yaml", "link"), ("leads out of the folder", "link.yaml")),
    Case("catalogue outside", elsewhere("factors.yaml", "up"), ("study.yaml:6: label.catalogue: leads out of the folder",)),
    Case("catalogue outside, by a link", elsewhere("factors.yaml", "link"), ("label.catalogue: leads out of the folder",)),
    Case("codebook is the password file", study("codebook.yaml", "/etc/passwd"), ("leads out of the folder of the study file (found: /etc/passwd)",)),
    Case("codebook is a folder", directory("codebook.yaml"), ("codebook.yaml: is not a file",)),
    Case("catalogue is a folder", directory("factors.yaml"), ("factors.yaml: is not a file",)),
    Case("ring of links", lambda f: ((f / "codebook.yaml").unlink(), (f / "codebook.yaml").symlink_to("codebook.yaml")), ("codebook.yaml",)),
    Case("path with a null byte", study("mini.csv", '"mini\\0.csv"'), ("survey.data",)),
    Case("path far too long", study("mini.csv", f"{'x' * 5000}.csv"), ("survey.data: there is no such survey file",)),
    Case("data is a folder", directory("mini.csv"), ("survey.data: is not a file (found: mini.csv)",)),
    Case("data gone", lambda f: (f / "mini.csv").unlink(), ("there is no such survey file (found: mini.csv)",)),
    Case("data misspelt", study("mini.csv", "mini.cvs"), ("is not a kind of survey file", ".csv")),
    Case("zipped SPSS file", study("mini.csv", "mini.sav.gz"), ("is not a kind of survey file", "mini.sav.gz")),
    # codebook and catalogue as files
    Case("codebook empty", file("codebook.yaml", b""), ("codebook.yaml:1: is empty", "survey:, variables:")),
    Case("codebook undecodable", file("codebook.yaml", b"survey: \xff\xfe"), ("codebook.yaml: is not UTF-8",)),
    Case("codebook is a list", file("codebook.yaml", b"- a\n- b\n"), ("must be a mapping",)),
    Case("catalogue empty", file("factors.yaml", b""), ("factors.yaml:1: is empty", "factors:")),
    Case("catalogue is a bomb", file("factors.yaml", BOMB), ("factors.yaml", "too large")),
    Case("catalogue is text", file("factors.yaml", b"see the appendix"), ("factors.yaml:1: must be a mapping",)),
    Case("variables is a list", codebook("variables:\n", "variables: []\nothers:\n"), ("variables: must be a mapping", "others")),
    Case("variable without content", codebook("{label: Chats, type: ordinal, role: typology, values: {1: Never, 2: Rarely, 3: Often}}", ""), ("codebook.yaml:10: variables.chat: must be a mapping",)),
    Case("routing circle", codebook("role: ignore, values", RING), ("the routing runs in a circle (found: online, sent_pic)",)),
    Case("factor infinite", codebook("{at_least: 7}", "{at_least: .nan}"), ("scales.lonely.exposed.at_least: must be a finite number (found: nan)",)),
    Case("reverse is a word", codebook("min_valid: 2", "min_valid: two"), ("min_valid: must be a whole number (found: two)",)),
    Case("ten thousand items", file("codebook.yaml", WIDE.encode()), ("too many variables have the role typology: at most 500", "(found: 10000)")),
    # data as files
    Case("data empty", file("mini.csv", b""), ("mini.csv: the file is empty",)),
    Case("binary named csv", file("mini.csv", bytes(range(256)) * 4), ("mini.csv: is not a text file",)),
    Case("spreadsheet named csv", lambda f: (write_frame(mini_frame(), f / "x.xlsx"), (f / "x.xlsx").replace(f / "mini.csv")), ("mini.csv: is not a text file",)),
    Case("undecodable bytes", file("mini.csv", b"rid,threat\n1,\x81\x8d\n"), ("encoding cannot be told", "UTF-8")),
    Case("text named gz", lambda f: (study("mini.csv", "mini.csv.gz")(f), (f / "mini.csv.gz").write_bytes(b"rid\n1\n")), ("mini.csv.gz: cannot be read as a gzip file",)),
    Case("gzip cut short", lambda f: (study("mini.csv", "mini.csv.gz")(f), (f / "mini.csv.gz").write_bytes(gzip.compress(b"rid,a\n" * 900)[:-30])), ("mini.csv.gz: cannot be read as a gzip file",)),
    Case("gzip of nothing", lambda f: (study("mini.csv", "mini.csv.gz")(f), (f / "mini.csv.gz").write_bytes(gzip.compress(b""))), ("the file is empty",)),
    Case("text named sav", lambda f: (study("mini.csv", "mini.sav")(f), (f / "mini.sav").write_bytes(b"rid,threat\n1,2\n")), ("mini.sav: cannot be read as a .sav file",)),
    Case("text named parquet", lambda f: (study("mini.csv", "mini.parquet")(f), (f / "mini.parquet").write_bytes(b"rid\n1\n")), ("cannot be read as a Parquet file",)),
    Case("page saved from the web", file("mini.csv", b"<!DOCTYPE html>\n<html><body>404, not found</body></html>\n"), ("mini.csv",)),
    # data as data
    Case("zero rows", data(lambda f: f.iloc[:0]), ("mini.csv: holds no respondents",)),
    Case("one row", data(lambda f: f.iloc[:1]), ("too few respondents", "(found: 1)")),
    Case("all missing", data(lambda f: f.assign(**dict.fromkeys(["sent_pic", "chat", "threat"], np.nan))), ("codebook.yaml:10: chat: nobody has a valid answer", "system 120x")),
    Case("NaN weights", data(first("wt", np.nan)), ("wt: the weight is missing for 2 respondents", "codebook.yaml:5")),
    Case("negative weights", data(first("wt", -2)), ("the weight is negative for 2 respondents (found: -2)", "codebook.yaml:5")),
    Case("infinite weights", data(first("wt", np.inf)), ("wt: holds cells that are not numbers (found: inf (2x))",)),
    Case("weights are words", data(answers(wt="heavy")), ("wt: holds cells that are not numbers (found: heavy (120x))",)),
    Case("ids twice", data(first("rid", 5)), ("rid: the same id stands for different answers (found: rows 1, 2, 5)",)),
    Case("ids missing", data(first("rid", None)), ("rid: the id is missing for 2 respondents", "codebook.yaml:3")),
    Case("ids all alike", data(answers(rid=1)), ("rid: all 120 rows have the same id (found: 1)",)),
    Case("another survey", data(lambda f: f.rename(columns=lambda name: f"V{name}9")), ("holds only 0 of the 12 variables of the codebook", "codebook of another survey?")),
    Case("date as an item", data(answers(chat=pd.Timestamp("2020-01-02")), "mini.parquet"), ("chat: is a date, which cannot be analysed (found: 2020-01-02", "codebook.yaml:10")),
    Case("date as a scale item", data(answers(lone1="2020-01-02")), ("lone1: is a date",)),
    Case("lists as answers", data(lambda f: f.assign(chat=[[1, 2]] * len(f)), "mini.parquet"), ("chat", "[1 2] (120x)")),
    Case("infinite answers", data(first("age", -np.inf)), ("age: holds cells that are not numbers (found: -inf (2x))",)),
    Case("thousands or decimals", data(answers(age="1,234")), ("age: numbers such as 1,234 can be read two ways", "codebook.yaml:14")),
    # drafting
    Case("draft of nothing", lambda f: None, ("gone.sav: there is no such survey file",), ("codebook", "gone.sav")),
    Case("draft of a folder", directory("survey.sav"), ("survey.sav",), ("codebook", "survey.sav")),
    Case("draft of an empty file", file("mini.csv", b""), ("the file is empty",), ("codebook", "mini.csv")),
    Case("draft of a codebook", lambda f: None, ("codebook.yaml: is not a kind of survey file",), ("codebook", "codebook.yaml")),
    Case("draft of a binary", file("mini.csv", b"\x00\x01" * 50), ("is not a text file",), ("codebook", "mini.csv")),
    Case("draft of names only", file("mini.csv", b"rid,a,b\n"), ("holds no respondents",), ("codebook", "mini.csv")),
    Case("draft of the same name twice", file("mini.csv", b"a,a\n1,2\n"), ("2 columns have the same name (found: a)",), ("codebook", "mini.csv")),
    Case("draft over a file", lambda f: None, ("codebook.yaml: cannot be written: File exists", "nothing is overwritten"), ("codebook", "mini.csv", "--out", "codebook.yaml")),
    Case("draft into no folder", lambda f: None, ("cannot be written: No such file or directory",), ("codebook", "mini.csv", "--out", "nowhere/c.yaml")),
    Case("draft of a damaged file", file("mini.sav", b"$FL2@(#) SPSS DATA FILE" + b"\x00" * 100), ("mini.sav: cannot be read as a .sav file",), ("codebook", "mini.sav")),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A valid study in a folder of its own."""
    (tmp_path / "study").mkdir()
    write_mini(tmp_path / "study")
    return tmp_path / "study"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_malformed_input_is_refused(folder: Path, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.break_it(folder)
    told = "\n".join(refused(folder, list(case.command), monkeypatch))
    for part in case.says:
        assert part in told
    if case.command[0] == "check":
        refused(folder, ["run", *case.command[1:], "--out", "out", "--quiet"], monkeypatch)


@pytest.mark.parametrize("case", FILE_CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_cases_of_single_files(folder: Path, case: Broken, monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"study": "study.yaml", "codebook": "codebook.yaml", "catalogue": "factors.yaml"}[case.file]
    text = {"study": STUDY, "codebook": CODEBOOK, "catalogue": CATALOGUE}[case.file]
    (folder / name).write_text(text.replace(case.old, case.new), encoding="utf-8")
    told = "\n".join(refused(folder, ["check", "study.yaml"], monkeypatch))
    for part in case.says:
        assert part in told


@pytest.mark.parametrize(("name", "change", "says"), DATA_CASES, ids=[case[0] for case in DATA_CASES])
def test_the_cases_of_data(
    folder: Path, name: str, change: Change, says: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = change(mini_frame())
    assert isinstance(frame, pd.DataFrame), name
    write_frame(frame, folder / "mini.csv")
    told = "\n".join(refused(folder, ["check", "study.yaml"], monkeypatch))
    for part in says:
        assert part in told


@pytest.mark.parametrize(("name", "content", "says"), TEXTS, ids=[text[0] for text in TEXTS])
def test_the_cases_of_text(
    folder: Path, name: str, content: bytes, says: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mini.csv").write_bytes(content)
    told = "\n".join(refused(folder, ["check", "study.yaml"], monkeypatch))
    for part in says:
        assert part in told, name


def test_the_program_itself_says_the_same(folder: Path) -> None:
    """Once as a process of its own, as a researcher runs it."""
    codebook("type: ordinal, role: typology", "type: ordnal, role: typology")(folder)
    before = snapshot(folder)
    command = [sys.executable, "-m", "typology", "check", "study.yaml"]
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": root},
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("codebook.yaml:10: variables.chat.type: ")
    assert "Did you mean `ordinal`?" in line
    assert snapshot(folder) == before


def test_ten_thousand_columns_of_which_few_are_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = pd.DataFrame(np.ones((120, 10_000), dtype=int), columns=[f"x{i}" for i in range(10_000)])
    write_frame(pd.concat([mini_frame(), wide], axis=1), folder / "mini.csv")
    monkeypatch.chdir(folder)
    began = time.monotonic()
    result = CliRunner().invoke(app, ["check", "study.yaml"])
    assert result.exit_code == 0, result.output
    assert "120 respondents, 12 variables" in result.stdout
    assert time.monotonic() - began < SECONDS


def test_there_are_enough_cases() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 60
