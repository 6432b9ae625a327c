"""Whether a survey that could be read can also be analysed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from typology.errors import InputFault
from typology.results import Survey
from typology.schema.study import Study
from typology.survey.read import examine_survey
from typology.survey.suspicion import Suspicion, suspicions

__all__ = ["Suspicion", "check_survey", "examine", "grouped", "suspicions"]

FEWEST_RESPONDENTS = 50
FEWEST_ITEMS = 3
MOST_CATEGORIES = 50


def examine(study: Study, *, columns_only: bool = False) -> tuple[Survey | None, list[InputFault]]:
    """Read and check a survey as far as that goes, so that all its faults can be told at once.

    Parameters
    ----------
    study : Study
    columns_only : bool
        As for `examine_survey`.

    Returns
    -------
    survey : Survey or None
        Fit for analysis if there are no faults.
    faults : list of InputFault
        By variable, in the order of the codebook.
    """
    survey, faults = examine_survey(study, columns_only=columns_only)
    if survey is not None:
        faults += check_survey(study, survey, told={fault.variable for fault in faults})
    return survey, grouped(faults, study)


def grouped(faults: Iterable[InputFault], study: Study) -> list[InputFault]:
    """Put all faults of a variable together, whether codebook or data show them.

    Parameters
    ----------
    faults : iterable of InputFault
    study : Study

    Returns
    -------
    list of InputFault
        Those of the study file and of the catalogue first; then by variable in the order of the codebook;
        then those of the data file as a whole.
    """
    faults = list(faults)
    codebook, data = study.config.survey.codebook, study.config.survey.data
    files = list(dict.fromkeys(fault.file for fault in faults))

    def place(fault: InputFault) -> tuple[int, int, int]:
        if fault.file == codebook:
            return 1, fault.line or 0, 0
        if fault.file == data:
            line = study.lines.get(fault.variable)
            return (2, 0, 0) if line is None else (1, line, 1)
        return 0, files.index(fault.file), fault.line or 0

    return sorted(faults, key=place)


def check_survey(study: Study, survey: Survey, *, told: Collection[str] = ()) -> list[InputFault]:
    """All reasons why a survey, though readable, cannot be analysed.

    Parameters
    ----------
    study : Study
    survey : Survey
        As `read_survey` gives it.
    told : collection of str
        Variables whose faults are known already; they are not looked at again.

    Returns
    -------
    list of InputFault
        Empty when the survey can be analysed.
    """
    names = [name for name in survey.answers.columns if name not in told]
    return [
        *_size_faults(study, survey),
        *_item_faults(study, survey, names),
        *_level_faults(study, survey, names),
        *_group_faults(study, survey, names),
    ]


def _size_faults(study: Study, survey: Survey) -> Iterator[InputFault]:
    n, items = len(survey.answers), survey.codebook.names("typology")
    if n < FEWEST_RESPONDENTS:
        message = f"holds too few respondents for a typology: at least {FEWEST_RESPONDENTS} are needed"
        yield InputFault(study.config.survey.data, message, "Pool it with another wave.", value=str(n))
    if len(items) < FEWEST_ITEMS:
        message = f"a typology needs at least {FEWEST_ITEMS} items with the role typology"
        remedy = "Give more variables `role: typology`."
        yield InputFault(study.config.survey.codebook, message, remedy, value=", ".join(items))


def _item_faults(study: Study, survey: Survey, names: Collection[str]) -> Iterator[InputFault]:
    for name in survey.codebook.names("typology", "risk", "outcome", "group"):
        if name not in names:
            continue
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


def _level_faults(study: Study, survey: Survey, names: Collection[str]) -> Iterator[InputFault]:
    """Items whose answers are not as many as their scale scores.

    Told here, as value labels may come with the data file.
    """
    for name, scale in survey.codebook.scales.items():
        if scale.levels is None:
            continue
        low, high = scale.levels
        for item in (item for item in scale.items if item in names):
            variable = survey.codebook.variables[item]
            if variable.type == "binary" and (scale.score == "count" or high - low == 1):
                continue
            found = len(variable.values) if variable.type != "numeric" else 0
            if found != high - low + 1:
                message = f"the scale {name} scores {high - low + 1} answers, from {low} to {high}"
                remedy = "List as many under `values`, low to high; codes of no answer go to `missing`."
                value = f"{found} answers" if found else variable.type
                line = study.lines.get(item)
                yield InputFault(study.config.survey.codebook, message, remedy, item, value, line)


def _group_faults(study: Study, survey: Survey, names: Collection[str]) -> Iterator[InputFault]:
    """Respondents without a PSU or a group of one are told elsewhere; one PSU for all has no variance."""
    psu = survey.codebook.name_of("psu")
    if psu is not None and psu in names and survey.answers[psu].nunique() == 1 and len(survey.answers) > 1:
        remedy = "Use `role: ignore` for it, or check the column."
        found, line = str(survey.answers[psu].iloc[0]), study.lines.get(psu)
        message = "all respondents are in one sampling unit, so no sampling error can be estimated"
        yield InputFault(study.config.survey.codebook, message, remedy, psu, found, line)
