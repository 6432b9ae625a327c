"""What counts in a text as an id, a path, a name, an address or a small count of people, or as none."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from typology.disclose import scan as stage
from typology.disclose.scan import (
    _about_notebook,
    _account_names,
    _few_people,
    _Secrets,
    _telling_ids,
    _text_leaks,
    _whole_numbers,
    respondent_ids,
    scan,
)

TEN = 10


def told(text: str, *, threshold: int = TEN) -> list[str]:
    return [leak.removeprefix("tells a small count in words: ") for leak in _few_people(text, threshold)]


@pytest.mark.parametrize(
    "text",
    [
        "4 respondents", "1 respondent", "9 of 120 people", "9 of the persons", "3 of 1,166 participants",
        "2 adults", "5 adolescents", "6 young people", "7 members", "n = 9", "n=3", "N = 4", "8 Persons",
    ],
)  # fmt: skip
def test_a_small_count_of_people_is_told(text: str) -> None:
    assert told(f"Of all, {text} said so.") == [repr(text)]


@pytest.mark.parametrize(
    "text",
    [
        "10 respondents", "0 respondents", "fewer than 10 respondents", "fewer than 5 respondents",
        "less than 5 people", "under 5 people", "at least 5 respondents", "below 5 people", "least 5 people",
        "1,004 respondents", "0.4 respondents", "age-4 respondents", "40%4 respondents", "4 questions",
        "n = 1,200", "n = 7.5", "n = 12", "4 respondentsX", "4 membership", "1004 respondents",
    ],
)  # fmt: skip
def test_bounds_larger_counts_and_other_things_are_not(text: str) -> None:
    assert told(f"Here {text} said so.") == []


def test_each_is_told_once_in_the_order_of_the_alphabet() -> None:
    assert told("n = 7; 4 people; 3 people, n = 7, 4 people") == ["'3 people'", "'4 people'", "'n = 7'"]


def test_small_is_below_the_threshold_of_the_study() -> None:
    assert told("4 people and 5 people", threshold=5) == ["'4 people'"]


def leaks(text: str, *, shown: str | None = None, ids: str = "", names: str = "") -> list[str]:
    secrets = _Secrets(frozenset(ids.split()), frozenset(names.split()))
    return list(_text_leaks(text, secrets, text if shown is None else shown))


def test_ids_are_found_as_whole_words_and_counted() -> None:
    assert leaks("r-001 and r_002, r-0015", ids="r-001 r_002 r-003") == ["holds 2 respondent ids"]
    assert leaks("r-0011 r-00", ids="r-001") == []
    assert leaks("R-001", ids="r-001") == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        *((f"see /{folder}/x", f"/{folder}/x"[:12]) for folder in (
            "home", "Users", "root", "tmp", "var", "mnt", "media", "opt", "srv", "work", "data", "private",
            "Volumes",
        )),
        ("C:\\Users\\ana", "C:\\Users\\"), ("d:\\\\data of mine\\\\x", "d:\\\\data of "),
        ("\\\\server\\share", "\\\\server\\sha"), ("file:///x", "file:///"), ("file://s", "file://s"),
        ("(/home/ana/survey.sav)", "/home/ana"),
    ],
)  # fmt: skip
def test_paths_of_machines_are_found_and_only_begun(text: str, path: str) -> None:
    assert leaks(text) == [f"holds the path of a file on this machine, {path}..."]


@pytest.mark.parametrize(
    "text",
    ["https://example.org/data/x", "a/home/b", "./home/x", "-/tmp/x", "/etc/x", "/home", "C:", "C:\\",
     "and/or", "\\frac{1}{2}", "10:\\x", "and /media/"],
)  # fmt: skip
def test_addresses_and_other_slashes_are_no_paths(text: str) -> None:
    assert leaks(text) == []


def test_paths_are_looked_for_in_what_is_told() -> None:
    assert leaks("/home/ana", shown="nothing") == []
    assert leaks("nothing", shown="/home/ana") == ["holds the path of a file on this machine, /home/ana..."]


def test_names_are_found_between_the_ends_of_words() -> None:
    named = ["holds the name of an account or machine"]
    assert leaks("by zoe.quist, today", names="zoe.quist") == named
    assert leaks("zoe.quist", names="zoe.quist other.name") == named
    assert leaks("by zoeXquist, xzoe.quist and zoe.quists", names="zoe.quist") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("she@mail.example", True), ("a.b+c@mail-1.example.org", True), ("@mail.example", False),
        ("she@mail", False), ("a @ b.c", False),
    ],
)  # fmt: skip
def test_addresses_of_people_are_found(text: str, address: bool) -> None:
    assert leaks(text) == ["holds an e-mail address"] * address


def test_everything_wrong_with_a_text_is_told() -> None:
    assert leaks("r00001 at /home/ana by ana.lee: ana@x.org", ids="r00001", names="ana.lee") == [
        "holds 1 respondent ids",
        "holds the path of a file on this machine, /home/ana...",
        "holds the name of an account or machine",
        "holds an e-mail address",
    ]


def test_ids_that_occur_anywhere_by_chance_are_not_looked_for(tmp_path: Path) -> None:
    assert respondent_ids(tmp_path) == frozenset()
    (tmp_path / "private").mkdir()
    ids = ["12345", "123456", "a12", "a123", "ab-1", "999"]
    pd.DataFrame({"id": ids}).to_parquet(tmp_path / "private" / "respondents.parquet")
    assert respondent_ids(tmp_path) == frozenset(ids)
    assert _telling_ids(tmp_path) == {"123456", "a123", "ab-1"}
    pd.DataFrame({"id": [1234567, 8]}).to_parquet(tmp_path / "private" / "respondents.parquet")
    assert _telling_ids(tmp_path) == {"1234567"}


def test_names_of_accounts_that_tell_nobody_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage.Path, "home", lambda: Path("/home/anastasia"))
    monkeypatch.setattr(stage.platform, "node", lambda: "laptop-7")
    for key, name in {"USER": "Runner", "LOGNAME": "mary9", "USERNAME": "anna"}.items():
        monkeypatch.setenv(key, name)
    assert _account_names() == {"anastasia", "laptop-7", "mary9"}
    for key in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.delenv(key)
        assert _account_names() >= {"anastasia", "laptop-7"}
    monkeypatch.setenv("USERNAME", "windows.user")
    assert "windows.user" in _account_names()
    monkeypatch.setenv("USER", "linux.user")
    assert "linux.user" in _account_names()


def notebook(tmp_path: Path, content: object) -> str:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return _about_notebook(path)


def test_a_notebook_is_told_with_what_it_holds(tmp_path: Path) -> None:
    cells = [{"outputs": [1, 2], "source": "Ελλάδα"}, {}, {"outputs": [3]}]
    assert notebook(tmp_path, {"cells": cells, "metadata": {}}) == ": a notebook with 3 outputs"
    assert (
        notebook(tmp_path, {"metadata": {"widgets": {}}}) == ": a notebook with 0 outputs, with widget state"
    )
    assert notebook(tmp_path, {}) == ": a notebook with 0 outputs"
    assert _about_notebook(tmp_path / "a.csv") == ""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "release" / "cards").mkdir(parents=True)
    return tmp_path


def put(run: Path, name: str, text: str) -> list[str]:
    path = run / name
    path.write_bytes(text.encode("utf-8"))
    found = scan(run, threshold=TEN)
    path.unlink()
    return found


def test_small_counts_are_looked_for_where_sentences_are(run: Path) -> None:
    small = "tells a small count in words: '4 people'"
    assert put(run, "release/methods.md", "4 people") == [f"methods.md: {small}"]
    assert put(run, "release/report.html", "<p>4 people</p>") == [f"report.html: {small}"]
    assert put(run, "summary.json", '"4 people"') == [f"summary.json: {small}"]
    assert put(run, "release/a.json", '"4 people"') == []
    assert put(run, "release/a.csv", "4 people") == []
    # counts are what is seen of a page, in one piece
    assert put(run, "release/report.html", '<style>n = 4</style><p title="4 people">x</p>') == [
        f"report.html: {small}"
    ]


def test_a_page_is_searched_with_its_markup_and_without_embedded_files(run: Path) -> None:
    path = "report.html: holds the path of a file on this machine, /home/ana..."
    assert put(run, "release/report.html", "<style>url(/home/ana)</style>") == [path]
    assert put(run, "release/report.html", "<p>data:text/csv;base64,/home/ana</p>") == [
        "report.html: has an embedded text/csv, which cannot be checked"
    ]


def test_bytes_that_are_no_text_are_searched_all_the_same(run: Path) -> None:
    (run / "release" / "a.csv").write_bytes(b"\xff\xfe she@mail.example")
    assert scan(run, threshold=TEN) == ["a.csv: holds an e-mail address"]


def test_a_file_that_is_no_pdf_is_searched_for_words(run: Path) -> None:
    assert put(run, "release/cards/a.pdf", "she@mail.example and 4 people at /home/ana") == [
        "cards/a.pdf: is no PDF file",
        "cards/a.pdf: holds the path of a file on this machine, /home/ana...",
        "cards/a.pdf: holds an e-mail address",
        "cards/a.pdf: tells a small count in words: '4 people'",
    ]


def test_files_are_told_by_folder_and_name_in_order(run: Path) -> None:
    for name in ("b.svg", "cards/c.svg", "a.ipynb", ".x.csv"):
        (run / "release" / name).write_text("{}")
    (run / "rows.csv").write_text("x")
    (run / "private").mkdir()
    (run / "manifest.json").write_text("she@mail.example")
    assert scan(run, threshold=TEN) == [
        "rows.csv: does not belong beside a release; move it before the folder is sent",
        ".x.csv: is no file of a release",
        "a.ipynb: is no file of a release: a notebook with 0 outputs",
        "b.svg: is no file of a release",
        "cards/c.svg: is no file of a release",
    ]


def test_counts_of_every_table_and_column_are_no_ids(tmp_path: Path) -> None:
    for name, columns in {
        "crosswalk": {"count": [123456], "base": [223456.0], "note": ["a"]},
        "candidates": {"bic": [-323456.0], "entropy": [423456]},
        "missingness": {"n": [523456.5, None]},
        "types": {"n": [623456]},
    }.items():
        pd.DataFrame(columns).to_csv(tmp_path / f"{name}.csv", index=False)
    assert _whole_numbers(tmp_path) == {"123456", "223456", "323456", "623456"}
