"""Tables about the answers: who took part, how carefully, and what missing answers change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables
from typology.profile import quality_tables as views
from typology.profile.display import Notice, TableView
from typology.profile.quality_tables import COMPLETE

WHY = "Withheld: fewer than 10 respondents here, or where this number would give them away."


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return make_tables(2)


def shown(made: TableView | Notice) -> TableView:
    assert isinstance(made, TableView)
    return made


def table_of(name: str, tables: dict[str, pd.DataFrame], *, verdict: str = "types") -> Any:
    return getattr(views, name)(tables, make_summary(tables, verdict=verdict))


def test_complete_questionnaires_are_told_among_the_respondents(tables: dict[str, pd.DataFrame]) -> None:
    tables["participation"] = pd.DataFrame(
        {"step": ["read", "respondents", "set aside"], "n": [1166, 1150, np.nan], "note": ["", "usable", ""],
         "suppressed": [None, None, "threshold"]}
    )  # fmt: skip
    tables["quality"] = pd.DataFrame({"measure": ["other", COMPLETE], "n": [18, 870]})
    view = shown(table_of("participation_table", tables))
    assert view.rows == (
        ("read", "1,166", ""),
        ("respondents", "1,150", "usable"),
        ("complete", "870", f"of them: {COMPLETE}"),
        ("set aside", "withheld", ""),
    )
    assert view.note.startswith("After CHERRIES")
    assert view.note.endswith(WHY)
    tables["quality"]["suppressed"] = ["", "threshold"]
    assert ("complete", "withheld", f"of them: {COMPLETE}") in shown(
        table_of("participation_table", tables)
    ).rows
    tables["quality"] = tables["quality"][:1]
    assert len(shown(table_of("participation_table", tables)).rows) == 3


def test_signs_of_hasty_answers_are_counted_or_withheld(tables: dict[str, pd.DataFrame]) -> None:
    tables["quality"] = pd.DataFrame(
        {"measure": ["same answer", "fast"], "n": [18, np.nan], "base": [1166] * 2, "share": [0.015, np.nan],
         "suppressed": ["", "threshold"]}
    )  # fmt: skip
    view = shown(table_of("quality_table", tables))
    assert view.rows == (("same answer", "18", "1.5%"), ("fast", "withheld", "–"))
    assert view.note == WHY
    tables["quality"] = tables["quality"][:0]
    notice = table_of("quality_table", tables)
    assert isinstance(notice, Notice)
    assert notice.text == "This run holds no measures of answer quality."


def test_types_are_set_beside_those_of_other_treatments(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["sensitivity"]
    frame["note"] = ["too few", ""]
    frame["suppressed"] = ["threshold", ""]
    view = shown(table_of("sensitivity_table", tables))
    assert view.rows == (
        ("Complete cases", "withheld", "too few", "0.97"),
        ("Multiple imputation", "about 210", "0.97", "0.99"),
    )
    assert view.note.startswith("Same number and kind of types")
    assert view.note.endswith(WHY)


def test_without_types_or_gaps_there_is_nothing_to_treat(tables: dict[str, pd.DataFrame]) -> None:
    assert "no types that could hang" in table_of("sensitivity_table", tables, verdict="gradient").text
    tables["sensitivity"] = tables["sensitivity"][:0]
    notice = table_of("sensitivity_table", tables)
    assert "Every question that was put to a clustered respondent was answered" in notice.text
    assert notice.skip


def test_scales_are_told_with_their_reliability(tables: dict[str, pd.DataFrame]) -> None:
    view = shown(table_of("reliability_table", tables))
    assert view.rows == (
        ("Loneliness", "3", "about 1,120", "0.81", "0.79 to 0.83", "0.82", "0.80 to 0.84"),
        ("Two questions", "2", "about 1,140", "0.40", "0.33 to 0.47", "–", "–"),
    )
    assert not view.note.endswith(WHY)
    tables["scales"]["suppressed"] = ["", "threshold"]
    hidden = shown(table_of("reliability_table", tables))
    assert hidden.rows[1][2] == "withheld"
    assert hidden.note.endswith(WHY)


def test_items_against_their_scale_are_pointed_out(tables: dict[str, pd.DataFrame]) -> None:
    view = shown(table_of("scale_items_table", tables))
    assert view.rows[2] == ("Loneliness", "Has friends", "reversed", "-0.20")
    assert view.note == "1 below zero: such an item may be keyed the wrong way."
    tables["scale_items"]["r"] = 0.0
    tables["scale_items"]["suppressed"] = ["threshold", "", "", "", ""]
    tables["scales"] = tables["scales"][1:]
    view = shown(table_of("scale_items_table", tables))
    assert view.note == WHY
    assert view.rows[0] == ("lonely", "Lacks company", "as asked", "withheld")  # a scale without a label


@pytest.mark.parametrize(
    ("name", "empty"), [("reliability_table", "scales"), ("scale_items_table", "scale_items")]
)
def test_a_codebook_without_scales_says_so(tables: dict[str, pd.DataFrame], name: str, empty: str) -> None:
    tables[empty] = tables[empty][:0]
    notice = table_of(name, tables)
    assert notice.text == "The codebook of this survey declares no scales."
    assert notice.skip
