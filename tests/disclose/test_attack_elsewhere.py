"""What tables about the clustered and fitted models tell of withheld sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from disclose.flow_rows import HIDDEN, LATE, attacked, participation, sizes_of, types

from typology.disclose.attack_sizes import _last_digit, _respondents_behind
from typology.disclose.puzzle import Bounds

# a survey without types: 200 responded, a few of them were not clustered
FEW_ASIDE = participation(early_n=None, read=200.0, late_n=HIDDEN, clustered=HIDDEN, unassigned=None)
# the same with the number of the unassigned withheld as well, for the sake of either
ALL_WITHHELD = participation(early_n=None, read=200.0, late_n=HIDDEN, clustered=HIDDEN, unassigned=HIDDEN)


def clustered(flow: pd.DataFrame, *, threshold: int = 10, **tables: pd.DataFrame) -> Bounds:
    """Bounds of the clustered: all respondents less those in no group."""
    sizes = sizes_of(flow, threshold=threshold, **tables)
    (all_of_them, _), (least, most) = sizes["everyone"], sizes["no group"]
    return all_of_them - most, all_of_them - least


def base(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"base": values})


def test_without_types_the_clustered_are_withheld_for_the_few_set_aside() -> None:
    assert sizes_of(FEW_ASIDE)[LATE] == (1, 9)
    assert clustered(FEW_ASIDE) == (191, 199)
    assert sizes_of(ALL_WITHHELD)[LATE] == (1, 200)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (200, (191, 199)),  # 195 to 204 with those set aside
        (190, (191, 194)),  # 185 to 194 of whom the clustered are not more
        (210, (196, 199)),  # 205 at least, of whom nine were set aside
        (194, (194, 194)),  # all digits: the clustered themselves
    ],
)
@pytest.mark.parametrize("name", ["severity", "sensitivity"])
def test_bases_of_the_clustered_are_theirs_with_the_few_set_aside(
    name: str, shown: float, expected: Bounds
) -> None:
    assert clustered(FEW_ASIDE, **{name: base(20, shown, np.nan)}) == expected


@pytest.mark.parametrize("name", ["short_form", "correlations"])
def test_bases_among_the_clustered_are_not_more_than_they_are(name: str) -> None:
    assert clustered(FEW_ASIDE, **{name: base(190)}) == (191, 199)
    assert clustered(FEW_ASIDE, **{name: base(210)}) == (196, 199)
    assert clustered(FEW_ASIDE, **{name: base(193)}) == (193, 199)
    assert clustered(FEW_ASIDE, **{name: base(np.nan)}) == (191, 199)


def test_where_any_number_may_be_counted_in_a_base_tells_the_most_only() -> None:
    assert clustered(ALL_WITHHELD, severity=base(150)) == (0, 154)
    assert clustered(ALL_WITHHELD, severity=base(151)) == (151, 151)
    assert clustered(ALL_WITHHELD, correlations=base(150)) == (0, 199)


def test_bases_and_the_number_of_the_clustered_must_agree() -> None:
    told = participation(unassigned=None)  # 170
    for name, shown, agrees in (
        ("severity", 170, True), ("severity", 180, False), ("severity", 160, False),
        ("correlations", 160, True), ("correlations", 180, False),
    ):  # fmt: skip
        assert bool(sizes_of(told, **{name: base(shown)})) == agrees, (name, shown)


def test_nobody_is_counted_in_where_the_clustered_are_told() -> None:
    """180 are 175 to 184 of them."""
    for clustered_, agrees in ((174.0, False), (175.0, True), (184.0, True), (185.0, False)):
        flow = participation(clustered=clustered_, late_n=200.0 - clustered_, unassigned=None)
        assert bool(sizes_of(flow, severity=base(180))) == agrees, clustered_


@pytest.mark.parametrize(("shown", "sampled"), [(4999, False), (5000, True)])
def test_of_many_respondents_the_analyses_of_missing_answers_take_a_sample(
    shown: float, *, sampled: bool
) -> None:
    flow = participation(
        early_n=None, read=6000.0, respondents=6000.0, clustered=5900.0, late_n=100.0, unassigned=None
    )
    assert bool(sizes_of(flow, sensitivity=base(shown))) == sampled
    assert not sizes_of(flow, severity=base(shown))


def test_hexagons_of_the_map_hold_clustered_respondents() -> None:
    hexes = pd.DataFrame({"hex_x": [0, 1, 2], "n": [100.0, 50.0, 45.0]})
    assert clustered(FEW_ASIDE, map_density=hexes) == (195, 199)
    assert clustered(FEW_ASIDE, map_density=hexes.iloc[:0]) == (191, 199)


def fits(n: float, *, parameters: float = 20.0, digits: int = 6) -> pd.DataFrame:
    """A model of so many respondents, its criteria rounded to so many digits."""
    likelihood = -1000.0
    made = {"log_likelihood": likelihood, "bic": -2 * likelihood + parameters * np.log(n),
            "aic": -2 * likelihood + 2 * parameters, "parameters": parameters}  # fmt: skip
    return pd.DataFrame([{name: round(value, digits) for name, value in made.items()}])


@pytest.mark.parametrize("name", ["candidates", "latent_classes"])
def test_the_criterion_of_a_model_holds_the_number_of_the_clustered(name: str) -> None:
    """Those set aside are counted in where they are few, and any number of them where all is withheld."""
    assert clustered(FEW_ASIDE, **{name: fits(200)}) == (191, 199)
    assert clustered(FEW_ASIDE, **{name: fits(195)}) == (191, 195)
    assert clustered(FEW_ASIDE, **{name: fits(207)}) == (198, 199)
    assert clustered(ALL_WITHHELD, **{name: fits(150)}) == (0, 150)


def test_criteria_tell_nothing_where_the_clustered_are_told() -> None:
    assert sizes_of(participation(unassigned=None), candidates=fits(150))["everyone"] == (200, 200)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(6, (199.985, 200.015)), (0, (185.86, 215.94)), (-1, (115.58, 518.01))],
)
def test_a_criterion_tells_as_much_as_its_digits(digits: int, expected: Bounds) -> None:
    """1.5 units of both numbers together, by 20 parameters."""
    found = _respondents_behind(fits(200, digits=digits), "bic")
    assert found == [pytest.approx(expected, abs=0.006)]


def test_the_number_of_parameters_follows_from_the_other_criterion() -> None:
    whole = fits(200)
    assert _respondents_behind(whole.drop(columns="parameters"), "bic") == _respondents_behind(whole, "bic")


def test_models_without_parameters_or_criterion_tell_nothing_and_the_next_does() -> None:
    given = pd.concat([fits(100).assign(bic=np.nan), fits(100).assign(log_likelihood=np.nan),
                       fits(100, parameters=0.0), fits(100).assign(parameters=-3.0), fits(200)])  # fmt: skip
    found = _respondents_behind(given, "bic")
    assert found == [pytest.approx((199.985, 200.015), abs=0.001)]
    assert _respondents_behind(fits(200).drop(columns="bic"), "bic") == []
    assert _respondents_behind(fits(200).drop(columns="log_likelihood"), "bic") == []
    assert _respondents_behind(pd.DataFrame(), "bic") == []


def test_a_model_of_one_parameter_tells_something() -> None:
    assert _respondents_behind(fits(200, parameters=1.0), "bic") == [pytest.approx((199.7, 200.3), abs=0.01)]


def test_a_criterion_of_few_digits_is_of_any_number_of_respondents() -> None:
    """2,030 in tens, of one parameter: the logarithm is 15 to 45."""
    given = fits(200, parameters=1.0).assign(bic=2030.0)
    assert _respondents_behind(given, "bic") == [pytest.approx((np.exp(15.0), np.exp(30.0)))]


def test_the_last_digit_is_that_of_all_numbers() -> None:
    assert _last_digit(pd.Series([20.0, 130.0, np.nan])) == 10.0
    assert _last_digit(pd.Series([20.0, 131.0])) == 1.0
    assert _last_digit(pd.Series([20.0, 130.5])) == 0.001


WITHHELD = {"participation": participation(), "types": types(100, HIDDEN)}  # 46 to 55 in the second


def crossed(*bases: float, type_id: str = "T2") -> pd.DataFrame:
    return pd.DataFrame({"type": [type_id] * len(bases), "base": bases})


def test_bases_of_types_among_latent_classes_are_their_rounded_sizes() -> None:
    assert attacked({**WITHHELD, "crosswalk": crossed(np.nan, 60.0)})[1]["T2"] == (55, 55)
    assert attacked({**WITHHELD, "crosswalk": crossed(50.0)})[1]["T2"] == (46, 54)
    assert attacked({**WITHHELD, "crosswalk": crossed(90.0, type_id="T9")})[1]["T2"] == (46, 55)


@pytest.mark.parametrize(("respondents", "most"), [(20_000.0, 54), (20_001.0, 55), (HIDDEN, 55)])
def test_of_very_many_respondents_the_classes_are_those_of_a_sample(respondents: float, most: float) -> None:
    """The second type is 46 to 55 by what the first leaves; a base of 50 is 54 at most, of all of it."""
    n = {"respondents": respondents, "clustered": 19_970.0}
    flow = participation(read=None, early_n=None, late_n=None, **n)
    if np.isfinite(respondents):
        flow = participation(read=None, early_n=None, late_n=respondents - 19_970.0, **n)
    tables = {"participation": flow, "types": types(19_900, HIDDEN)}
    assert attacked({**tables, "crosswalk": crossed(50.0)})[1]["T2"] == (46, most)
    assert attacked({**tables, "crosswalk": crossed(60.0)})[1]["T2"] == (55, 55)


def test_without_the_number_of_respondents_the_classes_are_those_of_a_sample() -> None:
    flow = participation(read=None, early_n=None, respondents=None)
    tables = {"participation": flow, "types": types(100, HIDDEN), "crosswalk": crossed(50.0)}
    assert attacked(tables)[1]["T2"] == (46, 55)
