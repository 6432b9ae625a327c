"""Resampling: grades, what counts, and when to stop."""

from __future__ import annotations

import numpy as np
import pytest

from typology.evidence.resample import Stability, grade, resample
from typology.progress import SilentProgress
from typology.results import Ints

LABELS = np.repeat([0, 1, 2], [60, 30, 10])


class Counting(SilentProgress):
    """Counts the steps reported."""

    def __init__(self) -> None:
        self.steps = 0
        self.started: list[tuple[str, int]] = []

    def start(self, stage: str, *, total: int) -> None:
        self.started.append((stage, total))

    def advance(self, steps: int = 1) -> None:
        self.steps += steps


def run(refit, labels: Ints = LABELS, *, most: int = 60, jobs: int = 1, progress=None) -> Stability:
    return resample(labels, 3, refit, most=most, seed=5, jobs=jobs, progress=progress or SilentProgress())


class Same:
    """The same types, named otherwise."""

    def __call__(self, rows: Ints, seed: int) -> Ints:
        return 2 - LABELS[rows]


class Merging:
    """Type 2 always goes along with type 1."""

    def __call__(self, rows: Ints, seed: int) -> Ints:
        return np.minimum(LABELS[rows], 1)


class Arbitrary:
    """Different groups every time."""

    def __call__(self, rows: Ints, seed: int) -> Ints:
        return np.random.default_rng(seed).integers(0, 3, len(rows))


class Wavering:
    """Type 1 is found in half of the resamples only: its mean lies on a bound."""

    def __call__(self, rows: Ints, seed: int) -> Ints:
        labels = LABELS[rows].copy()
        if seed % 2:
            ones = np.flatnonzero(labels == 1)
            labels[ones[len(ones) // 2 :]] = 0
        return labels


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (1.0, "highly stable"), (0.85, "highly stable"), (0.8499, "stable"), (0.75, "stable"),
        (0.7499, "pattern only"), (0.6, "pattern only"), (0.5999, "dissolved"), (0.0, "dissolved"),
    ],
)  # fmt: skip
def test_bands(value: float, name: str) -> None:
    assert grade(value) == name


def test_the_same_types_under_other_names_are_fully_stable_and_stop_early() -> None:
    progress = Counting()
    stability = run(Same(), progress=progress)
    assert (stability.values == 1).all()
    assert len(stability.values) == 20
    assert progress.started == [("Resampling", 60)]
    assert progress.steps == 60  # the bar still fills
    assert stability.grades() == ["highly stable"] * 3


def test_a_type_that_goes_along_with_another_dissolves() -> None:
    stability = run(Merging())
    # type 2 is a quarter of what it is merged into; type 1 is three quarters of it
    assert stability.mean == pytest.approx([1.0, 0.75, 0.25], abs=0.05)
    assert stability.grades()[2] == "dissolved"
    assert stability.grades()[0] == "highly stable"


def test_arbitrary_groups_dissolve() -> None:
    assert run(Arbitrary()).grades() == ["dissolved"] * 3


def test_a_grade_that_is_in_doubt_takes_all_resamples() -> None:
    values = run(Wavering(), most=40).values
    assert len(values) == 40
    assert 0.6 < values[:, 1].mean() < 0.9


def test_unassigned_respondents_count_for_no_type() -> None:
    labels = LABELS.copy()
    labels[:10] = -1  # out of type 0: they are in its refit, which costs it their share of the union
    stability = run(Same(), labels)
    assert stability.mean[1:] == pytest.approx([1.0, 1.0])
    assert stability.mean[0] == pytest.approx(50 / 60, abs=0.05)


def test_the_number_of_processes_changes_nothing() -> None:
    assert (run(Arbitrary(), most=20, jobs=2).values == run(Arbitrary(), most=20).values).all()


def test_settled_needs_distance_from_every_bound() -> None:
    far = Stability(np.full((20, 2), 0.95) + np.linspace(-0.01, 0.01, 20)[:, None])
    near = Stability(np.column_stack([far.values[:, 0], np.linspace(0.72, 0.79, 20)]))
    assert far.settled()
    assert not near.settled()
    low, high = near.interval()
    assert low[1] == pytest.approx(0.72, abs=0.005)
    assert high[1] == pytest.approx(0.79, abs=0.005)


