"""What the field's habit would have said: latent class analysis, and UMAP+HDBSCAN taken at face value.

References
----------
Morin et al. 2025, Journal of Statistical Software (StepMix). Masyn 2013, in: The
Oxford Handbook of Quantitative Methods 2 (the table of fit indices).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from typology.results import Floats, Ints, Prepared

CLASSES = range(1, 8)
STARTS = 4
BRIEF_STEPS = 40
ITERATIONS = 3000
TOLERANCE = 1e-8
PLAIN_SAMPLE = 5_000


class StepMixModel(Protocol):
    """What is used of StepMix; NaN where unanswered."""

    def fit(self, answers: Floats, /, *, sample_weight: Floats | None = None) -> object:
        """Estimate."""

    def predict_proba(self, answers: Floats, /) -> Floats:
        """Class probabilities, (n, K)."""

    def score(self, answers: Floats, /, *, sample_weight: Floats | None = None) -> float:
        """Mean log likelihood of a respondent."""


@dataclass(frozen=True)
class _Arranged:
    """Answers as StepMix is quickest with: yes/no items first, one column a level for the others.

    Items that everybody answered are apart from those with missing answers, which StepMix goes through one
    after another, and so are those with different numbers of levels, which it would fill up to the largest.
    """

    answers: Floats
    measurement: dict[str, dict[str, object]]

    @classmethod
    def of(cls, codes: Ints) -> _Arranged:
        """Arrange levels, -1 unanswered."""
        levels = np.maximum(codes.max(axis=0) + 1, 2)
        missing = (codes < 0).any(axis=0)
        answers, measurement = [], {}
        for size in np.unique(levels):
            for gaps in (False, True):
                which = (levels == size) & (missing == gaps)
                if not which.any():
                    continue
                mine = np.where(codes[:, which] < 0, np.nan, codes[:, which])
                model: dict[str, object] = {"model": "binary_nan" if gaps else "binary"}
                if size > 2:
                    mine = np.where(np.isnan(mine)[..., None], np.nan, mine[..., None] == np.arange(size))
                    mine = mine.reshape(len(codes), -1)
                    # told what it would otherwise work out at every step
                    model = {
                        "model": "categorical_nan" if gaps else "categorical",
                        "integer_codes": False, "max_n_outcomes": int(size), "total_outcomes": mine.shape[1],
                    }  # fmt: skip
                answers.append(mine.astype(float))
                name = f"{size} levels{', some unanswered' if gaps else ''}"
                measurement[name] = {**model, "n_columns": mine.shape[1]}
        return cls(np.hstack(answers), measurement)


@dataclass(frozen=True)
class FittedClasses:
    """A latent class model and what it says of the respondents it was fitted to.

    Attributes
    ----------
    log_likelihood : float
    posterior : float array, (n, K)
        Class probabilities.
    """

    log_likelihood: float
    posterior: Floats


class PlainClusters(NamedTuple):
    """UMAP+HDBSCAN at face value.

    Attributes
    ----------
    labels : int array, (m,)
        -1 noise.
    sample : int array, (m,)
        The respondents used (all, or 5,000 of very many).
    """

    labels: Ints
    sample: Ints


@dataclass(frozen=True)
class LatentClasses:
    """The latent class model BIC prefers, and the fit of all that were tried.

    Attributes
    ----------
    labels : int array, (n,)
        Most probable class, from 0.
    profile : float array, (K, C)
        Level probabilities, items side by side.
    fit : DataFrame
        classes, log_likelihood, aic, bic, abic, entropy, smallest_share.
    """

    labels: Ints
    profile: Floats
    fit: pd.DataFrame


def fit_classes(
    codes: Ints,
    n_classes: int,
    *,
    seed: int,
    weight: Floats | None = None,
    starts: int = STARTS,
    tolerance: float = TOLERANCE,
) -> FittedClasses:
    """Fit one latent class model with StepMix; unanswered (-1) items by full information.

    As in Mplus, several random starts take a few steps, and the most likely is fitted to the end.

    Parameters
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered.
    n_classes : int
    seed : int
    weight : float array, (n,), optional
        How many respondents share the row.
    starts : int
        Random starts.
    tolerance : float
        Relative gain in mean log likelihood below which the model has converged. StepMix's own default stops
        several log-likelihood units early on small tables.

    Returns
    -------
    FittedClasses
    """
    data = _Arranged.of(codes)
    n = len(codes) if weight is None else float(weight.sum())

    def fit(start: int, iterations: int) -> StepMixModel:
        from stepmix.stepmix import StepMix

        model: StepMixModel = StepMix(
            n_components=n_classes,
            measurement=data.measurement,
            n_init=1,
            max_iter=iterations,
            abs_tol=tolerance,
            rel_tol=tolerance,
            random_state=start,
            progress_bar=0,
            verbose=0,
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*converge.*")  # of the short starts, on purpose
            model.fit(data.answers, sample_weight=weight)
        return model

    def log_likelihood(model: StepMixModel) -> float:
        return float(model.score(data.answers, sample_weight=weight) * n)

    # of one class every start leads to the margins
    begin = [(seed + start) % 2**31 for start in range(starts if n_classes > 1 else 1)]
    best = max(begin, key=lambda at: log_likelihood(fit(at, BRIEF_STEPS))) if len(begin) > 1 else begin[0]
    model = fit(best, ITERATIONS)
    return FittedClasses(log_likelihood(model), np.asarray(model.predict_proba(data.answers)))


def latent_classes(prepared: Prepared, *, seed: int) -> LatentClasses:
    """Latent class analysis as practised: one class more at a time, up to 7, the number by BIC.

    BIC that has risen twice in a row ends the series.

    StepMix's own criteria ignore weights, so they are computed here from the log likelihood.
    """
    codes = prepared.codes.astype(np.int64)
    unique, pattern, count = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    weight = count.astype(float)
    n = weight.sum()
    rows, models = [], []
    free = sum(len(item.categories) - 1 for item in prepared.items)
    for k in CLASSES:
        model = fit_classes(unique, k, seed=seed, weight=weight)
        parameters = k - 1 + k * free
        rows.append(_fit_row(k, model.log_likelihood, parameters, n, model.posterior, weight))
        models.append(model.posterior)
        if k >= 3 and rows[-3]["bic"] < rows[-2]["bic"] < rows[-1]["bic"]:
            break
    fit = pd.DataFrame(rows)
    posterior = models[int(fit["bic"].to_numpy().argmin())]
    labels = posterior.argmax(axis=1)[pattern.ravel()]
    return LatentClasses(labels.astype(np.int64), profile_of(codes, labels, prepared), fit)


def _fit_row(
    k: int, likelihood: float, parameters: int, n: float, posterior: Floats, weight: Floats
) -> dict[str, float]:
    uncertain = -(posterior * np.log(np.clip(posterior, 1e-300, None))).sum(axis=1)
    return {
        "classes": k,
        "log_likelihood": likelihood,
        "aic": -2 * likelihood + 2 * parameters,
        "bic": -2 * likelihood + parameters * np.log(n),
        "abic": -2 * likelihood + parameters * np.log((n + 2) / 24),
        "entropy": 1.0 if k == 1 else 1 - float(weight @ uncertain) / (n * np.log(k)),
        "smallest_share": float((weight @ posterior).min() / n),
    }


def profile_of(codes: Ints, labels: Ints, prepared: Prepared) -> Floats:
    """Share of each level among those of each group who answered, items side by side.

    Parameters
    ----------
    codes : int array, (n, p)
    labels : int array, (n,)
    prepared : Prepared
        Says how many levels each item has.

    Returns
    -------
    float array, (K, C)
        Zeros for an item nobody of the group answered.
    """
    rows = []
    for group in range(int(labels.max()) + 1):
        mine = codes[labels == group]
        parts = [
            np.bincount(mine[mine[:, j] >= 0, j], minlength=len(item.categories)).astype(float)
            for j, item in enumerate(prepared.items)
        ]
        rows.append(np.concatenate([part / max(part.sum(), 1.0) for part in parts]))
    return np.array(rows)


def plain_clusters(prepared: Prepared, *, seed: int) -> PlainClusters:
    """UMAP on the items and HDBSCAN, as most would run them: 15 neighbours, two dimensions, defaults.

    Unanswered items are filled with the item's mean, which is part of the habit. Only the start of the
    layout, by principal components, is not the default: with that a second run would differ.
    """
    import hdbscan
    import umap

    rng = np.random.default_rng(seed)
    n = prepared.n
    sample = np.arange(n) if n <= PLAIN_SAMPLE else np.sort(rng.choice(n, PLAIN_SAMPLE, replace=False))
    codes = prepared.codes[sample].astype(float)
    codes[codes < 0] = np.nan
    codes = np.where(np.isnan(codes), np.nanmean(codes, axis=0), codes)
    scale = codes.std(axis=0)
    standard = (codes - codes.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    # the default spectral start draws random numbers of its own, whatever the seed (scipy's eigsh since 1.17)
    model = umap.UMAP(
        n_neighbors=15, n_components=2, min_dist=0.0, init="pca", random_state=seed % 2**31, n_jobs=1
    )
    points = model.fit_transform(standard)
    size = max(10, round(0.02 * len(sample)))
    labels = hdbscan.HDBSCAN(min_cluster_size=size, min_samples=5, approx_min_span_tree=False).fit_predict(
        points
    )
    return PlainClusters(np.asarray(labels, dtype=np.int64), sample)
