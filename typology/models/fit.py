"""How well a respondent's answers fit the type they are placed in.

References
----------
Drasgow, Levine & Williams 1985, British Journal of Mathematical and Statistical Psychology 38:67-86 (the
standardised person-fit statistic l_z).
"""

from __future__ import annotations

import numpy as np

from typology.models.mixture import Mixture
from typology.results import Floats


def person_fit(model: Mixture, matrix: Floats) -> Floats:
    """Standardised log likelihood of each row under its most probable type and severity.

    Parameters
    ----------
    model : Mixture
    matrix : float array, (n, C)
        Indicators; unanswered items are left out of the observed and of the expected value alike, so how many
        were answered does not matter. With nothing answered the fit is zero.

    Returns
    -------
    float array, (n,)
        About standard normal for a respondent of that type; far below zero for answers no type explains.
    """
    joint = model.log_joint(matrix)
    n, k, q = joint.shape
    best = joint.reshape(n, k * q).argmax(axis=1)
    table = model.log_table().reshape(k * q, -1)
    starts = model.columns.starts[:-1]
    probability = np.exp(table)
    mean = np.add.reduceat(probability * table, starts, axis=1)
    variance = np.add.reduceat(probability * table**2, starts, axis=1) - mean**2
    answered = np.add.reduceat(matrix, starts, axis=1)
    got = (matrix * table[best]).sum(axis=1)
    expected = (answered * mean[best]).sum(axis=1)
    spread = np.sqrt(np.maximum((answered * variance[best]).sum(axis=1), 1e-12))
    return np.asarray((got - expected) / spread)
