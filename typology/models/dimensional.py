"""The best model *without* types: respondents differ in degree, and items go together.

It keeps everything about a survey that is not types: each group's item margins (a country may answer an
item differently), one general severity whose distribution is free (skewed, or with a floor of people to
whom nothing happened), and Gaussian dependence of whatever form between items given severity. Answers drawn
from it have the observed margins and the observed item correlations, and no types. Respondents keep their
own missing answers and their own plausible severity, so missingness and routing stay tied to severity as
observed.

The residual correlations solve, for every pair of items, "model covariance = observed covariance"
(:mod:`typology.models.residual`).

References
----------
Ruscio & Ruscio 2008 / Ruscio, Ruscio & Carney 2011 (comparison data without types, the taxometric CCFI) are
the psychometric relatives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit, logsumexp, ndtr

from typology.models.layout import Layout
from typology.models.mixture import Mixture, fit_mixture
from typology.models.residual import covariance, residual_correlations
from typology.models.severity import smooth_mass
from typology.results import Floats, Ints

CURVE_STEPS = 2
CURVE_PRIOR = 0.02
TUNINGS = 2
TUNING_ROWS = 10_000


@dataclass(frozen=True)
class DimensionalModel:
    """Severity, margins and residual dependence of a survey without types.

    Attributes
    ----------
    mixture : Mixture
        Groups as known "types", free severity.
    posterior : float array, (n, Q)
        Each respondent's plausible severity, given the items answered.
    group : int array, (n,)
    cumulative : list of float arrays, (G, Q, k - 1)
        Per item, probability of a level at or below each cut.
    orders : list of int arrays, (k,)
        Per item, its levels in the order they rise with severity.
    root : float array, (p, p)
        Square root of the residual correlation matrix.
    """

    mixture: Mixture
    posterior: Floats
    group: Ints
    cumulative: list[Floats]
    orders: list[Ints]
    root: Floats

    def log_density(self, matrix: Floats) -> Floats:
        """Log probability of each respondent's answers as a whole.

        Parameters
        ----------
        matrix : float array, (n, C)
            Indicators of the respondents the model was fitted to; unanswered items are left out.

        Returns
        -------
        float array, (n,)
        """
        joint = self.mixture.log_joint(matrix)[np.arange(len(matrix)), self.group]
        return np.asarray(logsumexp(joint, axis=1) - np.log(self.mixture.shares[self.group]))

    def draw(self, rng: np.random.Generator, *, shift: Floats | None = None) -> Ints:
        """Answer every item anew.

        Each respondent answers by a severity drawn from the own plausible ones.

        Parameters
        ----------
        rng : Generator
        shift : float array, (n, p), optional
            Added to the log odds of a higher answer: with it, respondents differ in more than degree.

        Returns
        -------
        int array, (n, p)
            Levels, without missing answers: taking out what was unanswered is left to the caller.
        """
        n, p = len(self.posterior), len(self.cumulative)
        cut = self.posterior.cumsum(axis=1)
        node = (rng.random(n)[:, None] > cut[:, :-1]).sum(axis=1)
        # severity lies anywhere around its node, not on it: curves are interpolated towards a neighbour
        offset = rng.uniform(-0.5, 0.5, n)
        beside = np.clip(node + np.sign(offset).astype(int), 0, cut.shape[1] - 1)
        offset = np.abs(offset)[:, None]
        uniform = ndtr(rng.normal(size=(n, p)) @ self.root.T)
        codes = np.empty((n, p), dtype=np.int64)
        for j in range(p):
            curves = self.cumulative[j]
            below = (1 - offset) * curves[self.group, node] + offset * curves[self.group, beside]
            if shift is not None:
                below = expit(logit(below) - shift[:, [j]])
            codes[:, j] = self.orders[j][(uniform[:, [j]] > below).sum(axis=1)]
        return codes


def fit_dimensional(codes: Ints, matrix: Floats, columns: Layout, group: Ints) -> DimensionalModel:
    """Fit the model without types.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered: left out of the curves, and of the covariances with that item.
    matrix : float array, (n, C)
        Their indicators.
    columns : Layout
    group : int array, (n,)
        0-based known group; all zero when there is none.

    Returns
    -------
    DimensionalModel
    """
    start = np.eye(int(group.max()) + 1)[group]
    mixture = fit_mixture(matrix, columns, start, severity=True, known=True, iterations=150, tolerance=1e-5)
    posterior, cumulative, orders = _monotone(mixture, matrix, group)
    residual = residual_correlations(codes, posterior, group, cumulative, orders)
    correlation = residual.correlation
    observed = covariance(codes, orders)
    rng = np.random.default_rng(len(codes))
    for _ in range(TUNINGS):
        model = DimensionalModel(mixture, posterior, group, cumulative, orders, _root(correlation))
        drawn = np.concatenate([model.draw(rng) for _ in range(1 + TUNING_ROWS // len(codes))])
        drawn[np.tile(codes < 0, (len(drawn) // len(codes), 1))] = -1
        short = (observed - covariance(drawn, orders)) / np.maximum(residual.slope, 1e-9)
        np.fill_diagonal(short, 0.0)
        # only the dimensions that stand out are tuned: elsewhere the gap is the noise taken out on purpose
        project = residual.lead @ residual.lead.T
        correlation = correlation + project @ short @ project
        np.fill_diagonal(correlation, 1.0)
    return DimensionalModel(mixture, posterior, group, cumulative, orders, _root(correlation))


def _monotone(mixture: Mixture, matrix: Floats, group: Ints) -> tuple[Floats, list[Floats], list[Ints]]:
    """Free the response curves: any monotone curve of severity, not just the logistic one.

    Without this, a survey whose curves are of another shape would look like types beside its own null model.
    """
    columns, log_mass = mixture.columns, mixture.log_mass
    table = np.exp(mixture.log_table())
    orders = []
    for j in range(len(columns.ordered)):
        at = np.arange(columns.starts[j], columns.starts[j + 1])
        # unordered levels are lined up by how they rise with severity
        orders.append(
            np.arange(len(at)) if columns.ordered[j] else np.argsort(mixture.slopes[at], kind="stable")
        )
    falling = [
        mixture.slopes[columns.starts[j] + order[-1]] >= mixture.slopes[columns.starts[j] + order[0]]
        for j, order in enumerate(orders)
    ]
    n_groups, q, _ = table.shape
    for _ in range(CURVE_STEPS):
        posterior = _posterior(table, log_mass, mixture.shares, matrix, group)
        cumulative = [np.empty((n_groups, q, len(order) - 1)) for order in orders]
        for g in range(n_groups):
            mine = group == g
            expected = posterior[mine].T @ matrix[mine] + CURVE_PRIOR * table[g]
            log_mass[g] = np.log(smooth_mass(posterior[mine].mean(axis=0)[None])[0] + 1e-9)
            for j, order in enumerate(orders):
                at = columns.starts[j] + order
                total = expected[:, at].sum(axis=1)
                below = expected[:, at].cumsum(axis=1)[:, :-1] / total[:, None]
                for cut in range(below.shape[1]):
                    cumulative[j][g, :, cut] = isotonic_regression(
                        below[:, cut], weights=total, increasing=not falling[j]
                    ).x
                levels = np.diff(cumulative[j][g], axis=1, prepend=0.0, append=1.0)
                table[g][:, at] = np.clip(levels, 1e-6, None)
    return _posterior(table, log_mass, mixture.shares, matrix, group), cumulative, orders


def _posterior(table: Floats, log_mass: Floats, shares: Floats, matrix: Floats, group: Ints) -> Floats:
    joint = (
        np.einsum("nc,nqc->nq", matrix, np.log(table)[group])
        if len(shares) > 1
        else matrix @ np.log(table[0]).T
    )
    joint = joint + log_mass[group]
    return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))


def _root(correlation: Floats) -> Floats:
    """Square root of the nearest correlation matrix (eigenvalues clipped, unit diagonal)."""
    value, vector = np.linalg.eigh(correlation)
    root = vector * np.sqrt(np.clip(value, 1e-4, None))
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))
