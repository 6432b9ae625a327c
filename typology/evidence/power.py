"""How distinct types would have to be for this very survey to show them.

Types are planted into surveys without types that keep this survey's margins, degree, gaps and routing, from
barely to clearly distinct, and judged by the rule of the verdict.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import ndtr

from typology.evidence.verdict import LEAST_DISTANCE, LEAST_SIZE
from typology.models.parallel import run_all
from typology.progress import Progress
from typology.results import Planted

COLUMNS = ["separation", "odds_ratio", "ari", "share_found"]
# few and rare items need types as far apart as the last
SEPARATIONS = (0.3, 0.45, 0.6, 0.8, 1.0, 1.4, 2.0)
PLANTINGS = 3
SURE = 0.99


def power(
    planting: Callable[[float, int], Planted], *, seed: int, jobs: int, progress: Progress
) -> pd.DataFrame:
    """Chance of the verdict's test to find types, by how distinct they are.

    Types farther apart are easier to find, so the least distinct ones that are hardly ever missed are found
    by halving: three separations tell as much as all seven.

    Parameters
    ----------
    planting : callable
        ``planting(separation, seed)`` plants once.
    seed : int
    jobs : int
        Processes; results do not depend on it.
    progress : Progress

    Returns
    -------
    DataFrame
        One row a separation tried, least first. `separation`: standard deviation between types of an item's
        log odds. `odds_ratio`: the ratio of odds between two types on a typical item. `ari`: agreement of the
        types recovered with those planted. `share_found`: chance to be found, the mean of that of three
        plantings, each with a normal error of one in its distance.
    """
    seeds = [int(s) for s in np.random.SeedSequence([seed, 4]).generate_state(PLANTINGS)]
    tried = len(SEPARATIONS).bit_length()
    progress.start("Planted types", total=PLANTINGS * tried)
    found: dict[float, tuple[float, float]] = {}
    low, high = 0, len(SEPARATIONS)
    while low < high:
        at = (low + high) // 2
        separation = SEPARATIONS[at]
        planted = []
        for one in run_all(planting, [(separation, one) for one in seeds], jobs=jobs):
            planted.append(one)
            progress.advance()
        # not of the mean distance: one planting gone wrong would speak for all three
        chance = float(np.mean([_chance(one) for one in planted]))
        found[separation] = float(np.mean([one.ari for one in planted])), chance
        low, high = (low, at) if chance >= SURE else (at + 1, high)
    progress.advance(PLANTINGS * (tried - len(found)))
    rows = [(s, _odds_ratio(s), *found[s]) for s in sorted(found)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _chance(one: Planted) -> float:
    """Chance that types of this distance and size are called types."""
    return float(ndtr(one.distance - LEAST_DISTANCE)) if one.size >= LEAST_SIZE else 0.0


def _odds_ratio(separation: float) -> float:
    # two normal draws of this spread differ by 2 / sqrt(pi) of it on average
    return float(np.exp(2 / np.sqrt(np.pi) * separation))
