"""Types compared with the rest, with classification error carried through.

Three steps: a measurement model finds the types (elsewhere), respondents are placed in the most probable one,
and what was kept out of the clustering is compared between types with the errors of the second step undone.
The weights of Bolck, Croon & Hagenaars are the primary estimate, maximum likelihood the second opinion, and
the naive comparison of respondents as placed is kept beside them. All are design-based: weights enter every
sum, and variances are those of the linearised values added up within sampling units.

References
----------
Bolck, Croon & Hagenaars 2004, Political Analysis 12:3-27. Vermunt 2010, Political Analysis 18:450-469
(with the robust variance, and the maximum-likelihood step). Bakk, Oberski & Vermunt 2014, Political Analysis
22:520-540 (uncertainty of the first step).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from typology.label.classification import Classification
from typology.label.design import Contrast, compare, critical, logit_interval, odds_interval, ratio_means
from typology.label.latent_logistic import LatentShares, latent_shares
from typology.label.logistic import Adjusted, member_logit
from typology.label.reclustering import Spread
from typology.label.sampling import SurveyDesign
from typology.results import Bools, Floats

NOT_ESTIMABLE = Contrast(*[float("nan")] * 7)


@dataclass(frozen=True)
class Basis:
    """The types as they are compared.

    Attributes
    ----------
    places : Classification
        Of everybody read.
    inside : bool array, (n,)
        Respondents the comparisons rest on.
    spread : Spread
        The types found again.
    """

    places: Classification
    inside: Bools
    spread: Spread = field(default_factory=Spread)

    def answer(self, y: Floats) -> Floats:
        """Answers of the respondents the comparisons rest on, NaN elsewhere."""
        return np.where(self.inside, y, np.nan)

    def few(self, y: Floats, group: int, *, threshold: int, covariates: Floats | None = None) -> bool:
        """Whether too few respondents with all answers are exposed, or not, in the type or the rest."""
        known = np.isfinite(self.answer(y))
        if covariates is not None:
            known &= np.isfinite(covariates).all(axis=1)
        member = self.places.placed == group
        cells = [(known & (member == side) & (y == answer)).sum() for side in (1, 0) for answer in (1, 0)]
        return bool(min(cells) < threshold)


@dataclass(frozen=True)
class Comparison:
    """A type against the rest.

    Attributes
    ----------
    share, lo, hi : float arrays, (2,)
        Corrected share in the type and in the rest, with 95% intervals; NaN where inadmissible (not between
        0 and 1), which happens to small types that are hard to tell from others.
    corrected, naive, likelihood : Contrast
    """

    share: Floats
    lo: Floats
    hi: Floats
    corrected: Contrast
    naive: Contrast
    likelihood: Contrast


_NO_SHARES: Floats = np.full(2, np.nan)
NOTHING = Comparison(_NO_SHARES, _NO_SHARES, _NO_SHARES, NOT_ESTIMABLE, NOT_ESTIMABLE, NOT_ESTIMABLE)


def compare_types(design: SurveyDesign, y: Floats, basis: Basis) -> list[Comparison]:
    """Compare the share of an answer in every type with the rest.

    Parameters
    ----------
    design : SurveyDesign
    y : float array, (n,)
        1, 0 or NaN (no valid answer: in no base).
    basis : Basis

    Returns
    -------
    list of Comparison
        In the order of the types.
    """
    answer = basis.answer(y)
    df = design.degrees_of_freedom(np.isfinite(answer))
    none = np.zeros((len(answer), 0))
    latent = latent_shares(answer, basis.places, none, design.weight)
    return [
        _compare(design, answer, basis, group, latent=latent, df=df) for group in range(basis.places.n_types)
    ]


def _compare(
    design: SurveyDesign, y: Floats, basis: Basis, group: int, *, latent: LatentShares | None, df: int
) -> Comparison:
    extra = basis.spread.covariance(y, design.weight, group)
    places = basis.places
    share, influence = sides(design, y, places.corrected[:, group])
    naive = compare(design, *sides(design, y, places.naive[:, group]), df=df)
    admissible = (share > 0) & (share < 1)
    shown = np.where(admissible, share, np.nan)
    se = np.sqrt(design.variance(influence) + np.diag(extra))
    lo, hi = logit_interval(shown, se, df)
    corrected = NOT_ESTIMABLE
    if admissible.all():
        corrected = compare(design, share, influence, df=df, extra=extra)
    likelihood = NOT_ESTIMABLE
    if latent is not None and latent.size[group] > 0:
        likelihood = compare(design, *latent.against_rest(group), df=df, extra=extra)
    return Comparison(shown, lo, hi, corrected, naive, likelihood)


def sides(design: SurveyDesign, y: Floats, member: Floats) -> tuple[Floats, Floats]:
    """Share in a type and in the rest with their linearised values; `member` may be corrected weights."""
    known = np.isfinite(y)
    inside = np.column_stack([member, 1.0 - member]) * known[:, None]
    if not np.isfinite(inside).all():
        return np.full(2, np.nan), np.full((len(y), 2), np.nan)
    return ratio_means(design, np.where(known, y, 0.0), inside)


@dataclass(frozen=True)
class AdjustedComparison:
    """A type against the rest at the same covariates: average marginal effects and odds ratios.

    Attributes
    ----------
    share : float array, (2,)
        Corrected share if everybody were of the type, and if nobody were.
    corrected, naive, likelihood : Contrast
        `difference` is the average marginal effect. The odds ratio is that of the regression; that of the
        likelihood compares the two averaged shares.
    """

    share: Floats
    corrected: Contrast
    naive: Contrast
    likelihood: Contrast


def adjusted_contrast(
    design: SurveyDesign, y: Floats, basis: Basis, group: int, *, covariates: Floats
) -> Contrast:
    """Corrected comparison of a type with the rest, adjusted for covariates.

    Parameters
    ----------
    y : float array, (n,)
    basis : Basis
    group : int
        Position of the type.
    covariates : float array, (n, q)
        NaN where unanswered: outside the model.

    Returns
    -------
    Contrast
        `difference` is the average marginal effect; NaN where the model has no finite solution. What
        reclustering adds to the variance is taken from the unadjusted comparison.
    """
    fitted = _fitted(design, y, basis, basis.places.corrected[:, group], covariates)
    return _contrast(design, y, basis, group, covariates, fitted)


def adjusted_types(
    design: SurveyDesign, y: Floats, basis: Basis, covariates: Floats
) -> list[AdjustedComparison]:
    """Compare every type with the rest at the same covariates, in all three ways.

    Parameters
    ----------
    y : float array, (n,)
        1, 0 or NaN.
    basis : Basis
    covariates : float array, (n, q)
        q may be zero.
    """
    latent = latent_shares(basis.answer(y), basis.places, covariates, design.weight)
    found = []
    for group in range(basis.places.n_types):
        fitted = [
            _fitted(design, y, basis, weights[:, group], covariates)
            for weights in (basis.places.corrected, basis.places.naive)
        ]
        likelihood = NOT_ESTIMABLE
        if latent is not None and latent.size[group] > 0:
            df = _df(design, y, basis, covariates)
            extra = basis.spread.covariance(basis.answer(y), design.weight, group)
            likelihood = compare(design, *latent.against_rest(group), df=df, extra=extra)
        share = np.full(2, np.nan) if fitted[0] is None else fitted[0].share
        corrected, naive = (
            _contrast(design, y, basis, group, covariates, each, again=again)
            for each, again in zip(fitted, (True, False), strict=True)
        )
        found.append(AdjustedComparison(share, corrected, naive, likelihood))
    return found


def _fitted(
    design: SurveyDesign, y: Floats, basis: Basis, member: Floats, covariates: Floats
) -> Adjusted | None:
    return member_logit(basis.answer(y), member, covariates, design.weight)


def _df(design: SurveyDesign, y: Floats, basis: Basis, covariates: Floats) -> int:
    """Degrees of freedom of the design less the covariates."""
    known = np.isfinite(basis.answer(y)) & np.isfinite(covariates).all(axis=1)
    return design.degrees_of_freedom(known) - int(covariates.shape[1])


def _contrast(
    design: SurveyDesign,
    y: Floats,
    basis: Basis,
    group: int,
    covariates: Floats,
    fitted: Adjusted | None,
    *,
    again: bool = True,
) -> Contrast:
    """Marginal effect and odds ratio of a fitted model; `again` adds what reclustering brings."""
    df = _df(design, y, basis, covariates)
    if fitted is None or df <= 1:
        return NOT_ESTIMABLE
    added = np.zeros(2)
    if again:
        extra = basis.spread.covariance(basis.answer(y), design.weight, group)
        # of the difference, and of the log odds ratio at the averaged shares
        inverse = np.array([1.0, -1.0]) / (fitted.share * (1 - fitted.share))
        slopes = np.column_stack([np.array([1.0, -1.0]), inverse])
        added = np.einsum("ji,jk,ki->i", slopes, extra, slopes)
    effect = fitted.influence[:, 0] - fitted.influence[:, 1]
    variance = design.variance(np.column_stack([effect, fitted.fit.influence[:, 1]])) + added
    error = np.sqrt(variance)
    gap, slope = float(fitted.share[0] - fitted.share[1]), float(fitted.fit.coefficient[1])
    half, reach = float(critical(df)) * float(error[0]), float(critical(df - 1)) * float(error[1])
    p = float(2 * stats.t.sf(abs(slope) / error[1], df - 1))
    return Contrast(gap, max(-1.0, gap - half), min(1.0, gap + half), *odds_interval(slope, reach), p)
