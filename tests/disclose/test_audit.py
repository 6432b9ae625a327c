"""The audit of tables and summary, line by line: what is a leak, what is none, and what is said of it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.disclose import audit
from typology.disclose.audit import _PAIRS, _answer_texts, _frame_leaks, _summary_leaks, _table_leaks
from typology.disclose.columns import COUNTS
from typology.errors import DisclosureError

TEN = 10
audit_module = importlib.import_module("typology.disclose.audit")


def leaks(name: str, **columns: Any) -> list[str]:
    return list(_table_leaks(name, pd.DataFrame(columns), TEN))


def test_a_count_is_small_below_the_threshold_and_not_at_it() -> None:
    assert leaks("missingness", n=[10, 9, None], base=[400, 400, 400]) == [
        "missingness row 3: n is 9, fewer than 10"
    ]
    assert leaks("missingness", n=[0], base=[400]) == ["missingness row 2: n is 0, fewer than 10"]
    assert leaks("missingness", n=["11", "8"], base=[400, 5]) == [
        "missingness row 3: n is 8, fewer than 10",
        "missingness row 3: base is 5, fewer than 10",
    ]


def test_nobody_set_aside_is_said_only_of_the_participation() -> None:
    assert leaks("participation", n=[0, 3]) == ["participation row 3: n is 3, fewer than 10"]
    assert leaks("quality", n=[0, 30], base=[100, 100]) == ["quality row 2: n is 0, fewer than 10"]


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_every_count_a_table_declares_is_checked(name: str) -> None:
    for column in COUNTS[name]:
        assert leaks(name, **{column: [4, 40]}) == [f"{name} row 2: {column} is 4, fewer than 10"]


@pytest.mark.parametrize("name", sorted(_PAIRS))
def test_what_a_count_leaves_of_its_base_is_checked_as_well(name: str) -> None:
    for count, base, share in _PAIRS[name]:
        shown = {count: [90, 91], base: [100, 100], share: [0.9, 0.91]}
        assert leaks(name, **shown) == [f"{name} row 3: all but 9 of the base, fewer than 10"]


@pytest.mark.parametrize("share", [0, 1])
def test_nobody_and_everybody_are_never_told(share: int) -> None:
    shown = {"count": [50, 50], "base": [100, 100], "share": [0.5, share]}
    assert leaks("prevalence", **shown) == ["prevalence row 3: share of 0% or 100%"]


def test_a_hidden_row_keeps_no_number() -> None:
    rows = {
        "count": [None, 50, None, None],
        "base": [None, 100, 100, None],
        "share": [None, 0.5, None, 0.3],
        "suppressed": ["threshold", None, "threshold", "threshold"],
    }
    assert leaks("prevalence", **rows) == [
        "prevalence row 4: suppressed but not blank",
        "prevalence row 5: suppressed but not blank",
    ]


def test_pairs_are_looked_for_where_the_whole_pair_is_told() -> None:
    assert leaks("prevalence", count=[95], base=[100]) == []
    # the second of two pairs is checked when the first is not there
    shown = {"exposed_rest": [95], "base_rest": [100], "prevalence_rest": [0.95]}
    assert leaks("factors", **shown) == ["factors row 2: all but 5 of the base, fewer than 10"]


def test_tables_nobody_knows_and_columns_for_inner_use_do_not_belong() -> None:
    assert list(_frame_leaks("rows", pd.DataFrame({"a": [1]}))) == [
        "rows: no table of a release, so nothing is known of what its numbers count"
    ]
    assert list(_frame_leaks("guidance", pd.DataFrame({"a": [1]}))) == []
    assert list(_frame_leaks("prevalence", pd.DataFrame({"_asked_if": [1], "asked_if": [1]}))) == [
        "prevalence: column _asked_if is for inner use"
    ]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("min_age", True), ("age_MAX", True), ("age.minimum", True), ("maximum", True),
        ("min_cluster_size", False), ("min_dist", False), ("admin", False), ("maximal", False),
    ],
)  # fmt: skip
def test_extremes_are_the_answers_of_single_respondents(column: str, told: bool) -> None:
    found = list(_frame_leaks("runs", pd.DataFrame({column: [1]})))
    assert found == [f"runs: column {column} holds an extreme value of one respondent"] * told


SHOWN = pd.DataFrame(
    {"type": ["T1", "T1", "T2"], "factor": ["bullied", "lonely", "bullied"], "odds_ratio": [2.0, np.nan, 1.5]}
)


def test_small_numbers_of_the_summary_are_told() -> None:
    summary = {
        "respondents": {"read": 400, "set_aside": 0, "unassigned": 9, "clustered": 10, "late": None},
        "types": [{"id": "T1", "n": 9}, {"id": "T2", "n": 10}, {"id": "T3", "n": None}, {"id": "T4"}],
    }
    assert list(_summary_leaks(summary, {}, TEN)) == [
        "summary.json: unassigned is 9, fewer than 10",
        "summary.json: type T1 has 9 respondents, fewer than 10",
    ]


def test_factors_of_the_summary_are_those_of_the_tables() -> None:
    factors = [{"factor": "bullied"}, {"factor": "lonely"}]
    summary = {
        "types": [{"id": "T1", "n": 40, "factors": factors}, {"id": "T2", "n": 40, "factors": factors}]
    }
    assert list(_summary_leaks(summary, {"factors": SHOWN}, TEN)) == [
        "summary.json: lonely of type T1 is withheld in the tables",
        "summary.json: lonely of type T2 is withheld in the tables",
    ]
    one = {"types": [{"id": "T1", "factors": factors[:1]}]}
    assert list(_summary_leaks(one, {"factors": SHOWN}, TEN)) == []
    assert list(_summary_leaks(one, {}, TEN)) == [
        "summary.json: bullied of type T1 is withheld in the tables"
    ]


@pytest.mark.parametrize("summary", [{}, {"respondents": None, "types": None}, {"types": [{"id": "T1"}]}])
def test_a_summary_without_numbers_tells_none(summary: dict[str, Any]) -> None:
    assert list(_summary_leaks(summary, {}, TEN)) == []


def answers(*rows: tuple[Any, str, str, float | None], variable: str = "why") -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(rows, columns=["category", "category_label", "group", "count"])
    return {"prevalence": frame.assign(variable=variable)}


def test_an_answer_in_the_own_words_of_a_few_is_told_once() -> None:
    few = [("my uncle", "my uncle", group, None) for group in ("everyone", "T1", "T2")]
    many = [("bored", "bored", "everyone", 40.0), ("bored", "bored", "T1", None)]
    assert list(_answer_texts(answers(*few, *many))) == [
        "prevalence: why quotes an answer in the words of a few respondents"
    ]


def test_answers_that_the_codebook_words_are_nobodys_own() -> None:
    assert list(_answer_texts(answers(("1", "Yes", "everyone", None)))) == []
    assert list(_answer_texts(answers(("7", "7", "everyone", None), (7, "7", "T1", None)))) == []
    assert list(_answer_texts({})) == []
    assert list(_answer_texts({"prevalence": pd.DataFrame({"category": ["x"]})})) == []


def test_how_many_gave_an_answer_counts_by_question() -> None:
    tables = answers(("x", "x", "everyone", None))
    other = answers(("x", "x", "everyone", 40.0), ("y", "y", "everyone", 40.0), variable="what")
    both = pd.concat([other["prevalence"], tables["prevalence"]], ignore_index=True)
    assert list(_answer_texts({"prevalence": both})) == [
        "prevalence: why quotes an answer in the words of a few respondents"
    ]


def test_every_answer_in_the_words_of_a_few_is_told() -> None:
    few = [(words, words, "everyone", None) for words in ("my aunt", "my coach")]
    told = list(_answer_texts(answers(*few, ("nobody", "nobody", "everyone", 40.0))))
    assert len(told) == 2


def test_a_single_respondent_in_the_summary_is_a_small_count() -> None:
    assert list(_summary_leaks({"respondents": {"unassigned": 1}}, {}, TEN)) == [
        "summary.json: unassigned is 1, fewer than 10"
    ]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run whose tables and summary are clean."""
    (tmp_path / "release" / "tables").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    pd.DataFrame({"id": ["17", "18", "19"]}).to_parquet(tmp_path / "private" / "respondents.parquet")
    put(tmp_path, "power", separation=[0.4])
    (tmp_path / "summary.json").write_text(json.dumps({"study": "Καρκίνος"}), encoding="utf-8")
    return tmp_path


