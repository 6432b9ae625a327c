"""How many types, and with or without degree inside them.

Within each kind of model the number is chosen by the sample-size-adjusted BIC, which finds small types that
BIC misses and does not run on as AIC does. Between the kinds, the one whose gain over degree alone exceeds
most what surveys without types give.

References
----------
Sclove 1987, Psychometrika 52:333-343 (sample-size-adjusted BIC).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from typology.discover.search import Candidate
from typology.models.excess import excess
from typology.results import Calibration


def adjusted_bic(candidate: Candidate, n: float) -> float:
    """Sample-size-adjusted BIC of a candidate fitted to `n` respondents; smaller is better."""
    model = candidate.model
    return float(-2 * model.log_likelihood + model.n_parameters * np.log((n + 2) / 24))


def best_of(candidates: Sequence[Candidate], *, n: float, smallest: float) -> Candidate:
    """Best candidate of at least two types among those whose types are all large enough.

    Parameters
    ----------
    candidates : sequence of Candidate
        Of one kind.
    n : float
        Respondents.
    smallest : float
        Smallest share a type may have; when no candidate satisfies it, the one of fewest types is taken.
    """
    several = [c for c in candidates if c.n_types > 1]
    large = [c for c in several if c.model.shares.min() >= smallest]
    return min(large or several[:1], key=lambda candidate: adjusted_bic(candidate, n))


def past_best(candidates: Sequence[Candidate], *, n: float) -> bool:
    """Whether the adjusted BIC of candidates with ever more types has risen twice in a row."""
    last = [adjusted_bic(candidate, n) for candidate in candidates[-3:]]
    return len(last) == 3 and last[0] < last[1] < last[2]


def best_by_kind(candidates: Sequence[Candidate], *, n: float, smallest: float) -> dict[bool, Candidate]:
    """Best candidate of each kind, as `best_of` says."""
    return {
        severity: best_of([c for c in candidates if c.severity == severity], n=n, smallest=smallest)
        for severity in (False, True)
    }


def selection_table(
    candidates: Sequence[Candidate],
    best: Mapping[bool, Candidate],
    calibrations: Sequence[Calibration],
    *,
    n: float,
) -> pd.DataFrame:
    """One row a candidate, with its criteria.

    Parameters
    ----------
    candidates : sequence of Candidate
    best : dict of bool to Candidate
        Best of each kind.
    calibrations : sequence of Calibration
        Fill the columns gain, excess and distance of the best of each kind; NaN elsewhere.
    n : float
        Respondents.
    """
    judged = {
        id(best[kind.severity]): (kind, *excess(kind.gain, kind.strength, kind.null, kind.null_strength))
        for kind in calibrations
    }
    rows = []
    for candidate in candidates:
        model = candidate.model
        kind, beyond, distance = judged.get(id(candidate), (None, np.nan, np.nan))
        rows.append(
            {
                "n_types": candidate.n_types,
                "severity": candidate.severity,
                "log_likelihood": model.log_likelihood,
                "parameters": model.n_parameters,
                "bic": -2 * model.log_likelihood + model.n_parameters * np.log(n),
                "adjusted_bic": adjusted_bic(candidate, n),
                "smallest_share": float(model.shares.min()),
                "gain": kind.gain if kind else np.nan,
                "excess": beyond,
                "distance": distance,
                "chosen": bool(kind and kind.chosen),
            }
        )
    return pd.DataFrame(rows)
