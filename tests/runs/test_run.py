"""Opening a run folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import typology as ty
from tests.release_factory import make_summary, make_tables, write_folder
from typology.errors import RunFolderError


def folder(path: Path, *, verdict: str = "types") -> Path:
    tables = make_tables(3, verdict=verdict)
    write_folder(path, tables, make_summary(tables, verdict=verdict))
    (path / "manifest.json").write_text(json.dumps({"study": "invented"}), encoding="utf-8")
    return path


def test_a_run_reads_what_was_released(tmp_path: Path) -> None:
    run = ty.open_run(folder(tmp_path))
    assert run.verdict == "types"
    assert list(run.types.index) == ["T1", "T2", "T3"]
    assert run.types["share_weighted"].between(0, 1).all()
    assert run.tables["prevalence"]["category"].map(type).eq(str).all()


def test_everything_shows_itself(tmp_path: Path) -> None:
    run = ty.open_run(folder(tmp_path))
    for shown in (run, run.cards(), run.card("T2"), run.map(), run.evidence(), run.risk_table(), run.types):
        assert "<" in shown._repr_html_()
    assert "T2" in run._repr_html_()


def test_an_unknown_type_is_named_with_those_there_are(tmp_path: Path) -> None:
    run = ty.open_run(folder(tmp_path))
    with pytest.raises(KeyError, match=r"no type 'T9' in this run, it has T1, T2, T3"):
        run.card("T9")


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_a_run_without_types_says_so_everywhere(tmp_path: Path, verdict: str) -> None:
    run = ty.open_run(folder(tmp_path, verdict=verdict))
    assert len(run.types) == 0
    for shown in (run, run.cards(), run.map(), run.evidence(), run.risk_table()):
        assert "<" in shown._repr_html_()
    with pytest.raises(KeyError, match="No types"):
        run.card("T1")


def test_labels_are_text_and_not_markup(tmp_path: Path) -> None:
    path = folder(tmp_path)
    summary = json.loads((path / "summary.json").read_text(encoding="utf-8"))
    summary["types"][0]["name"] = "<script>alert(1)</script>"
    (path / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert "<script>" not in ty.open_run(path)._repr_html_()


@pytest.mark.parametrize("lost", ["summary.json", "manifest.json"])
def test_half_a_folder_is_no_run(tmp_path: Path, lost: str) -> None:
    (folder(tmp_path) / lost).unlink()
    with pytest.raises(RunFolderError, match="not a run folder"):
        ty.open_run(tmp_path)


def test_a_damaged_summary_is_told(tmp_path: Path) -> None:
    (folder(tmp_path) / "summary.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunFolderError, match="not valid JSON"):
        ty.open_run(tmp_path)


def test_respondents_that_were_removed_are_told(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="private table"):
        ty.open_run(folder(tmp_path)).respondents()
