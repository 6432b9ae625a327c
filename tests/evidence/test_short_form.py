"""The short form of a survey in which not everybody was searched."""

from __future__ import annotations

from dataclasses import replace

import carriers
import numpy as np
import pandas as pd

from typology.evidence.short_form import short_form_frame
from typology.results import DesignColumns, Item, Prepared


def test_only_the_searched_take_part() -> None:
    rng = np.random.default_rng(1)
    kinds = rng.integers(0, 2, 600)
    codes = (rng.random((600, 8)) < np.where(kinds[:, None] == 0, 0.15, 0.85)).astype(np.int16)
    ids = np.array([f"{i:03d}" for i in range(600)], dtype=object)
    prepared = Prepared(
        ids=ids,
        items=tuple(Item(f"q{j}", f"Item {j}", "binary", "", (0, 1), ("no", "yes")) for j in range(8)),
        codes=codes,
        not_asked=np.zeros(codes.shape, dtype=bool),
        gates=(),
        design=DesignColumns(None, None, None),
        group=None,
        set_aside=pd.Series(dtype=object),
        flags=pd.DataFrame(index=ids),
    )
    found = carriers.discovery(kinds, 2, xy=rng.normal(size=(600, 2)))
    searched = np.arange(0, 600, 2)
    table = short_form_frame(prepared, replace(found, sample=searched), kinds, seed=1, jobs=1)
    assert (table["base"] == len(searched)).all()
    rest = np.setdiff1d(np.arange(600), searched)
    codes[rest] = 1 - codes[rest]  # answers of the others do not matter
    again = short_form_frame(
        replace(prepared, codes=codes), replace(found, sample=searched), kinds, seed=1, jobs=1
    )
    pd.testing.assert_frame_equal(again, table)
