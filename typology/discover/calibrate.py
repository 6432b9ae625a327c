"""What would the same search find in surveys without types?

The statistic is the gain in log likelihood of the types found over a model of degree alone. Draws from the best model
without types are searched exactly as the survey is, and the survey's gain is judged against theirs. This is how a
severity continuum, which UMAP and HDBSCAN happily cut into a dozen clusters, is told from types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from typology.discover.embed import co_occurrence
from typology.discover.propose import Encoded, propose
from typology.discover.search import Answers, Candidate, search
from typology.models.dimensional import DimensionalModel, fit_dimensional
from typology.models.mixture import fit_mixture, indicators
from typology.results import Bools, Floats, Ints, Prepared
from typology.schema.study import StudyConfig

LIGHT_NEIGHBORS = 30
MOST_PATTERNS = 20_000
BASE_STEPS = 60
COPIED = 0.05


@dataclass(frozen=True)
class NullModel:
    """The survey's model without types, and what is needed to draw a survey with its gaps from it."""

    model: DimensionalModel
    refused: Bools
    not_asked: Bools
    gates: Mapping[int, tuple[int, tuple[int, ...]]]
    careless: Bools
    codes: Ints

    def draw(self, seed: int) -> Ints:
        """Levels of one survey without types: same missing answers, routing followed anew.

        Careless respondents keep their answers: a group of them is no type, so the null has it too.
        """
        codes = self.model.draw(np.random.default_rng(seed))
        codes[self.refused] = -1
        for item, (gate, levels) in self.gates.items():
            if gate < 0:
                codes[self.not_asked[:, item], item] = -1
            else:
                codes[~np.isin(codes[:, gate], levels), item] = -1
        codes[self.careless] = self.codes[self.careless]
        return codes


def null_model(prepared: Prepared, data: Encoded) -> NullModel:
    """Fit the best model without types to the clustered respondents."""
    model = fit_dimensional(data.codes, data.matrix, data.columns, data.group)
    careless = _mark(prepared, "straight_lining")
    # two people may well give the same few answers; the same fifty answers are a copied row
    expected = prepared.n * np.exp(model.log_density(data.matrix))
    careless = careless | (_mark(prepared, "duplicate_answers") & (expected < COPIED))
    return NullModel(
        model=model,
        careless=careless,
        codes=data.codes,
        refused=(prepared.codes < 0) & ~prepared.not_asked,
        not_asked=prepared.not_asked,
        gates=prepared.gates,
    )


def _mark(prepared: Prepared, name: str) -> Bools:
    if name not in prepared.flags.columns:
        return np.zeros(prepared.n, dtype=bool)
    return prepared.flags[name].to_numpy(dtype=bool)


def answers(data: Encoded, *, seed: int) -> Answers:
    """Distinct answer patterns; of very many, a sample of respondents' (all respondents are placed later)."""
    codes = data.codes
    unique, pattern, count = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    if len(unique) > MOST_PATTERNS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(codes), MOST_PATTERNS, replace=False))
        weight = np.bincount(pattern.ravel()[chosen], minlength=len(unique))
        kept = np.flatnonzero(weight)
        place = np.full(len(unique), -1)
        place[kept] = np.arange(len(kept))
        unique, count, pattern = unique[kept], weight[kept], place[pattern.ravel()]
    return Answers(indicators(unique, data.columns), data.columns, count.astype(float), pattern.ravel())


@dataclass(frozen=True)
class Gains:
    """Gains of 2, 3, ... types for each kind of model, and the leading eigenvalues of the item correlations."""

    by_kind: dict[bool, list[float]]
    eigenvalues: Floats


def light_search(data: Encoded, config: StudyConfig, *, largest: Mapping[bool, int], seed: int) -> Gains:
    """Gains over degree alone by a quick search, used on the survey and on every null draw alike."""
    pool = answers(data, seed=seed)
    base = _degree_only(data)
    proposals = propose(data, config, seeds=(seed,), n_neighbors=(LIGHT_NEIGHBORS,), permutations=5)
    gains: dict[bool, list[float]] = {}
    for severity, most in largest.items():
        found: list[Candidate] = search(
            pool,
            co_occurrence(proposals.runs),
            [run.labels for run in proposals.runs],
            largest=most,
            smallest_share=0.0,
            seed=seed,
            thorough=False,
            kinds=(severity,),
        )
        scale = len(data.codes) / pool.n
        gains[severity] = [candidate.model.log_likelihood * scale - base for candidate in found[1:]]
    return Gains(gains, proposals.scores.eigenvalues)


def _degree_only(data: Encoded) -> float:
    start: Floats = np.eye(int(data.group.max()) + 1)[data.group]
    return fit_mixture(
        data.matrix, data.columns, start, severity=True, known=True, iterations=BASE_STEPS, tolerance=1e-5
    ).log_likelihood
