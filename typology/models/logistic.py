"""Logistic regression with a quadratic penalty, weighted, and how many events it needs.

The penalty shrinks every log odds ratio towards zero and leaves none out: predictors that go together share
what they explain, where a lasso would keep one of them more or less by chance. Its size maximises the
corrected Akaike criterion with the effective degrees of freedom, which costs no inner cross-validation.

References
----------
Harrell 2015, Regression Modeling Strategies, 2nd ed., section 9.10 (penalised likelihood). Riley et al. 2019,
Statistics in Medicine 38:1276-1296 (sample size). Lawless & Singhal 1978, Biometrics 34:318-327 (eliminating
predictors on the quadratic approximation of the likelihood).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from typology.errors import TypologyError
from typology.results import Bools, Floats

PENALTIES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
STEPS = 60
TOLERANCE = 1e-8
LARGEST_STEP = 4.0
RIDGE = 1e-6
"""Keeps a predictor that separates the outcome finite where there is no penalty."""
TARGET_SHRINKAGE = 0.9
ANTICIPATED_R2 = 0.15
"""Nagelkerke R-squared to plan with where no earlier model tells one (Riley et al. 2019)."""
AIC_LIMIT = 2.0


@dataclass(frozen=True)
class Logistic:
    """A fitted model.

    Attributes
    ----------
    coefficients : float array, (p + 1,)
        Intercept first, then log odds ratios.
    information : float array, (p + 1, p + 1)
        Of the likelihood, without the penalty.
    penalty : float array, (p + 1,)
        Added to the diagonal of the information; zero for the intercept.
    log_likelihood : float
    """

    coefficients: Floats
    information: Floats
    penalty: Floats
    log_likelihood: float

    @property
    def inverse(self) -> Floats:
        """Inverse of the penalised information."""
        return np.asarray(np.linalg.inv(self.information + np.diag(self.penalty)))

    @property
    def degrees_of_freedom(self) -> float:
        """Effective number of log odds ratios."""
        return float(np.trace(self.inverse @ self.information)) - 1.0

    def linear(self, x: Floats) -> Floats:
        """Log odds of the rows of `x`."""
        return np.asarray(self.coefficients[0] + x @ self.coefficients[1:])


def fit_logistic(
    x: Floats, y: Floats, weight: Floats, *, penalty: float = 0.0, offset: Floats | None = None
) -> Logistic:
    """Fit by Newton steps.

    Parameters
    ----------
    x : float array, (n, p)
        Complete; without the constant.
    y : float array, (n,)
        0 or 1.
    weight : float array, (n,)
        Scaled to a sum of the rows that have one, so that a penalty means the same in every survey.
    penalty : float
        On the squared log odds ratio per standard deviation of the predictor.
    offset : float array, (n,), optional
        Added to the log odds.

    Raises
    ------
    TypologyError
        The steps do not converge.
    """
    n, p = x.shape
    scaled = weight * (np.count_nonzero(weight) / weight.sum())
    design = np.column_stack([np.ones(n), x])
    centre = scaled @ x / scaled.sum()
    spread = scaled @ (x - centre) ** 2 / scaled.sum()
    ridge = np.r_[0.0, np.maximum(penalty * spread, RIDGE)]
    base = np.zeros(n) if offset is None else offset
    beta = np.zeros(p + 1)
    for _ in range(STEPS):
        odds = base + design @ beta
        mean = expit(odds)
        information = (design * (scaled * mean * (1 - mean))[:, None]).T @ design
        gradient = design.T @ (scaled * (y - mean)) - ridge * beta
        step = np.linalg.solve(information + np.diag(ridge + RIDGE), gradient)
        step *= min(1.0, LARGEST_STEP / max(np.abs(step).max(), 1e-300))
        beta = beta + step
        if np.abs(step).max() < TOLERANCE:
            likelihood = float(scaled @ (y * odds - np.logaddexp(0.0, odds)))
            return Logistic(beta, information, ridge, likelihood)
    raise TypologyError("the logistic model did not converge; are two predictors the same?")


def choose_penalty(x: Floats, y: Floats, weight: Floats) -> float:
    """Choose the penalty with the best corrected Akaike criterion over a grid that starts at none."""
    n = np.count_nonzero(weight)
    scores = []
    for penalty in PENALTIES:
        model = fit_logistic(x, y, weight, penalty=penalty)
        df = model.degrees_of_freedom + 1.0
        correction = 2 * df * (df + 1) / max(n - df - 1, 1.0)
        scores.append(2 * model.log_likelihood - 2 * df - correction)
    return PENALTIES[int(np.argmax(scores))]


def respondents_needed(parameters: int, *, share: float) -> int:
    """Fewest respondents for an unpenalised model whose effects are at most a tenth too large.

    Criterion (i) of Riley et al. 2019, with a Nagelkerke R-squared of 0.15.

    Parameters
    ----------
    parameters : int
        Log odds ratios to be estimated.
    share : float
        Of respondents with the outcome, between 0 and 1.
    """
    entropy = share * np.log(share) + (1 - share) * np.log(1 - share)
    r2 = ANTICIPATED_R2 * (1 - np.exp(2 * entropy))
    return int(np.ceil(parameters / ((TARGET_SHRINKAGE - 1) * np.log(1 - r2 / TARGET_SHRINKAGE))))


def kept_by_elimination(model: Logistic) -> Bools:
    """Which predictors backward elimination keeps, (p,), by Akaike's criterion.

    On the quadratic approximation of the likelihood at the fitted model, so nothing is fitted again.
    """
    kept = np.ones(len(model.coefficients), dtype=bool)
    information = model.information + np.diag(model.penalty)
    target = information @ model.coefficients
    while kept.sum() > 1:
        at = np.flatnonzero(kept)
        inverse = np.linalg.inv(information[np.ix_(at, at)])
        wald = (inverse @ target[at]) ** 2 / np.diag(inverse)
        wald[0] = np.inf
        weakest = int(np.argmin(wald))
        if wald[weakest] >= AIC_LIMIT:
            break
        kept[at[weakest]] = False
    return kept[1:]


def placements(odds: Floats, y: Floats, weight: Floats) -> tuple[float, Floats]:
    """Area under the ROC curve and the linearised value of every row for it.

    Parameters
    ----------
    odds : float array, (n,)
        Any increasing function of the risk.
    y : float array, (n,)
        0 or 1.
    weight : float array, (n,)

    Returns
    -------
    area : float
        Weighted chance that a row with the outcome lies above one without; ties count half.
    influence : float array, (n,)
    """
    values, at = np.unique(odds, return_inverse=True)
    mass = np.column_stack(
        [np.bincount(at, weights=weight * (y == side), minlength=len(values)) for side in (0.0, 1.0)]
    )
    total = mass.sum(axis=0)
    below = (np.cumsum(mass, axis=0) - mass / 2) / total
    place = np.where(y == 1.0, below[at, 0], 1 - below[at, 1])
    area = float(weight[y == 1.0] @ place[y == 1.0] / total[1])
    return area, weight * (place - area) / np.where(y == 1.0, total[1], total[0])
