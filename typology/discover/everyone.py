"""Every respondent placed: type, membership, core and severity, in one pass over any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from typology.discover.embed import Run
from typology.discover.propose import Proposals
from typology.discover.refit import chunks, place
from typology.models.agreement import adjusted_rand
from typology.models.layout import indicators
from typology.models.mixture import Mixture
from typology.models.parallel import run_all
from typology.models.scores import LatentSpace
from typology.results import Bools, Codes, Floats, Ints, Prepared

MOST_SEARCHED = 20_000
"""Respondents up to whom all are searched."""
SAMPLE = 10_000
"""How many are searched of more: what they cost the search, and its evidence, then no longer grows."""
LEAST_MEMBERSHIP = 0.4
WORST_FIT = -4.0


@dataclass(frozen=True)
class Everyone:
    """Types by weighted size, and everybody's place among them.

    Attributes
    ----------
    labels : int array, (n,)
        -1 unassigned: no type is likely enough, or the answers fit none.
    membership : float array, (n, K)
    core : bool array, (n,)
    severity : float array, (n,)
    profile : float array, (K, C)
    """

    labels: Ints
    membership: Floats
    core: Bools
    severity: Floats
    profile: Floats


def working_sample(n: int, *, seed: int) -> Ints:
    """Respondents to search: all up to 20,000, or a random 10,000 of more, ascending."""
    if n <= MOST_SEARCHED:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, 2]).choice(n, SAMPLE, replace=False))


def place_everyone(
    prepared: Prepared, sample: Ints, proposals: Proposals, model: Mixture, *, jobs: int = 1
) -> Everyone:
    """Place all respondents by a model and proposals that some of them led to.

    Parameters
    ----------
    prepared : Prepared
        All respondents; placed by what they answered.
    sample : int array, (m,)
        Positions of those the proposals are about.
    proposals : Proposals
    model : Mixture
    jobs : int
        Processes; results do not depend on it.
    """
    membership, fit = place(model, prepared.codes, jobs=jobs)
    weight = prepared.design.weight
    size = np.bincount(membership.argmax(axis=1), weights=weight, minlength=model.n_types)
    order = np.argsort(-size, kind="stable")
    membership = membership[:, order]
    labels = membership.argmax(axis=1).astype(np.int64)
    scores = _scores(prepared, proposals, jobs=jobs)
    clustered = sample[proposals.sample]
    runs = [run.labels[proposals.sample] for run in proposals.runs]
    agree = _agreement(runs, labels, clustered, scores, jobs=jobs)
    core = (agree >= 0.5) & (membership.max(axis=1) >= 0.5)
    labels[(membership.max(axis=1) < LEAST_MEMBERSHIP) | (fit < WORST_FIT)] = -1
    return Everyone(labels, membership, core & (labels >= 0), scores[:, 0], model.profile()[order])


def _scores(prepared: Prepared, proposals: Proposals, *, jobs: int) -> Floats:
    if len(proposals.scores.mean) == prepared.n:
        return proposals.scores.mean
    tasks = [(proposals.scores.space, codes) for codes in chunks(prepared.codes)]
    return np.concatenate(list(run_all(_score, tasks, jobs=jobs)))


def _score(space: LatentSpace, codes: Codes) -> Floats:
    return space.score(indicators(codes, space.columns))[0]


def _agreement(runs: Sequence[Ints], labels: Ints, clustered: Ints, scores: Floats, *, jobs: int) -> Floats:
    """In which share of the runs a respondent lies in a cluster dominated by the own type, (n,).

    Runs that clustered nothing do not count. Respondents the runs did not see are where the nearest one they
    saw is, by latent scores.
    """
    nearest = np.arange(len(labels))
    if len(clustered) < len(labels):
        finder = NearestNeighbors(n_neighbors=1).fit(scores[clustered])
        tasks = [(finder, some) for some in chunks(scores)]
        nearest = np.concatenate(list(run_all(_nearest, tasks, jobs=jobs)))
    votes, cast = np.zeros(len(labels)), 0
    for run in runs:
        clusters = int(run.max(initial=-1)) + 1
        if clusters < 2:
            continue
        cast += 1
        inside = run >= 0
        table = np.zeros((clusters, int(labels.max()) + 1))
        np.add.at(table, (run[inside], labels[clustered][inside]), 1)
        owner = np.r_[table.argmax(axis=1), -1]
        votes += owner[run][nearest] == labels
    return np.asarray(votes / max(cast, 1))


def _nearest(finder: NearestNeighbors, scores: Floats) -> Ints:
    return np.asarray(finder.kneighbors(scores, return_distance=False)[:, 0])


def runs_table(runs: Sequence[Run], labels: Ints) -> pd.DataFrame:
    """One row a run.

    Parameters
    ----------
    runs : sequence of Run
    labels : int array
        Final types of the respondents of the runs.
    """
    rows = []
    for run in runs:
        seen = run.labels >= 0
        rows.append(
            {
                "n_neighbors": run.n_neighbors,
                "min_cluster_size": run.min_cluster_size,
                "method": run.method,
                "seed": run.seed,
                "clusters": int(run.labels.max(initial=-1) + 1),
                "noise": float(1 - seen.mean()),
                "ari_to_types": adjusted_rand(run.labels, labels),
            }
        )
    return pd.DataFrame(rows)