def test_settled_is_three_standard_errors_of_each_type() -> None:
    values = np.array([0.9, 0.7] * 10)  # mean 0.8, standard error 0.1026 / sqrt(20) = 0.0229
    error = values.std(ddof=1) / np.sqrt(20)
    # the nearest bounds are 0.75 and 0.85, 0.05 away: 2.18 standard errors
    assert not Stability(values[:, None]).settled()
    tight = 0.8 + (values - 0.8) * (0.05 / (3 * error))
    assert Stability((0.8 + (tight - 0.8) * 0.99)[:, None]).settled()
    assert not Stability((0.8 + (tight - 0.8) * 1.01)[:, None]).settled()
    steady = np.full(20, 0.95)
    assert Stability(np.column_stack([steady, 0.8 + (tight - 0.8) * 0.99])).settled()
    assert not Stability(np.column_stack([steady, 0.8 + (tight - 0.8) * 1.01])).settled()


def test_settled_holds_every_type_against_its_own_error() -> None:
    """One mean is close to a bound and certain, the other as uncertain as its own distance allows."""
    certain = np.full(20, 0.86)
    values = np.array([0.9, 0.7] * 10)
    spread = 0.8 + (values - 0.8) * 0.99 * 0.05 / (3 * values.std(ddof=1) / np.sqrt(20))
    assert Stability(np.column_stack([certain, spread])).settled()


def test_a_mean_at_a_bound_is_not_settled_however_alike_the_resamples_are() -> None:
    assert not Stability(np.full((20, 1), 0.75)).settled()
    assert Stability(np.full((20, 1), 0.76)).settled()


def test_a_type_of_which_nobody_is_drawn_is_not_found_again() -> None:
    labels = np.repeat([0, 1, 2], [60, 39, 1])
    rare = run(lambda rows, seed: labels[rows], labels, most=20).values
    assert (rare[:, :2] == 1.0).all()
    assert set(rare[:, 2]) == {0.0, 1.0}


def test_the_resamples_so_far_are_part_of_all_that_will_be_made() -> None:
    """Twenty of twenty-five tell the mean of all twenty-five closer than that of infinitely many."""
    values = np.array([0.9, 0.7] * 10)
    error = values.std(ddof=1) * np.sqrt(1 / 20 - 1 / 25)
    for factor, expected in ((0.99, True), (1.01, False)):
        spread = Stability((0.8 + (values - 0.8) * factor * 0.05 / (3 * error))[:, None])
        assert spread.settled(25) is expected
        assert not spread.settled()
    assert Stability(values[:, None]).settled(20)  # nothing is left to come


class Recording:
    """The same types; keeps what it was asked."""

    def __init__(self) -> None:
        self.rows: list[Ints] = []
        self.seeds: list[int] = []

    def __call__(self, rows: Ints, seed: int) -> Ints:
        self.rows.append(rows)
        self.seeds.append(seed)
        return LABELS[rows]


def test_resamples_are_as_large_as_the_survey_drawn_anew_and_repeatable() -> None:
    first, second = Recording(), Recording()
    run(first, most=20)
    run(second, most=20)
    assert first.seeds == second.seeds
    assert len(set(first.seeds)) == 20
    assert first.seeds == [int(s) for s in np.random.SeedSequence([5, 1]).generate_state(20)]
    for mine, other in zip(first.rows, second.rows, strict=True):
        assert np.array_equal(mine, other)
        assert len(mine) == len(LABELS)
        assert (np.diff(mine) >= 0).all()
    drawn = np.unique(np.concatenate(first.rows))
    assert drawn.min() == 0
    assert drawn.max() == len(LABELS) - 1


def test_a_respondent_drawn_twice_counts_once() -> None:
    """Type 0 loses its even members to type 1: the Jaccard index is that of the distinct respondents."""
    again = np.where((LABELS == 0) & (np.arange(100) % 2 == 0), 1, LABELS)
    asked = Recording()

    def refit(rows: Ints, seed: int) -> Ints:
        asked(rows, seed)
        return again[rows]

    values = run(refit, most=1).values[0]
    once = np.unique(asked.rows[0])
    mine, other = LABELS[once] == 0, again[once] == 0
    assert values[0] == pytest.approx((mine & other).sum() / (mine | other).sum())
    assert values[2] == 1.0
