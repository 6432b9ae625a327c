"""The risk analysis: planted effects come out, too few events are refused, nobody is scored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from label.oracle import svy_sample

from tests.label.factory import YES_NO
from typology.disclose import protect
from typology.label.resampling import replicate_weight
from typology.label.risk import Risk, risk_analysis, risk_groups
from typology.label.risk_data import Sample
from typology.label.risk_model import fit_model
from typology.label.sampling import make_design
from typology.pipeline.risk_tables import risk_tables
from typology.resources import configs_dir
from typology.results import Survey
from typology.schema.codebook import Codebook
from typology.schema.load import load_study
from typology.schema.study import RiskOptions, Study
from typology.survey.exposure import exposures
from typology.survey.read import read_survey
from typology.survey.scales import score_scales

EFFECTS = {"first": 1.1, "second": 0.7, "null_a": 0.0, "null_b": 0.0, "protects": -0.8}


def study_of(codebook: Codebook, **risk: Any) -> Study:
    demo = load_study(configs_dir() / "demo.yaml")
    return replace(
        demo, codebook=codebook, config=demo.config.model_copy(update={"risk": RiskOptions(**risk)})
    )


def made(n: int, *, base: float = -1.2, seed: int = 3, psus: int = 0) -> tuple[Survey, pd.DataFrame]:
    """A survey whose outcome follows a logistic model of five characteristics; some answers are missing."""
    rng = np.random.default_rng(seed)
    about: dict[str, Any] = {"rid": {"label": "Respondent", "type": "nominal", "role": "id"}}
    for name in EFFECTS:
        about[name] = {"label": name, "type": "binary", "role": "risk", "values": YES_NO, "positive": 1,
                       "factor": name, "exposed": {"in": [1]}}  # fmt: skip
    about["targeted"] = {
        "label": "Was targeted",
        "type": "binary",
        "role": "outcome",
        "values": YES_NO,
        "positive": 1,
    }
    about["cluster"] = {"label": "School", "type": "nominal", "role": "psu" if psus else "ignore"}
    x = (rng.random((n, len(EFFECTS))) < 0.35).astype(float)
    school = rng.integers(0, psus or 1, size=n)
    drift = rng.normal(0, 0.4, size=psus or 1)[school] if psus else 0.0
    risk = 1 / (1 + np.exp(-(base + x @ np.array(list(EFFECTS.values())) + drift)))
    answers = pd.DataFrame(np.where(x == 1, 1.0, 2.0), columns=list(EFFECTS))
    answers = answers.mask(rng.random(x.shape) < 0.04)
    answers["targeted"] = np.where(rng.random(n) < risk, 1.0, 2.0)
    answers["cluster"] = school
    answers.index = pd.Index([f"r{i:05d}" for i in range(n)])
    answers["rid"] = answers.index
    book = Codebook.model_validate({"survey": "made", "variables": about})
    survey = Survey(answers, answers.isna().astype(str), book, n, pd.Series(dtype=str))
    exposed = (answers[list(EFFECTS)] == 1).astype(float).where(answers[list(EFFECTS)].notna())
    return survey, exposed


def analysed(survey: Survey, exposed: pd.DataFrame, **risk: Any) -> Risk:
    return risk_analysis(
        survey, pd.DataFrame(index=survey.answers.index), exposed, study_of(survey.codebook, **risk)
    )


def test_planted_effects_come_out_with_their_size() -> None:
    survey, exposed = made(4000)
    found = analysed(survey, exposed)
    assert list(found.models["status"]) == ["plain"]
    rows = found.predictors.set_index("predictor")
    for name, effect in EFFECTS.items():
        assert rows.loc[name, "adjusted_lo"] < np.exp(effect) < rows.loc[name, "adjusted_hi"], name
    assert rows.loc[["first", "second", "protects"], "kept"].min() > 0.95
    assert rows.loc[["null_a", "null_b"], "kept"].max() < 0.6
    model = found.models.iloc[0]
    assert 0.85 < model["slope"] < 1.15
    assert abs(model["intercept"]) < 0.1


def test_few_respondents_shrink_and_very_few_are_refused() -> None:
    shrunk = analysed(*made(300, base=-2.2))
    assert list(shrunk.models["status"]) == ["penalised"]
    refused = analysed(*made(160, base=-3.4))
    assert list(refused.models["status"]) == ["refused"]
    assert refused.models["auc"].isna().all()
    assert refused.predictors["adjusted"].isna().all()
    assert refused.predictors["odds_ratio"].notna().any()
    assert refused.calibration.empty


def test_adjusted_odds_ratios_are_those_of_svy() -> None:
    rng = np.random.default_rng(4)
    n = 1500
    x = (rng.random((n, 3)) < 0.4).astype(float)
    y = (rng.random(n) < 1 / (1 + np.exp(1 - x @ np.array([1.0, 0.5, 0.0])))).astype(float)
    design = make_design(
        n, weight=pd.Series(rng.random(n) + 0.3), stratum=pd.Series(rng.integers(0, 4, n)),
        psu=pd.Series(rng.integers(0, 15, n)),
    )  # fmt: skip
    sample = Sample(np.ones(n, dtype=bool), x, y, design.weight, ("a", "b", "c"), {})
    model = fit_model(sample, design, seed=1)
    assert model.status == "plain"
    columns = {"y": y, **{name: x[:, i] for i, name in enumerate("abc")}}
    fitted = svy_sample(design, columns).glm.fit(y="y", x=["a", "b", "c"], family="binomial")
    oracle = fitted.to_polars().to_pandas().set_index("term")
    for name, ratio in zip("abc", model.ratios, strict=True):
        expected = np.exp(oracle.loc[name, ["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float))
        assert (ratio.value, ratio.lo, ratio.hi) == pytest.approx(tuple(expected), rel=2e-3)


def test_folds_keep_sampling_units_whole() -> None:
    from typology.label.risk_model import _folds

    survey, exposed = made(600, psus=24)
    school = survey.answers["cluster"].to_numpy()
    design = make_design(len(school), psu=pd.Series(school))
    happened = survey.answers["targeted"].eq(1).to_numpy(dtype=float)
    inside = np.ones(len(school), dtype=bool)
    sample = Sample(inside, exposed.fillna(0).to_numpy(), happened, design.weight, (), {})
    for train, test in _folds(sample, design, seed=1):
        assert not set(school[train]) & set(school[test])
    weight = replicate_weight(design, np.random.default_rng(0))
    assert pd.Series(weight).groupby(school).nunique().max() == 1


def test_groups_of_the_calibration_hold_enough_with_and_without_the_outcome() -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(-3, 1, size=1000)
    happened = (rng.random(1000) < 1 / (1 + np.exp(-odds))).astype(float)
    group = risk_groups(odds, happened, threshold=10)
    counts = pd.crosstab(group, happened)
    assert counts.to_numpy().min() >= 10
    assert len(counts) > 2
    assert pd.Series(odds).groupby(group).mean().is_monotonic_increasing


def test_nothing_small_is_released_and_nothing_is_about_a_respondent() -> None:
    survey, exposed = made(400, base=-2.5)
    found = analysed(survey, exposed)
    tables, _ = protect(risk_tables(found), threshold=10)
    for table in tables:
        assert len(table.frame) < 50
        shown = table.frame[table.frame["suppressed"] == ""]
        for numerator, base in table.counts:
            assert numerator is not None
            assert (shown[numerator] >= 10).all(), table.name
            assert (shown[base] - shown[numerator] >= 10).all(), table.name
            assert (shown[[numerator, base]] % 10 == 0).all(axis=None), table.name
    assert not [name for name in vars(found) if name in ("odds", "risk", "score")]


@pytest.fixture(scope="module")
def demo() -> Risk:
    study = load_study(configs_dir() / "demo.yaml")
    survey = read_survey(study)
    scores = score_scales(survey)
    return risk_analysis(survey, scores, exposures(survey, scores), study)


def test_the_demo_shows_its_planted_factors_and_refuses_the_rare_outcome(demo: Risk) -> None:
    assert dict(zip(demo.models["outcome"], demo.models["status"], strict=True)) == {
        "sol_sexual": "penalised", "met_adult": "refused",
    }  # fmt: skip
    rows = demo.predictors[demo.predictors["outcome"] == "sol_sexual"].set_index("predictor")
    planted = ["talked_sex", "posted_revealing", "asked_sexual", "met_several_ways", "abuse_offline",
               "maltreated", "special_education", "sexual_identity", "fam_talk"]  # fmt: skip
    assert (rows.loc[planted, "adjusted"] > 1.3).all()
    assert (rows.loc[planted, "adjusted_lo"] > 1).all()
    for name in ("info_posted", "info_sent"):
        assert rows.loc[name, "adjusted_lo"] < 1 < rows.loc[name, "adjusted_hi"]
    model = demo.models.set_index("outcome").loc["sol_sexual"]
    assert 0.8 < model["slope"] < 1.2
    assert 0.7 < model["auc"] < 0.85


def test_the_demo_shows_dose_and_response_beside_the_literature(demo: Risk) -> None:
    rows = demo.dose[demo.dose["outcome"] == "sol_sexual"].set_index("band")
    assert rows.loc["4 or more", "ratio_lo"] > 1
    assert rows.loc["4 or more", "share"] > rows.loc["at most one", "share"]
    assert list(rows["literature"])[1:] == [2.4, 4.2, 6.4]
    assert (demo.models["trend_lo"] > 1).all()


def test_faults_of_the_study_file_are_told_at_once(tmp_path: Any) -> None:
    from typology.errors import InputFaults

    text = (configs_dir() / "demo.yaml").read_text(encoding="utf-8")
    start = text.index("risk:")
    (tmp_path / "codebooks").mkdir()
    (tmp_path / "codebooks" / "isec.yaml").write_bytes(
        (configs_dir() / "codebooks" / "isec.yaml").read_bytes()
    )
    path = tmp_path / "demo.yaml"
    wrong = "risk:\n  outcome: [sol_sexul, onl_rooms]\n  predictors: [rude_comments, weight]\n"
    path.write_text(text[:start] + wrong, encoding="utf-8")
    with pytest.raises(InputFaults) as told:
        load_study(path)
    assert [fault.value for fault in told.value.faults] == ["sol_sexul", "onl_rooms", "weight"]
    assert "sol_sexual" in str(told.value.faults[0])
