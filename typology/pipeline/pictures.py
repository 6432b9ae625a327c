"""What the map and the severity figure may show: counts in cells, with a floor, never single respondents."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from typology.results import Discovery, Floats, Ints

# Candidate numbers of hexes across the map, finest first, and how many respondents must stay visible.
_ACROSS = (34, 28, 24, 20, 17, 14, 12, 10, 8)
_VISIBLE = 0.9
_HALF_SDS = np.arange(-2.0, 3.01, 0.5)


def density(types: Discovery, *, threshold: int) -> pd.DataFrame:
    """Count respondents in hexagons of the 2-D map.

    The grid is as fine as it can be with nine respondents in ten still in a hexagon that may be shown.

    Parameters
    ----------
    types : Discovery
        The presented types; `map_xy` gives the positions, NaN for those not on the map.
    threshold : int
        Hexagons with fewer respondents are left out.

    Returns
    -------
    DataFrame
        hex_x, hex_y (centres, in units of the width of a hexagon), n, type (the most frequent type of the
        hexagon if it has at least `threshold` members there and is the majority, else "").
    """
    columns = ["hex_x", "hex_y", "n", "type"]
    placed = np.isfinite(types.map_xy).all(axis=1)  # of a large survey only a sample is on the map
    xy, labels = types.map_xy[placed], types.labels[placed]
    if len(xy) < threshold:
        return pd.DataFrame({name: [] for name in columns})
    cells = pd.DataFrame()
    for across in _ACROSS:
        cells = _count(xy, labels, across=across, threshold=threshold)
        if cells.loc[cells["n"] >= threshold, "n"].sum() >= _VISIBLE * len(xy):
            break
    return _without_leaks(cells, threshold=threshold)[columns]


def _count(xy: Floats, labels: Ints, *, across: int, threshold: int) -> pd.DataFrame:
    """Count respondents and find the majority type of every hexagon."""
    centre_x, centre_y = _hexagon(xy, across=across)
    frame = pd.DataFrame({"hex_x": centre_x, "hex_y": centre_y, "label": labels})
    cells = frame.groupby(["hex_x", "hex_y"], sort=True).size().rename("n").reset_index()
    typed = (
        frame[frame["label"] >= 0].value_counts(["hex_x", "hex_y", "label"]).rename("members").reset_index()
    )
    typed = typed.sort_values(["members", "label"], ascending=[False, True]).drop_duplicates(
        ["hex_x", "hex_y"]
    )
    cells = cells.merge(typed, on=["hex_x", "hex_y"], how="left")
    major = (cells["members"] >= threshold) & (2 * cells["members"] > cells["n"])
    return cells.assign(
        type=["T" + str(int(k) + 1) if m else "" for k, m in zip(cells["label"], major, strict=True)]
    )


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


def severity_bands(discovery: Discovery, *, threshold: int) -> pd.DataFrame:
    """Distribution of the severity score in bands of half a standard deviation.

    Parameters
    ----------
    discovery : Discovery
    threshold : int
        Bands with fewer respondents are joined with their inner neighbour.

    Returns
    -------
    DataFrame
        band (in words, low to high), n, base, share.
    """
    severity = discovery.severity
    spread = float(severity.std())
    scores = (severity - severity.mean()) / spread if spread > 0 else np.zeros(len(severity))
    edges = _joined_edges(scores, threshold=threshold)
    counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
    return pd.DataFrame(
        {"band": _band_names(edges), "n": counts, "base": len(scores), "share": counts / max(len(scores), 1)}
    )


def _joined_edges(scores: Floats, *, threshold: int) -> list[float]:
    """Take away edges until every band holds enough respondents."""
    edges = [float(edge) for edge in _HALF_SDS]
    while edges:
        counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1)
        small = np.flatnonzero(counts < threshold)
        if small.size == 0:
            break
        band = int(small[0])
        # the edge between this band and its neighbour towards the middle
        edges.pop(band if band < len(edges) and (band == 0 or edges[band] <= 0) else band - 1)
    return edges


def _band_names(edges: list[float]) -> list[str]:
    """Bands in words, in standard deviations from the average respondent."""
    if not edges:
        return ["all"]
    text = [f"{edge:.1f}".replace("-", "\u2212") for edge in edges]
    inner = [f"{low} to {high}" for low, high in itertools.pairwise(text)]
    return [f"below {text[0]}", *inner, f"{text[-1]} and above"]
