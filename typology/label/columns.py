"""Survey variables as categories: who gave which answer, and which answer is the endorsed one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.results import Floats, Survey
from typology.schema.codebook import Codebook, Role, Scale, Variable, code_text, positive_code

Positions = npt.NDArray[np.int32]

SHOWN_ROLES: tuple[Role, ...] = ("typology", "risk", "outcome", "demographic", "group")
EXPOSED, NOT_EXPOSED = "exposed", "not exposed"
OTHER = "other answers"
NUMERIC_BANDS = 4


@dataclass(frozen=True)
class Category:
    """One possible answer."""

    code: str
    label: str
    endorsed: bool = False


@dataclass(frozen=True)
class Column:
    """One variable or scale of the survey as categories.

    Attributes
    ----------
    category_of : int32 array, (n,)
        Position in `categories` of every respondent's answer; -1 without a valid answer.
    asked_if : dict
        Gate variable -> texts of the codes at which the question was asked.
    """

    name: str
    label: str
    role: Role
    domain: str
    categories: tuple[Category, ...]
    category_of: Positions
    asked_if: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def indicator(self, position: int) -> Floats:
        """1 where this category was answered, 0 where another, NaN without a valid answer."""
        return self.any_of((position,))

    def any_of(self, positions: Sequence[int]) -> Floats:
        """1 where one of these categories was answered, 0 where another, NaN without a valid answer."""
        here: Floats = np.isin(self.category_of, positions).astype(float)
        here[self.category_of < 0] = np.nan
        return here


def columns_of(
    survey: Survey, scores: pd.DataFrame, exposures: pd.DataFrame, *, floor: int
) -> Iterator[Column]:
    """Yield every variable and scale a reader may see the prevalence of, in codebook order.

    Parameters
    ----------
    survey : Survey
    scores : DataFrame
        Scale scores by respondent.
    exposures : DataFrame
        1/0/NaN by respondent for every variable or scale bound to a factor.
    floor : int
        Answers the codebook does not declare become "other answers" when given by fewer respondents.
    """
    index = survey.answers.index
    for name, variable in survey.codebook.variables.items():
        if variable.role in SHOWN_ROLES and variable.type == "numeric" and name in exposures:
            yield _exposure_column(name, variable, exposures[name].reindex(index))
        elif variable.role in SHOWN_ROLES:
            yield _variable_column(name, variable, survey.answers[name], floor=floor)
    for name, scale in survey.codebook.scales.items():
        if scale.role not in SHOWN_ROLES:
            continue
        if name in exposures:
            yield _exposure_column(name, scale, exposures[name].reindex(index))
        elif name in scores:
            bands, category_of = _bands(scores[name].reindex(index).to_numpy(dtype=float))
            yield Column(name, scale.label, scale.role, scale.domain, bands, category_of)


def _exposure_column(name: str, bound: Variable | Scale, exposure: pd.Series) -> Column:
    """A scale or number cut in two: exposed to its risk factor or not."""
    values = exposure.to_numpy(dtype=float)
    category_of = np.where(np.isfinite(values), np.where(values == 1.0, 0, 1), -1).astype(np.int32)
    categories = (Category(EXPOSED, "Exposed", endorsed=True), Category(NOT_EXPOSED, "Not exposed"))
    return Column(name, bound.label, bound.role, bound.domain, categories, category_of)


def _variable_column(name: str, variable: Variable, answers: pd.Series, *, floor: int) -> Column:
    """The categories of a variable: declared codes in codebook order, then any other answer found.

    A rare undeclared answer may be free text about one person, so it is never quoted.
    """
    asked_if = {gate: tuple(map(code_text, codes)) for gate, codes in variable.asked_if.items()}
    if variable.type == "numeric" and not variable.values:
        categories, category_of = _bands(pd.to_numeric(answers).to_numpy(dtype=float))
        return Column(name, variable.label, variable.role, variable.domain, categories, category_of, asked_if)
    position, given = pd.factorize(answers)  # the rest is about distinct answers, not about respondents
    texts = [code_text(code) for code in given]
    labels = {code_text(code): label for code, label in variable.values.items()}
    undeclared: Counter[str] = Counter()
    for text, count in zip(texts, np.bincount(position[position >= 0], minlength=len(texts)), strict=True):
        if text not in labels:
            undeclared[text] += int(count)
    often = [text for text, count in undeclared.items() if count >= floor]
    labels |= {code: code for code in sorted(often, key=_order)}
    labels |= {OTHER: "Other answers"} if len(often) < len(undeclared) else {}
    positive = positive_code(variable) if variable.type == "binary" else None
    endorsed = None if positive is None else code_text(positive)
    place = {code: at for at, code in enumerate(labels)}
    of_given = [place[text] if text in place else place[OTHER] for text in texts]
    positions = np.array([*of_given, -1], dtype=np.int32)[position]
    categories = tuple(Category(code, label, endorsed=code == endorsed) for code, label in labels.items())
    return Column(name, variable.label, variable.role, variable.domain, categories, positions, asked_if)


def _order(code: str) -> tuple[int, float, str]:
    """Numbers in numeric order before words."""
    try:
        return 0, float(code), code
    except ValueError:
        return 1, 0.0, code


def _bands(values: Floats) -> tuple[tuple[Category, ...], Positions]:
    """Cut a number into up to four bands at its quartiles; open at both ends so that no extreme is named."""
    valid = np.isfinite(values)
    category_of = np.full(values.size, -1, dtype=np.int32)
    if not valid.any():
        return (), category_of
    share = np.arange(1, NUMERIC_BANDS) / NUMERIC_BANDS
    cuts = np.unique(np.quantile(values[valid], share, method="lower"))
    cuts = cuts[cuts < values[valid].max()]
    category_of[valid] = np.searchsorted(cuts, values[valid], side="left")
    labels = _band_labels(cuts, whole=bool((values[valid] == np.round(values[valid])).all()))
    return tuple(Category(f"band {i + 1}", label) for i, label in enumerate(labels)), category_of


def _band_labels(cuts: Floats, *, whole: bool) -> list[str]:
    """Words for the bands: "up to 19", "20 to 21", "22 and over"."""
    if cuts.size == 0:
        return ["any value"]
    texts = [f"{cut:g}" for cut in cuts]
    labels = [f"up to {texts[0]}"]
    for lower, upper in pairwise(cuts):
        start = f"{lower + 1:g}" if whole else f"over {lower:g}"
        labels.append(f"{upper:g}" if whole and lower + 1 == upper else f"{start} to {upper:g}")
    labels.append(f"{cuts[-1] + 1:g} and over" if whole else f"over {texts[-1]}")
    return labels


def dummies(columns: Sequence[Column], covariates: Sequence[str]) -> dict[str, Floats]:
    """One 0/1 column for every answer of every covariate but its first; empty answers are left out."""
    by_name = {column.name: column for column in columns}
    found: dict[str, Floats] = {}
    for name in covariates:
        column = by_name[name]
        given = [i for i in range(len(column.categories)) if (column.category_of == i).any()]
        for position in given[1:]:
            found[f"{name}: {column.categories[position].code}"] = np.asarray(column.indicator(position))
    return found


def exposed_positions(column: Column, codebook: Codebook) -> tuple[int, ...]:
    """Positions of the categories that count as the outcome: the endorsed one, else by `exposed`."""
    bound = codebook.variables.get(column.name)
    rule = None if bound is None else bound.exposed
    if rule is None or any(category.endorsed for category in column.categories):
        return tuple(i for i, category in enumerate(column.categories) if category.endorsed)
    if rule.in_ is not None:
        wanted = {code_text(code) for code in rule.in_}
        return tuple(i for i, category in enumerate(column.categories) if category.code in wanted)
    kind, number, _ = zip(*(_order(category.code) for category in column.categories), strict=True)
    low = -np.inf if rule.at_least is None else rule.at_least
    high = np.inf if rule.at_most is None else rule.at_most
    return tuple(i for i in range(len(number)) if kind[i] == 0 and low <= number[i] <= high)
