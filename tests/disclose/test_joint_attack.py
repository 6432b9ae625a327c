"""What one system of inequalities over all tables and the summary recovers of random small surveys."""

from __future__ import annotations

import pytest

from tests.disclose.joint_attack import attacked
from tests.disclose.small_surveys import T
from tests.disclose.test_every_table import WITHIN, drawn
from typology.disclose import protect, suppress_answers

# Those in which an earlier protection, which judged one variable at a time, was broken, and some others.
BROKEN = (17, 25, 40, 57, 73, 79, 92, 137, 138, 146, 150, 155, 156, 157, 174, 175, 189, 192)
SEEDS = (*BROKEN, *range(300, 306))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_tables_together_recover_no_suppressed_count(seed: int) -> None:
    small, raw, safe = drawn(seed)
    found, wrong = attacked(small, raw, safe, within=WITHIN)
    assert not wrong, "what the attacker believes must be true"
    assert found
    known = [(hidden.what, low, high) for hidden, low, high in found if high - low <= 2 * WITHIN]
    assert known == []


def test_the_attack_recovers_sizes_where_answers_are_not_hidden_for_their_sake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has teeth: answers add up to the size of their type."""
    monkeypatch.setattr(suppress_answers, "_hide_for_sizes", lambda *_: set())
    recovered = []
    for seed in (79, 175, 189):
        small, raw, _ = drawn(seed)
        safe = {
            table.name: table.frame.reset_index(drop=True) for table in protect(small.raw, threshold=T)[0]
        }
        found, _ = attacked(small, raw, safe, within=WITHIN)
        recovered += [hidden.what for hidden, low, high in found if high - low <= 2 * WITHIN]
    assert any(what.startswith("size of") for what in recovered)


@pytest.mark.parametrize(("seed", "hidden"), [(17, True), (155, True), (36, False)])
def test_risk_tables_are_hidden_with_the_number_who_reported_their_outcome(
    seed: int, *, hidden: bool
) -> None:
    safe = drawn(seed)[2]
    rows = safe["prevalence"]
    mine = rows[(rows["variable"] == "met") & (rows["group"] == "everyone")]
    assert mine["count"].isna().all() == hidden
    models = safe["risk_models"]
    assert models["suppressed"].ne("").all() == hidden
    for name in ("risk_models", "risk_predictors", "risk_dose", "risk_calibration"):
        told = safe[name][safe[name]["suppressed"].eq("")]
        assert told.empty == hidden, name
