"""False discoveries among many tests: Benjamini-Hochberg, and its two-stage form for families of tests.

References
----------
Benjamini & Hochberg 1995, JRSS-B 57:289-300. Benjamini & Bogomolov 2014, JRSS-B 76:297-318 (selective
inference on families). Simes 1986, Biometrika 73:751-754.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from typology.results import Floats


def false_discovery(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values over all finite p-values, of any shape; NaN stays NaN."""
    q, tested = np.full(p.shape, np.nan), np.isfinite(p)
    q[tested] = stats.false_discovery_control(p[tested])
    return q


def false_discovery_by_family(p: Floats, family: pd.Series) -> Floats:
    """q-values where tests come in families, such as one risk factor in every type.

    A family is selected first, by Benjamini-Hochberg over the families' Simes p-values; within the selected
    ones the tests are judged at the level times the share of families selected. In one pool, many true
    associations of other factors would leave a factor without any its share of the 5% in every type; here
    a factor has to stand out as a whole before any of its types may.

    Parameters
    ----------
    p : float array, (m,)
        NaN where not estimable; these take no part, and stay NaN.
    family : Series, (m,)
        Name of each test's family.

    Returns
    -------
    float array, (m,)
        The smallest false-discovery rate, on average over the selected families, at which a test is
        rejected.
    """
    names = family.to_numpy(dtype=object)
    within = np.full(p.size, np.nan)
    for name in dict.fromkeys(names):
        within[names == name] = false_discovery(p[names == name])
    tested = np.flatnonzero(np.isfinite(within))
    # the smallest q of a family by Benjamini-Hochberg is its Simes p-value
    simes = pd.Series(within[tested]).groupby(names[tested], sort=False).min().to_numpy(dtype=float)
    selected_at = np.sort(false_discovery(simes))
    families = len(simes)
    q = np.full(p.size, np.nan)
    if families:
        # r families are selected from the level selected_at[r - 1] upwards; r / families of it is left within
        share = np.arange(1, families + 1) / families
        q[tested] = np.minimum(np.maximum(selected_at, within[tested, None] / share).min(axis=1), 1.0)
    return q
