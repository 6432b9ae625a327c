"""What the rival methods are told: starts, steps and seeds of latent classes, the habits of UMAP+HDBSCAN."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace
from types import SimpleNamespace

import carriers
import numpy as np
import pytest

from typology.evidence import rivals
from typology.evidence.rivals import fit_classes, plain_clusters
from typology.results import Item, Prepared

CODES = np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
WEIGHT = np.array([2.0, 1.0, 1.0, 4.0])


class Watched:
    """Stands for StepMix: keeps what it is told, and is the likelier the higher `likely` of its start."""

    told: list[dict[str, object]]
    likely: dict[int, float]
    warning = "Initializations did not converge. Try different init parameters."

    def __init__(self, **told: object) -> None:
        self.start = int(str(told["random_state"]))
        self.told.append(told)

    def fit(self, answers: np.ndarray, *, sample_weight: np.ndarray | None) -> None:
        warnings.warn(self.warning, UserWarning, stacklevel=1)
        self.weight = sample_weight

    def score(self, answers: np.ndarray, *, sample_weight: np.ndarray | None) -> float:
        assert sample_weight is self.weight
        return self.likely.get(self.start, -9.0)

    def predict_proba(self, answers: np.ndarray) -> np.ndarray:
        return np.full((len(answers), 2), float(self.start))


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    """Set StepMix aside."""
    import stepmix.stepmix

    class Fresh(Watched):
        told: list[dict[str, object]] = []  # noqa: RUF012 - a new class each time
        likely: dict[int, float] = {}  # noqa: RUF012

    monkeypatch.setattr(stepmix.stepmix, "StepMix", Fresh)
    return Fresh


def steps(watched: type[Watched]) -> list[tuple[object, object]]:
    return [(told["random_state"], told["max_iter"]) for told in watched.told]


def test_each_start_takes_a_few_steps_and_the_likeliest_goes_on_to_the_end(watched: type[Watched]) -> None:
    watched.likely = {7: -5.0, 8: -3.0, 9: -4.0}
    found = fit_classes(CODES, 3, seed=6, weight=WEIGHT)
    assert steps(watched) == [(6, 40), (7, 40), (8, 40), (9, 40), (8, 3000)]
    assert found.log_likelihood == -3.0 * 8  # the mean of eight respondents
    assert found.posterior.tolist() == [[8.0, 8.0]] * 4
    assert fit_classes(CODES, 3, seed=6).log_likelihood == -3.0 * 4


def test_starts_are_told_from_one_another_also_with_two(watched: type[Watched]) -> None:
    watched.likely = {1: -1.0}
    fit_classes(CODES, 2, seed=0, starts=2)
    assert steps(watched) == [(0, 40), (1, 40), (1, 3000)]


@pytest.mark.parametrize(("classes", "starts"), [(1, 4), (2, 1)])
def test_a_single_start_goes_on_to_the_end_at_once(classes: int, starts: int, watched: type[Watched]) -> None:
    fit_classes(CODES, classes, seed=5, starts=starts)
    assert steps(watched) == [(5, 3000)]


def test_seeds_stay_in_the_range_of_random_states(watched: type[Watched]) -> None:
    fit_classes(CODES, 2, seed=2**31 - 1, starts=2)
    assert [start for start, _ in steps(watched)] == [2**31 - 1, 0, 2**31 - 1]


def test_a_start_is_one_quiet_fit_to_the_tolerance(watched: type[Watched]) -> None:
    fit_classes(CODES, 2, seed=1, tolerance=1e-3)
    fit_classes(CODES, 2, seed=1)
    for told, tolerance in zip(watched.told, [1e-3] * 5 + [1e-8] * 5, strict=True):
        assert told["n_components"] == 2
        assert told["n_init"] == 1
        assert told["abs_tol"] == told["rel_tol"] == tolerance
        assert told["progress_bar"] == told["verbose"] == 0
        assert told["measurement"] == {"2 levels": {"model": "binary", "n_columns": 2}}


def test_only_what_is_said_of_convergence_is_passed_over(watched: type[Watched]) -> None:
    watched.warning = "something else"
    with pytest.warns(UserWarning, match="something else"):
        fit_classes(CODES, 1, seed=1)


class Habit:
    """Stands for UMAP and HDBSCAN: keeps what they are told, and calls the first ten a cluster."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.umap: dict[str, object] = {}
        self.hdbscan: dict[str, object] = {}
        self.standard = self.points = np.zeros((0, 0))
        monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=self._umap))
        monkeypatch.setitem(sys.modules, "hdbscan", SimpleNamespace(HDBSCAN=self._hdbscan))

    def _umap(self, **told: object) -> SimpleNamespace:
        self.umap = told
        return SimpleNamespace(fit_transform=self._project)

    def _project(self, standard: np.ndarray) -> np.ndarray:
        self.standard = standard
        return standard[:, :2] * 2

    def _hdbscan(self, **told: object) -> SimpleNamespace:
        self.hdbscan = told
        return SimpleNamespace(fit_predict=self._cluster)

    def _cluster(self, points: np.ndarray) -> np.ndarray:
        self.points = points
        return np.where(np.arange(len(points)) < 10, 0, -1).astype(np.int32)


