"""The disclosure rules, in words and numbers.

1. No number rests on fewer respondents than the threshold: base, numerator and base minus numerator. Zero
   counts as fewer, so that 0% and 100% are never shown of a group.
2. A hidden count cannot be worked out from what is shown: everyone = all types + unassigned + set aside,
   base = all answers, exposed = some of the answers, routed questions = some answers of their gate.
   A suppression is accepted only with a proof: another table of counts that agrees with everything shown
   and in which the hidden count is large.
3. Counts are rounded to the threshold, shares of bases below 2,000 have two decimals and odds ratios two
   digits; a step of everyone's shares stands for half the threshold of respondents or more. So nothing tells
   how many did not answer, and respondents without a type are not laid open as what all types leave over of
   everyone: their counts stay open within at least half the threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from typology.results import Floats

RULE = "threshold"
"""The one reason ever given. To say which cells are small and which only protect them would help to
work the small ones out."""
BAND = 0.1
"""Width of the outer bands that a withheld share may be told by."""
BAND_ROOM = 1.2
"""Fewest respondents in such a band, in thresholds."""
WIDE_BASE = 2000
"""Below it a whole percent is finer than the standard error of a share near one half."""
_EXACT = 1e-6
EXPLANATION = (
    "fewer respondents than the threshold in this row or in one that this row would give away "
    "(numerator, base, or base minus numerator; zero included)"
)


def enough(count: int, base: int, *, threshold: int) -> bool:
    """Whether a count out of a base may be shown."""
    return base >= threshold and count >= threshold and base - count >= threshold


def decimals(base: float) -> int:
    """Decimals of a share: per cent, and tenths of a per cent from `WIDE_BASE` respondents on."""
    return 3 if base >= WIDE_BASE else 2


def fine_step(base: float) -> float:
    """Step of a share of so many, as its decimals are."""
    return 10.0 ** -decimals(base)


def share_band(count: int, base: int, *, threshold: int) -> str:
    """Say in words in which wide band a share lies; "" where the base does not bear even that.

    Never of a small base: the outer bands must hold counts well above the threshold, so that they do not tell
    that a count, or what is left of the base, is below it.
    """
    if BAND * base < BAND_ROOM * threshold:
        return ""
    if count < BAND * base:
        return f"under {BAND:.0%}"
    if count > (1 - BAND) * base:
        return f"over {1 - BAND:.0%}"
    return f"{BAND:.0%} to half" if count < base / 2 else f"half to {1 - BAND:.0%}"


def nearest(shown: float, threshold: int) -> tuple[float, float]:
    """Counts that are rounded to the number shown."""
    return float(np.ceil(shown - threshold / 2)), float(np.ceil(shown + threshold / 2)) - 1


def rounded_span(count: int, base: int, *, threshold: int) -> tuple[float, float]:
    """Counts that a rounded count and the rounded share of an unweighted survey may stand for.

    What is shown is known to reach the threshold, and so is what is left of the base.
    """
    step = base * fine_step(base)
    centre = np.round(count / step) * step if step else 0.0
    least, most = nearest(np.floor(count / threshold + 0.5) * threshold, threshold)
    low, high = max(centre - step / 2, least), min(centre + step / 2, most)
    low, high = max(low, threshold), min(high, base - threshold)
    return float(min(low, count)), float(max(high, count))


def round_shares(frame: pd.DataFrame, columns: Sequence[str], base: pd.Series) -> pd.DataFrame:
    """Round shares to what their base bears; a rounded share never becomes 0 or 1."""
    return _to_steps(frame, columns, 10.0 ** -base.fillna(0).map(decimals).to_numpy(dtype=np.int64))


def round_whole(
    frame: pd.DataFrame, columns: Sequence[str], base: pd.Series, *, threshold: int
) -> pd.DataFrame:
    """Round everyone's shares so far that all answers to a question do not tell how few gave none."""
    steps = [whole_step(float(n), threshold=threshold) for n in base.fillna(0)]
    return _to_steps(frame, columns, np.array(steps, dtype=float))


def _to_steps(frame: pd.DataFrame, columns: Sequence[str], step: Floats) -> pd.DataFrame:
    changed = {}
    for name in columns:
        values = frame[name].to_numpy(dtype=float)
        rounded = np.round(values / step) * step
        inside = (values > 0) & (values < 1)
        clipped = np.where(inside, np.clip(rounded, step, 1 - step), rounded)
        changed[name] = np.round(clipped, 4)
    return frame.assign(**changed)


def round_differences(frame: pd.DataFrame, columns: Sequence[str], base: pd.Series) -> pd.DataFrame:
    """Round differences of shares to what the smaller base bears."""
    step = 10.0 ** -base.fillna(0).map(decimals).to_numpy(dtype=np.int64)
    rounded = {name: np.round(frame[name].to_numpy(dtype=float) / step) * step for name in columns}
    return frame.assign(**{name: np.round(values, 4) for name, values in rounded.items()})


def significant(values: pd.Series, *, digits: int = 2) -> pd.Series:
    """Round to significant digits; NaN stays NaN."""
    return values.astype(float).map(lambda value: float(f"{value:.{digits}g}"))


def to_step(counts: pd.Series, *, threshold: int) -> pd.Series:
    """Round counts to the nearest multiple of the threshold (halves up); NaN stays NaN."""
    steps: pd.Series = (counts.astype(float) / threshold + 0.5).map(np.floor)
    return steps * threshold


def share_step(base: float, *, threshold: int) -> float:
    """Finest of a few round steps that stands for half the threshold of respondents or more."""
    return next((step for step in (0.01, 0.02, 0.05) if step * base >= threshold / 2), 0.1)


def whole_step(base: float, *, threshold: int) -> float:
    """Step of everyone's share: that of any share of so many, or of half the threshold of respondents."""
    fine = fine_step(base)
    return fine if fine * base >= threshold / 2 else share_step(base, threshold=threshold)


def told_share(
    share: float, least: float, most: float, step_of: Callable[[float], float]
) -> tuple[float, float]:
    """Shares that are rounded to the one shown, of a base that lies between two numbers.

    Where they bear different steps, a share that is a multiple of the coarser may have been rounded to
    either; any other says that it was the finer. Less than a step is shown as one, at either end.
    """
    coarse, fine = step_of(least), step_of(most)
    step = coarse if abs(share / coarse - round(share / coarse)) < _EXACT else fine
    low = 0.0 if share < step + _EXACT else share - step / 2
    return low, 1.0 if share > 1 - step - _EXACT else share + step / 2


def down_to_step(counts: pd.Series, *, threshold: int) -> pd.Series:
    """Round counts down to a multiple of the threshold; NaN stays NaN.

    What is left of a total that is given in the same way then spans the whole threshold, whereas rounding to
    the nearest can leave only a few values of it.
    """
    steps: pd.Series = (counts.astype(float) / threshold).map(np.floor)
    return steps * threshold


def banded_base(base: pd.Series, size: pd.Series, *, threshold: int) -> pd.Series:
    """Base as group size minus nonresponse in whole steps of the threshold: 0 to 9 missing look alike."""
    missing = size.astype(float) - base.astype(float)
    return size.astype(float) - (missing / threshold).map(np.floor) * threshold
