from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.survey.mini import mini_frame, write_mini
from typology.results import DesignColumns, Prepared, Survey
from typology.schema.codebook import Codebook, Scale, Variable
from typology.schema.load import load_study
from typology.survey.quality import (
    missingness,
    missingness_by_group,
    participation,
    quality_flags,
    quality_measures,
)
from typology.survey.read import read_survey

OFTEN = {1: "Never", 2: "Rarely", 3: "Often"}


def make(
    answers: dict[str, list[float]], scales: dict[str, Scale] | None = None, **kinds: Variable
) -> Survey:
    frame = pd.DataFrame(answers, index=[f"r{i}" for i in range(len(next(iter(answers.values()))))])
    variables = {
        n: kinds.get(n, Variable(label=n, type="ordinal", role="typology", values=OFTEN)) for n in answers
    }
    missing = frame.isna().replace({True: "system", False: ""}).astype(str)
    codebook = Codebook(survey="s", variables=variables, scales=scales or {})
    return Survey(frame, missing, codebook, len(frame), pd.Series(dtype=str))


def prepared_of(n: int, set_aside: dict[str, str]) -> Prepared:
    empty = np.empty((n, 0))
    reasons = pd.Series(list(set_aside.values()), index=list(set_aside), dtype=object)
    return Prepared(
        ids=np.array([str(i) for i in range(n)], dtype=object), items=(), codes=empty.astype(np.int16),
        not_asked=empty.astype(bool), gates=(), design=DesignColumns(None, None, None), group=None,
        set_aside=reasons, flags=pd.DataFrame(),
    )  # fmt: skip


def test_participation_adds_up(tmp_path: Path) -> None:
    frame = pd.concat([mini_frame(), mini_frame().iloc[[0, 1]]])
    survey = read_survey(load_study(write_mini(tmp_path, frame=frame)))
    prepared = prepared_of(110, {**{str(i): "too few answers" for i in range(9)}, "x": "no answers"})
    table = participation(survey, prepared, unassigned=7).set_index("step")["n"]
    aside = table[[step for step in table.index if step.startswith("set aside")]]
    assert table["read"] == 122
    assert table["respondents"] == 120
    assert aside["set aside: duplicate respondent"] == 2
    assert table["read"] - aside.sum() == table["clustered"] == 110
    assert table["unassigned"] == 7


def test_missingness_shares_add_up_for_every_variable(tmp_path: Path) -> None:
    survey = read_survey(load_study(write_mini(tmp_path)))
    table = missingness(survey)
    assert (table.groupby("variable")["n"].sum() == 120).all()
    assert table.groupby("variable")["share"].sum().to_numpy() == pytest.approx(1.0)
    kinds = table[table["variable"] == "sent_pic"].set_index("kind")["n"]
    raw = mini_frame()
    assert kinds["not asked"] == (raw["online"] == 2).sum()
    assert kinds["refused"] == ((raw["sent_pic"] == 99) & (raw["online"] == 1)).sum()
    assert "rid" not in set(table["variable"])


def test_one_answer_throughout_a_scale_with_reversed_items_is_straight_lining() -> None:
    items = [f"i{k}" for k in range(5)]
    survey = make(
        {name: [3.0, 1.0, float(k % 3 + 1), np.nan if k == 0 else 3.0] for k, name in enumerate(items)},
        {"s": Scale(label="s", items=tuple(items), reverse=("i1",))},
    )
    assert list(quality_flags(survey)["straight_lining"]) == [True, True, False, False]


def test_never_to_everything_is_no_straight_lining_where_it_can_be_true() -> None:
    survey = make({f"i{k}": [1.0, 3.0] for k in range(5)})
    assert list(quality_flags(survey)["straight_lining"]) == [False, True]
    assert list(quality_flags(survey)["floor"]) == [True, False]


def test_reversed_items_have_their_floor_at_the_other_end() -> None:
    flipped = Variable(label="a", type="ordinal", role="typology", values=OFTEN, reverse=True)
    binary = Variable(label="b", type="binary", role="typology", values={1: "Yes", 2: "No"}, positive=1)
    survey = make({"a": [3.0, 1.0], "b": [2.0, 2.0]}, a=flipped, b=binary)
    assert list(quality_flags(survey)["floor"]) == [True, False]


def test_no_answers_at_all_is_not_the_floor() -> None:
    survey = make({"a": [np.nan, 1.0], "b": [np.nan, np.nan]})
    assert list(quality_flags(survey)["floor"]) == [False, True]


def test_twins_are_marked_but_not_those_who_say_never_to_everything() -> None:
    survey = make({"a": [1.0, 1.0, 2.0, 2.0, 2.0], "b": [1.0, 1.0, 3.0, 3.0, np.nan]})
    assert list(quality_flags(survey)["duplicate_answers"]) == [False, False, True, True, False]


