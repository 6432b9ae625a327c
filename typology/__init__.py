"""Typology: a workbench for victim typologies.

Which respondents of a victimisation survey share a pattern of experience, how sure one can be of it, and
what known risk factors mark each group.

The public verbs::

    import typology as ty

    study = ty.load_study("configs/demo.yaml")
    run = ty.run(study)
    run = ty.open_run("runs/demo")
    ty.explore(run)

Importing the package is cheap: nothing heavy is loaded before a verb is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from typology._version import __version__

if TYPE_CHECKING:
    from typology.explorer import Explorer
    from typology.progress import Progress
    from typology.runs import Run
    from typology.schema.study import Study

__all__ = ["__version__", "explore", "load_study", "open_run", "run"]


def load_study(path: Path | str) -> Study:
    """Read a study file with its codebook and catalogue.

    Parameters
    ----------
    path : path
        The study file.

    Returns
    -------
    Study

    Raises
    ------
    typology.errors.InputFaults
        With every fault of the three files.
    """
    from typology.schema.load import load_study as load

    return load(path)


def run(
    study: Study | Path | str,
    *,
    out: Path | str | None = None,
    jobs: int | None = None,
    backend: str = "local",
    scheduler: str | None = None,
    resume: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run a study from survey file to report.

    Parameters
    ----------
    study : Study or path
        A loaded study, or the path of a study file.
    out : path, optional
        The run folder; ``runs/<study>`` by default. It appears whole or not at all. An earlier run of the
        same study is replaced; anything else there is left alone and is an error.
    jobs : int, optional
        Processes to use; by default, and at most, one a processor. They change the time a run takes, not its
        result.
    backend : str
        ``local``, or ``dask`` to work on an existing Dask cluster; needs the extra ``typology[dask]``. The
        result is the same. Answers of respondents travel to the cluster's workers.
    scheduler : str, optional
        Address of the scheduler of that cluster, such as ``tls://10.0.0.5:8786``.
    resume : bool
        Go on from the last finished stage of an interrupted run of the same study, inputs and versions.
    progress : Progress, optional
        Receives the stages; silent by default.

    Returns
    -------
    Run
        With `.types`, `.cards()`, `.card("T1")`, `.map()`, `.evidence()`, `.risk_table()`.

    Raises
    ------
    typology.errors.InputFaults
        With every fault of study, codebook, catalogue and survey, or if the cluster cannot be used. Nothing
        is written.
    typology.errors.ClusterError
        If the cluster is lost. Finished stages are kept for `resume`.
    typology.errors.RunFolderError
        If another run is being written to the same folder, or the disk is full or may not be written to.
    typology.errors.DisclosureError
        If the finished release would reveal a small group. Nothing is left behind.
    """
    from typology.pipeline import run_study
    from typology.progress import SilentProgress

    loaded = load_study(study) if isinstance(study, (str, Path)) else study
    return run_study(
        loaded,
        out=out,
        jobs=jobs,
        backend=backend,
        scheduler=scheduler,
        resume=resume,
        progress=progress or SilentProgress(),
    )


def open_run(folder: Path | str) -> Run:
    """Open the folder of a finished run.

    Parameters
    ----------
    folder : path
        Such as ``runs/demo``.

    Returns
    -------
    Run

    Raises
    ------
    typology.errors.RunFolderError
        If it is not a whole run folder.
    """
    from typology.runs import open_run as open_folder

    return open_folder(folder)


def explore(run: Run | Path | str) -> Explorer:
    """Explore a finished run in JupyterLab.

    Parameters
    ----------
    run : Run or path
        An opened run, or its folder.

    Returns
    -------
    Explorer
        Shows itself as the last line of a cell. What is private is shown on request only and is not saved in
        the notebook.

    Raises
    ------
    typology.errors.RunFolderError
        If it is not a whole run folder.
    """
    from typology.explorer import explore as show

    return show(open_run(run) if isinstance(run, (str, Path)) else run)
