"""What the attack on the whole release recovers is hidden, and tables that count the same hide the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from disclose.test_suppress import (
    FEW_ASIDE,
    LARGE,
    apart,
    factors,
    flow,
    outcomes,
    prevalence,
    replication,
    safe,
    table,
)

from typology.disclose import protect, suppress_answers
from typology.disclose.answers import EVERYONE
from typology.disclose.attack_answers import Told
from typology.disclose.attack_sizes import Sizes, SizeTold
from typology.disclose.suppress_answers import are_weighted
from typology.results import ReleaseTable


def hidden_in(frame: pd.DataFrame, *keys: str) -> set[tuple[str, ...]]:
    rows = frame[frame["suppressed"] != ""]
    return set(zip(*(rows[key] for key in keys), strict=True))


class Attacks:
    """Attacks that tell, round after round, what they are given; what they were asked is kept."""

    def __init__(self, answers: Sequence[list[Told]] = (), sizes: Sequence[list[SizeTold]] = ()) -> None:
        self.answers, self.sizes = list(answers), list(sizes)
        self.asked: list[dict[str, Any]] = []
        self.asked_sizes: list[dict[str, Any]] = []

    def on_answers(self, tables: dict[str, pd.DataFrame], _: Sizes, **given: Any) -> list[Told]:
        self.asked.append({"prevalence": tables["prevalence"], **given})
        return self.answers.pop(0) if self.answers else []

    def on_sizes(self, tables: dict[str, pd.DataFrame], **given: Any) -> tuple[list[SizeTold], Sizes]:
        self.asked_sizes.append({"prevalence": tables["prevalence"], **given})
        return (self.sizes.pop(0) if self.sizes else []), Sizes({})

    def variables(self) -> list[set[str]]:
        return [set(each["prevalence"]["variable"]) for each in self.asked]


def attacked(monkeypatch: pytest.MonkeyPatch, attacks: Attacks) -> Attacks:
    monkeypatch.setattr(suppress_answers, "answer_leaks", attacks.on_answers)
    monkeypatch.setattr(suppress_answers, "size_leaks", attacks.on_sizes)
    return attacks


TOLD = Told("x", "1", "T1", (3.0, 4.0))
THREE = {"x": LARGE, "y": LARGE, "z": LARGE}


def test_an_answer_that_the_attack_recovers_hides_more_and_is_attacked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = attacked(monkeypatch, Attacks([[TOLD]]))
    shown = safe(prevalence({"x": LARGE}))["prevalence"]
    assert [each["prevalence"]["count"].isna().any() for each in made.asked] == [False, True]
    assert {category for category, _ in hidden_in(shown, "category", "group")} >= {"1"}


def test_an_answer_told_again_and_again_leaves_no_row_of_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attacked(monkeypatch, Attacks([[TOLD]] * 9))
    shown = safe(prevalence({"x": LARGE, "y": LARGE}))["prevalence"]
    assert shown.loc[shown["variable"] == "x", "count"].isna().all()
    assert shown.loc[shown["variable"] == "y", "count"].notna().all()


def test_only_variables_of_which_more_was_hidden_are_attacked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    by_size = SizeTold("T1", (3.0, 4.0), frozenset([("y", "1", "T1")]))
    made = attacked(monkeypatch, Attacks([[TOLD]], [[by_size]]))
    shown = safe(prevalence(THREE))["prevalence"]
    assert made.variables() == [{"x", "y", "z"}, {"x", "y"}]
    # sizes rest on the answers to all of them
    assert [set(each["prevalence"]["variable"]) for each in made.asked_sizes] == [{"x", "y", "z"}] * 2
    assert ("y", "1", "T1") in hidden_in(shown, "variable", "category", "group")
    assert shown.loc[shown["variable"] == "z", "count"].notna().all()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("threshold", "of_sizes"), [(10, 6), (11, 6)])
def test_answers_are_kept_open_twice_as_wide_as_the_audit_asks_even_if_shares_told_all(
    monkeypatch: pytest.MonkeyPatch, weighted: bool, threshold: int, of_sizes: int
) -> None:
    made = attacked(monkeypatch, Attacks())
    given = prevalence({"x": LARGE})
    shares = given.frame["share"] * (1.01 if weighted else 1.0)
    again = ReleaseTable(given.name, given.title, given.frame.assign(share=shares), given.keys)
    protect([again], threshold=threshold)
    assert [each["least"] for each in made.asked] == [threshold]
    assert [bool(each["weighted"]) for each in made.asked] == [False]
    assert [(each["least"], each["weighted"]) for each in made.asked_sizes] == [(of_sizes, weighted)]


def test_whether_shares_are_weighted_is_read_off_everyones() -> None:
    given = prevalence({"x": LARGE})
    everyone = given.frame["group"] == EVERYONE
    for rows, expected in ((everyone, True), (~everyone, False)):
        shares = given.frame["share"].mask(rows, 0.123)
        made = ReleaseTable(given.name, given.title, given.frame.assign(share=shares), given.keys)
        assert are_weighted({"prevalence": made}) is expected


def test_tables_of_answers_have_the_columns_they_came_with() -> None:
    exposed = factors(("x", "T1", ("1",), 200, 900, 300, 800))
    met = outcomes(("T1", 200, 900), ("T2", 300, 800))
    told = safe(prevalence({"x": LARGE}), exposed, met)
    for made in (exposed, met):
        own = [name for name in made.frame if not name.startswith("_")]
        assert list(told[made.name]) == [*own, "suppressed"]


def test_types_by_country_without_rows_stay_without() -> None:
    made = replication({("T1", "country 1"): (200, 500)})
    none = ReleaseTable(made.name, made.title, made.frame.iloc[:0], made.keys, counts=made.counts)
    assert safe(prevalence({"country": LARGE}, country="group"), none)["replication"].empty


def beside(counts: dict[str, list[int]], name: str, **about: str) -> ReleaseTable:
    """Answers of which everyone's hold a hundred each that are in no group."""
    made = prevalence({name: {**counts, "none": [100] * len(counts["T1"])}}, **about)
    return ReleaseTable(made.name, made.title, made.frame[made.frame["group"] != "none"], made.keys)


