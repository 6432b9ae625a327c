"""What the risk analysis relates to what: outcomes, predictors, and who is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from typology.label.characteristic import Characteristic, characteristic
from typology.label.columns import Column, dummies, exposed_positions
from typology.label.sampling import SurveyDesign
from typology.models.logistic import fit_logistic
from typology.results import Bools, Floats
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook, Scale, Variable
from typology.schema.study import RiskOptions

MOST_MISSING = 0.2
"""A predictor that more respondents than this did not answer is left out of the model."""
LEAST_ANSWERED = 0.5
"""A respondent must have answered this share of the predictors."""
FILL_PENALTY = 4.0


@dataclass(frozen=True)
class Target:
    """One outcome: 1 it happened, 0 it did not, NaN not answered."""

    name: str
    label: str
    happened: Floats


@dataclass(frozen=True)
class Sample:
    """The respondents of one outcome's model and their predictors, complete.

    Attributes
    ----------
    inside : bool array, (n read,)
    x : float array, (m, p)
        Predictors, then the dummies adjusted for; unanswered ones hold the chance of exposure.
    y, weight : float arrays, (m,)
    names : tuple of str, length p
    left_out : dict
        predictor -> why it is in no model.
    """

    inside: Bools
    x: Floats
    y: Floats
    weight: Floats
    names: tuple[str, ...]
    left_out: Mapping[str, str]


def targets(columns: Sequence[Column], codebook: Codebook, wanted: RiskOptions) -> list[Target]:
    """Outcomes to relate to the predictors.

    ``auto`` takes every variable or scale of role `outcome` that was put to everybody and has an answer
    that counts.
    """
    found = []
    for column in columns:
        auto = column.role == "outcome" and not column.asked_if
        chosen = auto if wanted.outcome == "auto" else column.name in wanted.outcomes
        positions = exposed_positions(column, codebook) if chosen else ()
        if positions:
            found.append(Target(column.name, column.label, column.any_of(positions)))
    return found


def predictors(
    exposures: pd.DataFrame,
    columns: Sequence[Column],
    codebook: Codebook,
    catalogue: Catalogue,
    wanted: RiskOptions,
) -> list[Characteristic]:
    """Characteristics to look at: by default every variable or scale of role `risk` bound to a factor."""
    by_name = {column.name: column for column in columns}
    names = list(wanted.predictors)
    if wanted.predictors == "auto":
        known: dict[str, Variable | Scale] = {**codebook.variables, **codebook.scales}
        names = [name for name in exposures.columns if known[name].role == "risk"]
    found = []
    for name in names:
        if name in exposures:
            exposure = exposures[name].to_numpy(dtype=float)
        else:
            column = by_name[name]
            exposure = column.any_of(exposed_positions(column, codebook))
        found.append(characteristic(name, exposure, codebook, catalogue))
    return found


def sample_of(
    target: Target,
    found: Sequence[Characteristic],
    columns: Sequence[Column],
    design: SurveyDesign,
    adjust_for: Sequence[str],
    *,
    threshold: int,
) -> Sample:
    """Complete predictors of everybody who answered the outcome and at least half of the predictors.

    An unanswered predictor gets its expected value given the other predictors (a ridge logistic regression
    among those who answered; the outcome has no part in it, so cross-validation stays honest). With a few
    per cent unanswered this costs far less than leaving out everybody with one gap. A predictor with more
    than a fifth unanswered, or exposing fewer than `threshold` respondents or all but so few, is left out.
    """
    asked = np.isfinite(target.happened) & (design.weight > 0)
    left_out, kept = {}, []
    for predictor in found:
        reason = _unfit(predictor.exposure[asked], threshold=threshold)
        if predictor.name == target.name:
            continue
        if reason:
            left_out[predictor.name] = reason
        else:
            kept.append(predictor)
    adjusting = dummies(columns, adjust_for)
    adjusting = {name: one for name, one in adjusting.items() if not _unfit(one[asked], threshold=threshold)}
    names = (*(predictor.name for predictor in kept), *adjusting)
    if not kept:
        nobody, none = np.zeros(design.n, dtype=bool), np.zeros(0)
        return Sample(nobody, np.zeros((0, 0)), none, none, (), left_out)
    x = np.column_stack([*(predictor.exposure for predictor in kept), *adjusting.values()])
    inside = asked & (np.isfinite(x).mean(axis=1) >= LEAST_ANSWERED)
    x, weight = x[inside], design.weight[inside]
    return Sample(inside, _filled(x, weight), target.happened[inside], weight, names, left_out)


def _unfit(exposure: Floats, *, threshold: int) -> str:
    """Why a predictor cannot be in a model; "" if it can."""
    answered = np.isfinite(exposure)
    if answered.mean() < 1 - MOST_MISSING:
        return "more than a fifth did not answer"
    exposed = int(np.nansum(exposure))
    few = min(exposed, int(answered.sum()) - exposed) < threshold
    return "too few respondents with or without it" if few else ""


def _filled(x: Floats, weight: Floats) -> Floats:
    """Put the expected value where a predictor was not answered."""
    answered = np.isfinite(x)
    means = np.array([np.average(x[ok, j], weights=weight[ok]) for j, ok in enumerate(answered.T)])
    start = np.where(answered, x, means)
    full = start.copy()
    for j, ok in enumerate(answered.T):
        if ok.all():
            continue
        others = np.delete(start, j, axis=1)
        model = fit_logistic(others[ok], x[ok, j], weight[ok], penalty=FILL_PENALTY)
        full[~ok, j] = expit(model.linear(others[~ok]))
    return full
