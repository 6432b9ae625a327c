"""Each table of a release is protected by the rule that is meant for it, and comes back in its own place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from disclose.test_suppress import (
    ANSWER_KEYS,
    FEW_ASIDE,
    LARGE,
    NOBODY_ASIDE,
    factors,
    flow,
    prevalence,
    replication,
    safe,
    table,
)

from typology.disclose import protect
from typology.disclose.rules import RULE
from typology.errors import DisclosureError
from typology.results import ReleaseTable


def sizes(*n: int, base: int) -> ReleaseTable:
    share = [each / base for each in n]
    rows = {"id": [f"T{k + 1}" for k in range(len(n))], "n": n, "base": base, "share": share}
    # rows of a table that was cut out of another one keep the numbers they had there
    return table("types", pd.DataFrame(rows, index=np.arange(len(n)) + 7), ["id"])


def test_a_small_type_is_hidden_with_one_that_covers_for_it() -> None:
    told = safe(sizes(100, 40, 6, base=146))["types"]
    assert list(told) == ["id", "n", "base", "share", "suppressed"]
    assert told["id"].tolist() == ["T1", "T2", "T3"]
    assert told["suppressed"].tolist() == ["", RULE, RULE]
    assert told.loc[1:, ["n", "base", "share"]].isna().all(axis=None)
    assert safe(sizes(100, 40, 16, base=156))["types"]["suppressed"].eq("").all()


def test_sizes_of_types_are_rounded_where_the_flow_hides_a_number_and_nowhere_else() -> None:
    large = sizes(83, 64, base=150)
    few = {**NOBODY_ASIDE, "unassigned": 3}
    rounded = safe(flow(**few), large)
    assert rounded["types"]["n"].tolist() == [80, 60]
    hidden = rounded["participation"].set_index("step")["suppressed"]
    assert hidden["unassigned"] == RULE
    assert hidden["read"] == hidden["respondents"] == ""
    many = {"read": 167, "respondents": 167, "clustered": 167, "unassigned": 20}
    open_ = safe(flow(**many), sizes(83, 64, base=167))
    assert open_["types"]["n"].tolist() == [83, 64]
    assert open_["participation"]["n"].tolist() == [167, 167, 167, 20]
    assert open_["participation"]["suppressed"].eq("").all()


def test_reasons_of_few_missing_answers_are_left_out_and_the_others_rounded() -> None:
    rows = {"variable": "a", "kind": ["answered", "refused", "not sure"], "n": [453, 43, 4], "base": 500,
            "share": [0.906, 0.086, 0.008]}  # fmt: skip
    told = safe(table("missingness", rows, ["variable", "kind"]))["missingness"].set_index("kind")
    assert told["suppressed"].to_dict() == {"answered": "", "refused": ""}
    assert told["n"].to_dict() == {"answered": 460, "refused": 40}
    # a table that is not called so is one like any other
    other = safe(table("quality", rows, ["variable", "kind"]))["quality"]
    assert other["n"].tolist() == [453, 43, 4]


def test_questions_that_few_of_a_group_answered_are_left_out_of_missing_answers_by_group() -> None:
    rows = {"variable": "a", "group": ["UK", "UK", "Malta", "Malta"], "kind": ["answered", "refused"] * 2,
            "n": [320, 23, 5, 32], "base": [343, 343, 37, 37], "share": 0.5}  # fmt: skip
    told = safe(table("missingness_groups", rows, ["variable", "group", "kind"]))["missingness_groups"]
    assert told["suppressed"].tolist() == ["", ""]
    assert told["group"].tolist() == ["UK", "UK"]
    assert told["n"].iloc[1] == 20


def test_a_table_is_hidden_by_the_rule_and_by_what_it_says_itself() -> None:
    rows = {
        "type": ["T1", "T2", "T3"],
        "count": [50, 60, 4],
        "base": [150] * 3,
        "_hidden": [True, False, False],
    }
    told = safe(table("crosswalk", rows, ["type"], counts=(("count", "base"),)))["crosswalk"]
    assert told["suppressed"].tolist() == [RULE, "", RULE]


def test_differences_in_measurement_are_rounded_by_their_own_rule() -> None:
    rows = {"item": ["a", "b"], "group": "UK", "count": [64, 4], "base": [153, 153], "observed": 0.4567,
            "expected": 0.3333, "size": 0.1234, "ratio": 12.345, "p": 0.00123, "q": 0.01234}  # fmt: skip
    made = table("measurement_differences", rows, ["item", "group"], counts=(("count", "base"),))
    told = safe(made)["measurement_differences"]
    assert told.loc[0, ["count", "base", "observed", "expected", "size", "ratio", "p", "q"]].tolist() == [
        60, 150, 0.46, 0.33, 0.12, 12.0, 0.0012, 0.012,
    ]  # fmt: skip
    assert told["suppressed"].tolist() == ["", RULE]


def test_replication_without_prevalences_is_rounded_and_hidden_row_by_row() -> None:
    told = safe(replication({("T1", "UK"): (64, 253), ("T2", "UK"): (4, 253)}))["replication"]
    assert told["suppressed"].tolist() == ["", RULE]
    assert told["n"].iloc[0] == 60
    assert told["base"].iloc[0] == 250


def test_samples_of_the_clustered_are_told_by_a_base_below_theirs() -> None:
    """150 clustered, five set aside: an analysis of 149 is of a sample, one of 150 of all of them."""
    keys = {"keys": ["analysis"], "counts": (("n", "base"),)}
    for base, shown in ((149, 150), (150, 160)):
        rows = {"analysis": ["a"], "n": [60], "base": [base]}
        told = safe(flow(**FEW_ASIDE), table("sensitivity", rows, **keys))["sensitivity"]
        assert told["base"].tolist() == [shown]


def test_models_are_of_the_clustered_where_their_number_is_told() -> None:
    many = {"read": 190, "respondents": 190, "set_aside__twice": 40, "clustered": 150, "unassigned": 0}
    rows = {"classes": [2], "log_likelihood": [-1000.0], "parameters": [20], "bic": [2000 + 20 * np.log(150)]}
    fits = table("latent_classes", rows, ["classes"])
    assert safe(flow(**many), fits)["latent_classes"]["bic"].tolist() == [round(2000 + 20 * np.log(150))]


def test_tables_come_back_in_the_order_they_came_in_and_so_does_the_log() -> None:
    power = table("power", {"separation": [0.4]}, ["separation"])
    given = [
        replication({("T1", "UK"): (4, 253)}), power, sizes(100, 40, 6, base=146),
        prevalence({"x": {"T1": [4, 300, 400], "T2": [300, 200, 300]}}), flow(**NOBODY_ASIDE),
    ]  # fmt: skip
    for tables in (given, given[::-1]):
        done, log = protect(tables, threshold=10)
        assert [each.name for each in done] == [each.name for each in tables]
        named = list(dict.fromkeys(entry["table"] for entry in log))
        assert named == [each.name for each in tables if each.name in named]
        assert {"replication", "types", "prevalence"} <= set(named)
        for each in done:
            assert (each.frame["suppressed"] != "").sum() == sum(e["table"] == each.name for e in log)


def test_an_entry_of_the_log_has_the_keys_of_the_row_and_the_rule() -> None:
    _, log = protect([sizes(100, 40, 6, base=146)], threshold=10)
    assert [entry["row"] for entry in log] == [{"id": "T2"}, {"id": "T3"}]
    assert {(entry["table"], entry["rule"]) for entry in log} == {("types", RULE)}
    assert all("fewer respondents than the threshold" in entry["explanation"] for entry in log)


@pytest.mark.parametrize("name", ["factors", "outcomes", "outcome_models"])
def test_views_of_answers_are_refused_without_the_answers(name: str) -> None:
    with pytest.raises(DisclosureError, match=r"^factors and outcomes cannot be protected without the prev"):
        protect([table(name, {"type": ["T1"]}, ["type"])], threshold=10)


def test_tables_of_one_name_are_refused_in_these_words() -> None:
    with pytest.raises(DisclosureError, match=r"^two release tables have the same name$"):
        protect([table("power", {"a": [1]}, ["a"])] * 2, threshold=10)


def numbered(made: ReleaseTable) -> ReleaseTable:
    """The same rows under other numbers, as of a table that was cut out of another one."""
    frame = made.frame.set_axis(np.arange(len(made.frame)) + 50, axis=0)
    return ReleaseTable(made.name, made.title, frame, made.keys, counts=made.counts)


def test_how_rows_were_numbered_before_changes_nothing() -> None:
    small = {"T1": [4, 300, 400], "T2": [300, 200, 300]}
    exposed = factors(("x", "T1", ("1",), 4, 704, 300, 800), ("x", "T2", ("2",), 200, 800, 300, 704))
    given = [prevalence({"x": small}), exposed]
    first, second = (safe(*tables) for tables in (given, [numbered(each) for each in given]))
    for name, frame in first.items():
        pd.testing.assert_frame_equal(second[name], frame)


def test_everyones_share_is_kept_beside_a_hidden_one_and_lost_with_its_own() -> None:
    """One type hides an answer: everyone's is shown still, beside every type's."""
    shown = safe(prevalence({"x": {"T1": [4, 300, 400], "T2": [300, 200, 300]}}))["prevalence"]
    mine = shown[(shown["group"] == "T1") & (shown["category"] == "1")].iloc[0]
    whole = shown[(shown["group"] == "everyone") & (shown["category"] == "1")].iloc[0]
    if whole["suppressed"] == "":
        assert np.isfinite(mine["share_everyone"])
    assert np.isnan(mine["share"])
    assert np.isnan(mine["difference"])
    large = safe(prevalence({"x": LARGE}))["prevalence"]
    assert list(large[list(ANSWER_KEYS)]) == list(ANSWER_KEYS)
    assert not [name for name in large if name.startswith("_")]


def test_adjusted_outcomes_hide_what_factors_hide() -> None:
    counts = {"x": {"T1": [4, 300, 400], "T2": [300, 200, 300]}, "y": LARGE}
    rows = {"type": ["T1", "T2"], "outcome": ["x", "y"], "_categories": [("1",), ("2",)],
            "exposed_type": [4, 200], "base_type": [704, 800], "exposed_rest": [300, 300],
            "base_rest": [800, 900], "_size_type": [704, 800], "_size_rest": [800, 900]}  # fmt: skip
    shown = dict.fromkeys(["prevalence_type", "prevalence_rest", "difference", "odds_ratio"], 0.5)
    made = table("outcome_models", {**rows, **shown}, ["type", "outcome"])
    told = safe(prevalence(counts), made)["outcome_models"]
    assert told["suppressed"].tolist() == [RULE, ""]
    assert told.loc[0, ["exposed_type", *shown]].isna().all()
    assert told.loc[1, ["exposed_type", *shown]].notna().all()


def test_a_class_of_everybody_holds_no_more_than_everybody() -> None:
    """145 clustered are told as 140 by halves to even, and as a class they would be 150 of them."""
    everybody = {"read": 145, "respondents": 145, "clustered": 145, "unassigned": 0}
    rows = {"classes": [1], "log_likelihood": [-1000.0], "smallest_share": [1.0], "parameters": [3]}
    told = safe(flow(**everybody), table("latent_classes", rows, ["classes"]))["latent_classes"]
    assert told["smallest_share"].tolist() == [1.0]
