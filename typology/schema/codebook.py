"""The codebook: what every variable of a survey means."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from typology.schema.numbers import Number, Whole
from typology.schema.text import Text


def _plain_code(value: Any) -> Any:
    """Whole floats become ints, so that 1 and 1.0 are one code."""
    if isinstance(value, bool):
        # pydantic reports a ValueError with the key's place; a TypeError would escape.
        raise ValueError("a code must be a number or text: put true and false in quotes")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a code must be a finite number or text")
        return int(value) if value.is_integer() else value
    return value


def _plain_label(value: Any) -> Any:
    """Whole numbers may serve as labels without quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Code = Annotated[int | float | str, BeforeValidator(_plain_code)]
Label = Annotated[Text, BeforeValidator(_plain_label)]


def _rising(levels: tuple[int, int]) -> tuple[int, int]:
    if levels[0] >= levels[1]:
        raise ValueError("must be the lowest and the highest score of an answer, like [0, 3]")
    return levels


Levels = Annotated[tuple[Whole, Whole], AfterValidator(_rising)]
VariableType = Literal["binary", "ordinal", "nominal", "numeric"]
Role = Literal[
    "typology",
    "risk",
    "outcome",
    "group",
    "demographic",
    "weight",
    "stratum",
    "psu",
    "id",
    "duration",
    "ignore",
]

DESIGN_ROLES: tuple[Role, ...] = ("id", "weight", "stratum", "psu", "duration")
"""Roles of variables that are about the interview and not about the respondent."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exposed(_Strict):
    """Who counts as exposed to a risk factor: one of the three rules."""

    at_least: Number | None = None
    at_most: Number | None = None
    in_: Annotated[tuple[Code, ...] | None, Field(alias="in")] = None


class Variable(_Strict):
    """One variable of the survey.

    `values` maps codes to labels, listed low to high for ordinal variables (`reverse` flips).
    `missing` maps user-missing codes to their meaning. `asked_if` maps a gate variable to the codes
    at which this question was asked.
    """

    label: Text
    type: VariableType
    role: Role = "ignore"
    domain: Text = ""
    values: dict[Code, Label] = Field(default_factory=dict)
    positive: Code | None = None
    missing: dict[Code, Label] = Field(default_factory=dict)
    asked_if: dict[str, tuple[Code, ...]] = Field(default_factory=dict)
    reverse: Annotated[bool, Field(strict=True)] = False
    factor: str | None = None
    exposed: Exposed | None = None


class Scale(_Strict):
    """A score over several items.

    `min_valid`: fewest answered items for a (prorated) score. `levels`: lowest and highest score of an
    answer; answers then count by their place in `values` and not by their codes. `score: count` counts the
    binary items answered positively and the others answered `count_from` or higher. `instrument` takes the
    scoring from a published instrument (a file in ``instruments/``), whose items `items` lists in order;
    `order` says in which of the orders that circulate, `part` which of its scores.
    """

    label: Text
    items: tuple[str, ...]
    reverse: tuple[str, ...] = ()
    score: Literal["sum", "mean", "count"] = "sum"
    count_from: Number | None = None
    levels: Levels | None = None
    min_valid: Whole | None = None
    instrument: str | None = None
    order: str | None = None
    part: str | None = None
    role: Role = "risk"
    domain: Text = ""
    factor: str | None = None
    exposed: Exposed | None = None


class Codebook(_Strict):
    """All variables and scales of one survey, in file order."""

    survey: Text
    variables: dict[str, Variable]
    scales: dict[str, Scale] = Field(default_factory=dict)

    def names(self, *roles: Role) -> list[str]:
        """Names of the variables with one of these roles, in file order."""
        return [name for name, variable in self.variables.items() if variable.role in roles]

    def name_of(self, role: Role) -> str | None:
        """Name of the single variable with this role (id, weight, psu ...), or None."""
        found = self.names(role)
        return found[0] if found else None


_YES = frozenset(
    (
        *("yes", "y", "true", "agree", "checked", "selected", "ticked", "chosen", "mentioned", "endorsed"),
        *("present", "ever", "sì", "si", "oui", "ja", "sim"),
    )
)
_NO = frozenset(
    (
        *("no", "n", "false", "disagree", "unchecked", "unselected", "absent", "never", "nein", "non", "não"),
        *("none", "not checked", "not selected", "not ticked", "not chosen", "not mentioned", "not endorsed"),
    )
)


def code_text(code: object) -> str:
    """Text under which a code is compared: 1, 1.0 and "1" are the same code."""
    if isinstance(code, float) and code.is_integer():
        code = int(code)
    return str(code).strip()


def positive_code(variable: Variable) -> int | float | str | None:
    """Code of the positive answer of a binary variable, or None when it cannot be told.

    It is `positive` if given; else the value labelled with a word for yes, or the one that is not
    labelled with a word for no.
    """
    if variable.positive is not None:
        wanted = code_text(variable.positive)
        return next((code for code in variable.values if code_text(code) == wanted), variable.positive)
    words = {code: " ".join(label.casefold().split()) for code, label in variable.values.items()}
    yes = [code for code, word in words.items() if word in _YES]
    no = [code for code, word in words.items() if word in _NO]
    if len(words) != 2 or len(yes) > 1 or len(no) > 1:
        return None
    if yes:
        return yes[0]
    return next((code for code in words if code not in no), None) if no else None
