"""Say a validation error of the schema in words a researcher can act on."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from typology.errors import InputFault
from typology.schema.yaml_file import KeyPath, YamlDocument

ModelT = TypeVar("ModelT", bound=BaseModel)

_WANTED = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be a mapping of `key: value`",
    "model_type": "must be a mapping of `key: value`",
    "tuple_type": "must be a list, like [1, 2]",
    "finite_number": "must be a finite number",
    "string_too_long": "is too long",
    "int_parsing_size": "is too large a number",
}


def closest(name: str, valid: Iterable[str], *, instead: str = "") -> str:
    """Remedy that names the closest valid name, or lists the valid ones.

    Parameters
    ----------
    name : str
        The name that is not valid.
    valid : iterable of str
    instead : str
        What to say when there is nothing close; the valid names are listed if there are few.
    """
    names = [str(candidate) for candidate in valid]
    by_folded = {candidate.casefold(): candidate for candidate in names}
    near = difflib.get_close_matches(str(name).casefold(), list(by_folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean `{by_folded[near[0]]}`?"
    if names and len(names) <= 16:
        return f"Valid here: {', '.join(names)}."
    return instead or "Check the spelling."


def build(model: type[ModelT], document: YamlDocument) -> tuple[ModelT | None, list[InputFault]]:
    """Validate a document against a model.

    Returns
    -------
    model : BaseModel or None
        None when there are faults.
    faults : list of InputFault
    """
    if not isinstance(document.data, dict):
        what = "is empty" if document.data is None else "must be a mapping of `key: value`"
        needed = required_fields(model)
        keys = ", ".join(f"{name}:" for name in needed or model.model_fields)
        remedy = f"It needs the keys {keys}" if needed else f"It may hold the keys {keys}"
        return None, [InputFault(document.shown, what, remedy, line=1)]
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, _faults(error, model, document)


def required_fields(model: type[BaseModel]) -> list[str]:
    """Names of the keys a file of this model must have."""
    return [info.alias or name for name, info in model.model_fields.items() if info.is_required()]


def _faults(error: ValidationError, model: type[BaseModel], document: YamlDocument) -> list[InputFault]:
    """One fault a place: alternatives of a union that all failed are told together."""
    places: dict[KeyPath, list[Any]] = {}
    for detail in error.errors(include_url=False):
        path = _path_in(document.data, detail["loc"])
        if detail["type"] == "missing":
            path = tuple(detail["loc"])
        places.setdefault(path, []).append(detail)
    return [_fault(path, details, model, document) for path, details in places.items()]


def _path_in(data: Any, loc: tuple[Any, ...]) -> KeyPath:
    """Longest beginning of an error's location that exists in the data."""
    path: list[Any] = []
    for part in loc:
        if isinstance(data, dict):
            # The schema reports number keys as text.
            key = next((key for key in data if key == part or str(key) == str(part)), None)
            if key is None:
                break
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            key = part
        else:
            break
        data = data[key]
        path.append(key)
    return tuple(path)


def _fault(path: KeyPath, details: list[Any], model: type[BaseModel], document: YamlDocument) -> InputFault:
    kind, name, line = details[0]["type"], ".".join(str(part) for part in path), document.line(path)
    if kind == "missing":
        return InputFault(
            document.shown, "is required but not there", f"Add `{path[-1]}:`.", variable=name, line=line
        )
    if kind == "extra_forbidden":
        remedy = closest(str(path[-1]), _fields_at(model, path[:-1]))
        value = str(path[-1])
        place = ".".join(str(part) for part in path[:-1])
        return InputFault(document.shown, "unknown key", remedy, variable=place, value=value, line=line)
    messages = dict.fromkeys(_message(detail) for detail in details)
    choices = [choice for detail in details for choice in _choices(detail)]
    value = _shown_value(details[0].get("input"))
    remedy = closest(value, choices) if choices else _change(details[0])
    if len(messages) > 1 and not remedy.startswith("Did you mean"):
        remedy = _change(details[0])  # the words are not all that is allowed
    return InputFault(document.shown, " or ".join(messages), remedy, variable=name, value=value, line=line)


def _change(detail: Any) -> str:
    """Say how to mend a value of the wrong kind."""
    if detail.get("input") is None:
        return "Write a value behind the colon, or remove the key."
    scalar = isinstance(detail.get("input"), str | int | float)
    return "Put it in quotes." if detail["type"] == "string_type" and scalar else "Change the value."


def _message(detail: Any) -> str:
    """Say what was wanted, without the schema's jargon."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _WANTED:
        return _WANTED[kind]
    if kind == "literal_error":
        return (
            f"must be one of {context['expected']}"
            if " or " in context["expected"]
            else (f"must be {context['expected']}")
        )
    if kind == "string_pattern_mismatch":
        return "may hold only small letters, digits, - and _, and begins with a letter or digit"
    if kind == "value_error":
        return str(context.get("error", detail["msg"]))
    bounds = {
        "greater_than": "above",
        "greater_than_equal": "at least",
        "less_than": "below",
        "less_than_equal": "at most",
    }
    if kind in bounds:
        return f"must be {bounds[kind]} {next(iter(context.values()))}"
    return str(detail["msg"]).replace("Input should", "must")


def _choices(detail: Any) -> list[str]:
    if detail["type"] != "literal_error":
        return []
    return [part for part in detail["ctx"]["expected"].split("'") if part not in ("", ", ", " or ")]


def _shown_value(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """List the valid keys at a place of a file by walking the schema."""
    here: Any = model
    for part in path:
        here = _unwrap(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = next((f for n, f in here.model_fields.items() if part in (n, f.alias)), None)
            here = field.annotation if field is not None else None
        elif get_origin(here) in (dict, tuple):
            arguments = get_args(here)
            here = arguments[1] if get_origin(here) is dict else arguments[0]
    here = _unwrap(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [info.alias or name for name, info in here.model_fields.items()]
    return []


def _unwrap(annotation: Any) -> Any:
    """Strip Annotated and Optional."""
    while True:
        origin = get_origin(annotation)
        if origin is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (typing.Union, types.UnionType):
            annotation = next((a for a in get_args(annotation) if a is not type(None)), None)
        else:
            return annotation
