"""What factors, outcome models and replication tell of the answers to a variable, which they count again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from disclose.answer_rows import HIDDEN, NOTHING, known, read, rows

from typology.disclose.attack_answers import Answers, Sizes
from typology.disclose.puzzle import Bounds

EVERYONE, NO_GROUP = "everyone", "no group"
FREE = (0.0, 1e7)


def thirds(counts: list[float] | None = None, **more: Any) -> pd.DataFrame:
    """Three answers, told of everyone and hidden of both types."""
    told = [300.0, 200.0, 100.0] if counts is None else counts
    return rows({EVERYONE: told, "T1": [HIDDEN] * 3, "T2": [HIDDEN] * 3}, {EVERYONE: sum(told)}, **more)


def exposure(
    exposed_type: float,
    exposed_rest: float,
    *,
    type_id: str = "T1",
    base_type: float = 90,
    base_rest: float = 510,
) -> dict[str, Any]:
    return {"type": type_id, "exposed_type": exposed_type, "base_type": base_type,
            "exposed_rest": exposed_rest, "base_rest": base_rest}  # fmt: skip


def factors(*told: dict[str, Any], variable: str = "x", column: str = "variable") -> pd.DataFrame:
    return pd.DataFrame(list(told)).assign(**{column: variable})


def elsewhere(answers: Answers, categories: list[str], group: str) -> Bounds:
    return answers.puzzle.extremes([answers.outside(categories, group)], lambda *_: False)[0]


def test_a_factor_tells_the_answers_of_its_type_and_of_all_others() -> None:
    """40 and 60 are the 100 who gave the last answer."""
    answers = read(thirds(), Sizes({"T1": (95, 95)}), factors=factors(exposure(40, 60)))
    assert known(answers, "3", "T1") == (35, 44)
    # of 95 less whole tens 85 are told as 90; of everyone 591 to 600 answered, of the others 514 at most
    assert known(answers, ["1", "2", "3"], "T1") == (591 - 514, 85)
    assert elsewhere(answers, ["3"], "T1") == (55, 64)
    assert elsewhere(answers, ["1", "2", "3"], "T1") == (591 - 85, 514)


def test_the_base_of_all_others_is_rounded_too() -> None:
    frame = thirds()
    low = read(frame, factors=factors(exposure(40, 60, base_type=110, base_rest=500)))
    # 96 to 114 in the type
    assert elsewhere(low, ["1", "2", "3"], "T1") == (486, 504)
    high = read(frame, factors=factors(exposure(40, 60, base_type=90, base_rest=510)))
    assert elsewhere(high, ["1", "2", "3"], "T1")[1] == 514
    assert elsewhere(high, ["1", "2", "3"], "T1")[0] == 591 - 94


def test_outcome_models_tell_what_factors_tell() -> None:
    sizes = Sizes({"T1": (95, 95)})
    told = factors(exposure(40, 60), column="outcome")
    assert known(read(thirds(), sizes, outcome_models=told), "3", "T1") == (35, 44)
    assert known(read(thirds(), sizes, outcome_models=told.assign(outcome="y")), "3", "T1") == (0, 95)
    other = factors(exposure(40, 60), variable="y")
    assert known(read(thirds(), sizes, factors=other), "3", "T1") == (0, 95)


def test_hidden_factors_and_those_of_other_types_tell_nothing_and_the_next_does() -> None:
    told = factors(
        exposure(HIDDEN, HIDDEN),
        exposure(40, 60, type_id="T9"),
        exposure(300, 200, type_id="T2", base_type=350, base_rest=250),  # 500 are two answers
        exposure(40, 600),  # 640 are no answers of this variable
        exposure(40, 60),
    )
    answers = read(thirds(), Sizes({"T1": (95, 95)}), factors=told)
    assert known(answers, "3", "T1") == (35, 44)
    assert known(answers, ["1", "2"], "T2") == (295, 304)


@pytest.mark.parametrize(
    ("exposed_rest", "coarse", "told"),
    [(70, False, True), (50, False, True), (80, False, False), (40, False, False), (80, True, True),
     (90, True, False), (40, True, True), (30, True, False)],
)  # fmt: skip
def test_an_exposure_is_the_answer_of_as_many_give_or_take_the_rounding(
    exposed_rest: float, *, coarse: bool, told: bool
) -> None:
    """100 gave the last answer; both sides and the answer are rounded, a side that is made up twice."""
    sizes = Sizes({}, coarse=coarse)
    answers = read(thirds(), sizes, factors=factors(exposure(40, exposed_rest)))
    assert (known(answers, "3", "T1")[1] <= 44) == told


@pytest.mark.parametrize(
    ("total", "coarse", "told"),
    [(310, False, True), (290, False, True), (330, False, False), (270, False, False), (330, True, True),
     (340, True, False), (270, True, True), (260, True, False)],
)  # fmt: skip
def test_of_several_answers_each_is_rounded(total: float, *, coarse: bool, told: bool) -> None:
    counts = [600.0, 200.0, 100.0]
    view = factors(exposure(40, total - 40, base_rest=810))
    answers = read(thirds(counts), Sizes({}, coarse=coarse), factors=view)
    assert (known(answers, ["2", "3"], "T1")[1] <= 44) == told


def test_an_exposure_that_may_be_the_first_or_the_last_answers_tells_nothing() -> None:
    answers = read(thirds([100.0, 400.0, 100.0]), factors=factors(exposure(40, 60)))
    assert known(answers, "1", "T1") == (0, 104)
    assert known(answers, "3", "T1") == (0, 104)


def test_the_first_answers_are_an_exposure_as_well_as_the_last() -> None:
    answers = read(thirds([100.0, 150.0, 400.0]), factors=factors(exposure(40, 60, base_rest=560)))
    assert known(answers, "1", "T1") == (35, 44)
    two = read(
        thirds([100.0, 150.0, 400.0]), factors=factors(exposure(90, 160, base_rest=510, base_type=140))
    )
    assert known(two, ["1", "2"], "T1") == (85, 94)
    assert known(two, "1", "T1")[0] == 0


def test_of_answers_that_are_hidden_or_not_told_of_everyone_no_exposure_is_known() -> None:
    hidden = read(thirds([300.0, HIDDEN, 100.0]), factors=factors(exposure(40, 60)))
    assert known(hidden, "3", "T1") == (0, 104)
    types = rows({"T1": [HIDDEN] * 3, "T2": [HIDDEN] * 3}, {})
    assert known(read(types, factors=factors(exposure(40, 60))), "3", "T1")[0] == 0


def test_where_sizes_are_withheld_all_others_only_reach_the_threshold() -> None:
    """Both those others who gave the answer and those who did not; their counts follow from everyone's."""
    frame = rows({EVERYONE: [300, 200, 30], "T1": [HIDDEN] * 3, "T2": [HIDDEN] * 3}, {EVERYONE: 530})
    told = factors(exposure(20, 10, base_type=510, base_rest=20))
    answers = read(frame, Sizes({}, coarse=True), factors=told)
    assert known(answers, "3", "T1") == (15, 24)
    assert elsewhere(answers, ["3"], "T1") == (10, 34 - 15)
    assert elsewhere(answers, ["1", "2"], "T1") == (10, 530 - 496 - 10)  # 496 to 514 of 521 to 530 are of it


