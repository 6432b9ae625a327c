"""Rival methods on answers whose right result can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import carriers
import numpy as np
import pytest

from typology.evidence import rivals
from typology.evidence.rivals import (
    FittedClasses,
    _Arranged,
    _fit_row,
    fit_classes,
    latent_classes,
    plain_clusters,
    profile_of,
)
from typology.results import Item, Prepared


def survey(codes: np.ndarray, *levels: int) -> Prepared:
    items = tuple(
        Item(f"q{j}", f"Item {j}", "ordinal", "", tuple(range(k)), tuple(map(str, range(k))))
        for j, k in enumerate(levels)
    )
    made = carriers.prepared(len(codes))
    return replace(made, items=items, codes=codes.astype(np.int16), not_asked=np.zeros(codes.shape, bool))


def two_classes(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Nine yes/no items of two classes, one third in the second."""
    rng = np.random.default_rng(8)
    kinds = (rng.random(n) < 1 / 3).astype(np.int64)
    return (rng.random((n, 9)) < np.where(kinds == 1, 0.85, 0.15)[:, None]).astype(np.int64), kinds


def test_one_class_is_the_margins() -> None:
    codes = np.array([[1, 0], [1, 2], [0, 1], [1, -1]])
    model = fit_classes(codes, 1, seed=1)
    # yes/no: 3 of 4; three levels: a third each of the three who answered
    expected = 3 * math.log(3 / 4) + math.log(1 / 4) + 3 * math.log(1 / 3)
    assert model.log_likelihood == pytest.approx(expected, abs=1e-4)
    assert np.allclose(model.posterior, np.ones((4, 1)))


def test_rows_that_many_share_count_as_often() -> None:
    codes, _ = two_classes(120)
    unique, count = np.unique(codes, axis=0, return_counts=True)
    each = fit_classes(codes, 2, seed=3)
    together = fit_classes(unique, 2, seed=3, weight=count.astype(float))
    assert together.log_likelihood == pytest.approx(each.log_likelihood, abs=0.01)


def test_items_are_arranged_by_levels_and_by_whether_everybody_answered() -> None:
    codes = np.array([[2, 1, 0], [-1, 0, 1], [0, -1, 2]])
    data = _Arranged.of(codes)
    about = {name: (each["model"], each["n_columns"]) for name, each in data.measurement.items()}
    assert about == {
        "2 levels, some unanswered": ("binary_nan", 1),
        "3 levels": ("categorical", 3),
        "3 levels, some unanswered": ("categorical_nan", 3),
    }
    gap = np.nan
    np.testing.assert_array_equal(
        data.answers, [[1, 1, 0, 0, 0, 0, 1], [0, 0, 1, 0, gap, gap, gap], [gap, 0, 0, 1, 1, 0, 0]]
    )
    # an item nobody said yes to has a no and a yes still
    assert _Arranged.of(np.zeros((3, 2), dtype=int)).measurement == {
        "2 levels": {"model": "binary", "n_columns": 2}
    }


def test_of_several_starts_the_most_likely_is_fitted_to_the_end() -> None:
    codes, kinds = two_classes(200)
    fitted = fit_classes(codes, 2, seed=5)
    mine = fitted.posterior.argmax(axis=1)
    assert max((mine == kinds).mean(), (mine != kinds).mean()) > 0.97
    more = fit_classes(codes, 4, seed=5, starts=6)
    fewer = fit_classes(codes, 4, seed=5, starts=1)
    assert more.log_likelihood >= fewer.log_likelihood - 1e-6
    assert fit_classes(codes, 4, seed=5, starts=6).log_likelihood == more.log_likelihood


def test_criteria_are_those_of_the_textbooks() -> None:
    posterior = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    weight = np.array([4.0, 2.0, 6.0])
    row = _fit_row(2, -100.0, 7, 12.0, posterior, weight)
    assert row == pytest.approx(
        {
            "classes": 2,
            "log_likelihood": -100.0,
            "aic": 214.0,
            "bic": 200 + 7 * math.log(12),
            "abic": 200 + 7 * math.log(14 / 24),
            "entropy": 1 - 2 * math.log(2) / (12 * math.log(2)),
            "smallest_share": 5 / 12,
        }
    )
    assert _fit_row(1, -10.0, 2, 12.0, np.ones((3, 1)), weight)["entropy"] == 1.0


