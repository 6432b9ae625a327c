"""How many surveys without types a survey is compared with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from clustering import config

from typology.discover import types
from typology.discover.calibrate import Gains
from typology.models.excess import strongest
from typology.progress import SilentProgress


@pytest.mark.parametrize(
    ("gain", "draws"),
    [(0.0, 20), (1.5, 20), (3.5, 60), (5.0, 60), (7.2, 40), (12.0, 20)],
)
def test_more_are_drawn_while_they_leave_it_open(
    gain: float, draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    # gains of a standard deviation of one, which the correlations do not tell
    drawn = [Gains({False: value, True: value - 1}, 1 + rng.random(4)) for value in rng.normal(size=60)]
    survey = Gains({False: gain, True: -9.0}, np.full(4, 1.5))
    asked: list[int] = []

    def gains(_data: Any, null: Any, _config: Any, _largest: Any, seed: int) -> Gains:
        asked.append(seed)
        return survey if null is None else drawn[seed]

    monkeypatch.setattr(types, "_gains", gains)
    data: Any = type("Data", (), {"codes": np.zeros((100, 3))})
    best: Any = {kind: type("Best", (), {"n_types": 2}) for kind in (False, True)}
    null: Any = object()
    found = types._calibrate(
        null,
        data,
        config(evidence={"nulls": 20}),
        best,
        2,
        [-2, -1, *range(60)],
        jobs=1,
        progress=SilentProgress(),
    )
    assert asked == [-2, *range(draws)]  # each once, in order
    assert all(len(kind.null) == len(kind.null_strength) == draws for kind in found)
    assert [kind.chosen for kind in found] == [True, False]
    assert strongest(found)[2] == pytest.approx(gain, rel=0.25, abs=0.7)
