"""Where the study file of a run lies on this machine.

That is kept in ``private/study.json`` and nowhere else: the manifest names files by their place in the folder
of the study and by their hashes, so that it can be shown to others.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from typology.resources import configs_dir
from typology.runs.folder import place_of, private_file
from typology.runs.manifest import WHEREABOUTS, sha256
from typology.runs.run import Run
from typology.schema.study import SIMULATED, Study


def write_whereabouts(study: Study, folder: Path) -> None:
    """Note where the study file is, from the root and as seen from beside the run folder.

    Parameters
    ----------
    study : Study
    folder : Path
        The run folder, or the folder that is to become it, beside it.
    """
    path = study.path.absolute()
    places = {"absolute": str(path)}
    if path.anchor == folder.absolute().anchor:
        places["relative"] = os.path.relpath(os.path.realpath(path), place_of(folder).parent)
    note = private_file(folder / WHEREABOUTS)
    note.write_text(f"{json.dumps(places, indent=2)}\n", encoding="utf-8")


def locate_study(run: Run) -> Path | None:
    """Find the study file of a run, also after run and study were moved together.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Path or None
        Where it was; else at the same place as seen from the run folder; else, for studies that come with
        the package, in the package. The first that holds what it held, or else the first there is. None where
        it is at none of these places.
    """
    note = run.folder / WHEREABOUTS
    places = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    known = [Path(places["absolute"])] if "absolute" in places else []
    if "relative" in places:
        known.append(place_of(run.folder).parent / places["relative"])
    if run.manifest["config"]["survey"]["data"] in SIMULATED:
        known.append(configs_dir() / run.manifest["study_file"])
    there = [Path(os.path.normpath(path)) for path in known if path.is_file()]
    hashed = run.manifest["inputs"]["study"]["sha256"]
    unchanged = [path for path in there if sha256(path) == hashed]
    return next(iter([*unchanged, *there]), None)
