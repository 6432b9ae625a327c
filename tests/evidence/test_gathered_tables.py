"""What is told of the evidence, from hand-made types, classes and clusters."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pandas as pd
import pytest

from typology.evidence.gather import _crosswalk, _rivals, _statistics, _types
from typology.evidence.resample import Stability
from typology.evidence.rivals import LatentClasses, PlainClusters
from typology.evidence.verdict import Existence
from typology.results import Discovery

# five of T1, four of T2, two in neither, one whom the search did not see
LABELS = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, -1, -1, 0])
CORE = np.array([1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1], dtype=bool)
SEEN = np.arange(11)
PROFILE = np.array([[0.9, 0.1, 0.5], [0.2, 0.8, 0.5]])
CLASSES = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 2, 1])
# classes 0 and 2 are mirrored: only class 1 looks like T1
CLASS_PROFILE = np.array([[0.2, 0.8, 0.5], [0.9, 0.1, 0.5], [0.5, 0.9, 0.1]])
STABILITY = Stability(np.array([[0.9, 0.6], [0.8, 0.4], [1.0, 0.5]]))


def found() -> Discovery:
    return replace(
        carriers.discovery(LABELS, 2), core=CORE, profile=PROFILE, sample=SEEN, association=0.31,
        chance_association=np.array([0.1, 0.12]),
    )  # fmt: skip


def classes(labels: np.ndarray = CLASSES, profile: np.ndarray = CLASS_PROFILE) -> LatentClasses:
    return LatentClasses(labels, profile, pd.DataFrame())


def test_each_type_is_held_against_the_latent_class_most_of_it_is_in() -> None:
    table = _types(found(), STABILITY, classes(), ["", "is mostly Italy"])
    assert table["lca_class"].tolist() == [2, 1]  # counted from 1
    assert table["lca_overlap"].tolist() == [4 / 5, 4 / 4]
    assert table["lca_profile_r"].tolist() == pytest.approx([1.0, 1.0])
    assert table["flags"].tolist() == ["", "is mostly Italy"]


def test_a_type_without_a_class_of_its_own_says_so() -> None:
    one = classes(np.zeros(11, dtype=int), CLASS_PROFILE[1:2])
    table = _types(found(), STABILITY, one, ["", ""])
    assert table["lca_class"].tolist() == [1, 0]
    assert table["lca_profile_r"].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)
    assert table["lca_overlap"].tolist() == pytest.approx([1.0, np.nan], nan_ok=True)


def test_core_and_stability_of_each_type_are_those_of_the_searched() -> None:
    table = _types(found(), STABILITY, classes(), ["", ""])
    assert table["core_share"].tolist() == [4 / 5, 1 / 4]
    assert table["jaccard"].tolist() == pytest.approx([0.9, 0.5])
    assert table["jaccard_lo"].tolist() == pytest.approx([0.805, 0.405])
    assert table["jaccard_hi"].tolist() == pytest.approx([0.995, 0.595])
    assert table["grade"].tolist() == STABILITY.grades()


def test_a_type_that_nobody_searched_is_in_has_no_share() -> None:
    nobody = replace(found(), labels=np.where(LABELS == 1, -1, LABELS))
    table = _types(nobody, STABILITY, classes(), ["", ""])
    assert table["core_share"].tolist() == [4 / 5, 0.0]
    assert table["lca_overlap"].tolist() == [4 / 5, 0.0]


def test_rivals_are_measured_on_the_respondents_both_saw() -> None:
    sample = np.array([0, 1, 2, 5, 6, 7, 9, 10])
    plain = PlainClusters(np.array([1, 1, 1, 0, 0, 0, -1, -1]), sample)
    told = _rivals(found(), classes(LABELS[SEEN].clip(0)), plain)
    assert told["plain_umap_hdbscan"] == {"clusters": 2, "noise_share": 0.25, "ari": 1.0}
    assert told["latent_class"]["classes"] == 3
    assert 0.5 < told["latent_class"]["ari"] < 1  # two unassigned were put into a class


def test_a_rival_that_clustered_nobody_found_nothing() -> None:
    told = _rivals(found(), classes(), PlainClusters(np.full(11, -1), SEEN))["plain_umap_hdbscan"]
    assert told == {"clusters": 0, "noise_share": 1.0, "ari": 0.0}


def test_the_crosswalk_counts_the_searched_who_are_in_a_type() -> None:
    assert _crosswalk(found(), classes()).to_numpy().tolist() == [[1, 4, 0], [4, 0, 0]]


def test_statistics_set_the_survey_first_and_number_the_draws() -> None:
    test = Existence(4.5, np.array([0.3, -0.2]), 1 / 3, 0.1)
    types, items = "types beyond degree (standard deviations)", "association between items"
    assert _statistics(found(), test).to_numpy().tolist() == [
        [types, "observed", 0, 4.5],
        [types, "no types", 1, 0.3],
        [types, "no types", 2, -0.2],
        [items, "observed", 0, 0.31],
        [items, "no association", 1, 0.1],
        [items, "no association", 2, 0.12],
    ]
    assert list(_statistics(found(), test)) == ["statistic", "source", "draw", "value"]