def test_a_model_of_an_outcome_is_hidden_with_everyones_row_of_it_whatever_an_exposure_of_its_name_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = SizeTold("T1", (3.0, 4.0), frozenset([("x", "1", EVERYONE)]))
    attacked(monkeypatch, Attacks(sizes=[[whole]]))
    exposed = apart((250, 900), (350, 800), rest=(90, 300)).assign(variable="x")
    row = {"type": ["T1"], "outcome": ["x"], "_categories": [("1",)], "exposed_type": [200],
           "base_type": [900], "exposed_rest": [400], "base_rest": [1100], "_size_type": [900],
           "_size_rest": [1100]}  # fmt: skip
    more = dict.fromkeys(["prevalence_type", "prevalence_rest", "difference", "odds_ratio"], 0.5)
    models = table("outcome_models", {**row, **more}, ["type", "outcome"])
    both = safe(
        beside(LARGE, "x"),
        table("factors", exposed, ["type", "variable"]),
        models,
    )
    answers = hidden_in(both["prevalence"], "group", "category")
    assert (EVERYONE, "1") in answers
    assert ("T1", "1") not in answers
    assert hidden_in(both["factors"], "type") == set()
    assert hidden_in(both["outcome_models"], "type") == {("T1",)}


def coarse_tables(*given: ReleaseTable) -> dict[str, pd.DataFrame]:
    return safe(*given, prevalence({"x": {"T1": [36, 60], "T2": [24, 30]}}))


def test_shares_beside_the_answers_are_those_of_rounded_counts_too_where_a_size_is_withheld() -> None:
    exposed = factors(("x", "T1", ("1",), 36, 96, 24, 54)).frame.assign(prevalence_type=36 / 96)
    rates = table("factors", exposed, ["type", "factor", "variable"])
    models = table("outcome_models", exposed.assign(outcome="x").drop(columns="factor"), ["type", "outcome"])
    met = outcomes(("T1", 36, 96), ("T2", 24, 54))
    columns = {"factors": "prevalence_type", "outcome_models": "prevalence_type", "outcomes": "prevalence"}
    exact, rounded = (coarse_tables(*more, rates, models, met) for more in ((), (flow(**FEW_ASIDE),)))
    for name, column in columns.items():
        assert exact[name][column].iloc[0] == 0.38
        assert rounded[name][column].iloc[0] == 0.40  # 40 of 100


