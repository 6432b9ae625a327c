"""What the same search finds in surveys without types.

The statistic is the gain in log likelihood of the types found over a model of degree alone. Draws from the
best model without types are searched exactly as the survey is, and the survey's gain is judged against
theirs. This is how a severity continuum, which UMAP and HDBSCAN happily cut into a dozen clusters, is told
from types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from typology.discover.embed import co_occurrence
from typology.discover.propose import Encoded, propose
from typology.discover.search import Answers, Candidate, search
from typology.models.dimensional import DimensionalModel, fit_dimensional
from typology.models.layout import indicators
from typology.models.mixture import fit_mixture
from typology.results import Bools, Floats, Ints, Prepared
from typology.schema.study import StudyConfig

LIGHT_NEIGHBORS = 30
MOST_PATTERNS = 20_000
BASE_STEPS = 60
COPIED = 0.05


@dataclass(frozen=True)
class NullModel:
    """The survey's model without types, and what is needed to draw a survey with its gaps from it.

    Attributes
    ----------
    model : DimensionalModel
    refused, not_asked : bool arrays, (n, p)
        Unanswered for any other reason than routing, and routed past.
    gates : dict
        As in :class:`typology.results.Prepared`.
    careless : bool array, (n,)
        Straight-lining or copied answers.
    codes : int array, (n, p)
        The survey's own levels.
    """

    model: DimensionalModel
    refused: Bools
    not_asked: Bools
    gates: Mapping[int, tuple[int, tuple[int, ...]]]
    careless: Bools
    codes: Ints

    def draw(self, seed: int) -> Ints:
        """Levels of one survey without types, (n, p), -1 where there is no answer.

        Refused answers stay refused, routing is followed anew from the gates drawn (where the gate is no
        item, who was not asked stays so). Careless respondents keep their answers: a group of them is no
        type, so the null has it too.
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
    """Fit the best model without types to the clustered respondents.

    Parameters
    ----------
    prepared : Prepared
        Its flags ``straight_lining`` and ``duplicate_answers``, where present, mark the careless.
    data : Encoded
        Of the same respondents.
    """
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
    """Distinct answer patterns of the respondents.

    Parameters
    ----------
    data : Encoded
    seed : int
        Of more than 20,000 patterns, those of 20,000 sampled respondents are kept: all respondents are placed
        later, and `Answers.pattern` is -1 for patterns left out.
    """
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
    """What a quick search gained, and how strongly the items go together.

    Attributes
    ----------
    by_kind : dict of bool to list of float
        Log likelihood over degree alone of 2, 3, ... types, without and with severity inside types.
    eigenvalues : float array, (q,)
        Of the item correlations, descending.
    """

    by_kind: dict[bool, list[float]]
    eigenvalues: Floats


def light_search(data: Encoded, config: StudyConfig, *, largest: Mapping[bool, int], seed: int) -> Gains:
    """Gains over degree alone by a quick search, used on the survey and on every null draw alike.

    Parameters
    ----------
    data : Encoded
    config : StudyConfig
    largest : dict of bool to int
        Types to search up to, for each kind of model.
    seed : int

    Returns
    -------
    Gains
    """
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
