"""Draft a codebook from a data file, for a person to settle."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from typology.survey.files import read_table
from typology.survey.guess import Guess
from typology.survey.guess_roles import guess_variables
from typology.survey.table import RawTable, refuse

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_NOT_NAMES = frozenset(("null", "true", "false"))

_HEAD = """\
# Codebook drafted from {file}: {rows} rows, {columns} variables.
# Every guess has its reason behind a #. Please settle each: roles above all. A variable with the role
# ignore is not read. Give risk factors `role: risk` with `factor:` and `exposed:`, outcomes
# `role: outcome`, and list `values` of ordinal variables from low to high.
"""


def draft_codebook(path: Path | str) -> str:
    """Draft the codebook of a survey file.

    Parameters
    ----------
    path : Path or str
        .sav .zsav .por .dta .sas7bdat .csv .tsv .parquet or .xlsx

    Returns
    -------
    str
        YAML that `load_study` accepts, each guess with its reason as a comment.

    Raises
    ------
    InputFaults
        If the file cannot be read.
    """
    path = Path(path)
    table = read_table(path, shown=str(path))
    if table.frame.empty:
        raise refuse(str(path), "holds no respondents", "Export the survey again: one respondent a row.")
    guesses = guess_variables(table)
    survey = re.sub(r"[^a-z0-9_-]+", "_", path.stem.casefold()).strip("_-") or "survey"
    head = _HEAD.format(file=_comment(path.name), rows=len(table.frame), columns=len(guesses))
    notes = "".join(f"# {_comment(note)}\n" for note in table.notes)
    body = "".join(_variable(guess) for guess in guesses)
    variables = f"variables:\n{body}" if guesses else "variables: {}\n"
    return f"{head}{notes}survey: {_text(survey)}\n{variables}{_scales(guesses, table)}"


def write_new(path: Path, text: str) -> None:
    """Write a draft where no file is yet.

    Parameters
    ----------
    path : Path
    text : str

    Raises
    ------
    InputFaults
        If there is something already, or the folder is not there or not open to us.
    """
    created = False
    try:
        with path.open("x", encoding="utf-8") as file:
            created = True
            file.write(text)
    except (OSError, ValueError) as error:
        if created:
            path.unlink()  # half a codebook, on a full disk, is worse than none
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Give a new name in a folder that is there; nothing is overwritten."
        raise refuse(str(path), f"cannot be written: {reason}", remedy) from None


def _variable(guess: Guess) -> str:
    lines = [f"  {_name(guess.name)}:"]
    lines.append(f"    label: {_text(guess.label)}")
    lines.append(_line("type", guess.type, guess))
    lines.append(_line("role", guess.role, guess))
    if guess.values and guess.type != "numeric":
        lines.append(_line("values", _mapping(guess.values), guess))
    if guess.positive is not None:
        lines.append(_line("positive", _code(guess.positive), guess))
    if guess.missing:
        lines.append(_line("missing", _mapping(guess.missing), guess))
    return "\n".join(lines) + "\n"


def _line(key: str, value: str, guess: Guess) -> str:
    reason = guess.reasons.get(key)
    return f"    {key}: {value}" + (f"  # guess: {_comment(reason)}" if reason else "")


def _mapping(codes: dict[Any, str]) -> str:
    return "{" + ", ".join(f"{_code(code)}: {_text(label)}" for code, label in codes.items()) + "}"


def _code(code: Any) -> str:
    return _text(code) if isinstance(code, str) else repr(code)


def _text(text: str) -> str:
    """Quote text for YAML: JSON strings are YAML strings."""
    return json.dumps(str(text), ensure_ascii=not str(text).isprintable())


def _name(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) and name.casefold() not in _NOT_NAMES else _text(name)


def _comment(text: str) -> str:
    """Keep a comment on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def _scales(guesses: list[Guess], table: RawTable) -> str:
    """Suggest, as comments, scales of items whose names differ only in their number."""
    stems: dict[tuple[str, tuple[Any, ...]], list[str]] = {}
    for guess in guesses:
        numbered = re.fullmatch(r"(.*[A-Za-z_])_?\d+[a-z]?", guess.name)
        if numbered and guess.type == "ordinal" and guess.name in table.frame:
            stems.setdefault((numbered.group(1).rstrip("_"), tuple(guess.values)), []).append(guess.name)
    found = [(stem, items) for (stem, _), items in stems.items() if len(items) >= 4]
    if not found:
        return ""
    lines = [
        "# Likely scales: same name stem, same codes. Remove the # of those that are; key reversed items.",
        "# scales:",
    ]
    for stem, items in found:
        listed = ", ".join(map(_name, items))
        label = _text(_comment(stem))
        lines.append(
            f"#   {_name(f'scale_{stem}')}: {{label: {label}, items: [{listed}], reverse: [], role: risk}}"
        )
    return "\n".join(lines) + "\n"
