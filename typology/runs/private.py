"""What a run folder keeps in private/ about single respondents, read back for the explorer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from typology.errors import RunFolderError
from typology.results import Floats, Ints
from typology.runs.run import Run

ITEMS = "items"
NO_TYPE = -1
SETTINGS = ("n_neighbors", "min_cluster_size", "method", "seed")


def run_column(settings: Mapping[Any, Any]) -> str:
    """Name the column of one UMAP+HDBSCAN run after its settings, such as ``15/35/eom/1235483908``."""
    return "/".join(str(settings[name]) for name in SETTINGS)


@dataclass(frozen=True)
class ItemInfo:
    """An item in words: its question and its levels from 0."""

    name: str
    label: str
    level: str
    labels: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class PrivateMap:
    """The respondents the runs saw. Private: for looking at groups in a notebook, never for release.

    Attributes
    ----------
    xy : float array, (s, 2)
        Place on the map, from its left and lower end, in percent of its longer side: a picture only.
    types : int array, (s,)
        Type from 0 in the order of `type_ids`; -1 none.
    type_ids : tuple of str
    clusters : dict of str to int array, (s,)
        By name of the run; -1 noise.
    levels : int array, (s, p)
        Level of each item; -1 no answer.
    items : tuple of ItemInfo, length p
    threshold : int
        Fewest respondents a number shown may rest on.
    """

    xy: Floats
    types: Ints
    type_ids: tuple[str, ...]
    clusters: Mapping[str, Ints]
    levels: Ints
    items: tuple[ItemInfo, ...]
    threshold: int

    def __repr__(self) -> str:
        """Say how much there is, and nothing about anybody."""
        return f"<PrivateMap: {len(self.clusters)} runs, {len(self.items)} items>"


def open_private(run: Run) -> PrivateMap:
    """Read what the explorer needs of the private folder of a run.

    Raises
    ------
    RunFolderError
        A file is missing: it was removed on purpose, or an earlier version wrote the run.
    """
    frames = {name: _read(run.folder / "private" / f"{name}.parquet") for name in ("runs", "items")}
    runs, items = frames["runs"], frames["items"]
    ids = tuple(str(entry["id"]) for entry in run.summary["types"])
    who = run.respondents().set_index("id")["type"].reindex(runs["id"])
    place = {name: at for at, name in enumerate(ids)}
    types = np.array([place.get(str(name), NO_TYPE) for name in who], dtype=np.int64)
    return PrivateMap(
        xy=_percent(runs[["map_x", "map_y"]].to_numpy(dtype=float)),
        types=types,
        type_ids=ids,
        clusters={name: runs[name].to_numpy(dtype=np.int64) for name in runs.columns[3:]},
        levels=items.drop(columns="id").to_numpy(dtype=np.int64),
        items=tuple(
            ItemInfo(each["name"], each["label"], each["level"], tuple(each["labels"]))
            for each in items.attrs[ITEMS]
        ),
        threshold=run.threshold,
    )


def _percent(xy: Floats) -> Floats:
    if not len(xy):
        return xy
    low = xy.min(axis=0)
    return np.asarray(100 * (xy - low) / (float((xy.max(axis=0) - low).max()) or 1.0))


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        remedy = "Removed on purpose, or the run is of an earlier version: run the study again."
        raise RunFolderError(f"{path}: the private file is not there. {remedy}")
    return pd.read_parquet(path)
