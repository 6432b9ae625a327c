"""A group searched alone finds the types planted in it, and knows nothing of the other respondents."""

from __future__ import annotations

import numpy as np
import pytest

from typology.discover.alone import Alone
from typology.discover.propose import Encoded
from typology.models.agreement import adjusted_rand
from typology.models.layout import layout
from typology.schema.study import StudyConfig
from typology.simulate.planted import SEPARATION, PlantedOptions, plant

CONFIG = StudyConfig.model_validate({"study": "alone", "survey": {"data": "simulated", "codebook": "none"}})
SURVEY = plant(
    PlantedOptions(n=700, binary=40, ordinal=0, shares=(0.5, 0.3, 0.2), separation=SEPARATION["clear"]),
    seed=3,
)
COLUMNS = layout([2] * 40, [True] * 40)


def search() -> Alone:
    return Alone(Encoded(SURVEY.codes, COLUMNS, np.zeros(700, dtype=np.int64)), CONFIG, 4, severity=False)


def test_the_types_of_half_the_respondents_are_found_at_their_number() -> None:
    rows = np.arange(0, 700, 2)
    solutions = search()(rows, 1)
    assert [int(labels.max()) + 1 for labels in solutions] == [2, 3, 4]
    assert adjusted_rand(solutions[1], SURVEY.truth[rows]) > 0.9


@pytest.mark.parametrize("seed", [1, 2])
def test_other_respondents_do_not_matter(seed: int) -> None:
    rows = np.arange(0, 700, 2)
    changed = SURVEY.codes.copy()
    changed[1::2] = 0
    other = Alone(Encoded(changed, COLUMNS, np.ones(700, dtype=np.int64)), CONFIG, 4, severity=False)
    for mine, theirs in zip(search()(rows, seed), other(rows, seed), strict=True):
        assert (mine == theirs).all()