def test_shares_of_types_by_country_are_those_of_rounded_counts_too_where_a_size_is_withheld() -> None:
    of = {"T1": [264, 640], "T2": [300, 600]}
    counted = replication({("T1", "country 1"): (264, 564), ("T2", "country 1"): (300, 564)})
    given = (prevalence({"country": of}, country="group"), counted)
    exact, rounded = (safe(*more, *given)["replication"] for more in ((), (flow(**FEW_ASIDE),)))
    assert exact["share"].tolist() == [0.47, 0.53]
    assert rounded["share"].tolist() == [0.46, 0.54]  # 260 and 300 of 560


NEARLY_ALL = {"T1": [300, 200, 300], "T2": [3, 300, 400], "T3": [4, 250, 280]}


def by_country(counts: dict[str, list[int]], **more: Any) -> ReleaseTable:
    """Types by country of the same respondents."""
    sums = [sum(column) for column in zip(*counts.values(), strict=True)]
    pairs = {
        (kind, f"country {code}"): (n, sums[code - 1])
        for kind, of in counts.items()
        for code, n in enumerate(of, start=1)
    }
    return replication(pairs, **more)


def test_a_country_nearly_all_of_which_is_one_type_is_hidden_of_that_type_in_both_tables() -> None:
    """All but seven of those of country 1 that are in a type are in T1: 300 of 800, but of 307 too."""
    answers = beside(NEARLY_ALL, "country", country="group")
    alone = hidden_in(safe(answers)["prevalence"], "group", "category")
    assert ("T1", "1") not in alone
    both = safe(answers, by_country(NEARLY_ALL))
    assert ("T1", "country 1") in hidden_in(both["replication"], "type", "group")
    assert ("T1", "1") in hidden_in(both["prevalence"], "group", "category")
    assert not both["prevalence"]["suppressed"].ne("").all()


def test_a_type_of_a_country_that_is_counted_nowhere_else_is_hidden() -> None:
    made = replication({("T1", "country 1"): (200, 500), ("T1", "country 9"): (200, 500)})
    told = safe(prevalence({"country": LARGE}, country="group"), made)["replication"]
    assert hidden_in(told, "type", "group") == {("T1", "country 9")}


def test_what_a_table_says_of_itself_hides_more_and_never_shows_what_is_small() -> None:
    counts = {"T1": [5, 300, 400], "T2": [300, 200, 300], "T3": [250, 240, 230]}
    answers = prevalence({"country": counts}, country="group")
    own, told = (
        hidden_in(safe(answers, by_country(counts, **more))["replication"], "type", "group")
        for more in ({}, {"_hidden": [False] * 8 + [True]})
    )
    assert ("T1", "country 1") in own
    assert told == own | {("T3", "country 3")}


def shown_types(answers: ReleaseTable, exposed: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Types of which an exposure of its own is shown, and those of which an answer of its variable is."""
    told = safe(answers, table("factors", exposed, ["type", "factor", "variable"]))
    exposures, shown = (told[name][told[name]["suppressed"] == ""] for name in ("factors", "prevalence"))
    return exposures["type"].tolist(), sorted(set(shown["group"]) - {EVERYONE})


def test_only_types_of_which_one_is_hidden_are_hidden_of_an_exposure_and_of_its_answers() -> None:
    exposed = apart((5, 150), (60, 150), (70, 150), (80, 150), rest=(0, 0))
    hours = {"T1": [50, 100], "T2": [60, 90], "T3": [70, 80], "T4": [75, 75]}
    exposures, answers = shown_types(prevalence({"hours": hours}), exposed)
    assert "T1" not in exposures
    assert exposures == answers
    assert len(exposures) == 2  # one more covers for it
    few = {**hours, "T1": [5, 145]}
    large = apart((50, 150), (60, 150), (70, 150), (80, 150), rest=(0, 0))
    exposures, answers = shown_types(prevalence({"hours": few}), large)
    assert "T1" not in answers
    assert exposures == answers
    assert len(exposures) == 2


def test_what_covers_for_an_exposure_is_hidden_of_the_answers_in_turn() -> None:
    """Those in no group cover for the answers of T1; of the exposure none are, so T1 needs another type."""
    exposed = apart((50, 150), (60, 150), (70, 150), rest=(0, 0))
    hours = {"T1": [5, 145], "T2": [60, 90], "T3": [70, 80]}
    alone = hidden_in(safe(beside(hours, "hours"))["prevalence"], "group")
    assert alone == {("T1",)}
    exposures, answers = shown_types(beside(hours, "hours"), exposed)
    assert exposures == answers
    assert len(exposures) == 1
