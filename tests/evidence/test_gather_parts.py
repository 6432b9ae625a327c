"""Which part of the evidence is asked what, with a made-up discovery whose answers are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import carriers
import numpy as np
import pandas as pd
import pytest
from clustering import config

from typology.errors import TypologyError
from typology.evidence import gather
from typology.evidence.gather import gather_evidence
from typology.evidence.rivals import LatentClasses, PlainClusters
from typology.progress import SilentProgress
from typology.results import Calibration, Discovery, Evidence, Planted, Prepared

N, SEED = 300, 11
KINDS = np.repeat([0, 1, 2], N // 3)
SEEN = np.arange(0, N, 2)


class Steps(SilentProgress):
    """Counts what is announced and what is done."""

    def __init__(self) -> None:
        self.total, self.done = 0, 0

    def start(self, stage: str, *, total: int) -> None:
        self.total += total

    def advance(self, steps: int = 1) -> None:
        self.done += steps


def discovery(**changes: Any) -> Discovery:
    """Three types that every resample finds again, but for the last, which each takes apart anew."""

    def refit(rows: np.ndarray, seed: int) -> np.ndarray:
        mine, rng = KINDS[SEEN][rows], np.random.default_rng(seed)
        return np.where(mine == 2, rng.integers(2, 8, len(rows)), mine)

    found = replace(
        carriers.discovery(KINDS, 3),
        calibration=(Calibration(False, 3, 900.0, np.linspace(-5, 5, 20), np.ones(2), np.ones((20, 2))),),
        association=0.4,
        chance_association=np.linspace(0.05, 0.1, 99),
        profile=np.eye(3),
        sample=SEEN,
        refit=refit,
        again=lambda seed: (KINDS[SEEN] + seed % 2) % 3,
        planting=lambda separation, seed: Planted(separation * 5, 1.0, 0.5),
    )
    return replace(found, **changes)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the parts of the evidence were given; they find the types themselves."""
    given: dict[str, Any] = {}

    def classes(prepared: Prepared, *, seed: int) -> LatentClasses:
        given["classes"] = (prepared.ids, seed)
        return LatentClasses(KINDS[SEEN], np.eye(3), pd.DataFrame({"classes": [1]}))

    def plain(prepared: Prepared, *, seed: int) -> PlainClusters:
        given["plain"] = (prepared.ids, seed)
        return PlainClusters(np.zeros(len(SEEN), dtype=np.int64), np.arange(len(SEEN)))

    def missing(prepared: Prepared, found: Discovery, *, seed: int) -> pd.DataFrame:
        given["missing"] = (prepared.ids, seed)
        given["found"] = found
        return pd.DataFrame({"analysis": ["made up"]})

    monkeypatch.setattr(gather, "latent_classes", classes)
    monkeypatch.setattr(gather, "plain_clusters", plain)
    monkeypatch.setattr(gather, "sensitivity", missing)
    return given


def evidence(found: Discovery, *, resamples: int = 12, progress: SilentProgress | None = None) -> Evidence:
    study = config(evidence={"resamples": resamples, "nulls": 10}, seed=SEED)
    return gather_evidence(carriers.prepared(N), found, study, progress=progress or SilentProgress())


def test_every_part_is_in_the_evidence(asked: dict[str, Any]) -> None:
    progress = Steps()
    told = evidence(discovery(), progress=progress)
    assert told.verdict == "types"
    assert told.reason.startswith("More than degree: what the 3 candidate types explain")
    assert "2 of 3 types survive" in told.reason
    assert told.p_no_types == pytest.approx(1 / 21)
    assert told.p_no_association == pytest.approx(1 / 100)
    assert told.types["grade"].tolist()[:2] == ["highly stable"] * 2
    assert told.types["grade"].tolist()[2] == "dissolved"
    assert told.types["flags"].tolist() == ["", "", ""]
    assert told.fit["classes"].tolist() == [1]
    assert told.rivals["latent_class"] == {"classes": 3, "ari": 1.0}
    assert told.crosswalk.to_numpy().tolist() == (np.eye(3) * 50).tolist()
    assert told.power["separation"].is_monotonic_increasing
    assert (told.power["ari"] == 0.5).all()
    assert told.sensitivity["analysis"].tolist() == ["made up"]
    assert told.statistics["source"].value_counts().to_dict() == {
        "no association": 99,
        "no types": 20,
        "observed": 2,
    }
    assert progress.done == progress.total


