"""The measurement model: types as a finite mixture, with degree inside types where the answers ask for it.

Given type c and severity t, items are independent and item j takes level k with probability
proportional to ``exp(a[c, j, k] + t * b[j, k])``. Severity is standard normal, integrated over a fixed
grid. With one node (t = 0) this is the latent class model; with one type it is a one-factor model; with
both, a factor mixture model with class-specific intercepts and common loadings. Ordered items have
``b[j, k]`` proportional to k (adjacent categories); nominal items have a free slope per level.

Unanswered items drop out of the likelihood of that respondent only (full-information maximum likelihood
under missing at random). Item parameters are posterior modes: every type and item gets pseudo-answers in
proportion to the item's margin, which keeps small types off the boundary.

References
----------
Lubke & Muthen 2005, Psychological Methods 10:21-39 (factor mixture models). Galindo Garre & Vermunt 2006,
Behaviormetrika 33:43-59 (posterior modes against boundary estimates in latent class models).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from typology.models.layout import Layout, log_table
from typology.models.newton import SlopePrior, newton_step
from typology.models.pooled import Pooled, pooled
from typology.models.severity import NODES, common_slope, free_grid, severity_grid, smooth_mass
from typology.results import Floats

PSEUDO = 1.0  # respondents added to every type and item
SLOPE_PRECISION = 1 / 16  # a weak prior: keeps the slope of a perfect item finite


@dataclass(frozen=True)
class Mixture:
    """A fitted measurement model.

    Attributes
    ----------
    shares : float array, (K,)
    intercepts : float array, (K, C)
    slopes : float array, (C,)
        Zero without a severity dimension.
    nodes : float array, (Q,)
        Grid of severity.
    log_mass : float array, (Q,) or (K, Q)
        Of the nodes; one row a group where the groups are known.
    columns : Layout
    log_likelihood : float
        Weighted by the pattern counts, without the prior.
    n_parameters : int
    iterations : int
        Steps taken.
    """

    shares: Floats
    intercepts: Floats
    slopes: Floats
    nodes: Floats
    log_mass: Floats
    columns: Layout
    log_likelihood: float
    n_parameters: int
    iterations: int

    @property
    def n_types(self) -> int:
        """Number of types."""
        return len(self.shares)

    def log_table(self) -> Floats:
        """Log level probabilities of every type at every severity node, (K, Q, C)."""
        return log_table(self.intercepts, self.slopes, self.nodes, self.columns)

    def log_joint(self, matrix: Floats) -> Floats:
        """Log joint density of each row with each type and severity node, (n, K, Q)."""
        table = self.log_table()
        k, q, c = table.shape
        joint = (matrix @ table.reshape(k * q, c).T).reshape(len(matrix), k, q)
        joint += np.log(self.shares)[:, None] + self.log_mass
        return joint

    def membership(self, matrix: Floats) -> tuple[Floats, Floats, Floats]:
        """Place respondents, given the items they answered.

        Parameters
        ----------
        matrix : float array, (n, C)
            A row of zeros (nothing answered) gets the shares.

        Returns
        -------
        posterior : float array, (n, K)
            Probability of each type.
        density : float array, (n,)
            Log density.
        severity : float array, (n,)
            Expected severity.
        """
        joint = self.log_joint(matrix)
        density = logsumexp(joint, axis=(1, 2))
        posterior = np.exp(joint - density[:, None, None])
        return posterior.sum(axis=2), density, posterior.sum(axis=1) @ self.nodes

    def profile(self) -> Floats:
        """Level probabilities of each type with severity integrated out, (K, C)."""
        table = np.exp(self.log_table())
        mass = np.broadcast_to(np.exp(self.log_mass), table.shape[:2])
        return np.asarray(np.einsum("kqc,kq->kc", table, mass))


def fit_mixture(
    matrix: Floats,
    columns: Layout,
    start: Floats,
    *,
    count: Floats | None = None,
    severity: bool = False,
    iterations: int = 200,
    tolerance: float = 1e-6,
    prior: float = PSEUDO,
    slopes: Floats | None = None,
    known: bool = False,
) -> Mixture:
    """Fit by expectation-maximisation from a starting membership.

    Parameters
    ----------
    matrix : float array, (n, C)
        Indicators; rows may be distinct answer patterns. An unanswered item (a block of zeros) drops out of
        the likelihood of that row.
    columns : Layout
    start : float array, (n, K)
        Starting membership; rows of zeros take no part in the first step (e.g. HDBSCAN noise).
    count : float array, (n,), optional
        How many respondents share each row; one each unless given.
    severity : bool
        Let severity vary inside types.
    iterations, tolerance : int, float
        Stop after so many steps or when the mean log likelihood gains less than this.
    prior : float
        Pseudo-respondents per type and item.
    slopes : float array, (C,), optional
        Starting slopes.
    known : bool
        Types are known: `start` holds each respondent's observed group, item intercepts and the distribution
        of severity (free masses on a wide grid, not normal) are fitted per group. This is the model without
        types.

    Returns
    -------
    Mixture
        A local optimum: the one the start leads to.
    """
    count = np.ones(len(matrix)) if count is None else count
    data = pooled(matrix, columns, count, prior, start if known else None)
    return fit_pooled(
        data, start, severity=severity, iterations=iterations, tolerance=tolerance, slopes=slopes
    )


def fit_pooled(
    data: Pooled,
    start: Floats,
    *,
    severity: bool,
    iterations: int,
    tolerance: float,
    slopes: Floats | None = None,
) -> Mixture:
    """`fit_mixture` to answers prepared once for many fits; the parameters are those of it."""
    model = _started(data, start, slopes, severity=severity)
    last = -np.inf
    for _ in range(iterations):
        table = model.log_table()
        joint, likelihood = _expect(data, model, table)
        model = _maximise(data, model, joint, table, severity=severity)
        if abs(likelihood - last) < tolerance * data.count.sum():
            break
        last = likelihood
    return replace(model, log_likelihood=_expect(data, model, model.log_table())[1])


def _started(data: Pooled, start: Floats, slopes: Floats | None, *, severity: bool) -> Mixture:
    """Model of the starting membership."""
    nodes, log_mass = severity_grid(NODES if severity else 1)
    if data.barred is not None:
        nodes, log_mass = free_grid(start.shape[1])
    sizes = data.count @ start
    expected = data.expected(np.ascontiguousarray(start.T), sizes) + data.pseudo
    mass = sizes + 1.0
    if slopes is None:
        slopes = data.columns.rank.copy() if severity else np.zeros(len(data.columns.rank))
    return Mixture(
        shares=mass / mass.sum(),
        intercepts=np.log(expected),
        slopes=slopes,
        nodes=nodes,
        log_mass=log_mass,
        columns=data.columns,
        log_likelihood=-np.inf,
        n_parameters=n_parameters(data.columns, start.shape[1], severity=severity),
        iterations=0,
    )


def _expect(data: Pooled, model: Mixture, table: Floats) -> tuple[Floats, float]:
    """E-step: posterior of type and node for each row, (K Q, n), and the log likelihood of the model."""
    joint = data.log_joint(model.shares, model.log_mass, table)
    peak = joint.max(axis=0)
    joint -= peak
    np.exp(joint, out=joint)
    total = joint.sum(axis=0)
    joint /= total
    return joint, float(data.count @ (np.log(total, dtype=float) + peak))


def _maximise(data: Pooled, model: Mixture, joint: Floats, table: Floats, *, severity: bool) -> Mixture:
    """M-step: shares, severity masses where they are free, intercepts and slopes."""
    k, q, _ = table.shape
    columns, known = data.columns, data.barred is not None
    sizes = joint @ data.count
    mass = sizes.reshape(k, q).sum(axis=1) + data.prior
    expected = data.expected(joint, sizes).reshape(k, q, -1)
    expected += data.pseudo * np.broadcast_to(np.exp(model.log_mass), (k, q))[:, :, None]
    log_mass, slopes = model.log_mass, model.slopes
    if known:
        mass_at = sizes.reshape(k, q) + np.exp(log_mass)
        mass_at = smooth_mass(mass_at) + 1e-9
        log_mass = np.log(mass_at / mass_at.sum(axis=1, keepdims=True))
    if severity:
        target = common_slope(slopes, columns) if known else np.zeros(len(columns.ordered))
        precision = np.where(columns.ordered & known, data.count.sum(), SLOPE_PRECISION)
        intercepts, slopes = newton_step(
            model.intercepts,
            slopes,
            table=table,
            nodes=model.nodes,
            expected=expected,
            columns=columns,
            prior=SlopePrior(target, precision),
        )
    else:
        intercepts = np.log(expected[:, 0])
    return replace(
        model,
        shares=mass / mass.sum(),
        intercepts=intercepts,
        slopes=slopes,
        log_mass=log_mass,
        iterations=model.iterations + 1,
    )


def n_parameters(columns: Layout, n_types: int, *, severity: bool) -> int:
    """Count the free parameters: shares, intercepts, and slopes when severity varies.

    Ordered items have one slope, nominal ones a slope a level but the first.
    """
    sizes = np.diff(columns.starts)
    free = int((sizes - 1).sum())
    slopes = int(columns.ordered.sum() + (sizes - 1)[~columns.ordered].sum())
    return n_types - 1 + n_types * free + (slopes if severity else 0)
