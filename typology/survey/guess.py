"""Guess the type, values and missing codes of a column, each guess with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from typology.schema.codebook import Role, Variable, VariableType, code_text, positive_code
from typology.survey.codes import clean, code_order, coded, looks_like_date
from typology.survey.missing_codes import MISSING_CODES, NEVER_ASKED, looks_apart, sounds_missing
from typology.survey.response_sets import CHOSEN, unticked
from typology.survey.table import FileMissing, RawTable

MOST_LEVELS = 12
MOST_CATEGORIES = 40

_ORDERED = re.compile(
    r"\b(never|rarely|seldom|hardly|sometimes|occasionally|often|always|usually|once|twice|daily|weekly|monthly|"
    r"most|mostly|some|little|much|very|slightly|somewhat|quite|extremely|not at all|moderate\w*|about|"
    r"less|fewer|more|or more|low|lower|medium|high|higher|strongly|agree|disagree|neither|poor|fair|good|"
    r"excellent|none|true|false|under|over)\b|\d",
    re.IGNORECASE,
)
_BOTTOM = re.compile(
    r"^(never|not at all|none|no\b|0\b|strongly disagree|very low|lowest|low\b|poor|not true)", re.IGNORECASE
)
_LADDERS = (
    ("very low", "low", "medium", "high", "very high"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("never", "hardly ever", "sometimes", "most of the time", "always"),
    ("never", "once", "twice", "more than twice"),
    ("never", "once", "more than once"),
    ("strongly disagree", "disagree", "neither agree nor disagree", "agree", "strongly agree"),
    ("not at all", "a little", "somewhat", "quite a bit", "very much"),
    ("not true", "somewhat true", "certainly true"),
    ("not at all", "not well", "well", "very well"),
)
_AMOUNT = re.compile(
    r"(<|>|under|over|less than|more than)? ?(\d+)( ?(-|to|or) ?\d+| ?\+| or more| or less)?"
)


@dataclass(frozen=True)
class Guess:
    """What one column seems to be.

    `reasons` say why, by key: ``type``, ``role``, ``values``, ``positive``, ``missing``.
    """

    name: str
    label: str
    type: VariableType
    role: Role = "ignore"
    values: dict[Any, str] = field(default_factory=dict)
    positive: Any = None
    missing: dict[Any, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def guess_type(name: str, table: RawTable) -> Guess:
    """Guess type, values, direction and missing codes of one column; its role stays ``ignore``."""
    cells = table.frame[name]
    label = table.labels.get(name) or name
    if name in table.dates:
        return Guess(name, label, "nominal", reasons={"role": "holds dates, which cannot be analysed"})
    tokens = [clean(cell) for cell in pd.unique(cells)]
    observed = sorted({coded(token) for token in tokens if token is not None}, key=code_order)
    if observed and all(isinstance(code, str) and looks_like_date(code) for code in observed):
        return Guess(name, label, "nominal", reasons={"role": "holds dates, which cannot be analysed"})
    labels = {clean(code): text for code, text in table.value_labels.get(name, {}).items()}
    missing, why_missing = _missing(observed, labels, table.missing.get(name, FileMissing()))
    answers = [code for code in observed if code not in missing]
    labels = {code: text for code, text in labels.items() if code not in missing and code is not None}
    reasons = {"missing": why_missing} if missing else {}
    blank = Guess(name, label, "nominal", missing=missing, reasons=reasons)
    for set_label, counted, members in table.multiple.values():
        if name in members and counted is not None:
            return _ticked(blank, answers, counted, set_label)
        if name in members:
            why = f"part of the multiple-response set {set_label}, whose answers are yes/no items below"
            blank = replace(blank, reasons=reasons | {"role": why})
    if name in table.ticked:
        return _ticked(blank, answers, CHOSEN, table.ticked[name])
    if not answers and not labels:
        return replace(blank, reasons=reasons | {"role": "holds no answers"})
    return _typed(blank, answers, labels)


def _missing(
    observed: list[Any], labels: Mapping[Any, str], declared: FileMissing
) -> tuple[dict[Any, str], str]:
    """Codes that are no answers, with their meaning and why they are taken for that."""
    found: dict[Any, str] = {}
    whys: dict[str, None] = {}
    numbers = [code for code in {*observed, *labels} if isinstance(code, int | float)]
    few = len(numbers) <= MOST_CATEGORIES
    told = {clean(code) for code in declared.codes}
    for code in sorted({*observed, *labels, *told} - {None}, key=code_order):
        text = labels.get(code, "")
        apart = looks_apart(code, numbers, spread=not few)
        if declared.covers(code):
            found[code] = text or f"user-missing {code}"
            whys["declared missing in the data file"] = None
        elif sounds_missing(text, apart=apart):
            found[code] = "not asked" if NEVER_ASKED.search(text) else text
            whys["by its label"] = None
        elif apart and code in MISSING_CODES and not text and len(numbers) > 2:
            found[code] = f"missing code {code}"
            whys[f"{code} lies apart from the other codes and is a usual missing code"] = None
    return found, "; ".join(whys)


def _ticked(blank: Guess, answers: list[Any], counted: Any, set_label: str) -> Guess:
    """Make a member of a multiple-response set a yes/no item."""
    counted = coded(1 if (token := clean(counted)) is None else token)
    other = next((code for code in answers if code != counted), unticked(counted))
    reasons = blank.reasons | {
        "type": f"part of the multiple-response set {set_label}",
        "positive": "the code the set counts",
    }
    values = {counted: "chosen", other: "not chosen"}
    return replace(blank, type="binary", values=values, positive=counted, reasons=reasons)


def _typed(blank: Guess, answers: list[Any], labels: Mapping[Any, str]) -> Guess:
    """Type, values and direction from the labels, else from the codes."""
    codes = sorted({*answers, *labels}, key=code_order)
    values = {code: labels.get(code, code_text(code)) for code in codes}
    if len(codes) == 1:
        return replace(blank, values=values, reasons=blank.reasons | {"role": "everyone has the same value"})
    if len(codes) == 2 and (labels or not any(isinstance(code, float) for code in codes)):
        return _binary(blank, values, labelled=bool(labels))
    if (why := _measured(codes, labels)) is not None:
        return replace(blank, type="numeric", reasons=blank.reasons | {"type": why})
    if labels or any(isinstance(code, str) for code in codes):
        return _worded(blank, values)
    why = f"{len(codes)} whole numbers from {codes[0]} to {codes[-1]}, without labels"
    return replace(blank, type="ordinal", values=values, reasons=blank.reasons | {"type": why})


def _measured(codes: list[Any], labels: Mapping[Any, str]) -> str | None:
    """Why the codes look like measured numbers, or None when they look like answers."""
    if any(isinstance(code, str) for code in codes):
        return None
    if len(codes) > MOST_LEVELS and len(labels) < len(codes) / 2:
        return f"{len(codes)} different numbers"
    if labels:
        return None
    if any(isinstance(code, float) for code in codes):
        return "numbers with fractions"
    if codes[0] not in (0, 1) or codes[-1] > MOST_LEVELS:
        return f"whole numbers from {codes[0]} to {codes[-1]}, which do not look like answer codes"
    return None


def _binary(blank: Guess, values: dict[Any, str], *, labelled: bool) -> Guess:
    reasons = blank.reasons | {"type": "two answers"}
    positive = positive_code(Variable(label=blank.label, type="binary", values=values))
    if positive is not None:
        reasons["positive"] = f"its label is {values[positive]!r}" if labelled else "the word for yes"
    elif set(values) in ({0, 1}, {1, 2}) and not labelled:
        positive = 1
        other = next(code for code in values if code != 1)
        values = {1: "Yes", other: "No"}
        reasons["positive"] = f"no labels: 1 = yes and {other} = no is usual, so make sure"
    else:
        # Two categories such as male and female: neither is the positive one.
        return replace(
            blank, type="nominal", values=values, reasons=reasons | {"type": "two categories, no yes and no"}
        )
    return replace(blank, type="binary", values=values, positive=positive, reasons=reasons)


def _worded(blank: Guess, values: dict[Any, str]) -> Guess:
    """Ordinal when most labels are words of order or amounts; listed low to high."""
    texts = list(values.values())
    if len(values) > MOST_CATEGORIES:
        why = f"{len(values)} different texts"
        return replace(blank, reasons=blank.reasons | {"type": why, "role": "looks like free text"})
    steps = {"type": "the labels are steps"}
    ranks = [rank_of(text) for text in texts]
    if all(rank is not None for rank in ranks) and len(set(ranks)) == len(ranks):
        ranked = dict(sorted(values.items(), key=lambda pair: rank_of(pair[1]) or 0.0))
        if list(ranked) != list(values):
            steps["values"] = "put in the order of the labels, low to high"
        return replace(blank, type="ordinal", values=ranked, reasons=blank.reasons | steps)
    ordered = sum(bool(_ORDERED.search(text)) for text in texts[1:]) / max(len(texts) - 1, 1)
    if ordered < 0.6 or all(isinstance(code, str) for code in values):
        return replace(
            blank, values=values, reasons=blank.reasons | {"type": "the labels have no clear order"}
        )
    if _BOTTOM.search(texts[-1]) and not _BOTTOM.search(texts[0]):
        values = dict(reversed(values.items()))
        steps["values"] = f"low to high, so {texts[-1]!r} comes first"
    return replace(blank, type="ordinal", values=values, reasons=blank.reasons | steps)


def rank_of(text: str) -> float | None:
    """Place of a label on a ladder of words, or the amount it names; None when it has neither."""
    words = " ".join(text.casefold().replace("-", " - ").split())
    for ladder in _LADDERS:
        if words in ladder:
            return float(ladder.index(words))
    amount = _AMOUNT.fullmatch(words)
    if amount is None:
        return None
    nudge = {"<": -0.5, "under": -0.5, "less than": -0.5, ">": 0.5, "over": 0.5, "more than": 0.5}
    return float(amount.group(2)) + nudge.get(amount.group(1) or "", 0.0)
