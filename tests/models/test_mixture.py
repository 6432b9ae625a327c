"""The measurement model: right on its own simulations, and honest about what was not answered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from benchmarks.surveys import prepared
from typology.discover.propose import Encoded, encoded
from typology.models.agreement import adjusted_rand
from typology.models.layout import Layout, indicators, layout, log_table
from typology.models.mixture import Mixture, fit_mixture, n_parameters
from typology.simulate.planted import PlantedOptions, PlantedSurvey, plant

MIXED = PlantedOptions(n=300, binary=8, ordinal=5, nominal=3, shares=(0.6, 0.4), separation=1.4, missing=0.1)


def survey(options: PlantedOptions, *, seed: int = 2) -> tuple[PlantedSurvey, Encoded]:
    planted = plant(options, seed=seed)
    return planted, encoded(prepared(planted))


def random_start(n: int, k: int, *, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(k), size=n)


def penalised(model: Mixture, data: Encoded, *, prior: float = 1.0) -> float:
    """What a fit without severity climbs: log likelihood plus log prior of shares and item parameters."""
    margin = data.matrix.sum(axis=0) + 0.5
    margin /= np.add.reduceat(margin, data.columns.starts[:-1])[data.columns.item]
    table = model.log_table()[:, 0]
    return model.log_likelihood + prior * np.log(model.shares).sum() + prior * float((table @ margin).sum())


def test_a_step_never_lowers_what_is_maximised() -> None:
    _, data = survey(MIXED)
    start = random_start(len(data.codes), 3)
    climbed = [
        penalised(fit_mixture(data.matrix, data.columns, start, iterations=steps, tolerance=0.0), data)
        for steps in range(1, 25)
    ]
    assert (np.diff(climbed) > -1e-8 * abs(climbed[0])).all()
    assert climbed[-1] > climbed[0] + 1


def test_with_severity_the_likelihood_rises_to_the_end() -> None:
    _, data = survey(MIXED)
    start = random_start(len(data.codes), 2)
    climbed = [
        fit_mixture(
            data.matrix, data.columns, start, severity=True, iterations=steps, tolerance=0.0, prior=1e-6
        ).log_likelihood
        for steps in (1, 2, 4, 8, 16, 32)
    ]
    # the slope's weak normal prior is the only thing that may hold the likelihood back
    assert (np.diff(climbed) > -0.05).all()
    assert climbed[-1] > climbed[0] + 20


def test_the_density_is_a_probability_over_all_answers() -> None:
    columns = layout([2, 3, 2], [True, False, True])
    every = np.array([(a, b, c) for a in range(2) for b in range(3) for c in range(2)])
    rng = np.random.default_rng(1)
    codes = every[rng.integers(0, len(every), 80)]
    model = fit_mixture(
        indicators(codes, columns), columns, random_start(80, 2), severity=True, iterations=20
    )
    assert np.exp(model.membership(indicators(every, columns))[1]).sum() == pytest.approx(1.0)
    assert np.add.reduceat(model.profile(), columns.starts[:-1], axis=1) == pytest.approx(np.ones((2, 3)))


@pytest.mark.parametrize("severity", [False, True])
def test_only_the_answered_items_of_a_respondent_count(severity: bool) -> None:
    _, data = survey(MIXED)
    model = fit_mixture(data.matrix, data.columns, random_start(300, 2), severity=severity, iterations=15)
    one = data.codes[:1].copy()
    one[0, ::2] = -1
    # by hand: only the answered items' probabilities, summed over type and severity
    terms = np.log(model.shares)[:, None] + model.log_mass
    for item in np.flatnonzero(one[0] >= 0):
        terms = terms + model.log_table()[:, :, data.columns.starts[item] + one[0, item]]
    posterior, density, _ = model.membership(indicators(one, data.columns))
    assert density[0] == pytest.approx(logsumexp(terms))
    assert posterior[0] == pytest.approx(np.exp(logsumexp(terms, axis=1) - logsumexp(terms)))


def test_who_answered_nothing_gets_the_shares_and_moves_no_item() -> None:
    _, data = survey(MIXED)
    start = random_start(300, 2)
    model = fit_mixture(data.matrix, data.columns, start, iterations=10, tolerance=0.0)
    nothing = indicators(np.full((1, data.codes.shape[1]), -1), data.columns)
    assert model.membership(nothing)[0][0] == pytest.approx(model.shares)
    more = np.vstack([data.matrix, np.repeat(nothing, 40, axis=0)])
    again = fit_mixture(
        more, data.columns, np.vstack([start, np.tile(model.shares, (40, 1))]), iterations=10, tolerance=0.0
    )
    # nobody's density and no parameter depends on them but through the shares
    assert again.log_likelihood == pytest.approx(model.log_likelihood, abs=0.5)
    assert again.profile() == pytest.approx(model.profile(), abs=0.01)


def test_missing_at_random_does_not_bias_the_types() -> None:
    full, _ = survey(PlantedOptions(n=3000, binary=12, ordinal=0, shares=(0.5, 0.5), separation=1.5), seed=4)
    truth = np.eye(2)[full.truth]
    columns = layout([2] * 12, [True] * 12)
    gone = full.codes.copy()
    # all other items go missing mostly where item 0 is a yes: at random, but not completely at random
    gone[:, 1:][
        np.random.default_rng(0).random((3000, 11)) < np.where(full.codes[:, [0]] == 1, 0.6, 0.05)
    ] = -1
    complete = fit_mixture(indicators(full.codes, columns), columns, truth)
    partial = fit_mixture(indicators(gone, columns), columns, truth)
    answered = np.array([full.codes[gone[:, j] >= 0, j].mean() for j in range(1, 12)])
    estimated = (partial.shares @ partial.profile())[1::2][1:]
    actual = full.codes[:, 1:].mean(axis=0)
    # the model does better than the mean of those who answered, and close to the complete survey
    assert np.abs(estimated - actual).mean() < 0.6 * np.abs(answered - actual).mean()
    assert np.abs(partial.profile() - complete.profile()).max() < 0.12


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), severity=st.booleans())
def test_counts_stand_for_repeated_rows(seed: int, severity: bool) -> None:
    rng = np.random.default_rng(seed)
    columns = layout([2, 3, 2, 4], [True, True, True, False])
    codes = np.column_stack([rng.integers(-1, size, 25) for size in (2, 3, 2, 4)])
    count = rng.integers(1, 5, 25)
    start = rng.dirichlet(np.ones(2), size=25)
    matrix = indicators(codes, columns)
    counted = fit_mixture(
        matrix, columns, start, count=count.astype(float), severity=severity, iterations=8, tolerance=0.0
    )
    repeated = fit_mixture(
        np.repeat(matrix, count, axis=0), columns, np.repeat(start, count, axis=0),
        severity=severity, iterations=8, tolerance=0.0,
    )  # fmt: skip
    assert counted.log_likelihood == pytest.approx(repeated.log_likelihood)
    assert counted.profile() == pytest.approx(repeated.profile(), abs=1e-8)
    assert counted.shares == pytest.approx(repeated.shares)


def bic(model: Mixture, n: int) -> float:
    return -2 * model.log_likelihood + model.n_parameters * np.log(n)


def test_degree_alone_is_preferred_where_there_is_only_degree() -> None:
    _, data = survey(PlantedOptions(n=600, binary=12, ordinal=6, shares=(1.0,), severity=1.3))
    one = np.ones((600, 1))
    degree = fit_mixture(data.matrix, data.columns, one, severity=True)
    independent = fit_mixture(data.matrix, data.columns, one)
    # a split into the high and the low, the likeliest start for two types, does not pay once degree is there
    high = degree.membership(data.matrix)[2] > 0
    two = fit_mixture(data.matrix, data.columns, np.eye(2)[high.astype(int)], severity=True)
    types_only = fit_mixture(data.matrix, data.columns, np.eye(2)[high.astype(int)])
    assert bic(degree, 600) < bic(two, 600)
    assert bic(degree, 600) < bic(types_only, 600) < bic(independent, 600)


def test_severity_is_recovered() -> None:
    _, data = survey(PlantedOptions(n=500, binary=25, ordinal=15, shares=(1.0,), severity=1.3))
    model = fit_mixture(data.matrix, data.columns, np.ones((500, 1)), severity=True)
    total = (data.codes / np.array(np.diff(data.columns.starts) - 1)).sum(axis=1)
    assert np.corrcoef(model.membership(data.matrix)[2], total)[0, 1] > 0.95


def test_types_with_severity_inside_are_found_by_the_model_that_has_both() -> None:
    planted, data = survey(
        PlantedOptions(n=800, binary=20, ordinal=10, shares=(0.6, 0.4), separation=1.2, severity=1.0), seed=5
    )
    start = np.eye(2)[planted.truth]
    with_degree = fit_mixture(data.matrix, data.columns, start, severity=True)
    without = fit_mixture(data.matrix, data.columns, start)
    assert bic(with_degree, 800) < bic(without, 800)
    best = adjusted_rand(planted.truth, planted.bayes)
    found = adjusted_rand(planted.truth, with_degree.membership(data.matrix)[0].argmax(axis=1))
    assert found > 0.93 * best


def test_known_groups_keep_their_own_margins() -> None:
    _, data = survey(PlantedOptions(n=900, binary=10, ordinal=4, shares=(1.0,), severity=1.3, countries=3))
    group = data.group
    model = fit_mixture(data.matrix, data.columns, np.eye(3)[group], severity=True, known=True)
    assert model.shares == pytest.approx(np.bincount(group) / 900, abs=0.01)
    observed = np.array([data.matrix[group == g].mean(axis=0) for g in range(3)])
    assert np.abs(model.profile() - observed).max() < 0.03


def test_a_perfect_item_keeps_finite_parameters() -> None:
    columns = layout([2, 2, 2], [True] * 3)
    codes = np.repeat([[0, 0, 0], [1, 1, 1]], 30, axis=0)
    model = fit_mixture(indicators(codes, columns), columns, np.ones((60, 1)), severity=True)
    assert np.isfinite(model.slopes).all()
    assert np.isfinite(model.intercepts).all()


@pytest.mark.parametrize(
    ("severity", "expected"), [(False, 1 + 2 * (1 + 2 + 3)), (True, 1 + 2 * (1 + 2 + 3) + 2 + 3)]
)
def test_free_parameters(severity: bool, expected: int) -> None:
    # two types; a binary, a three-level ordinal (one slope each) and a four-level nominal item (three slopes)
    assert n_parameters(layout([2, 3, 4], [True, True, False]), 2, severity=severity) == expected


def test_level_probabilities_do_not_overflow_and_follow_the_slope() -> None:
    columns: Layout = layout([3], [True])
    table = np.exp(log_table(np.zeros((1, 3)), 500 * columns.rank, np.array([-2.0, 0.0, 2.0]), columns))[0]
    assert table.sum(axis=1) == pytest.approx(np.ones(3))
    assert table[0] == pytest.approx([1, 0, 0], abs=1e-9)
    assert table[1] == pytest.approx([1 / 3] * 3)
    assert table[2] == pytest.approx([0, 0, 1], abs=1e-9)
