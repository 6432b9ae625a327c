"""What a column is taken for by its labels and codes alone, and the reason given for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.survey.guess import Guess, guess_type, rank_of
from typology.survey.table import FileMissing, RawTable


def guess(cells: list[Any], labels: dict[Any, str] | None = None, **more: Any) -> Guess:
    table = RawTable(pd.DataFrame({"q": cells}), value_labels={"q": labels or {}}, **more)
    return guess_type("q", table)


def test_dates_are_set_aside_whether_declared_or_written() -> None:
    for found in (guess([1.0, 2.0], dates=frozenset({"q"})), guess(["2020-01-31", "2021-05-02", None])):
        assert found.reasons == {"role": "holds dates, which cannot be analysed"}
        assert (found.type, found.role) == ("nominal", "ignore")


def test_a_column_without_answers_says_so() -> None:
    assert guess([None, None]).reasons == {"role": "holds no answers"}
    only_missing = guess([9.0, 9.0], {9: "Refused"})
    assert only_missing.reasons["role"] == "holds no answers"
    assert only_missing.missing == {9: "Refused"}
    assert guess([1.0, 1.0]).reasons == {"role": "everyone has the same value"}


def test_the_label_of_a_column_is_that_of_the_file_or_its_name() -> None:
    assert guess([1.0, 2.0], labels={}).label == "q"
    named = guess_type("q", RawTable(pd.DataFrame({"q": [1.0, 2.0]}), labels={"q": "How often?"}))
    assert named.label == "How often?"


YES_NO = {1: "Yes", 2: "No"}


@pytest.mark.parametrize(
    ("cells", "labels", "positive", "why"),
    [
        ([1.0, 2.0], {2: "Yes", 1: "No"}, 2, "its label is 'Yes'"),
        (["yes", "no"], None, "yes", "the word for yes"),
        ([1.0, 0.0], None, 1, "no labels: 1 = yes and 0 = no is usual, so make sure"),
        ([1.0, 2.0], None, 1, "no labels: 1 = yes and 2 = no is usual, so make sure"),
    ],
)
def test_two_answers_are_yes_and_no(cells: list[Any], labels: Any, positive: Any, why: str) -> None:
    found = guess(cells, labels)
    assert (found.type, found.positive) == ("binary", positive)
    assert found.reasons == {"type": "two answers", "positive": why}


def test_two_categories_without_a_yes_are_no_yes_and_no() -> None:
    found = guess([1.0, 2.0], {1: "Male", 2: "Female"})
    assert (found.type, found.positive) == ("nominal", None)
    assert found.values == {1: "Male", 2: "Female"}
    assert found.reasons == {"type": "two categories, no yes and no"}
    # two numbers that are not codes of an answer
    assert guess([3.0, 7.0]).reasons["type"] == "two categories, no yes and no"
    assert guess([0.5, 1.5]).type == "numeric"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([float(n) for n in range(18, 40)], "22 different numbers"),
        ([0.5, 1.0, 2.25], "numbers with fractions"),
        ([3.0, 4.0, 5.0], "whole numbers from 3 to 5, which do not look like answer codes"),
        ([1.0, 5.0, 13.0], "whole numbers from 1 to 13, which do not look like answer codes"),
    ],
)
def test_measured_numbers_have_no_labels_and_are_no_codes(cells: list[float], why: str) -> None:
    found = guess(cells)
    assert (found.type, found.reasons, found.values) == ("numeric", {"type": why}, {})


def test_numbers_of_which_most_are_labelled_are_answers() -> None:
    codes = [float(n) for n in range(1, 15)]
    assert guess(codes, {n: f"Answer {n} times" for n in range(1, 15)}).type == "ordinal"
    assert guess(codes, {1: "Once", 14: "14 or more"}).type == "numeric"


def test_few_whole_numbers_are_steps() -> None:
    found = guess([0.0, 3.0, 12.0, 1.0])
    assert found.type == "ordinal"
    assert found.values == {0: "0", 1: "1", 3: "3", 12: "12"}
    assert found.reasons == {"type": "4 whole numbers from 0 to 12, without labels"}


def test_words_of_a_ladder_are_put_in_its_order() -> None:
    found = guess(["often", "never", "rarely"])
    assert list(found.values) == ["never", "rarely", "often"]
    assert found.reasons == {
        "type": "the labels are steps",
        "values": "put in the order of the labels, low to high",
    }
    ready = guess([1.0, 2.0, 3.0], {1: "Never", 2: "Once", 3: "Twice"})
    assert ready.reasons == {"type": "the labels are steps"}


def test_labels_from_high_to_low_are_turned_round() -> None:
    found = guess([1.0, 2.0, 3.0], {1: "Very much so", 2: "Somewhat so", 3: "Not at all like me"})
    assert list(found.values) == [3, 2, 1]
    assert found.reasons["values"] == "low to high, so 'Not at all like me' comes first"
    kept = guess([1.0, 2.0, 3.0], {1: "Not at all like me", 2: "Somewhat so", 3: "Very much so"})
    assert list(kept.values) == [1, 2, 3]
    assert "values" not in kept.reasons


def test_labels_without_order_and_words_without_codes_are_categories() -> None:
    places = {1: "Cork", 2: "Dublin", 3: "Galway", 4: "Some place"}
    for found in (guess([1.0, 2.0, 3.0, 4.0], places), guess(["quite so", "very so", "not so"])):
        assert found.type == "nominal"
        assert found.reasons == {"type": "the labels have no clear order"}


def test_very_many_texts_are_words_of_respondents() -> None:
    assert guess([f"text {chr(97 + n % 26)}{n}" for n in range(41)]).reasons == {
        "type": "41 different texts",
        "role": "looks like free text",
    }


def test_missing_codes_are_told_by_declaration_label_or_place() -> None:
    cells = [1.0, 2.0, 3.0, 7.0, 8.0, 9.0, 99.0, np.nan]
    declared = {"q": FileMissing((7,), ())}
    found = guess(cells, {1: "a", 2: "b", 3: "c", 8: "Not applicable", 9: "Refused"}, missing=declared)
    assert found.missing == {7: "user-missing 7", 8: "not asked", 9: "Refused", 99: "missing code 99"}
    assert found.reasons["missing"] == (
        "declared missing in the data file; by its label; 99 lies apart from the other codes and is a usual "
        "missing code"
    )
    assert list(found.values) == [1, 2, 3]
    labelled = guess([1.0, 2.0, 3.0], {3: "Don't say"}, missing={"q": FileMissing((), ((3, 5),))})
    assert labelled.missing == {3: "Don't say"}


def test_a_code_that_is_the_only_other_one_is_an_answer() -> None:
    assert guess([1.0, 9.0]).missing == {}


def test_members_of_a_set_of_boxes_are_yes_or_no_by_the_code_counted() -> None:
    boxes = {"$set": ("Whom told", 2, ("q", "r"))}
    found = guess([2.0, 0.0], multiple=boxes)
    assert (found.type, found.positive) == ("binary", 2)
    assert found.values == {2: "chosen", 0: "not chosen"}
    assert found.reasons == {
        "type": "part of the multiple-response set Whom told",
        "positive": "the code the set counts",
    }
    everyone = guess([2.0, 2.0], multiple=boxes)
    assert everyone.values[2] == "chosen"
    assert len(everyone.values) == 2
    ticked = guess([1.0, 0.0], ticked={"q": "Whom told"})
    assert ticked.reasons["type"] == "part of the multiple-response set Whom told"


def test_members_of_a_set_of_many_answers_are_not_read_themselves() -> None:
    found = guess([1.0, 2.0, 3.0], {1: "a", 2: "b", 3: "c"}, multiple={"$set": ("Whom told", None, ("q",))})
    assert found.reasons["role"] == (
        "part of the multiple-response set Whom told, whose answers are yes/no items below"
    )


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("Never", 0.0), ("Most of the time", 3.0), ("5", 5.0), ("2-3", 2.0), ("2 to 3", 2.0), ("10+", 10.0),
        ("4 or more", 4.0), ("< 5", 4.5), ("Under 18", 17.5), ("less than 2", 1.5), ("over 64", 64.5),
        ("more than 3", 3.5), ("> 7", 7.5), ("five", None), ("5 apples", None), ("", None),
    ],
)  # fmt: skip
def test_the_place_of_a_label_is_that_on_its_ladder_or_its_amount(text: str, rank: float | None) -> None:
    assert rank_of(text) == rank
