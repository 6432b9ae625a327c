"""Types, only degree, or nothing at all.

``types``: the types explain more than in every survey drawn without types, by at least three and a half
predictive standard deviations and by a size that matters, and at least two of them survive resampling.
``gradient``: items go together, but degree explains it. ``none``: items do not go together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.models.association import ASSOCIATED
from typology.models.excess import strongest
from typology.results import Calibration, Floats, Verdict

LEAST_DISTANCE = 3.5
LEAST_TYPES = 2
# Log-likelihood units a respondent. Weak planted types (best attainable ARI 0.7) reach 0.07 and more; in ten
# thousand respondents any small misfit of the null model is far beyond chance, and this keeps it from being
# called types.
LEAST_SIZE = 0.03


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
    size : float
        What the types explain beyond degree and chance, in log-likelihood units a respondent.
    """

    distance: float
    null: Floats
    p: float
    size: float


def existence(calibrations: tuple[Calibration, ...], *, n: int) -> Existence:
    """Judge the survey of `n` respondents and every null draw by the same rule.

    The kind of model with the larger excess is taken, in the survey and in each draw alike, so that having
    looked at two kinds is paid for.
    """
    _, excess, distance = strongest(calibrations)
    draws = range(len(calibrations[0].null))
    each = np.array([strongest(calibrations, draw)[2] for draw in draws])
    p = (1 + int((each >= distance).sum())) / (1 + len(each))
    return Existence(distance, each, p, excess / n)


def decide(test: Existence, *, p_association: float, kept: int, candidates: int) -> tuple[Verdict, str]:
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
        f"what the {candidates} candidate types explain beyond degree lies {test.distance:.1f} standard "
        f"deviations above what {draws} simulated surveys without types lead one to expect"
    )
    if p_association > ASSOCIATED:
        return "none", (
            f"The items hardly go together: their correlations are no larger than with answers shuffled "
            f"between respondents (p = {p_association:.3f}), so there is nothing to form types or a gradient "
            "from."
        )
    if beyond and test.size < LEAST_SIZE:
        return "gradient", (
            f"The items go together, and a difference in degree explains nearly all of it: {against}, but "
            f"that is only {test.size:.3f} log-likelihood units a respondent "
            f"(types are claimed from {LEAST_SIZE:g} upwards)."
        )
    if not beyond:
        return "gradient", (
            f"The items go together, but a difference in degree explains it: {against} "
            f"(types are claimed from {LEAST_DISTANCE:g} upwards, p = {test.p:.3f})."
        )
    if kept < LEAST_TYPES:
        return "gradient", (
            f"There is more than degree ({against}), but resampling dissolved all but {kept} of the "
            "candidate types: no set of types can be relied on."
        )
    return "types", (
        f"More than degree: {against}, beyond all of them (p = {test.p:.3f}); {kept} of {candidates} types "
        f"survive resampling."
    )
