"""Planted surveys of several countries: a type that one country lacks, and items that work otherwise there.

Countries are laid over a planted survey after the fact. Dropping the respondents of one type from one
country is sampling from a population without them, so the truth of the survey stays exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from typology.results import Ints
from typology.simulate.planted import PlantedSurvey


@dataclass(frozen=True)
class CountryOptions:
    """How the countries of a survey differ.

    Attributes
    ----------
    names : sequence of str
    shares : sequence of float
        Of the respondents, before any are dropped.
    absent : sequence of (int, int)
        Pairs of type and country: the country has nobody of that type.
    changed : sequence of (int, int)
        Pairs of type and country: the type answers half of the items there as the country's others do.
    raised : sequence of int
        Items that work otherwise in the last country: some of its answers are one level higher, whatever the
        type.
    raise_by : float
        Share of those answers.
    """

    names: Sequence[str] = ("UK", "Ireland", "Italy")
    shares: Sequence[float] = (1 / 3, 1 / 3, 1 / 3)
    absent: Sequence[tuple[int, int]] = ()
    changed: Sequence[tuple[int, int]] = ()
    raised: Sequence[int] = ()
    raise_by: float = 0.3


def with_countries(survey: PlantedSurvey, options: CountryOptions, *, seed: int) -> PlantedSurvey:
    """Lay countries over a planted survey.

    Parameters
    ----------
    survey : PlantedSurvey
        Planted without countries.
    options : CountryOptions
    seed : int

    Returns
    -------
    PlantedSurvey
        Without the respondents of types absent from their country; `group` is the country.
    """
    # a stream of its own: with that of `plant`, countries would follow the types for the same seed
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    shares = np.asarray(options.shares, float) / np.sum(options.shares)
    country = rng.choice(len(shares), size=len(survey.truth), p=shares)
    codes = survey.codes.copy()
    last = country == len(shares) - 1
    for item in options.raised:
        top = codes[:, item].max()
        higher = last & (codes[:, item] >= 0) & (rng.random(len(codes)) < options.raise_by)
        codes[higher, item] = np.minimum(codes[higher, item] + 1, top)
    for type_, where in options.changed:
        members = np.flatnonzero((survey.truth == type_) & (country == where))
        others = np.flatnonzero((survey.truth != type_) & (country == where))
        half = rng.permutation(codes.shape[1])[: codes.shape[1] // 2]
        codes[np.ix_(members, half)] = codes[np.ix_(rng.choice(others, len(members)), half)]
    kept = _kept(survey.truth, country, options.absent)
    return replace(
        survey,
        codes=codes[kept],
        truth=survey.truth[kept],
        bayes=survey.bayes[kept],
        group=np.array(options.names, dtype=object)[country[kept]],
    )


def _kept(truth: Ints, country: Ints, absent: Sequence[tuple[int, int]]) -> Ints:
    """Rows that stay."""
    dropped = np.zeros(len(truth), dtype=bool)
    for missing, where in absent:
        dropped |= (truth == missing) & (country == where)
    return np.flatnonzero(~dropped)
