"""How results show themselves, in a notebook and in a console: compact, escaped, without printing data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import typology as ty
from tests.release_factory import make_summary, make_tables, write_folder
from typology.pipeline import Checked
from typology.profile import tables as views
from typology.profile.comparison import compare_releases
from typology.runs.verify import Comparison as Again

NASTY = "<script>alert('x')</script> & \"more\""
CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def results(folder: Path) -> dict[str, Any]:
    """One of every kind of result that is shown, with nasty text in it."""
    tables = make_tables(2)
    tables["types"].loc[0, "name"] = NASTY
    summary = make_summary(tables)
    run = ty.open_run(write_folder(folder, tables, {**summary, "reason": NASTY}))
    return {
        "run": run,
        "tables": run.tables,
        "card": run.card("T2"),
        "map": run.map(),
        "evidence": run.evidence(),
        "risk": run.risk_table(),
        "types": views.types_table(run.tables, run.summary),
        "checked": Checked(NASTY, (NASTY,)),
        "again": Again("changed", (NASTY,), 0.5),
        "comparison": compare_releases((run.tables, run.summary), (tables, {**summary, "study": NASTY})),
        "study": ty.load_study(CONFIGS / "demo.yaml"),
    }


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return results(tmp_path_factory.mktemp("run"))


KINDS = (
    "run", "tables", "card", "map", "evidence", "risk", "types", "checked", "again", "comparison", "study"
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_escaped_and_says_something(shown: dict[str, Any], kind: str) -> None:
    html = shown[kind]._repr_html_()
    assert "<script" not in html
    assert html.count("<table") == html.count("<caption")  # a table says what it is about
    assert html.count("<img") == html.count('alt="')
    assert len(html) > 80


@pytest.mark.parametrize("kind", KINDS)
def test_a_console_shows_words_and_no_markup_of_ours(shown: dict[str, Any], kind: str) -> None:
    text = repr(shown[kind])
    for markup in ("<p>", "<table", "<li", "base64", "DataFrame", "array("):
        assert markup not in text
    assert 10 < len(text) < 8_000


def test_the_run_shows_verdict_types_and_where_the_report_is(shown: dict[str, Any]) -> None:
    html = shown["run"]._repr_html_()
    assert "Types were found" in html
    assert "&lt;script&gt;" in html
    assert "report.html" in html
    assert "highly stable" in html or "stable" in html


def test_the_tables_list_themselves(shown: dict[str, Any]) -> None:
    for name, frame in shown["tables"].items():
        assert f">{name}</th>" in shown["tables"]._repr_html_()
        assert str(len(frame)) in repr(shown["tables"])


def test_the_other_results_say_what_decided(shown: dict[str, Any]) -> None:
    assert repr(shown["checked"]) == f"No faults. {NASTY}\nnote: {NASTY}"
    assert repr(shown["again"]) == f"<Run again: changed: {NASTY}>"
    assert "0.500" in shown["again"]._repr_html_()
    assert all(sentence in repr(shown["comparison"]) for sentence in shown["comparison"].statement)
    assert "typology" in repr(shown["study"])
    assert "Simulated ISEC-like survey" in shown["study"]._repr_html_()
