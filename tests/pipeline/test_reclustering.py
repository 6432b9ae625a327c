"""Types found again take the places of the types presented."""

from __future__ import annotations

import numpy as np

from typology.pipeline.reclustering import Recluster

TRUTH = np.repeat([0, 1, 2], [50, 30, 20])


class Renumbered:
    """Finds the same types under other numbers."""

    def __call__(self, rows: np.ndarray, seed: int) -> np.ndarray:
        return self.membership(rows, seed)[rows].argmax(axis=1)

    def membership(self, rows: np.ndarray, seed: int) -> np.ndarray:
        chance = np.full((len(TRUTH), 3), 0.1)
        chance[np.arange(len(TRUTH)), (TRUTH + 1) % 3] = 0.8
        return chance


def test_types_are_recognised_whatever_their_numbers() -> None:
    again = Recluster(Renumbered(), np.arange(100), TRUTH, n_candidates=3, n_types=3)
    placed, membership = again(np.arange(100), 1)
    assert placed.tolist() == TRUTH.tolist()
    np.testing.assert_allclose(membership.sum(axis=1), 1.0)
    assert (membership.argmax(axis=1) == TRUTH).all()


def test_who_had_no_type_or_one_that_is_not_presented_has_none() -> None:
    labels = TRUTH.copy()
    labels[:5] = -1
    again = Recluster(Renumbered(), np.arange(100), labels, n_candidates=3, n_types=2)
    placed, membership = again(np.arange(100), 1)
    assert (placed[:5] == -1).all()
    assert (placed[TRUTH == 2] == -1).all()
    assert (placed[5:80] == TRUTH[5:80]).all()
    assert membership.shape == (100, 2)
    np.testing.assert_allclose(membership.sum(axis=1), 1.0)
