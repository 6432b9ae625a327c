"""What the explorer says about clusters and regions: groups only, and none under the threshold.

Computed from private rows, shown in the notebook, never written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.models.hexagons import hexagons
from typology.profile.display import Notice, TableView
from typology.profile.wording import listed, percent, points
from typology.results import Bools, Floats, Ints
from typology.runs.private import NO_TYPE, PrivateMap

TOO_FEW = "too few"
NOISE = "noise"
UNASSIGNED = "unassigned"
EVERYONE = "everyone"
PART = 0.1
SHOWN_ITEMS = 12
Box = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Crossing:
    """Types against the clusters of one run.

    Attributes
    ----------
    rows : tuple of str
        Types, then the unassigned if there are any; "everyone" in a run without types.
    columns : tuple of str
        C1, C2, ... by size, then noise.
    count : int array, (rows, columns)
    threshold : int
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    count: Ints
    threshold: int

    @property
    def hidden(self) -> Bools:
        """Cells with somebody in them, but too few."""
        return np.asarray((self.count > 0) & (self.count < self.threshold))

    def table(self) -> TableView:
        """Share of each type that lies in each cluster, "too few" where that would be about few people."""
        total = self.count.sum(axis=1)
        cells = [
            tuple(
                TOO_FEW if hidden else percent(n / total[at]) if total[at] else "–"
                for n, hidden in zip(self.count[at], self.hidden[at], strict=True)
            )
            for at in range(len(self.rows))
        ]
        return TableView(
            caption="Where each type lies in this run: share of the type in each cluster",
            header=("type", *self.columns),
            rows=tuple((name, *row) for name, row in zip(self.rows, cells, strict=True)),
            numeric=frozenset(range(1, len(self.columns) + 1)),
            note=f"{TOO_FEW.capitalize()}: fewer than {self.threshold} respondents.",
        )

    def sentences(self) -> tuple[str, ...]:
        """Which types the run splits, and which it merges; parts under a tenth do not count."""
        types = [at for at, name in enumerate(self.rows) if name not in (UNASSIGNED, EVERYONE)]
        if not types:
            return ()
        clusters = [at for at, name in enumerate(self.columns) if name != NOISE]
        large = self._large()
        told = []
        for at in types:
            parts = [self.columns[c] for c in clusters if large[at, c]]
            if len(parts) > 1:
                told.append(f"{self.rows[at]} is split: {listed(parts)}.")
            elif not parts:
                told.append(f"No cluster holds a tenth of {self.rows[at]}.")
        for c in clusters:
            parts = [self.rows[at] for at in types if large[at, c]]
            if len(parts) > 1:
                told.append(f"{self.columns[c]} merges {listed(parts)}.")
        return tuple(told) or ("Every type is one cluster.",)

    def _large(self) -> Bools:
        """Parts that are a tenth of the type or more, and people enough."""
        share = self.count / np.maximum(self.count.sum(axis=1, keepdims=True), 1)
        return np.asarray((share >= PART) & (self.count >= self.threshold))

    def flows(self) -> pd.DataFrame:
        """Type, cluster and n of every cell that may be drawn."""
        return pd.DataFrame(
            [
                (row, column, int(self.count[i, j]))
                for i, row in enumerate(self.rows)
                for j, column in enumerate(self.columns)
                if self.count[i, j] >= self.threshold
            ],
            columns=["type", "cluster", "n"],
        )


def by_size(clusters: Ints) -> Ints:
    """Clusters renumbered from 0 by size, largest first; -1 noise."""
    inside = clusters >= 0
    sizes = np.bincount(clusters[inside], minlength=int(clusters.max(initial=-1)) + 1)
    place = np.empty(len(sizes) + 1, dtype=np.int64)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    place[-1] = -1
    return np.asarray(place[clusters])


