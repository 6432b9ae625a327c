"""Surveys with planted types, and surveys with none: what the validity benchmark and the tests run on.

Every respondent has a type and a severity; an item's answer is a cut (binary, ordinal), a draw over
categories (nominal) or a Poisson count, whose location is ``base + type effect + loading * severity``.
Because the true model is kept, the *Bayes-optimal* types (the best any method can do) come with every
survey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit, logsumexp
from scipy.stats import poisson

from typology.results import Floats, Ints

SEPARATION = {"weak": 0.62, "moderate": 1.0, "clear": 1.4}
MOST_COUNTED = 30


@dataclass(frozen=True)
class PlantedOptions:
    """What to plant.

    Attributes
    ----------
    n : int
        Respondents.
    binary, ordinal, nominal, counts : int
        Items of each level: yes/no, four ordered answers, four categories, Poisson counts.
    shares : sequence of float
        Of the types; one share means no types.
    separation : float
        Standard deviation of type effects on the logit scale.
    severity : float
        Scale of one trait that moves all items inside every type.
    floor : bool
        The first type answers "no" to almost everything.
    missing : float
        Share of answers missing at random.
    refusing_type : int, optional
        Leaves a third of the items unanswered three times as often; needs `missing`.
    factors : int
        Further traits, each moving its own items; two are correlated by 0.5.
    zero_rows : float
        Share of respondents who answer the lowest level everywhere.
    routing : float
        Share of items asked only after a yes to one of three gates.
    countries : int
        Each shifts all items by its own amounts; none when zero.
    duplicates : float
        Share of respondents replaced by a copy of another.
    """

    n: int = 1200
    binary: int = 30
    ordinal: int = 20
    nominal: int = 0
    counts: int = 0
    shares: Sequence[float] = (0.50, 0.25, 0.15, 0.10)
    separation: float = SEPARATION["moderate"]
    severity: float = 0.0
    floor: bool = False
    missing: float = 0.0
    refusing_type: int | None = None
    factors: int = 0
    zero_rows: float = 0.0
    routing: float = 0.0
    countries: int = 0
    duplicates: float = 0.0


@dataclass(frozen=True)
class PlantedSurvey:
    """A simulated survey with its truth.

    Attributes
    ----------
    codes : int array, (n, p)
        Levels from 0; -1 where unanswered.
    levels : tuple of str
        ``binary``, ``ordinal``, ``nominal`` or ``count`` for each item.
    truth : int array, (n,)
        Planted type; all zero when there are none.
    bayes : int array, (n,)
        Most probable type under the true model, given the answers that are there.
    group : str array, (n,), or None
        Country.
    routed : dict of int to int
        Routed item -> gate item (asked where the gate is 1).
    """

    codes: Ints
    levels: tuple[str, ...]
    truth: Ints
    bayes: Ints
    group: np.ndarray | None = None
    routed: dict[int, int] = field(default_factory=dict)


def plant(options: PlantedOptions, *, seed: int) -> PlantedSurvey:
    """Simulate one survey.

    Parameters
    ----------
    options : PlantedOptions
    seed : int
        Same options and seed, same survey.

    Returns
    -------
    PlantedSurvey
    """
    rng = np.random.default_rng(seed)
    levels = ("binary",) * options.binary + ("ordinal",) * options.ordinal
    levels += ("nominal",) * options.nominal + ("count",) * options.counts
    shares = np.asarray(options.shares, float) / np.sum(options.shares)
    truth = rng.choice(len(shares), size=options.n, p=shares)
    model = _draw_model(options, levels, rng)
    traits = rng.normal(size=(options.n, 1 + options.factors))
    if options.factors == 2:  # two correlated dimensions, each moving half of the items
        traits[:, 2] = 0.5 * traits[:, 1] + np.sqrt(0.75) * traits[:, 2]
    country = rng.integers(0, options.countries, options.n) if options.countries else None
    codes = _answer(model, levels, truth, traits, country, rng)
    zero = rng.random(options.n) < options.zero_rows
    codes[zero] = 0
    routed = _route(codes, options, rng)
    _remove(codes, truth, options, rng)
    bayes = _bayes(model, levels, codes, shares, options.factors)
    if options.duplicates:
        copies = rng.choice(options.n, int(options.duplicates * options.n), replace=False)
        sources = rng.choice(np.setdiff1d(np.arange(options.n), copies), len(copies))
        codes[copies], truth[copies], bayes[copies] = codes[sources], truth[sources], bayes[sources]
    group = None if country is None else np.array([f"country {c}" for c in country], dtype=object)
    return PlantedSurvey(codes, levels, truth, bayes, group, routed)


@dataclass(frozen=True)
class _Model:
    """Per item: base thresholds/logits, type effects (K, ...), loadings on the traits, country shifts."""

    base: list[Floats]
    effects: list[Floats]
    loadings: Floats
    shifts: Floats


def _draw_model(options: PlantedOptions, levels: Sequence[str], rng: np.random.Generator) -> _Model:
    n_types, p = len(options.shares), len(levels)
    base: list[Floats] = []
    effects: list[Floats] = []
    for level in levels:
        if level == "nominal":
            base.append(np.r_[0.0, rng.normal(-0.3, 0.4, 3)])
            effects.append(options.separation * rng.normal(size=(n_types, 4)))
            continue
        if level == "binary":
            base.append(np.array([rng.uniform(0.0, 2.0)]))
        elif level == "ordinal":
            base.append(rng.uniform(-1.0, 0.5) + np.r_[0.0, np.cumsum(rng.uniform(0.8, 1.4, 3))])
        else:
            base.append(np.array([rng.uniform(-0.3, 0.7)]))
        effects.append(options.separation * rng.normal(size=(n_types, 1)))
        if options.floor:
            effects[-1][0] = -3.0
    if n_types == 1:
        effects = [np.zeros_like(effect) for effect in effects]
    loadings = np.zeros((p, 1 + options.factors))
    loadings[:, 0] = options.severity * rng.uniform(0.6, 1.4, p)
    if options.factors:
        owner = rng.integers(0, options.factors, p)
        loadings[np.arange(p), 1 + owner] = rng.uniform(0.8, 1.8, p)
    shifts = rng.normal(0.0, 0.7, (max(options.countries, 1), p)) if options.countries else np.zeros((1, p))
    return _Model(base, effects, loadings, shifts)


def _answer(
    model: _Model,
    levels: Sequence[str],
    truth: Ints,
    traits: Floats,
    country: Ints | None,
    rng: np.random.Generator,
) -> Ints:
    n = len(truth)
    codes = np.zeros((n, len(levels)), dtype=np.int64)
    drift = traits @ model.loadings.T + model.shifts[country if country is not None else np.zeros(n, int)]
    for j, level in enumerate(levels):
        location = model.effects[j][truth]
        if level == "nominal":
            logits = model.base[j] + location + drift[:, [j]] * np.array([0.0, 0.3, 0.6, 1.0])
            codes[:, j] = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
        elif level == "count":
            rate = np.exp(np.clip(model.base[j][0] + 0.6 * (location[:, 0] + drift[:, j]), -3, 3))
            codes[:, j] = np.minimum(rng.poisson(rate), MOST_COUNTED)
        else:
            latent = location[:, 0] + drift[:, j] + rng.logistic(size=n)
            codes[:, j] = (latent[:, None] > model.base[j]).sum(axis=1)
    return codes


def _route(codes: Ints, options: PlantedOptions, rng: np.random.Generator) -> dict[int, int]:
    """Skip questions whose gate was answered "no": a share `routing` of the items hangs on a few gates."""
    if not options.routing:
        return {}
    gates = np.arange(min(3, options.binary))
    routed = {}
    for item in rng.choice(
        np.arange(3, codes.shape[1]), int(options.routing * codes.shape[1]), replace=False
    ):
        routed[int(item)] = int(rng.choice(gates))
        codes[codes[:, routed[int(item)]] != 1, item] = -1
    return routed


def _remove(codes: Ints, truth: Ints, options: PlantedOptions, rng: np.random.Generator) -> None:
    """Drop answers at random; a refusing type refuses three times as often on a third of the items."""
    if not options.missing:
        return
    rate = np.full(codes.shape, options.missing)
    if options.refusing_type is not None:
        sensitive = rng.random(codes.shape[1]) < 1 / 3
        refusing = np.flatnonzero(truth == options.refusing_type)
        rate[refusing[:, None], np.flatnonzero(sensitive)] = min(0.9, 3 * options.missing)
    codes[rng.random(codes.shape) < rate] = -1


def _bayes(model: _Model, levels: Sequence[str], codes: Ints, shares: Floats, factors: int) -> Ints:
    """Most probable type under the true model, severity integrated out by Gauss-Hermite quadrature."""
    if len(shares) == 1 or factors:
        return np.zeros(len(codes), dtype=np.int64)
    nodes, mass = np.polynomial.hermite_e.hermegauss(21)
    if not model.loadings.any():
        nodes, mass = np.zeros(1), np.ones(1)
    log_mass = np.log(mass / mass.sum())
    joint = np.zeros((len(codes), len(shares), len(nodes)))
    for j, level in enumerate(levels):
        answered = codes[:, j] >= 0
        drift = model.loadings[j, 0] * nodes
        for c in range(len(shares)):
            table = np.log(np.clip(_probabilities(model, j, level, c, drift), 1e-12, None))
            joint[answered, c] += table[:, codes[answered, j]].T
    return np.asarray(np.argmax(logsumexp(joint + log_mass, axis=2) + np.log(shares), axis=1), dtype=np.int64)


def _probabilities(model: _Model, item: int, level: str, c: int, drift: Floats) -> Floats:
    """Category probabilities of one item in one type, one row a severity node."""
    base, effect = model.base[item], model.effects[item][c]
    if level == "nominal":
        logits = base + effect + drift[:, None] * np.array([0.0, 0.3, 0.6, 1.0])
        return np.asarray(np.exp(logits - logsumexp(logits, axis=1, keepdims=True)))
    if level == "count":
        rate = np.exp(np.clip(base[0] + 0.6 * (effect[0] + drift), -3, 3))
        table = poisson.pmf(np.arange(MOST_COUNTED + 1), rate[:, None])
        table[:, -1] += 1 - table.sum(axis=1)
        return np.asarray(table)
    above = expit(effect[0] + drift[:, None] - base)
    bounds = np.concatenate([np.ones((len(drift), 1)), above, np.zeros((len(drift), 1))], axis=1)
    return np.asarray(bounds[:, :-1] - bounds[:, 1:])


FAMILIES: dict[str, PlantedOptions] = {
    "clear": PlantedOptions(separation=SEPARATION["clear"]),
    "moderate": PlantedOptions(),
    "weak": PlantedOptions(separation=SEPARATION["weak"]),
    "floor": PlantedOptions(shares=(0.65, 0.15, 0.12, 0.08), floor=True),
    "two": PlantedOptions(shares=(0.65, 0.35)),
    "three": PlantedOptions(shares=(0.6, 0.25, 0.15)),
    "six": PlantedOptions(shares=(0.40, 0.22, 0.15, 0.10, 0.08, 0.05)),
    "missing": PlantedOptions(missing=0.15, refusing_type=2),
    "small": PlantedOptions(n=450),
    "large": PlantedOptions(n=5000),
    "severity inside": PlantedOptions(severity=1.0),
    "yes/no only": PlantedOptions(binary=50, ordinal=0),
    "mixed": PlantedOptions(binary=20, ordinal=12, nominal=10, counts=8),
}
NULLS: dict[str, PlantedOptions] = {
    "severity": PlantedOptions(shares=(1.0,), severity=1.3),
    "severity with floor": PlantedOptions(shares=(1.0,), severity=1.3, zero_rows=0.4),
    "two factors": PlantedOptions(shares=(1.0,), factors=2),
    "independent": PlantedOptions(shares=(1.0,)),
    "severity with routing": PlantedOptions(shares=(1.0,), severity=1.3, routing=0.4),
    "severity with country": PlantedOptions(shares=(1.0,), severity=1.3, countries=3),
    "duplicated": PlantedOptions(shares=(1.0,), severity=1.3, duplicates=0.2),
}


def frame(survey: PlantedSurvey) -> pd.DataFrame:
    """The survey as a data file would hold it: `rid`, the items, and `country` where there is one."""
    out = pd.DataFrame(survey.codes, columns=[f"item{j + 1:03d}" for j in range(survey.codes.shape[1])])
    out = out.mask(out < 0)
    out.insert(0, "rid", np.arange(1, len(out) + 1))
    if survey.group is not None:
        out["country"] = survey.group
    return out
