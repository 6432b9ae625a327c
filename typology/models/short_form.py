"""The fewest questions that still tell the types apart.

Items are added one by one: the next is the one that leaves least doubt about the type, the doubt being the
entropy of the type given the answers to the items chosen so far, averaged over respondents as they answered
(missing answers and routing included). Under the measurement model that average is the expected information
of the item. Agreement with the types of the whole questionnaire is measured on respondents whom neither the
model nor the choice of items has seen: in each fold both are made anew.

References
----------
Cohen 1960, Educational and Psychological Measurement 20:37-46 (kappa).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from typology.models.layout import Layout, indicators
from typology.models.mixture import Mixture, fit_mixture
from typology.models.parallel import run_all
from typology.results import Floats, Ints

MOST_ITEMS = 15
FOLDS = 5
LARGEST_SAMPLE = 4000
RESAMPLES = 400
ITERATIONS = 30
TOLERANCE = 1e-4


@dataclass(frozen=True)
class Survey:
    """What the types rest on.

    Attributes
    ----------
    codes : int array, (n, p)
        Levels, -1 unanswered.
    columns : Layout
    membership : float array, (n, K)
        Of the whole questionnaire: where every refit starts.
    labels : int array, (n,)
        Type of each respondent; -1 in none, which is left out of the agreement.
    unit : int array, (n,)
        Sampling unit of each respondent.
    gates : mapping
        Routed item -> items it depends on, which must be asked before it.
    severity : bool
        Whether severity varies inside types.
    """

    codes: Ints
    columns: Layout
    membership: Floats
    labels: Ints
    unit: Ints
    gates: Mapping[int, tuple[int, ...]]
    severity: bool


@dataclass(frozen=True)
class ShortForm:
    """Items in the order of their use, and how well the first k of them tell the types.

    Attributes
    ----------
    items : tuple of int
        As chosen on all respondents.
    kappa, lo, hi : float arrays, (len(items) + 1,)
        Cohen's kappa on held-out respondents with the first 1, 2, ... items, and last with all items of the
        questionnaire.
    respondents : int
        Held-out respondents in a type.
    """

    items: tuple[int, ...]
    kappa: Floats
    lo: Floats
    hi: Floats
    respondents: int


def short_form(survey: Survey, *, seed: int, jobs: int = 1) -> ShortForm:
    """Find the short form and measure it.

    Parameters
    ----------
    survey : Survey
    seed : int
    jobs : int
        Processes; the result does not depend on it.
    """
    rng = np.random.default_rng(seed)
    units = np.unique(survey.unit)
    fold_of = np.zeros(int(units.max()) + 1, dtype=np.int64)
    fold_of[rng.permutation(units)] = np.arange(len(units)) % FOLDS
    fold = fold_of[survey.unit]
    tasks = [(survey, fold != k, fold == k, seed + k) for k in range(min(FOLDS, len(units)))]
    everyone = np.ones(len(survey.codes), dtype=bool)
    done = list(run_all(_fold, [(survey, everyone, ~everyone, seed + FOLDS), *tasks], jobs=jobs))
    items = done[0][0]
    placed = np.full((len(survey.codes), len(items) + 1), -1, dtype=np.int64)
    for (_, _, test, _), (_, found) in zip(tasks, done[1:], strict=True):
        placed[test] = found
    inside = survey.labels >= 0
    kappa, lo, hi = _agreement(survey.labels[inside], placed[inside], survey.unit[inside], rng)
    return ShortForm(items, kappa, lo, hi, int(inside.sum()))


def _fold(survey: Survey, train: Ints, test: Ints, seed: int) -> tuple[tuple[int, ...], Ints]:
    """Fit and choose on `train`, place `test` with 1, 2, ... and all items."""
    rows = np.flatnonzero(train)
    if len(rows) > LARGEST_SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(rows, LARGEST_SAMPLE, replace=False))
    matrix = indicators(survey.codes[rows], survey.columns)
    model = fit_mixture(
        matrix, survey.columns, survey.membership[rows], severity=survey.severity, iterations=ITERATIONS,
        tolerance=TOLERANCE,
    )  # fmt: skip
    tables = item_tables(model)
    chosen = choose_items(survey.codes[rows], tables, start_of(model), survey.gates)
    return chosen, _placed(survey.codes[np.flatnonzero(test)], tables, start_of(model), chosen)


def item_tables(model: Mixture) -> list[Floats]:
    """Level probabilities of each item, (levels + 1, K, Q); the last row is one: no answer tells nothing."""
    table = np.moveaxis(np.exp(model.log_table()), 2, 0)
    starts = model.columns.starts
    one = np.ones((1, *table.shape[1:]))
    return [np.concatenate([table[a:b], one]) for a, b in pairwise(starts)]


def start_of(model: Mixture) -> Floats:
    """Probability of each type and severity before any answer, (K, Q)."""
    mass = np.exp(np.broadcast_to(model.log_mass, (model.n_types, len(model.nodes))))
    return np.asarray(model.shares[:, None] * mass)


def choose_items(
    codes: Ints,
    tables: Sequence[Floats],
    start: Floats,
    gates: Mapping[int, tuple[int, ...]],
    *,
    most: int = MOST_ITEMS,
) -> tuple[int, ...]:
    """Choose items greedily by the doubt about the type they leave, up to `most`.

    Parameters
    ----------
    codes : int array, (n, p)
    tables : list
        From `item_tables`.
    start : float array, (K, Q)
    gates : mapping
        A routed item waits for the items it depends on.
    """
    joint = np.repeat(start[None], len(codes), axis=0)
    chosen: list[int] = []
    while len(chosen) < min(most, len(tables)):
        free = [j for j in range(len(tables)) if j not in chosen and set(gates.get(j, ())) <= set(chosen)]
        if not free:
            break
        doubt = [_doubt(joint * tables[j][codes[:, j]]) for j in free]
        best = free[int(np.argmin(doubt))]
        chosen.append(best)
        joint = _normalised(joint * tables[best][codes[:, best]])
    return tuple(chosen)


def _normalised(joint: Floats) -> Floats:
    return np.asarray(joint / joint.sum(axis=(1, 2), keepdims=True))


def _doubt(joint: Floats) -> float:
    """Mean entropy of the type."""
    posterior = joint.sum(axis=2)
    posterior /= posterior.sum(axis=1, keepdims=True)
    return float(-(posterior * np.log(np.maximum(posterior, 1e-300))).sum(axis=1).mean())


def _placed(codes: Ints, tables: Sequence[Floats], start: Floats, chosen: Sequence[int]) -> Ints:
    """Most probable type after 1, 2, ... of the chosen items, and after all items, (n, len(chosen) + 1)."""
    joint = np.repeat(start[None], len(codes), axis=0)
    found = []
    for j in (*chosen, *(j for j in range(len(tables)) if j not in chosen)):
        joint = _normalised(joint * tables[j][codes[:, j]])
        found.append(joint.sum(axis=2).argmax(axis=1))
    return np.column_stack([*found[: len(chosen)], found[-1]]).astype(np.int64)


def _agreement(labels: Ints, placed: Ints, unit: Ints, rng: np.random.Generator) -> tuple[Floats, ...]:
    """Kappa of each column with the labels, with a bootstrap interval over sampling units."""
    k = int(max(labels.max(initial=0), placed.max(initial=0))) + 1
    units, at = np.unique(unit, return_inverse=True)
    times = rng.multinomial(len(units), np.full(len(units), 1 / len(units)), size=RESAMPLES).astype(float)
    ends = []
    for column in placed.T:
        cells = np.zeros((len(units), k * k))
        np.add.at(cells, (at, labels * k + column), 1.0)
        draws = kappa((times @ cells).reshape(-1, k, k))
        whole = float(kappa(cells.sum(axis=0).reshape(1, k, k))[0])
        ends.append((whole, *np.quantile(draws, [0.025, 0.975]).tolist()))
    value, low, high = np.array(ends).T
    return value, low, high


def kappa(tables: Floats) -> Floats:
    """Cohen's kappa of square tables of counts, (B, K, K) -> (B,)."""
    share = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = np.trace(share, axis1=1, axis2=2)
    expected = (share.sum(axis=1) * share.sum(axis=2)).sum(axis=1)
    return np.asarray((observed - expected) / np.maximum(1 - expected, 1e-12))
