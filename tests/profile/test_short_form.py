"""How few questions tell the types apart, in a table and a sentence."""

from __future__ import annotations

import numpy as np

from tests.release_factory import make_summary, make_tables
from tests.risk_factory import short_form_table
from typology.profile.display import Notice, TableView
from typology.profile.short_form import enough, short_form, short_form_sentence
from typology.profile.short_form import short_form_table as listed

SUMMARY = make_summary(make_tables(2))


def test_the_fewest_items_that_reach_a_good_agreement_are_enough() -> None:
    frame = short_form(short_form_table())
    assert enough(frame) == 4
    exact = frame.assign(kappa=[0.5, 0.8, 0.9, 0.95, 0.96, 0.99])
    assert enough(exact) == 2
    never = frame.assign(kappa=[0.5, 0.6, 0.7, 0.75, 0.79, 0.99])  # the whole questionnaire is no short form
    assert enough(never) is None


def test_the_sentence_says_how_many_it_takes() -> None:
    frame = short_form(short_form_table())
    assert short_form_sentence(frame) == (
        "4 questions are enough to tell the types apart: Cohen's kappa 0.82 on held-out respondents; all 32 "
        "reach 0.99."
    )
    never = frame.assign(kappa=[0.5, 0.6, 0.7, 0.75, 0.79, 0.99])
    assert short_form_sentence(never) == (
        "Telling the types apart takes more than 5 questions: with these Cohen's kappa is 0.79 on held-out "
        "respondents; all 32 reach 0.99."
    )


def test_nothing_is_said_where_numbers_are_withheld_or_there_are_no_types() -> None:
    frame = short_form(short_form_table())
    frame.loc[2, "kappa"] = np.nan
    assert short_form_sentence(frame) == ""
    assert short_form_sentence(short_form(short_form_table(types=False))) == ""


def test_items_are_listed_in_the_order_of_their_use() -> None:
    tables = short_form_table()
    tables["short_form"].loc[1, "lo"] = np.nan
    view = listed(tables, SUMMARY)
    assert isinstance(view, TableView)
    assert view.rows[0] == ("1", "Question number 1", "0.49", "0.46 to 0.52")
    assert view.rows[1] == ("2", "Question number 2", "0.67", "–")
    assert view.rows[-1] == ("32", "all items", "0.99", "0.98 to 1.00")
    assert isinstance(listed(short_form_table(types=False), SUMMARY), Notice)
