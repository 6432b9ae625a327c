"""Answers shuffled between respondents."""

from __future__ import annotations

import numpy as np
import pytest

from typology.models.association import rank_p, shuffled_rows


def test_rank_p_counts_the_survey_itself() -> None:
    null = np.arange(19.0)
    assert rank_p(100.0, null) == pytest.approx(1 / 20)
    assert rank_p(-1.0, null) == 1.0
    assert rank_p(18.0, null) == pytest.approx(2 / 20)


def test_answers_stay_within_groups_and_with_those_who_answered() -> None:
    rng = np.random.default_rng(1)
    group = rng.integers(0, 3, 200)
    answered = rng.random(200) < 0.7
    to, source = shuffled_rows(answered, group, rng)
    assert sorted(to) == sorted(source) == list(np.flatnonzero(answered))
    assert (group[to] == group[source]).all()
    assert (to != source).any()
