"""The types found again on other respondents, for the label stage, which knows nothing of discovery."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from typology.models.agreement import jaccard, match, overlap
from typology.pipeline.present import Presented
from typology.results import Discovery, Floats, Ints, Rediscovery


@dataclass(frozen=True)
class Recluster:
    """Find types among some respondents, and place all in the presented types they correspond to.

    Attributes
    ----------
    refit : Rediscovery
    searched : int array, (m,)
        Respondents the search looks at, as positions among the clustered.
    labels : int array, (m,)
        Their candidate types; who fits none (-1) is placed nowhere in any repetition.
    n_candidates, n_types : int
        Candidate types, of which the first `n_types` are presented.
    """

    refit: Rediscovery
    searched: Ints
    labels: Ints
    n_candidates: int
    n_types: int

    def __call__(self, rows: Ints, seed: int) -> tuple[Ints, Floats]:
        """Types of those searched (-1 without), and the probabilities of the presented types."""
        membership = self.refit.membership(rows, seed)
        again = membership.argmax(axis=1)
        count = membership.shape[1]
        table = overlap(self.labels, again, self.n_candidates, count)
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=self.n_candidates)
        alike = jaccard(table, sizes, np.bincount(again, minlength=count))
        mine = np.zeros((len(again), self.n_candidates))
        for candidate, found in match(alike):
            mine[:, candidate] = membership[:, found]
        placed = mine.argmax(axis=1).astype(np.int64)
        placed[(self.labels < 0) | (placed >= self.n_types)] = -1
        first = mine[:, : self.n_types]
        total = first.sum(axis=1, keepdims=True)
        return placed, np.divide(first, total, out=np.zeros_like(first), where=total > 0)


def recluster_of(presented: Presented) -> Recluster | None:
    """What the label stage finds the types again with; None where no type is presented."""
    candidates: Discovery = presented.candidates
    if presented.n_types == 0 or candidates.refit is None:
        return None
    sample = candidates.sample
    labels = candidates.labels[sample]
    return Recluster(candidates.refit, sample, labels, candidates.n_types, presented.n_types)
