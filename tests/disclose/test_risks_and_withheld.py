"""Risk tables go with their outcome; what sizes would tell is withheld; few set aside are counted in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from disclose.test_suppress import FEW_ASIDE, LARGE, NOBODY_ASIDE, flow, prevalence, safe, table

from typology.disclose import protect, suppress, suppress_answers
from typology.disclose.attack_sizes import Sizes, SizeTold
from typology.disclose.rounding import _ESTIMATES
from typology.evidence.sensitivity import COMPLETE, IMPUTED
from typology.results import ReleaseTable

# all of everyone's answers to x are hidden in turn, those to y are shown
FEW = {"T1": [4, 300, 400], "T2": [4, 200, 300]}


def models(*outcomes: str, base: float = 1208.0) -> ReleaseTable:
    told = dict.fromkeys(_ESTIMATES["risk_models"], 0.7)
    rows = {"outcome": outcomes, "variant": "all", "events": 60.0, "base": base, **told}
    return table("risk_models", rows, ["outcome", "variant"], counts=(("events", "base"),))


def dose(*outcomes: str) -> ReleaseTable:
    rows = [
        {"outcome": outcome, "band": band, "events": 100.0, "base": 400.0, "share": 0.25}
        for outcome in outcomes
        for band in "abc"
    ]
    more = dict.fromkeys(["odds_ratio", "ratio_lo", "ratio_hi", "lo", "hi"], 1.0)
    return table(
        "risk_dose", pd.DataFrame(rows).assign(**more), ["outcome", "band"], counts=(("events", "base"),)
    )


def answers(counts: dict[str, dict[str, list[int]]]) -> ReleaseTable:
    """Prevalences that say of hidden rows, too, whether they are the endorsed answer."""
    made = prevalence(counts)
    return ReleaseTable(made.name, made.title, made.frame, (*made.keys, "endorsed"))


def test_risk_tables_are_hidden_with_the_outcome_whose_number_is() -> None:
    told = safe(answers({"x": FEW, "y": LARGE}), models("y", "x"), dose("y", "x"))
    everyone = told["prevalence"].query("group == 'everyone' and category == '1'").set_index("variable")
    assert everyone["suppressed"].tolist() == ["threshold", ""]
    for name in ("risk_models", "risk_dose"):
        frame = told[name]
        hidden = frame["outcome"].eq("x")
        assert frame["suppressed"].eq("threshold").tolist() == hidden.tolist()
        assert frame["events"].isna().tolist() == hidden.tolist()
        assert frame["outcome"].isin(["x", "y"]).all()


def test_risk_tables_stay_where_another_answer_or_a_type_is_hidden() -> None:
    # of x the second answer is few in all, the first is few in one type
    rare = {"T1": [900, 4, 40, 400], "T2": [900, 4, 50, 300]}
    small = {"T1": [4, 300, 400], "T2": [300, 200, 300]}
    told = safe(answers({"x": rare, "y": small}), models("x", "y"))
    hidden = told["prevalence"].set_index(["variable", "category", "group"])["suppressed"]
    assert hidden["x", "2", "everyone"] == hidden["y", "1", "T1"] == "threshold"
    assert hidden["x", "1", "everyone"] == hidden["y", "1", "everyone"] == ""
    assert told["risk_models"]["suppressed"].tolist() == ["", ""]


def test_an_outcome_of_several_answers_is_hidden_with_any_of_them() -> None:
    rare = answers({"x": {"T1": [900, 4, 40, 400], "T2": [900, 4, 50, 300]}, "y": LARGE})
    none = rare.frame.assign(endorsed=False)
    told = safe(ReleaseTable(rare.name, rare.title, none, rare.keys), models("x", "y"))
    assert told["risk_models"]["suppressed"].tolist() == ["threshold", ""]


def test_risk_tables_without_prevalences_are_like_any_other() -> None:
    assert safe(models("x"))["risk_models"]["suppressed"].tolist() == [""]


@pytest.mark.parametrize(("base", "told"), [(154, 155), (146, 155), (145, 145), (136, 145), (135, 135)])
def test_those_without_an_answer_are_left_out_of_the_base_of_models_in_whole_tens(
    base: int, told: int
) -> None:
    assert safe(flow(**FEW_ASIDE), models("x", base=base))["risk_models"]["base"].tolist() == [told]


def test_everyones_number_is_that_of_each_model_whoever_is_set_aside() -> None:
    three = {"read": 153, "respondents": 153, "set_aside__twice": 3, "clustered": 150, "unassigned": 0}
    made = models("x", "y", base=149)
    cut = ReleaseTable(made.name, made.title, made.frame.set_axis([7, 8], axis=0), made.keys, made.counts)
    assert safe(flow(**three), cut)["risk_models"]["base"].tolist() == [153, 153]


def test_estimates_and_shares_are_rounded_by_the_name_of_their_table() -> None:
    made = models("x")
    exact = ReleaseTable(made.name, made.title, made.frame.assign(auc=0.71234), made.keys, made.counts)
    assert safe(exact)["risk_models"]["auc"].tolist() == [0.71]
    rows = {"band": ["a", "b"], "n": [64, 86], "base": 150, "share": [64 / 150, 86 / 150]}
    severity = table("severity", rows, ["band"], counts=(("n", "base"),))
    assert safe(severity)["severity"]["share"].tolist() == [0.43, 0.57]


def test_without_a_flow_the_base_of_models_is_rounded() -> None:
    assert safe(models("x", base=154))["risk_models"]["base"].tolist() == [150]


def analyses(n: tuple[int, int], base: int) -> ReleaseTable:
    rows = {"analysis": [COMPLETE, IMPUTED], "n": n, "base": base}
    return table("sensitivity", rows, ["analysis"], counts=(("n", "base"),))


def test_those_set_aside_are_among_those_with_imputed_answers() -> None:
    told = safe(flow(**FEW_ASIDE), analyses((84, 61), 150))["sensitivity"]
    assert told["n"].tolist() == [80, 70]  # 84, and 61 with the five
    assert told["base"].tolist() == [160, 160]
    open_ = safe(flow(**NOBODY_ASIDE), analyses((84, 61), 150))["sensitivity"]
    assert open_["n"].tolist() == [80, 60]
    sampled = safe(flow(**FEW_ASIDE), analyses((44, 61), 94))["sensitivity"]
    assert sampled["n"].tolist() == [40, 60]
    assert sampled["base"].tolist() == [90, 90]


def test_only_the_analyses_of_missing_answers_count_them_there() -> None:
    rows = {"analysis": [COMPLETE, IMPUTED], "band": ["a", "b"], "n": [64, 91], "base": 150, "share": 0.5}
    severity = table("severity", rows, ["analysis"], counts=(("n", "base"),))
    told = safe(flow(**FEW_ASIDE), severity)["severity"]
    assert told["n"].tolist() == [70, 90]  # 66.1 and 94.0, as of parts of 155


def test_models_are_of_nobody_more_where_nobody_is_set_aside() -> None:
    rows = {"classes": [2], "log_likelihood": [-1000.0], "parameters": [2000], "smallest_share": [0.3],
            "bic": [2000 + 2000 * np.log(150)]}  # fmt: skip
    told = safe(flow(**NOBODY_ASIDE), table("latent_classes", rows, ["classes"]))["latent_classes"]
    assert told["bic"].tolist() == [round(2000 + 2000 * np.log(150))]


def test_missing_answers_have_no_other_columns_than_before() -> None:
    rows = {"variable": "a", "kind": ["answered", "refused"], "n": [453, 47], "base": 500, "share": 0.5}
    told = safe(table("missingness", rows, ["variable", "kind"]))["missingness"]
    assert list(told) == ["variable", "kind", "n", "base", "share", "suppressed"]
    assert told.index.tolist() == [0, 1]


UNASSIGNED = {"read": 1424, "set_aside__twice": 20, "respondents": 1404, "clustered": 1404, "unassigned": 20}


def sizes() -> ReleaseTable:
    rows = {"id": ["T1", "T2"], "n": [704, 680], "base": 1404, "share": [704 / 1404, 680 / 1404]}
    return table("types", rows, ["id"])


def with_unassigned() -> ReleaseTable:
    few = {"T1": [204, 300, 200], "T2": [200, 280, 200], "unassigned": [0, 10, 10]}
    return prevalence({"x": few})


@pytest.fixture
def attacked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the last attack on sizes is told; it says that the unassigned are known."""
    asked: list[dict[str, Any]] = []

    def leaks(tables: dict[str, pd.DataFrame], **given: Any) -> tuple[list[SizeTold], Sizes]:
        asked.append({"tables": tables, **given})
        return [SizeTold("unassigned", (20.0, 21.0))], Sizes({})

    monkeypatch.setattr(suppress, "size_leaks", leaks)
    return asked


