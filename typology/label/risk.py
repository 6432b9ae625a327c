"""The risk analysis: which characteristics go with being targeted. It needs no types.

Estimates are about groups of respondents. The model's risks exist only while it is judged; none is kept or
written for a respondent, and there is no way to hand the model a person.

Tables
------
models
    One row an outcome: base, events, parameters, needed, status, held-out area (auc), calibration intercept
    and slope with intervals, and the odds ratio of each further kind of risky behaviour (trend).
predictors
    One row an outcome and predictor: risk with and without it, crude and adjusted odds ratio, how often
    resamples keep it and agree on its direction, the range of the literature.
dose
    One row an outcome and number of kinds of risky behaviour.
calibration
    One row an outcome and group of respondents with similar held-out risk: mean risk and observed share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from typology.label.characteristic import Characteristic
from typology.label.columns import columns_of
from typology.label.design import contrast, shares
from typology.label.literature import literature
from typology.label.risk_data import Sample, Target, predictors, sample_of, targets
from typology.label.risk_dose import dose_rows
from typology.label.risk_model import Estimate, Model, fit_model
from typology.label.sampling import SurveyDesign, survey_design
from typology.models.multiplicity import false_discovery
from typology.results import Floats, Ints, Survey
from typology.schema.study import Study

MODELS = [
    "outcome", "label", "status", "folds", "repeats", "base", "events", "parameters", "needed", "auc",
    "auc_lo", "auc_hi", "slope", "slope_lo", "slope_hi", "intercept", "intercept_lo", "intercept_hi",
    "trend", "trend_lo", "trend_hi",
]  # fmt: skip
PREDICTORS = [
    "outcome", "predictor", "label", "factor", "factor_label", "domain", "note", "base_exposed",
    "events_exposed", "base_unexposed", "events_unexposed", "risk_exposed", "risk_unexposed", "odds_ratio",
    "lo", "hi", "p", "q", "adjusted", "adjusted_lo", "adjusted_hi", "kept", "same_sign", "literature_lo",
    "literature_hi", "literature_source",
]  # fmt: skip
DOSE = [
    "outcome", "band", "behaviours", "base", "events", "share", "lo", "hi", "odds_ratio", "ratio_lo",
    "ratio_hi", "literature", "literature_lo", "literature_hi", "literature_source",
]  # fmt: skip
CALIBRATION = ["outcome", "bin", "base", "events", "predicted", "observed", "lo", "hi"]
BINS = 10


@dataclass(frozen=True)
class Risk:
    """The four tables, raw: not yet disclosure-checked."""

    models: pd.DataFrame
    predictors: pd.DataFrame
    dose: pd.DataFrame
    calibration: pd.DataFrame


def risk_analysis(survey: Survey, scores: pd.DataFrame, exposures: pd.DataFrame, study: Study) -> Risk:
    """Relate each outcome of the study file to the survey's risk characteristics.

    Parameters
    ----------
    survey : Survey
    scores : DataFrame
        Scale scores; index respondent id.
    exposures : DataFrame
        1/0/NaN per variable or scale bound to a factor; index respondent id.
    study : Study

    Returns
    -------
    Risk
        Without rows where the codebook has no outcome that suits.
    """
    design = survey_design(survey)
    threshold, wanted = study.config.disclosure.threshold, study.config.risk
    exposures = exposures.reindex(survey.answers.index)
    columns = list(columns_of(survey, scores, exposures, floor=threshold))
    found = predictors(exposures, columns, survey.codebook, study.catalogue, wanted)
    models: list[dict[str, Any]] = []
    about: list[dict[str, Any]] = []
    doses: list[dict[str, Any]] = []
    bins: list[dict[str, Any]] = []
    for target in targets(columns, survey.codebook, wanted) if found else []:
        sample = sample_of(target, found, columns, design, wanted.adjust_for, threshold=threshold)
        model = fit_model(sample, design, seed=study.config.seed)
        dose, trend = dose_rows(target, found, design, study.catalogue)
        models.append(_model_row(target, sample, model, trend))
        about += _predictor_rows(target, found, sample, model, design)
        doses += dose
        bins += _calibration_rows(target, sample, model, design, threshold=threshold)
    table = pd.DataFrame(about, columns=PREDICTORS)
    table["q"] = false_discovery(table["p"].to_numpy(dtype=float))
    return Risk(
        models=pd.DataFrame(models, columns=MODELS),
        predictors=table,
        dose=pd.DataFrame(doses, columns=DOSE),
        calibration=pd.DataFrame(bins, columns=CALIBRATION),
    )


def _model_row(target: Target, sample: Sample, model: Model, trend: Estimate) -> dict[str, Any]:
    row: dict[str, Any] = {
        "outcome": target.name, "label": target.label, "status": model.status,
        "base": len(sample.y), "events": int(sample.y.sum()), "parameters": model.parameters,
        "needed": model.needed, **_spread("trend", trend),
    }  # fmt: skip
    held = model.held_out
    if held is not None:
        row |= {"folds": held.folds, "repeats": held.repeats, **_spread("auc", held.area),
                **_spread("slope", held.slope), **_spread("intercept", held.intercept)}  # fmt: skip
    return row


def _spread(name: str, estimate: Estimate) -> dict[str, float]:
    return {name: estimate.value, f"{name}_lo": estimate.lo, f"{name}_hi": estimate.hi}


def _predictor_rows(
    target: Target, found: Sequence[Characteristic], sample: Sample, model: Model, design: SurveyDesign
) -> list[dict[str, Any]]:
    """Crude and adjusted association of every predictor with one outcome."""
    place = {name: at for at, name in enumerate(sample.names)}
    rows = []
    for predictor in found:
        if predictor.name == target.name:
            continue
        exposed = np.column_stack([predictor.exposure == 1.0, predictor.exposure == 0.0])
        level = shares(design, target.happened, exposed)
        either = exposed.any(axis=1) & np.isfinite(target.happened)
        crude = contrast(design, level, first=0, second=1, df=design.degrees_of_freedom(either))
        published = literature(predictor.known)
        row: dict[str, Any] = {
            "outcome": target.name, "predictor": predictor.name, "label": predictor.label,
            "factor": predictor.factor, "factor_label": predictor.factor_label, "domain": predictor.domain,
            "note": sample.left_out.get(predictor.name, ""), "base_exposed": int(level.base[0]),
            "events_exposed": int(level.count[0]), "base_unexposed": int(level.base[1]),
            "events_unexposed": int(level.count[1]), "risk_exposed": level.share[0],
            "risk_unexposed": level.share[1], "odds_ratio": crude.odds_ratio, "lo": crude.lo,
            "hi": crude.hi, "p": crude.p, "literature_lo": published.lo,
            "literature_hi": published.hi, "literature_source": published.source,
        }  # fmt: skip
        at = place.get(predictor.name)
        if at is not None and model.kept is not None and model.same_sign is not None:
            row |= {**_spread("adjusted", model.ratios[at]), "kept": model.kept[at],
                    "same_sign": model.same_sign[at]}  # fmt: skip
        rows.append(row)
    return rows


def _calibration_rows(
    target: Target, sample: Sample, model: Model, design: SurveyDesign, *, threshold: int
) -> list[dict[str, Any]]:
    """Mean held-out risk against the share with the outcome, in groups that may be shown."""
    if model.held_out is None:
        return []
    odds = model.held_out.odds
    group = risk_groups(odds, sample.y, threshold=threshold)
    where = np.flatnonzero(sample.inside)
    domains = np.zeros((design.n, int(group.max()) + 1), dtype=bool)
    domains[where, group] = True
    level = shares(design, target.happened, domains)
    risk = 1 / (1 + np.exp(-odds))
    return [
        {
            "outcome": target.name, "bin": g + 1, "base": int(level.base[g]), "events": int(level.count[g]),
            "predicted": float(np.average(risk[group == g], weights=sample.weight[group == g])),
            "observed": level.share[g], "lo": level.lo[g], "hi": level.hi[g],
        }
        for g in range(domains.shape[1])
    ]  # fmt: skip


def risk_groups(odds: Floats, happened: Floats, *, threshold: int) -> Ints:
    """Group respondents of similar held-out risk, lowest first.

    At most ten groups of about equal size, joined with a neighbour until each holds at least `threshold`
    respondents with the outcome and as many without.
    """
    order = np.argsort(odds, kind="stable")
    cells = np.array_split(order, min(BINS, max(len(order) // threshold, 1)))
    groups: list[Ints] = []
    waiting = np.zeros(0, dtype=np.int64)
    for cell in cells:
        waiting = np.concatenate([waiting, cell])
        events = int(happened[waiting].sum())
        if min(events, len(waiting) - events) >= threshold:
            groups.append(waiting)
            waiting = np.zeros(0, dtype=np.int64)
    if len(waiting) and groups:
        groups[-1] = np.concatenate([groups[-1], waiting])
    elif len(waiting):
        groups.append(waiting)
    group = np.zeros(len(odds), dtype=np.int64)
    for number, members in enumerate(groups):
        group[members] = number
    return group
