"""What the map and the severity figure may show: counts in cells, with a floor, never single respondents."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from typology.models.hexagons import hexagons
from typology.results import Discovery, Floats

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
    placed = np.isfinite(types.map_xy).all(axis=1)  # of a large survey only a sample is on the map
    cells = hexagons(types.map_xy[placed], types.labels[placed], threshold=threshold)
    names = [f"T{int(label) + 1}" if label >= 0 else "" for label in cells["label"]]
    return cells.drop(columns="label").assign(type=pd.Series(names, index=cells.index, dtype=object))


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
