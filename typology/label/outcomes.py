"""Prevalence of the outcomes in each type, beside everyone's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from typology.label.columns import Column, exposed_positions
from typology.label.design import shares
from typology.label.groups import Groups
from typology.label.sampling import SurveyDesign
from typology.schema.codebook import Codebook

OUTCOMES = [
    "type", "outcome", "label", "base", "count", "prevalence", "lo", "hi", "everyone", "everyone_lo",
    "everyone_hi", "_size", "_categories",
]  # fmt: skip


def outcome_table(
    design: SurveyDesign, columns: Sequence[Column], groups: Groups, codebook: Codebook
) -> pd.DataFrame:
    """Weighted prevalence of each outcome by type.

    An outcome is a variable or scale of role `outcome` with one endorsed answer, or with an `exposed`
    rule; other outcomes appear in the prevalence table only.

    Returns
    -------
    DataFrame
        One row a type and outcome. `_size` and `_categories` (the answers that count as the outcome)
        serve the disclosure check only.
    """
    rows: list[dict[str, Any]] = []
    for column in columns:
        positions = exposed_positions(column, codebook) if column.role == "outcome" else ()
        if not positions:
            continue
        answer = np.isin(column.category_of, positions).astype(float)
        answer[column.category_of < 0] = np.nan
        found = shares(design, answer, groups.members)
        for g, group in enumerate(groups.names):
            if group in groups.types:
                rows.append({
                    "type": group, "outcome": column.name, "label": column.label, "base": int(found.base[g]),
                    "count": int(found.count[g]), "prevalence": found.share[g], "lo": found.lo[g],
                    "hi": found.hi[g], "everyone": found.share[0], "everyone_lo": found.lo[0],
                    "everyone_hi": found.hi[0], "_size": int(groups.sizes[g]),
                    "_categories": tuple(column.categories[i].code for i in positions),
                })  # fmt: skip
    return pd.DataFrame(rows, columns=OUTCOMES)
