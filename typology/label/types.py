"""The label stage: what marks each type."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from typology.errors import TypologyError
from typology.label.association import bound_exposures, factor_table
from typology.label.columns import columns_of
from typology.label.covariates import covariates_of
from typology.label.features import features_of, telling_answers
from typology.label.groups import EVERYONE, Groups, make_groups
from typology.label.guidance import guidance_table
from typology.label.matching import match_profiles
from typology.label.name_stability import Named, name_stability
from typology.label.naming import name_types
from typology.label.outcomes import outcome_models, outcome_table
from typology.label.prevalence import prevalence_table
from typology.label.reclustering import Recluster, Spread, among_all, draw_half, recluster_all
from typology.label.sampling import SurveyDesign, survey_design
from typology.label.three_step import Basis
from typology.results import Bools, Discovery, Evidence, Ints, Labels, Prepared, Survey
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
    recluster: Recluster | None = None,
    jobs: int = 1,
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
    recluster : callable, optional
        Finds the types again, for the part of uncertainty that comes with them, and for a split sample.
        Without it intervals cover sampling and classification error alone.
    jobs : int
        Processes for reclustering; results do not depend on it.

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
    covariates = covariates_of(columns, study.config.label.adjust_for, n=design.n)
    clustered = survey.answers.index.get_indexer(pd.Index(prepared.ids)).astype(np.int64)
    whole = _whole(design, clustered, discovery, groups, recluster, study, jobs=jobs)
    basis = whole
    if study.config.label.split_sample and groups.types:
        basis = _half(design, clustered, recluster, seed=study.config.seed)
    factors = factor_table(design, bound, groups, basis, covariates=covariates, threshold=threshold)
    outcomes = outcome_table(design, columns, groups, survey.codebook, whole)
    models = outcome_models(
        design, columns, groups, survey.codebook, basis, covariates=covariates, threshold=threshold
    )
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
    steps = [*naming.trace.itertuples(index=False, name=None), *again]
    # every step with its type; a name in the study file for a type that there is not comes last
    order = {name: place for place, name in enumerate(groups.types)}
    steps.sort(key=lambda step: order.get(step[0], len(order)))
    trace = pd.DataFrame([(EVERYONE, "design", design.note), *steps], columns=naming.trace.columns)
    return Labels(
        names=naming.names,
        trace=trace,
        factors=factors,
        outcomes=outcomes,
        outcome_models=models,
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


def _whole(
    design: SurveyDesign,
    clustered: Ints,
    discovery: Discovery,
    groups: Groups,
    recluster: Recluster | None,
    study: Study,
    *,
    jobs: int,
) -> Basis:
    """Everybody as placed, with the types found again where that can be done."""
    places = among_all(design, clustered, discovery.labels, discovery.membership)
    spread = Spread()
    if recluster is not None and groups.types:
        spread = recluster_all(design, clustered, recluster, seed=study.config.seed, jobs=jobs)
    return Basis(places, np.ones(design.n, dtype=bool), spread)


def _half(design: SurveyDesign, clustered: Ints, recluster: Recluster | None, *, seed: int) -> Basis:
    """One half of the clustered, placed in the types of the other half.

    The number of types is that found among all. Given the types, the answers of the half compared had no part
    in them, so that no uncertainty of the types is added.
    """
    if recluster is None:
        raise TypologyError("a split sample needs the types found again on one half")
    seeds = np.random.SeedSequence([seed, 8]).generate_state(2)
    searched = clustered[recluster.searched]
    found_on = draw_half(design, searched, np.random.default_rng(seeds[0]))
    placed, membership = recluster(found_on, int(seeds[1]))
    rest = np.setdiff1d(np.arange(len(searched)), found_on)
    inside = np.zeros(design.n, dtype=bool)
    inside[searched[rest]] = True
    return Basis(among_all(design, searched[rest], placed[rest], membership[rest]), inside)