def test_different_reasons_for_no_answer_are_no_twins() -> None:
    survey = make({"a": [2.0, 2.0], "b": [np.nan, np.nan]})
    missing = survey.missing.copy()
    missing.loc["r1", "b"] = "refused"
    other = Survey(survey.answers, missing, survey.codebook, 2, survey.set_aside)
    assert quality_flags(survey)["duplicate_answers"].all()
    assert not quality_flags(other)["duplicate_answers"].any()


def test_measures_count_the_marks(tmp_path: Path) -> None:
    survey = read_survey(load_study(write_mini(tmp_path)))
    table = quality_measures(survey).set_index("measure")
    flags = quality_flags(survey)
    assert table.loc["lowest answer to every typology item", "n"] == flags["floor"].sum()
    assert (table["base"] == 120).all()
    complete = survey.missing[["sent_pic", "chat", "threat"]].isin(["", "not asked"]).all(axis=1).sum()
    assert table.loc["every typology item asked was answered", "n"] == complete


FIVE = {code: f"level {code}" for code in range(1, 6)}


def battery(*rows: list[float]) -> Survey:
    item = Variable(label="i", type="ordinal", role="typology", values=FIVE)
    names = [f"i{at}" for at in range(len(rows[0]))]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return make(columns, **dict.fromkeys(names, item))


def test_patterns_on_the_page_are_marked_and_plain_answers_are_not() -> None:
    survey = battery(
        [1, 3, 1, 3, 1, 3, 1, 3, 1],  # repeats of two
        [1, 5, 2, 1, 5, 2, 1, 5, 2],  # repeats of three
        [1, 2, 3, 4, 5, 4, 3, 2, 1],  # a diagonal that turns at the ends
        [1, 2, 3, 2, 3, 2, 1, 2, 1],  # turns halfway: no pattern
        [3, 3, 3, 3, 3, 3, 3, 3, 3],  # uniform: told as straight-lining
        [1, 3, 1, 3, np.nan, 3, 1, 3, 1],  # not complete
        [2, 1, 4, 1, 1, 3, 5, 2, 2],
    )
    flags = quality_flags(survey)
    assert flags["patterned"].tolist() == [True, True, True, False, False, False, False]
    assert flags["straight_lining"].tolist() == [False] * 4 + [True] + [False] * 2


def test_short_batteries_show_patterns_by_chance_and_are_not_judged() -> None:
    assert not quality_flags(battery([1, 3, 1, 3, 1, 3, 1]))["patterned"].any()


def test_random_answers_are_hardly_ever_patterned() -> None:
    rng = np.random.default_rng(0)
    survey = battery(*rng.integers(1, 6, size=(4000, 9)).astype(float).tolist())
    assert quality_flags(survey)["patterned"].mean() < 0.002


def test_speeding_is_relative_to_the_median_whatever_the_unit() -> None:
    seconds = [600.0, 590, 610, 580, 299, 301, 0, -5, np.nan]
    duration = Variable(label="d", type="numeric", role="duration")
    answers = [1.0, 2, 3, 1, 2, 3, 1, 2, 3]
    survey = make({"a": answers, "d": seconds}, d=duration)
    flags = quality_flags(survey)
    # the median of the six that tell something is 585
    assert flags["speeding"].tolist() == [False] * 4 + [False, False, False, False, False]
    faster = make({"a": answers, "d": [s / 60 if i != 4 else 4.0 for i, s in enumerate(seconds)]}, d=duration)
    assert quality_flags(faster)["speeding"].tolist() == [i == 4 for i in range(9)]
    table = quality_measures(faster).set_index("measure")
    assert table.loc["faster than half the median duration", "n"] == 1


def test_without_a_duration_nothing_is_said_of_speed() -> None:
    survey = make({"a": [1.0, 2.0]})
    assert "speeding" not in quality_flags(survey)
    assert "faster than half the median duration" not in set(quality_measures(survey)["measure"])


def test_how_long_somebody_took_does_not_make_the_same_answers_different() -> None:
    duration = Variable(label="d", type="numeric", role="duration")
    survey = make({"a": [2.0, 2.0, 1.0], "b": [3.0, 3.0, 1.0], "d": [60.0, 61.0, 62.0]}, d=duration)
    assert quality_flags(survey)["duplicate_answers"].tolist() == [True, True, False]


def test_missingness_by_group_adds_up_to_everyones(tmp_path: Path) -> None:
    frame = mini_frame()
    frame.loc[[0, 1], "country"] = np.nan
    survey = read_survey(load_study(write_mini(tmp_path, frame=frame)))
    table = missingness_by_group(survey)
    assert list(dict.fromkeys(table["group"])) == ["UK", "Ireland", "no answer"]
    everyone = missingness(survey).set_index(["variable", "kind"])["n"]
    summed = table.groupby(["variable", "kind"])["n"].sum()
    pd.testing.assert_series_equal(summed.sort_index(), everyone.sort_index())
    assert table.groupby(["variable", "group"])["share"].sum().to_numpy() == pytest.approx(1.0)
    assert missingness_by_group(make({"a": [1.0, 2.0]})).empty
