"""Degree: how it is spread over respondents, and how strongly items follow it."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from typology.models.layout import Layout
from typology.results import Floats

NODES = 7
FREE_NODES = 17
SPREAD = 0.15


def severity_grid(nodes: int = NODES) -> tuple[Floats, Floats]:
    """Nodes and log masses of a standard normal severity; one node is no severity at all."""
    if nodes == 1:
        return np.zeros(1), np.zeros(1)
    at, mass = np.polynomial.hermite_e.hermegauss(nodes)
    return at, np.log(mass / mass.sum())


def free_grid(groups: int) -> tuple[Floats, Floats]:
    """Wide even grid, and normal log masses to start from, one row a group, (Q,) and (groups, Q)."""
    nodes = np.linspace(-4.0, 4.0, FREE_NODES)
    return nodes, np.tile(-(nodes**2) / 2 - logsumexp(-(nodes**2) / 2), (groups, 1))


def common_slope(slopes: Floats, columns: Layout) -> Floats:
    """Median slope of the ordered items, with each item's own sign, (p,); nominal items are pulled to zero.

    Degree is what all items share. Left free, one pair of nested questions ("any sexual violence", "by a
    partner") takes the dimension for itself (a Heywood case).
    """
    starts = columns.starts
    span = slopes[starts[1:] - 1] - slopes[starts[:-1]]
    ordered = columns.ordered
    middle = float(np.median(np.abs(span[ordered]))) if ordered.any() else 0.0
    return np.asarray(np.where(ordered, np.where(span < 0, -middle, middle), 0.0))


def smooth_mass(mass: Floats) -> Floats:
    """Spread each node's mass a little over its neighbours, (G, Q); the total stays as it is.

    Unsmoothed, the free distribution of severity collapses on a few points, which are types by another name
    (Silverman et al. 1990, JRSS-B 52:271-324: the EMS algorithm).
    """
    padded = np.pad(mass, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((1 - 2 * SPREAD) * mass + SPREAD * (padded[:, :-2] + padded[:, 2:]))
