"""The label stage on invented surveys with planted differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from label.factory import Inputs, codebook, make_inputs, study

from typology.label import label_types
from typology.label.features import telling_answers
from typology.label.literature import literature
from typology.results import Labels
from typology.schema.catalogue import Factor
from typology.schema.codebook import Codebook


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return make_inputs(900, seed=2)


@pytest.fixture(scope="module")
def labels(inputs: Inputs) -> Labels:
    return label_types(*inputs)


def test_planted_factors_stand_out_and_the_null_factor_does_not(labels: Labels) -> None:
    wide = labels.factors.pivot(index="type", columns="factor", values="stands_out").astype(bool)
    assert wide.loc["T2", ["loneliness", "family_talk", "low_self_esteem"]].all()
    assert not wide["posting"].any()
    ratio = labels.factors.set_index(["type", "factor"])["odds_ratio"]
    assert ratio["T2", "loneliness"] > 1.5
    assert ratio["T1", "loneliness"] < 1 / 1.5


def test_rest_is_everyone_else(inputs: Inputs, labels: Labels) -> None:
    answered = int(inputs.exposures["alone"].notna().sum())
    rows = labels.factors[labels.factors["variable"] == "alone"]
    assert (rows["base_type"] + rows["base_rest"]).eq(answered).all()


def test_types_are_domains_and_everyone_counts_who_was_set_aside(inputs: Inputs, labels: Labels) -> None:
    rows = labels.prevalence.query("variable == 'online' and category == '1'").set_index("group")
    assert rows.loc["everyone", "base"] == len(inputs.survey.answers)
    groups = rows.drop(index="everyone")["base"].sum()
    assert groups == inputs.prepared.n < len(inputs.survey.answers)


def test_routed_questions_have_the_asked_as_base(inputs: Inputs, labels: Labels) -> None:
    base = labels.prevalence.query("variable == 'sent' and group == 'everyone'")["base"].unique()
    assert base.tolist() == [int((inputs.survey.answers["online"] == 1).sum())]


def test_shares_of_a_variable_add_up_in_every_group(labels: Labels) -> None:
    total = labels.prevalence.groupby(["variable", "group"])[["share", "count"]].sum()
    base = labels.prevalence.groupby(["variable", "group"])["base"].first()
    np.testing.assert_allclose(total["share"], 1.0)
    assert (total["count"] == base).all()


def test_no_p_value_for_clustering_items(labels: Labels) -> None:
    assert not {"p", "q"} & set(labels.prevalence.columns)
    assert not {"online", "sent", "hurt", "chat"} & set(labels.factors["variable"])


def test_numeric_bands_are_open_at_both_ends(labels: Labels) -> None:
    bands = labels.prevalence.query("variable == 'age'")["category_label"].unique()
    assert bands[0].startswith("up to")
    assert bands[-1].endswith("and over")


def test_a_rare_undeclared_answer_is_not_quoted(inputs: Inputs) -> None:
    answers = inputs.survey.answers.astype({"sex": object})
    answers.iloc[0, answers.columns.get_loc("sex")] = "my name is Rosa"
    survey = type(inputs.survey)(
        answers, inputs.survey.missing, inputs.survey.codebook, len(answers), pd.Series(dtype=str)
    )
    found = label_types(survey, *inputs[1:]).prevalence
    assert not found.astype(str).apply(lambda column: column.str.contains("Rosa")).to_numpy().any()
    assert "Other answers" in found.query("variable == 'sex'")["category_label"].to_numpy()


def test_profiles_are_matched_once_each_and_traced(labels: Labels) -> None:
    assert labels.names.loc["T1", "profile"] == "adapted"
    assert labels.names.loc["T2", "profile"] == "lonely"
    assert labels.names.loc["T3", "profile"] == ""
    assert "not described before" in labels.names.loc["T3", "sentence"]
    steps = labels.trace.query("type == 'T2'")
    assert steps.query("step == 'profile matched'")["detail"].item().startswith("Lonely and unheard, score")


def test_names_and_guidance_tell_nothing_that_is_withheld(inputs: Inputs, labels: Labels) -> None:
    """What a reader is not shown in the tables is not told in words either."""
    factor = labels.guidance.query("type == 'T2'")["factor"].iloc[0]
    label = labels.factors.query("factor == @factor")["factor_label"].iloc[0]
    assert label in labels.trace.query("type == 'T2' and step == 'factors more common'")["detail"].item()

    def tell(
        prevalence: pd.DataFrame, factors: pd.DataFrame, outcomes: pd.DataFrame
    ) -> tuple[np.ndarray, np.ndarray]:
        assert len(outcomes) == len(labels.outcomes)
        return np.zeros(len(prevalence), dtype=bool), (factors["factor"] != factor).to_numpy()

    found = label_types(*inputs, tell=tell)
    pd.testing.assert_frame_equal(found.factors, labels.factors)
    words = " ".join([*found.names["sentence"], *found.trace["detail"], *found.names["name"]]).casefold()
    assert label.casefold() not in words
    assert factor not in set(found.guidance["factor"])
    assert found.trace.query("step == 'items more common'")["detail"].eq("none").all()


def test_an_odds_ratio_is_labelled_by_what_it_is_the_odds_of(inputs: Inputs, labels: Labels) -> None:
    known = inputs.study.catalogue.factors
    for row in labels.factors.itertuples():
        assert row.factor_label == (known[row.factor].label if row.factor in known else row.label)


def test_of_ordered_items_only_the_highest_answer_can_describe_a_type() -> None:
    book = Codebook.model_validate({
        "survey": "s",
        "variables": {
            "often": {"label": "Often", "type": "ordinal", "role": "typology",
                      "values": {1: "Never", 2: "Rarely", 3: "Often"}},
            "worded_down": {"label": "Down", "type": "ordinal", "role": "typology", "reverse": True,
                            "values": {1: "Always", 2: "Sometimes", 3: "Never"}},
            "place": {"label": "Place", "type": "nominal", "role": "typology",
                      "values": {1: "Home", 2: "School"}},
            "yes": {"label": "Yes", "type": "binary", "role": "typology", "values": {1: "Yes", 2: "No"}},
        },
    })  # fmt: skip
    rows = [
        (name, str(code), label, name == "yes" and code == 1, group)
        for name, variable in book.variables.items()
        for code, label in variable.values.items()
        for group in ("everyone", "T1")
    ]
    columns = ["variable", "category", "category_label", "endorsed", "group"]
    found = telling_answers(pd.DataFrame(rows, columns=columns).assign(role="typology"), book)
    assert set(zip(found["variable"], found["category_label"], strict=True)) == {
        ("often", "Often"), ("worded_down", "Always"), ("place", "Home"), ("place", "School"), ("yes", "Yes"),
    }  # fmt: skip
    assert (found.groupby(["variable", "category"]).size() == 2).all()


def test_the_design_is_told_in_the_trace(labels: Labels) -> None:
    assert "weights, strata" in labels.trace.query("step == 'design'")["detail"].item()
    plain = label_types(*make_inputs(300, design=False))
    assert "simple random sample" in plain.trace.query("step == 'design'")["detail"].item()


def test_names_are_unique_and_overrides_are_logged(inputs: Inputs) -> None:
    names = {"T1": "Lonely and unheard", "T9": "Nobody"}
    found = label_types(*inputs[:-1], study(codebook(), names=names))
    assert found.names.loc["T1", "name"] == "Lonely and unheard"
    assert found.names["overridden"].tolist() == [True, False, False]
    assert found.names["name"].str.casefold().is_unique
    told = found.trace.query("step == 'name overridden'")["detail"].item()
    assert "'Adapted'" in told
    assert "T9" in found.trace.query("step == 'name not used'")["detail"].item()


def test_guidance_serves_different_audiences_for_factors_that_stand_out(labels: Labels) -> None:
    rows = labels.guidance.query("type == 'T2'")
    assert rows["audience"].is_unique
    assert 2 <= len(rows) <= 3
    high = labels.factors.query("type == 'T2' and stands_out and odds_ratio > 1")["factor"]
    assert set(rows["factor"]) <= set(high)
    assert (rows["source"] != "").all()
    assert labels.guidance.query("type == 'T1'").empty


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_without_types_only_everyone_is_described(verdict: str) -> None:
    found = label_types(*make_inputs(300, verdict=verdict))
    assert found.prevalence["group"].unique().tolist() == ["everyone"]
    assert [len(frame) for frame in (found.names, found.factors, found.outcomes, found.guidance)] == [0] * 4
    assert "stands_out" in found.factors.columns


def test_row_order_changes_nothing(inputs: Inputs, labels: Labels) -> None:
    shuffled = inputs.survey.answers.sample(frac=1, random_state=1)
    survey = type(inputs.survey)(
        shuffled, inputs.survey.missing, inputs.survey.codebook, len(shuffled), pd.Series(dtype=str)
    )
    found = label_types(survey, *inputs[1:])
    pd.testing.assert_frame_equal(found.factors, labels.factors, rtol=1e-9)


def test_relabelled_codes_change_no_number(inputs: Inputs, labels: Labels) -> None:
    book = inputs.survey.codebook.model_dump(by_alias=True, exclude_none=True)
    book["variables"]["alone"] |= {"values": {7: "Yes", 3: "No"}, "positive": 7, "exposed": {"in": [7]}}
    answers = inputs.survey.answers.assign(alone=inputs.survey.answers["alone"].map({1.0: 7.0, 2.0: 3.0}))
    changed = type(inputs.survey.codebook).model_validate(book)
    survey = type(inputs.survey)(answers, inputs.survey.missing, changed, len(answers), pd.Series(dtype=str))
    found = label_types(survey, *inputs[1:-1], study(changed))
    columns = ["count", "base", "share", "lo", "hi"]
    one, other = (each.prevalence.query("variable == 'alone'")[columns] for each in (found, labels))
    pd.testing.assert_frame_equal(one, other)


def test_adjustment_by_covariates_uses_them(inputs: Inputs) -> None:
    found = label_types(*inputs[:-1], study(codebook(), adjust_for=("sex", "country"))).factors
    ratio, adjusted = found["odds_ratio"], found["odds_ratio_adjusted"]
    assert adjusted.notna().all()
    np.testing.assert_allclose(adjusted, ratio, rtol=0.15)
    assert not np.allclose(adjusted, ratio, rtol=1e-6)


def test_nothing_is_found_where_nothing_is_planted() -> None:
    """At a 5% false discovery rate at most one run in twenty should report any factor."""
    hits = 0
    for seed in range(40):
        inputs = make_inputs(400, seed=seed, effect=0.0, set_aside=0)
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(inputs.discovery.labels))
        mixed = {name: getattr(inputs.discovery, name)[order] for name in ("labels", "membership")}
        discovery = type(inputs.discovery)(**{**vars(inputs.discovery), **mixed})
        factors = label_types(*inputs[:4], discovery, *inputs[5:]).factors
        hits += bool((factors["q"] < 0.05).any())
    assert hits <= 6


def test_the_literature_range_spans_odds_ratios_only(inputs: Inputs) -> None:
    factors = inputs.study.catalogue.factors
    found = literature(factors["loneliness"])
    assert (found.lo, found.hi) == (1.5, 4.0)
    assert found.source == "Study A 2007; Study B 2011"
    assert np.isnan(literature(factors["posting"]).lo)
    assert literature(None).source == ""
    assert isinstance(factors["posting"], Factor)
