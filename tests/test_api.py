"""The shape of the public interface: names, annotations, how many arguments go by position."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import typology
from typology.runs import Run

HEAVY = (
    "umap",
    "numba",
    "hdbscan",
    "sklearn",
    "scipy",
    "ipywidgets",
    "matplotlib",
    "pandas",
    "numpy",
    "svy",
    "polars",
    "stepmix",
)
MOST_POSITIONAL = 7


def test_public_names() -> None:
    assert set(typology.__all__) == {"__version__", "explore", "load_study", "open_run", "run"}
    for name in typology.__all__:
        assert getattr(typology, name)


def test_the_verb_run_stays_a_function_whatever_is_imported() -> None:
    for module in pkgutil.walk_packages(typology.__path__, "typology."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert inspect.isfunction(typology.run)
    assert inspect.isfunction(typology.open_run)
    assert inspect.isfunction(typology.explore)


def test_run_offers_what_the_design_promises() -> None:
    for name in ("types", "cards", "card", "map", "evidence", "risk_table", "_repr_html_"):
        assert hasattr(Run, name)
    assert list(inspect.signature(Run.card).parameters) == ["self", "type_id"]


@pytest.mark.parametrize("statement", ["import typology", "from typology.cli.app import app"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("command", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('LOADED', *sorted(set(sys.modules) & set({HEAVY!r}))))\n"
        "from typology.cli import main\n"
        f"sys.argv = ['typology', *{command!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]
    assert "typology" in done.stdout


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in pkgutil.walk_packages(typology.__path__, "typology."):
        if module.name.startswith("typology.cli.app") or module.name.endswith("__main__"):
            continue  # the signature of a command is its command line
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == module.name:
                yield f"{module.name}.{name}", function


def test_public_functions_are_annotated_and_take_few_arguments_by_position() -> None:
    found = dict(public_functions())
    assert len(found) > 50
    for name, function in found.items():
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty, name
        positional = [
            parameter
            for parameter in signature.parameters.values()
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        assert len(positional) <= MOST_POSITIONAL, name
        flags = [parameter.name for parameter in positional if parameter.annotation in ("bool", bool)]
        assert not flags, f"{name}: {flags} are booleans by position"