def series(monkeypatch: pytest.MonkeyPatch, likelihood: dict[int, float]) -> list[int]:
    """Let the models of each number of classes have these log likelihoods; return which were fitted."""
    tried: list[int] = []

    def fit(codes: np.ndarray, k: int, *, seed: int, weight: np.ndarray) -> FittedClasses:
        tried.append(k)
        assert seed == 1
        assert weight.tolist() == [1, 1, 2, 1]  # two respondents share their answers
        posterior = np.zeros((len(codes), k))
        posterior[np.arange(len(codes)), np.arange(len(codes)) % k] = 1.0
        return FittedClasses(likelihood[k], posterior)

    monkeypatch.setattr(rivals, "fit_classes", fit)
    return tried


CODES = np.array([[0, 1], [1, 0], [1, 0], [0, 0], [1, 2]])


def test_classes_are_added_until_bic_has_risen_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    # 3 free answers: k classes have 4k - 1 parameters, so one class more costs 4 log(5) = 6.4
    tried = series(monkeypatch, {1: -50.0, 2: -40.0, 3: -39.0, 4: -20.0, 5: -19.0, 6: -18.0, 7: 0.0})
    found = latent_classes(survey(CODES, 2, 3), seed=1)
    assert tried == [1, 2, 3, 4, 5, 6]  # one rise, at three, ends nothing
    assert found.fit["classes"].tolist() == tried
    assert found.fit.loc[1, "bic"] == pytest.approx(80 + 7 * math.log(5))
    assert found.fit["bic"].idxmin() == 3
    # patterns sorted: (0, 0), (0, 1), (1, 0), (1, 2); of four classes each takes one
    assert found.labels.tolist() == [1, 2, 2, 0, 3]
    assert found.labels.dtype == np.int64  # others count by them
    assert found.profile.shape == (4, 5)


def test_more_than_seven_classes_are_never_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = series(monkeypatch, {k: 10.0 * k for k in range(1, 9)})
    assert len(latent_classes(survey(CODES, 2, 3), seed=1).fit) == 7
    assert tried == [1, 2, 3, 4, 5, 6, 7]


def test_two_rises_from_the_start_leave_one_class(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = series(monkeypatch, {1: -50.0, 2: -49.0, 3: -48.0})
    found = latent_classes(survey(CODES, 2, 3), seed=1)
    assert tried == [1, 2, 3]
    assert found.labels.tolist() == [0] * 5
    assert found.profile.tolist() == [pytest.approx([0.4, 0.6, 0.6, 0.2, 0.2])]


def test_a_profile_is_of_those_who_answered() -> None:
    codes = np.array([[0, 2], [1, -1], [-1, 0], [-1, 1]])
    labels = np.array([0, 0, 1, -1])
    assert profile_of(codes, labels, survey(codes, 2, 3)).tolist() == [
        [0.5, 0.5, 0.0, 0.0, 1.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
    ]


def test_plain_clusters_are_those_a_picture_shows() -> None:
    codes, kinds = two_classes(300)
    codes[0, 0] = -1  # filled with the mean, as is the habit
    codes = np.column_stack([codes, np.zeros(300, dtype=np.int64)])  # a question with one answer only
    found = plain_clusters(survey(codes, *[2] * 10), seed=3)
    assert np.array_equal(found.sample, np.arange(300))
    assert len(found.labels) == 300
    clusters = [found.labels == c for c in range(found.labels.max() + 1)]
    assert len(clusters) >= 2
    # whatever the number of clusters, each is of one kind
    assert np.mean([max(kinds[c].mean(), 1 - kinds[c].mean()) for c in clusters]) > 0.9
    assert min(c.sum() for c in clusters) >= 10


def test_plain_clusters_of_very_many_are_of_a_fixed_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "PLAIN_SAMPLE", 120)
    codes, _ = two_classes(150)
    first, again, other = (plain_clusters(survey(codes, *[2] * 9), seed=seed) for seed in (3, 3, 4))
    assert len(first.labels) == len(first.sample) == len(set(first.sample)) == 120
    assert (np.diff(first.sample) > 0).all()
    assert np.array_equal(first.sample, again.sample)
    assert not np.array_equal(first.sample, other.sample)
