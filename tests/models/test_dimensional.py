"""The model without types keeps everything about a survey that is not types, and holds none itself."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.surveys import prepared
from typology.discover.propose import Encoded, encoded
from typology.models.dimensional import DimensionalModel, fit_dimensional
from typology.models.layout import indicators, layout
from typology.models.mixture import fit_mixture
from typology.simulate.planted import PlantedOptions, plant

N = 900
SEVERITY = PlantedOptions(n=N, binary=10, ordinal=6, shares=(1.0,), severity=1.3)


def fitted(options: PlantedOptions, *, seed: int = 3) -> tuple[Encoded, DimensionalModel]:
    data = encoded(prepared(plant(options, seed=seed)))
    return data, fit_dimensional(data.codes, data.matrix, data.columns, data.group)


def draws(model: DimensionalModel, *, times: int = 8) -> np.ndarray:
    rng = np.random.default_rng(11)
    return np.concatenate([model.draw(rng) for _ in range(times)])


def correlations(codes: np.ndarray) -> np.ndarray:
    """Item correlations over those who answered both, upper triangle."""
    values = np.where(codes < 0, np.nan, codes.astype(float))
    masked = np.ma.masked_invalid(values)
    return np.asarray(np.ma.corrcoef(masked, rowvar=False))[np.triu_indices(codes.shape[1], 1)]


@pytest.mark.parametrize(
    "options",
    [
        SEVERITY,
        PlantedOptions(n=N, binary=8, ordinal=4, nominal=3, shares=(1.0,), severity=1.0, missing=0.15),
        PlantedOptions(n=N, binary=10, ordinal=6, shares=(1.0,), factors=2),
        PlantedOptions(n=N, binary=10, ordinal=6, separation=1.4),
    ],
    ids=["severity", "mixed with missing", "two factors", "types"],
)
def test_draws_have_the_margins_and_correlations_of_the_survey(options: PlantedOptions) -> None:
    data, model = fitted(options)
    drawn = draws(model)
    answered = np.add.reduceat(data.matrix, data.columns.starts[:-1], axis=1).sum(axis=0)
    margin = data.matrix.sum(axis=0) / answered[data.columns.item]
    assert np.abs(indicators(drawn, data.columns).mean(axis=0) - margin).max() < 0.035
    ordered = data.columns.ordered
    wanted, got = correlations(data.codes[:, ordered]), correlations(drawn[:, ordered])
    # as close as the sampling error of one correlation, for the null is denoised on purpose
    assert np.sqrt(np.mean((wanted - got) ** 2)) < 1.3 / np.sqrt(N)
    assert np.corrcoef(wanted, got)[0, 1] > 0.85
    # on top of what the null says, the survey holds noise only
    assert np.polyfit(got, wanted, 1)[0] == pytest.approx(1, abs=0.12)
    assert np.mean(wanted - got) == pytest.approx(0, abs=0.02)


def test_the_share_to_whom_nothing_happened_is_kept() -> None:
    data, model = fitted(
        PlantedOptions(n=N, binary=10, ordinal=6, shares=(1.0,), severity=1.3, zero_rows=0.4)
    )
    observed = (data.codes == 0).all(axis=1).mean()
    assert observed > 0.4
    assert (draws(model) == 0).all(axis=1).mean() == pytest.approx(observed, abs=0.06)


def test_each_country_keeps_its_own_margins() -> None:
    data, model = fitted(PlantedOptions(n=N, binary=10, ordinal=4, shares=(1.0,), severity=1.3, countries=2))
    drawn = draws(model)
    group = np.tile(data.group, 8)
    for g in range(2):
        observed = data.codes[data.group == g].mean(axis=0)
        assert np.abs(drawn[group == g].mean(axis=0) - observed).max() < 0.15
    # and the countries do differ, by more than the tolerance
    apart = np.abs(data.codes[data.group == 0].mean(axis=0) - data.codes[data.group == 1].mean(axis=0))
    assert apart.max() > 0.3


def test_there_are_no_types_in_the_draws() -> None:
    planted = plant(PlantedOptions(n=N, binary=12, ordinal=8, shares=(0.5, 0.3, 0.2), separation=1.8), seed=6)
    data = encoded(prepared(planted))
    model = fit_dimensional(data.codes, data.matrix, data.columns, data.group)
    drawn = model.draw(np.random.default_rng(0))

    def gain_of_types(codes: np.ndarray) -> float:
        matrix = indicators(codes, data.columns)
        starts = [np.random.default_rng(s).dirichlet(np.ones(3) / 3, size=N) for s in range(8)]
        starts.append(np.eye(3)[planted.truth])
        types = max(fit_mixture(matrix, data.columns, start).log_likelihood for start in starts)
        return (
            types
            - fit_mixture(matrix, data.columns, np.ones((N, 1)), severity=True, known=True).log_likelihood
        )

    # the same margins and correlations, and far less for types to explain
    assert gain_of_types(data.codes) > gain_of_types(drawn) + 0.1 * N


def test_a_nested_pair_of_questions_does_not_take_the_dimension_for_itself() -> None:
    """'Any sexual violence' and 'by a partner': left free, the pair's slopes run away from all others."""
    base = plant(SEVERITY, seed=8)
    codes = base.codes.copy()
    codes[:, 1] = codes[:, 0] * (np.random.default_rng(0).random(N) < 0.9)
    columns = layout(codes.max(axis=0) + 1, [True] * codes.shape[1])
    matrix = indicators(codes, columns)
    model = fit_dimensional(codes, matrix, columns, np.zeros(N, dtype=np.int64))
    span = np.abs(model.mixture.slopes[columns.starts[1:] - 1] - model.mixture.slopes[columns.starts[:-1]])
    assert span[:2].max() < 2.5 * np.median(span[2:])
    others = np.arange(2, codes.shape[1])
    wanted, got = correlations(codes[:, others]), correlations(draws(model)[:, others])
    assert np.mean(got) == pytest.approx(np.mean(wanted), abs=0.03)
    # the pair itself stays nested: nearly everyone with the narrow experience has the wide one
    drawn = draws(model)
    assert np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1] > 0.75


def test_draws_repeat_and_differ_by_seed() -> None:
    _, model = fitted(PlantedOptions(n=200, binary=6, ordinal=2, shares=(1.0,), severity=1.0))
    first = model.draw(np.random.default_rng(1))
    assert (first == model.draw(np.random.default_rng(1))).all()
    assert (first != model.draw(np.random.default_rng(2))).any()
    assert (first >= 0).all()


def test_who_repeats_common_answers_is_likelier_than_who_gives_rare_ones() -> None:
    data, model = fitted(PlantedOptions(n=400, binary=8, ordinal=4, shares=(1.0,), severity=1.3))
    density = model.log_density(data.matrix)
    assert (density < 0).all()
    typical = np.abs(data.codes - np.median(data.codes, axis=0)).sum(axis=1)
    assert np.corrcoef(density, typical)[0, 1] < -0.5
