from __future__ import annotations

import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables
from typology.profile import tables as views
from typology.profile.display import Notice, TableView

ALL = [name for name in dir(views) if name.endswith("_table")]
ABOUT_TYPES = {
    "literature_table",
    "types_table",
    "risk_table",
    "correction_table",
    "outcome_models_table",
    "outcome_words_table",
    "outcome_table",
    "naming_table",
    "guidance_table",
}


def test_the_list_of_tables_is_not_empty() -> None:
    assert len(ALL) >= 10
    assert set(ALL) >= ABOUT_TYPES


@pytest.mark.parametrize("name", ALL)
def test_every_table_has_as_many_cells_as_headings(name: str) -> None:
    tables = make_tables(4)
    view = getattr(views, name)(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert view.rows
    assert {len(row) for row in view.rows} == {len(view.header)}
    assert view._repr_html_().count('scope="row"') == len(view.rows)


def test_what_many_rows_are_about_is_said_once() -> None:
    tables = make_tables(4)
    for name in (
        "risk_characteristics_table", "risk_dose_table", "literature_table", "scale_items_table",
        "risk_table", "correction_table", "outcome_table", "outcome_models_table", "guidance_table",
    ):  # fmt: skip
        view = getattr(views, name)(tables, make_summary(tables))
        subjects = dict.fromkeys(row[0] for row in view.rows)
        html = view._repr_html_()
        assert html.count('scope="rowgroup"') == html.count("<tbody>") == len(subjects) < len(view.rows)
        assert html.count('scope="col"') == len(view.header) - 1
        assert [heading for heading, _ in view.groups] == list(subjects)
        assert repr(view).count("\n") >= len(view.rows) + len(subjects) + 1


def test_naming_is_told_type_by_type() -> None:
    tables = make_tables(4)
    tables["naming"] = pd.concat([tables["naming"], tables["naming"].assign(step="another")])
    view = views.naming_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    names = tables["types"]["id"] + " " + tables["types"]["name"]
    assert [heading for heading, _ in view.groups] == list(names)


def test_prevalences_have_the_decimals_of_the_release_table() -> None:
    """As published: bullied at school 19.5%, electronically 15.7%; of a small survey whole percents."""
    tables = make_tables(4)
    frame = tables["prevalence"]
    mine = (frame["group"] == "everyone") & frame["endorsed"].astype(bool) & (frame["role"] == "typology")
    name = frame.loc[mine, "label"].iloc[0]
    mine &= frame["label"] == name
    for base, share, text in ((13447, 0.195, "19.5%"), (13447, 0.2, "20.0%"), (1166, 0.2, "20%")):
        frame.loc[mine, ["base", "share", "lo", "hi"]] = [base, share, share, share]
        view = views.prevalence_table(tables, make_summary(tables))
        assert isinstance(view, TableView)
        row = next(row for row in view.rows if row[1].startswith(name))
        assert row[2:] == (text, f"{text.removesuffix('%')} to {text}")


def test_rounded_sizes_are_said_to_be_so() -> None:
    tables = make_tables(2)
    view = views.types_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert not any("about" in row[2] for row in view.rows)
    flow = tables["participation"]
    tables["participation"] = flow.assign(
        suppressed=["threshold" if s == "unassigned" else "" for s in flow["step"]]
    )
    view = views.types_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert all(row[2].startswith("about ") for row in view.rows)


@pytest.mark.parametrize("name", sorted(ABOUT_TYPES))
def test_tables_about_types_say_why_they_are_empty(name: str) -> None:
    tables = make_tables(verdict="gradient")
    summary = make_summary(tables, verdict="gradient")
    assert isinstance(getattr(views, name)(tables, summary), Notice)


def test_withheld_rows_show_no_number_of_the_type_and_say_why() -> None:
    tables = make_tables(4)
    view = views.risk_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    hidden = [row for row in view.rows if "withheld" in row]
    assert len(hidden) == 3
    subject = "Offline sexual abuse before the age of 12"
    assert all(row[0].startswith(f"{subject}. Measured by: Item: {subject.lower()}") for row in hidden)
    assert all(set(row[3:]) == {"–"} for row in hidden)
    assert "fewer than 10 respondents" in view.note


def test_labels_are_escaped() -> None:
    view = TableView("<b>", ("a", "b"), (("<script>alert(1)</script>", "x & y"),))
    html = view._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "x &amp; y" in html
    assert "<b>" not in html
    assert "<i>" not in Notice("<i>why</i>")._repr_html_()


def test_prevalence_is_that_of_everyone_as_published() -> None:
    tables = make_tables(2)
    view = views.prevalence_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    frame = tables["prevalence"]
    row = frame[(frame["variable"] == "met_adult") & frame["endorsed"] & (frame["group"] == "everyone")].iloc[
        0
    ]
    assert row["share"] == 0.2
    assert ("Outcomes", "Met an adult for sexual purposes", "20%", "17 to 23%") in view.rows


def test_the_lowest_bic_is_marked() -> None:
    tables = make_tables(2)
    view = views.fit_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    best = tables["latent_classes"].sort_values("bic")["classes"].iloc[0]
    assert f"{best}" in [row[0] for row in view.rows if "lowest" in row[3]]


def test_plain_text_lines_up() -> None:
    text = repr(TableView("Caption", ("Type", "n"), (("T1", "1 000"), ("T10", "20")), frozenset({1})))
    assert text.splitlines() == ["Caption", "Type      n", "T1    1 000", "T10      20"]