def survey(n: int) -> Prepared:
    """Three items: yes/no, three levels with every fifth unanswered, and one with the same answer of all."""
    rng = np.random.default_rng(1)
    codes = np.column_stack([rng.integers(0, 2, n), rng.integers(0, 3, n), np.ones(n, dtype=np.int64)])
    codes[::5, 1] = -1
    items = tuple(
        Item(f"q{j}", f"Item {j}", "ordinal", "", (0, 1, 2), ("never", "once", "more")) for j in range(3)
    )
    return replace(
        carriers.prepared(n), items=items, codes=codes.astype(np.int16), not_asked=np.zeros(codes.shape, bool)
    )


def test_habit_is_standardised_items_in_two_dimensions_with_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    habit = Habit(monkeypatch)
    made = survey(50)
    found = plain_clusters(made, seed=2**31 + 4)
    answers = made.codes[:, 1].astype(float)
    given = answers >= 0
    filled = np.where(given, answers, answers[given].mean())
    assert habit.standard[:, 1] == pytest.approx((filled - filled.mean()) / filled.std())
    assert (np.abs(habit.standard[~given, 1]) < 1e-12).all()  # the mean, at which nobody stands out
    yes = made.codes[:, 0].astype(float)
    assert habit.standard[:, 0] == pytest.approx((yes - yes.mean()) / yes.std())
    assert (habit.standard[:, 2] == 0).all()
    assert habit.umap == {
        "n_neighbors": 15, "n_components": 2, "min_dist": 0.0, "init": "pca", "random_state": 4, "n_jobs": 1,
    }  # fmt: skip
    assert np.array_equal(habit.points, habit.standard[:, :2] * 2)
    assert habit.hdbscan == {"min_cluster_size": 10, "min_samples": 5, "approx_min_span_tree": False}
    assert found.labels.tolist() == [0] * 10 + [-1] * 40
    assert found.labels.dtype == np.int64  # others count by them
    assert found.sample.tolist() == list(range(50))


def test_habit_takes_two_in_a_hundred_for_the_smallest_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    habit = Habit(monkeypatch)
    plain_clusters(survey(730), seed=2**31 - 1)
    assert habit.hdbscan["min_cluster_size"] == 15
    assert habit.umap["random_state"] == 2**31 - 1
    plain_clusters(survey(2), seed=2**31)
    assert habit.umap["random_state"] == 0


def test_habit_of_very_many_is_of_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    habit = Habit(monkeypatch)
    made = survey(400)
    monkeypatch.setattr(rivals, "PLAIN_SAMPLE", 300)
    found, again, other = (plain_clusters(made, seed=seed).sample for seed in (3, 3, 4))
    assert found.shape == (300,)
    assert (np.diff(found) > 0).all()  # nobody twice
    assert np.array_equal(found, again)
    assert not np.array_equal(found, other)
    assert np.array_equal(habit.standard[:, 0] > 0, made.codes[other, 0] == 1)
    monkeypatch.setattr(rivals, "PLAIN_SAMPLE", 400)
    assert plain_clusters(made, seed=3).sample.tolist() == list(range(400))
