"""How many types, and with or without degree inside them.

Within each kind of model the number is chosen by the sample-size-adjusted BIC, which finds small types that BIC
misses and does not run on as AIC does. Between the kinds, the one whose gain over degree alone exceeds most what
surveys without types give.

References
----------
Sclove 1987, Psychometrika 52:333-343 (sample-size-adjusted BIC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.discover.search import Candidate
from typology.results import Floats


@dataclass(frozen=True)
class Calibrated:
    """One kind of model at its chosen number of types, against surveys without types.

    `gain` is the survey's, `null` the draws'; both are log likelihoods over a model of degree alone, searched alike.
    """

    candidate: Candidate
    gain: float
    null: Floats

    @property
    def excess(self) -> float:
        """Gain beyond the mean of surveys without types, in log-likelihood units."""
        return self.gain - float(self.null.mean())

    @property
    def distance(self) -> float:
        """Excess in standard deviations of surveys without types."""
        return self.excess / max(float(self.null.std(ddof=1)), 1e-9)


def adjusted_bic(candidate: Candidate, n: float) -> float:
    """Sample-size-adjusted BIC; smaller is better."""
    model = candidate.model
    return float(-2 * model.log_likelihood + model.n_parameters * np.log((n + 2) / 24))


def best_by_kind(candidates: Sequence[Candidate], *, n: float, smallest: float) -> dict[bool, Candidate]:
    """Best candidate of at least two types for each kind, among those whose types are all large enough.

    Parameters
    ----------
    candidates : sequence of Candidate
    n : float
        Respondents.
    smallest : float
        Smallest share a type may have.
    """
    best: dict[bool, Candidate] = {}
    for severity in (False, True):
        several = [c for c in candidates if c.severity == severity and c.n_types > 1]
        large = [c for c in several if c.model.shares.min() >= smallest]
        pool = large or several[:1]
        best[severity] = min(pool, key=lambda candidate: adjusted_bic(candidate, n))
    return best


def choose(calibrated: Mapping[bool, Calibrated]) -> Calibrated:
    """Pick the kind of model with the larger excess over surveys without types."""
    return max(calibrated.values(), key=lambda kind: kind.excess)


def selection_table(
    candidates: Sequence[Candidate], calibrated: Mapping[bool, Calibrated], chosen: Calibrated, *, n: float
) -> pd.DataFrame:
    """One row a candidate, with its criteria and, for the best of each kind, its excess over the null draws."""
    rows = []
    for candidate in candidates:
        model = candidate.model
        rival = calibrated[candidate.severity] if candidate.n_types > 1 else None
        judged = rival is not None and rival.candidate is candidate
        rows.append(
            {
                "n_types": candidate.n_types,
                "severity": candidate.severity,
                "log_likelihood": model.log_likelihood,
                "parameters": model.n_parameters,
                "bic": -2 * model.log_likelihood + model.n_parameters * np.log(n),
                "adjusted_bic": adjusted_bic(candidate, n),
                "smallest_share": float(model.shares.min()),
                "gain": rival.gain if judged and rival else np.nan,
                "excess": rival.excess if judged and rival else np.nan,
                "distance": rival.distance if judged and rival else np.nan,
                "chosen": candidate is chosen.candidate,
            }
        )
    return pd.DataFrame(rows)
