"""The verdict's rule, by hand-made numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from typology.evidence.verdict import LEAST_DISTANCE, LEAST_SIZE, Existence, decide, existence
from typology.results import Calibration


def judged(*, distance: float = 9.0, size: float = 0.4, p: float = 1 / 21) -> Existence:
    return Existence(distance=distance, null=np.linspace(-2, 2, 20), p=p, size=size)


def test_types_when_far_beyond_every_draw_of_a_size_that_matters_and_stable() -> None:
    verdict, reason = decide(judged(), p_association=0.005, kept=3, candidates=4)
    assert verdict == "types"
    assert "9.0 standard deviations" in reason
    assert "3 of 4 types survive" in reason
    assert "20 simulated surveys" in reason


def test_none_when_items_do_not_go_together_whatever_else() -> None:
    verdict, reason = decide(judged(), p_association=0.3, kept=4, candidates=4)
    assert verdict == "none"
    assert "p = 0.300" in reason


@pytest.mark.parametrize(
    "test",
    [judged(distance=LEAST_DISTANCE - 0.01), judged(p=2 / 21)],
    ids=["not far enough", "a draw lies further"],
)
def test_gradient_when_degree_explains_it(test: Existence) -> None:
    verdict, reason = decide(test, p_association=0.005, kept=4, candidates=4)
    assert verdict == "gradient"
    assert "a difference in degree explains it" in reason


def test_gradient_when_the_size_does_not_matter() -> None:
    verdict, reason = decide(judged(size=LEAST_SIZE - 0.001), p_association=0.005, kept=4, candidates=4)
    assert verdict == "gradient"
    assert "nearly all of it" in reason
    assert "0.029 log-likelihood units" in reason


def test_gradient_when_resampling_dissolves_the_types() -> None:
    verdict, reason = decide(judged(), p_association=0.005, kept=1, candidates=4)
    assert verdict == "gradient"
    assert "dissolved all but 1" in reason
    assert decide(judged(), p_association=0.005, kept=2, candidates=4)[0] == "types"


def test_bounds_belong_to_the_claim() -> None:
    at = judged(distance=LEAST_DISTANCE, size=LEAST_SIZE)
    assert decide(at, p_association=0.01, kept=2, candidates=2)[0] == "types"
    assert decide(at, p_association=0.0101, kept=2, candidates=2)[0] == "none"


def calibrations(survey: float, *, draws: int = 20, seed: int = 0) -> tuple[Calibration, ...]:
    """Two kinds whose gains hang together, as in one survey; `survey` is added to a draw of the null."""
    rng = np.random.default_rng(seed)
    strength = rng.normal(100, 5, (draws + 1, 2))
    shared = rng.normal(size=draws + 1)
    kinds = []
    for severity in (False, True):
        gain = strength[:, 0] + 4 * shared + 2 * rng.normal(size=draws + 1)
        kinds.append(Calibration(severity, 3, gain[0] + survey, gain[1:], strength[0], strength[1:]))
    return tuple(kinds)


def test_existence_of_a_survey_without_types_is_a_draw_like_the_others() -> None:
    """Rank p-values are uniform although the better of two kinds is taken."""
    p = [existence(calibrations(0.0, seed=seed), n=500).p for seed in range(300)]
    assert stats.kstest(p, stats.uniform.cdf).statistic < 0.1
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=0.045)


def test_existence_finds_what_is_added() -> None:
    test = existence(calibrations(100.0), n=500)
    assert test.p == pytest.approx(1 / 21)
    assert test.distance > 10
    assert test.size == pytest.approx(100 / 500, abs=0.04)
    assert len(test.null) == 20
    assert test.null.max() < test.distance


@pytest.mark.parametrize("seed", range(5))
def test_p_counts_the_draws_at_least_as_far(seed: int) -> None:
    test = existence(calibrations(0.0, seed=seed), n=500)
    assert test.p == pytest.approx((1 + (test.null >= test.distance).sum()) / 21)


def test_reasons_are_whole_sentences() -> None:
    cases = [(0.3, 4), (0.005, 1), (0.005, 3)]
    ends = ["to form types or a gradient from.", "no set of types can be relied on.", "survive resampling."]
    for (p, kept), end in zip(cases, ends, strict=True):
        reason = decide(judged(), p_association=p, kept=kept, candidates=4)[1]
        assert reason.endswith(end)
        assert "candidate types" in reason or kept != 1
