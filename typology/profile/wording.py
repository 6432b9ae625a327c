"""Numbers and states in plain words, the same everywhere."""

from __future__ import annotations

import math
import re

RULES = {"threshold": "fewer than {threshold} respondents here, or where this number would give them away"}
SHORT = {"threshold": "small numbers"}
CARRIED = 1e-7
"""A percentage this near to a rounded one was rounded."""


def percent(share: float, *, decimals: int | None = None) -> str:
    """Return a share 0..1 as a percentage.

    Parameters
    ----------
    share : float
    decimals : int, optional
        Of the percentage. By default what the number itself carries: none if it was rounded to whole
        percents, one if to tenths of them; of an unrounded share one below 10% and none above.
    """
    value = 100.0 * share
    if decimals is None:
        decimals = next((d for d in (0, 1) if abs(value - round(value, d)) < CARRIED), None)
    if decimals is None:
        decimals = 1 if abs(value) < 9.95 else 0
    return f"{value:.{decimals}f}%"


def percent_interval(lo: float, hi: float, *, decimals: int | None = None) -> str:
    """Return an interval of shares as "52 to 58%"."""
    return f"{percent(lo, decimals=decimals).removesuffix('%')} to {percent(hi, decimals=decimals)}"


def points(difference: float) -> str:
    """Return a difference of two shares in percentage points, signed; none is a bare 0."""
    rounded = f"{100.0 * difference:+.0f}"
    return rounded if float(rounded) else "0"


def size_text(n: float, *, rounded: bool) -> str:
    """Return the number of members as "n = 573", or "n about 570" where it is rounded."""
    return f"n about {n:.0f}" if rounded else f"n = {n:.0f}"


def core_text(core_share: float, core_band: str) -> str:
    """Return the share of the core, or the band it lies in where the number itself is withheld."""
    return percent(core_share) if known(core_share) else core_band


def ratio(value: float) -> str:
    """Return an odds ratio with two significant digits."""
    if value >= 9.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"


def ratio_span(value: float, lo: float, hi: float) -> str:
    """Return an odds ratio with its interval, such as "2.0 (1.2 to 3.4)"; a dash where there is none."""
    if not known(value):
        return "\u2013"
    return f"{ratio(value)} ({ratio(lo)} to {ratio(hi)})" if known(lo, hi) else ratio(value)


def p_value(value: float) -> str:
    """Return a p- or q-value; tiny ones as a bound."""
    if value < 0.001:
        return "< 0.001"
    return f"{value:.3f}" if value < 0.0995 else f"{value:.2f}"


def why_suppressed(rule: str, *, threshold: int) -> str:
    """Say in a sentence's part why a number is not shown; unknown rules are named as they are."""
    wording = RULES.get(rule)
    return wording.format(threshold=threshold) if wording else rule


def short_reason(rule: str) -> str:
    """Say in two words why a number is not shown, where there is little room."""
    return SHORT.get(rule, rule)


def known(*values: float) -> bool:
    """Tell whether all numbers are there."""
    return all(not math.isnan(value) for value in values)


def listed(parts: list[str]) -> str:
    """Join as "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def as_markdown(text: str) -> str:
    """Escape a label or name so that Markdown shows it as the text it is."""
    return re.sub(r"([\\`*_\[\]<>&$#|~!])", r"\\\1", " ".join(text.split()))
