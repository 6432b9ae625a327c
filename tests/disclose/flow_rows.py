"""Participation and types as a reader of a release sees them, and what follows about sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.attack_sizes import SizeTold, size_leaks
from typology.disclose.puzzle import Bounds

HIDDEN = np.nan
EARLY, LATE = "set aside: twice", "set aside: few answers"
STEPS = {"read": 220.0, EARLY: 20.0, "respondents": 200.0, LATE: 30.0, "clustered": 170.0, "unassigned": 20.0}
"""150 are in the types."""


def participation(late: Sequence[str] = (LATE,), **n: float | None) -> pd.DataFrame:
    """All steps but those that are None; `unassigned` and others by name, reasons by `late` and `early`."""
    named = {LATE: n.pop("late_n", STEPS[LATE]), EARLY: n.pop("early_n", STEPS[EARLY])}
    steps: dict[str, float | None] = {**STEPS, **named, **n}
    notes = {**dict.fromkeys(late, "not clustered"), "respondents": "with usable data"}
    rows = [(step, value, notes.get(step, np.nan)) for step, value in steps.items()]
    return pd.DataFrame([row for row in rows if row[1] is not None], columns=["step", "n", "note"])


def types(*n: float, share: Sequence[float] | None = None) -> pd.DataFrame:
    frame = pd.DataFrame({"id": [f"T{k}" for k in range(1, len(n) + 1)], "n": n})
    return frame if share is None else frame.assign(share=share)


def attacked(
    tables: Mapping[str, pd.DataFrame], *, threshold: int = 10, weighted: bool = False, **more: Any
) -> tuple[list[SizeTold], dict[str, Bounds]]:
    """What is told of withheld sizes, and the bounds of all."""
    leaks, sizes = size_leaks(tables, threshold=threshold, weighted=weighted, **more)
    return leaks, dict(sizes.bounds)


def sizes_of(
    flow: pd.DataFrame, of_types: pd.DataFrame | None = None, *, threshold: int = 10, **tables: pd.DataFrame
) -> dict[str, Bounds]:
    """Bounds on every size."""
    given = {"participation": flow, **({} if of_types is None else {"types": of_types}), **tables}
    return attacked(given, threshold=threshold)[1]
