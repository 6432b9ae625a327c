"""Where the reader followed the codebook, or a convention, although the data file may mean something else."""

from __future__ import annotations

from collections.abc import Mapping

from typology.schema.codebook import Variable, code_text, positive_code
from typology.survey.codes import Resolved, clean
from typology.survey.table import FileMissing, RawTable


def file_notes(table: RawTable, resolved: Mapping[str, Resolved]) -> list[str]:
    """What a person should compare between data file and codebook.

    Parameters
    ----------
    table : RawTable
    resolved : dict of str to Resolved
        The columns after the codebook was applied.

    Returns
    -------
    list of str
        One sentence each, without a full stop.
    """
    commas = [name for name, one in resolved.items() if one.decimal_comma]
    notes = [f"numbers with a comma were read as decimals in {', '.join(commas)}"] if commas else []
    for name, one in resolved.items():
        notes += _overruled(name, one.variable, table.missing.get(name, FileMissing()))
        notes += _opposed(name, one.variable, table.value_labels.get(name, {}))
    return notes


def _overruled(name: str, variable: Variable, declared: FileMissing) -> list[str]:
    """Codes that the file calls missing and the codebook lists as answers."""
    codes = [code_text(code) for code in variable.values if declared.covers(code)]
    if not codes:
        return []
    listed = ", ".join(codes)
    return [f"{name}: the file calls {listed} missing, the codebook an answer (the codebook was followed)"]


def _opposed(name: str, variable: Variable, labels: Mapping[object, str]) -> list[str]:
    """A binary whose labels in the file say that the other code is the positive one."""
    if variable.type != "binary" or not variable.values:
        return []
    known = {code_text(code) for code in variable.values}
    cleaned = {clean(code): text for code, text in labels.items()}
    named = {code: text for code, text in cleaned.items() if code is not None and code_text(code) in known}
    positive = positive_code(Variable(label=name, type="binary", values=named))
    if positive is None or code_text(positive) == code_text(positive_code(variable)):
        return []
    text = named[positive]
    return [f"{name}: the file labels {positive} as {text!r}, the codebook takes the other code as positive"]
