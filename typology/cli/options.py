"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="The study file.")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The folder of a finished run.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="The run folder itself; default runs/STUDY, by the name in the study file. An earlier run of "
        "the same study there is replaced once the new one is complete; a folder that holds anything else is "
        "refused.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="Processes to use; by default, and at most, one a processor.",
        show_default=False,
    ),
]
Backend = Annotated[
    str,
    typer.Option(
        "--backend",
        metavar="local|dask",
        help="Who works: processes of this machine, or the workers of an existing Dask cluster. The result "
        "is the same. Answers of respondents travel to those workers.",
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Address of the scheduler of the Dask cluster, such as tls://10.0.0.5:8786. By tcp:// answers "
        "of respondents travel unencrypted.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on from the last finished stage of a run that was interrupted, if inputs, settings and "
        "versions are the same; the result is, too. Without it an interrupted run is forgotten.",
    ),
]
