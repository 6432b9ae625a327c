"""Load a study: its file, its codebook and its catalogue, with every fault at once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from typology.errors import InputFault, InputFaults
from typology.resources import configs_dir
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook
from typology.schema.instruments import FOLDER, Library, with_instruments
from typology.schema.load_catalogue import merged, read_catalogues
from typology.schema.reference_rules import study_faults
from typology.schema.rules import codebook_faults
from typology.schema.study import SIMULATED, SURVEY_SUFFIXES, Study, StudyConfig, survey_suffix
from typology.schema.translate import build, closest
from typology.schema.yaml_file import KeyPath, YamlDocument, read_yaml

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass
class _Loaded:
    """What has been read so far, and all that was wrong with it."""

    faults: list[InputFault] = field(default_factory=list)

    def read(self, model: type[ModelT], path: Path, shown: str) -> tuple[ModelT | None, YamlDocument | None]:
        try:
            document = read_yaml(path, shown=shown)
        except InputFaults as found:
            self.faults += found.faults
            return None, None
        built, faults = build(model, document)
        self.faults += faults
        return built, document

    def catalogues(
        self, config: StudyConfig, document: YamlDocument, path: Path
    ) -> tuple[Catalogue | None, list[Path]]:
        """Read the catalogue files a study names, put together; None unless all can be read."""
        files = [(_catalogue_path(name, path), name) for name in config.label.catalogues]
        key = ("label", "catalogue")
        allowed = [self.may_read(at, document, key, name) for at, name in files]
        found, faults = read_catalogues([file for file, may in zip(files, allowed, strict=True) if may])
        self.faults += faults
        complete = len(found) == len(files)
        return merged(found) if complete else None, [at for at, _ in files]

    def may_read(self, path: Path, study: YamlDocument, key: KeyPath, given: str) -> bool:
        """Whether a file the study names lies in its folder or is a packaged one; else a fault is noted."""
        folder = Path(study.shown).parent
        if _lies_in(path, folder) or _lies_in(path, configs_dir()):
            return True
        message = "leads out of the folder of the study file"
        remedy = f"Copy that file into the folder of {Path(study.shown).name} and give its path from there."
        name = ".".join(map(str, key))
        self.faults.append(InputFault(study.shown, message, remedy, name, given, study.line(key)))
        return False


@dataclass(frozen=True)
class Examined:
    """A study read as far as it can be.

    Attributes
    ----------
    study : Study or None
        None when a file is too faulty to make anything of, or the data file is not there. May hold rules
        that `faults` objects to: only for finding more faults.
    faults : tuple of InputFault
        All of study file, catalogue and codebook. Not of the survey's data, which are not read.
    """

    study: Study | None
    faults: tuple[InputFault, ...]


def load_study(path: Path | str) -> Study:
    """Read a study file with its codebook and risk-factor catalogue.

    Parameters
    ----------
    path : Path or str
        The study file. Paths inside it are relative to its folder. Codebook and catalogue must lie in that
        folder or below, or be among the packaged ones; a catalogue that is not there is looked for among
        the packaged ones. The survey's data may lie anywhere.

    Returns
    -------
    Study

    Raises
    ------
    InputFaults
        With every fault of its files. The survey's data are not read.
    """
    examined = examine_study(path)
    if examined.faults or examined.study is None:
        raise InputFaults(examined.faults)
    return examined.study


def examine_study(path: Path | str) -> Examined:
    """Read a study as far as it can be, with all faults found.

    Parameters
    ----------
    path : Path or str
        As for `load_study`.

    Returns
    -------
    Examined
    """
    path = Path(path)
    loaded = _Loaded()
    config, document = loaded.read(StudyConfig, path, str(path))
    if config is None or document is None:
        return Examined(None, tuple(loaded.faults))
    catalogue, catalogue_paths = loaded.catalogues(config, document, path)
    codebook_path = path.parent / config.survey.codebook
    codebook, codebook_document = None, None
    library = Library([codebook_path.parent / FOLDER, configs_dir() / FOLDER])
    if loaded.may_read(codebook_path, document, ("survey", "codebook"), config.survey.codebook):
        codebook, codebook_document = loaded.read(Codebook, codebook_path, config.survey.codebook)
    if codebook is not None and codebook_document is not None:
        codebook, faults = with_instruments(codebook, codebook_document, library)
        loaded.faults += faults
        factors = None if catalogue is None else list(catalogue.factors)
        loaded.faults += codebook_faults(codebook, codebook_document, factors=factors)
        loaded.faults += study_faults(config, codebook, document)
    data_path, data_faults = _data_path(config, path, document)
    loaded.faults += data_faults
    if codebook is None or codebook_document is None or data_faults:
        return Examined(None, tuple(loaded.faults))
    inputs = {"study": path, "codebook": codebook_path}
    for number, used in enumerate(catalogue_paths, start=1):
        inputs["catalogue" if number == 1 else f"catalogue {number}"] = used
    inputs |= {f"instrument {name}": used for name, used in sorted(library.used.items())}
    if data_path is not None:
        inputs["data"] = data_path
    lines = _name_lines(codebook, codebook_document)
    known = catalogue or Catalogue(factors={})  # without one there is a fault, so it is never used
    study = Study(config, codebook, known, path, data_path, inputs, lines)
    return Examined(study, tuple(loaded.faults))


def path_exists(path: Path) -> bool:
    """Whether there is such a path; a name no file can have is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder, wherever its links point; one that leads nowhere does."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return True  # a ring of links or a name no file can have: told when it is read


def _catalogue_path(name: str, study_path: Path) -> Path:
    """Prefer the catalogue beside the study file to the packaged one of that name."""
    beside = study_path.parent / name
    if path_exists(beside):
        return beside
    packaged = configs_dir() / name
    return packaged if path_exists(packaged) else beside


def _data_path(
    config: StudyConfig, study_path: Path, document: YamlDocument
) -> tuple[Path | None, list[InputFault]]:
    """Find the survey file (None when simulated), with a fault when it cannot be one."""
    given = config.survey.data
    if given in SIMULATED:
        return None, []
    line = document.line(("survey", "data"))
    data_path = study_path.parent / given
    message, remedy = "", ""
    if survey_suffix(data_path) not in SURVEY_SUFFIXES:
        message = "is not a kind of survey file that can be read"
        near = difflib.get_close_matches(given.casefold(), SIMULATED, n=1)
        remedy = (
            f"Did you mean `{near[0]}`?"
            if near
            else f"Use one of {' '.join(SURVEY_SUFFIXES)}, or `simulated`."
        )
    elif not path_exists(data_path):
        siblings = _names_in(data_path.parent)
        message = "there is no such survey file"
        instead = f"The path is relative to the folder of {study_path.name}."
        remedy = closest(data_path.name, siblings, instead=instead) if siblings else instead
    elif not data_path.is_file():
        message, remedy = "is not a file", "Give the path of one survey file."
    if not message:
        return data_path, []
    return data_path, [InputFault(str(study_path), message, remedy, "survey.data", given, line)]


def _names_in(folder: Path) -> list[str]:
    """Names in a folder; none when it cannot be looked into."""
    try:
        return sorted(found.name for found in folder.iterdir())
    except (OSError, ValueError):
        return []


def _name_lines(codebook: Codebook, document: YamlDocument) -> dict[str, int]:
    """Line of every variable and scale in the codebook file."""
    lines = {}
    for section, names in (("scales", codebook.scales), ("variables", codebook.variables)):
        for name in names:
            lines[name] = document.line((section, name)) or 1
    return lines