def test_an_exposure_of_very_few_or_of_nearly_all_is_still_that_of_an_answer() -> None:
    """No answer at all, or all of them together, are no exposure."""
    few = read(thirds([300, 200, 20]), Sizes({}, coarse=True), factors=factors(exposure(10, 10)))
    assert known(few, "3", "T1") == (10, 14)
    nearly = factors(exposure(400, 100, base_type=410, base_rest=110))
    assert known(read(thirds([20, 300, 200]), factors=nearly), ["2", "3"], "T1") == (395, 404)


def test_where_sizes_are_withheld_every_type_is_read() -> None:
    told = factors(exposure(40, 60), exposure(50, 50, type_id="T2"))
    answers = read(thirds(), Sizes({}, coarse=True), factors=told)
    assert known(answers, "3", "T1") == (35, 44)
    assert known(answers, "3", "T2") == (45, 54)


def replicated(*told: tuple[str, str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(list(told), columns=["type", "group", "n", "base", "share"])


def countries(**more: Any) -> pd.DataFrame:
    groups = (EVERYONE, "T1", "T2", "unassigned")
    return rows({g: [HIDDEN] * 2 for g in groups}, {}, **{"role": "group", **more})


def test_replication_tells_how_many_of_a_country_are_of_a_type() -> None:
    told = replicated(("T1", "label 2", 40, 200, np.nan))
    answers = read(countries(), Sizes({NO_GROUP: (0, 7)}), replication=told)
    assert known(answers, "2", "T1") == (35, 44)
    # the base are those of a type or without one, not those in no group
    assert known(answers, "2", EVERYONE) == (195, 211)
    assert known(answers, "1", "T1") == FREE
    assert known(answers, "2", "T2") == (0, 204 - 35)


def test_hidden_rows_and_unknown_names_of_replication_tell_nothing_and_the_next_does() -> None:
    told = replicated(
        ("T2", "label 1", HIDDEN, HIDDEN, np.nan),
        ("T9", "label 1", 70, 100, np.nan),
        ("T2", "label 9", 70, 100, np.nan),
        ("T1", "label 1", 40, 200, np.nan),
    )
    answers = read(countries(), replication=told)
    assert known(answers, "1", "T1") == (35, 44)
    assert known(answers, "1", "T2") == (0, 169)
    # only the variable that holds the groups of the survey
    assert known(read(countries(role="item"), replication=told), "1", "T1") == FREE


@pytest.mark.parametrize(
    ("n", "base", "share", "expected"),
    [
        (100, 500, 0.18, (95, 95)),  # steps of 2%, as 495 bear: up to 19% of 504
        (100, 500, 0.19, (95, 98)),  # steps of 1%, or it would be 18% or 20%: 19.5% of 504 are 98.3
        (40, 200, 0.15, (35, 35)),  # steps of 5%: up to 17.5% of 204
        (40, 200, 0.25, (44, 44)),  # 22.5% of 195 are 43.9
        (40, 200, 0.2, (35, 44)),
    ],
)
def test_shares_of_a_country_tell_unless_weighted_or_made_from_rounded_counts(
    n: float, base: float, share: float, expected: Bounds
) -> None:
    told = replicated(("T1", "label 1", n, base, share))
    assert known(read(countries(), replication=told), "1", "T1") == expected
    plain = (n - 5, n + 4)
    assert known(read(countries(), replication=told, weighted=True), "1", "T1") == plain
    assert known(read(countries(), Sizes({}, coarse=True), replication=told), "1", "T1") == plain


def test_without_further_tables_only_the_prevalence_is_read() -> None:
    answers = read(thirds(), NOTHING, types=pd.DataFrame({"id": ["T1"]}))
    assert known(answers, "3", EVERYONE) == (95, 104)
    assert known(answers, "3", "T1") == (0, 104)


def test_bounds_rest_on_the_row_of_a_country_as_the_prevalence_names_it() -> None:
    source = {("x", "1", "T1")}
    answers = read(countries(), replication=replicated(("T1", "label 1", 40, 200, np.nan)))
    mine, of = answers.cells(["1"], "T1"), [c for g in answers.groups[:-1] for c in answers.cells(["1"], g)]
    assert answers.puzzle.sources_of(mine) == source
    assert answers.puzzle.sources_of(of) == source
    # steps of 1%, as 505 bear: 19.1% to 20.1% of 510
    shared = read(countries(), replication=replicated(("T1", "label 1", 100, 510, 0.196)))
    shared.puzzle.know(of, 510, 510)
    assert known(shared, "1", "T1") == (98, 102)
    assert shared.puzzle.sources_of(mine) == source