def crossing(private: PrivateMap, run: str) -> Crossing:
    """Cross the types with the clusters of one run.

    Parameters
    ----------
    private : PrivateMap
    run : str
        A key of `private.clusters`.
    """
    clusters = by_size(private.clusters[run])
    rows = list(private.type_ids) or [EVERYONE]
    group = private.types if private.type_ids else np.zeros(len(clusters), dtype=np.int64)
    if (group == NO_TYPE).any():
        rows.append(UNASSIGNED)
        group = np.where(group == NO_TYPE, len(private.type_ids), group)
    columns = [f"C{number}" for number in range(1, int(clusters.max(initial=-1)) + 2)]
    if (clusters < 0).any():
        clusters = np.where(clusters < 0, len(columns), clusters)
        columns.append(NOISE)
    count = np.zeros((len(rows), len(columns)), dtype=np.int64)
    np.add.at(count, (group, clusters), 1)
    return Crossing(tuple(rows), tuple(columns), count, private.threshold)


def cluster_cells(private: PrivateMap, run: str | None) -> pd.DataFrame:
    """Hexagons of the map with the cluster of most respondents; with the type when `run` is None.

    Returns
    -------
    DataFrame
        hex_x, hex_y, n, type ("C1", or "T1"; "" mixed). ``attrs["across"]``: hexagons across the map.
    """
    labels = private.types if run is None else by_size(private.clusters[run])
    cells = hexagons(private.xy, labels, threshold=private.threshold)
    letter = "T" if run is None else "C"
    names = [f"{letter}{int(label) + 1}" if label >= 0 else "" for label in cells["label"]]
    return cells.assign(type=pd.Series(names, index=cells.index, dtype=object))


def region(private: PrivateMap, box: Box) -> TableView | Notice:
    """Answers of the respondents in a rectangle of the map beside everyone's.

    Parameters
    ----------
    private : PrivateMap
    box : ((low, high), (low, high))
        Across and up, in percent of the map.

    Returns
    -------
    TableView or Notice
        The items that differ most; of an item with several answers the answer that differs most. A notice
        when too few respondents are inside, or outside.
    """
    (left, right), (bottom, top) = box
    x, y = private.xy.T
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    n, rest = int(inside.sum()), int((~inside).sum())
    under = f"{TOO_FEW.capitalize()}: fewer than {private.threshold}"
    if n < private.threshold:
        return Notice(f"{under} respondents are in the region.")
    if 0 < rest < private.threshold:
        return Notice(f"{under} respondents are outside the region.")
    found = [
        (abs(difference), (label, _shown(own, told=told), percent(everyone), _points(difference, told=told)))
        for label, own, everyone, difference, told in _answers(private, inside)
    ]
    found.sort(key=lambda each: -each[0])
    return TableView(
        caption=f"Answers in the region ({n} respondents) beside everyone's",
        header=("answer", "region", "everyone", "difference"),
        rows=tuple(row for _, row in found[:SHOWN_ITEMS]),
        numeric=frozenset({1, 2, 3}),
        note=f"Unweighted shares of those who answered; the {SHOWN_ITEMS} items that differ most, in "
        f"percentage points. {under} gave the answer, or did not.",
    )


def _shown(share: float, *, told: bool) -> str:
    return percent(share) if told else TOO_FEW


def _points(difference: float, *, told: bool) -> str:
    return points(difference) if told else "–"


def _answers(private: PrivateMap, inside: Bools) -> list[tuple[str, float, float, float, bool]]:
    """Per item the most telling answer: label, share inside and of everyone, difference, whether told."""
    found = []
    for at, item in enumerate(private.items):
        level = private.levels[:, at]
        own, everyone = (_counts(level[rows], len(item.labels)) for rows in (inside, np.ones_like(inside)))
        base = own.sum()
        if base < private.threshold:
            found.append((item.label, float("nan"), _share(everyone)[-1], 0.0, False))
            continue
        difference = _share(own) - _share(everyone)
        # of two answers one says it all
        which = 1 if len(item.labels) == 2 else int(np.abs(difference).argmax())
        label = item.label if item.level == "binary" else f"{item.label} (“{item.labels[which]}”)"
        told = min(own[which], base - own[which]) >= private.threshold
        size = float(difference[which]) if told else 0.0
        found.append((label, float(_share(own)[which]), float(_share(everyone)[which]), size, bool(told)))
    return found


def _counts(level: Ints, levels: int) -> Ints:
    return np.bincount(level[level >= 0], minlength=levels)


def _share(counts: Ints) -> Floats:
    return np.asarray(counts / max(int(counts.sum()), 1))
