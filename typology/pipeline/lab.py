"""Notebooks to work with: copies that open a given run."""

from __future__ import annotations

import json
from pathlib import Path

from typology.resources import notebooks_dir
from typology.runs import open_run
from typology.runs.whole import write_whole


def copy_notebooks(run_dir: Path | str, folder: Path | str) -> list[Path]:
    """Copy the analysis notebooks, set to open a run.

    Parameters
    ----------
    run_dir : path
        The folder of a finished run.
    folder : path
        Where the copies go; notebooks that are already there are kept as they are.

    Returns
    -------
    list of Path
        The notebooks in `folder`, in order.
    """
    # slow to import, and no other command needs it at the start
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    run = open_run(run_dir)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for source in sorted(notebooks_dir().glob("*.ipynb")):
        copy = folder / source.name
        copies.append(copy)
        if copy.exists():
            continue
        notebook = load_notebook_node(str(source))
        parameters = {"run_dir": str(run.folder.absolute())}
        ready = parameterize_notebook(notebook, parameters)
        write_whole(copy, json.dumps(ready, indent=1, ensure_ascii=False) + "\n")
    return copies
