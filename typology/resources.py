"""Where the configuration files and notebooks that travel with the package are.

A checkout keeps them once, at its top level; the wheel carries the same files inside the package.
"""

from __future__ import annotations

from pathlib import Path

from typology.errors import TypologyError

_PACKAGE = Path(__file__).resolve().parent


def configs_dir() -> Path:
    """Folder of the packaged study files, codebooks and the risk-factor catalogue.

    Raises
    ------
    TypologyError
        If the installation carries no such folder.
    """
    return _locate("configs", holding="risk_factors.yaml")


def notebooks_dir() -> Path:
    """Folder of the report notebooks.

    Raises
    ------
    TypologyError
        If the installation carries no such folder.
    """
    return _locate("notebooks", holding="*.ipynb")


def _locate(name: str, *, holding: str) -> Path:
    """Find a data folder in the installed package, else in the checkout around it.

    `holding` is a pattern the folder must contain a match of: a stray ``site-packages/configs`` left
    by another distribution is then not taken for ours.
    """
    places = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for place in places:
        if place.is_dir() and any(place.glob(holding)):
            return place
    looked = " and ".join(str(place) for place in places)
    raise TypologyError(
        f"The folder of packaged {name} is missing (looked for {holding} in {looked}). "
        "Reinstall the package, or run from a complete checkout."
    )
