"""Types that are about the questionnaire and not about experience are flagged."""

from __future__ import annotations

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.evidence import artefacts
from typology.evidence.artefacts import artefact_flags
from typology.results import DesignColumns, Item, Prepared

N = 200
LABELS = np.repeat([0, 1], [150, 50])
SECOND = LABELS == 1


def clustered(
    *,
    codes: np.ndarray | None = None,
    not_asked: np.ndarray | None = None,
    group: np.ndarray | None = None,
    straight: np.ndarray | None = None,
) -> Prepared:
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 2, (N, 12)) if codes is None else codes
    skipped = np.zeros(answers.shape, dtype=bool) if not_asked is None else not_asked
    ids = np.array([f"{i:04d}" for i in range(N)], dtype=object)
    marks = np.zeros(N, dtype=bool) if straight is None else straight
    return Prepared(
        ids=ids,
        items=tuple(Item(f"i{j}", f"Item {j}", "binary", "", (0, 1), ("No", "Yes")) for j in range(12)),
        codes=np.where(skipped, -1, answers).astype(np.int16),
        not_asked=skipped,
        gates=(),
        design=DesignColumns(None, None, None),
        group=group,
        set_aside=pd.Series(dtype=object),
        flags=pd.DataFrame({"straight_lining": marks}, index=ids),
    )


def flags(prepared: Prepared, labels: np.ndarray = LABELS) -> list[str]:
    return artefact_flags(prepared, carriers.discovery(labels, 2))


def test_types_of_experience_are_not_flagged() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 2, (N, 12))
    codes[rng.random(codes.shape) < 0.1] = -1
    group = rng.choice(["UK", "Ireland"], N).astype(object)
    assert flags(clustered(codes=codes, group=group, straight=rng.random(N) < 0.1)) == ["", ""]


def test_a_type_that_is_one_country() -> None:
    group = np.where(SECOND, "Italy", np.where(np.arange(N) % 2, "UK", "Ireland")).astype(object)
    first, second = flags(clustered(group=group))
    assert second == "is mostly Italy"
    assert "Italy" not in first


def test_a_country_that_only_leans_towards_a_type_is_no_artefact() -> None:
    rng = np.random.default_rng(2)
    group = np.where(rng.random(N) < np.where(SECOND, 0.6, 0.4), "UK", "Ireland").astype(object)
    assert flags(clustered(group=group)) == ["", ""]


def test_a_type_of_straight_liners() -> None:
    assert flags(clustered(straight=SECOND.copy())) == ["", "coincides with straight lining"]


def test_a_type_of_unanswered_items() -> None:
    codes = np.random.default_rng(3).integers(0, 2, (N, 12))
    codes[SECOND, :6] = -1
    first, second = flags(clustered(codes=codes))
    assert second == "coincides with unanswered items"
    assert first == "coincides with answering (few items left open)"


def test_a_type_that_was_routed_past_questions() -> None:
    skipped = np.zeros((N, 12), dtype=bool)
    skipped[np.ix_(SECOND, np.arange(12) < 5)] = True
    first, second = flags(clustered(not_asked=skipped))
    assert second == "coincides with routing (items not asked)"
    assert first == "coincides with having been asked everything"


def test_whatever_a_type_coincides_with_is_told_one_after_the_other() -> None:
    group = np.where(SECOND, "Italy", "UK").astype(object)
    assert flags(clustered(group=group, straight=SECOND.copy())) == [
        "is mostly UK",
        "coincides with straight lining; is mostly Italy",
    ]


def test_a_large_effect_begins_at_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    straight = SECOND & (np.arange(N) % 2 == 0)
    phi = artefacts._correlation(SECOND.astype(float), straight.astype(float))
    monkeypatch.setattr(artefacts, "LARGE", phi)
    assert flags(clustered(straight=straight))[1] == "coincides with straight lining"
    monkeypatch.setattr(artefacts, "LARGE", np.nextafter(phi, 1))
    assert flags(clustered(straight=straight))[1] == ""


@pytest.mark.parametrize("members", [0, N])
def test_a_type_of_nobody_or_everybody_coincides_with_nothing(members: int) -> None:
    labels = (np.arange(N) < members).astype(int)
    group = np.array(["UK"] * N, dtype=object)
    assert flags(clustered(group=group, straight=np.arange(N) % 7 == 0), labels) == ["", ""]


def test_unassigned_respondents_are_members_of_no_type() -> None:
    labels = np.where(SECOND, -1, LABELS)
    assert flags(clustered(straight=SECOND.copy()), labels)[1] == ""
