"""How reliable scale scores are: Cronbach's alpha, McDonald's omega total, item-rest correlations.

All are about respondents who answered every item of a scale, unweighted, items counted as numbers.

References
----------
Cronbach 1951, Psychometrika 16:297-334 (alpha). Feldt 1965, Psychometrika 30:357-370, and Feldt, Woodruff &
Salih 1987, Applied Psychological Measurement 11:93-103, formulas 6 and 7 (its interval). McDonald 1999, Test
Theory: A Unified Treatment, Erlbaum (omega). Rubin & Thayer 1982, Psychometrika 47:69-76 (EM algorithm for
maximum-likelihood factor analysis).
"""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution

from typology.results import Floats, Survey
from typology.survey.scales import keyed_items, score_scales

CONFIDENCE = 0.95
RESAMPLES = 500
SMALLEST_UNIQUENESS = 0.005  # of an item's variance: the bound of the usual programs against Heywood cases
FEWEST_OMEGA_ITEMS = 3
STEPS, TOLERANCE = 20_000, 1e-12
RESAMPLE_STEPS, RESAMPLE_TOLERANCE = 1000, 1e-5

SCALE_COLUMNS = ["scale", "label", "items", "scored", "n",
                 "alpha", "alpha_lo", "alpha_hi", "omega", "omega_lo", "omega_hi"]  # fmt: skip
ITEM_COLUMNS = ["scale", "item", "label", "keyed", "n", "r"]


def scale_reliabilities(survey: Survey, *, seed: int) -> pd.DataFrame:
    """Reliability of every scale.

    Parameters
    ----------
    survey : Survey
    seed : int
        For the bootstrap.

    Returns
    -------
    DataFrame
        scale, label, items, scored (respondents with a score, prorated ones included), n (every item
        answered: what the rest is about), alpha and omega, each with its 95% interval. NaN where a number
        is not defined.
    """
    scored = score_scales(survey).notna().sum()
    rows = []
    for name, scale in survey.codebook.scales.items():
        complete = keyed_items(survey, scale).dropna()
        rng = np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(name.encode("utf-8"))]))
        alpha = cronbach_alpha(complete)
        rows.append(
            (
                name,
                scale.label,
                len(scale.items),
                int(scored[name]),
                len(complete),
                alpha,
                *alpha_interval(alpha, n=len(complete), items=len(scale.items)),
                omega_total(complete),
                *omega_interval(complete, rng),
            )
        )
    return pd.DataFrame(rows, columns=SCALE_COLUMNS)


def item_statistics(survey: Survey) -> pd.DataFrame:
    """Item-rest correlations of every scale.

    Returns
    -------
    DataFrame
        scale, item, label, keyed (``as asked`` or ``reversed``), n, r. A negative r in a scale whose items
        should go together tells of an item keyed the wrong way.
    """
    rows = []
    for name, scale in survey.codebook.scales.items():
        complete = keyed_items(survey, scale).dropna()
        for item, r in item_rest_correlations(complete).items():
            keyed = "reversed" if item in scale.reverse else "as asked"
            label = survey.codebook.variables[str(item)].label
            rows.append((name, item, label, keyed, len(complete), r))
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def cronbach_alpha(keyed: pd.DataFrame) -> float:
    """Cronbach's alpha over respondents who answered every item.

    Parameters
    ----------
    keyed : DataFrame, one column an item
        All pointing the same way, as `keyed_items` gives them.

    Returns
    -------
    float
        NaN when there are fewer than two items or complete respondents, or no variance.
    """
    complete = keyed.dropna().to_numpy(dtype=float)
    respondents, items = complete.shape
    if items < 2 or respondents < 2:
        return float("nan")
    total = float(complete.sum(axis=1).var(ddof=1))
    if total <= 0:
        return float("nan")
    return float(items / (items - 1) * (1 - complete.var(axis=0, ddof=1).sum() / total))


