"""Agreement between groupings of the same respondents."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from typology.results import Floats, Ints


def adjusted_rand(first: Ints, second: Ints) -> float:
    """Adjusted Rand index of two groupings.

    Parameters
    ----------
    first, second : int arrays, (n,)
        An unassigned respondent (-1) is a group of one, so it counts against agreement.
    """
    return float(adjusted_rand_score(_singletons(first), _singletons(second)))


def _singletons(labels: Ints) -> Ints:
    labels = np.asarray(labels, dtype=np.int64).copy()
    loose = labels < 0
    labels[loose] = labels.max(initial=0) + 1 + np.arange(loose.sum())
    return labels


def overlap(first: Ints, second: Ints, n_first: int, n_second: int) -> Ints:
    """Cross-tabulate two groupings.

    Parameters
    ----------
    first, second : int arrays, (n,)
        Respondents unassigned (-1) in either are left out.
    n_first, n_second : int
        Numbers of groups.

    Returns
    -------
    int array, (n_first, n_second)
    """
    table = np.zeros((n_first, n_second), dtype=np.int64)
    inside = (first >= 0) & (second >= 0)
    np.add.at(table, (first[inside], second[inside]), 1)
    return table


def jaccard(table: Ints, sizes_first: Ints, sizes_second: Ints) -> Floats:
    """Jaccard similarity of every group of the first grouping with every group of the second.

    Parameters
    ----------
    table : int array, (a, b)
        Their cross-tabulation.
    sizes_first, sizes_second : int arrays, (a,) and (b,)
        May exceed the margins of `table`, by those the other grouping leaves unassigned.

    Returns
    -------
    float array, (a, b)
        Zero for two empty groups.
    """
    union = sizes_first[:, None] + sizes_second - table
    return np.asarray(table / np.maximum(union, 1))


def match(similarity: Floats) -> list[tuple[int, int]]:
    """One-to-one pairs of groups with the greatest total similarity (Hungarian assignment).

    Parameters
    ----------
    similarity : float array, (a, b)

    Returns
    -------
    list of (int, int)
        ``min(a, b)`` pairs, in the order of the first grouping.
    """
    rows, columns = linear_sum_assignment(-similarity)
    return [(int(a), int(b)) for a, b in zip(rows, columns, strict=True)]


def profile_correlations(first: Floats, second: Floats) -> list[tuple[int, int, float]]:
    """Match types by what their members answer.

    Parameters
    ----------
    first, second : float arrays, (a, C) and (b, C)
        Level probabilities of each type, items side by side.

    Returns
    -------
    list of (int, int, float)
        Matched types with the correlation of their profiles, in the order of the first.
    """
    similarity = np.corrcoef(first, second)[: len(first), len(first) :]
    return [(a, b, float(similarity[a, b])) for a, b in match(similarity)]