def put(run: Path, name: str, **columns: Any) -> None:
    pd.DataFrame(columns).to_csv(run / "release" / "tables" / f"{name}.csv", index=False)


def test_a_column_of_ids_is_found_though_short_numbers_are_not_looked_for_in_texts(run: Path) -> None:
    assert audit(run / "release", threshold=TEN) == []
    put(run, "power", ID=[17, 19], separation=[17, 18])
    assert audit(run / "release", threshold=TEN) == ["power: column ID holds respondent ids"]
    put(run, "power", ID=[17, 40], respondent=[None, None])  # not all are ids; none at all
    assert audit(run / "release", threshold=TEN) == []
    put(run, "power", respondent=[18, None], rid=["x", "y"])  # a gap makes the id 18.0
    assert audit(run / "release", threshold=TEN) == ["power: column respondent holds respondent ids"]


def test_ids_that_begin_with_zeros_are_found(run: Path) -> None:
    pd.DataFrame({"id": ["007", "008"]}).to_parquet(run / "private" / "respondents.parquet")
    put(run, "power", rid=["007", "008"])
    assert audit(run / "release", threshold=TEN) == ["power: column rid holds respondent ids"]


def test_tables_summary_and_files_are_all_looked_through(run: Path) -> None:
    put(run, "quality", n=[4], base=[100])
    (run / "summary.json").write_text(json.dumps({"respondents": {"unassigned": 3}}), encoding="utf-8")
    (run / "release" / "map.svg").write_text("<svg/>")
    assert audit(run / "release", threshold=TEN) == [
        "quality row 2: n is 4, fewer than 10",
        "summary.json: unassigned is 3, fewer than 10",
        "map.svg: is no file of a release",
    ]
    assert audit(run / "release", threshold=3) == ["map.svg: is no file of a release"]


def test_tables_are_attacked_with_the_threshold_and_the_weights_of_the_run(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[list[str], int, object]] = []

    def attack(tables: dict[str, pd.DataFrame], *, threshold: int, summary: object) -> list[str]:
        asked.append((list(tables), threshold, summary))
        return ["found by attack"]

    monkeypatch.setattr(audit_module, "attack", attack)
    assert audit(run / "release", threshold=7) == ["found by attack"]
    assert asked == [(["power"], 7, {"study": "Καρκίνος"})]
    (run / "summary.json").unlink()
    audit(run / "release", threshold=8)
    assert asked[1] == (["power"], 8, {})


def test_a_folder_without_tables_is_no_clean_release(run: Path) -> None:
    (run / "release" / "tables" / "power.csv").unlink()
    with pytest.raises(DisclosureError, match=r"^no release tables in release$"):
        audit(run / "release", threshold=TEN)


def test_a_release_without_a_summary_is_audited_all_the_same(run: Path) -> None:
    (run / "summary.json").unlink()
    put(run, "quality", n=[4], base=[100])
    assert audit(run / "release", threshold=TEN) == ["quality row 2: n is 4, fewer than 10"]
