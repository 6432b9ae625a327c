from __future__ import annotations

import numpy as np

from typology.discover.search import Answers
from typology.models.layout import layout


def test_respondents_outside_the_sample_of_patterns_start_nothing() -> None:
    columns = layout([2], [True])
    answers = Answers(np.eye(2), columns, np.array([1.0, 1.0]), np.array([0, 0, -1, 1]))
    start = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert np.allclose(answers.pooled(start), [[0.5, 0.5], [0.0, 1.0]])
