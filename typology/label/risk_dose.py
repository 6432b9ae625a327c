"""Dose and response: how the outcome rises with the number of kinds of risky behaviour online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from typology.label.characteristic import Characteristic
from typology.label.design import shares
from typology.label.risk_data import Sample, Target
from typology.label.risk_model import Estimate, reach, residuals, spread
from typology.label.sampling import SurveyDesign
from typology.models.logistic import fit_logistic
from typology.results import Bools, Floats
from typology.schema.catalogue import Catalogue, EvidenceEntry

LEAST_BEHAVIOURS = 3
LEAST_ANSWERED = 0.75
BANDS = ((0, 1, "at most one"), (2, 2, "2"), (3, 3, "3"), (4, np.inf, "4 or more"))
"""As the literature cuts the count (Marret & Choo 2017)."""
PATTERN = "many_risky_behaviours"


def dose_rows(
    target: Target, found: Sequence[Characteristic], design: SurveyDesign, catalogue: Catalogue
) -> tuple[list[dict[str, Any]], Estimate]:
    """Prevalence and odds ratio by number of behaviours, and the odds ratio of each further one.

    A behaviour that was not answered does not count; whoever answered fewer than three quarters of them is
    left out. Odds ratios are against at most one behaviour, not adjusted.

    Returns
    -------
    rows : list of dict
        Empty when the survey has fewer than three behaviours.
    trend : Estimate
    """
    behaviours = [
        predictor for predictor in found if predictor.is_behaviour and predictor.name != target.name
    ]
    if len(behaviours) < LEAST_BEHAVIOURS:
        return [], Estimate()
    exposure = np.column_stack([predictor.exposure for predictor in behaviours])
    count = np.nansum(exposure, axis=1)
    inside = np.isfinite(target.happened) & (np.isfinite(exposure).mean(axis=1) >= LEAST_ANSWERED)
    inside &= design.weight > 0
    domains = np.column_stack([inside & (count >= low) & (count <= high) for low, high, _ in BANDS])
    level = shares(design, target.happened, domains)
    ratios = _ratios(target, domains, inside, design)
    rows = [
        {
            "outcome": target.name, "band": name, "base": int(level.base[g]), "events": int(level.count[g]),
            "share": level.share[g], "lo": level.lo[g], "hi": level.hi[g], "odds_ratio": ratios[g].value,
            "ratio_lo": ratios[g].lo, "ratio_hi": ratios[g].hi, **published(catalogue, name),
            "behaviours": len(behaviours),
        }
        for g, (_, _, name) in enumerate(BANDS)
    ]  # fmt: skip
    if not _both(target.happened[inside]):
        return rows, Estimate()
    return rows, _odds_ratios(target, count[:, None], inside, design)[0]


def _both(happened: Floats) -> bool:
    return bool(0 < happened.sum() < len(happened))


def _ratios(target: Target, domains: Bools, inside: Bools, design: SurveyDesign) -> list[Estimate]:
    """Odds ratios against the first band; the bands where nobody or everybody has the outcome have none."""
    usable = [bool(here.any()) and _both(target.happened[here]) for here in domains.T]
    empty = [Estimate() for _ in BANDS]
    if not usable[0]:
        return empty
    others = [g for g in range(1, len(BANDS)) if usable[g]]
    inside = inside & domains[:, [0, *others]].any(axis=1)
    found = _odds_ratios(target, domains[:, others].astype(float), inside, design)
    by_band = dict(zip(others, found, strict=True))
    return [Estimate(1.0), *(by_band.get(g, empty[g]) for g in range(1, len(BANDS)))]


def _odds_ratios(target: Target, x: Floats, inside: Bools, design: SurveyDesign) -> list[Estimate]:
    """Design-based odds ratios of the columns of `x`."""
    sample = Sample(inside, x[inside], target.happened[inside], design.weight[inside], (), {})
    model = fit_logistic(sample.x, sample.y, sample.weight)
    se = spread(sample.x, residuals(sample, model.linear(sample.x)), model, inside, design)
    half = reach(design, inside, x.shape[1]) * se
    beta = model.coefficients
    low, high = np.exp(beta - half), np.exp(beta + half)
    return [Estimate(float(np.exp(beta[i])), float(low[i]), float(high[i])) for i in range(1, len(beta))]


def published(catalogue: Catalogue, band: str) -> Mapping[str, Any]:
    """What the literature found at this number of behaviours."""
    known = catalogue.factors.get(PATTERN)
    entries: list[EvidenceEntry] = [] if known is None else [e for e in known.evidence if e.level == band]
    if not entries:
        nothing = float("nan")
        return {"literature": nothing, "literature_lo": nothing, "literature_hi": nothing,
                "literature_source": ""}  # fmt: skip
    entry = entries[0]
    low, high = entry.ci or (float("nan"), float("nan"))
    return {"literature": entry.estimate, "literature_lo": low, "literature_hi": high,
            "literature_source": entry.source}  # fmt: skip
