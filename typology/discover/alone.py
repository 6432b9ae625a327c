"""Discovery on some respondents alone, from scratch: nothing is taken over from the survey as a whole.

Latent scores, UMAP and HDBSCAN are made anew from these respondents' answers, so a type that comes out again
was not handed down by the types of everyone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.discover.calibrate import LIGHT_NEIGHBORS, answers
from typology.discover.propose import Encoded, encoded, propose
from typology.discover.refit import place
from typology.discover.search import search
from typology.results import Ints, Prepared
from typology.schema.study import StudyConfig


@dataclass(frozen=True)
class Alone:
    """A light search on some respondents as if nobody else had been asked.

    Attributes
    ----------
    data : Encoded
        All respondents.
    config : StudyConfig
    n_types : int
        Types to search up to.
    severity : bool
        Whether severity varies inside types.
    """

    data: Encoded
    config: StudyConfig
    n_types: int
    severity: bool

    def __call__(self, rows: Ints, seed: int) -> list[Ints]:
        """Types of `rows`, 0-based: the solutions with two types, three types and so on."""
        data = Encoded(self.data.codes[rows], self.data.columns, np.zeros(len(rows), dtype=np.int64))
        proposals = propose(data, self.config, seeds=(seed,), n_neighbors=(LIGHT_NEIGHBORS,), permutations=5)
        found = search(
            answers(data),
            proposals.runs,
            largest=self.n_types,
            smallest_share=0.0,
            seed=seed % 2**31,
            thorough=False,
            kinds=(self.severity,),
        )
        return [
            np.asarray(place(candidate.model, data.codes)[0].argmax(axis=1), dtype=np.int64)
            for candidate in found[1:]
        ]


def alone(prepared: Prepared, config: StudyConfig, *, n_types: int, severity: bool) -> Alone:
    """Make a search that repeats a discovery on some respondents alone.

    Parameters
    ----------
    prepared : Prepared
        Unanswered items are left out of the likelihood.
    config : StudyConfig
    n_types : int
        Candidate types of the discovery.
    severity : bool
        Whether severity varies inside its types.
    """
    return Alone(encoded(prepared), config, n_types, severity)
