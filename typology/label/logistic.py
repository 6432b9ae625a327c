"""Design-based logistic regression: survey-weighted scores, Taylor-linearised variance.

Records may carry weights of their own besides the survey's, negative ones included, which is what the
correction for classification error needs: every respondent enters once as a member of the type and once as
one of the rest, with weights that add up to the survey weight. Variances are those of the respondents' summed
scores within sampling units, so records of one respondent are never taken for two people.

References
----------
Binder 1983, International Statistical Review 51:279-292. Vermunt 2010, Political Analysis 18:450-469.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from typology.results import Floats

STEPS = 60
PRECISION = 1e-3
"""Of a normal prior on the coefficients of covariates, in respondents of average weight: keeps them finite
where a rare answer comes with one outcome only. The type's own coefficient has no prior."""
LARGEST = 15.0
"""A coefficient beyond this on the logit scale means that the answers separate the groups completely."""


@dataclass(frozen=True)
class Fit:
    """Coefficients and the linearised value of every respondent for each of them.

    Attributes
    ----------
    coefficient : float array, (q,)
    influence : float array, (n, q)
        Zero for respondents outside the model.
    """

    coefficient: Floats
    influence: Floats


def fit_logit(
    y: Floats, blocks: Sequence[tuple[Floats, Floats]], *, precision: Floats | None = None
) -> Fit | None:
    """Fit a logistic regression to one or more records a respondent.

    Parameters
    ----------
    y : float array, (n,)
        1 or 0; the value of respondents outside the model does not matter, as their weights are zero.
    blocks : sequence of (float array (n, q), float array (n,))
        Predictors (with the constant) and weights of everybody's first, second ... record.
    precision : float array, (q,), optional
        Of a normal prior around zero; none by default.

    Returns
    -------
    Fit or None
        None where there is no finite solution: complete separation, linearly dependent predictors, or
        negative weights without an optimum.
    """
    total = sum(np.abs(weight).sum() for _, weight in blocks)
    beta = np.zeros(blocks[0][0].shape[1])
    prior = np.zeros(len(beta)) if precision is None else precision
    for _ in range(STEPS):
        score, information = _derivatives(y, blocks, beta)
        information += np.diag(prior)
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e12:
            return None
        step = np.linalg.solve(information, score.sum(axis=0) - prior * beta)
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-300))
        beta = beta + step
        if np.abs(beta).max() > LARGEST:
            return None
        if np.abs(step).max() < 1e-10:
            score, information = _derivatives(y, blocks, beta)
            information += np.diag(prior)
            if np.linalg.eigvalsh(information).min() <= 1e-12 * total:
                return None
            return Fit(beta, np.asarray(np.linalg.solve(information, score.T).T, dtype=np.float64))
    return None


def _derivatives(y: Floats, blocks: Sequence[tuple[Floats, Floats]], beta: Floats) -> tuple[Floats, Floats]:
    """Score of every respondent, and the information of all."""
    score = np.zeros((len(y), len(beta)))
    information = np.zeros((len(beta), len(beta)))
    for x, weight in blocks:
        mean = expit(x @ beta)
        score += (weight * (y - mean))[:, None] * x
        information += x.T @ ((weight * mean * (1 - mean))[:, None] * x)
    return score, information


@dataclass(frozen=True)
class Adjusted:
    """A type against the rest at the same covariates.

    Attributes
    ----------
    fit : Fit
        Coefficients: constant, member, covariates.
    share : float array, (2,)
        Average predicted share if everybody were of the type, and if nobody were.
    influence : float array, (n, 2)
        Of the two shares; their difference is the average marginal effect.
    """

    fit: Fit
    share: Floats
    influence: Floats


def member_logit(y: Floats, member: Floats, covariates: Floats, weight: Floats) -> Adjusted | None:
    """Regress an answer on membership of a type and covariates, and average over everybody.

    Parameters
    ----------
    y : float array, (n,)
        1, 0 or NaN.
    member : float array, (n,)
        0/1, or the weights of a :class:`~typology.label.classification.Classification`.
    covariates : float array, (n, q)
        NaN where unanswered: such respondents are outside the model.
    weight : float array, (n,)
        Survey weights.

    Returns
    -------
    Adjusted or None
        None where the model has no finite solution.
    """
    inside = np.isfinite(y) & np.isfinite(member) & np.isfinite(covariates).all(axis=1)
    if not inside.any():
        return None
    known = np.where(inside[:, None], covariates, 0.0)
    one, w = np.ones(len(y)), np.where(inside, weight, 0.0)
    share_in = np.where(inside, member, 0.0)
    x_in, x_out = (np.column_stack([one, kind * one, known]) for kind in (1.0, 0.0))
    answer = np.where(inside, y, 0.0)
    precision = np.full(x_in.shape[1], PRECISION * w.sum() / inside.sum())
    precision[:2] = 0.0
    fit = fit_logit(answer, [(x_in, w * share_in), (x_out, w * (1.0 - share_in))], precision=precision)
    if fit is None:
        return None
    shares, influences = [], []
    for x in (x_in, x_out):
        mean = expit(x @ fit.coefficient)
        share = float(w @ mean / w.sum())
        slope = x.T @ (w * mean * (1 - mean)) / w.sum()
        shares.append(share)
        influences.append(w * (mean - share) / w.sum() + fit.influence @ slope)
    return Adjusted(fit, np.array(shares), np.column_stack(influences))
