"""Turn one raw column into answers and, for every unanswered cell, why it is unanswered.

Works on the distinct cells of a column, so that cost hardly grows with the number of respondents.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.schema.codebook import Variable, code_text, positive_code
from typology.schema.text import one_line
from typology.survey.table import EMPTY_TEXTS, FileMissing

SYSTEM = "system"
NOT_ASKED = "not asked"
TEXT_ROLES = ("id", "stratum", "psu")
SHOWN = 6
LONGEST_CODE = 30

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_DATE = re.compile(
    r"(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d{2}))([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}:\d{2}(:\d{2})?"
)
_WHOLE = re.compile(r"([+-]?\d+)\.0*")


@dataclass(frozen=True)
class RawColumn:
    """A raw column with what the data file declares about it."""

    cells: pd.Series
    value_labels: Mapping[Any, str] = field(default_factory=dict)
    missing: FileMissing = field(default_factory=FileMissing)


@dataclass(frozen=True)
class Resolved:
    """A column after the codebook was applied.

    Attributes
    ----------
    answers : Series
        float64 for number codes and numeric variables, object for text codes.
    missing : array of str
        "" where answered, else the kind.
    variable : Variable
        With the file's labels and user-missing codes merged in.
    undeclared : dict of str to int
        Cells that are neither an answer nor missing, with their count.
    problem : str
        Why the column cannot be used at all; "" when it can.
    decimal_comma : bool
        Whether numbers were read that have a comma.
    """

    answers: pd.Series
    missing: npt.NDArray[np.object_]
    variable: Variable
    undeclared: dict[str, int]
    problem: str = ""
    decimal_comma: bool = False


def resolve(column: RawColumn, variable: Variable) -> Resolved:
    """Apply a variable of the codebook to a raw column.

    An empty cell is ``"system"``; routing is applied later, when all columns are known. A code is the
    same code as number or text. The codebook's `values` have the last word: a code listed there is an
    answer even if the file declares it user-missing.
    """
    position, uniques = pd.factorize(column.cells, use_na_sentinel=True)
    tokens = [clean(cell) for cell in uniques]
    variable = _with_missing(variable, column, tokens)
    known_missing = {code_text(code): meaning for code, meaning in variable.missing.items()}
    answered: dict[int, Any] = {}
    kinds: list[str] = []
    for i, token in enumerate(tokens):
        meaning = "" if token is None else _look_up(token, known_missing)
        kinds.append(SYSTEM if token is None else meaning or "")
        if token is not None and not meaning:
            answered[i] = token
    counts = np.bincount(position[position >= 0], minlength=len(tokens))
    values, variable, problem = _answers(answered, variable, column)
    undeclared: dict[str, int] = {}
    for i, token in answered.items():
        if i not in values and counts[i]:
            text = _identifier(token)
            undeclared[text] = undeclared.get(text, 0) + int(counts[i])
    for i in answered:
        if i not in values:
            kinds[i] = SYSTEM
    numeric = variable.type == "numeric" or _number_codes(variable)
    numeric = numeric and variable.role not in TEXT_ROLES
    taken = [values.get(i, np.nan if numeric else None) for i in range(len(tokens))] + [
        np.nan if numeric else None
    ]
    lookup = np.empty(len(taken), dtype=np.float64 if numeric else object)
    lookup[:] = taken
    kind_lookup = np.array([*kinds, SYSTEM], dtype=object)
    answers = pd.Series(lookup[position], dtype=lookup.dtype)
    comma = variable.type == "numeric" and any(
        isinstance(token, str) and _COMMA_NUMBER.fullmatch(token) for token in answered.values()
    )
    return Resolved(answers, kind_lookup[position], variable, undeclared, problem, comma)


def quoted(counts: Mapping[str, int], *, often: int, known: Container[str] = ()) -> str:
    """List the first cells with their counts, as they may stand in a log.

    A date, or a text longer than a code, may be about one person: where fewer than `often` have it and it is
    not one of the `known` words, in small letters, it is told by its kind.
    """
    told: Counter[str] = Counter()
    for text, count in counts.items():
        kind = "a date" if looks_like_date(text) else "a longer text" if len(text) > LONGEST_CODE else text
        told[text if count >= often or text.casefold() in known else kind] += count
    shown = ", ".join(f"{text} ({count}x)" for text, count in list(told.items())[:SHOWN])
    return f"{shown} and {len(told) - SHOWN} more" if len(told) > SHOWN else shown


def clean(cell: Any) -> int | float | str | None:
    """One cell as number or trimmed text; None when it is empty."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, bool | np.bool_):
        return int(cell)
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating):
        value = float(cell)
        return None if math.isnan(value) else int(value) if value.is_integer() else value
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", "replace")
    text = str(cell).strip()
    return None if text in EMPTY_TEXTS else text


def to_number(token: int | float | str, *, decimal_comma: bool = True) -> float | None:
    """Value of a token that is a number or reads as one; None when it does not."""
    if not isinstance(token, str):
        return float(token)
    if _NUMBER.fullmatch(token):
        return float(token)
    if decimal_comma and _COMMA_NUMBER.fullmatch(token):
        return float(token.replace(",", "."))
    return None


def looks_like_date(text: str) -> bool:
    """Whether text is a date or a time of day in figures."""
    return _DATE.fullmatch(text) is not None


