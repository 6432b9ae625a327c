"""Everybody's place: who is searched, who is in the core, and where those stand whom no run saw."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pytest

from typology.discover import everyone
from typology.discover.embed import Run
from typology.discover.everyone import _agreement, _scores, runs_table, working_sample
from typology.discover.propose import Proposals
from typology.models.layout import indicators, item_layout
from typology.models.scores import latent_scores
from typology.results import Item


def run(*labels: int) -> np.ndarray:
    return np.array(labels)


def agreement(runs: list[np.ndarray], labels: np.ndarray, *, seen: list[int] | None = None,
              scores: list[float] | None = None) -> list[float]:  # fmt: skip
    clustered = np.arange(len(labels)) if seen is None else np.array(seen)
    places = np.arange(len(labels), dtype=float) if scores is None else np.array(scores)
    return _agreement(runs, labels, clustered, places[:, None], jobs=1).tolist()


LABELS = np.array([0, 0, 0, 1, 1, 1])


def test_a_respondent_agrees_with_the_runs_whose_cluster_is_mostly_the_own_type() -> None:
    assert agreement([run(0, 0, 0, 1, 1, 1)], LABELS) == [1.0] * 6
    # numbers of clusters mean nothing; noise agrees with nobody
    assert agreement([run(1, 1, -1, 0, 0, 0)], LABELS) == [1.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    # the third lies among the second type
    assert agreement([run(0, 0, 1, 1, 1, 1)], LABELS) == [1.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    assert agreement([run(0, 0, 0, 1, 1, 1), run(1, 1, -1, 0, 0, 0)], LABELS)[2] == 0.5


def test_runs_without_two_clusters_do_not_count() -> None:
    whole, nothing = run(0, 0, 0, 0, 0, 0), run(*[-1] * 6)
    assert agreement([run(0, 0, 0, 1, 1, 1), whole, nothing], LABELS) == [1.0] * 6
    assert agreement([whole, nothing], LABELS) == [0.0] * 6


def test_whom_no_run_saw_stands_where_the_nearest_seen_one_stands() -> None:
    # the runs saw three; the others are near the first, the first and the last by their scores
    found = agreement([run(0, 0, 1, 1)], LABELS, seen=[0, 1, 4, 5], scores=[0.0, 1.0, 0.1, 0.2, 8.0, 9.0])
    assert found == [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]  # the fourth, of the second type, is among the first


def test_all_are_searched_or_a_fixed_part_of_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everyone, "MOST_SEARCHED", 50)
    monkeypatch.setattr(everyone, "SAMPLE", 30)
    assert working_sample(50, seed=1).tolist() == list(range(50))
    part = working_sample(51, seed=1)
    assert len(set(part.tolist())) == 30
    assert (np.diff(part) > 0).all()
    assert np.array_equal(part, working_sample(51, seed=1))
    assert not np.array_equal(working_sample(500, seed=1), working_sample(500, seed=2))


def test_each_run_is_told_with_its_settings_and_how_it_ended() -> None:
    runs = [Run(15, 30, "eom", 7, run(0, 0, 0, 1, 1, -1)), Run(60, 20, "leaf", 8, run(*[-1] * 6))]
    table = runs_table(runs, LABELS)
    assert table.drop(columns="ari_to_types").to_dict("records") == [
        {"n_neighbors": 15, "min_cluster_size": 30, "method": "eom", "seed": 7, "clusters": 2,
         "noise": pytest.approx(1 / 6)},
        {"n_neighbors": 60, "min_cluster_size": 20, "method": "leaf", "seed": 8, "clusters": 0, "noise": 1.0},
    ]  # fmt: skip
    assert table["ari_to_types"].iloc[0] > 0.5
    assert table["ari_to_types"].iloc[1] == 0.0


def test_severity_of_those_not_searched_follows_from_their_answers() -> None:
    rng = np.random.default_rng(2)
    degree = rng.normal(size=300)
    codes = (degree[:, None] + rng.normal(size=(300, 8)) > 0).astype(np.int16)
    items = tuple(Item(f"q{j}", "", "binary", "", (0, 1), ("no", "yes")) for j in range(8))
    everybody = replace(carriers.prepared(300), items=items, codes=codes)
    searched = latent_scores(indicators(codes[:200], item_layout(items)), item_layout(items), rng=rng)
    proposals = Proposals(searched, (), np.arange(200))
    placed = _scores(everybody, proposals, jobs=1)
    assert len(placed) == 300
    np.testing.assert_allclose(placed[:200], searched.mean)
    assert np.corrcoef(placed[200:, 0], codes[200:].sum(axis=1))[0, 1] > 0.95
    # of those searched nothing is worked out again
    assert _scores(everybody.take(np.arange(200)), proposals, jobs=1) is searched.mean
