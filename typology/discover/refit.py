"""Discovery repeated: types on other respondents or from other runs, and everybody placed.

Embeddings are shared and the number of types is given, so that repeating costs a search and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from typology.discover.calibrate import answers
from typology.discover.embed import Run, co_occurrence
from typology.discover.propose import Encoded, Proposals
from typology.discover.search import search
from typology.models.fit import person_fit
from typology.models.layout import indicators
from typology.models.mixture import Mixture
from typology.results import Floats, Ints

CHUNK = 20_000


@dataclass(frozen=True)
class Refit:
    """Discovery again on some respondents, with the number of types given.

    Every refit searches anew from the clusters of a random half of the runs.

    Attributes
    ----------
    data : Encoded
        All respondents.
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
        rng = np.random.default_rng(seed)
        half = rng.permutation(len(self.proposals.runs))[: (len(self.proposals.runs) + 1) // 2]
        runs = [self.proposals.runs[at] for at in np.sort(half)]
        return self.from_runs(rows, runs, seed=seed)

    def from_runs(self, rows: Ints, runs: Sequence[Run], *, seed: int) -> Ints:
        """Types of `rows` searched from the clusters of `runs`, 0-based, in the order found."""
        data = Encoded(self.data.codes[rows], self.data.columns, self.data.group[rows])
        found = search(
            answers(data, seed=seed),
            co_occurrence(runs)[rows],
            [run.labels[rows] for run in runs],
            largest=self.n_types,
            smallest_share=0.0,
            seed=seed % 2**31,
            thorough=False,
            kinds=(self.severity,),
        )
        return np.asarray(place(found[-1].model, data.codes)[0].argmax(axis=1), dtype=np.int64)


def place(model: Mixture, codes: Ints) -> tuple[Floats, Floats]:
    """Place every respondent, in chunks.

    Parameters
    ----------
    model : Mixture
    codes : int array, (n, p)
        Levels, -1 unanswered: placed by what was answered.

    Returns
    -------
    membership : float array, (n, K)
    fit : float array, (n,)
        Person fit.
    """
    parts = [
        (model.membership(matrix)[0], person_fit(model, matrix))
        for start in range(0, len(codes), CHUNK)
        for matrix in [indicators(codes[start : start + CHUNK], model.columns)]
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