def _look_up(token: int | float | str, table: Mapping[str, Any]) -> Any:
    """Entry of a code whichever way it is written: 1, 1.0, "1", "01"."""
    text = code_text(token)
    if text in table:
        return table[text]
    if isinstance(token, str) and (number := to_number(token)) is not None:
        return table.get(code_text(number))
    return None


def _number_codes(variable: Variable) -> bool:
    return bool(variable.values) and not any(isinstance(code, str) for code in variable.values)


def _with_missing(variable: Variable, column: RawColumn, tokens: list[int | float | str | None]) -> Variable:
    """Add the file's user-missing codes, with their labels, to those of the codebook."""
    labels = {code_text(clean(code)): label for code, label in column.value_labels.items()}
    settled = {code_text(code) for code in (*variable.values, *variable.missing)}
    candidates = [clean(code) for code in (*column.missing.codes, *column.value_labels)] + tokens
    merged = dict(variable.missing)
    for code in candidates:
        if code is None:
            continue
        text = code_text(code)
        if column.missing.covers(code) and text not in settled:
            settled.add(text)
            merged[code] = one_line(labels.get(text, "")) or f"user-missing {text}"
    return variable.model_copy(update={"missing": merged})


def _answers(
    answered: Mapping[int, int | float | str], variable: Variable, column: RawColumn
) -> tuple[dict[int, Any], Variable, str]:
    """Look up the answer of each distinct cell, and fill in the variable's values."""
    if variable.role in TEXT_ROLES:
        return {i: _identifier(token) for i, token in answered.items()}, variable, ""
    if variable.type == "numeric":
        if ambiguous := _ambiguous(answered.values()):
            problem = f"numbers such as {ambiguous} can be read two ways: write them without separators"
            return dict.fromkeys(answered), variable, problem
        numbers = {i: to_number(token) for i, token in answered.items()}
        return {i: n for i, n in numbers.items() if n is not None and math.isfinite(n)}, variable, ""
    variable, problem = _with_values(variable, column, list(answered.values()))
    codes = {code_text(code): code for code in variable.values}
    found = {i: _look_up(token, codes) for i, token in answered.items()}
    return {i: code for i, code in found.items() if code is not None}, variable, problem


def _ambiguous(tokens: Iterable[float | str]) -> str:
    """Find a number whose comma may separate thousands or decimals, if no other number settles it."""
    commas = [token for token in tokens if isinstance(token, str) and _COMMA_NUMBER.fullmatch(token)]
    if commas and all(_THOUSANDS.fullmatch(token) for token in commas):
        return commas[0]
    return ""


def _identifier(token: int | float | str) -> str:
    """Text of an identifier; a whole number loses the ".0" some formats give it."""
    text = code_text(token)
    whole = _WHOLE.fullmatch(text)
    return whole.group(1) if whole else text


def _with_values(
    variable: Variable, column: RawColumn, observed: list[int | float | str]
) -> tuple[Variable, str]:
    """Take values from the codebook, else the file's labels, else, if no order is needed, as observed."""
    if variable.values:
        return variable.model_copy(update={"positive": positive_code(variable)}), ""
    missing = {code_text(code) for code in variable.missing}
    labels = {
        clean(code): label
        for code, label in column.value_labels.items()
        if code_text(clean(code)) not in missing
    }
    values: dict[Any, str] = {code: one_line(labels[code]) for code in sorted(labels, key=code_order)}
    if not values and variable.type == "nominal":
        values = {
            code: one_line(code_text(code)) for code in sorted(set(map(coded, observed)), key=code_order)
        }
    elif not values and variable.type == "binary" and variable.positive is not None:
        codes = sorted({coded(token) for token in observed} | {variable.positive}, key=code_order)
        words = {code_text(variable.positive): "Yes"}
        values = {code: words.get(code_text(code), "No") for code in codes}
    if not values:
        wants = "values low to high" if variable.type == "ordinal" else "two values and which is `positive`"
        return variable, f"neither the codebook nor the data file says what its codes mean: list its {wants}"
    merged = variable.model_copy(update={"values": values})
    if merged.type == "binary":
        if len(values) != 2:
            found = ", ".join(code_text(code) for code in list(values)[:6])
            return variable, f"is declared binary but has the codes {found}"
        merged = merged.model_copy(update={"positive": positive_code(merged)})
        if merged.positive is None:
            return variable, "is binary, but which answer is the positive one is not said: add `positive`"
    return merged, ""


def coded(token: int | float | str) -> int | float | str:
    """Make a code read from text a number if it is written plainly as one (so not "01")."""
    number = to_number(token, decimal_comma=False)
    if number is None:
        return token
    plain = int(number) if number.is_integer() else number
    # 1.0 in one file format is 1 in another; 01 stays text.
    return plain if not isinstance(token, str) or token in (str(number), str(plain)) else token


def code_order(code: Any) -> tuple[int, float, str]:
    """Sort key of codes: numbers by size, then text."""
    return (1, 0.0, code) if isinstance(code, str) else (0, float(code), "")


def fingerprint(cells: pd.Series) -> str:
    """Digest of a column's cells in their order: equal for equal columns."""
    position, uniques = pd.factorize(cells, use_na_sentinel=True)
    return hashlib.sha256(position.tobytes() + repr(list(uniques)).encode()).hexdigest()
