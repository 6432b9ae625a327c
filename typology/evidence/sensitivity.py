"""Whether the types hang on how unanswered questions were dealt with.

The measurement model leaves unanswered items out of a respondent's likelihood, which is right when answers
are missing at random. Two other treatments are set beside it: only the respondents who answered everything
they were asked, and unanswered items filled in several times over by draws from the model (multiple
imputation). The number and kind of types are kept and the model is fitted again from the present
membership, so the comparison tells what the treatment does and not what another search would find.

References
----------
Rubin 1987, Multiple Imputation for Nonresponse in Surveys, Wiley. Rubin 1981, Annals of Statistics 9:130-134
(the Bayesian bootstrap, by which each imputation draws its own model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.models.agreement import adjusted_rand, profile_correlations
from typology.models.layout import Layout, indicators, item_layout
from typology.models.mixture import Mixture, fit_mixture
from typology.results import Bools, Discovery, Floats, Ints, Prepared

COLUMNS = ["analysis", "n", "base", "ari", "profile_r", "note"]
COMPLETE, IMPUTED = "complete cases", "multiple imputation"
TOO_FEW = "too few"
IMPUTATIONS = 5
STREAM = 6  # of the root seed
FEWEST = 50
FEWEST_PER_TYPE = 10
LARGEST_SAMPLE = 5000
ITERATIONS = 60
DRAWN_ITERATIONS = 20
TOLERANCE = 1e-5


@dataclass(frozen=True)
class _Present:
    """The types as they are, on the respondents they are compared on.

    Attributes
    ----------
    codes : int array, (n, p)
    unanswered : bool array, (n, p)
        Asked and not answered.
    columns : Layout
    membership : float array, (n, K)
    labels : int array, (n,)
    profile : float array, (K, C)
    severity : bool
        Whether degree varies inside types.
    """

    codes: Ints
    unanswered: Bools
    columns: Layout
    membership: Floats
    labels: Ints
    profile: Floats
    severity: bool

    def fit(self, codes: Ints, rows: Bools, *, count: Floats | None = None, steps: int) -> Mixture:
        """Fit the same kind of model to other codes of some respondents, from their present membership."""
        return fit_mixture(
            indicators(codes, self.columns),
            self.columns,
            self.membership[rows],
            count=count,
            severity=self.severity,
            iterations=steps,
            tolerance=TOLERANCE,
        )

    def compared(self, codes: Ints, rows: Bools) -> tuple[float, float]:
        """Agreement of the types with those found from `codes`: ARI and lowest matched correlation."""
        model = self.fit(codes, rows, steps=ITERATIONS)
        found = model.membership(indicators(codes, self.columns))[0].argmax(axis=1)
        before = self.labels[rows]
        assigned = before >= 0
        matched = profile_correlations(self.profile, model.profile())
        return adjusted_rand(before[assigned], found[assigned]), float(min(r for _, _, r in matched))


def sensitivity(prepared: Prepared, discovery: Discovery, *, seed: int) -> pd.DataFrame:
    """Find the types again from complete cases and from multiple imputation.

    Parameters
    ----------
    prepared : Prepared
        Questions that were not asked stay unanswered in both analyses.
    discovery : Discovery
        Of more than 5,000 respondents a sample is used.
    seed : int

    Returns
    -------
    DataFrame
        One row an analysis, none when every question asked was answered. `n`: respondents who answered
        everything they were asked, or for whom something was filled in. `base`: respondents compared.
        `ari`: adjusted Rand index with the present types, over those who are in one. `profile_r`:
        correlation of the level probabilities, of the type that is matched worst; means over imputations.
        `note`: ``"too few"`` where fewer than 50 respondents, or ten a type, are complete.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, STREAM]))
    present = _present(prepared, discovery, rng)
    if not present.unanswered.any():
        return pd.DataFrame(columns=COLUMNS)
    complete: Bools = ~np.any(present.unanswered, axis=1)
    base, n = len(complete), int(complete.sum())
    enough = n >= max(FEWEST, FEWEST_PER_TYPE * discovery.n_types)
    ari, profile_r = (
        present.compared(present.codes[complete], complete) if enough else (float("nan"), float("nan"))
    )
    everyone = np.ones(base, dtype=bool)
    drawn = [present.compared(_impute(present, rng), everyone) for _ in range(IMPUTATIONS)]
    mean_ari, mean_r = np.mean(drawn, axis=0)
    rows = [
        (COMPLETE, n, base, ari, profile_r, "" if enough else TOO_FEW),
        (IMPUTED, base - n, base, float(mean_ari), float(mean_r), ""),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _present(prepared: Prepared, discovery: Discovery, rng: np.random.Generator) -> _Present:
    n = prepared.n
    rows = np.arange(n)
    if n > LARGEST_SAMPLE:
        rows = np.sort(rng.choice(n, LARGEST_SAMPLE, replace=False))
    codes = prepared.codes[rows].astype(np.int64)
    return _Present(
        codes=codes,
        unanswered=(codes < 0) & ~prepared.not_asked[rows],
        columns=item_layout(prepared.items),
        membership=discovery.membership[rows],
        labels=discovery.labels[rows],
        profile=discovery.profile,
        severity=bool(discovery.parameters["severity_inside_types"]),
    )


def _impute(present: _Present, rng: np.random.Generator) -> Ints:
    """Fill in unanswered items once: a model from the Bayesian bootstrap, then type, degree and answers."""
    weight = rng.exponential(size=len(present.codes))
    everyone = np.ones(len(present.codes), dtype=bool)
    model = present.fit(
        present.codes, everyone, count=weight * (len(weight) / weight.sum()), steps=DRAWN_ITERATIONS
    )
    rows = np.flatnonzero(present.unanswered.any(axis=1))
    joint = np.exp(_centred(model.log_joint(indicators(present.codes[rows], present.columns))))
    state = _draw(joint.reshape(len(rows), -1), rng)
    table = np.exp(model.log_table()).reshape(joint.shape[1] * joint.shape[2], -1)
    codes = present.codes.copy()
    for j in np.flatnonzero(present.unanswered.any(axis=0)):
        gaps = present.unanswered[rows, j]
        levels = slice(present.columns.starts[j], present.columns.starts[j + 1])
        codes[rows[gaps], j] = _draw(table[state[gaps], levels], rng)
    return codes


def _centred(log: Floats) -> Floats:
    """Log weights of each row with their largest at zero, so that they do not vanish."""
    return np.asarray(log - log.max(axis=(1, 2), keepdims=True))


def _draw(weights: Floats, rng: np.random.Generator) -> Ints:
    """Draw one column a row, with these weights."""
    edges = weights.cumsum(axis=1)
    cut = rng.random(len(weights)) * edges[:, -1]
    return np.asarray((edges <= cut[:, None]).sum(axis=1), dtype=np.int64)
