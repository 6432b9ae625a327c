"""Whether a survey that could be read can also be analysed."""

from __future__ import annotations

from collections.abc import Iterator

from typology.errors import InputFault
from typology.results import Survey
from typology.schema.study import Study
from typology.survey.suspicion import Suspicion, suspicions

__all__ = ["Suspicion", "check_survey", "suspicions"]

FEWEST_RESPONDENTS = 50
FEWEST_ITEMS = 3
MOST_CATEGORIES = 50


def check_survey(study: Study, survey: Survey) -> list[InputFault]:
    """All reasons why a survey, though readable, cannot be analysed.

    Parameters
    ----------
    study : Study
    survey : Survey
        As `read_survey` gives it.

    Returns
    -------
    list of InputFault
        Empty when the survey can be analysed.
    """
    return [*_size_faults(study, survey), *_item_faults(study, survey), *_group_faults(study, survey)]


def _size_faults(study: Study, survey: Survey) -> Iterator[InputFault]:
    n, items = len(survey.answers), survey.codebook.names("typology")
    if n < FEWEST_RESPONDENTS:
        message = f"holds too few respondents for a typology: at least {FEWEST_RESPONDENTS} are needed"
        yield InputFault(study.config.survey.data, message, "Pool it with another wave.", value=str(n))
    if len(items) < FEWEST_ITEMS:
        message = f"a typology needs at least {FEWEST_ITEMS} items with the role typology"
        remedy = "Give more variables `role: typology`."
        yield InputFault(study.config.survey.codebook, message, remedy, value=", ".join(items))


def _item_faults(study: Study, survey: Survey) -> Iterator[InputFault]:
    for name in survey.codebook.names("typology", "risk", "outcome", "group"):
        variable, line = survey.codebook.variables[name], study.lines.get(name)
        if survey.answers[name].notna().sum() == 0:
            kinds = survey.missing[name].value_counts()
            found = ", ".join(f"{kind} {n}x" for kind, n in kinds.items())
            remedy = "Check its codes and its routing, or give it `role: ignore`."
            yield InputFault(
                study.config.survey.codebook, "nobody has a valid answer", remedy, name, found, line
            )
        if variable.type == "nominal" and len(variable.values) > MOST_CATEGORIES:
            message = f"has too many categories (at most {MOST_CATEGORIES})"
            remedy = "Group them, or give it `role: ignore`."
            found = str(len(variable.values))
            yield InputFault(study.config.survey.codebook, message, remedy, name, found, line)


def _group_faults(study: Study, survey: Survey) -> Iterator[InputFault]:
    """Respondents without a PSU or a group of one are told elsewhere; one PSU for all has no variance."""
    psu = survey.codebook.name_of("psu")
    if psu is not None and survey.answers[psu].nunique() == 1 and len(survey.answers) > 1:
        remedy = "Use `role: ignore` for it, or check the column."
        found, line = str(survey.answers[psu].iloc[0]), study.lines.get(psu)
        message = "all respondents are in one sampling unit, so no sampling error can be estimated"
        yield InputFault(study.config.survey.codebook, message, remedy, psu, found, line)
