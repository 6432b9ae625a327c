"""Frozen carriers handed from stage to stage.

Arrays are row-aligned with ``Prepared.ids`` unless said otherwise. Nothing in here computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.schema.codebook import Codebook

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int16]
Bools = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.object_]

Verdict = Literal["types", "gradient", "none"]
Grade = Literal["dissolved", "pattern only", "stable", "highly stable"]
BANDS: tuple[tuple[float, Grade], ...] = ((0.85, "highly stable"), (0.75, "stable"), (0.6, "pattern only"))
"""Smallest mean Jaccard similarity of each grade; below the last a type is dissolved (Hennig 2007)."""
Level = Literal["binary", "ordinal", "nominal"]


@dataclass(frozen=True)
class Survey:
    """A survey as read: answers, and for every unanswered cell why it is unanswered.

    Attributes
    ----------
    answers : DataFrame, one row a respondent
        Index: respondent id as str, sorted, unique. Columns: the codebook's variables. Values: the codes
        of the codebook; NaN/None wherever there is no valid answer.
    missing : DataFrame of str, same shape
        "" where answered; else ``"system"``, ``"not asked"`` (routing) or the user-missing meaning.
    codebook : Codebook
        With labels and user-missing codes of the data file merged in.
    n_read : int
        Rows of the data file.
    set_aside : Series of str
        Rows dropped while reading (e.g. duplicate respondents): reason by id. Not in `answers`.
    truth : Series or None
        Planted type by id, for simulated surveys only.
    notes : tuple of str
        What the reader had to decide about the file and a person may want to check.
    """

    answers: pd.DataFrame
    missing: pd.DataFrame
    codebook: Codebook
    n_read: int
    set_aside: pd.Series
    truth: pd.Series | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A clustering item after encoding.

    `categories` are the codebook's codes in the order of the encoded levels 0..k-1 (for binary items
    level 1 is the endorsed one); `labels` say them in words. Numeric items are cut into ordered bands
    and are ordinal from here on.
    """

    name: str
    label: str
    level: Level
    domain: str
    categories: tuple[Any, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class DesignColumns:
    """Survey design of the clustered respondents; absent columns are None (simple random sampling)."""

    weight: Floats | None
    stratum: Strings | None
    psu: Strings | None

    def take(self, rows: Ints) -> DesignColumns:
        """Return those of some respondents only."""
        return DesignColumns(
            None if self.weight is None else self.weight[rows],
            None if self.stratum is None else self.stratum[rows],
            None if self.psu is None else self.psu[rows],
        )


class Gate(NamedTuple):
    """A routed item among the clustering items: asked only where the gate has one of the levels.

    Attributes
    ----------
    item, gate : int
        Indices of the items.
    levels : tuple of int
        Encoded levels of the gate.
    """

    item: int
    gate: int
    levels: tuple[int, ...]


@dataclass(frozen=True)
class Prepared:
    """The clustering input.

    Attributes
    ----------
    ids : array of str, (n,)
        Clustered respondents, sorted.
    items : tuple of Item, length p
    codes : int array, (n, p)
        Levels 0..k-1; -1 where there is no answer, whatever the reason.
    not_asked : bool array, (n, p)
        Where an item was routed past (a subset of ``codes == -1``).
    gates : tuple of Gate
        Routing by gates that are clustering items themselves; several of one item must all be open. A gate
        comes before the items whose gate it is. Used by the null model to keep the routing.
    design : DesignColumns
    group : array of str or None, (n,)
        The codebook's `group` variable (e.g. country), None when there is none.
    set_aside : Series of str
        Reason by id, for everyone read but not clustered.
    flags : DataFrame of bool, (n, ...)
        Per-respondent quality marks such as straight-lining; index ids.
    """

    ids: Strings
    items: tuple[Item, ...]
    codes: Codes
    not_asked: Bools
    gates: tuple[Gate, ...]
    design: DesignColumns
    group: Strings | None
    set_aside: pd.Series
    flags: pd.DataFrame

    @property
    def n(self) -> int:
        """Number of clustered respondents."""
        return int(self.codes.shape[0])

    def take(self, rows: Ints) -> Prepared:
        """The same of some respondents only.

        Parameters
        ----------
        rows : int array
            Positions, ascending.
        """
        return replace(
            self,
            ids=self.ids[rows],
            codes=self.codes[rows],
            not_asked=self.not_asked[rows],
            design=self.design.take(rows),
            group=None if self.group is None else self.group[rows],
            flags=self.flags.iloc[rows],
        )


@dataclass(frozen=True)
class Calibration:
    """How much the types explain beyond degree, in the survey and in draws without types, searched alike.

    Attributes
    ----------
    severity : bool
        Kind of model: with degree inside types or without.
    n_types : int
    gain : float
        Log likelihood over a model of degree alone.
    null : float array, (draws,)
        The same gain in surveys without types.
    strength, null_strength : float arrays, (2,) and (draws, 2)
        How strongly items go together, in the survey and in the draws.
    chosen : bool
        The kind the types come from.
    """

    severity: bool
    n_types: int
    gain: float
    null: Floats
    strength: Floats
    null_strength: Floats
    chosen: bool = False


class Planted(NamedTuple):
    """What became of types planted into a survey once.

    Attributes
    ----------
    distance : float
        From surveys without types, in their standard deviations.
    size : float
        What the types explain beyond degree and chance, in log-likelihood units a respondent.
    ari : float
        Adjusted Rand index of the types recovered to those planted.
    """

    distance: float
    size: float
    ari: float


class Rediscovery(Protocol):
    """Discovery again, with as many types, on some respondents: positions in the sample, which may repeat."""

    def __call__(self, rows: Ints, seed: int) -> Ints:
        """Type of each of `rows`, 0-based, in the order found."""

    def membership(self, rows: Ints, seed: int) -> Floats:
        """Probability of each type for the whole sample, (m, K), types found among `rows`."""


@dataclass(frozen=True)
class Discovery:
    """The types UMAP and HDBSCAN lead to, before anybody asks whether they are real.

    Attributes
    ----------
    labels : int array, (n,)
        Type of each respondent, 0-based in order of weighted size; -1 unassigned.
    membership : float array, (n, K)
        Probability of each type.
    core : bool array, (n,)
        In the dense core of the type.
    severity : float array, (n,)
        Expected severity of each respondent (first latent dimension), for the gradient report.
    map_xy : float array, (n, 2)
        A picture only: nothing is computed from it.
    runs : DataFrame
        One row a UMAP+HDBSCAN run: n_neighbors, min_cluster_size, method, seed, clusters, noise,
        ari_to_types.
    selection : DataFrame
        One row a candidate: n_types, severity (bool), criterion values, chosen (bool).
    parameters : dict
        Settings actually used (dimension, sizes, severity factor ...).
    calibration : tuple of Calibration
        One a kind of model.
    association, chance_association : float, float array
        Sum of squared item correlations, observed and with answers permuted.
    profile : float array, (K, C)
        Level probabilities of each type, items side by side.
    sample : int array, (m,)
        Respondents the search looked at: all, or 10,000 of more than 20,000. Everybody is placed.
    clustered : int array, (s,)
        Respondents the runs saw, who are also those on the map: all, or 4,000 of many.
    clusters : int array, (s, R)
        Cluster of each of them in each of the `runs`; -1 noise. Private.
    refit : Rediscovery or None
        The same discovery with as many types on some of the `sample`.
    again : callable or None
        ``again(seed) -> labels`` of the sample: the discovery from another root seed, with the number of
        types anew.
    planting : callable or None
        ``planting(separation, seed) -> (distance, size, ari)``: what becomes of types planted into this
        survey.
    """

    labels: Ints
    membership: Floats
    core: Bools
    severity: Floats
    map_xy: Floats
    runs: pd.DataFrame
    selection: pd.DataFrame
    parameters: Mapping[str, Any]
    calibration: tuple[Calibration, ...] = ()
    association: float = float("nan")
    chance_association: Floats = field(default_factory=lambda: np.zeros(0))
    profile: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    sample: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    clustered: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    clusters: Ints = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    refit: Rediscovery | None = None
    again: Callable[[int], Ints] | None = None
    planting: Callable[[float, int], Planted] | None = None

    @property
    def n_types(self) -> int:
        """Number of candidate types."""
        return int(self.membership.shape[1])


@dataclass(frozen=True)
class Evidence:
    """Whether there are types at all, and how sure it is.

    Attributes
    ----------
    verdict, reason : str
        `reason` is one or two plain sentences with the numbers that decided.
    p_no_types, p_no_association : float
        Rank p-values against the copula null and the permutation null.
    statistics : DataFrame
        Columns: statistic, source (``observed`` / ``no types`` / ``no association``), draw, value.
    types : DataFrame, one row a candidate type (index 0..K-1)
        jaccard, jaccard_lo, jaccard_hi, core_share, lca_class, lca_profile_r, lca_overlap, grade,
        flags (str, '' if none).
    fit : DataFrame
        Latent-class rival, one row per number of classes: classes, log_likelihood, aic, bic, abic,
        entropy, smallest_share.
    rivals : dict
        ``latent_class``: {classes, ari}, ``plain_umap_hdbscan``: {clusters, noise_share, ari}.
    crosswalk : DataFrame
        Respondent counts, candidate types x latent classes.
    power : DataFrame
        How distinct types must be to be found here: separation, odds_ratio, ari, share_found.
    sensitivity : DataFrame
        The types beside those from complete cases and from multiple imputation: analysis, n, base, ari,
        profile_r, note. Empty when nothing asked was left unanswered.
    seed_agreement : float
        ARI between the types and those of a discovery from another root seed.
    """

    verdict: Verdict
    reason: str
    p_no_types: float
    p_no_association: float
    statistics: pd.DataFrame
    types: pd.DataFrame
    fit: pd.DataFrame
    rivals: Mapping[str, Mapping[str, float]]
    crosswalk: pd.DataFrame
    power: pd.DataFrame = field(default_factory=pd.DataFrame)
    sensitivity: pd.DataFrame = field(default_factory=pd.DataFrame)
    seed_agreement: float = float("nan")


@dataclass(frozen=True)
class Labels:
    """What marks each type. Frames hold raw numbers with their counts: not yet disclosure-checked.

    Attributes
    ----------
    names : DataFrame, index type id ("T1"...)
        name, sentence, profile, profile_score, overridden (bool).
    trace : DataFrame
        Why each name: type, step, detail.
    factors, outcomes, outcome_models, prevalence, guidance : DataFrame
        As documented in :mod:`typology.label`.
    """

    names: pd.DataFrame
    trace: pd.DataFrame
    factors: pd.DataFrame
    outcomes: pd.DataFrame
    outcome_models: pd.DataFrame
    prevalence: pd.DataFrame
    guidance: pd.DataFrame


@dataclass(frozen=True)
class ReleaseTable:
    """A table on its way to ``release/tables/<name>.csv``.

    Attributes
    ----------
    name, title : str
    frame : DataFrame
        Long form: key columns, count columns, value columns.
    keys : tuple of str
        Columns that say what a row is about. Never suppressed.
    counts : tuple of (numerator, base) column names
        Unweighted respondents under the row's numbers. A row is shown only if base, numerator and
        base - numerator all reach the threshold. `numerator` may be None where only a base counts.
    values : tuple of str
        Columns blanked with their counts when a row is suppressed.
    margins : tuple of tuples
        Groups of key columns over which cells add up to a published total, e.g. ``("type",)``.
    """

    name: str
    title: str
    frame: pd.DataFrame
    keys: tuple[str, ...]
    counts: tuple[tuple[str | None, str], ...] = ()
    values: tuple[str, ...] = ()
    margins: tuple[tuple[str, ...], ...] = ()
