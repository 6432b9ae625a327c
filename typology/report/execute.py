"""Runs notebooks for a run folder, in kernels of this very interpreter."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from papermill.exceptions import PapermillExecutionError

from typology.errors import TypologyError

KERNELS_AT_ONCE = 2
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class OwnInterpreter(AsyncKernelManager):
    """Starts kernels with the interpreter that runs this code, in the IPython folder of a subclass.

    A kernel specification of the user named ``python3`` may point to another environment, in which the
    package is absent or another version; none is looked up. Nor are the user's IPython startup files.
    """

    ipython_folder: ClassVar[str] = ""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The specification of a kernel of this interpreter."""
        quiet = ["--HistoryManager.enabled=False", "--log-level=50"]
        # results say what they are made of, beside how they look in HTML
        structure = ["--ext=typology.report.structure"]
        before = os.environ.get("PYTHONPATH", "")
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", *quiet, *structure],
            display_name="typology",
            language="python",
            env={
                "PYTHONPATH": os.pathsep.join([str(PACKAGE_ROOT), *([before] if before else [])]),
                "IPYTHONDIR": self.ipython_folder,
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            },
        )


def execute_notebooks(
    notebooks: Sequence[Path], *, parameters: dict[str, str]
) -> list[nbformat.NotebookNode]:
    """Run notebooks with parameters and return them with their outputs, in the given order.

    Parameters
    ----------
    notebooks : sequence of Path
    parameters : dict of str to str
        Every one must be known to every notebook.

    Raises
    ------
    TypologyError
        A parameter is unknown to a notebook, or a notebook fails.
    """
    for notebook in notebooks:
        check_parameters(notebook, parameters=parameters)
    with ThreadPoolExecutor(max_workers=KERNELS_AT_ONCE) as workers:
        return list(workers.map(lambda notebook: _execute(notebook, parameters=parameters), notebooks))


def check_parameters(notebook: Path, *, parameters: dict[str, str]) -> None:
    """Refuse parameters the notebook does not declare (papermill itself would only warn)."""
    declared = set(papermill.inspect_notebook(str(notebook)))
    unknown = sorted(set(parameters) - declared)
    if unknown:
        have = ", ".join(sorted(declared)) or "none"
        raise TypologyError(
            f"{notebook.name} has no parameter {', '.join(unknown)}; its parameters are: {have}."
        )


def _execute(notebook: Path, *, parameters: dict[str, Any]) -> nbformat.NotebookNode:
    with tempfile.TemporaryDirectory(prefix="typology-") as folder:
        manager = type("OwnInterpreterHere", (OwnInterpreter,), {"ipython_folder": folder})
        try:
            executed: nbformat.NotebookNode = papermill.execute_notebook(
                str(notebook), None, parameters=parameters, kernel_name="python3", language="python",
                progress_bar=False, request_save_on_cell_execute=False, kernel_manager_class=manager,
            )  # fmt: skip
        except PapermillExecutionError as error:
            raise TypologyError(f"{notebook.name} failed: {error.ename}: {error.evalue}") from error
        finally:
            # the event loop jupyter made for this thread, with its sockets; it would stay open for good
            ensure_event_loop().close()
    return executed
