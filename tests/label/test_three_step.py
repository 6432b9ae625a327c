"""Comparisons of types with classification error: what they must equal, and what they must undo."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from label.factory import Inputs, codebook, make_inputs, study
from label.oracle import svy_sample

from typology.errors import TypologyError
from typology.label import label_types
from typology.label.classification import classify
from typology.label.design import compare
from typology.label.latent_logistic import latent_shares
from typology.label.literature import Published, agreement
from typology.label.logistic import fit_logit, member_logit
from typology.label.reclustering import Spread, draw_half, draw_rows
from typology.label.sampling import SurveyDesign, make_design
from typology.label.three_step import Basis, adjusted_contrast, adjusted_types, compare_types

SHARES = np.array([0.5, 0.3, 0.2])
FACTOR = np.array([0.2, 0.5, 0.8])


@dataclasses.dataclass
class Planted:
    """Types, a factor and a covariate that goes with both, and what a measurement model would say."""

    design: SurveyDesign
    types: np.ndarray
    membership: np.ndarray
    factor: np.ndarray
    covariate: np.ndarray

    @property
    def basis(self) -> Basis:
        places = classify(self.membership.argmax(axis=1), self.membership, self.design.weight)
        return Basis(places, np.ones(self.design.n, dtype=bool))

    def certain(self) -> Basis:
        """Everybody in the planted type."""
        places = classify(self.types, np.eye(3)[self.types], self.design.weight)
        return Basis(places, np.ones(self.design.n, dtype=bool))


def plant(n: int = 6000, *, seed: int = 0) -> Planted:
    """Ten items tell the types apart so that about three in four respondents are placed rightly."""
    rng = np.random.default_rng(seed)
    types = rng.choice(3, size=n, p=SHARES)
    profile = np.repeat([[0.2, 0.3], [0.6, 0.3], [0.4, 0.7]], 5, axis=1)
    items = rng.random((n, 10)) < profile[types]
    log_p = np.log(SHARES) + items @ np.log(profile).T + ~items @ np.log(1 - profile).T
    membership = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    membership /= membership.sum(axis=1, keepdims=True)
    covariate = (rng.random(n) < np.array([0.3, 0.5, 0.7])[types]).astype(float)
    logit = np.log(FACTOR / (1 - FACTOR))[types] + 0.8 * (covariate - 0.5)
    factor = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    factor[rng.random(n) < 0.05] = np.nan
    design = make_design(
        n,
        weight=pd.Series(rng.uniform(0.5, 2.0, n)),
        stratum=pd.Series(rng.integers(0, 4, n)),
        psu=pd.Series(rng.integers(0, 30, n)),
    )
    return Planted(design, types, membership, factor, covariate)


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant()


def log_odds_ratios(planted: Planted) -> np.ndarray:
    """Of each planted type against the rest, in the sample."""
    known = np.isfinite(planted.factor)
    w, y = planted.design.weight * known, np.where(known, planted.factor, 0.0)
    found = []
    for group in range(3):
        inside = planted.types == group
        a, b = ((w * y) @ side / (w @ side) for side in (inside, ~inside))
        found.append(np.log(a / (1 - a)) - np.log(b / (1 - b)))
    return np.array(found)


def test_errors_are_the_chances_of_being_misplaced(planted: Planted) -> None:
    placed = planted.membership.argmax(axis=1)
    errors = classify(placed, planted.membership, planted.design.weight).errors[:3, :3]
    observed = pd.crosstab(planted.types, placed, normalize="index").to_numpy()
    np.testing.assert_allclose(errors, observed, atol=0.03)
    np.testing.assert_allclose(errors.sum(axis=1), 1.0)
    assert errors.diagonal().min() < 0.8, "types must be confused for this to mean anything"


def test_the_correction_undoes_what_misplacing_hides() -> None:
    planted = plant(30_000, seed=1)
    truth = log_odds_ratios(planted)
    found = compare_types(planted.design, planted.factor, planted.basis)
    naive, corrected, likelihood = (
        np.log([getattr(each, how).odds_ratio for each in found])
        for how in ("naive", "corrected", "likelihood")
    )
    assert (np.abs(naive[[0, 2]]) < 0.75 * np.abs(truth[[0, 2]])).all()
    np.testing.assert_allclose(corrected, truth, atol=0.2)
    np.testing.assert_allclose(likelihood, corrected, atol=0.01)
    for each, known in zip(found, truth, strict=True):
        assert np.log(each.corrected.lo) < known < np.log(each.corrected.hi)


def test_without_covariates_likelihood_and_weights_agree_on_intervals(planted: Planted) -> None:
    for each in compare_types(planted.design, planted.factor, planted.basis):
        one, other = each.corrected, each.likelihood
        np.testing.assert_allclose([one.lo, one.hi], [other.lo, other.hi], rtol=0.01)


def test_certain_places_need_no_correction(planted: Planted) -> None:
    for each in compare_types(planted.design, planted.factor, planted.certain()):
        for how in ("odds_ratio", "lo", "hi", "difference", "difference_lo", "p"):
            assert getattr(each.corrected, how) == pytest.approx(getattr(each.naive, how), rel=1e-9)


def test_types_that_cannot_be_told_apart_are_not_estimable(planted: Planted) -> None:
    n = planted.design.n
    rng = np.random.default_rng(0)
    places = classify(rng.integers(0, 3, n), np.full((n, 3), 1 / 3), planted.design.weight)
    for each in compare_types(planted.design, planted.factor, Basis(places, np.ones(n, dtype=bool))):
        assert np.isnan(each.corrected.odds_ratio)
        assert np.isnan(each.corrected.p)
        assert np.isfinite(each.naive.odds_ratio)


def test_adjusted_odds_ratio_equals_svy_when_places_are_certain(planted: Planted) -> None:
    member = (planted.types == 2).astype(float)
    ours = adjusted_contrast(
        planted.design, planted.factor, planted.certain(), 2, covariates=planted.covariate[:, None]
    )
    columns = {"y": planted.factor, "member": member, "z": planted.covariate}
    model = svy_sample(planted.design, columns).glm.fit(y="y", x=["member", "z"], family="binomial")
    row = model.to_polars().to_pandas().set_index("term").loc["member"]
    logs = np.log([ours.odds_ratio, ours.lo, ours.hi])
    np.testing.assert_allclose(logs, row[["estimate", "conf_low", "conf_high"]].astype(float), rtol=1e-4)


@pytest.mark.realdata
def test_logistic_regression_as_recorded_from_r_survey(realdata: Path) -> None:
    """R: ``svyglm(sch.wide ~ ell + meals + mobility, dstrat, family = quasibinomial())``."""
    schools = pd.read_csv(realdata / "survey_api" / "apistrat.csv")
    design = make_design(
        len(schools), weight=schools["pw"], stratum=schools["stype"], population_psus=schools["fpc"]
    )
    x = np.column_stack([np.ones(len(schools)), schools[["ell", "meals", "mobility"]]]).astype(float)
    fit = fit_logit((schools["sch.wide"] == "Yes").to_numpy(float), [(x, design.weight)])
    assert fit is not None
    np.testing.assert_allclose(
        fit.coefficient, [0.8358365251, -0.0024896357, -0.0031523651, 0.0608967787], rtol=1e-5
    )
    error = np.sqrt(design.variance(fit.influence))
    np.testing.assert_allclose(error, [0.4556260956, 0.0132524986, 0.0091994837, 0.0319354215], rtol=5e-5)
    assert design.degrees_of_freedom(np.ones(len(schools), dtype=bool)) - 3 == 194


def test_marginal_effects_without_covariates_are_differences_of_shares(planted: Planted) -> None:
    none = np.zeros((planted.design.n, 0))
    crude = compare_types(planted.design, planted.factor, planted.basis)
    for adjusted, each in zip(
        adjusted_types(planted.design, planted.factor, planted.basis, none), crude, strict=True
    ):
        for how in ("difference", "difference_lo", "difference_hi", "odds_ratio", "lo", "hi"):
            got, wanted = getattr(adjusted.corrected, how), getattr(each.corrected, how)
            assert got == pytest.approx(wanted, rel=1e-6)
        assert adjusted.likelihood.difference == pytest.approx(adjusted.corrected.difference, abs=1e-3)


def test_the_delta_method_agrees_with_the_jackknife() -> None:
    """Of the average marginal effect, leaving out one sampling unit at a time."""
    data = plant(1500, seed=3)
    z = data.covariate[:, None]
    member = data.basis.places.corrected[:, 0]

    def effect(weight: np.ndarray) -> float:
        found = member_logit(data.factor, member, z, weight)
        assert found is not None
        return float(found.share[0] - found.share[1])

    found = member_logit(data.factor, member, z, data.design.weight)
    assert found is not None
    influence = found.influence[:, 0] - found.influence[:, 1]
    ours = float(data.design.variance(influence[:, None])[0])
    jackknife = 0.0
    for stratum in np.unique(data.design.stratum):
        units = np.unique(data.design.psu[data.design.stratum == stratum])
        again = []
        for unit in units:
            weight = np.where(data.design.stratum == stratum, len(units) / (len(units) - 1), 1.0)
            again.append(effect(data.design.weight * np.where(data.design.psu == unit, 0.0, weight)))
        jackknife += (len(units) - 1) / len(units) * ((np.array(again) - np.mean(again)) ** 2).sum()
    assert ours == pytest.approx(jackknife, rel=0.1)


def test_adjusting_takes_away_what_the_covariate_explains(planted: Planted) -> None:
    """The covariate is commoner in the third type and raises the factor, so the crude effect is too large."""
    crude = compare_types(planted.design, planted.factor, planted.basis)[2].corrected.difference
    found = adjusted_types(planted.design, planted.factor, planted.basis, planted.covariate[:, None])[2]
    for how in (found.corrected, found.likelihood):
        assert 0 < how.difference < crude - 0.02
    assert found.naive.difference < found.corrected.difference


def test_complete_separation_is_not_estimable() -> None:
    y = np.repeat([0.0, 1.0], 50)
    x = np.column_stack([np.ones(100), y])
    assert fit_logit(y, [(x, np.ones(100))]) is None
    assert member_logit(y, y, np.zeros((100, 0)), np.ones(100)) is None


def test_a_rare_answer_to_a_covariate_does_not_cost_the_estimate(planted: Planted) -> None:
    """Eight respondents with one outcome only: their coefficient would be infinite without the weak prior."""
    rare = np.zeros(planted.design.n)
    rare[np.flatnonzero(planted.factor == 0)[:8]] = 1.0
    found = adjusted_contrast(
        planted.design,
        planted.factor,
        planted.basis,
        0,
        covariates=np.column_stack([planted.covariate, rare]),
    )
    assert np.isfinite(found.odds_ratio)


def test_likelihood_stays_admissible_where_weights_do_not() -> None:
    """A type whose misplaced members all answer no: its corrected share is below zero."""
    n = 400
    placed = np.repeat([0, 1], n // 2)
    membership = np.where(placed[:, None] == [0, 1], 0.7, 0.3)
    y = np.where(placed == 0, np.arange(n) % 10 == 0, np.arange(n) % 5 != 0).astype(float)
    design = make_design(n)
    places = classify(placed, membership, design.weight)
    basis = Basis(places, np.ones(n, dtype=bool))
    first = compare_types(design, y, basis)[0]
    assert np.isnan(first.share[0])
    assert np.isnan(first.corrected.odds_ratio)
    latent = latent_shares(y, places, np.zeros((n, 0)), design.weight)
    assert latent is not None
    assert 0 <= latent.share[0] < 0.02


def test_sampling_units_are_drawn_whole_and_within_strata(planted: Planted) -> None:
    design, everyone = planted.design, np.arange(planted.design.n)
    rows = draw_rows(design, everyone, np.random.default_rng(1))
    drawn = np.bincount(rows, minlength=design.n)
    for unit in np.unique(design.psu):
        assert len(np.unique(drawn[design.psu == unit])) == 1
    half = draw_half(design, everyone, np.random.default_rng(1))
    chosen = np.isin(design.psu, design.psu[half])
    assert chosen.sum() == len(half)
    for stratum in np.unique(design.stratum):
        share = chosen[design.stratum == stratum].mean()
        assert 0.35 < share < 0.65


def test_types_found_again_widen_intervals(planted: Planted) -> None:
    rng = np.random.default_rng(2)
    draws = []
    for _ in range(6):
        shaken = planted.membership * rng.uniform(0.5, 1.5, planted.membership.shape)
        shaken /= shaken.sum(axis=1, keepdims=True)
        draws.append(classify(shaken.argmax(axis=1), shaken, planted.design.weight))
    spread = Spread(tuple(draws), np.arange(planted.design.n))
    wider = dataclasses.replace(planted.basis, spread=spread)
    for before, after in zip(
        compare_types(planted.design, planted.factor, planted.basis),
        compare_types(planted.design, planted.factor, wider),
        strict=True,
    ):
        assert after.corrected.odds_ratio == before.corrected.odds_ratio
        assert after.corrected.lo < before.corrected.lo
        assert after.corrected.p > before.corrected.p
        assert after.naive == before.naive


def test_extra_variance_is_added_on_every_scale() -> None:
    design = make_design(100)
    share, influence = np.array([0.5, 0.2]), np.zeros((100, 2))
    found = compare(design, share, influence, df=1000, extra=np.diag([0.01, 0.0]))
    assert found.difference_hi - found.difference == pytest.approx(1.96 * 0.1, rel=0.01)
    assert np.log(found.hi / found.odds_ratio) == pytest.approx(1.96 * 0.1 / 0.25, rel=0.01)


@pytest.mark.parametrize(
    ("ours", "published", "wanted"),
    [
        ((1.5, 3.0), (2.0, 4.0), ("same direction", "intervals overlap")),
        ((5.0, 9.0), (2.0, 4.0), ("same direction", "larger here")),
        ((0.3, 0.8), (2.0, 4.0), ("opposite direction", "smaller here")),
        ((0.8, 2.5), (2.0, 4.0), ("clear in the literature only", "intervals overlap")),
        ((1.2, 2.5), (0.9, 1.7), ("clear here only", "intervals overlap")),
        ((0.8, 1.3), (0.9, 1.7), ("unclear in both", "intervals overlap")),
        ((1.2, 2.5), (np.nan, np.nan), ("", "")),
        ((np.nan, np.nan), (2.0, 4.0), ("", "")),
    ],
)
def test_agreement_with_the_literature(
    ours: tuple[float, float], published: tuple[float, float], wanted: tuple[str, str]
) -> None:
    assert agreement(*ours, Published(*published, "source")) == wanted


@dataclasses.dataclass
class Shaken:
    """Stands in for discovery: places everybody as before, whomever the types are found on."""

    discovery: object
    asked: list[np.ndarray]

    @property
    def searched(self) -> np.ndarray:
        return np.arange(len(self.discovery.labels))

    def __call__(self, rows: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        self.asked.append(rows)
        return self.discovery.labels, self.discovery.membership


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return make_inputs(900, seed=2)


def test_a_split_sample_tests_on_those_the_types_were_not_found_on(inputs: Inputs) -> None:
    again = Shaken(inputs.discovery, [])
    divided = study(codebook(), split_sample=True)

    def factors(exposures: pd.DataFrame) -> pd.DataFrame:
        changed = inputs._replace(exposures=exposures, study=divided)
        return label_types(*changed, recluster=again).factors

    before = factors(inputs.exposures)
    found_on = inputs.prepared.ids[again.asked[-1]]
    assert 0.3 < len(found_on) / inputs.prepared.n < 0.7
    changed = inputs.exposures.copy()
    changed.loc[found_on, "alone"] = 1.0 - changed.loc[found_on, "alone"]
    after = factors(changed)
    compared = ["odds_ratio", "lo", "hi", "p", "difference"]
    pd.testing.assert_frame_equal(before[compared], after[compared])
    assert not before["exposed_type"].equals(after["exposed_type"])


def test_a_split_sample_needs_the_types_again(inputs: Inputs) -> None:
    with pytest.raises(TypologyError, match="split sample"):
        label_types(*inputs._replace(study=study(codebook(), split_sample=True)))


def test_outcome_models_have_a_row_a_type_and_outcome_with_their_counts(inputs: Inputs) -> None:
    found = label_types(*inputs._replace(study=study(codebook(), adjust_for=("sex", "age"))))
    models = found.outcome_models.set_index("type")
    assert models.index.tolist() == ["T1", "T2", "T3"]
    assert (models["adjusted_for"] == "Sex, Age").all()
    counts = found.outcomes.set_index("type")
    assert (models["base_type"] == counts["base"]).all()
    assert (models["exposed_type"] == counts["count"]).all()
    assert models.loc["T2", "difference_lo"] > 0 > models.loc["T1", "difference_hi"]
    inside = models["difference"].between(models["difference_lo"], models["difference_hi"])
    assert inside.all()
    gap = models["prevalence_type"] - models["prevalence_rest"]
    np.testing.assert_allclose(gap.astype(float), models["difference"].astype(float))


def test_a_factor_is_not_adjusted_for_itself(inputs: Inputs) -> None:
    found = label_types(*inputs._replace(study=study(codebook(), adjust_for=("alone",)))).factors
    adjusted = found.groupby("variable")["odds_ratio_adjusted"].count()
    assert adjusted["alone"] == 0
    assert adjusted["talk"] == 3
