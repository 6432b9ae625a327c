"""Agreement between groupings of the same respondents."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from typology.models.layout import Layout
from typology.results import Bools, Floats, Ints


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


def kappa(first: Bools, second: Bools) -> float:
    """Agreement of two markings of the same respondents beyond chance.

    Parameters
    ----------
    first, second : bool arrays, (n,)
        Such as members of a type and of its match.

    Returns
    -------
    float
        1 is full agreement, 0 what chance gives; 0 as well where either marks nobody or everybody.

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20:37-46.
    """
    a, b = float(np.mean(first)), float(np.mean(second))
    chance = a * b + (1 - a) * (1 - b)
    if chance >= 1:
        return 0.0
    return float((np.mean(first == second) - chance) / (1 - chance))


def level_shares(matrix: Floats, columns: Layout, labels: Ints, n_types: int) -> Floats:
    """Profile of each type: the share of its members who gave each answer.

    Parameters
    ----------
    matrix : float array, (n, C)
        Indicators; unanswered items are in no base.
    columns : Layout
    labels : int array, (n,)
        Types, -1 unassigned.
    n_types : int

    Returns
    -------
    float array, (n_types, C)
        With one pseudo-answer an item, as everybody answers, so that no base is empty.
    """
    member = (labels[:, None] == np.arange(n_types)).astype(float)
    answered = np.add.reduceat(matrix, columns.starts[:-1], axis=1)
    pseudo = matrix.sum(axis=0) / np.maximum(answered.sum(axis=0), 1.0)[columns.item]
    base = (member.T @ answered + 1.0)[:, columns.item]
    return np.asarray((member.T @ matrix + pseudo) / base)


def correlations(first: Floats, second: Floats) -> Floats:
    """Correlation of every profile of the first set with every one of the second, (a, b).

    Zero with a profile that does not vary.
    """

    def standard(profiles: Floats) -> Floats:
        centred = profiles - profiles.mean(axis=1, keepdims=True)
        length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
        return np.asarray(np.divide(centred, length, out=np.zeros_like(centred), where=length > 0))

    return np.asarray(standard(first) @ standard(second).T)
