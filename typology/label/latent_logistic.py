"""Maximum likelihood with classification error: what types answer, given only where respondents were placed.

The type is latent, the place a respondent was given is its only indicator, and the probabilities of being
misplaced are held at what the membership probabilities say. Covariates move both the type and the answer.
Without covariates this gives the same shares as the weights of :mod:`typology.label.classification` wherever
those lie between 0 and 1; it is the second opinion where they do not, and where there are covariates.

References
----------
Vermunt 2010, Political Analysis 18:450-469. Bakk, Tekle & Vermunt 2013, Sociological Methodology 43:272-311.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, softmax

from typology.label.classification import Classification
from typology.results import Bools, Floats, Ints

PRECISION = 1e-3
"""Of a normal prior on every coefficient: keeps them finite where a type gives one answer only."""
STEP = 1e-5


@dataclass(frozen=True)
class LatentShares:
    """Average predicted share of each group, and the size of each group.

    Attributes
    ----------
    share, size : float arrays, (G,)
    share_influence, size_influence : float arrays, (n, G)
    """

    share: Floats
    size: Floats
    share_influence: Floats
    size_influence: Floats

    def spread(self, pattern: Ints, weight: Floats, inside: Bools) -> LatentShares:
        """Linearised values of respondents from those of answer patterns."""
        of_all = []
        for influence in (self.share_influence, self.size_influence):
            found = np.zeros((len(inside), influence.shape[1]))
            found[inside] = weight[:, None] * influence[pattern]
            of_all.append(found)
        return replace(self, share_influence=of_all[0], size_influence=of_all[1])

    def against_rest(self, group: int) -> tuple[Floats, Floats]:
        """Share of a group and of all others together, with their linearised values, (2,) and (n, 2)."""
        others = (np.arange(len(self.share)) != group) & (self.size > 0)
        size = self.size[others]
        rest = float(size @ self.share[others] / size.sum())
        influence = self.share_influence[:, others] @ size
        influence = influence + self.size_influence[:, others] @ (self.share[others] - rest)
        both = np.column_stack([self.share_influence[:, group], influence / size.sum()])
        return np.array([self.share[group], rest]), both


@dataclass(frozen=True)
class _Model:
    """Answer patterns with their weights; parameters are the groups' logits and constants, and the slopes."""

    y: Floats
    chance: Floats
    x: Floats
    weight: Floats

    @property
    def groups(self) -> int:
        return int(self.chance.shape[1])

    def split(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Logits of the groups (first one zero), constants, and slopes of the answer."""
        g, q = self.groups, self.x.shape[1]
        logits = np.vstack([np.zeros(q), theta[: (g - 1) * q].reshape(g - 1, q)])
        return logits, theta[(g - 1) * q : (g - 1) * q + g], theta[(g - 1) * q + g :]

    def means(self, theta: Floats) -> tuple[Floats, Floats]:
        """Probability of each group and of the answer in each, (n, G) both."""
        logits, constant, slope = self.split(theta)
        eta = constant + (self.x[:, 1:] @ slope)[:, None]
        return softmax(self.x @ logits.T, axis=1), expit(np.clip(eta, -30, 30))

    def value(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood with the prior, its gradient, and the score of every pattern."""
        size, mean = self.means(theta)
        joint = size * self.chance * np.where(self.y[:, None] == 1, mean, 1 - mean)
        density = joint.sum(axis=1, keepdims=True)
        posterior = joint / density
        of_group = (posterior - size)[:, 1:, None] * self.x[:, None, :]
        residual = posterior * (self.y[:, None] - mean)
        score = np.column_stack(
            [of_group.reshape(len(self.y), -1), residual, residual.sum(axis=1)[:, None] * self.x[:, 1:]]
        )
        score *= self.weight[:, None]
        log_likelihood = float(self.weight @ np.log(density[:, 0]) - PRECISION / 2 * theta @ theta)
        return log_likelihood, score.sum(axis=0) - PRECISION * theta, score

    def information(self, theta: Floats) -> Floats:
        """Negative second derivatives, from differences of the gradient."""
        size = len(theta)
        found = np.empty((size, size))
        for at in range(size):
            move = np.zeros(size)
            move[at] = STEP
            found[at] = (self.value(theta - move)[1] - self.value(theta + move)[1]) / (2 * STEP)
        return (found + found.T) / 2


def latent_shares(
    y: Floats, places: Classification, covariates: Floats, weight: Floats
) -> LatentShares | None:
    """Estimate the share of an answer in each group, at everybody's covariates.

    Parameters
    ----------
    y : float array, (n,)
        1, 0 or NaN.
    places : Classification
    covariates : float array, (n, q)
        Without the constant; q may be zero. NaN where unanswered: outside the model.
    weight : float array, (n,)
        Survey weights.

    Returns
    -------
    LatentShares or None
        None where the likelihood has no maximum that can be found. Empty groups have size 0 and a share
        of NaN.
    """
    inside = np.isfinite(y) & np.isfinite(covariates).all(axis=1) & (weight > 0)
    if not inside.any() or not np.isfinite(places.errors).all():
        return None
    key = np.column_stack([places.placed[inside], y[inside], covariates[inside]])
    patterns, pattern = np.unique(key, axis=0, return_inverse=True)
    placed = patterns[:, 0].astype(np.int64)
    present = np.unique(placed)
    x = np.column_stack([np.ones(len(patterns)), patterns[:, 2:]])
    own = weight[inside] * inside.sum() / weight[inside].sum()
    chance = places.errors[np.ix_(present, placed)].T
    model = _Model(patterns[:, 1], chance, x, np.bincount(pattern, weights=own).astype(np.float64))
    theta = _maximise(model)
    if theta is None:
        return None
    information = model.information(theta)
    if np.linalg.cond(information) > 1e12:
        return None
    score = model.value(theta)[2] / model.weight[:, None]
    influence = np.asarray(np.linalg.solve(information, score.T).T, dtype=np.float64)
    by_pattern = _averaged(model, theta, influence, present=present, groups=len(places.errors))
    return by_pattern.spread(pattern, own, inside)


def _maximise(model: _Model) -> Floats | None:
    n = model.weight.sum()
    start = np.zeros((model.groups - 1) * model.x.shape[1] + model.groups + model.x.shape[1] - 1)
    size = np.clip(model.weight @ model.chance, 1e-6, None)
    start[: (model.groups - 1) * model.x.shape[1] : model.x.shape[1]] = np.log(size[1:] / size[0])

    def negative(theta: Floats) -> tuple[float, Floats]:
        value, gradient, _ = model.value(theta)
        return -value / n, -gradient / n

    found = minimize(negative, start, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500})
    close = bool(np.abs(found.jac).max() < 1e-4)
    return np.asarray(found.x) if close else None


