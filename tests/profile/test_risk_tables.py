"""Risk factors and outcomes of types, row by row."""

from __future__ import annotations

import numpy as np
import pytest

from tests.release_factory import make_summary, make_tables
from typology.profile.display import Notice, TableView
from typology.profile.risk_tables import outcome_table, risk_table


def test_only_what_stands_out_and_is_shown_can_be_listed() -> None:
    tables = make_tables(3)
    factors = tables["factors"]
    factors["stands_out"] = (
        factors["factor"].isin(["depression", "loneliness"]).map({True: "True", False: "no"})
    )
    lonely = factors["factor"].eq("loneliness") & factors["type"].eq("T1")
    factors.loc[lonely, "suppressed"] = "threshold"
    view = risk_table(tables, make_summary(tables), only_standing_out=True)
    assert isinstance(view, TableView)
    found = [(row[1], row[0].split(". ")[0]) for row in view.rows]
    assert len(found) == 5
    assert ("T1", "Loneliness") not in found
    assert {row[-1] for row in view.rows} == {"yes"}
    assert "Withheld" not in view.note
    factors["stands_out"] = False
    notice = risk_table(tables, make_summary(tables), only_standing_out=True)
    assert isinstance(notice, Notice)
    assert notice.text == "No risk factor stands out in any type after false-discovery control."
    assert not notice.skip


def test_a_row_tells_shares_ratio_and_literature_and_dashes_where_unknown() -> None:
    tables = make_tables(1)
    factors = tables["factors"] = tables["factors"][:2].copy()
    factors["stands_out"] = [True, False]
    factors["suppressed"] = ""
    known = {"prevalence_type": 0.5, "prevalence_rest": 0.25, "difference": 0.25, "odds_ratio": 3.0,
             "lo": 2.0, "hi": 4.5, "q": 0.0004, "literature_lo": 1.5, "literature_hi": 2.5}  # fmt: skip
    for name, value in known.items():
        factors[name] = [value, value]
    factors.loc[factors.index[1], ["difference", "lo", "q", "literature_lo"]] = np.nan
    view = risk_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert view.rows[0][2:] == ("50%", "25%", "+25", "3.0 (2.0 to 4.5)", "< 0.001", "yes")
    assert view.rows[0][0].endswith(". Literature: 1.5 to 2.5")
    assert view.rows[1][2:] == ("50%", "25%", "–", "3.0", "–", "no")
    assert "Literature" not in view.rows[1][0]
    factors.loc[factors.index[0], "odds_ratio"] = np.nan
    view = risk_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert view.rows[0][2:] == ("withheld", *["–"] * 5)
    assert view.rows[0][0].endswith(". Literature: 1.5 to 2.5")


@pytest.mark.parametrize("hidden", [False, True])
def test_outcomes_of_a_type_stand_beside_those_of_everyone(*, hidden: bool) -> None:
    tables = make_tables(1, suppress=False)
    outcomes = tables["outcomes"] = tables["outcomes"][:1].copy()
    for name, value in {"prevalence": 0.3, "lo": 0.2, "hi": 0.4, "everyone": 0.1, "everyone_lo": 0.05,
                        "everyone_hi": 0.15}.items():  # fmt: skip
        outcomes[name] = value
    if hidden:
        outcomes["suppressed"] = "threshold"
        outcomes["lo"] = np.nan
    view = outcome_table(tables, make_summary(tables))
    assert isinstance(view, TableView)
    assert view.rows[0][2:] == (
        ("withheld", "–", "10%", "5 to 15%") if hidden else ("30%", "20 to 40%", "10%", "5 to 15%")
    )
    assert bool(view.note) == hidden
