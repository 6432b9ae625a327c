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
        One row a separation, up to the first that is hardly ever missed. `separation`: standard deviation
        between types of an item's log odds. `odds_ratio`: the ratio of odds between two types on a typical
        item. `ari`: agreement of the types recovered with those planted. `share_found`: chance to be found,
        by the mean distance of three plantings and a normal error of one.
    """
    seeds = [int(s) for s in np.random.SeedSequence([seed, 4]).generate_state(PLANTINGS)]
    progress.start("Planted types", total=PLANTINGS * len(SEPARATIONS))
    rows: list[tuple[float, float, float, float]] = []
    for separation in SEPARATIONS:
        planted = []
        for one in run_all(planting, [(separation, one) for one in seeds], jobs=jobs):
            planted.append(one)
            progress.advance()
        distance, size, ari = np.mean(planted, axis=0)
        found = float(ndtr(distance - LEAST_DISTANCE)) if size >= LEAST_SIZE else 0.0
        # two normal draws of this spread differ by 2 / sqrt(pi) of it on average
        odds_ratio = float(np.exp(2 / np.sqrt(np.pi) * separation))
        rows.append((separation, odds_ratio, float(ari), found))
        if found >= SURE:
            break
    progress.advance(PLANTINGS * (len(SEPARATIONS) - len(rows)))
    return pd.DataFrame(rows, columns=COLUMNS)
