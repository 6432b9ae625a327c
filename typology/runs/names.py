"""Names that researchers give to types of a finished run: logged, and written into the study file.

The log lies in ``private/names.json``: it says who gave which name when. ``typology report`` puts the last
name of each type into tables, cards and report.
"""

from __future__ import annotations

import datetime
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from typology.errors import InputFault, InputFaults, TypologyError
from typology.resources import configs_dir
from typology.runs.folder import private_file
from typology.runs.manifest import sha256
from typology.runs.run import Run
from typology.runs.tables import write_json
from typology.runs.whereabouts import locate_study
from typology.schema.study import SIMULATED
from typology.schema.translate import closest
from typology.schema.yaml_file import read_yaml

LOG = "names.json"
LONGEST = 80


@dataclass(frozen=True)
class Renaming:
    """One entry of the log.

    Attributes
    ----------
    type, old, new : str
    who, when : str
        `when` in UTC, to the second.
    study_file : str
        Where the name was written as well; empty when it was not.
    study_sha256 : str
        Of the study file after that; empty when it was not written.
    """

    type: str
    old: str
    new: str
    who: str
    when: str
    study_file: str = ""
    study_sha256: str = ""


def naming_log(run: Run) -> tuple[Renaming, ...]:
    """All renamings of a run, oldest first."""
    path = run.folder / "private" / LOG
    if not path.is_file():
        return ()
    return tuple(Renaming(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))["renamings"])


def current_names(run: Run) -> dict[str, str]:
    """Name of each type, renamings included that are not in the report yet."""
    names = {str(entry["id"]): str(entry["name"]) for entry in run.summary["types"]}
    given = {entry.type: entry.new for entry in naming_log(run)}
    return {type_id: given.get(type_id, name) for type_id, name in names.items()}


def study_file_of(run: Run) -> Path | None:
    """The study file of a run if names may be written into it.

    None if it is gone, changed since, read-only, or one that comes with the package.
    """
    path = locate_study(run)
    if path is None:
        return None
    known = {run.manifest["inputs"]["study"]["sha256"], *(entry.study_sha256 for entry in naming_log(run))}
    packaged = run.manifest["config"]["survey"]["data"] in SIMULATED and path.is_relative_to(configs_dir())
    if packaged or not os.access(path, os.W_OK) or sha256(path) not in known:
        return None
    return path


def rename_type(run: Run, type_id: str, name: str, *, who: str, study_file: bool = True) -> Renaming:
    """Give a type of a finished run a name of your own, and log it.

    Parameters
    ----------
    run : Run
    type_id : str
        Such as ``"T1"``.
    name : str
        One line; released with the report, so it must not tell of single people.
    who : str
        For the log.
    study_file : bool
        Whether the name also goes into the study file (``label: names:``), so that a new run keeps it. Left
        out where `study_file_of` has none.

    Returns
    -------
    Renaming

    Raises
    ------
    InputFaults
        No such type, or not a name.
    """
    names = current_names(run)
    name, who = " ".join(name.split()), " ".join(who.split())
    fault = _fault(names, type_id, name, who)
    if fault is not None:
        raise InputFaults([fault])
    path = study_file_of(run) if study_file else None
    if path is not None:
        _write_into(path, type_id, name)
    entry = Renaming(
        type=type_id,
        old=names[type_id],
        new=name,
        who=who,
        when=datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds"),
        study_file="" if path is None else str(path),
        study_sha256="" if path is None else sha256(path),
    )
    _append(run, entry)
    return entry


def _fault(names: Mapping[str, str], type_id: str, name: str, who: str) -> InputFault | None:
    """What is wrong with a name."""
    others = {given.casefold(): each for each, given in names.items() if each != type_id}
    message = remedy = ""
    if type_id not in names:
        return InputFault("rename", "is not a type of this run", closest(type_id, names), value=type_id)
    if not name or not name.isprintable():
        message, remedy = "is not a name", "Give one line of text."
    elif len(name) > LONGEST:
        message, remedy = "is too long for a card", f"Give at most {LONGEST} characters."
    elif name.casefold() in others:
        message, remedy = f"is the name of {others[name.casefold()]}", "Give a name of its own."
    elif name == names[type_id]:
        message, remedy = f"is the name of {type_id} already", "Give another name."
    elif not who:
        return InputFault("rename", "the log must say who gives the name", "Give a name or initials.")
    return InputFault("rename", message, remedy, value=name) if message else None


def _append(run: Run, entry: Renaming) -> None:
    """Write the log anew with one entry more, readable by its owner only."""
    path = run.folder / "private" / LOG
    draft = path.with_name(f".{LOG}.partial")
    draft.unlink(missing_ok=True)
    entries = [asdict(each) for each in (*naming_log(run), entry)]
    write_json({"renamings": entries}, private_file(draft))
    draft.replace(path)


def _write_into(path: Path, type_id: str, name: str) -> None:
    """Put one name into a study file; comments and everything else stay as they are."""
    before = read_yaml(path, shown=path.name).data
    text = path.read_text(encoding="utf-8")
    indent, block = load_yaml_guess_indent(text)[1:]
    writer = YAML()
    writer.preserve_quotes, writer.width = True, 4096
    writer.indent(mapping=indent or 2, sequence=indent or 2, offset=block or 0)
    content = writer.load(text)
    names = content.setdefault("label", {}).setdefault("names", {})
    names[type_id] = DoubleQuotedScalarString(name)
    out = io.StringIO()
    writer.dump(content, out)
    draft = path.with_name(f".{path.name}.partial")
    try:
        draft.write_text(out.getvalue(), encoding="utf-8")
        draft.chmod(path.stat().st_mode & 0o7777)
        label = before.get("label") or {}
        expected = {**before, "label": {**label, "names": {**(label.get("names") or {}), type_id: name}}}
        if read_yaml(draft, shown=path.name).data != expected:
            raise TypologyError(f"{path}: the name could not be written without changing something else.")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
