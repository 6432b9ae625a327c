"""Planted surveys as the discovery stage reads them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.results import DesignColumns, Gate, Item, Prepared
from typology.simulate.planted import PlantedSurvey

COUNT_CUTS = (1, 2, 4)


def prepared(survey: PlantedSurvey) -> Prepared:
    """Encode a planted survey: counts in bands, duplicates and routing marked as the intake would."""
    codes = survey.codes.copy()
    items = []
    for j, level in enumerate(survey.levels):
        if level == "count":
            banded = np.searchsorted(COUNT_CUTS, codes[:, j], side="right")
            codes[:, j] = np.where(codes[:, j] >= 0, banded, -1)
        observed = np.unique(codes[codes[:, j] >= 0, j])
        codes[:, j] = np.where(codes[:, j] >= 0, np.searchsorted(observed, codes[:, j]), -1)
        kind = {"binary": "binary", "nominal": "nominal"}.get(level, "ordinal")
        labels = tuple(str(value) for value in observed)
        items.append(Item(f"item{j + 1:03d}", f"Item {j + 1}", kind, "", tuple(observed), labels))
    not_asked = np.zeros(codes.shape, dtype=bool)
    for item, gate in survey.routed.items():
        not_asked[codes[:, gate] != 1, item] = True
    ids = np.array([f"{i:06d}" for i in range(len(codes))], dtype=object)
    rows = pd.DataFrame(codes)
    repeated = rows.duplicated(keep=False).to_numpy() & (codes > 0).any(axis=1)
    return Prepared(
        ids=ids,
        items=tuple(items),
        codes=codes.astype(np.int16),
        not_asked=not_asked,
        gates=tuple(Gate(item, gate, (1,)) for item, gate in survey.routed.items()),
        design=DesignColumns(None, None, None),
        group=survey.group,
        set_aside=pd.Series(dtype=object),
        flags=pd.DataFrame({"duplicate_answers": repeated}, index=ids),
    )
