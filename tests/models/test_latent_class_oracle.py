"""Published latent class solutions: our mixture, and StepMix through the evidence stage, reproduce them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from typology.evidence.rivals import fit_classes
from typology.models.layout import indicators, layout
from typology.models.mixture import Mixture, fit_mixture

pytestmark = pytest.mark.realdata

# poLCA: log likelihood and shares of three classes
PUBLISHED = {
    "carcinoma": (-293.705, (0.4447, 0.3736, 0.1817)),
    "gss82": (-2754.545, (0.621, 0.207, 0.172)),
}


def patterns(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Distinct answer patterns and how many gave them."""
    frame = pd.read_csv(path)
    codes = np.column_stack([np.unique(frame[name], return_inverse=True)[1] for name in frame])
    return np.unique(codes, axis=0, return_counts=True)


@pytest.fixture(params=sorted(PUBLISHED))
def published(request: pytest.FixtureRequest, realdata: Path):
    codes, count = patterns(realdata / "lca" / f"{request.param}.csv")
    return codes, count.astype(float), *PUBLISHED[request.param]


def best_of_random_starts(codes: np.ndarray, count: np.ndarray, *, starts: int) -> Mixture:
    columns = layout(codes.max(axis=0) + 1, [True] * codes.shape[1])
    matrix = indicators(codes, columns)
    rng = np.random.default_rng(0)
    fits = [
        fit_mixture(
            matrix, columns, rng.dirichlet(np.ones(3), size=len(codes)), count=count,
            iterations=3000, tolerance=1e-10, prior=1e-6,
        )
        for _ in range(starts)
    ]  # fmt: skip
    return max(fits, key=lambda fit: fit.log_likelihood)


def test_our_mixture_reproduces_the_published_solution(published) -> None:
    codes, count, log_likelihood, shares = published
    model = best_of_random_starts(codes, count, starts=12)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=1e-3)
    assert np.sort(model.shares)[::-1] == pytest.approx(shares, abs=1e-3)


def test_stepmix_through_the_evidence_stage_reproduces_the_published_solution(published) -> None:
    codes, count, log_likelihood, shares = published
    model = fit_classes(codes, 3, seed=3, weight=count, starts=10)
    assert model.log_likelihood == pytest.approx(log_likelihood, abs=5e-3)
    posterior = count @ model.posterior / count.sum()
    assert np.sort(posterior)[::-1] == pytest.approx(shares, abs=5e-3)


def test_the_prior_used_for_discovery_costs_little_on_published_data(published) -> None:
    codes, count, log_likelihood, _ = published
    columns = layout(codes.max(axis=0) + 1, [True] * codes.shape[1])
    matrix = indicators(codes, columns)
    start = best_of_random_starts(codes, count, starts=12).membership(matrix)[0]
    smoothed = fit_mixture(matrix, columns, start, count=count, iterations=3000, tolerance=1e-10)
    assert log_likelihood - 4 < smoothed.log_likelihood < log_likelihood
