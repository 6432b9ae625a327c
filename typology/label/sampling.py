"""The survey design: weights, strata and PSUs, and the linearised variance they imply.

A label stage needs thousands of estimates (types x variables x categories), and estimates with weights that
may be negative (three_step.py). So the estimates of a whole variable are linearised here at once with plain
arrays; the tests hold them against `svy` and against published results of R's survey package.

A stratum with a single PSU is centred at the mean of all PSU totals (R's ``lonely.psu = "adjust"``), because
that never takes variance away: leaving such strata out would make the intervals too short.

Domains are never cut out of the sample: respondents outside a domain keep their stratum and PSU and
contribute nothing, as they must for a correct variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from typology.errors import TypologyError
from typology.results import Bools, Floats, Ints, Survey


@dataclass(frozen=True)
class SurveyDesign:
    """Weights, strata and PSUs of all respondents, ready for linearisation.

    Attributes
    ----------
    weight : float array, (n,)
        Ones where the survey has no weight.
    stratum : int array, (n,)
        Stratum of each respondent; zeros where there are none.
    psu : int array, (n,)
        PSU of each respondent, numbered within strata; one each where there are none.
    sampled_share : float array, (strata,)
        Share of the population's PSUs that was sampled (finite population correction), zeros without.
    note : str
        What the design is, for the methods text.
    """

    weight: Floats
    stratum: Ints
    psu: Ints
    sampled_share: Floats
    note: str

    @property
    def n(self) -> int:
        """Number of respondents."""
        return int(self.weight.size)

    @cached_property
    def psu_stratum(self) -> Ints:
        """Stratum of each PSU."""
        found = np.zeros(int(self.psu.max(initial=-1)) + 1, dtype=np.int64)
        found[self.psu] = self.stratum
        return found

    @cached_property
    def _adds(self) -> tuple[Any, Any]:
        """Sparse matrices that add respondents up to PSUs, and PSUs to strata."""
        strata = self.psu_stratum
        psus = (np.ones(self.n), (self.psu, np.arange(self.n)))
        groups = (np.ones(strata.size), (strata, np.arange(strata.size)))
        return (
            sparse.csr_matrix(psus, shape=(strata.size, self.n)),
            sparse.csr_matrix(groups, shape=(self.sampled_share.size, strata.size)),
        )

    @cached_property
    def _stratum_size(self) -> Floats:
        """PSUs of each stratum."""
        return np.asarray(self._adds[1].sum(axis=1)).ravel()

    def degrees_of_freedom(self, domain: Bools) -> int:
        """PSUs minus strata, counted where the domain has respondents of positive weight."""
        here = domain & (self.weight > 0)
        psus = np.bincount(self.psu, weights=here) > 0
        strata = np.bincount(self.stratum, weights=here) > 0
        return int(psus.sum() - strata.sum())

    def variance(self, influence: Floats) -> Floats:
        """Variance of totals of linearised values.

        Parameters
        ----------
        influence : float array, (n, m)
            Linearised value of each respondent, weight included, for m estimates.

        Returns
        -------
        float array, (m,)
        """
        to_psu, to_stratum = self._adds
        totals = np.asarray(to_psu @ influence)
        size = self._stratum_size
        means = np.asarray(to_stratum @ totals) / size[:, None]
        means[size == 1] = totals.mean(axis=0)
        factor = (1.0 - self.sampled_share) * np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
        strata = self.psu_stratum
        return np.asarray((factor[strata, None] * (totals - means[strata]) ** 2).sum(axis=0))


def _numbered(values: pd.Series, what: str) -> Ints:
    """Number the values of a design column; a respondent without one is an error."""
    if values.isna().any():
        lacking = int(values.isna().sum())
        raise TypologyError(f"{lacking} respondents have no {what}; a design column must be complete")
    return pd.factorize(values, sort=True)[0].astype(np.int64)


def make_design(
    n: int,
    *,
    weight: pd.Series | None = None,
    stratum: pd.Series | None = None,
    psu: pd.Series | None = None,
    population_psus: pd.Series | None = None,
) -> SurveyDesign:
    """Build a design from its columns.

    Parameters
    ----------
    n : int
        Number of respondents.
    weight, stratum, psu : Series or None
        Columns of length n; what is absent is taken as equal weights, one stratum, one PSU a respondent.
    population_psus : Series or None
        Number of PSUs in the population of each respondent's stratum, for the finite population correction.

    Raises
    ------
    TypologyError
        Missing values in a design column, or weights that are negative or all zero.
    """
    weights = np.ones(n) if weight is None else weight.to_numpy(dtype=float)
    if not np.isfinite(weights).all() or (weights < 0).any() or weights.sum() <= 0:
        raise TypologyError("weights must be finite, not negative and not all zero")
    strata = np.zeros(n, dtype=np.int64) if stratum is None else _numbered(stratum, "stratum")
    units = np.arange(n, dtype=np.int64) if psu is None else _numbered(psu, "PSU")
    nested = strata * (int(units.max(initial=0)) + 1) + units
    units = np.unique(nested, return_inverse=True)[1].astype(np.int64)
    share = np.zeros(int(strata.max(initial=0)) + 1)
    if population_psus is not None:
        psus = pd.DataFrame({"stratum": strata, "psu": units, "all": population_psus.to_numpy(dtype=float)})
        by = psus.groupby("stratum")
        share = (by["psu"].nunique() / by["all"].first()).to_numpy(dtype=float)
    return SurveyDesign(weights, strata, units, share, _note(weight, stratum, psu))


def _note(weight: pd.Series | None, stratum: pd.Series | None, psu: pd.Series | None) -> str:
    """Say what the design is."""
    columns = {"weights": weight, "strata": stratum, "primary sampling units": psu}
    given = [name for name, column in columns.items() if column is not None]
    if not given:
        return "The survey has no design columns: estimates assume a simple random sample with equal weights."
    absent = [name for name, column in columns.items() if column is None]
    note = f"Estimates use the survey's {', '.join(given)} (Taylor linearisation)"
    note += f"; it has no {' and no '.join(absent)}." if absent else "."
    if stratum is not None:
        note += " A stratum with one sampling unit is centred at the overall mean."
    return note


def survey_design(survey: Survey) -> SurveyDesign:
    """Build the design of all respondents read, from the codebook's weight, stratum and psu."""
    columns: dict[str, pd.Series | None] = {}
    for role in ("weight", "stratum", "psu"):
        name = survey.codebook.name_of(role)
        columns[role] = None if name is None else survey.answers[name]
    return make_design(len(survey.answers), **columns)
