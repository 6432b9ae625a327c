"""Prevalence of every answer among everyone and in each group, and of outcomes by type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from typology.label.columns import Column
from typology.label.design import domain_df, shares
from typology.label.groups import Groups
from typology.label.sampling import SurveyDesign

PREVALENCE = [
    "variable", "label", "role", "domain", "category", "category_label", "endorsed", "group", "base", "count",
    "share", "lo", "hi", "share_everyone", "difference", "_size", "_asked_if",
]  # fmt: skip


def prevalence_table(design: SurveyDesign, columns: Sequence[Column], groups: Groups) -> pd.DataFrame:
    """Weighted share of every answer in every group, with logit intervals.

    No p-value is given: the clustering items among the variables shaped the groups, so a test of them
    would be circular. Their differences are effect sizes.

    Returns
    -------
    DataFrame
        One row a variable, category and group; `difference` is the share minus everyone's. `_size` (of
        the group) and `_asked_if` serve the disclosure check only and are never written.
    """
    rows = [row for column in columns for row in _column_rows(design, column, groups)]
    return pd.DataFrame(rows, columns=PREVALENCE)


def _column_rows(design: SurveyDesign, column: Column, groups: Groups) -> list[dict[str, Any]]:
    """Rows of one variable."""
    df = domain_df(design, groups.members & (column.category_of >= 0)[:, None])
    about = {"variable": column.name, "label": column.label, "role": column.role, "domain": column.domain}
    rows = []
    for position, category in enumerate(column.categories):
        found = shares(design, column.indicator(position), groups.members, df=df)
        answer = {"category": category.code, "category_label": category.label, "endorsed": category.endorsed}
        for g, group in enumerate(groups.names):
            rows.append({
                **about, **answer, "group": group, "base": int(found.base[g]), "count": int(found.count[g]),
                "share": found.share[g], "lo": found.lo[g], "hi": found.hi[g],
                "share_everyone": found.share[0], "difference": found.share[g] - found.share[0],
                "_size": int(groups.sizes[g]), "_asked_if": column.asked_if,
            })  # fmt: skip
    return rows