def _averaged(model: _Model, theta: Floats, influence: Floats, *, present: Ints, groups: int) -> LatentShares:
    """Average shares and sizes by the delta method, with linearised values for a weight of one."""
    n, q, free = len(model.y), model.x.shape[1], len(present)
    size, mean = model.means(theta)
    total = model.weight.sum()
    w = model.weight / total
    shares, sizes = np.full(groups, np.nan), np.zeros(groups)
    share_influence, size_influence = np.zeros((n, groups)), np.zeros((n, groups))
    at = (free - 1) * q
    for position, group in enumerate(present):
        shares[group], sizes[group] = w @ mean[:, position], w @ size[:, position]
        slope = w * mean[:, position] * (1 - mean[:, position])
        moved = influence[:, at + position] * slope.sum() + influence[:, at + free :] @ (
            model.x[:, 1:].T @ slope
        )
        share_influence[:, group] = (mean[:, position] - shares[group]) / total + moved
        change = (np.eye(free)[position] - size)[:, 1:, None] * model.x[:, None, :]
        gradient = (w * size[:, position]) @ change.reshape(n, -1)
        size_influence[:, group] = (size[:, position] - sizes[group]) / total + influence[:, :at] @ gradient
    return LatentShares(shares, sizes, share_influence, size_influence)
