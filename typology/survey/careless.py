"""Signs of answering without reading: uniform, patterned, hasty and repeated answers.

Signs, no proof: they mark respondents and exclude nobody. The cuts are conventions of this package.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from typology.results import Survey
from typology.schema.codebook import DESIGN_ROLES, Variable, positive_code

BATTERY = 5
PATTERN_BATTERY = 8
"""By chance a battery this long shows one of the patterns too rarely to matter."""
LONGEST_REPEAT = 3
SPEEDING = 0.5
"""Faster than this share of the median duration."""


def floor(survey: Survey) -> pd.Series:
    """Lowest answer to every typology item answered, and at least one answered."""
    lowest = pd.Series(data=True, index=survey.answers.index)
    some = pd.Series(data=False, index=survey.answers.index)
    for name in survey.codebook.names("typology"):
        variable = survey.codebook.variables[name]
        floor = lowest_code(variable)
        if floor is None:
            continue
        answers = survey.answers[name]
        lowest &= answers.isna() | answers.isin([floor])
        some |= answers.notna()
    return lowest & some


def lowest_code(variable: Variable) -> int | float | str | None:
    """Code of the least: not endorsed for binaries, first level for ordinals; None for others."""
    codes = list(variable.values)
    if variable.type == "binary":
        return next((code for code in codes if code != positive_code(variable)), None)
    if variable.type == "ordinal" and codes:
        return codes[-1] if variable.reverse else codes[0]
    return None


def duplicate_answers(survey: Survey) -> pd.Series:
    """Answers and missing kinds equal to another respondent's on every substantive variable."""
    names = [n for n in survey.answers.columns if survey.codebook.variables[n].role not in DESIGN_ROLES]
    # Small numbers compare far faster than texts: answers from 0 up, kinds of missing below.
    coded = {}
    for name in names:
        answer, _ = pd.factorize(survey.answers[name], use_na_sentinel=True)
        kind, _ = pd.factorize(survey.missing[name])
        coded[name] = np.where(answer >= 0, answer, -1 - kind)
    found = pd.DataFrame(coded, index=survey.answers.index).duplicated(keep=False)
    return found if names else pd.Series(data=False, index=survey.answers.index)


def straight_lining(survey: Survey) -> pd.Series:
    """One answer throughout a battery: with reversed items any, else one above the lowest."""
    found = pd.Series(data=False, index=survey.answers.index)
    for items, contradicts in _batteries(survey):
        answers = survey.answers[items]
        # An unanswered item equals nothing, so only complete batteries count.
        same = answers.eq(answers[items[0]], axis=0).all(axis=1)
        if not contradicts:
            floor = lowest_code(survey.codebook.variables[items[0]])
            same &= ~answers[items[0]].isin([floor])
        found |= same
    return found


def patterned(survey: Survey) -> pd.Series:
    """Answers to a long battery that follow a pattern on the page and are not all the same.

    Repeats of two or three answers (1 3 1 3 ...), and answers that go up or down by one step from each
    question to the next, turning only at the ends (1 2 3 2 1 ...).
    """
    found = pd.Series(data=False, index=survey.answers.index)
    for items, _ in _batteries(survey):
        if len(items) < PATTERN_BATTERY:
            continue
        codes = list(survey.codebook.variables[items[0]].values)
        place = {code: at for at, code in enumerate(codes)}
        answers = survey.answers[items].apply(lambda column, place=place: column.map(place))
        levels = answers.to_numpy(dtype=float)
        steps = np.diff(levels, axis=1)
        repeats = np.zeros(len(levels), dtype=bool)
        for period in range(2, LONGEST_REPEAT + 1):
            repeats |= (levels[:, period:] == levels[:, :-period]).all(axis=1)
        turns = steps[:, 1:] != steps[:, :-1]
        at_end = np.isin(levels[:, 1:-1], [0, len(codes) - 1])
        diagonal = (np.abs(steps) == 1).all(axis=1) & (~turns | at_end).all(axis=1)
        # an unanswered item is NaN and equals nothing, so only complete batteries count
        found |= (repeats | diagonal) & (steps != 0).any(axis=1)
    return found


def speeding(survey: Survey) -> pd.Series | None:
    """Faster than half the median of all durations above zero; None when no duration was recorded.

    A duration of zero or below, or none, tells nothing and marks nobody. Units do not matter.
    """
    name = survey.codebook.name_of("duration")
    if name is None:
        return None
    duration = survey.answers[name].astype(float)
    duration = duration.where(duration > 0)
    return duration < SPEEDING * duration.median()


def _batteries(survey: Survey) -> Iterator[tuple[list[str], bool]]:
    """Sets of at least five ordinal items with the same answers, and whether they contradict each other.

    In a scale with reversed items one answer to everything contradicts itself.
    """
    variables = survey.codebook.variables
    in_scale: set[str] = set()
    for scale in survey.codebook.scales.values():
        items = [item for item in scale.items if variables[item].type == "ordinal"]
        if len(items) >= BATTERY and 0 < len(set(scale.reverse) & set(items)) < len(items):
            in_scale.update(items)
            yield items, True
    alike: dict[tuple[object, ...], list[str]] = {}
    for name in survey.answers.columns:
        variable = variables[name]
        if variable.type == "ordinal" and len(variable.values) >= 3 and name not in in_scale:
            alike.setdefault((*variable.values.items(), variable.reverse), []).append(str(name))
    for items in alike.values():
        if len(items) >= BATTERY:
            yield items, False
