"""Best-practice statements for the factors that stand out in each type."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from typology.label.features import Features
from typology.schema.catalogue import Catalogue

GUIDANCE = ["type", "factor", "audience", "statement", "source"]
AUDIENCES = 3


def guidance_table(features: Mapping[str, Features], catalogue: Catalogue) -> pd.DataFrame:
    """Choose up to three audiences per type.

    Factors are visited in the order in which they stand out, each offering one audience that has not been
    served yet, then round again: three audiences are served by three factors where possible. A type in
    which no factor is more common gets no guidance.

    Returns
    -------
    DataFrame
        type, factor, audience, statement, source.
    """
    rows = [row for type_id, about in features.items() for row in _of_type(type_id, about, catalogue)]
    return pd.DataFrame(rows, columns=GUIDANCE)


def _of_type(type_id: str, about: Features, catalogue: Catalogue) -> list[tuple[str, str, str, str, str]]:
    served: dict[str, tuple[str, str, str, str, str]] = {}
    said: set[str] = set()
    for _ in range(AUDIENCES):
        for factor in about.factors:
            offers = [
                (audience, advice)
                for audience, all_advice in catalogue.guidance.get(factor, {}).items()
                for advice in all_advice
                if audience not in served and advice.statement not in said
            ]
            if offers and len(served) < AUDIENCES:
                audience, advice = offers[0]
                served[audience] = (type_id, factor, audience, advice.statement, advice.source)
                said.add(advice.statement)
    return list(served.values())
