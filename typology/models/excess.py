"""A survey's gain beyond that of surveys without types, given how strongly its items go together.

Draws without types differ by chance in how strongly their items correlate, and a mixture gains more where
they correlate more. Regressing the draws' gains on two summaries of the correlation matrix takes that noise
out of the comparison (a control variate), and the survey is judged against the prediction at its own
correlations.
"""

from __future__ import annotations

import numpy as np

from typology.results import Calibration, Floats

FARTHEST = 4.0


def correlation_strength(eigenvalues: Floats, *, n: int, dimensions: int) -> Floats:
    """Gaussian information in the leading dimensions of a correlation matrix.

    Parameters
    ----------
    eigenvalues : float array, (q,)
        In descending order.
    n : int
        Respondents.
    dimensions : int
        How many lead; at least two are used.

    Returns
    -------
    float array, (2,)
        Of all leading dimensions, and of all but the first.
    """
    lead = np.clip(eigenvalues[: max(2, dimensions)], 1e-6, None)
    information = 0.5 * n * (lead - 1 - np.log(lead))
    return np.array([information.sum(), information[1:].sum()])


def excess(gain: float, strength: Floats, null: Floats, null_strength: Floats) -> tuple[float, float]:
    """Gain beyond the prediction from the null draws, and that in predictive standard deviations.

    Parameters
    ----------
    gain : float
        Of the survey.
    strength : float array, (2,)
        Of its correlations.
    null : float array, (B,)
        Gains of the draws without types.
    null_strength : float array, (B, 2)

    Returns
    -------
    excess, distance : float
        `distance` is a predictive t statistic on B - 3 degrees of freedom.

    Notes
    -----
    The draws differ from the survey in strength by chance. A survey farther from them than four of their
    standard deviations has correlations that no model without types brings forth, and then the prediction is
    carried no farther than that: beyond, it would rest on nothing, and explain away the types.
    """
    centre = null_strength.mean(axis=0)
    design = np.column_stack([np.ones(len(null)), null_strength - centre])
    away = strength - centre
    covariance = np.cov(null_strength, rowvar=False)
    far = float(np.sqrt(away @ np.linalg.pinv(covariance, hermitian=True) @ away))
    at = np.r_[1.0, away * min(1.0, FARTHEST / max(far, 1e-9))]
    coefficients, _, rank, _ = np.linalg.lstsq(design, null, rcond=None)
    residual = null - design @ coefficients
    spread = np.sqrt((residual**2).sum() / max(len(null) - int(rank), 1))
    leverage = float(at @ np.linalg.pinv(design.T @ design) @ at)
    beyond = gain - float(at @ coefficients)
    return beyond, beyond / max(float(spread) * np.sqrt(1 + leverage), 1e-9)


def strongest(calibrations: tuple[Calibration, ...], draw: int | None = None) -> tuple[int, float, float]:
    """Kind of model with the larger excess: its place, excess and distance.

    Parameters
    ----------
    calibrations : tuple of Calibration
    draw : int, optional
        Judge this null draw against the others, instead of the survey against all.

    Returns
    -------
    place, excess, distance : int, float, float
    """
    found = []
    for place, kind in enumerate(calibrations):
        if draw is None:
            found.append((*excess(kind.gain, kind.strength, kind.null, kind.null_strength), place))
        else:
            others, strengths = np.delete(kind.null, draw), np.delete(kind.null_strength, draw, axis=0)
            found.append(
                (*excess(float(kind.null[draw]), kind.null_strength[draw], others, strengths), place)
            )
    best = max(found)
    return best[2], best[0], best[1]
