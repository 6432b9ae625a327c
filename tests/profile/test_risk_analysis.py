"""What the risk analysis says in rows, notes and sentences, where numbers are shown, withheld or missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables
from tests.risk_factory import risk_tables
from typology.profile import risk_analysis
from typology.profile.display import Notice, TableView
from typology.profile.risk_analysis import (
    calibration,
    characteristics,
    model_sentence,
    models,
    risk_alt,
    risk_characteristics_table,
    risk_dose_table,
    risk_model_table,
    risk_points,
)

SUMMARY = make_summary(make_tables(2))
NONE = np.nan


def row(**changes: Any) -> dict[str, Any]:
    usual = {
        "suppressed": "",
        "status": "plain",
        "base": 1000.0,
        "events": 200.0,
        "parameters": 20.0,
        "needed": 900.0,
    }
    return {**usual, **changes}


def without(name: str) -> dict[str, pd.DataFrame]:
    made = risk_tables()
    return {**made, name: made[name][:0]}


def test_why_a_model_is_as_it_is() -> None:
    assert model_sentence(row()) == (
        "Odds ratios are not shrunk: the rarer answer was given by about 200 respondents for 20 parameters "
        "(10.0 each)."
    )
    assert model_sentence(row(status="penalised", events=130.0, needed=2300.0)) == (
        "Odds ratios are shrunk towards 1: the rarer answer was given by about 130 respondents for 20 "
        "parameters (6.5 each), and about 2,300 respondents would be needed for unshrunk ones."
    )
    assert "by about 70 respondents for 20 parameters, 3.5 each, fewer than the 5" in model_sentence(
        row(status="refused", events=70.0)
    )
    # the rarer answer may be no
    assert "about 40 respondents for 20 parameters (2.0 each)" in model_sentence(row(events=960.0))
    assert "(0.0 each)" in model_sentence(row(parameters=0.0))
    assert model_sentence(row(suppressed="threshold")).startswith("Too few respondents had this outcome")


def test_a_model_is_told_with_its_intervals_and_dashes_where_there_is_none() -> None:
    view = risk_model_table(risk_tables(), SUMMARY)
    assert isinstance(view, TableView)
    assert view.rows == (
        ("Was asked for pictures", "1,120", "130", "0.76 (0.70 to 0.83)", "0.98 (0.73 to 1.20)",
         "0.00 (-0.24 to 0.23)", "1.7 (1.4 to 1.9)"),
        ("Met an adult", "1,120", "70", "–", "–", "–", "–"),
    )  # fmt: skip
    assert view.note.startswith("Was asked for pictures: Odds ratios are shrunk towards 1")
    assert "Met an adult: No multivariable model" in view.note


def test_a_number_without_an_interval_stands_alone() -> None:
    made = risk_tables()
    made["risk_models"].loc[0, ["auc_lo", "trend_hi"]] = NONE
    view = risk_model_table(made, SUMMARY)
    assert isinstance(view, TableView)
    assert view.rows[0][3] == "0.76"
    assert view.rows[0][6] == "1.7"


def test_characteristics_go_from_strongest_to_weakest_and_withheld_last() -> None:
    frame = characteristics(risk_tables(), "asked")
    assert frame["predictor"].tolist() == ["abuse", "talk", "pictures", "posted", "rare"]
    assert frame["strength"].tolist()[:4] == [2.8, 2.3, 1.6, 1.0]  # beside the others
    assert characteristics(risk_tables(), "met")["strength"].tolist()[:2] == [4.8, 3.5]  # one by one


def test_a_characteristic_goes_by_its_factor_unless_two_measure_it() -> None:
    made = risk_tables()
    about = made["risk_predictors"]
    about["factor_label"] = about["predictor"].map({"abuse": "Abuse", "talk": "Talk", "pictures": "Talk"})
    names = characteristics(made, "asked").set_index("predictor")["name"]
    assert names["abuse"] == "Abuse"
    assert names["talk"] == "Talking about sex with unknown people online"
    assert names["posted"] == "Posting personal information publicly"


def test_rows_of_characteristics_show_notes_literature_and_what_is_withheld() -> None:
    made = risk_tables()
    about = made["risk_predictors"]
    about.loc[about["predictor"] == "posted", "note"] = "more than a fifth did not answer"
    view = risk_characteristics_table(made, SUMMARY)
    assert isinstance(view, TableView)
    rows = {r[1]: r[2:] for r in view.rows if r[0] == "Was asked for pictures"}
    assert rows["Talking about sex with unknown people online"] == (
        "20%, 10%", "3.5 (2.2 to 5.6)", "2.3 (1.5 to 3.4)", "90%", "100%", "2.0",
    )  # fmt: skip
    assert rows["Sending or posting revealing pictures"][-1] == "1.4 to 8.9"
    assert rows["Earlier sexual abuse offline"][-1] == "–"
    assert rows["Posting personal information publicly"][2] == "more than a fifth did not answer"
    assert rows["A characteristic hardly anybody has"] == ("withheld", "–", "–", "–", "–", "–")
    assert view.note == (
        "Withheld: fewer than 10 respondents here, or where this number would give them away."
    )
    assert {r[0] for r in view.rows} == {"Was asked for pictures", "Met an adult"}


def test_doses_are_set_against_the_lowest_and_the_literature() -> None:
    made = risk_tables()
    first = made["risk_dose"]["outcome"].eq("asked") & made["risk_dose"]["band"].eq("3")
    made["risk_dose"].loc[first, ["share", "lo", "hi", "odds_ratio"]] = NONE
    made["risk_dose"].loc[first, "suppressed"] = "threshold"
    view = risk_dose_table(made, SUMMARY)
    assert isinstance(view, TableView)
    assert view.rows[:3] == (
        ("Was asked for pictures", "at most one", "8%", "5.6 to 11.2%", "1 (reference)", "–"),
        ("Was asked for pictures", "2", "9%", "6.3 to 12.6%", "1.1 (0.66 to 1.9)", "2.4 (1.4 to 4.1)"),
        ("Was asked for pictures", "3", "withheld", "–", "–", "4.2 (2.5 to 7.1)"),
    )
    assert view.note == (
        "Withheld: fewer than 10 respondents here, or where this number would give them away. "
        "Literature: Someone 2017; other behaviours, other outcome."
    )
    plain = {**made, "risk_dose": made["risk_dose"].assign(literature_source="", suppressed="")}
    without_sources = risk_dose_table(plain, SUMMARY)
    assert isinstance(without_sources, TableView)
    assert without_sources.note == ""


@pytest.mark.parametrize("make", [risk_model_table, risk_characteristics_table])
def test_a_study_without_outcome_says_so(make: Any) -> None:
    notice = make(without("risk_models"), SUMMARY)
    assert isinstance(notice, Notice)
    assert notice.text == risk_analysis.NO_OUTCOME
    assert notice.skip


@pytest.mark.parametrize("lost", ["risk_models", "risk_dose"])
def test_a_survey_with_few_behaviours_says_so(lost: str) -> None:
    notice = risk_dose_table(without(lost), SUMMARY)
    assert isinstance(notice, Notice)
    assert "fewer than three kinds of risky behaviour" in notice.text
    assert notice.skip


def test_key_findings_name_what_is_surely_more_often_there() -> None:
    first, second = risk_points(risk_tables())
    assert first == (
        "\u201cWas asked for pictures\u201d goes most with earlier sexual abuse offline (2.8), talking about "
        "sex with unknown people online (2.3) and sending or posting revealing pictures (1.6) (odds ratios, "
        "beside the others; correlates, not causes)."
    )
    assert "looked at one by one" in second
    assert "earlier sexual abuse offline (4.8)" in second


def test_outcomes_without_a_sure_finding_or_withheld_are_no_key_finding() -> None:
    made = risk_tables()
    made["risk_predictors"][["lo", "adjusted_lo"]] = 0.9
    assert risk_points(made) == []
    hidden = risk_tables()
    hidden["risk_models"]["suppressed"] = ["threshold", ""]
    assert [point[:13] for point in risk_points(hidden)] == ["\u201cMet an adult"]


def test_a_figure_is_told_from_the_model_to_the_doses() -> None:
    made = risk_tables()
    asked, met = models(made).to_dict("records")
    assert risk_alt(made, asked) == (
        f"Risk analysis of the outcome Was asked for pictures. {model_sentence(asked)} "
        "Largest odds ratio: Earlier sexual abuse offline, 2.8. By number of kinds of risky behaviour, "
        "at most one: 8%, 2: 9%, 3: 12% and 4 or more: 40%. Held-out calibration slope 0.98, area under "
        "the curve 0.76."
    )
    assert "Held-out" not in risk_alt(made, met)
    nothing = {**made, "risk_dose": made["risk_dose"][:0], "risk_predictors": made["risk_predictors"][:0]}
    assert risk_alt(nothing, met) == f"Risk analysis of the outcome Met an adult. {model_sentence(met)}"


def test_expected_and_observed_risk_are_those_of_the_outcome_asked_for() -> None:
    made = risk_tables()
    frame = calibration(made, "asked")
    assert frame["predicted"].tolist() == [0.04, 0.14, 0.41]
    assert frame["observed"].dtype == float
    assert calibration(made, "met").empty
