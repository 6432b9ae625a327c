"""Which outcomes and predictors are looked at, who is in the model, and what fills a gap."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.label.characteristic import Characteristic
from typology.label.columns import Category, Column
from typology.label.risk_data import _filled, predictors, sample_of, targets
from typology.label.sampling import SurveyDesign
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook
from typology.schema.study import RiskOptions

YES_NO = (Category("1", "Yes", endorsed=True), Category("2", "No"))
GRADES = (Category("1", "Never"), Category("2", "Often"))


def column(
    name: str, answers: list[int], *, role: Any = "outcome", categories: Any = YES_NO, **more: Any
) -> Column:
    return Column(name, f"{name}?", role, "", categories, np.array(answers, dtype=np.int32), **more)


def codebook(**variables: dict[str, Any]) -> Codebook:
    about = {"label": "x", "type": "binary", "role": "outcome", "values": {1: "Yes", 2: "No"}, "positive": 1}
    made = {name: {**about, **changes} for name, changes in variables.items()}
    return Codebook.model_validate({"survey": "s", "variables": made})


ASKED = column("asked", [0, 1, -1])
ROUTED = column("routed", [0, 1, -1], asked_if={"asked": ("1",)})
GRADED = column("graded", [0, 1, -1], categories=GRADES)
OTHER = column("other", [0, 0, 1], role="typology")
BOOK = codebook(asked={}, routed={},
                graded={"type": "ordinal", "positive": None, "values": {1: "Never", 2: "Often"}},
                other={"role": "typology"})  # fmt: skip


def found(**options: Any) -> list[str]:
    return [each.name for each in targets([ASKED, ROUTED, GRADED, OTHER], BOOK, RiskOptions(**options))]


def test_by_default_outcomes_put_to_everybody_that_have_a_yes() -> None:
    assert found() == ["asked"]
    (target,) = targets([ASKED], BOOK, RiskOptions())
    assert target.label == "asked?"
    np.testing.assert_array_equal(target.happened, [1.0, 0.0, np.nan])


def test_named_outcomes_are_taken_whatever_their_role_and_routing() -> None:
    assert found(outcome="routed") == ["routed"]
    assert found(outcome=("other", "asked")) == ["asked", "other"]  # in the order of the codebook
    assert found(outcome="graded") == []  # no answer counts as the outcome


CATALOGUE = Catalogue.model_validate({"factors": {}})
RISKS = codebook(
    first={"role": "risk"}, age={"role": "demographic"}, second={"role": "risk"}, plain={"role": "ignore"}
)


def named(**options: Any) -> list[tuple[str, list[float]]]:
    exposures = pd.DataFrame({"first": [1.0, 0.0], "age": [0.0, 0.0], "second": [0.0, np.nan]})
    plain = column("plain", [1, 0])
    made = predictors(exposures, [plain], RISKS, CATALOGUE, RiskOptions(**options))
    return [(each.name, each.exposure.tolist()) for each in made]


def test_by_default_everything_of_role_risk_is_a_predictor() -> None:
    assert [name for name, _ in named()] == ["first", "second"]


def test_named_predictors_may_have_no_exposure_and_then_count_by_their_yes() -> None:
    assert named(predictors=("plain", "first")) == [("plain", [0.0, 1.0]), ("first", [1.0, 0.0])]


N = 200
RNG = np.random.default_rng(3)
TARGET = targets([column("asked", RNG.integers(0, 2, N).tolist())], BOOK, RiskOptions())[0]


def exposure(name: str, values: np.ndarray) -> Characteristic:
    return Characteristic(name, name, name, None, "", values.astype(float))


def half(*, gaps: int = 0) -> np.ndarray:
    values = (np.arange(N) % 2).astype(float)
    values[:gaps] = np.nan
    return values


def design(weight: np.ndarray | None = None) -> SurveyDesign:
    ones = np.ones(N) if weight is None else weight
    return SurveyDesign(ones, np.zeros(N, dtype=int), np.arange(N), np.zeros(1), "")


def sample(*given: Characteristic, columns: tuple[Column, ...] = (), **how: Any) -> Any:
    adjust = [each.name for each in columns]
    return sample_of(TARGET, given, columns, how.get("design", design()), adjust, threshold=10)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (half(gaps=40), None),
        (half(gaps=41), "more than a fifth did not answer"),
        (np.arange(N) < 10, None),
        (np.arange(N) < 9, "too few respondents with or without it"),
        (np.arange(N) >= 10, None),
        (np.arange(N) >= 9, "too few respondents with or without it"),
    ],
)
def test_predictors_hardly_answered_or_hardly_differing_are_left_out(
    values: np.ndarray, reason: str | None
) -> None:
    made = sample(exposure("kept", half()), exposure("tried", values))
    assert made.names == ("kept",) if reason else ("kept", "tried")
    assert made.left_out == ({"tried": reason} if reason else {})


def test_the_outcome_is_no_predictor_of_itself_and_no_reason_is_given() -> None:
    made = sample(exposure("asked", TARGET.happened), exposure("kept", half()))
    assert made.names == ("kept",)
    assert made.left_out == {}


def test_who_answered_the_outcome_and_half_of_the_predictors_is_in() -> None:
    first, second = half(), half()[::-1].copy()
    first[:20], second[:10] = np.nan, np.nan  # ten lack one, ten both
    weight = np.ones(N)
    weight[-5:] = 0.0
    made = sample(exposure("first", first), exposure("second", second), design=design(weight))
    assert np.array_equal(made.inside, (np.arange(N) >= 10) & (np.arange(N) < N - 5))
    assert np.array_equal(made.y, TARGET.happened[made.inside])
    assert np.array_equal(made.weight, np.ones(N - 15))
    assert np.isfinite(made.x).all()
    assert made.x.shape == (N - 15, 2)


def test_what_is_adjusted_for_follows_the_predictors_and_rare_answers_are_dropped() -> None:
    grades = tuple(Category(code, code) for code in "abc")
    age = column("age", [0] * 100 + [1] * 95 + [2] * 5, role="demographic", categories=grades)
    made = sample(exposure("kept", half()), columns=(age,))
    assert made.names == ("kept", "age: b")
    assert made.x[:, 1].tolist() == [0.0] * 100 + [1.0] * 95 + [0.0] * 5


def test_without_a_usable_predictor_nobody_is_in_a_model() -> None:
    made = sample(exposure("rare", np.arange(N) < 3))
    assert made.names == ()
    assert made.x.shape == (0, 0)
    assert len(made.y) == len(made.weight) == 0
    assert not made.inside.any()
    assert len(made.inside) == N
    assert made.left_out == {"rare": "too few respondents with or without it"}


def test_an_unanswered_predictor_gets_what_the_others_lead_one_to_expect() -> None:
    rng = np.random.default_rng(5)
    first = (rng.random(2000) < 0.5).astype(float)
    second = (rng.random(2000) < np.where(first == 1, 0.9, 0.2)).astype(float)
    gaps = rng.random(2000) < 0.1
    x = np.column_stack([first, np.where(gaps, np.nan, second)])
    filled = _filled(x, np.ones(2000))
    assert np.array_equal(filled[~gaps], x[~gaps])
    assert filled[gaps & (first == 1), 1].mean() == pytest.approx(0.9, abs=0.05)
    assert filled[gaps & (first == 0), 1].mean() == pytest.approx(0.2, abs=0.05)


def test_weights_count_for_what_is_expected() -> None:
    x = np.array([[1.0], [0.0], [0.0], [np.nan]] * 100)
    heavy = np.array([8.0, 1.0, 1.0, 1.0] * 100)
    assert _filled(x, np.ones(400))[3, 0] == pytest.approx(1 / 3, abs=0.02)
    assert _filled(x, heavy)[3, 0] == pytest.approx(0.8, abs=0.02)
