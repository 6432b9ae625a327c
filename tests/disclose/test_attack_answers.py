"""What the rows of prevalence, missing answers and outcomes tell of a variable by type."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from disclose.answer_rows import HIDDEN, known, read, rows

from typology.disclose.attack_answers import Answers, Sizes
from typology.disclose.puzzle import Bounds, Puzzle

EVERYONE, NO_GROUP = "everyone", "no group"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (None, (76, 94)),  # a group of any size: 85 to 94 before it was rounded, less 0 to 9 unanswered
        ((80, 88), (76, 88)),  # not more than there are
        ((95, 95), (76, 85)),  # all digits: 95 less whole tens, so 85 of 85 to 94
        ((92, 92), (83, 92)),
        ((90, 91), (76, 91)),
    ],
)
def test_a_base_tells_more_where_the_size_of_its_group_is_known(
    size: Bounds | None, expected: Bounds
) -> None:
    sizes = Sizes({} if size is None else {"T1": size})
    assert sizes.banded(90.0, "T1", 10) == expected


def test_everyones_base_is_less_whole_steps_of_the_unanswered() -> None:
    assert Sizes({EVERYONE: (93, 93)}).banded(93.0, EVERYONE, 10) == (84, 93)
    assert Sizes({}).banded(93.0, EVERYONE, 10) == (84, 93)
    assert Sizes({}).banded(10.0, "T1", 10) == (0, 14)  # nobody is less than none
    assert Sizes({}).banded(90.0, "T1", 5) == (84, 92)  # 88 to 92, less 0 to 4


def test_a_group_that_nothing_tells_of_is_of_any_size() -> None:
    assert Sizes({"T1": (3, 4)}).of("T2") == (0, np.inf)
    assert not Sizes({}).coarse


def test_a_shown_count_and_what_is_left_of_its_base_reach_the_threshold() -> None:
    answers = read(rows({EVERYONE: [20, HIDDEN]}, {EVERYONE: 30}))  # 21 to 30 answered
    assert known(answers, "1", EVERYONE) == (15, 20)
    assert known(answers, "2", EVERYONE) == (10, 15)
    wide = read(rows({EVERYONE: [20, HIDDEN]}, {EVERYONE: 100}))
    assert known(wide, "1", EVERYONE) == (15, 24)
    assert known(wide, "2", EVERYONE) == (91 - 24, 100 - 15)
    assert known(wide, ["1", "2"], EVERYONE) == (91, 100)


def test_what_is_left_is_that_of_all_other_answers() -> None:
    answers = read(rows({EVERYONE: [20, HIDDEN, HIDDEN]}, {EVERYONE: 40}))
    assert known(answers, ["2", "3"], EVERYONE) == (10, 25)
    assert known(answers, "3", EVERYONE) == (0, 25)


def test_answers_of_a_group_are_not_more_than_the_group() -> None:
    sizes = Sizes({"T1": (40, 44), NO_GROUP: (0, 7), EVERYONE: (90, 95)})
    answers = Answers(rows({EVERYONE: [HIDDEN] * 2, "T1": [HIDDEN] * 2, "T2": [HIDDEN] * 2}, {}), sizes, 10)
    assert known(answers, "1", "T1") == (0, 44)
    assert known(answers, "2", NO_GROUP) == (0, 7)
    assert known(answers, "1", "T2") == (0, 95)
    assert known(answers, ["1", "2"], EVERYONE) == (0, 95)
    assert answers.groups == ["T1", "T2", NO_GROUP]


def test_of_a_variable_without_types_everyone_is_the_one_group() -> None:
    sizes = Sizes({EVERYONE: (90, 95), NO_GROUP: (0, 7)})
    answers = Answers(rows({EVERYONE: [HIDDEN] * 2}, {}), sizes, 10)
    assert answers.groups == [EVERYONE]
    assert known(answers, "1", EVERYONE) == (0, 95)


def test_groups_and_those_in_none_add_up_to_everyone() -> None:
    counts = {EVERYONE: [70, 130], "T1": [30, HIDDEN], "T2": [30, 70]}
    sizes = Sizes({NO_GROUP: (0, 3)})
    answers = read(rows(counts, {EVERYONE: 200, "T1": 100, "T2": 100}), sizes)
    assert known(answers, "1", "T1") == (28, 34)  # 65 of all at least, less 34 in T2 and 3 in no group
    # 86 to 104 in T1 answered at all, and 134 in all gave this answer at most
    assert known(answers, "2", "T1") == (86 - 34, 134 - 65)
    outside = answers.puzzle.extremes([answers.outside(["1"], "T1")], lambda *_: False)
    assert outside == [(65 - 34, 34 + 3)]  # in T2 and in no group


def test_a_variable_may_have_one_answer() -> None:
    answers = Answers(rows({EVERYONE: [HIDDEN]}, {}), Sizes({EVERYONE: (90, 95)}), 10)
    assert (answers.name, known(answers, "1", EVERYONE)) == ("x", (0, 95))


@pytest.mark.parametrize(
    ("base", "share", "target", "bounds"),
    [
        ((0, np.inf), None, ["2"], (10, 1e7)),  # the rest reaches the threshold
        ((491, 500), None, ["1", "2"], (491, 500)),
        ((0, np.inf), 0.2, ["1"], (98, 102)),  # 19.5% to 20.5% of 500
    ],
)
def test_bounds_rest_on_the_row_they_follow_from(
    base: Bounds, share: float | None, target: list[str], bounds: Bounds
) -> None:
    answers = Answers(rows({"T1": [HIDDEN] * 2, EVERYONE: [HIDDEN] * 2}, {}), Sizes({}), 10)
    if share is not None:
        answers.puzzle.know(answers.cells(["1", "2"], "T1"), 500, 500)
    answers.tell(["1"], "T1", 100, base, share)
    assert known(answers, target, "T1") == bounds
    assert answers.puzzle.sources_of(answers.cells(target, "T1")) == {("x", "1", "T1")}


def test_a_puzzle_of_several_variables_keeps_them_apart() -> None:
    puzzle = Puzzle(3)
    puzzle.know([0, 1, 2], 1, 5)
    counts = {EVERYONE: [20, 80]}
    both = [Answers(rows(counts, {EVERYONE: 100}), Sizes({}), 10, puzzle) for _ in range(2)]
    both[0].read({}, weighted=True)
    assert [each.cells(["1", "2"], EVERYONE) for each in both] == [[3, 4], [5, 6]]
    assert puzzle.size == 7
    assert known(both[0], "1", EVERYONE) == (15, 24)
    assert known(both[1], "1", EVERYONE)[1] > 1e6  # nothing is told of it


@pytest.mark.parametrize(
    ("count", "base", "share", "expected"),
    [
        (100, 500, 0.18, (95, 95)),  # steps of 2%: 17% to 19% of 491 to 500
        (120, 600, 0.19, (115, 117)),  # steps of 1%: 18.5% to 19.5% of 591 to 600
        (120, 600, 0.21, (122, 124)),  # 20.5% of 591 are 121.2
        (100, 505, 0.18, (95, 95)),  # of 496 to 505, which may bear steps of 2% only
        (100, 505, 0.19, (95, 98)),  # steps of 1%, or it would be 18% or 20%: 19.5% of 505 are 98.5
        (1500, 6000, 0.2495, (1495, 1500)),  # tenths of a per cent: 24.9% to 25.0% of 5,991 to 6,000
    ],
)
def test_everyones_share_tells_in_steps_that_the_base_bears(
    count: float, base: float, share: float, expected: Bounds
) -> None:
    frame = rows({EVERYONE: [count, HIDDEN]}, {EVERYONE: base}, {("1", EVERYONE): share})
    assert known(read(frame), "1", EVERYONE) == expected
    whole = (np.floor(count - 5), np.floor(count + 4))
    assert known(read(frame, weighted=True), "1", EVERYONE) == whole
    coarse = Sizes({}, coarse=True)  # everyone's shares are those of the counts still
    assert known(read(frame, coarse), "1", EVERYONE) == expected


@pytest.mark.parametrize(
    ("count", "size", "share", "expected"),
    [
        (20, 92, 0.2, (17, 18)),  # 19.5% of 83 are 16.2, 20.5% of 92 are 18.9
        (510, 2003, 0.25, (505, 510)),  # of 1,994 to 2,003, which may bear whole per cent only: 25.5%
        (510, 2003, 0.253, (505, 507)),  # tenths, or it would be 25%: 25.35% of 2,003 are 507.8
        (500, 1999, 0.248, (495, 504)),  # 24.3% to 25.3%
    ],
)
def test_the_share_of_a_type_tells_in_per_cent_unless_it_is_made_from_rounded_counts(
    count: float, size: float, share: float, expected: Bounds
) -> None:
    frame = rows(
        {EVERYONE: [HIDDEN] * 2, "T1": [count, HIDDEN]},
        {"T1": np.floor(size / 10 + 0.5) * 10},
        {("1", "T1"): share},
    )
    told = {"T1": (size, size)}
    assert known(read(frame, Sizes(told)), "1", "T1") == expected
    assert known(read(frame, Sizes(told), weighted=True), "1", "T1") == (count - 5, count + 4)
    assert known(read(frame, Sizes(told, coarse=True)), "1", "T1") == (count - 5, count + 4)


def test_a_rare_answer_that_is_shown_as_one_per_cent_contradicts_nothing() -> None:
    """10 to 14 of 3,000 are less than half a per cent, and are shown as one, never as none."""
    frame = rows({EVERYONE: [10, HIDDEN]}, {EVERYONE: 3000}, {("1", EVERYONE): 0.01})
    assert known(read(frame), "1", EVERYONE) == (10, 14)


def test_a_table_without_shares_tells_its_counts() -> None:
    frame = rows({EVERYONE: [20, HIDDEN]}, {EVERYONE: 100}).drop(columns="share")
    assert known(read(frame), "1", EVERYONE) == (15, 24)


def missing(answered: float, *reasons: float, base: float = 500, variable: str = "x") -> pd.DataFrame:
    kinds = ["answered", *(f"reason {k}" for k in range(len(reasons)))]
    return pd.DataFrame(
        {"variable": variable, "kind": kinds, "n": [answered, *reasons], "base": base}, dtype=object
    ).astype({"n": float, "base": float})


def test_missing_answers_tell_how_many_answered() -> None:
    counts = {EVERYONE: [HIDDEN] * 2, "T1": [HIDDEN] * 2, "T2": [HIDDEN] * 2}
    frame = rows(counts, {})
    everyone = ["1", "2"]
    assert known(read(frame, missingness=missing(460, 30)), everyone, EVERYONE) == (451, 460)
    # reasons that a release made by other rules tells to the respondent
    assert known(read(frame, missingness=missing(460, 30, 12)), everyone, EVERYONE) == (451, 458)
    other = missing(460, 30, variable="y")
    assert known(read(frame, missingness=other), everyone, EVERYONE)[1] > 500
    reasons_only = missing(460, 30).iloc[1:]
    assert known(read(frame, missingness=reasons_only), everyone, EVERYONE)[1] > 500


def test_those_without_an_answer_may_all_be_of_one_group() -> None:
    counts = {EVERYONE: [HIDDEN] * 2, "T1": [HIDDEN] * 2, "T2": [HIDDEN] * 2}
    sizes = Sizes({"T1": (100, 104), "T2": (62, 66), NO_GROUP: (0, 2)})
    answers = read(rows(counts, {}), sizes, missingness=missing(150, base=166))
    # 16 to 25 gave none
    assert known(answers, ["1", "2"], "T1") == (75, 104)
    assert known(answers, ["1", "2"], "T2") == (37, 66)
    assert known(answers, ["1", "2"], NO_GROUP) == (0, 2)


def outcomes(*told: tuple[str, float, float], outcome: str = "x") -> pd.DataFrame:
    frame = pd.DataFrame(list(told), columns=["type", "count", "base"])
    return frame.assign(outcome=outcome)


def test_the_outcomes_table_tells_the_endorsed_answers_of_a_type() -> None:
    counts = {EVERYONE: [HIDDEN] * 3, "T1": [HIDDEN] * 3, "T2": [HIDDEN] * 3}
    frame = rows(counts, {}, endorsed=("2", "3"))
    sizes = Sizes({"T1": (95, 95)})
    told = outcomes(("T2", HIDDEN, HIDDEN), ("T9", 50, 90), ("T1", 40, 90))
    answers = read(frame, sizes, outcomes=told)
    assert known(answers, ["2", "3"], "T1") == (35, 44)
    assert known(answers, "3", "T1") == (0, 44)
    assert known(answers, ["1", "2", "3"], "T1") == (76, 85)
    assert known(answers, "1", "T1") == (76 - 44, 85 - 35)
    assert known(answers, ["2", "3"], "T2")[0] == 0
    other = read(frame, sizes, outcomes=told.assign(outcome="y"))
    assert known(other, ["2", "3"], "T1") == (0, 95)


def test_an_outcome_without_endorsed_answers_tells_nothing() -> None:
    frame = rows({EVERYONE: [HIDDEN] * 2, "T1": [HIDDEN] * 2}, {})
    answers = read(frame, Sizes({"T1": (95, 95)}), outcomes=outcomes(("T1", 40, 90)))
    assert known(answers, ["1", "2"], "T1") == (0, 95)
