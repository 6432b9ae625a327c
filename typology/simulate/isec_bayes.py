"""The best any method can do on the simulated ISEC-like survey: classification with the true parameters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.simulate.isec_model import TYPE_NAMES, TYPE_SHARES, Floats, Question, level_probabilities
from typology.simulate.isec_questions import TYPOLOGY

_NODES = 15


def planted_membership(survey: pd.DataFrame) -> pd.DataFrame:
    """Probability of every planted type given the typology items, by Bayes' rule with the true parameters.

    Severity inside types is integrated out by Gauss-Hermite quadrature. Answers that are missing for
    whatever reason carry no information.

    Parameters
    ----------
    survey : DataFrame
        As :func:`typology.simulate.isec.simulate_survey` makes it, kind ``simulated``.

    Returns
    -------
    DataFrame
        Rows as in `survey`, index the respondent id, one column a type.
    """
    severity, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    log_likelihood = np.zeros((len(survey), len(TYPE_NAMES), _NODES))
    for question in TYPOLOGY:
        log_p = np.log(level_probabilities(question, severity))
        for level, answered in enumerate(_answered(question, survey[question.name].to_numpy(dtype=float))):
            log_likelihood[answered] += log_p[:, :, level]
    shifted = np.exp(log_likelihood - log_likelihood.max(axis=(1, 2), keepdims=True))
    joint = (shifted * weights).sum(axis=2) * np.asarray(TYPE_SHARES)
    return pd.DataFrame(
        joint / joint.sum(axis=1, keepdims=True), index=survey["rid"], columns=list(TYPE_NAMES)
    )


def _answered(question: Question, answers: Floats) -> list[npt.NDArray[np.bool_]]:
    """For every category, who gave it."""
    if question.bands is None:
        return [answers == code for code in question.codes]
    return [(answers >= low) & (answers <= high) for low, high in question.bands]
