"""Who was placed in which type, how often that is wrong, and the weights that undo it.

Respondents are placed in their most probable type. Comparing types as if that were certain makes them look
more alike than they are. How often a member of one type is placed in another follows from the membership
probabilities; the inverse of that matrix gives every respondent a weight for every type (some negative), with
which any weighted estimate is that of the types themselves.

References
----------
Bolck, Croon & Hagenaars 2004, Political Analysis 12:3-27. Vermunt 2010, Political Analysis 18:450-469.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from typology.results import Floats, Ints

WORST_CONDITION = 1e4
"""Beyond this the types are confused so much that nothing can be said about each of them."""


@dataclass(frozen=True)
class Classification:
    """Respondents placed in groups: the types and, last, nobody's type.

    Attributes
    ----------
    placed : int array, (n,)
        Position of the group; `n_types` for respondents without a type, whose place is taken as certain.
    errors : float array, (n_types + 1, n_types + 1)
        Row: group somebody belongs to; column: group they are placed in. Rows add up to one.
    """

    placed: Ints
    errors: Floats

    @property
    def n_types(self) -> int:
        """Number of types."""
        return len(self.errors) - 1

    @cached_property
    def naive(self) -> Floats:
        """1 in the group somebody was placed in, else 0, (n, n_types + 1)."""
        return np.eye(len(self.errors))[self.placed]

    @cached_property
    def corrected(self) -> Floats:
        """Weights of each respondent for each group, (n, n_types + 1); NaN where errors cannot be undone.

        They add up to one for every respondent, so those for "not of this type" are one minus those for it.
        """
        if not np.isfinite(self.errors).all() or np.linalg.cond(self.errors) > WORST_CONDITION:
            return np.full((len(self.placed), len(self.errors)), np.nan)
        return np.asarray(np.linalg.inv(self.errors)[self.placed])


def classify(placed: Ints, membership: Floats, weight: Floats) -> Classification:
    """Derive the classification errors from membership probabilities.

    Parameters
    ----------
    placed : int array, (n,)
        Type of each respondent, -1 without one.
    membership : float array, (n, K)
        Probability of each type; rows of respondents without a type are not read.
    weight : float array, (n,)
        Survey weights.

    Returns
    -------
    Classification
    """
    types = membership.shape[1]
    inside = placed >= 0
    belongs = membership[inside] * weight[inside, None]
    cells = belongs.T @ np.eye(types)[placed[inside]]
    errors = np.eye(types + 1)
    total = cells.sum(axis=1, keepdims=True)
    errors[:types, :types] = np.divide(cells, total, out=np.full_like(cells, np.nan), where=total > 0)
    return Classification(np.where(inside, placed, types), errors)