def test_what_sizes_tell_nevertheless_is_withheld(attacked: list[dict[str, Any]]) -> None:
    told = safe(flow(**UNASSIGNED), sizes(), with_unassigned())
    shown = told["participation"].set_index("step")["suppressed"]
    assert shown["clustered"] == shown["unassigned"] == shown["set aside: twice"] == "threshold"
    assert shown["read"] == shown["respondents"] == ""
    assert told["types"]["n"].tolist() == [700, 680]
    shares = told["prevalence"]
    assert shares.loc[shares["group"] == "unassigned", "count"].isna().all()
    assert len(attacked) == 1
    before = attacked[0]["tables"]["participation"].set_index("step")["n"]
    assert before["unassigned"] == 20
    assert attacked[0]["threshold"] == 10


def test_what_sizes_do_not_tell_is_shown() -> None:
    told = safe(flow(**UNASSIGNED), sizes(), with_unassigned())
    assert told["participation"]["suppressed"].eq("").all()
    shares = told["prevalence"]
    assert shares.loc[shares["group"] == "unassigned", "count"].notna().any()


@pytest.mark.parametrize("weighted", [False, True])
def test_sizes_are_attacked_with_shares_for_what_they_are(
    attacked: list[dict[str, Any]], weighted: bool
) -> None:
    given = with_unassigned()
    frame = given.frame
    shares = frame["share"] * (1.01 if weighted else 1.0)
    made = ReleaseTable(given.name, given.title, frame.assign(share=shares), given.keys)
    protect([flow(**UNASSIGNED), sizes(), made], threshold=10)
    assert [each["weighted"] for each in attacked] == [weighted]


