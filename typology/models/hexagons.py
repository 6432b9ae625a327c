"""Points counted in hexagons: the one way in which the map of respondents is ever looked at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.results import Floats, Ints

# Candidate numbers of hexes across the map, finest first, and how many respondents must stay visible.
_ACROSS = (34, 28, 24, 20, 17, 14, 12, 10, 8)
_VISIBLE = 0.9


def hexagons(xy: Floats, labels: Ints, *, threshold: int) -> pd.DataFrame:
    """Count points in hexagons, as fine as leaves nine in ten in a hexagon that may be shown.

    Parameters
    ----------
    xy : float array, (n, 2)
        Finite.
    labels : int array, (n,)
        Group of each point from 0; -1 none.
    threshold : int
        Hexagons with fewer points are left out, and one more where their total would give few away.

    Returns
    -------
    DataFrame
        hex_x, hex_y (centres, in units of the width of a hexagon), n, label (the group of most points if it
        has at least `threshold` there and is the majority, else -1). No rows for fewer points than the
        threshold. ``attrs["across"]``: hexagons across the longer side of the map.
    """
    cells = pd.DataFrame({name: [] for name in ("hex_x", "hex_y", "n", "label")})
    if len(xy) < threshold:
        return cells
    across = _ACROSS[0]
    for across in _ACROSS:
        cells = _count(xy, labels, across=across, threshold=threshold)
        if cells.loc[cells["n"] >= threshold, "n"].sum() >= _VISIBLE * len(xy):
            break
    shown = _without_leaks(cells, threshold=threshold)[["hex_x", "hex_y", "n", "label"]]
    shown.attrs["across"] = across
    return shown


def _count(xy: Floats, labels: Ints, *, across: int, threshold: int) -> pd.DataFrame:
    """Count points and find the majority group of every hexagon."""
    centre_x, centre_y = _hexagon(xy, across=across)
    frame = pd.DataFrame({"hex_x": centre_x, "hex_y": centre_y, "label": labels})
    cells = frame.groupby(["hex_x", "hex_y"], sort=True).size().rename("n").reset_index()
    grouped = (
        frame[frame["label"] >= 0].value_counts(["hex_x", "hex_y", "label"]).rename("members").reset_index()
    )
    grouped = grouped.sort_values(["members", "label"], ascending=[False, True]).drop_duplicates(
        ["hex_x", "hex_y"]
    )
    cells = cells.merge(grouped, on=["hex_x", "hex_y"], how="left")
    major = (cells["members"] >= threshold) & (2 * cells["members"] > cells["n"])
    return cells.assign(label=cells["label"].where(major, -1).astype(np.int64))


def _hexagon(xy: Floats, *, across: int) -> tuple[Floats, Floats]:
    """Centre of the hexagon each point falls into: the nearer of two staggered rectangular grids."""
    low = xy.min(axis=0)
    extent = float((xy.max(axis=0) - low).max()) or 1.0
    unit = (xy - low) / extent * across
    height = np.sqrt(3.0)
    even = np.column_stack([np.round(unit[:, 0]), np.round(unit[:, 1] / height) * height])
    odd = np.column_stack(
        [np.floor(unit[:, 0]) + 0.5, (np.floor(unit[:, 1] / height) + 0.5) * height],
    )
    nearer_even = ((unit - even) ** 2).sum(axis=1) <= ((unit - odd) ** 2).sum(axis=1)
    centres = np.where(nearer_even[:, None], even, odd).astype(np.float64)
    return np.round(centres[:, 0], 6), np.round(centres[:, 1], 6)


def _without_leaks(cells: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Drop small hexagons, and one more where their total would give a small group away."""
    shown = cells[cells["n"] >= threshold]
    hidden = int(cells["n"].sum() - shown["n"].sum())
    if 0 < hidden < threshold and len(shown):
        shown = shown.drop(index=shown["n"].idxmin())
    return shown.reset_index(drop=True)
