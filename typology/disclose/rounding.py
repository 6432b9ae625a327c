"""Rounding of what is shown about answers."""

from __future__ import annotations

import pandas as pd

from typology.disclose.rules import banded_base, round_differences, round_shares, significant, to_step

_RATIOS = (
    "odds_ratio", "lo", "hi", "odds_ratio_whole", "odds_ratio_adjusted", "adjusted_lo",
    "adjusted_hi", "p", "q",
)  # fmt: skip


def round_prevalence(frame: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round shares to their base; the difference is that of the rounded shares."""
    whole = everyone_base(frame).reindex(frame["variable"]).to_numpy()
    rounded = round_shares(frame, ("share", "lo", "hi"), frame["base"])
    rounded = round_shares(rounded, ("share_everyone",), pd.Series(whole, index=frame.index))
    banded = banded_base(frame["base"], frame["_size"], threshold=threshold)
    return rounded.assign(
        difference=(rounded["share"] - rounded["share_everyone"]).round(4),
        base=banded.where(frame["group"] == "everyone", to_step(banded, threshold=threshold)),
        count=to_step(frame["count"], threshold=threshold),
    )


def everyone_base(prevalence: pd.DataFrame) -> pd.Series:
    """Respondents with an answer, by variable."""
    rows = prevalence[prevalence["group"] == "everyone"].drop_duplicates("variable")
    return rows.set_index("variable")["base"]


def round_factors(frame: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round shares and differences to their base, ratios and p-values to two digits."""
    in_type = ("prevalence_type", "prevalence_type_lo", "prevalence_type_hi")
    rounded = round_shares(frame, in_type, frame["base_type"])
    rounded = round_shares(rounded, ("prevalence_rest",), frame["base_rest"])
    rounded = round_differences(rounded, ("difference", "difference_lo", "difference_hi"), frame["base_type"])
    ratios = {name: significant(rounded[name]) for name in _RATIOS if name in rounded}
    counts = {
        f"{what}_{side}": to_step(
            banded_base(frame[f"base_{side}"], frame[f"_size_{side}"], threshold=threshold)
            if what == "base"
            else frame[f"exposed_{side}"],
            threshold=threshold,
        )
        for what in ("base", "exposed")
        for side in ("type", "rest")
    }
    return rounded.assign(**ratios, **counts)


def round_outcomes(frame: pd.DataFrame, prevalence: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round shares to their base."""
    whole = everyone_base(prevalence).reindex(frame["outcome"]).to_numpy()
    rounded = round_shares(frame, ("prevalence", "lo", "hi"), frame["base"])
    everyone = ("everyone", "everyone_lo", "everyone_hi")
    rounded = round_shares(rounded, everyone, pd.Series(whole, index=frame.index))
    banded = banded_base(frame["base"], frame["_size"], threshold=threshold)
    return rounded.assign(
        base=to_step(banded, threshold=threshold), count=to_step(frame["count"], threshold=threshold)
    )
