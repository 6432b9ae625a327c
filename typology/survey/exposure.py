"""Who is exposed to which risk factor, by the codebook's rules."""

from __future__ import annotations

import pandas as pd

from typology.results import Survey
from typology.schema.codebook import Exposed, Variable, code_text, positive_code


def exposures(survey: Survey, scores: pd.DataFrame) -> pd.DataFrame:
    """Exposure of every respondent to every factor the codebook binds.

    Parameters
    ----------
    survey : Survey
    scores : DataFrame
        Scale scores as `score_scales` gives them.

    Returns
    -------
    DataFrame
        Index: respondent ids. One column per variable and scale bound to a factor: 1.0 exposed, 0.0
        not, NaN unknown (no valid answer, whatever the reason: missing is never "not exposed").
        A binary variable without a rule is exposed at its positive code.
    """
    columns = {}
    for name, variable in survey.codebook.variables.items():
        if variable.factor is not None:
            columns[name] = variable_exposure(survey.answers[name], variable)
    for name, scale in survey.codebook.scales.items():
        if scale.factor is not None and scale.exposed is not None:
            columns[name] = _marked(_compare(scores[name], scale.exposed), scores[name])
    return pd.DataFrame(columns, index=survey.answers.index, dtype=float)


def variable_exposure(answers: pd.Series, variable: Variable) -> pd.Series:
    """Exposure by one variable: 1.0, 0.0 or NaN.

    `at_least` and `at_most` compare the codes as they are in the data file.
    """
    rule = variable.exposed
    if rule is None:
        return _marked(answers.isin([positive_code(variable)]), answers)
    if rule.in_ is None:
        return _marked(_compare(answers.astype(float), rule), answers)
    wanted = {code_text(code) for code in rule.in_}
    codes = [code for code in variable.values if code_text(code) in wanted] or list(rule.in_)
    return _marked(answers.isin(codes), answers)


def _compare(values: pd.Series, rule: Exposed) -> pd.Series:
    return values >= rule.at_least if rule.at_least is not None else values <= rule.at_most


def _marked(exposed: pd.Series, answers: pd.Series) -> pd.Series:
    """Exposure as a number, unknown where there is no answer."""
    return exposed.astype(float).where(answers.notna())
