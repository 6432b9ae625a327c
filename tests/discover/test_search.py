"""The ladder of candidates and the choice among them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import hdbscan
import numpy as np
import pytest
from clustering import config

from benchmarks.surveys import prepared
from typology.discover.calibrate import answers
from typology.discover.choose import adjusted_bic, best_by_kind, past_best, selection_table
from typology.discover.embed import Run, clusters, co_occurrence
from typology.discover.propose import encoded, settings
from typology.discover.search import ON_THE_WAY, Candidate, search
from typology.models.agreement import adjusted_rand
from typology.results import Calibration
from typology.simulate.planted import PlantedOptions, plant

PLANTED = plant(PlantedOptions(n=400, binary=14, ordinal=6, shares=(0.5, 0.3, 0.2), separation=1.6), seed=4)


def run_of(labels: np.ndarray) -> Run:
    return Run(15, 20, "eom", 1, labels.astype(np.int64))


@pytest.fixture(scope="module")
def candidates() -> list[Candidate]:
    """From a run that merges two of the three types, and noise."""
    labels = np.minimum(PLANTED.truth, 1)
    labels[::9] = -1
    pool = answers(encoded(prepared(PLANTED)))
    run = run_of(labels)
    return search(pool, [run], largest=5, smallest_share=0.0, seed=1)


def test_likelihood_rises_with_the_number_of_types(candidates: list[Candidate]) -> None:
    for severity in (False, True):
        ladder = [one for one in candidates if one.severity == severity]
        assert [one.n_types for one in ladder] == [1, 2, 3, 4, 5]
        assert (np.diff([one.model.log_likelihood for one in ladder]) > 0).all()


def test_a_type_the_clusters_missed_is_found_by_splitting(candidates: list[Candidate]) -> None:
    best = best_by_kind(candidates, n=400, smallest=0.02)[False]
    assert best.n_types == 3
    labels = best.model.membership(encoded(prepared(PLANTED)).matrix)[0].argmax(axis=1)
    assert adjusted_rand(labels, PLANTED.truth) > 0.95 * adjusted_rand(PLANTED.bayes, PLANTED.truth)


def test_types_that_are_too_small_do_not_win(candidates: list[Candidate]) -> None:
    best = best_by_kind(candidates, n=400, smallest=0.25)[False]
    assert best.model.shares.min() >= 0.25
    # none is large enough: the fewest types are left
    assert best_by_kind(candidates, n=400, smallest=0.9)[False].n_types == 2


def test_the_ladder_ends_when_types_get_too_small() -> None:
    pool = answers(encoded(prepared(PLANTED)))
    run = run_of(PLANTED.truth)
    found = search(pool, [run], largest=9, smallest_share=0.15, seed=1, kinds=(False,))
    assert max(one.n_types for one in found) < 9
    assert all(one.model.shares.min() >= 0.15 for one in found[:-1])


def test_the_most_types_are_the_same_when_those_on_the_way_are_fitted_briefly() -> None:
    pool = answers(encoded(prepared(PLANTED)))
    run = run_of(np.minimum(PLANTED.truth, 1))
    briefly, fully = (
        search(pool, [run], largest=3, smallest_share=0.0, seed=1, thorough=False, only_last=only)
        for only in (True, False)
    )
    for brief, full in zip(briefly, fully, strict=True):
        assert (brief.n_types, brief.severity) == (full.n_types, full.severity)
        if brief.n_types == 3:
            assert brief.model.log_likelihood == pytest.approx(full.model.log_likelihood, abs=0.5)
    steps = [[one.model.iterations for one in found if one.n_types < 3] for found in (briefly, fully)]
    assert max(steps[0]) <= ON_THE_WAY < max(steps[1])


def test_the_ladder_ends_once_it_is_enough() -> None:
    pool = answers(encoded(prepared(PLANTED)))
    found = search(
        pool, [run_of(PLANTED.truth)], largest=9, smallest_share=0.0, seed=1, kinds=(False,),
        enough=partial(past_best, n=pool.n),
    )  # fmt: skip
    criterion = [adjusted_bic(one, pool.n) for one in found]
    assert len(found) < 9
    assert np.argmin(criterion) == len(found) - 3
    assert not past_best(found[:-1], n=pool.n)


def test_adjusted_bic_by_hand() -> None:
    model = SimpleNamespace(log_likelihood=-100.0, n_parameters=7)
    candidate = Candidate(2, False, model)
    assert adjusted_bic(candidate, 22) == pytest.approx(200 + 7 * np.log(1.0))
    assert adjusted_bic(candidate, 1198) == pytest.approx(200 + 7 * np.log(50))


def test_selection_table_marks_the_chosen(candidates: list[Candidate]) -> None:
    best = best_by_kind(candidates, n=400, smallest=0.02)
    rng = np.random.default_rng(0)
    kinds = [
        Calibration(
            severity, best[severity].n_types, 50.0, rng.normal(size=12),
            np.zeros(2), rng.normal(size=(12, 2)), chosen=not severity,
        )
        for severity in (False, True)
    ]  # fmt: skip
    table = selection_table(candidates, best, kinds, n=400)
    chosen = table[table["chosen"]]
    assert chosen[["n_types", "severity"]].to_numpy().tolist() == [[3, False]]
    assert table["excess"].notna().sum() == 2
    assert chosen["excess"].item() == pytest.approx(50, abs=3)
    assert (table["bic"] > table["adjusted_bic"]).all()


def test_runs_of_one_cluster_say_nothing_and_noise_is_no_cluster() -> None:
    one = run_of(np.array([0, 0, -1, 0]))
    two = run_of(np.array([0, 1, -1, 1]))
    assert co_occurrence([one]).shape == (4, 0)
    assert co_occurrence([one, two]).tolist() == [[1, 0], [0, 1], [0, 0], [0, 1]]


def test_hdbscan_finds_separate_clouds() -> None:
    rng = np.random.default_rng(0)
    points = np.vstack([rng.normal(size=(60, 2)), rng.normal(size=(40, 2)) + 20])
    (_, method, labels), _ = clusters(points, min_cluster_sizes=(10,), min_samples=5)
    assert method == "eom"
    assert adjusted_rand(labels, np.repeat([0, 1], [60, 40])) > 0.8


def test_one_tree_gives_the_clusters_that_every_size_would_find_alone() -> None:
    points = np.random.default_rng(1).normal(size=(400, 3)) * [3, 2, 1]
    found = list(clusters(points, min_cluster_sizes=(5, 12, 30), min_samples=4))
    assert [(size, method) for size, method, _ in found] == [
        (size, method) for size in (5, 12, 30) for method in ("eom", "leaf")
    ]
    for size, method, labels in found:
        alone = hdbscan.HDBSCAN(
            min_cluster_size=size, min_samples=4, cluster_selection_method=method, approx_min_span_tree=False
        )
        assert np.array_equal(labels, alone.fit_predict(points))
    assert len({labels.tobytes() for *_, labels in found}) > 3


def test_single_precision_finds_the_same_types() -> None:
    data = encoded(prepared(PLANTED))
    runs = [run_of(np.minimum(PLANTED.truth, 1))]
    both = [
        search(answers(data, single=single), runs, largest=4, smallest_share=0.0, seed=1, thorough=False)
        for single in (False, True)
    ]
    for double, single in zip(*both, strict=True):
        assert single.model.log_likelihood == pytest.approx(double.model.log_likelihood, abs=0.05)
        labels = [one.model.membership(data.matrix)[0].argmax(axis=1) for one in (double, single)]
        assert adjusted_rand(*labels) > 0.99


@pytest.mark.parametrize(
    ("size", "n", "expected"),
    [
        ("auto", 1000, (30, 60)),
        ("auto", 100, (10,)),
        ("auto", 100_000, (120, 240)),
        (0.1, 500, (50,)),
        (35, 500, (35,)),
    ],
)
def test_cluster_sizes(size: object, n: int, expected: tuple[int, ...]) -> None:
    asked = config(cluster={"min_cluster_size": size})
    assert settings(asked, n=n, dimensions=3).min_cluster_sizes == expected


@pytest.mark.parametrize(("dimensions", "components"), [(0, 2), (3, 3), (9, 5)])
def test_components_follow_the_latent_dimensions(dimensions: int, components: int) -> None:
    assert settings(config(), n=500, dimensions=dimensions).n_components == components
    fixed = config(embed={"n_components": 7})
    assert settings(fixed, n=500, dimensions=dimensions).n_components == 7


def test_group_codes_are_numbered() -> None:
    survey = prepared(plant(PlantedOptions(n=60, binary=4, ordinal=0, countries=3), seed=1))
    data = encoded(survey)
    assert survey.group is not None
    for g, name in enumerate(sorted(set(survey.group))):
        assert (data.group[survey.group == name] == g).all()
    assert (encoded(replace(survey, group=None)).group == 0).all()
