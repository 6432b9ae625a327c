"""What a reader could derive of suppressed numbers, by linear programming over everything published.

One system of bounds for all that counts the same people: the sizes of groups (`attack_sizes`), each variable
by type (`attack_answers`), and parts of a whole (`attack_parts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from typology.disclose.attack_answers import answer_leaks
from typology.disclose.attack_parts import missing_leaks, risk_leaks
from typology.disclose.attack_sizes import size_leaks


def attack(
    tables: Mapping[str, pd.DataFrame], *, threshold: int, summary: Mapping[str, Any] | None = None
) -> list[str]:
    """Try to work out the suppressed numbers of a release.

    Shown counts are rounded to the threshold, so each is known to lie in an interval; shares of an unweighted
    survey narrow it. Everything shown is known to reach the threshold. The reader knows that the answers of a
    group add up to its base and the groups to everyone, and how the tables hang together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As read from the CSV files.
    threshold : int
    summary : mapping, optional
        ``summary.json``; says whether the survey is weighted. Without it, it is taken not to be, in which
        case shares tell most.

    Returns
    -------
    list of str
        One line for every suppressed count that must be small, or that is known within a few respondents.
    """
    settings = ((summary or {}).get("provenance") or {}).get("settings") or {}
    weighted = bool(settings.get("weights", False))
    told, sizes = size_leaks(tables, threshold=threshold, weighted=weighted)
    leaks = list(map(str, told))
    leaks += map(str, answer_leaks(tables, sizes, threshold=threshold, weighted=weighted))
    leaks += missing_leaks(tables, threshold=threshold)
    leaks += risk_leaks(tables, threshold=threshold, weighted=weighted)
    return leaks
