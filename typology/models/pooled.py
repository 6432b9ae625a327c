"""Answers as the EM steps of the measurement model read them: nothing that follows from something else.

Almost all of a fit is two matrix products, answers times parameters and answers times posteriors. The first
level of an item that everybody answered is what the other levels leave, so its column is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from typology.models.layout import Layout
from typology.results import Floats, Ints


@dataclass(frozen=True)
class Pooled:
    """What stays fixed while a model is fitted: answers, their counts, the prior, and the groups if known.

    Attributes
    ----------
    kept : int array, (c,)
        Columns that are multiplied by: all, but for the first level of an item that everybody answered, which
        follows from the others.
    dropped : int array, (d,)
        Those first levels.
    across : (c, n)
        Indicators of the columns kept, contiguous.
    down : (n, c)
        The same times `count`.
    count : (n,)
    pseudo : (C,)
        Pseudo-answers of every type.
    prior : float
        Pseudo-respondents of every type.
    barred : (K, 1, n) or None
        0 for a respondent's own group and -inf for all others; None where types are not known.
    """

    kept: Ints
    dropped: Ints
    across: NDArray[np.floating[Any]]
    down: NDArray[np.floating[Any]]
    count: Floats
    columns: Layout
    pseudo: Floats
    prior: float
    barred: Floats | None

    def log_joint(self, shares: Floats, log_mass: Floats, table: Floats) -> Floats:
        """`Mixture.log_joint` of all rows, given the model's table: (K Q, n), respondents side by side."""
        k, q, c = table.shape
        relative = table.reshape(k * q, c)
        always = np.log(shares)[:, None] + log_mass + table[:, :, self.dropped].sum(axis=2)
        first = np.zeros((k * q, len(self.columns.ordered)))
        first[:, self.columns.item[self.dropped]] = relative[:, self.dropped]
        past_first = (relative - first[:, self.columns.item])[:, self.kept]
        joint = past_first.astype(self.across.dtype, copy=False) @ self.across
        joint += always.reshape(k * q, 1).astype(joint.dtype, copy=False)
        if self.barred is not None:
            joint.reshape(k, q, -1)[:] += self.barred
        return np.asarray(joint)

    def expected(self, joint: Floats, mass: Floats) -> Floats:
        """Expected answer counts, (K Q, C), of posteriors (K Q, n) with expected sizes (K Q,)."""
        counts = np.zeros((len(joint), len(self.columns.rank)))
        counts[:, self.kept] = joint.astype(self.down.dtype, copy=False) @ self.down
        others = np.add.reduceat(counts, self.columns.starts[:-1], axis=1)
        first = mass[:, None] - others[:, self.columns.item[self.dropped]]
        counts[:, self.dropped] = np.maximum(first, 0.0)  # a difference: below zero by rounding only
        return counts


def pooled(
    matrix: Floats,
    columns: Layout,
    count: Floats,
    prior: float,
    groups: Floats | None,
    *,
    single: bool = False,
) -> Pooled:
    """Prepare rows of indicators.

    Parameters
    ----------
    matrix : float array, (n, C)
    columns : Layout
    count : float array, (n,)
        Respondents who share each row.
    prior : float
        Pseudo-respondents of every type.
    groups : float array, (n, G), optional
        Each respondent's own group, where types are known.
    single : bool
        Posteriors and their products in single precision, which takes half the time. Parameters and sums over
        respondents stay double: log likelihoods differ in the seventh digit.
    """
    margin = count @ matrix + 0.5
    margin = margin / np.add.reduceat(margin, columns.starts[:-1])[columns.item]
    barred = None
    if groups is not None:
        with np.errstate(divide="ignore"):
            barred = np.log(groups).T[:, None, :]
    answered = np.add.reduceat(matrix.sum(axis=0), columns.starts[:-1])
    dropped = columns.starts[:-1][answered == len(matrix)]
    kept = np.setdiff1d(np.arange(len(columns.rank)), dropped)
    precision: type[np.floating[Any]] = np.float32 if single else np.float64
    across = np.ascontiguousarray(matrix[:, kept].T, dtype=precision)
    down = np.ascontiguousarray(matrix[:, kept] * count[:, None], dtype=precision)
    return Pooled(kept, dropped, across, down, count, columns, prior * margin, prior, barred)
