"""Types, only degree, or nothing at all.

``types``: the types explain more than in every survey drawn without types, by at least three of their standard
deviations, and at least two of them survive resampling. ``gradient``: items go together, but degree explains it.
``none``: items do not go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from typology.results import Calibration, Floats, Verdict

ASSOCIATED = 0.01
LEAST_DISTANCE = 3.0
LEAST_TYPES = 2


@dataclass(frozen=True)
class Existence:
    """Test of types against degree alone.

    Attributes
    ----------
    distance : float
        Standard deviations of surveys without types between their mean and this survey.
    null : float array
        The same for every draw, each judged against the other draws.
    p : float
        Rank p-value, (1 + draws at least as far) / (1 + draws).
    """

    distance: float
    null: Floats
    p: float


def existence(calibrations: Sequence[Calibration]) -> Existence:
    """Judge the survey and every null draw by the same rule.

    The kind of model with the larger excess is taken, in the survey and in each draw alike, so that having looked at
    two kinds is paid for.
    """
    gain = np.array([c.gain for c in calibrations])
    null = np.array([c.null for c in calibrations])  # (kinds, draws)
    distance = _distance(gain, null)
    each = np.array(
        [_distance(null[:, b], np.delete(null, b, axis=1)) for b in range(null.shape[1])]
    )
    p = (1 + int((each >= distance).sum())) / (1 + len(each))
    return Existence(distance, each, p)


def _distance(gain: Floats, null: Floats) -> float:
    excess = gain - null.mean(axis=1)
    kind = int(excess.argmax())
    return float(excess[kind] / max(null[kind].std(ddof=1), 1e-9))


def rank_p(observed: float, null: Floats) -> float:
    """(1 + draws at least as large) / (1 + draws)."""
    return (1 + int((null >= observed).sum())) / (1 + len(null))


def decide(
    test: Existence, *, p_association: float, kept: int, candidates: int
) -> tuple[Verdict, str]:
    """Verdict and its reason in plain words.

    Parameters
    ----------
    test : Existence
    p_association : float
        Against shuffled answers.
    kept : int
        Candidate types not dissolved by resampling.
    candidates : int
    """
    draws = len(test.null)
    beyond = test.p <= 1 / (1 + draws) and test.distance >= LEAST_DISTANCE
    against = (
        f"what the {candidates} candidate types explain beyond degree lies {test.distance:.1f} standard deviations "
        f"from the mean of {draws} simulated surveys without types"
    )
    if p_association > ASSOCIATED:
        return "none", (
            f"The items hardly go together: their correlations are no larger than with answers shuffled between "
            f"respondents (p = {p_association:.3f}), so there is nothing to form types or a gradient from."
        )
    if not beyond:
        return "gradient", (
            f"The items go together, but a difference in degree explains it: {against} "
            f"(types are claimed from {LEAST_DISTANCE:.0f} upwards, p = {test.p:.3f})."
        )
    if kept < LEAST_TYPES:
        return "gradient", (
            f"There is more than degree ({against}), but resampling dissolved all but {kept} of the candidate types: "
            f"no set of types can be relied on."
        )
    return "types", (
        f"More than degree: {against}, beyond all of them (p = {test.p:.3f}); {kept} of {candidates} types survive "
        f"resampling."
    )
