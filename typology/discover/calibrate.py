"""What the same search finds in surveys without types.

The statistic is the gain in log likelihood of the types found over a model of degree alone. Draws from the
best model without types are searched exactly as the survey is, and the survey's gain is judged against
theirs. This is how a severity continuum, which UMAP and HDBSCAN happily cut into a dozen clusters, is told
from types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from typology.discover.propose import Encoded, propose
from typology.discover.search import Answers, Candidate, search
from typology.models.association import ASSOCIATED, rank_p, shuffled_rows
from typology.models.dimensional import DimensionalModel, fit_dimensional
from typology.models.excess import correlation_strength
from typology.models.layout import indicators
from typology.models.mixture import fit_mixture
from typology.models.scores import LatentScores
from typology.results import Bools, Calibration, Floats, Gate, Ints, Prepared
from typology.schema.study import StudyConfig

LIGHT_NEIGHBORS = 30
# starting from the latent scores; four times as many leave most gains as they are, and move the others by
# less than a third of the spread between draws, either way
LIGHT_EPOCHS = 50
BASE_STEPS = 60
COPIED = 0.05


@dataclass(frozen=True)
class NullModel:
    """The survey's model without types, and what is needed to draw a survey with its gaps from it.

    Attributes
    ----------
    model : DimensionalModel
    refused : bool array, (n, p)
        Unanswered for any other reason than a closed gate among the items: these gaps stay.
    gates : tuple of Gate
        As in :class:`typology.results.Prepared`.
    careless : bool array, (n,)
        Straight-lining or copied answers.
    codes : int array, (n, p)
        The survey's own levels.
    """

    model: DimensionalModel
    refused: Bools
    gates: tuple[Gate, ...]
    careless: Bools
    codes: Ints

    def draw(self, seed: int, *, shift: Floats | None = None) -> Ints:
        """Levels of one survey without types, (n, p), -1 where there is no answer.

        Refused answers stay refused, and who was routed past by something that is no item stays so; routing
        by items is followed anew from the answers drawn. Careless respondents keep their answers: a group of
        them is no type, so the null has it too. `shift` is that of `DimensionalModel.draw`.
        """
        codes = self.model.draw(np.random.default_rng(seed), shift=shift)
        codes[self.refused] = -1
        for route in self.gates:
            codes[_closed(route, codes, self.refused), route.item] = -1
        codes[self.careless] = self.codes[self.careless]
        return codes


@dataclass(frozen=True)
class ShuffledAnswers:
    """Surveys whose items have nothing to do with each other.

    Attributes
    ----------
    codes : int array, (n, p)
        The survey's own levels, -1 where there is no answer: these gaps stay.
    group : int array, (n,)
        Answers are shuffled within these groups.
    careless : bool array, (n,)
        They keep their answers.
    """

    codes: Ints
    group: Ints
    careless: Bools

    def draw(self, seed: int) -> Ints:
        """Levels of one survey, (n, p): each item's answers shuffled over those who answered it."""
        rng = np.random.default_rng(seed)
        codes = self.codes.copy()
        for item in range(codes.shape[1]):
            to, source = shuffled_rows((codes[:, item] >= 0) & ~self.careless, self.group, rng)
            codes[to, item] = self.codes[source, item]
        return codes


def compared_with(null: NullModel, data: Encoded, scores: LatentScores) -> NullModel | ShuffledAnswers:
    """Surveys without types that a survey is judged against.

    Where items do not go together, degree fitted to them is chance; surveys drawn from it would differ in a
    degree that the survey itself does not have, and types would seem to gain over it.
    """
    if rank_p(scores.association, scores.chance_association) > ASSOCIATED:
        return ShuffledAnswers(data.codes, data.group, null.careless)
    return null


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
    refused = prepared.codes < 0
    for route in prepared.gates:
        refused[_closed(route, data.codes, refused) & prepared.not_asked[:, route.item], route.item] = False
    return NullModel(model=model, careless=careless, codes=data.codes, refused=refused, gates=prepared.gates)


def _closed(route: Gate, codes: Ints, refused: Bools) -> Bools:
    """Who is routed past the item: a gate without an answer closes only by being routed past itself."""
    return np.asarray(~np.isin(codes[:, route.gate], route.levels) & ~refused[:, route.gate])


def _mark(prepared: Prepared, name: str) -> Bools:
    if name not in prepared.flags.columns:
        return np.zeros(prepared.n, dtype=bool)
    return prepared.flags[name].to_numpy(dtype=bool)


def answers(data: Encoded, *, single: bool = False) -> Answers:
    """Distinct answer patterns of the respondents; `single` as in :class:`Answers`."""
    unique, pattern, count = np.unique(data.codes, axis=0, return_inverse=True, return_counts=True)
    matrix = indicators(unique, data.columns)
    return Answers(matrix, data.columns, count.astype(float), pattern.ravel(), single)


@dataclass(frozen=True)
class Gains:
    """What a quick search gained, and how strongly the items go together.

    Attributes
    ----------
    by_kind : dict of bool to float
        Log likelihood over degree alone of the types, without and with severity inside types.
    eigenvalues : float array, (q,)
        Of the item correlations, descending.
    """

    by_kind: dict[bool, float]
    eigenvalues: Floats


def light_search(data: Encoded, config: StudyConfig, *, largest: Mapping[bool, int], seed: int) -> Gains:
    """Gains over degree alone by a quick search, used on the survey and on every null draw alike.

    Parameters
    ----------
    data : Encoded
    config : StudyConfig
    largest : dict of bool to int
        Types to search, for each kind of model.
    seed : int

    Returns
    -------
    Gains
    """
    pool = answers(data, single=True)
    base = degree_only(data)
    proposals = propose(
        data, config, seeds=(seed,), n_neighbors=(LIGHT_NEIGHBORS,), permutations=5, epochs=LIGHT_EPOCHS
    )
    gains: dict[bool, float] = {}
    for severity, most in largest.items():
        found: list[Candidate] = search(
            pool,
            proposals.runs,
            largest=most,
            smallest_share=0.0,
            seed=seed,
            thorough=False,
            only_last=True,
            kinds=(severity,),
        )
        gains[severity] = found[-1].model.log_likelihood - base
    return Gains(gains, proposals.scores.eigenvalues)


def side_by_side(
    found: Sequence[Gains], largest: Mapping[bool, int], *, n: int, dimensions: int
) -> tuple[Calibration, ...]:
    """Gains of the survey (the first) and of the draws without types, for each kind of model.

    Parameters
    ----------
    found : sequence of Gains
    largest : dict of bool to int
        Number of types they were searched for, for each kind.
    n, dimensions : int
        Respondents, and latent dimensions of the survey.
    """
    strength = np.array(
        [correlation_strength(gains.eigenvalues, n=n, dimensions=dimensions) for gains in found]
    )
    return tuple(
        Calibration(
            severity=severity,
            n_types=n_types,
            gain=found[0].by_kind[severity],
            null=np.array([draw.by_kind[severity] for draw in found[1:]]),
            strength=strength[0],
            null_strength=strength[1:],
        )
        for severity, n_types in largest.items()
    )


def degree_only(data: Encoded) -> float:
    """Log likelihood of a model of degree alone, with a distribution of its own in each known group."""
    start: Floats = np.eye(int(data.group.max()) + 1)[data.group]
    return fit_mixture(
        data.matrix, data.columns, start, severity=True, known=True, iterations=BASE_STEPS, tolerance=1e-5
    ).log_likelihood
