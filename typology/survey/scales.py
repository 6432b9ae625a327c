"""Scale scores: sums and means of items, reverse keyed and prorated."""

from __future__ import annotations

import pandas as pd

from typology.results import Survey
from typology.schema.codebook import Codebook, Scale, positive_code


def score_scales(survey: Survey) -> pd.DataFrame:
    """Score every scale of the codebook.

    A score is the mean of the answered items, times the number of items for sums and counts: with
    unanswered items it is thus prorated. Without `min_valid` every item must be answered.

    Parameters
    ----------
    survey : Survey

    Returns
    -------
    DataFrame
        Index: respondent ids; one float column a scale; NaN where fewer than `min_valid` items were
        answered. Unanswered items, whatever the reason, are never counted as an answer.
    """
    scores = {}
    for name, scale in survey.codebook.scales.items():
        keyed = scored_items(survey, scale)
        needed = len(scale.items) if scale.min_valid is None else scale.min_valid
        mean = keyed.mean(axis=1).where(keyed.notna().sum(axis=1) >= needed)
        scores[name] = mean if scale.score == "mean" else mean * len(scale.items)
    return pd.DataFrame(scores, index=survey.answers.index, dtype=float)


def scored_items(survey: Survey, scale: Scale) -> pd.DataFrame:
    """Items of a scale as they are added up: keyed, and for counts 1 where they count."""
    keyed = keyed_items(survey, scale)
    if scale.score != "count":
        return keyed
    counted = {}
    for item in scale.items:
        binary = survey.codebook.variables[item].type == "binary"
        least = 1.0 if binary or scale.count_from is None else scale.count_from
        counted[item] = keyed[item].ge(least).astype(float).where(keyed[item].notna())
    return pd.DataFrame(counted, index=keyed.index)


def keyed_items(survey: Survey, scale: Scale) -> pd.DataFrame:
    """Items of a scale as numbers that all point the same way.

    Ordinal and numeric items count with their code - with `levels`, by the place of the answer in the listed
    values -, binary items as 1 (positive) or 0. Reversed items are mirrored within the range the codebook
    declares - not the range observed, which would make the score depend on the sample.
    """
    columns = {}
    for item in scale.items:
        variable = survey.codebook.variables[item]
        answers = survey.answers[item]
        if variable.type == "binary":
            values = answers.isin([positive_code(variable)]).astype(float).where(answers.notna())
        elif scale.levels is not None:
            place = {code: float(scale.levels[0] + at) for at, code in enumerate(variable.values)}
            values = answers.map(place).astype(float)
        else:
            values = answers.astype(float)
        if item in scale.reverse:
            low, high = code_range(survey.codebook, item, scale)
            values = low + high - values
        columns[item] = values
    return pd.DataFrame(columns, index=survey.answers.index)


def code_range(codebook: Codebook, item: str, scale: Scale) -> tuple[float, float]:
    """Lowest and highest score an item can have."""
    variable = codebook.variables[item]
    if variable.type == "binary":
        return 0.0, 1.0
    if scale.levels is not None:
        return float(scale.levels[0]), float(scale.levels[1])
    codes = [float(code) for code in variable.values]
    return min(codes), max(codes)
