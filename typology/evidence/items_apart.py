"""Items that work otherwise in a country or wave, given type: which ones to name.

An item is named if the likelihood ratio says so after false-discovery control over all items and groups, and
if the types answer it differently by a size that matters.

References
----------
Benjamini & Hochberg 1995, JRSS-B 57:289-300.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from typology.models.layout import Layout
from typology.models.measurement import measurement_differences
from typology.models.multiplicity import false_discovery
from typology.models.replication import DIFFERENT_BY, DIFFERENT_Q
from typology.results import Bools, Discovery, Floats, Ints

MOST_COMPARED = 4_000
ITEM_COLUMNS = [
    "item", "group", "count", "base", "observed", "expected", "size", "ratio", "freedom", "p", "q", "differs",
]  # fmt: skip


def items_apart(
    codes: Ints, columns: Layout, discovery: Discovery, names: Sequence[str], group: Ints, compared: Bools
) -> pd.DataFrame:
    """Compare every item in every group with the other groups, given type.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered: left out of the item's comparison.
    columns : Layout
    discovery : Discovery
        Its membership and kind of model.
    names : sequence of str
        Groups.
    group : int array, (n,)
        -1 where it is not known: takes no part.
    compared : bool array, (K, G)
        Types that are the same in a group, so that their answers can be compared at all.

    Returns
    -------
    DataFrame
        item (position), group, count (answers above the lowest level; of nominal items other than the most
        frequent one), base, observed and expected (average answer from 0 to 1, in the group and of the same
        types elsewhere), size (mean absolute difference over types), ratio, freedom, p, q, differs. No rows
        unless two groups have types to compare. Of more than 4,000 respondents a random 4,000 are compared.
    """
    if compared.any(axis=0).sum() < 2:
        return pd.DataFrame(columns=ITEM_COLUMNS)
    rows = np.flatnonzero(group >= 0)
    if len(rows) > MOST_COMPARED:
        rows = np.sort(np.random.default_rng(len(rows)).choice(rows, MOST_COMPARED, replace=False))
    severity = bool(discovery.parameters.get("severity_inside_types", False))
    found = measurement_differences(
        codes[rows], columns, discovery.membership[rows], group[rows], compared, severity=severity
    )
    tested = np.isfinite(found.ratio)
    p = np.full(tested.shape, np.nan)
    p[tested] = stats.chi2.sf(found.ratio[tested], np.maximum(found.freedom[tested], 1))
    q = false_discovery(p)
    differs = _largest(found.size, np.nan_to_num(q, nan=1.0) < DIFFERENT_Q)
    told = []
    for j, g in zip(*np.nonzero(tested), strict=True):
        counts = _counts(codes[group == g, j], ordered=bool(columns.ordered[j]))
        values = (found.observed, found.expected, found.size, found.ratio, found.freedom, p, q, differs)
        told.append((int(j), names[g], *counts, *(value[j, g] for value in values)))
    return pd.DataFrame(told, columns=ITEM_COLUMNS)


def _counts(codes: Ints, *, ordered: bool) -> tuple[int, int]:
    """Answers above the lowest level, or other than the most frequent one, and all answers."""
    given = codes[codes >= 0]
    lowest = 0 if ordered or not len(given) else int(np.bincount(given).argmax())
    return int((given != lowest).sum()), len(given)


def _largest(size: Floats, sure: Bools) -> Bools:
    """Of each item the group it differs most in: where one group differs, the others do from the rest."""
    size = np.where(sure, np.nan_to_num(size), 0.0)
    most = size.max(axis=1, keepdims=True, initial=0.0)
    return np.asarray((size >= DIFFERENT_BY) & (size == most))
