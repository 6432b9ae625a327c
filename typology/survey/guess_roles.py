"""Guess the roles of the variables of a data file, each guess with its reason."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from typology.schema.codebook import Role, VariableType
from typology.survey.codes import clean, fingerprint, to_number
from typology.survey.guess import Guess, guess_type
from typology.survey.table import RawTable

ENOUGH_BINARY = 5
FEWEST_ITEMS = 3
SMALL_CODES = 10  # whole numbers below are the codes of an answer, such as "were overweight"

_HARM = re.compile(
    r"bull(y|ied)|harass|threat|victim|attack|assault|abus|forced|violence|hurt|injur|hit\b|beat|unsafe|"
    r"safety concern|insult|rumou?r|stalk|blackmail|sextort|sexting|sexual pic|nude|naked|groom|solicit|"
    r"unwanted|stranger|stole|robbed|exclud|teas|mock|humiliat|fight",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(sex|gender|age|old are you|grade|race|ethnic\w*|hispanic|country|nation\w*|region|year of birth)\b",
    re.IGNORECASE,
)
_NOT_PERSON = re.compile(
    r"sexual|intercourse|before|first|initiation|tried|partner|contacts|drug|alcohol|\buse\b|\bused\b",
    re.IGNORECASE,
)
_ID = re.compile(
    r"^(id|rid|pid|uid|guid|resp(ondent)?_?id|respondent|case_?(id|no)?|record_?id|seqn|serial|.*_id)$",
    re.IGNORECASE,
)
_WEIGHT = re.compile(
    r"^(w|pw|wt|wgt|weights?|[a-z]?p?weight|.*_?(wt|wgt|weight|wght|gewicht|peso))$", re.IGNORECASE
)
_BODY = re.compile(
    r"how much|kilo|\bkg\b|pound|\blbs?\b|body|weigh\b|overweight|lose|gain|height|perception|student",
    re.IGNORECASE,
)
_STRATUM = re.compile(r"^(strat(um|a)?|.*_strat(um|a)?|v?strat\d*)$|sampling strat", re.IGNORECASE)
_PSU = re.compile(r"^(psu|v?psu\d*|.*_psu|cluster(_?id)?|school_?id)$|primary sampling unit", re.IGNORECASE)


def guess_variables(table: RawTable) -> list[Guess]:
    """Guess every column of a table, in file order."""
    guesses = [guess_type(name, table) for name in table.frame.columns]
    return _study_roles(_design_roles(guesses, table), table)


def _design_roles(guesses: list[Guess], table: RawTable) -> list[Guess]:
    """Give the first likely column each of the roles id, weight, stratum and psu."""
    taken: set[Role] = set()
    done = []
    for guess in guesses:
        role = _design_role(guess, table)
        if role is None or role in taken:
            done.append(guess)
            continue
        taken.add(role)
        kind: VariableType = "numeric" if role == "weight" else "nominal"
        why = {"id": "its name, and no two are equal"}.get(role, "its name or label")
        blank = replace(
            guess, type=kind, role=role, values={}, positive=None, missing={}, reasons={"role": why}
        )
        done.append(blank)
    return done


def _design_role(guess: Guess, table: RawTable) -> Role | None:
    cells = table.frame[guess.name]
    tokens = [clean(cell) for cell in pd.unique(cells)]
    if None in tokens:  # the design is known of everyone
        return None
    name, label = guess.name, guess.label
    if _ID.search(name) and cells.is_unique:
        return "id"
    if _STRATUM.search(name) or _STRATUM.search(label):
        return "stratum"
    if _PSU.search(name) or _PSU.search(label):
        return "psu"
    if _WEIGHT.search(name) and not _BODY.search(label):
        numbers = [to_number(token) for token in tokens if token is not None]
        known = {number for number in numbers if number is not None and number >= 0}
        codes = all(number.is_integer() and number < SMALL_CODES for number in known)
        if len(known) > 1 and not codes and all(number in known for number in numbers):
            return "weight"
    return None


def _study_roles(guesses: list[Guess], table: RawTable) -> list[Guess]:
    """Propose typology items by what their labels speak of, and who-they-are variables."""
    people = {
        g.name
        for g in guesses
        if _PERSON.search(g.label) and not _NOT_PERSON.search(g.label) and g.role == "ignore"
    }
    names = _typology_items([g for g in guesses if g.name not in people], table)
    done = []
    for guess in guesses:
        role, why = guess.role, guess.reasons.get("role", "")
        if guess.name in names:
            role, why = "typology", names[guess.name]
        elif guess.name in people and not why:
            role, why = "demographic", "the label speaks of the person"
        done.append(replace(guess, role=role, reasons=guess.reasons | ({"role": why} if why else {})))
    return done


def _typology_items(guesses: list[Guess], table: RawTable) -> dict[str, str]:
    """Proposed typology items, with the reason; a copy of a proposed column is not proposed."""
    unclaimed = [g for g in guesses if g.role == "ignore" and g.values and "role" not in g.reasons]
    items = [g for g in unclaimed if g.type in ("binary", "ordinal")] or unclaimed
    harm = [g for g in items if _HARM.search(g.label)]
    binary = [g for g in harm if g.type == "binary"]
    chosen = binary if len(binary) >= ENOUGH_BINARY else harm
    reason = "the label speaks of {}"
    if len(chosen) < FEWEST_ITEMS:
        chosen, reason = items, "hardly any label speaks of harm, so every item is proposed"
    names: dict[str, str] = {}
    seen: set[str] = set()
    for guess in chosen:
        key = fingerprint(table.frame[guess.name])
        if key not in seen:
            seen.add(key)
            word = _HARM.search(guess.label)
            names[guess.name] = reason.format(repr(word.group(0)) if word else "")
    return names
