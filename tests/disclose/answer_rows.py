"""Rows of the prevalence of one variable, as a reader of a release sees them, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from typology.disclose.attack_answers import Answers, Sizes
from typology.disclose.puzzle import Bounds

NOTHING = Sizes({})
HIDDEN = np.nan


def rows(
    counts: Mapping[str, Sequence[float]],
    base: Mapping[str, float],
    share: Mapping[tuple[str, str], float] | None = None,
    *,
    role: str = "item",
    endorsed: Sequence[str] = (),
    variable: str = "x",
) -> pd.DataFrame:
    """By group, the counts of the answers "1", "2" and so on; shares by answer and group."""
    made = []
    for group, each in counts.items():
        for code, count in enumerate(each, start=1):
            shown = np.isfinite(count)
            made.append(
                {
                    "variable": variable, "role": role, "category": str(code),
                    "category_label": f"label {code}",
                    "group": group, "count": count, "base": base[group] if shown else np.nan,
                    "share": (share or {}).get((str(code), group), np.nan),
                    "suppressed": np.nan if shown else "threshold", "endorsed": str(code) in endorsed,
                }
            )  # fmt: skip
    return pd.DataFrame(made)


def known(answers: Answers, categories: Sequence[str] | str, group: str) -> Bounds:
    """What is known of how many of a group gave one of these answers."""
    return answers.puzzle.extremes([answers.cells(list(categories), group)], lambda *_: False)[0]


def read(
    frame: pd.DataFrame,
    sizes: Sizes = NOTHING,
    *,
    weighted: bool = False,
    threshold: int = 10,
    **tables: pd.DataFrame,
) -> Answers:
    """One variable with all that these tables tell of it."""
    answers = Answers(frame, sizes, threshold)
    answers.read(tables, weighted=weighted)
    return answers
