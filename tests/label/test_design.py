"""Design-based estimates: published numbers, agreement with svy, and what must not change them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st
from label.oracle import svy_sample

from typology.errors import TypologyError
from typology.label.design import (
    contrast,
    domain_means,
    logit_interval,
    make_design,
    shares,
)


@pytest.fixture
def awkward() -> dict[str, np.ndarray]:
    """Six strata, two of them with a single PSU; missing answers; a domain."""
    rng = np.random.default_rng(1)
    n = 400
    stratum, psu = rng.integers(0, 6, n), rng.integers(0, 4, n)
    psu[stratum == 5], psu[stratum == 4] = 0, 3
    y = (rng.random(n) < 0.3).astype(float)
    y[rng.random(n) < 0.1] = np.nan
    return {
        "stratum": stratum,
        "psu": psu,
        "w": rng.uniform(0.5, 3, n),
        "y": y,
        "domain": rng.random(n) < 0.4,
    }


def design_of(data: dict[str, np.ndarray], *, scale: float = 1.0, order: np.ndarray | None = None):
    rows = np.arange(len(data["w"])) if order is None else order
    return make_design(
        len(rows), weight=pd.Series(data["w"][rows] * scale), stratum=pd.Series(data["stratum"][rows]),
        psu=pd.Series(data["psu"][rows]),
    )  # fmt: skip


@pytest.mark.realdata
@pytest.mark.parametrize(("fpc", "se"), [(True, 23.542), (False, 23.779)])
def test_cluster_sample_of_schools_as_published(realdata: Path, fpc: bool, se: float) -> None:
    schools = pd.read_csv(realdata / "survey_api" / "apiclus1.csv")
    design = make_design(
        len(schools),
        weight=schools["pw"],
        psu=schools["dnum"],
        population_psus=schools["fpc"] if fpc else None,
    )
    mean, error = domain_means(
        design, schools["api00"].to_numpy(float), np.ones((len(schools), 1), dtype=bool)
    )
    assert mean[0] == pytest.approx(644.17, abs=0.005)
    assert error[0] == pytest.approx(se, abs=0.0005)


@pytest.mark.realdata
def test_stratified_sample_of_schools_as_published(realdata: Path) -> None:
    schools = pd.read_csv(realdata / "survey_api" / "apistrat.csv")
    design = make_design(
        len(schools), weight=schools["pw"], stratum=schools["stype"], population_psus=schools["fpc"]
    )
    mean, error = domain_means(
        design, schools["api00"].to_numpy(float), np.ones((len(schools), 1), dtype=bool)
    )
    assert mean[0] == pytest.approx(662.29, abs=0.005)
    assert error[0] == pytest.approx(9.4089, abs=0.00005)


def test_domain_shares_and_intervals_equal_svy(awkward: dict[str, np.ndarray]) -> None:
    design, domain = design_of(awkward), awkward["domain"]
    found = shares(design, awkward["y"], np.column_stack([~domain, domain]))
    sample = svy_sample(design, {"y": awkward["y"], "d": domain.astype(float)})
    oracle = sample.estimation.prop("y", by="d", drop_nulls=True).to_polars().to_pandas()
    oracle = oracle[oracle["y"] == 1.0].sort_values("d")
    for ours, theirs in [(found.share, "est"), (found.se, "se"), (found.lo, "lci"), (found.hi, "uci")]:
        np.testing.assert_allclose(ours, oracle[theirs], rtol=1e-9)
    assert found.base.tolist() == oracle["n"].tolist()


def test_odds_ratio_and_difference_equal_svy(awkward: dict[str, np.ndarray]) -> None:
    design, domain = design_of(awkward), awkward["domain"]
    found = shares(design, awkward["y"], np.column_stack([domain, ~domain]))
    ours = contrast(design, found, first=0, second=1, df=design.degrees_of_freedom(np.isfinite(awkward["y"])))
    sample = svy_sample(design, {"y": awkward["y"], "d": domain.astype(float)})
    model = (
        sample.glm.fit(y="y", x=["d"], family="binomial").to_polars().to_pandas().set_index("term").loc["d"]
    )
    logs = np.log([ours.odds_ratio, ours.lo, ours.hi])
    np.testing.assert_allclose(logs, model[["estimate", "conf_low", "conf_high"]].astype(float), rtol=1e-6)
    assert ours.p == pytest.approx(model["p_value"], rel=1e-6)
    means = sample.estimation.mean("y", by="d", drop_nulls=True)
    gap = means.contrast(svy.estd(1.0) - svy.estd(0.0)).to_polars().to_pandas().iloc[0]
    np.testing.assert_allclose(
        [ours.difference, ours.difference_lo, ours.difference_hi],
        gap[["est", "lci", "uci"]].astype(float),
        rtol=1e-9,
    )


def test_a_domain_is_not_a_subset(awkward: dict[str, np.ndarray]) -> None:
    """Cutting the domain out forgets the PSUs without members, and gives another standard error."""
    design, domain = design_of(awkward), awkward["domain"] & (awkward["psu"] >= 2)
    _, right = domain_means(design, awkward["y"], domain[:, None])
    rows = np.flatnonzero(domain)
    cut = design_of(awkward, order=rows)
    _, wrong = domain_means(cut, awkward["y"][rows], np.ones((len(rows), 1), dtype=bool))
    assert right[0] != pytest.approx(wrong[0], rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(1e-4, 1e6), seed=st.integers(0, 2**16))
def test_weight_scale_and_row_order_change_nothing(scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 120
    data = {
        "w": rng.uniform(0.2, 4, n), "stratum": rng.integers(0, 3, n), "psu": rng.integers(0, 5, n),
        "y": (rng.random(n) < 0.4).astype(float), "domain": rng.random(n) < 0.5,
    }  # fmt: skip
    order = rng.permutation(n)

    def estimates(design, rows: np.ndarray) -> list[float]:
        inside = np.column_stack([data["domain"][rows], ~data["domain"][rows]])
        found = shares(design, data["y"][rows], inside)
        both = contrast(design, found, first=0, second=1, df=12)
        return [*found.share, *found.se, *found.lo, *found.hi, both.odds_ratio, both.lo, both.hi, both.p]

    plain = estimates(design_of(data), np.arange(n))
    np.testing.assert_allclose(estimates(design_of(data, scale=scale, order=order), order), plain, rtol=1e-7)


def test_without_design_columns_it_is_a_simple_random_sample_and_says_so() -> None:
    y = np.array([1.0] * 30 + [0.0] * 70)
    design = make_design(100)
    found = shares(design, y, np.ones((100, 1), dtype=bool))
    assert found.se[0] == pytest.approx(np.sqrt(0.3 * 0.7 / 99))
    assert "simple random sample" in design.note


def test_nobody_exposed_is_not_estimable_and_does_not_crash() -> None:
    y = np.array([0.0] * 20 + [1.0] * 10 + [0.0] * 20)
    first = np.arange(50) < 20
    design = make_design(50)
    found = shares(design, y, np.column_stack([first, ~first]))
    both = contrast(design, found, first=0, second=1, df=49)
    assert np.isnan([both.odds_ratio, both.lo, both.hi, both.p]).all()
    assert both.difference == pytest.approx(-1 / 3)
    assert np.isnan(found.lo[0])


def test_logit_interval_is_inside_zero_and_one() -> None:
    lo, hi = logit_interval(np.array([0.02]), np.array([0.03]), 20)
    assert 0 < lo[0] < 0.02 < hi[0] < 1


@pytest.mark.parametrize("bad", [[1.0, -1.0], [0.0, 0.0], [1.0, np.nan]])
def test_impossible_weights_are_refused(bad: list[float]) -> None:
    with pytest.raises(TypologyError, match="weights"):
        make_design(2, weight=pd.Series(bad))


def test_a_missing_stratum_is_refused() -> None:
    with pytest.raises(TypologyError, match="no stratum"):
        make_design(2, stratum=pd.Series(["a", None]))
