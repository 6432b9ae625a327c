"""The map and the severity bands never show a small group."""

from __future__ import annotations

import carriers
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from typology.pipeline.pictures import density, severity_bands


def blobs(sizes: list[int], *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    centres = rng.uniform(-10, 10, size=(len(sizes), 2))
    return centres[labels] + rng.normal(size=(len(labels), 2)), labels


def test_every_hexagon_holds_enough_and_most_respondents_are_seen() -> None:
    xy, labels = blobs([600, 300, 200])
    cells = density(carriers.discovery(labels, 3, xy=xy), threshold=10)
    assert (cells["n"] >= 10).all()
    assert cells["n"].sum() >= 0.9 * 1100
    assert set(cells["type"]) >= {"T1", "T2", "T3"}


def test_hexagons_lie_on_one_lattice_of_unit_width() -> None:
    xy, labels = blobs([2000])
    cells = density(carriers.discovery(labels, 1, xy=xy), threshold=10)
    centres = cells[["hex_x", "hex_y"]].to_numpy()
    distance = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
    assert distance[distance > 0].min() == pytest.approx(1.0, abs=1e-5)


def test_respondents_are_counted_in_the_nearest_hexagon() -> None:
    xy = np.array([[0.0, 0.0]] * 20 + [[10.0, 10.0]] * 30)
    cells = density(carriers.discovery(np.repeat([0, 1], [20, 30]), 2, xy=xy), threshold=10)
    assert sorted(zip(cells["n"], cells["type"], strict=True)) == [(20, "T1"), (30, "T2")]


def test_a_type_is_named_only_with_enough_members_in_the_majority() -> None:
    xy = np.zeros((40, 2))
    few = density(carriers.discovery(np.repeat([0, -1], [9, 31]), 1, xy=xy), threshold=10)
    minority = density(carriers.discovery(np.repeat([0, -1], [15, 25]), 1, xy=xy), threshold=10)
    majority = density(carriers.discovery(np.repeat([0, -1], [25, 15]), 1, xy=xy), threshold=10)
    assert [list(cells["type"]) for cells in (few, minority, majority)] == [[""], [""], ["T1"]]


def test_the_hidden_remainder_is_never_a_small_group() -> None:
    xy = np.array([[0.0, 0.0]] * 30 + [[10.0, 0.0]] * 40 + [[5.0, 10.0]] * 3)
    cells = density(carriers.discovery(np.zeros(73, dtype=int), 1, xy=xy), threshold=10)
    assert list(cells["n"]) == [40]


def test_respondents_who_are_not_on_the_map_are_left_out() -> None:
    xy = np.vstack([np.zeros((30, 2)), np.full((500, 2), np.nan)])
    cells = density(carriers.discovery(np.zeros(530, dtype=int), 1, xy=xy), threshold=10)
    assert list(cells["n"]) == [30]


def test_types_of_a_run_without_types_are_not_drawn() -> None:
    xy, labels = blobs([300])
    cells = density(carriers.discovery(np.full_like(labels, -1), 1, xy=xy), threshold=10)
    assert set(cells["type"]) == {""}


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 600), st.sampled_from([1.0, 5.0]), st.integers(0, 10_000))
def test_severity_bands_are_never_small_and_cover_everyone(n: int, skew: float, seed: int) -> None:
    carrier = carriers.discovery(np.zeros(n, dtype=int), 1)
    severity = np.random.default_rng(seed).gamma(1 / skew, size=n)
    object.__setattr__(carrier, "severity", severity)
    bands = severity_bands(carrier, threshold=10)
    assert (bands["n"] >= 10).all()
    assert bands["n"].sum() == n
    assert len(bands) <= 12
    assert bands["band"].is_unique


def test_severity_that_never_varies_is_one_band() -> None:
    carrier = carriers.discovery(np.zeros(50, dtype=int), 1)
    object.__setattr__(carrier, "severity", np.ones(50))
    assert severity_bands(carrier, threshold=10)["n"].tolist() == [50]
