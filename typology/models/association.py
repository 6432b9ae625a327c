"""Do items go together at all? Answers shuffled between respondents tell what chance would do."""

from __future__ import annotations

import numpy as np

from typology.results import Bools, Floats, Ints

ASSOCIATED = 0.01


def rank_p(observed: float, null: Floats) -> float:
    """Rank p-value, (1 + draws at least as large) / (1 + draws): never zero."""
    return (1 + int((null >= observed).sum())) / (1 + len(null))


def shuffled_rows(rows: Bools, group: Ints | None, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Who gets whose answer when answers are shuffled over some respondents.

    Parameters
    ----------
    rows : bool array, (n,)
        Who takes part: those who answered.
    group : int array, (n,), optional
        Answers stay within these groups, so that a country that answers differently is not association.
    rng : Generator

    Returns
    -------
    to, source : int arrays
        Respondent ``to[i]`` gets the answer of ``source[i]``.
    """
    taking = np.flatnonzero(rows)
    parts = [taking] if group is None else [taking[group[taking] == g] for g in np.unique(group)]
    return np.concatenate(parts), np.concatenate([rng.permutation(part) for part in parts])