def shares_of(*given: ReleaseTable) -> list[float]:
    counts = {"T1": [36, 60], "T2": [24, 30]}
    told = safe(*given, prevalence({"x": counts}))["prevalence"]
    return told.set_index(["group", "category"]).loc[["T1", "T2"], "share"].tolist()


def few_types(*n: int) -> ReleaseTable:
    rows = {"id": [f"T{k + 1}" for k in range(len(n))], "n": n, "base": sum(n), "share": np.divide(n, sum(n))}
    return table("types", rows, ["id"])


def test_shares_of_types_are_those_of_rounded_counts_where_any_size_is_withheld() -> None:
    own = [0.38, 0.62, 0.44, 0.56]
    rounded = [0.40, 0.60, 0.40, 0.60]  # 40 and 60 of 100, 20 and 30 of 50
    assert shares_of() == shares_of(flow(**NOBODY_ASIDE), few_types(96, 54)) == own
    assert shares_of(flow(**FEW_ASIDE)) == rounded
    assert shares_of(few_types(96, 54, 6)) == rounded
    assert shares_of(flow(**FEW_ASIDE), few_types(96, 54)) == rounded


@pytest.mark.parametrize("weighted", [False, True])
def test_answers_are_attacked_with_shares_for_what_they_are(
    monkeypatch: pytest.MonkeyPatch, weighted: bool
) -> None:
    asked: list[dict[str, Any]] = []

    def leaks(tables: dict[str, pd.DataFrame], **given: Any) -> tuple[list[SizeTold], Sizes]:
        asked.append(given)
        return [], Sizes({})

    monkeypatch.setattr(suppress_answers, "size_leaks", leaks)
    given = prevalence({"x": LARGE})
    frame = given.frame.assign(share=given.frame["share"] * (1.01 if weighted else 1.0))
    protect([ReleaseTable(given.name, given.title, frame, given.keys)], threshold=10)
    # one more than half the threshold: other tables narrow what is known
    assert asked == [{"threshold": 10, "weighted": weighted, "least": 6}]