def alpha_interval(alpha: float, *, n: int, items: int) -> tuple[float, float]:
    """Feldt's interval of alpha: exact for normal, parallel items.

    Parameters
    ----------
    alpha : float
    n, items : int
        Respondents and items it comes from.
    """
    if np.isnan(alpha) or n < 2:
        return float("nan"), float("nan")
    tail = (1 - CONFIDENCE) / 2
    ratio = f_distribution(n - 1, (n - 1) * (items - 1))
    low, high = (1 - (1 - alpha) * float(ratio.ppf(level)) for level in (1 - tail, tail))
    return low, high


def omega_total(keyed: pd.DataFrame) -> float:
    """McDonald's omega total by a one-factor model fitted by maximum likelihood.

    The squared sum of the loadings over itself plus the sum of the unique variances, in the units of the
    items.

    Parameters
    ----------
    keyed : DataFrame, one column an item
        Only respondents who answered every item count.

    Returns
    -------
    float
        NaN with fewer than three items (the model is not identified), no more respondents than items, or an
        item that does not vary.
    """
    complete = keyed.dropna().to_numpy(dtype=float)
    if complete.shape[1] < FEWEST_OMEGA_ITEMS or len(complete) <= complete.shape[1]:
        return float("nan")
    return float(_omegas(np.cov(complete.T)[None], steps=STEPS, tolerance=TOLERANCE)[0])


def omega_interval(keyed: pd.DataFrame, rng: np.random.Generator) -> tuple[float, float]:
    """Percentile bootstrap interval of omega total: respondents are drawn again 500 times."""
    if np.isnan(omega_total(keyed)):
        return float("nan"), float("nan")
    # Drawing how often each distinct row occurs is drawing respondents.
    patterns, count = np.unique(keyed.dropna().to_numpy(dtype=float), axis=0, return_counts=True)
    n = int(count.sum())
    draws = rng.multinomial(n, count / n, size=RESAMPLES).astype(float)
    drawn = np.stack([_covariance(patterns, draw) for draw in draws])
    omegas = _omegas(drawn, steps=RESAMPLE_STEPS, tolerance=RESAMPLE_TOLERANCE)
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.nanpercentile(omegas, [tail, 100 - tail])
    return float(low), float(high)


def _covariance(patterns: Floats, count: Floats) -> Floats:
    n = count.sum()
    mean = count @ patterns / n
    centred = patterns - mean
    return np.asarray((centred * count[:, None]).T @ centred / (n - 1))


def _omegas(covariances: Floats, *, steps: int, tolerance: float) -> Floats:
    """Omega of each of B covariance matrices, (B, p, p); NaN where an item does not vary.

    Expectation-maximisation for one factor, all matrices at once.
    """
    omegas = np.full(len(covariances), np.nan)
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    usable = (variances > 0).all(axis=1)
    covariance, variance = covariances[usable], variances[usable]
    value, vector = np.linalg.eigh(covariance)
    loading = vector[:, :, -1] * np.sqrt(0.5 * value[:, -1:])
    unique = 0.5 * variance
    for _ in range(steps):
        before = loading
        weight = loading / unique
        weight = weight / (1 + (weight * loading).sum(axis=1, keepdims=True))
        shared = np.einsum("bij,bj->bi", covariance, weight)
        spread = (weight * shared).sum(axis=1) + 1 - (weight * loading).sum(axis=1)
        loading = shared / spread[:, None]
        unique = np.maximum(variance - loading * shared, SMALLEST_UNIQUENESS * variance)
        if (np.abs(loading - before) <= tolerance * np.sqrt(variance)).all():
            break
    common = loading.sum(axis=1) ** 2
    omegas[usable] = common / (common + unique.sum(axis=1))
    return omegas


def item_rest_correlations(keyed: pd.DataFrame) -> pd.Series:
    """Correlation of each item with the sum of the others, over complete respondents.

    NaN for an item that does not vary, or whose others do not.
    """
    complete = keyed.dropna()
    total = complete.sum(axis=1)
    found = {}
    for item in complete.columns:
        rest = total - complete[item]
        varies = len(complete) > 2 and complete[item].std() > 0 and rest.std() > 0
        found[str(item)] = float(np.corrcoef(complete[item], rest)[0, 1]) if varies else float("nan")
    return pd.Series(found, dtype=float)
