"""Types planted into this very survey, to learn how distinct types must be to be found in it.

Answers are drawn as for a survey without types: the same margins, degree, gaps, routing and groups. On top,
every respondent belongs to a type, and types shift the log odds of every item. The fit starts from the
planted types and so takes for granted that the search comes upon them, which the validity benchmark bears
out; what is asked here is whether they would stand out from surveys without types.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from typology.discover.calibrate import NullModel, answers, degree_only, light_search
from typology.discover.propose import Encoded
from typology.models.agreement import adjusted_rand
from typology.models.dimensional import fit_dimensional
from typology.models.excess import excess
from typology.models.mixture import fit_mixture
from typology.results import Calibration, Floats, Planted
from typology.schema.study import StudyConfig

STEPS = 60
TOLERANCE = 1e-5
SMALLEST_PLANTED = 0.05


@dataclass(frozen=True)
class Planting:
    """Types as many and as large as the candidates, planted into a survey without types.

    Attributes
    ----------
    null : NullModel
    data : Encoded
    config : StudyConfig
    spread : float
        Standard deviation of the gains of surveys without types of the same correlations.
    shares : float array, (K,)
        Of the types planted.
    """

    null: NullModel
    data: Encoded
    config: StudyConfig
    spread: float
    shares: Floats

    def __call__(self, separation: float, seed: int) -> Planted:
        """Plant once.

        Parameters
        ----------
        separation : float
            Standard deviation between types of an item's log odds.
        seed : int
        """
        rng = np.random.default_rng(seed)
        n, k = len(self.data.codes), len(self.shares)
        truth = rng.choice(k, size=n, p=self.shares)
        effects = separation * rng.normal(size=(k, self.data.codes.shape[1]))
        effects -= self.shares @ effects  # the margins stay about where they are
        data = replace(self.data, codes=self.null.draw(seed, shift=effects[truth]))
        pool = answers(data)
        model = fit_mixture(
            pool.matrix, pool.columns, pool.pooled(np.eye(k)[truth]), count=pool.count, severity=True,
            iterations=STEPS, tolerance=TOLERANCE, slopes=self.null.model.mixture.slopes,
        )  # fmt: skip
        gain = model.log_likelihood - degree_only(data)
        beyond = gain - self._chance(data, seed)
        found = model.membership(pool.matrix)[0].argmax(axis=1)[pool.pattern]
        return Planted(beyond / self.spread, beyond / n, adjusted_rand(truth, found))

    def _chance(self, data: Encoded, seed: int) -> float:
        """What the search gains in one survey without types of the same margins and correlations."""
        k = len(self.shares)
        model = fit_dimensional(data.codes, data.matrix, data.columns, data.group)
        drawn = replace(data, codes=replace(self.null, model=model, codes=data.codes).draw(seed + 1))
        gains = light_search(drawn, self.config, largest={True: k}, seed=seed % 2**31)
        return gains.by_kind[True]


def planting(
    null: NullModel,
    data: Encoded,
    config: StudyConfig,
    calibrations: tuple[Calibration, ...],
    shares: Floats,
) -> Planting:
    """Types as many and as large as the best candidate with degree inside types, none below 5%."""
    known = next(kind for kind in calibrations if kind.severity)
    shares = np.maximum(np.sort(shares)[::-1], SMALLEST_PLANTED)
    beyond, distance = excess(known.gain, known.strength, known.null, known.null_strength)
    return Planting(null, data, config, beyond / distance, shares / shares.sum())
