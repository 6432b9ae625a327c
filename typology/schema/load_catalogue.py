"""Load the risk-factor catalogue: the packaged one, another, or one that later files extend and override."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from typology.errors import InputFault, InputFaults
from typology.resources import configs_dir
from typology.schema.catalogue import Catalogue
from typology.schema.reference_rules import catalogue_faults
from typology.schema.translate import build
from typology.schema.yaml_file import YamlDocument, read_yaml

PACKAGED = "risk_factors.yaml"


def load_catalogue(file: Path | str | None = None) -> tuple[Catalogue, Catalogue]:
    """Read the packaged catalogue, extended and overridden by a file.

    Parameters
    ----------
    file : Path or str, optional

    Returns
    -------
    whole : Catalogue
    own : Catalogue
        What the file holds; all of it when there is none.

    Raises
    ------
    InputFaults
        With every fault.
    """
    files = [(configs_dir() / PACKAGED, PACKAGED)]
    if file is not None:
        files.append((Path(file), str(file)))
    found, faults = read_catalogues(files)
    if faults:
        raise InputFaults(faults)
    return merged(found), found[-1]


def read_catalogues(files: Sequence[tuple[Path, str]]) -> tuple[list[Catalogue], list[InputFault]]:
    """Read and check catalogue files, of which each extends and overrides those before it.

    Parameters
    ----------
    files : sequence of (path, name shown in messages)

    Returns
    -------
    catalogues : list of Catalogue
        Those that could be read.
    faults : list of InputFault
    """
    read: list[tuple[Catalogue, YamlDocument]] = []
    faults: list[InputFault] = []
    complete = True
    for path, shown in files:
        try:
            document = read_yaml(path, shown=shown)
        except InputFaults as error:
            faults += error.faults
            complete = False
            continue
        built, wrong = build(Catalogue, document)
        faults += wrong
        if built is None:
            complete = False
        else:
            read.append((built, document))
    known: set[str] = set()
    for catalogue, document in read:
        known |= set(catalogue.factors)
        # of a file that could not be read the factors are not known, and their names would be faults
        faults += catalogue_faults(catalogue, document, known=known if complete else None)
    return [catalogue for catalogue, _ in read], faults


def merged(catalogues: Sequence[Catalogue]) -> Catalogue:
    """Put catalogues together: each factor, profile and guidance of a factor is the last file's."""
    return Catalogue(
        factors={name: each for one in catalogues for name, each in one.factors.items()},
        profiles={name: each for one in catalogues for name, each in one.profiles.items()},
        guidance={name: each for one in catalogues for name, each in one.guidance.items()},
    )