def test_rivals_see_the_searched_and_missing_answers_are_those_of_all(asked: dict[str, Any]) -> None:
    ids = carriers.prepared(N).ids
    evidence(discovery())
    for part, rows in (("classes", ids[SEEN]), ("plain", ids[SEEN]), ("missing", ids)):
        assert np.array_equal(asked[part][0], rows), part
        assert asked[part][1] == SEED


def test_each_type_is_compared_with_the_class_that_has_most_of_it(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = (KINDS[SEEN] + 1) % 3
    labels[KINDS[SEEN] == 1] = np.where(np.arange(50) < 40, 2, 0)
    profile = np.array([[0.1, 0.3, 0.9], [0.5, 0.4, 0.2], [0.3, 0.6, 0.4]])
    classes = LatentClasses(labels, profile, pd.DataFrame({"classes": [3]}))
    monkeypatch.setattr(gather, "latent_classes", lambda prepared, *, seed: classes)
    found = discovery()
    told = evidence(found).types
    assert told["lca_class"].tolist() == [2, 3, 1]
    assert told["lca_overlap"].tolist() == [1.0, 0.8, 1.0]
    expected = [np.corrcoef(np.eye(3)[c], profile[(c + 1) % 3])[0, 1] for c in range(3)]
    assert told["lca_profile_r"].tolist() == pytest.approx(expected)
    assert asked["found"] is found


def test_the_other_discovery_starts_from_another_seed(asked: dict[str, Any]) -> None:
    seeds: list[int] = []

    def again(seed: int) -> np.ndarray:
        seeds.append(seed)
        return np.where(SEEN < 150, 0, 1)

    told = evidence(discovery(again=again))
    assert seeds == [int(np.random.SeedSequence([SEED, 3]).generate_state(1)[0])]  # as in releases so far
    assert 0.4 < told.seed_agreement < 0.5
    assert evidence(discovery(again=lambda _: KINDS[SEEN])).seed_agreement == 1.0


def test_the_unassigned_count_for_the_agreement_by_their_likeliest_type(asked: dict[str, Any]) -> None:
    found = discovery(again=lambda _: KINDS[SEEN])
    labels = found.labels.copy()
    labels[::5] = -1
    assert evidence(replace(found, labels=labels)).seed_agreement == 1.0


def test_as_many_resamples_are_drawn_as_the_study_says(asked: dict[str, Any]) -> None:
    rows: list[np.ndarray] = []

    def refit(drawn: np.ndarray, seed: int) -> np.ndarray:
        rows.append(drawn)
        return KINDS[SEEN][drawn]

    told = evidence(discovery(refit=refit), resamples=11)
    assert len(rows) == 11
    assert {len(each) for each in rows} == {len(SEEN)}
    assert told.types["jaccard"].tolist() == [1.0, 1.0, 1.0]


def test_types_that_resampling_dissolves_are_no_types(asked: dict[str, Any]) -> None:
    def refit(drawn: np.ndarray, seed: int) -> np.ndarray:
        return np.random.default_rng(seed).integers(0, 9, len(drawn))

    told = evidence(discovery(refit=refit))
    assert told.verdict == "gradient"
    assert "dissolved all but 0" in told.reason


@pytest.mark.parametrize("lost", ["refit", "again", "planting"])
def test_a_discovery_that_has_lost_a_way_to_be_repeated_is_refused(lost: str) -> None:
    with pytest.raises(TypologyError, match="cannot be repeated, so there is no evidence to gather"):
        evidence(discovery(**{lost: None}))
