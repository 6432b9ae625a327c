"""Rounding of what is shown about answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from typology.disclose.coarse import share_of_counts, sides_of_counts
from typology.disclose.columns import CRITERIA
from typology.disclose.rules import (
    banded_base,
    down_to_step,
    round_differences,
    round_shares,
    round_whole,
    share_step,
    significant,
    to_step,
)

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
    "severity": {"base": ("share",)},
    "quality": {"base": ("share",)},
}
ROUNDED = (*_ESTIMATES, "risk_calibration", "severity", "quality", "correlations")
# What is added to the number of respondents before its logarithm is taken (Sclove 1987).
_SAMPLE_SIZE = {"bic": 0.0, "adjusted_bic": 2.0, "abic": 2.0}
MODELS = ("candidates", "latent_classes", "runs")


def round_plain(name: str, frame: pd.DataFrame, counts: Sequence[str], *, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, shares to their base, ratios and p-values to two digits."""
    rounded = frame
    for base, shares in _SHARES.get(name, {}).items():
        rounded = round_shares(rounded, shares, frame[base])
    two = {column: significant(frame[column]) for column in _ESTIMATES.get(name, ())}
    return rounded.assign(**two, **{column: to_step(frame[column], threshold=threshold) for column in counts})


def round_prevalence(frame: pd.DataFrame, *, coarse: bool = False, threshold: int) -> pd.DataFrame:
    """Round shares to their base; the difference is that of the rounded shares.

    With `coarse`, shares of types tell no more than their rounded counts.
    """
    whole = everyone_base(frame).reindex(frame["variable"]).to_numpy()
    everyone, shares = frame["group"] == "everyone", ("share", "lo", "hi")
    rounded = round_shares(frame, shares, frame["base"])
    coarser = round_whole(frame, shares, frame["base"], threshold=threshold)
    rounded = rounded.assign(**{name: rounded[name].where(~everyone, coarser[name]) for name in shares})
    about = pd.Series(whole, index=frame.index)
    rounded = round_whole(rounded, ("share_everyone",), about, threshold=threshold)
    banded = banded_base(frame["base"], frame["_size"], threshold=threshold)
    rounded = rounded.assign(
        base=banded.where(everyone, to_step(banded, threshold=threshold)),
        count=to_step(frame["count"], threshold=threshold),
    )
    if coarse:
        by_counts = share_of_counts(frame, rounded, share="share", along=("lo", "hi"))
        for name in ("share", "lo", "hi"):
            rounded[name] = rounded[name].where(everyone, by_counts[name])
    return rounded.assign(difference=(rounded["share"] - rounded["share_everyone"]).round(4))


def everyone_base(prevalence: pd.DataFrame) -> pd.Series:
    """Respondents with an answer, by variable."""
    rows = prevalence[prevalence["group"] == "everyone"].drop_duplicates("variable")
    return rows.set_index("variable")["base"]


def round_factors(frame: pd.DataFrame, *, coarse: bool = False, threshold: int) -> pd.DataFrame:
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
    rounded = rounded.assign(**ratios, **counts)
    return sides_of_counts(frame, rounded, threshold=threshold) if coarse else rounded


def round_outcomes(
    frame: pd.DataFrame, prevalence: pd.DataFrame, *, coarse: bool = False, threshold: int
) -> pd.DataFrame:
    """Round shares to their base."""
    whole = everyone_base(prevalence).reindex(frame["outcome"]).to_numpy()
    rounded = round_shares(frame, ("prevalence", "lo", "hi", "prevalence_naive"), frame["base"])
    everyone = ("everyone", "everyone_lo", "everyone_hi")
    rounded = round_whole(rounded, everyone, pd.Series(whole, index=frame.index), threshold=threshold)
    banded = banded_base(frame["base"], frame["_size"], threshold=threshold)
    rounded = rounded.assign(
        base=to_step(banded, threshold=threshold), count=to_step(frame["count"], threshold=threshold)
    )
    if coarse:
        rounded = share_of_counts(frame, rounded, share="prevalence", along=("lo", "hi"))
        rounded = share_of_counts(frame, rounded, share="prevalence_naive")
    return rounded


def round_replication(frame: pd.DataFrame, *, coarse: bool = False, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, and shares so far that they do not tell the count more closely."""
    steps = [share_step(float(base), threshold=threshold) for base in frame["base"]]
    step = pd.Series(steps, index=frame.index, dtype=float)
    told = ("share", "lo", "hi", "difference", "difference_lo", "difference_hi")
    rounded = {name: ((frame[name].astype(float) / step).round() * step).round(4) + 0.0 for name in told}
    shown = _in_steps(frame, "n", threshold=threshold).assign(**rounded)
    if not coarse:
        return shown
    raw, after = (each.rename(columns={"n": "count"}) for each in (frame, shown))
    by_counts = share_of_counts(raw, after, share="share", along=("lo", "hi"))
    return by_counts.rename(columns={"count": "n"})[list(shown.columns)]


def round_measurement(frame: pd.DataFrame, *, threshold: int) -> pd.DataFrame:
    """Round counts to the threshold, average answers to two decimals and p-values to two digits."""
    fine = {name: frame[name].astype(float).round(2) for name in ("observed", "expected", "size")}
    tested = {name: significant(frame[name]) for name in ("ratio", "p", "q")}
    return _in_steps(frame, "count", threshold=threshold).assign(**fine, **tested)


def _in_steps(frame: pd.DataFrame, count: str, *, threshold: int) -> pd.DataFrame:
    return frame.assign(**{name: to_step(frame[name], threshold=threshold) for name in (count, "base")})


def round_models(
    frame: pd.DataFrame, *, clustered: float | None, aside: float, threshold: int
) -> pd.DataFrame:
    """Round what models tell of the number of respondents in them, and of that in their smallest group.

    Shares with all their digits are counts; the size of a group below the threshold is left blank, and so few
    in no cluster look like none. Criteria have no decimals: a log-likelihood with all digits would confirm a
    guess at all counts. Together with its BIC it tells the number of respondents, so where that number is
    withheld the BIC is that of so many as if none had been set aside.

    Parameters
    ----------
    clustered : float or None
        Respondents in the models; None where no table counts them.
    aside : float
        Few who were set aside and whose number is withheld; 0 where it is not.
    """
    changed: dict[str, pd.Series] = {}
    total = float(clustered or np.nan)
    if clustered and aside and "log_likelihood" in frame:
        parameters = (
            frame["parameters"] if "parameters" in frame else frame["aic"] / 2 + frame["log_likelihood"]
        )
        more = {
            name: np.log((total + aside + extra) / (total + extra)) for name, extra in _SAMPLE_SIZE.items()
        }
        changed = {name: frame[name] + parameters * more[name] for name in more if name in frame}
    criteria = [name for name in CRITERIA if name in frame]
    changed |= {name: changed.get(name, frame[name]).astype(float).round() for name in criteria}
    about = max(round(total / threshold) * threshold, threshold) if clustered else np.nan
    for name in ("smallest_share", "noise"):
        if name in frame:
            count = (frame[name].astype(float) * total).round()
            if name == "smallest_share":  # may be a type, whose size is rounded in the same way
                changed[name] = to_step(count.where(count >= threshold), threshold=threshold) / about
            else:
                changed[name] = down_to_step(count, threshold=threshold) / about
            changed[name] = changed[name].round(2).clip(upper=1.0)
    return frame.assign(**changed)
