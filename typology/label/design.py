"""Design-based proportions, differences and odds ratios with Taylor-linearised intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import expit

from typology.label.sampling import SurveyDesign, make_design, survey_design
from typology.results import Bools, Floats, Ints

__all__ = [
    "Contrast",
    "Shares",
    "SurveyDesign",
    "compare",
    "contrast",
    "critical",
    "domain_df",
    "domain_means",
    "logit_interval",
    "make_design",
    "ratio_means",
    "shares",
    "survey_design",
]


LARGEST = 300.0


@dataclass(frozen=True)
class Shares:
    """Domain proportions of one 0/1 column, with what is needed to compare them.

    Attributes
    ----------
    base, count : int arrays, (g,)
        Unweighted respondents with an answer, and those with a 1, in each domain.
    share, se : float arrays, (g,)
        Weighted proportion and its standard error; NaN in an empty domain.
    lo, hi : float arrays, (g,)
        95% interval on the logit scale; NaN where the proportion is 0 or 1.
    influence : float array, (n, g)
    """

    base: Ints
    count: Ints
    share: Floats
    se: Floats
    lo: Floats
    hi: Floats
    influence: Floats


def shares(design: SurveyDesign, answer: Floats, domains: Bools, *, df: Ints | None = None) -> Shares:
    """Estimate the share of ones in each domain.

    Parameters
    ----------
    design : SurveyDesign
    answer : float array, (n,)
        1, 0 or NaN (no valid answer: not in any base).
    domains : bool array, (n, g)
    df : int array, (g,), optional
        Degrees of freedom of the domains among those with an answer, if already counted.
    """
    valid = np.isfinite(answer)
    inside = domains & valid[:, None]
    ones = np.where(valid, answer, 0.0)
    share, influence = ratio_means(design, ones, inside)
    se = np.sqrt(design.variance(influence))
    df = domain_df(design, inside) if df is None else df
    lo, hi = logit_interval(share, se, df)
    exposed, each = ones == 1.0, range(inside.shape[1])
    base = np.array([np.count_nonzero(inside[:, g]) for g in each], dtype=np.int64)
    count = np.array([np.count_nonzero(inside[:, g] & exposed) for g in each], dtype=np.int64)
    return Shares(base, count, share, np.where(np.isfinite(share), se, np.nan), lo, hi, influence)


def domain_df(design: SurveyDesign, inside: Bools) -> Ints:
    """Degrees of freedom of each column of `inside`."""
    return np.array([design.degrees_of_freedom(inside[:, g]) for g in range(inside.shape[1])], dtype=np.int64)


def domain_means(design: SurveyDesign, y: Floats, domains: Bools) -> tuple[Floats, Floats]:
    """Weighted mean of `y` in each domain and its standard error."""
    valid = np.isfinite(y)
    mean, influence = ratio_means(design, np.where(valid, y, 0.0), domains & valid[:, None])
    return mean, np.sqrt(design.variance(influence))


def ratio_means(design: SurveyDesign, y: Floats, inside: Bools | Floats) -> tuple[Floats, Floats]:
    """Domain means and the linearised value of every respondent for each of them.

    Parameters
    ----------
    y : float array, (n,)
        No missing values.
    inside : bool or float array, (n, g)
        Domains, or weights of respondents for each group besides the survey's; these may be negative.
    """
    weights = design.weight[:, None] * inside
    total = weights.sum(axis=0)
    known = total > 0
    mean = np.full(inside.shape[1], np.nan)
    mean[known] = (y @ weights)[known] / total[known]
    centred = y[:, None] - np.where(known, mean, 0.0)
    return mean, weights * centred / np.where(known, total, 1.0)


def critical(df: npt.ArrayLike) -> Floats:
    """Two-sided 95% point of the t distribution; NaN without degrees of freedom."""
    degrees = np.asarray(df, dtype=float)
    return np.where(degrees > 0, stats.t.ppf(0.975, np.maximum(degrees, 1.0)), np.nan)


def logit_interval(share: Floats, se: Floats, df: npt.ArrayLike) -> tuple[Floats, Floats]:
    """95% interval of proportions on the logit scale; NaN at 0 and 1, where it is not defined."""
    between = np.isfinite(share) & (share > 1e-12) & (share < 1 - 1e-12)
    p = np.where(between, share, 0.5)
    centre = np.log(p / (1 - p))
    half = critical(df) * se / (p * (1 - p))
    lo, hi = expit(centre - half), expit(centre + half)
    return np.where(between, lo, np.nan), np.where(between, hi, np.nan)


@dataclass(frozen=True)
class Contrast:
    """Two shares compared: their difference, and odds ratio (NaN where not estimable)."""

    difference: float
    difference_lo: float
    difference_hi: float
    odds_ratio: float
    lo: float
    hi: float
    p: float


def contrast(design: SurveyDesign, found: Shares, *, first: int, second: int, df: int) -> Contrast:
    """Compare two disjoint domains of one :class:`Shares`; see :func:`compare`."""
    both = [first, second]
    return compare(design, found.share[both], found.influence[:, both], df=df)


def compare(
    design: SurveyDesign, share: Floats, influence: Floats, *, df: int, extra: Floats | None = None
) -> Contrast:
    """Compare two estimated shares.

    The odds ratio of two domains equals the exponential of the slope of a design-based logistic regression
    on the domain (a saturated model), and so does its standard error. Where a share is 0 or 1 the odds ratio,
    its interval and p are NaN: *not estimable*. No constant is added to the cells: it would print an
    invented number, and such a row cannot be released anyway. The difference of shares stays defined.

    Parameters
    ----------
    share : float array, (2,)
    influence : float array, (n, 2)
    df : int
        Degrees of freedom of those both shares are about.
    extra : float array, (2, 2), optional
        Covariance of the shares from another source, added to that of sampling.
    """
    a, b = float(share[0]), float(share[1])
    inner = bool(np.isfinite(a) and np.isfinite(b) and 0 < a < 1 and 0 < b < 1)
    scale = np.array([1 / (a * (1 - a)), -1 / (b * (1 - b))]) if inner else np.array([1.0, -1.0])
    slopes = np.column_stack([np.array([1.0, -1.0]), scale])
    variance = design.variance(influence @ slopes)
    if extra is not None:
        variance = variance + np.einsum("ji,jk,ki->i", slopes, extra, slopes)
    both = np.sqrt(variance)
    half = critical(df) * both[0]
    gap = a - b
    bounds = max(-1.0, gap - float(half)), min(1.0, gap + float(half))
    if not inner or not both[1] > 0 or df <= 1:
        return Contrast(gap, *bounds, np.nan, np.nan, np.nan, np.nan)
    log_or = float(np.log(a / (1 - a)) - np.log(b / (1 - b)))
    reach = float(critical(df - 1)) * float(both[1])
    p = float(2 * stats.t.sf(abs(log_or) / both[1], df - 1))
    return Contrast(gap, *bounds, *odds_interval(log_or, reach), p)


def odds_interval(log_or: float, reach: float) -> tuple[float, float, float]:
    """Odds ratio and both ends of its interval; an end beyond all numbers is told as a very large one."""
    ratio, lo, hi = np.exp(np.clip([log_or, log_or - reach, log_or + reach], -LARGEST, LARGEST)).tolist()
    return ratio, lo, hi
