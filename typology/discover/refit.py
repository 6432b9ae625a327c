"""Discovery repeated: types on other respondents or from other runs, and everybody placed.

Embeddings are shared and the number of types is given, so that repeating costs a search and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from typology.discover.calibrate import answers
from typology.discover.choose import best_of, past_best
from typology.discover.propose import Encoded, Proposals, propose
from typology.discover.search import search
from typology.models.fit import person_fit
from typology.models.layout import indicators
from typology.models.mixture import Mixture
from typology.models.parallel import run_all
from typology.results import Codes, Floats, Ints
from typology.schema.study import StudyConfig

CHUNK = 20_000


@dataclass(frozen=True)
class Refit:
    """Discovery again on some respondents, with the number of types given.

    Every refit searches anew from the clusters of a random half of the runs.

    Attributes
    ----------
    data : Encoded
        All respondents the search looked at.
    proposals : Proposals
    n_types : int
    severity : bool
        Whether severity varies inside types.
    """

    data: Encoded
    proposals: Proposals
    n_types: int
    severity: bool

    def __call__(self, rows: Ints, seed: int) -> Ints:
        """Types of `rows` (which may repeat), 0-based, in the order found."""
        model = self._search(rows, seed)
        return np.asarray(place(model, self.data.codes[rows])[0].argmax(axis=1), dtype=np.int64)

    def membership(self, rows: Ints, seed: int) -> Floats:
        """Probability of each type for all respondents the search looked at, types found among `rows`."""
        return place(self._search(rows, seed), self.data.codes)[0]

    def _search(self, rows: Ints, seed: int) -> Mixture:
        rng = np.random.default_rng(seed)
        half = rng.permutation(len(self.proposals.runs))[: (len(self.proposals.runs) + 1) // 2]
        runs = [self.proposals.runs[at] for at in np.sort(half)]
        data = Encoded(self.data.codes[rows], self.data.columns, self.data.group[rows])
        found = search(
            answers(data, single=True),
            [replace(run, labels=run.labels[rows]) for run in runs],
            largest=self.n_types,
            smallest_share=0.0,
            seed=seed % 2**31,
            thorough=False,
            only_last=True,
            kinds=(self.severity,),
        )
        return found[-1].model


@dataclass(frozen=True)
class Again:
    """Discovery from another root seed: other embeddings, other starts, and the number of types anew.

    The kind of model is kept. More types are tried until the criterion has risen twice in a row.

    Attributes
    ----------
    data : Encoded
        All respondents the search looked at.
    config : StudyConfig
    severity : bool
        Whether severity varies inside types.
    largest : int
        Types to search up to.
    smallest : float
        Smallest share of a type.
    """

    data: Encoded
    config: StudyConfig
    severity: bool
    largest: int
    smallest: float

    def __call__(self, seed: int) -> Ints:
        """Types, 0-based, in the order found."""
        seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(2)]
        proposals = propose(self.data, self.config, seeds=seeds, n_neighbors=self.config.embed.n_neighbors)
        pool = answers(self.data)
        found = search(
            pool,
            proposals.runs,
            largest=self.largest,
            smallest_share=self.smallest,
            enough=partial(past_best, n=pool.n),
            seed=seed % 2**31,
            kinds=(self.severity,),
        )
        best = best_of(found, n=pool.n, smallest=self.smallest)
        return np.asarray(place(best.model, self.data.codes)[0].argmax(axis=1), dtype=np.int64)


def place(model: Mixture, codes: Codes | Ints, *, jobs: int = 1) -> tuple[Floats, Floats]:
    """Place every respondent, in chunks.

    Parameters
    ----------
    model : Mixture
    codes : int array, (n, p)
        Levels, -1 unanswered: placed by what was answered.
    jobs : int
        Processes; results do not depend on it.

    Returns
    -------
    membership : float array, (n, K)
    fit : float array, (n,)
        Person fit.
    """
    parts = list(run_all(_place, [(model, chunk) for chunk in chunks(codes)], jobs=jobs))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _place(model: Mixture, codes: Codes | Ints) -> tuple[Floats, Floats]:
    matrix = indicators(codes, model.columns)
    return model.membership(matrix)[0], person_fit(model, matrix)


def chunks(rows: Codes | Ints | Floats) -> list[Any]:
    """Cut an array into pieces of at most 20,000 rows, of which there is at least one."""
    return [rows[start : start + CHUNK] for start in range(0, max(len(rows), 1), CHUNK)]
