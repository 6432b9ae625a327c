"""Shares and bases where sizes of groups are withheld: made from rounded counts, so that they tell no more.

A share with two decimals and a count in steps together bound the base, and all shares of a type together
bound its size within one or two; with it they would tell how few were set aside or are without a type. So
where a size is withheld, the shares of types are those of the rounded counts, and the counts of all others
are what the rounded counts of the type leave of everyone. Shares of weighted respondents tell no count and
stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from typology.disclose.rules import banded_base, to_step
from typology.results import Floats

_SAME = 1e-6
_LEAST = 0.01  # a share is never made 0 or 1


def share_of_counts(
    raw: pd.DataFrame, rounded: pd.DataFrame, *, share: str, along: Sequence[str] = ()
) -> pd.DataFrame:
    """Replace unweighted shares of count in base by those of the rounded counts.

    Parameters
    ----------
    raw, rounded : DataFrame
        The same rows before and after rounding, with columns count and base.
    share : str
    along : sequence of str
        Ends of intervals, which move with the share.
    """
    if not is_share(raw, share, "count", "base"):
        return rounded
    told, moved = _told(raw, rounded, "count", "base")
    ends = {name: (raw[name].astype(float) + moved).clip(0.0, 1.0).round(2) for name in along}
    return rounded.assign(**{share: told}, **ends)


def sides_of_counts(raw: pd.DataFrame, rounded: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Set a type against the rest by rounded counts only.

    Parameters
    ----------
    raw, rounded : DataFrame
        The same rows before and after rounding: exposed and base of the type and of the rest, with
        `_size_type` and `_size_rest` in the raw ones.
    threshold : int
    """
    size = raw["_size_type"] + raw["_size_rest"]
    everybody = banded_base(raw["base_type"] + raw["base_rest"], size, threshold=threshold)
    exposed = to_step(raw["exposed_type"] + raw["exposed_rest"], threshold=threshold)
    base = to_step(everybody - rounded["base_type"], threshold=threshold)
    rest = (exposed - rounded["exposed_type"]).clip(lower=threshold)
    kept = rounded.assign(base_rest=base, exposed_rest=np.minimum(rest, base - threshold))
    changed = {}
    told, moved = _told(raw, kept, "exposed_type", "base_type")
    told_rest, moved_rest = _told(raw, kept, "exposed_rest", "base_rest")
    if is_share(raw, "prevalence_rest", "exposed_rest", "base_rest"):
        changed["prevalence_rest"] = told_rest
    for suffix in ("", "_naive"):
        share = f"prevalence_type{suffix}"
        if share in raw and is_share(raw, share, "exposed_type", "base_type"):
            changed[share] = told
            for end in ("", "_lo", "_hi"):
                for name, by in (
                    (f"difference{suffix}{end}", moved - moved_rest),
                    (f"prevalence_type{suffix}{end}", moved),
                ):
                    if name in raw and name != share:
                        changed[name] = (raw[name].astype(float) + by).round(2)
    return kept.assign(**changed)


def _told(raw: pd.DataFrame, rounded: pd.DataFrame, count: str, base: str) -> tuple[pd.Series, pd.Series]:
    """Share of rounded counts, and by how much it differs from that of the true ones."""
    ratio = rounded[count].astype(float) / rounded[base].astype(float).replace(0.0, np.nan)
    told = ratio.clip(_LEAST, 1 - _LEAST).round(2)
    return told, told - _ratio(raw, count, base)


def _ratio(raw: pd.DataFrame, count: str, base: str) -> Floats:
    ratio: Floats = raw[count].to_numpy(dtype=float) / np.maximum(raw[base].to_numpy(dtype=float), 1.0)
    return ratio


def is_share(raw: pd.DataFrame, share: str, count: str, base: str) -> bool:
    """Whether a column holds the plain share of the respondents counted, as of an unweighted survey."""
    given = (raw[base] > 0).to_numpy(dtype=bool)
    values, own = raw[share].to_numpy(dtype=float)[given], _ratio(raw, count, base)[given]
    return bool(np.allclose(values, own, atol=_SAME, equal_nan=True))
