from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typology.results import Survey
from typology.schema.codebook import Codebook, Exposed, Scale, Variable
from typology.survey.exposure import exposures
from typology.survey.scales import score_scales

LIKERT = {0: "never", 1: "rarely", 2: "often", 3: "always"}


def survey_of(columns: Mapping[str, list[float]], scale: Scale, **variables: Variable) -> Survey:
    index = pd.Index([str(i) for i in range(len(next(iter(columns.values()))))])
    answers = pd.DataFrame(columns, index=index)
    described = {
        name: variables.get(name, Variable(label=name, type="ordinal", values=LIKERT)) for name in columns
    }
    missing = answers.isna().replace({True: "system", False: ""}).astype(str)
    codebook = Codebook(survey="s", variables=described, scales={"scale": scale})
    return Survey(answers, missing, codebook, len(answers), pd.Series(dtype=str))


def test_sum_with_reversed_item_uses_the_declared_range() -> None:
    # Nobody gives the highest answer, so the observed range would key 2 - x instead of 3 - x.
    survey = survey_of({"a": [0, 1, 2], "b": [2, 1, 0]}, Scale(label="s", items=("a", "b"), reverse=("b",)))
    assert list(score_scales(survey)["scale"]) == [1, 3, 5]


def test_sum_is_prorated_from_min_valid_on() -> None:
    scale = Scale(label="s", items=("a", "b", "c", "d"), min_valid=3)
    survey = survey_of({"a": [3, 3], "b": [2, np.nan], "c": [1, 1], "d": [np.nan, np.nan]}, scale)
    scores = score_scales(survey)["scale"]
    assert scores.iloc[0] == pytest.approx((3 + 2 + 1) / 3 * 4)
    assert np.isnan(scores.iloc[1])


def test_without_min_valid_every_item_is_needed() -> None:
    survey = survey_of({"a": [3, 3], "b": [2, np.nan]}, Scale(label="s", items=("a", "b")))
    assert score_scales(survey)["scale"].tolist()[0] == 5
    assert np.isnan(score_scales(survey)["scale"].iloc[1])


def test_mean_score() -> None:
    survey = survey_of({"a": [3], "b": [2]}, Scale(label="s", items=("a", "b"), score="mean"))
    assert score_scales(survey)["scale"].iloc[0] == 2.5


def test_binary_items_count_their_positive_answers() -> None:
    binary = Variable(label="b", type="binary", values={1: "Yes", 2: "No"}, positive=1)
    scale = Scale(label="s", items=("a", "b"), reverse=("b",))
    survey = survey_of({"a": [1, 2], "b": [2, 1]}, scale, a=binary, b=binary)
    assert list(score_scales(survey)["scale"]) == [2, 0]


def test_rosenberg_is_keyed_by_the_items_named_whatever_their_order() -> None:
    """Agreeing with every self-affirming and no self-deprecating wording is the highest score, 30."""
    positive, negative = (1, 3, 4, 7, 10), (2, 5, 6, 8, 9)
    columns = {f"rse{i}": [3.0 if i in positive else 0.0] for i in range(1, 11)}
    scale = Scale(label="s", items=tuple(columns), reverse=tuple(f"rse{i}" for i in negative), min_valid=8)
    assert score_scales(survey_of(columns, scale))["scale"].iloc[0] == 30
    # The other order that circulates reverses 3, 5, 8, 9, 10: keyed by it the same answers lose points.
    wrong = scale.model_copy(update={"reverse": tuple(f"rse{i}" for i in (3, 5, 8, 9, 10))})
    assert score_scales(survey_of(columns, wrong))["scale"].iloc[0] == 18


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=12))
def test_reversing_every_item_mirrors_the_score(rows: list[list[int]]) -> None:
    columns = {name: [float(row[i]) for row in rows] for i, name in enumerate("abc")}
    straight = survey_of(columns, Scale(label="s", items=("a", "b", "c")))
    mirrored = survey_of(columns, Scale(label="s", items=("a", "b", "c"), reverse=("a", "b", "c")))
    total = score_scales(straight)["scale"] + score_scales(mirrored)["scale"]
    assert np.allclose(total, 9)


def test_exposure_rules() -> None:
    chat = Variable(label="c", type="ordinal", values=LIKERT, factor="f", exposed=Exposed(at_least=2))
    kind = Variable(
        label="k",
        type="nominal",
        values={1: "a", 2: "b", 3: "c"},
        factor="f",
        exposed=Exposed(**{"in": (1, "3")}),
    )
    yes = Variable(label="y", type="binary", values={0: "No", 1: "Yes"}, positive=1, factor="f")
    free = Variable(label="n", type="ordinal", values=LIKERT)
    scale = Scale(label="s", items=("chat", "free"), factor="f", exposed=Exposed(at_most=2), min_valid=2)
    survey = survey_of(
        {"chat": [1, 2, np.nan], "kind": [1, 2, 3], "yes": [1, 0, np.nan], "free": [0, 1, 1]},
        scale, chat=chat, kind=kind, yes=yes, free=free,
    )  # fmt: skip
    found = exposures(survey, score_scales(survey))
    assert list(found.columns) == ["chat", "kind", "yes", "scale"]
    np.testing.assert_array_equal(found["chat"], [0, 1, np.nan])
    np.testing.assert_array_equal(found["kind"], [1, 0, 1])
    np.testing.assert_array_equal(found["yes"], [1, 0, np.nan])
    np.testing.assert_array_equal(found["scale"], [1, 0, np.nan])


def test_counts_are_of_yes_and_of_answers_high_enough() -> None:
    binary = Variable(label="b", type="binary", values={1: "Yes", 2: "No"}, positive=1)
    scale = Scale(label="s", items=("a", "b", "c"), score="count", count_from=2, min_valid=2)
    columns = {"a": [2.0, 1.0, 3.0, np.nan], "b": [1.0, 2.0, 1.0, np.nan], "c": [3.0, 1.0, np.nan, 3.0]}
    scores = score_scales(survey_of(columns, scale, b=binary))["scale"]
    np.testing.assert_array_equal(scores, [3, 0, 3, np.nan])  # of two answered, two count: prorated to three
    every = scale.model_copy(update={"count_from": None})
    np.testing.assert_array_equal(score_scales(survey_of(columns, every, b=binary))["scale"][:2], [3, 2])


def test_levels_count_an_answer_by_its_place_and_not_by_its_code() -> None:
    odd = Variable(label="o", type="ordinal", values={10: "never", 5: "rarely", 99: "often"})
    scale = Scale(label="s", items=("a", "b"), reverse=("b",), levels=(1, 3))
    columns = {"a": [10.0, 5.0, 99.0], "b": [10.0, 99.0, 99.0]}
    # b is mirrored within 1 to 3
    assert score_scales(survey_of(columns, scale, a=odd, b=odd))["scale"].tolist() == [4, 3, 4]
