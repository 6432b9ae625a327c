"""Two runs are compared by what they asked, never by what a variable happens to be called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.profile.comparison import FOUND, NONE, UNTOLD, WEAK, Comparison, compare_releases
from typology.profile.comparison_tables import comparison_table

P = 16
PROFILES = np.random.default_rng(1).uniform(-0.3, 0.3, (4, P))


def release(
    study: str,
    types: list[int],
    *,
    names: list[str] | None = None,
    labels: list[str] | None = None,
    moved: float = 0.0,
    hidden: dict[str, int] | None = None,
    seed: int = 0,
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """A release whose types have the profiles numbered in `types`."""
    names = names or [f"q{j}" for j in range(P)]
    labels = labels or [f"Question {j}" for j in range(P)]
    ids = [f"T{k + 1}" for k in range(len(types))]
    noise = np.random.default_rng(seed)
    rows = []
    for j in range(P):
        for group in ("everyone", *ids):
            gap = 0.0 if group == "everyone" else PROFILES[types[ids.index(group)], j] + noise.normal(0, 0.02)
            share = 0.5 + (moved if j == 0 else 0.0) + gap
            shown = hidden is None or j >= hidden.get(group, 0)
            for category, value in (("Yes", share), ("No", 1 - share)):
                told = value if shown else np.nan
                rows.append({
                    "variable": names[j], "label": labels[j], "role": "typology", "category": category,
                    "category_label": category, "endorsed": category == "Yes", "group": group,
                    "share": told, "lo": told - 0.02, "hi": told + 0.02, "share_everyone": 0.5,
                    "difference": gap if shown else np.nan, "suppressed": "" if shown else "threshold",
                })  # fmt: skip
    sizes = pd.DataFrame({"id": ids, "name": [f"Kind {k}" for k in types], "share_weighted": 0.3})
    sizes = sizes.assign(lo=0.25, hi=0.35, suppressed="")
    tables = {"prevalence": pd.DataFrame(rows), "types": sizes}
    return tables, {"study": study, "verdict": "types" if types else "gradient"}


def compared(first: Any, second: Any) -> Comparison:
    return compare_releases(first, second)


def test_types_are_matched_by_profile_whatever_their_number() -> None:
    found = compared(release("a", [0, 1, 2]), release("b", [2, 0, 3], seed=1)).types
    pairs = found[found["verdict"] == FOUND]
    assert list(zip(pairs["type"], pairs["counterpart"], strict=True)) == [("T1", "T2"), ("T3", "T1")]
    assert (pairs["profile_r"] > 0.9).all()
    assert set(found.loc[~found.index.isin(pairs.index), "verdict"]) == {WEAK}
    assert (pairs["lo"] < pairs["difference"]).all()
    assert pairs["difference"].iloc[0] == 0


def test_a_type_too_many_has_no_counterpart() -> None:
    found = compared(release("a", [0]), release("b", [0, 1], seed=1))
    assert list(found.types["verdict"]) == [FOUND, NONE]
    assert found.types["counterpart"].iloc[1] == "T2"
    assert "Of the 1 types of a, 1 are found in both: T1 as T1." in found.statement[1]


def test_the_same_name_for_another_question_is_not_compared() -> None:
    labels = [f"Question {j}" for j in range(P)]
    swapped = [labels[1], labels[0], *labels[2:]]
    found = compared(release("a", [0]), release("b", [0], labels=swapped, moved=0.2))
    # question 1 of the first run bears the name q0 in the second, and that is the one that moved
    assert any("q0: Question 0 in a, Question 1 in b" in text for text in found.not_compared)
    moved = found.answers[(found.answers["type"] == "everyone") & found.answers["apart"]]
    assert list(moved["label"]) == ["Question 1"]
    assert moved["difference"].iloc[0] == pytest.approx(0.2)


def test_other_names_for_the_same_questions_are_compared() -> None:
    renamed = [f"v{j}" for j in range(P)]
    found = compared(release("a", [0]), release("b", [0], names=renamed))
    assert found.not_compared == ()
    assert (found.answers["type"] == "everyone").sum() == P


def test_withheld_cells_take_no_part_and_are_counted() -> None:
    found = compared(release("a", [0], hidden={"T1": 5}), release("b", [0], seed=1))
    assert found.types["cells"].iloc[0] == P - 5
    assert found.withheld == 5
    few = compared(release("a", [0], hidden={"T1": 10}), release("b", [0], seed=1))
    assert few.types["verdict"].iloc[0] == UNTOLD
    assert np.isnan(few.types["profile_r"].iloc[0])


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ([0, 1], [], "The verdicts differ: the types of a have no support in b"),
        ([], [0, 1], "The verdicts differ: the types of b have no support in a"),
        ([], [], "The verdicts agree: neither run shows types"),
    ],
)
def test_verdicts_are_told_plainly(first: list[int], second: list[int], words: str) -> None:
    found = compared(release("a", first), release("b", second))
    assert words in " ".join(found.statement)
    assert (found.types["verdict"] == NONE).all()
    assert len(found.types) == len(first) + len(second)
    assert set(found.answers["type"]) == {"everyone"}


def test_no_shared_question_is_said() -> None:
    found = compared(release("a", [0]), release("b", [0], labels=[f"Other {j}" for j in range(P)]))
    assert "No question is the same" in found.statement[-1]
    assert found.types["verdict"].iloc[0] == UNTOLD
    assert comparison_table(found)[0].rows[0][2] == "–"


def test_types_and_answers_that_differ_are_listed_one_a_row() -> None:
    found = compared(release("a", [0]), release("b", [0, 1], seed=1, moved=0.2))
    types, answers = comparison_table(found)
    assert types.header[:2] == (found.first, found.second) == answers.header[2:4]
    assert len(types.rows) == 2
    pair, alone = types.rows
    assert pair[0].startswith("T1")
    assert pair[1].startswith("T1")
    assert float(pair[2]) > 0.9
    assert pair[5] == "0"
    assert pair[6] == FOUND
    assert alone[0] == "–"  # a type of the second run only
    assert alone[1].startswith("T2")
    assert alone[2] == alone[3] == alone[5] == "–"
    assert ("Question 0: Yes", "everyone", "50%", "70%", "+20") in answers.rows
    assert len(answers.rows) == found.answers["apart"].sum()


def test_runs_that_agree_list_no_answers() -> None:
    found = compared(release("a", []), release("b", []))
    assert comparison_table(found) == []
