"""One outcome's multivariable model: odds ratios, how well it holds on held-out units, how stable it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from typology.label.design import critical
from typology.label.resampling import replicate_weight
from typology.label.risk_data import Sample
from typology.label.sampling import SurveyDesign
from typology.models.logistic import (
    Logistic,
    choose_penalty,
    fit_logistic,
    kept_by_elimination,
    placements,
    respondents_needed,
)
from typology.results import Bools, Floats, Ints

Status = Literal["plain", "penalised", "refused"]

LEAST_EVENTS = 5.0
"""Events per parameter below which no model is fitted: severe problems set in below this, by the simulations
of Vittinghoff & McCulloch 2007, American Journal of Epidemiology 165:710-718."""
FOLDS = 10
REPEATS = 5
RESAMPLES = 200
LARGE = 20_000
"""Respondents above which fewer repeats and resamples do."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95% interval."""

    value: float = float("nan")
    lo: float = float("nan")
    hi: float = float("nan")


@dataclass(frozen=True)
class HeldOut:
    """How well the model holds on respondents it was not fitted to.

    Attributes
    ----------
    area, intercept, slope : Estimate
        Area under the ROC curve; calibration in the large (0 is right) and calibration slope (1 is right).
    odds : float array, (m,)
        Log odds of each respondent from models fitted without their sampling unit.
    folds, repeats : int
    """

    area: Estimate
    intercept: Estimate
    slope: Estimate
    odds: Floats
    folds: int
    repeats: int


@dataclass(frozen=True)
class Model:
    """A fitted model, or the reason why there is none.

    Attributes
    ----------
    status : str
        ``plain``: enough respondents for unpenalised effects by Riley et al. 2019; ``penalised``: fewer, so
        effects are shrunk; ``refused``: too few events.
    events : int
        Respondents with the outcome, or without it if those are fewer.
    parameters : int
    needed : int
        Respondents an unpenalised model would need.
    ratios : list of Estimate
        Adjusted odds ratio of each column of the sample.
    kept, same_sign : float arrays, (p,)
        Share of resamples in which backward elimination keeps the column, and in which its log odds ratio
        has the sign of the estimate.
    held_out : HeldOut or None
    """

    status: Status
    events: int
    parameters: int
    needed: int
    ratios: tuple[Estimate, ...] = ()
    kept: Floats | None = None
    same_sign: Floats | None = None
    held_out: HeldOut | None = None


def fit_model(sample: Sample, design: SurveyDesign, *, seed: int) -> Model:
    """Fit one outcome's model, unless there are too few events for it.

    Parameters
    ----------
    sample : Sample
    design : SurveyDesign
        Of everybody read.
    seed : int
        Folds and resamples follow from it.
    """
    n, p = sample.x.shape
    happened = int(sample.y.sum())
    events = min(happened, n - happened)
    if p == 0 or events < LEAST_EVENTS * p:
        needed = respondents_needed(p, share=happened / n) if p and 0 < happened < n else 0
        return Model("refused", events, p, needed)
    share = float(np.average(sample.y, weights=sample.weight))
    needed = respondents_needed(p, share=share)
    status: Status = "plain" if n >= needed else "penalised"
    penalty = choose_penalty(sample.x, sample.y, sample.weight) if status == "penalised" else 0.0
    model = fit_logistic(sample.x, sample.y, sample.weight, penalty=penalty)
    rng = np.random.default_rng([seed, 1])
    draws, kept = _resampled(sample, design, penalty, rng)
    log_ratios = model.coefficients[1:]
    ratios = _shrunk(log_ratios, draws) if status == "penalised" else _design_based(sample, design, model)
    return Model(
        status=status,
        events=events,
        parameters=p,
        needed=needed,
        ratios=ratios,
        kept=kept.mean(axis=0),
        same_sign=(np.sign(draws) == np.sign(log_ratios)).mean(axis=0),
        held_out=_held_out(sample, design, status, seed=seed),
    )


def spread(
    sample_x: Floats, residual: Floats, model: Logistic, inside: Bools, design: SurveyDesign
) -> Floats:
    """Design-based standard errors of all coefficients, by linearisation.

    Parameters
    ----------
    sample_x : float array, (m, p)
    residual : float array, (m,)
        Weight times (outcome minus risk), in the model's scale of weights.
    inside : bool array, (n read,)
        Who the m respondents are; all others keep their stratum and PSU and add nothing.
    """
    scores = np.column_stack([np.ones(len(sample_x)), sample_x]) * residual[:, None]
    influence = np.zeros((design.n, scores.shape[1]))
    influence[inside] = scores @ model.inverse
    return np.asarray(np.sqrt(design.variance(influence)))


