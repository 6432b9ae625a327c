"""The label stage: what marks each type."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from typology.label.association import bound_exposures, factor_table
from typology.label.columns import columns_of, dummies
from typology.label.features import features_of, telling_answers
from typology.label.groups import EVERYONE, make_groups
from typology.label.guidance import guidance_table
from typology.label.matching import match_profiles
from typology.label.name_stability import Named, name_stability
from typology.label.naming import name_types
from typology.label.outcomes import outcome_table
from typology.label.prevalence import prevalence_table
from typology.label.sampling import survey_design
from typology.results import Bools, Discovery, Evidence, Labels, Prepared, Survey
from typology.schema.study import Study

Tell = Callable[[pd.DataFrame, pd.DataFrame, pd.DataFrame], tuple[Bools, Bools]]


def label_types(
    survey: Survey,
    scores: pd.DataFrame,
    exposures: pd.DataFrame,
    prepared: Prepared,
    discovery: Discovery,
    evidence: Evidence,
    study: Study,
    *,
    tell: Tell | None = None,
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
    tell : callable, optional
        Given the raw prevalence, factor and outcome frames, which rows of the first two will be shown.
        Names, their trace and guidance are released as they are, so they rest on these rows alone; on all
        by default.

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
    adjust_for = dummies(columns, study.config.label.covariates)
    factors = factor_table(design, bound, groups, adjust_for=adjust_for, threshold=threshold)
    outcomes = outcome_table(design, columns, groups, survey.codebook)
    told, told_factors = _told(prevalence, factors, outcomes, tell if groups.types else None)
    answers = telling_answers(prevalence, survey.codebook)
    answers = answers[answers.index.isin(told.index)]
    features = {
        name: features_of(name, told_factors, answers, catalogue, threshold=threshold)
        for name in groups.types
    }
    matches = match_profiles(groups.types, told_factors, catalogue)
    naming = name_types(features, matches, catalogue, study.config.label.names)
    named = Named(bound, columns, factors, told_factors.index, answers)
    again = name_stability(
        named, naming.proposed, design, groups, catalogue, threshold=threshold, seed=study.config.seed
    )
    note = [(EVERYONE, "design", design.note), *naming.trace.itertuples(index=False, name=None), *again]
    trace = pd.DataFrame(note, columns=naming.trace.columns)
    return Labels(
        names=naming.names,
        trace=trace,
        factors=factors,
        outcomes=outcomes,
        prevalence=prevalence,
        guidance=guidance_table(features, catalogue),
    )


def _told(
    prevalence: pd.DataFrame, factors: pd.DataFrame, outcomes: pd.DataFrame, tell: Tell | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the rows that names may be made of."""
    if tell is None:
        return prevalence, factors
    shown, shown_factors = tell(prevalence, factors, outcomes)
    return prevalence[shown], factors[shown_factors]
