"""Rounding of what is shown about answers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from typology.disclose.rules import banded_base, round_differences, round_shares, significant, to_step

_RATIOS = (
    "odds_ratio", "lo", "hi", "odds_ratio_whole", "odds_ratio_adjusted", "adjusted_lo",
    "adjusted_hi", "odds_ratio_naive", "naive_lo", "naive_hi", "odds_ratio_ml", "ml_lo", "ml_hi", "p", "q",
)  # fmt: skip

_ESTIMATES: dict[str, tuple[str, ...]] = {
    "risk_models": (
        "needed", "auc", "auc_lo", "auc_hi", "slope", "slope_lo", "slope_hi", "intercept", "intercept_lo",
        "intercept_hi", "trend", "trend_lo", "trend_hi",
    ),
    "risk_predictors": (
        "odds_ratio", "lo", "hi", "p", "q", "adjusted", "adjusted_lo", "adjusted_hi", "kept", "same_sign",
    ),
    "risk_dose": ("odds_ratio", "ratio_lo", "ratio_hi"),
    "short_form": ("kappa", "lo", "hi"),
}  # fmt: skip
_SHARES: dict[str, dict[str, tuple[str, ...]]] = {
    "risk_predictors": {"base_exposed": ("risk_exposed",), "base_unexposed": ("risk_unexposed",)},
    "risk_dose": {"base": ("share", "lo", "hi")},
    "risk_calibration": {"base": ("predicted", "observed", "lo", "hi")},
}
ROUNDED = (*_ESTIMATES, "risk_calibration")


def round_plain(name: str, frame: pd.DataFrame, counts: Sequence[str], *, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, shares to their base, ratios and p-values to two digits."""
    rounded = frame
    for base, shares in _SHARES.get(name, {}).items():
        rounded = round_shares(rounded, shares, frame[base])
    two = {column: significant(frame[column]) for column in _ESTIMATES.get(name, ())}
    return rounded.assign(**two, **{column: to_step(frame[column], threshold=threshold) for column in counts})


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
    """Round shares and differences to their base, ratios and p-values to two digits.

    Also for the outcome models, which have the same columns. Shares corrected for classification error are
    sums over several types, so they tell less of a count than the shares of those placed in the type.
    """
    in_type = [str(name) for name in frame if str(name).startswith("prevalence_type")]
    differences = [str(name) for name in frame if str(name).startswith("difference")]
    rounded = round_shares(frame, in_type, frame["base_type"])
    rounded = round_shares(rounded, ("prevalence_rest",), frame["base_rest"])
    rounded = round_differences(rounded, differences, frame["base_type"])
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
    rounded = round_shares(frame, ("prevalence", "lo", "hi", "prevalence_naive"), frame["base"])
    everyone = ("everyone", "everyone_lo", "everyone_hi")
    rounded = round_shares(rounded, everyone, pd.Series(whole, index=frame.index))
    banded = banded_base(frame["base"], frame["_size"], threshold=threshold)
    return rounded.assign(
        base=to_step(banded, threshold=threshold), count=to_step(frame["count"], threshold=threshold)
    )


def round_replication(frame: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, and shares so far that they do not tell the count more closely."""
    steps = [_share_step(float(base), threshold=threshold) for base in frame["base"]]
    step = pd.Series(steps, index=frame.index, dtype=float)
    told = ("share", "lo", "hi", "difference", "difference_lo", "difference_hi")
    rounded = {name: ((frame[name].astype(float) / step).round() * step).round(4) + 0.0 for name in told}
    return _in_steps(frame, "n", threshold=threshold).assign(**rounded)


def _share_step(base: float, *, threshold: int) -> float:
    """Finest of a few round steps that stands for half the threshold of respondents or more."""
    return next((step for step in (0.01, 0.02, 0.05) if step * base >= threshold / 2), 0.1)


def round_measurement(frame: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, average answers to two decimals and p-values to two digits."""
    fine = {name: frame[name].astype(float).round(2) for name in ("observed", "expected", "size")}
    tested = {name: significant(frame[name]) for name in ("ratio", "p", "q")}
    return _in_steps(frame, "count", threshold=threshold).assign(**fine, **tested)


def _in_steps(frame: pd.DataFrame, count: str, *, threshold: int) -> pd.DataFrame:
    return frame.assign(**{name: to_step(frame[name], threshold=threshold) for name in (count, "base")})
