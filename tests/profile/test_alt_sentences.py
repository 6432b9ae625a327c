"""The sentences of text alternatives, for pictures that show little, nothing, or withheld numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables
from tests.risk_factory import short_form_table
from typology.profile import alt
from typology.profile.atlas import Standing, atlas_rows
from typology.profile.card import CardContent, Heading, build_cards, headings
from typology.profile.short_form import short_form

EMPTY = pd.DataFrame()


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return make_tables(3)


@pytest.fixture
def heading(tables: dict[str, pd.DataFrame]) -> Heading:
    return replace(headings(tables)[0], share=0.55, lo=0.52, hi=0.58)


def test_a_share_is_told_with_its_interval_where_both_are_known(heading: Heading) -> None:
    assert alt.share_text(heading) == "55% (52 to 58%) of respondents"
    assert alt.share_text(replace(heading, lo=np.nan)) == "55% of respondents"
    assert alt.share_text(replace(heading, share=np.nan)) == "size withheld for disclosure control"


@pytest.fixture
def content(tables: dict[str, pd.DataFrame], heading: Heading) -> CardContent:
    made = build_cards(tables, make_summary(tables))[0]
    items = pd.DataFrame({"label": ["Was threatened", "Other"], "share": [0.8, 0.5], "everyone": [0.3, 0.4]})
    outcomes = pd.DataFrame(
        {
            "label": ["Met", "Told", "Left"],
            "prevalence": [0.4, np.nan, 0.1],
            "suppressed": ["", "", "threshold"],
        }
    )
    named = replace(heading, id="T1", name="Risk takers", grade="stable")
    return replace(made, heading=named, items=items, outcomes=outcomes)


def test_a_card_tells_type_factors_answers_and_outcomes_in_this_order(content: CardContent) -> None:
    assert alt.card_alt(content, (Standing("lonely", 2.5), Standing("watched", 0.4))) == (
        "Profile card of T1, Risk takers: 55% (52 to 58%) of respondents; stability: stable. "
        "More often than among the rest: lonely (odds ratio 2.5). Less often: watched (odds ratio 0.40). "
        "Largest difference in answers: Was threatened, 80% against 30% of everyone. Outcomes: Met 40%."
    )


def test_a_card_without_grade_answers_and_outcomes_says_what_is_left(content: CardContent) -> None:
    bare = replace(
        content,
        heading=replace(content.heading, grade=""),
        items=content.items[:0],
        outcomes=content.outcomes[1:],
    )
    assert alt.card_alt(bare, ()) == (
        "Profile card of T1, Risk takers: 55% (52 to 58%) of respondents. No known risk factor stands out."
    )


def test_a_map_names_its_types_in_the_order_of_their_numbers() -> None:
    density = pd.DataFrame({"type": ["T2", "T10", "", "T2", "T1"]})
    assert alt.map_alt(density) == (
        "Density map of respondents in 5 hexagonal cells, dark where many are. "
        "Outlined areas are where T1, T2 and T10 are most frequent."
    )
    assert alt.map_alt(pd.DataFrame({"type": ["", ""]})).endswith("2 hexagonal cells, dark where many are.")
    assert "no cell holds enough respondents" in alt.map_alt(EMPTY)


def statistics(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["statistic", "source", "value"])


def test_evidence_sets_the_survey_beside_the_range_of_its_draws() -> None:
    frame = statistics(
        ("types_beyond degree", "observed", 4.5),
        ("types_beyond degree", "no types", -1.0),
        ("types_beyond degree", "no types", 2.25),
        ("association", "no association", 0.1),
    )
    assert alt.evidence_alt(frame, {"verdict": "gradient"}) == (
        "No types: the answers differ by degree, a gradient of severity. "
        "Types beyond degree: 4.50 in this survey; -1.00 to 2.25 in surveys without types. "
        "Association: no value for this survey; 0.10 to 0.10 in shuffled answers."
    )
    assert alt.evidence_alt(statistics(("a", "observed", 1.0)), {"verdict": "?"}) == "A: 1.00 in this survey."


def test_single_runs_are_set_against_the_types() -> None:
    frame = pd.DataFrame({"clusters": [4, 2, 7]})
    told = "Number of clusters in 3 single runs: from 2 to 7"
    assert alt.runs_alt(frame, n_types=3) == f"{told}, against 3 types after consensus."
    assert alt.runs_alt(frame, n_types=0) == f"{told}."
    assert alt.runs_alt(EMPTY, n_types=3) == "This run holds no single runs."


def test_a_matrix_says_what_stands_out_type_by_type(tables: dict[str, pd.DataFrame]) -> None:
    told = alt.matrix_alt(tables["factors"], tables, ("T1", "T3"))
    assert told.startswith(f"Risk factors ({tables['factors']['variable'].nunique()}) by type (2). T1. ")
    assert " T3. " in told
    assert "T2" not in told
    assert alt.matrix_alt(EMPTY, tables, ()) == "Empty matrix of risk factors: there are no types."


def test_an_atlas_tells_a_sentence_a_type(tables: dict[str, pd.DataFrame]) -> None:
    row = replace(
        atlas_rows(tables, make_summary(tables))[0],
        id="T1",
        name="Risk takers",
        share=0.5,
        lo=np.nan,
        hi=np.nan,
        grade="stable",
    )
    assert alt.atlas_alt((row, replace(row, id="T2", share=np.nan, grade=""))) == (
        "T1, Risk takers: 50% of respondents, stable. "
        "T2, Risk takers: size withheld for disclosure control, no grade."
    )
    assert alt.atlas_alt(()) == "Empty atlas: there are no types."


def test_a_crosswalk_tells_the_largest_share_or_the_band_it_lies_in() -> None:
    rows: list[tuple[str, str, Any, str]] = [
        ("T1", "C1", 0.2, ""), ("T1", "C2", 0.7, ""), ("T1", "C3", np.nan, "over 90%"),
        ("T2", "C1", np.nan, "under 10%"), ("T2", "C2", np.nan, "over 90%"),
        ("T3", "C1", np.nan, "half to 90%"),
        ("T4", "C1", np.nan, "under 10%"), ("T4", "C2", np.nan, ""),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["type", "latent_class", "share", "band"])
    assert alt.crosswalk_alt(frame) == (
        "Types against latent classes. T1: 70% in C2. T2: over 90% in C2. T3: half to 90% in C1. "
        "T4: withheld."
    )
    assert alt.crosswalk_alt(EMPTY) == "Empty cross-walk: there are no types."


def test_missing_answers_are_told_of_the_question_that_has_most() -> None:
    frame = pd.DataFrame(
        {"variable": ["a", "a", "b"], "label": ["A?", "A?", "B?"], "kind": ["refused", "not sure", "refused"],
         "share": [0.2, 0.1, 0.05]}
    )  # fmt: skip
    assert alt.missingness_alt(frame) == (
        "Missing answers by reason for 2 questions. Most: A?, refused 20% and not sure 10%."
    )
    assert alt.missingness_alt(EMPTY) == "No missing answers to show."


def test_missing_answers_by_group_are_told_where_groups_differ_most() -> None:
    frame = pd.DataFrame(
        {"variable": list("aabbcc"), "label": ["A?", "A?", "B?", "B?", "C?", "C?"],
         "group": ["UK", "Italy"] * 3, "share": [0.1, 0.2, 0.05, 0.4, np.nan, np.nan]}
    )  # fmt: skip
    assert alt.missing_groups_alt(frame) == (
        "Missing answers by group for 3 questions. Groups differ most in: B?, UK 5% and Italy 40%."
    )
    assert alt.missing_groups_alt(frame[4:]).endswith("C?, UK too few to show and Italy too few to show.")
    assert alt.missing_groups_alt(EMPTY) == "No missing answers by group to show."


def test_bands_of_severity_are_listed_least_first() -> None:
    frame = pd.DataFrame({"band": ["0-1", "2-3"], "share": [0.9, np.nan]})
    assert alt.severity_alt(frame) == "Respondents by severity, least to most: 0-1 90% and 2-3 withheld."
    assert alt.severity_alt(frame[:0]) == "No distribution of severity."


def test_correlations_go_from_the_strongest_pair_to_the_weakest() -> None:
    frame = pd.DataFrame({"label": ["Met\n– Told", "x"], "r": [0.75, 0.4]})
    assert alt.correlations_alt(frame) == (
        "The 2 strongest latent correlations of items, from 0.75 (Met and Told) to 0.40."
    )
    assert alt.correlations_alt(EMPTY) == "No correlation of items can be shown."


def test_power_is_told_by_how_distinct_types_are() -> None:
    frame = pd.DataFrame({"share_found": [0.25, 0.996], "odds_ratio": [1.66, 2.5]})
    assert alt.power_alt(frame) == (
        "Chance to find types in this survey: 25% where odds differ by a factor of 1.7 and "
        "100% where odds differ by a factor of 2.5."
    )


def test_a_short_form_names_its_first_questions_and_not_the_whole() -> None:
    told = alt.short_form_alt(short_form(short_form_table()))
    assert told.startswith("4 questions are enough")
    assert told.endswith(
        "The first five: Question number 1, Question number 2, Question number 3, Question number 4 and "
        "Question number 5."
    )
    assert "all items" not in told
