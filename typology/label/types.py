"""The label stage: what marks each type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from typology.label.association import bound_exposures, factor_table
from typology.label.columns import Column, columns_of
from typology.label.features import features_of
from typology.label.groups import EVERYONE, Groups, make_groups
from typology.label.guidance import guidance_table
from typology.label.matching import match_profiles
from typology.label.naming import name_types
from typology.label.outcomes import outcome_table
from typology.label.prevalence import prevalence_table
from typology.label.sampling import survey_design
from typology.results import Discovery, Evidence, Floats, Labels, Prepared, Survey
from typology.schema.study import Study


def label_types(
    survey: Survey,
    scores: pd.DataFrame,
    exposures: pd.DataFrame,
    prepared: Prepared,
    discovery: Discovery,
    evidence: Evidence,
    study: Study,
) -> Labels:
    """Estimate prevalences, factors and outcomes, and name the types.

    Estimates are design-based over everyone read; a type is the domain of respondents assigned to it,
    T1 being label 0. Without the verdict ``types`` only everyone's prevalences are estimated.

    Parameters
    ----------
    survey : Survey
    scores : DataFrame
        Scale scores; index respondent id.
    exposures : DataFrame
        1/0/NaN per variable or scale bound to a factor; index respondent id.
    prepared : Prepared
    discovery : Discovery
    evidence : Evidence
    study : Study

    Returns
    -------
    Labels
        Raw numbers; columns that start with an underscore serve the disclosure check and are not written.
    """
    threshold, catalogue = study.config.disclosure.threshold, study.catalogue
    design = survey_design(survey)
    groups = make_groups(survey, prepared, discovery, evidence)
    exposures = exposures.reindex(survey.answers.index)
    columns = list(columns_of(survey, scores, exposures, floor=threshold))
    prevalence = prevalence_table(design, columns, groups)
    bound = bound_exposures(exposures, columns, survey.codebook, catalogue)
    adjust_for = _dummies(columns, study.config.label.covariates)
    factors = factor_table(design, bound, groups, adjust_for=adjust_for, threshold=threshold)
    features = {
        name: features_of(name, factors, prevalence, catalogue, threshold=threshold) for name in groups.types
    }
    naming = name_types(
        features, match_profiles(groups.types, factors, catalogue), catalogue, study.config.label.names
    )
    notes = [(EVERYONE, "design", design.note), *_unestimated(factors, groups)]
    trace = pd.concat([pd.DataFrame(notes, columns=naming.trace.columns), naming.trace], ignore_index=True)
    return Labels(
        names=naming.names,
        trace=trace,
        factors=factors,
        outcomes=outcome_table(design, columns, groups, survey.codebook),
        prevalence=prevalence,
        guidance=guidance_table(features, catalogue),
    )


def _dummies(columns: Sequence[Column], covariates: Sequence[str]) -> dict[str, Floats]:
    """One 0/1 column for every answer of every covariate but its first; empty answers are left out."""
    by_name = {column.name: column for column in columns}
    found: dict[str, Floats] = {}
    for name in covariates:
        column = by_name[name]
        given = [i for i in range(len(column.categories)) if (column.category_of == i).any()]
        for position in given[1:]:
            found[f"{name}: {column.categories[position].code}"] = np.asarray(column.indicator(position))
    return found


def _unestimated(factors: pd.DataFrame, groups: Groups) -> list[tuple[str, str, str]]:
    """Trace steps for factors whose odds ratio could not be estimated."""
    steps = []
    for type_id in groups.types:
        rows = factors[(factors["type"] == type_id) & factors["odds_ratio"].isna()]
        if len(rows):
            detail = f"nobody or everybody exposed on one side: {', '.join(rows['variable'])}"
            steps.append((type_id, "odds ratio not estimable", detail))
    return steps