def residuals(sample: Sample, odds: Floats) -> Floats:
    """Weighted residuals, weights scaled as `fit_logistic` scales them."""
    scaled = sample.weight * (np.count_nonzero(sample.weight) / sample.weight.sum())
    return np.asarray(scaled * (sample.y - 1 / (1 + np.exp(-odds))))


def reach(design: SurveyDesign, inside: Bools, parameters: int) -> float:
    """Critical value of t with PSUs minus strata minus parameters degrees of freedom."""
    return float(critical(max(design.degrees_of_freedom(inside) - parameters, 1)))


def _design_based(sample: Sample, design: SurveyDesign, model: Logistic) -> tuple[Estimate, ...]:
    se = spread(sample.x, residuals(sample, model.linear(sample.x)), model, sample.inside, design)[1:]
    half = reach(design, sample.inside, sample.x.shape[1]) * se
    beta = model.coefficients[1:]
    bounds = zip(np.exp(beta), np.exp(beta - half), np.exp(beta + half), strict=True)
    return tuple(Estimate(*map(float, each)) for each in bounds)


def _shrunk(log_ratios: Floats, draws: Floats) -> tuple[Estimate, ...]:
    """Shrunk odds ratios with percentile intervals: a standard error would ignore the shrinkage."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    bounds = zip(np.exp(log_ratios), np.exp(low), np.exp(high), strict=True)
    return tuple(Estimate(*map(float, each)) for each in bounds)


def _resampled(
    sample: Sample, design: SurveyDesign, penalty: float, rng: np.random.Generator
) -> tuple[Floats, Bools]:
    """Log odds ratios in bootstrap resamples by PSU, and which columns elimination keeps in each."""
    draws, kept = [], []
    for _ in range(RESAMPLES if len(sample.y) <= LARGE else RESAMPLES // 4):
        weight = replicate_weight(design, rng)[sample.inside]
        drawn = weight > 0
        model = fit_logistic(sample.x[drawn], sample.y[drawn], weight[drawn], penalty=penalty)
        draws.append(model.coefficients[1:])
        kept.append(kept_by_elimination(model))
    return np.array(draws), np.array(kept)


def _held_out(sample: Sample, design: SurveyDesign, status: Status, *, seed: int) -> HeldOut:
    """Cross-validate: everything, the choice of the penalty included, is repeated without each fold."""
    repeats = REPEATS if len(sample.y) <= LARGE else 1
    every = []
    folds = 0
    for repeat in range(repeats):
        odds = np.full(len(sample.y), np.nan)
        folds = 0
        for train, test in _folds(sample, design, seed=seed + repeat):
            x, y, weight = sample.x[train], sample.y[train], sample.weight[train]
            penalty = choose_penalty(x, y, weight) if status == "penalised" else 0.0
            odds[test] = fit_logistic(x, y, weight, penalty=penalty).linear(sample.x[test])
            folds += 1
        every.append(odds)
    parts = [_judged(sample, design, odds) for odds in every]
    area, intercept, slope = (
        Estimate(*np.mean([(e.value, e.lo, e.hi) for e in each], axis=0).tolist())
        for each in zip(*parts, strict=True)
    )
    return HeldOut(area, intercept, slope, np.mean(every, axis=0), folds, repeats)


def _folds(sample: Sample, design: SurveyDesign, *, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """Folds of whole PSUs, with the outcome spread evenly; of respondents where there are no PSUs."""
    psu = design.psu[sample.inside]
    clustered = len(np.unique(psu)) < len(psu)
    folds = min(FOLDS, len(np.unique(psu)))
    kind = StratifiedGroupKFold if clustered else StratifiedKFold
    splitter = kind(n_splits=folds, shuffle=True, random_state=seed % 2**31)
    yield from splitter.split(sample.x, sample.y, groups=psu if clustered else None)


def _judged(sample: Sample, design: SurveyDesign, odds: Floats) -> tuple[Estimate, Estimate, Estimate]:
    """Area, calibration in the large and calibration slope of held-out log odds."""
    t = reach(design, sample.inside, 1)
    area, linear = placements(odds, sample.y, sample.weight)
    influence = np.zeros((design.n, 1))
    influence[sample.inside, 0] = linear
    se = float(np.sqrt(design.variance(influence))[0])
    found = [Estimate(area, max(area - t * se, 0.0), min(area + t * se, 1.0))]
    for x, offset, at in ((np.zeros((len(odds), 0)), odds, 0), (odds[:, None], None, 1)):
        model = fit_logistic(x, sample.y, sample.weight, offset=offset)
        fitted = model.linear(x) + (0.0 if offset is None else offset)
        se = float(spread(x, residuals(sample, fitted), model, sample.inside, design)[at])
        value = float(model.coefficients[at])
        found.append(Estimate(value, value - t * se, value + t * se))
    return found[0], found[1], found[2]
