"""The variables that comparisons are adjusted for, as 0/1 columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from typology.label.columns import Column
from typology.results import Floats


@dataclass(frozen=True)
class Covariates:
    """Dummy columns of the covariates; empty answers and the first given one have none.

    Attributes
    ----------
    names, labels : tuple of str
        Of the variables.
    of : tuple of float array, (n, q) each
        NaN where unanswered.
    n : int
        Respondents.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    of: tuple[Floats, ...]
    n: int

    def without(self, name: str) -> Floats:
        """All columns but those of one variable, (n, q)."""
        kept = [block for each, block in zip(self.names, self.of, strict=True) if each != name]
        return np.column_stack([np.zeros((self.n, 0)), *kept])


def covariates_of(columns: Sequence[Column], names: Sequence[str], *, n: int) -> Covariates:
    """Dummy columns of the named variables; numbers enter by their bands.

    Parameters
    ----------
    columns : sequence of Column
    names : sequence of str
        Checked against the codebook when the study is loaded.
    n : int
        Respondents.
    """
    by_name = {column.name: column for column in columns}
    blocks, labels = [], []
    for name in names:
        column = by_name[name]
        given = [i for i in range(len(column.categories)) if (column.category_of == i).any()]
        missing = np.where(column.category_of < 0, np.nan, 0.0)
        # a variable everybody answers alike has no column, but who did not answer is still outside
        blocks.append(
            np.column_stack([column.indicator(position) for position in given[1:]])
            if len(given) > 1
            else missing[:, None]
        )
        labels.append(column.label)
    return Covariates(tuple(names), tuple(labels), tuple(blocks), n)
