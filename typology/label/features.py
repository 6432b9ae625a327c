"""What sets a type apart, in an order of priority: the raw material of names, sentences and guidance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook

ITEM_DIFFERENCE = 0.10
"""An item sets a type apart when its share differs from everyone's by at least this much."""


@dataclass(frozen=True)
class Features:
    """Labels of what is more and less common in a type, strongest first.

    Attributes
    ----------
    more, less : tuple of str
        Risk factors that stand out.
    more_items, less_items : tuple of str
        Endorsed answers to typology items that differ most from everyone's (effect sizes, never tested).
    factors : tuple of str
        Names of the factors behind `more`.
    """

    more: tuple[str, ...]
    less: tuple[str, ...]
    more_items: tuple[str, ...]
    less_items: tuple[str, ...]
    factors: tuple[str, ...]


def features_of(
    type_id: str, factors: pd.DataFrame, prevalence: pd.DataFrame, catalogue: Catalogue, *, threshold: int
) -> Features:
    """Collect what sets one type apart.

    Parameters
    ----------
    factors : DataFrame
        Of all types, raw.
    prevalence : DataFrame
        From `telling_answers`.
    threshold : int
        Items resting on fewer respondents are left out: names are released.
    """
    rows = factors[(factors["type"] == type_id) & factors["stands_out"]]
    strength = rows["odds_ratio"].astype(float).map(np.log)
    # by the end of the interval nearer to one: what is both large and sure comes first in most resamples too
    sure = rows["lo"].where(strength > 0, rows["hi"]).astype(float).map(np.log)
    rows = rows.assign(strength=strength, size=sure.abs())
    rows = rows.sort_values(["size", "variable"], ascending=[False, True]).drop_duplicates("factor")
    high, low = rows[rows["strength"] > 0], rows[rows["strength"] < 0]
    more_items, less_items = _items(type_id, prevalence, threshold)
    return Features(
        more=_labels(high, catalogue),
        less=_labels(low, catalogue),
        more_items=more_items,
        less_items=less_items,
        factors=tuple(high["factor"]),
    )


def telling_answers(prevalence: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Answers to typology items by which a type can be told in a sentence.

    Of a yes/no item the endorsed answer, of an ordered item the highest one ("never" and the steps between
    say nothing in a list of what is more or less common), of a nominal item every answer.
    """
    rows = prevalence[prevalence["role"] == "typology"]
    place = rows.groupby(["variable", "group"], sort=False).cumcount()
    last = place.groupby([rows["variable"], rows["group"]]).transform("max")
    about = {
        name: codebook.variables[name] for name in rows["variable"].unique() if name in codebook.variables
    }
    ordered = rows["variable"].map(lambda name: name in about and about[name].type in ("ordinal", "numeric"))
    reverse = rows["variable"].map(lambda name: name in about and about[name].reverse)
    highest = place == last.where(~reverse.astype(bool), 0)
    has_endorsed = rows.groupby("variable")["endorsed"].transform("any").astype(bool)
    plain = ~has_endorsed & (~ordered.astype(bool) | highest)
    return rows[rows["endorsed"].astype(bool) | plain]


def _labels(rows: pd.DataFrame, catalogue: Catalogue) -> tuple[str, ...]:
    """Catalogue labels of the factors; the variable's own label when the catalogue has none."""
    known = catalogue.factors
    pairs = zip(rows["factor"], rows["label"], strict=True)
    return tuple(known[factor].label if factor in known else label for factor, label in pairs)


def _items(type_id: str, prevalence: pd.DataFrame, threshold: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Typology items that set the type apart, one answer each."""
    rows = prevalence[prevalence["group"] == type_id]
    enough = (rows["count"] >= threshold) & (rows["base"] - rows["count"] >= threshold)
    rows = rows[enough]
    rows = rows.assign(size=rows["difference"].abs())
    rows = rows[rows["size"] >= ITEM_DIFFERENCE]
    rows = rows.sort_values(["size", "variable"], ascending=[False, True]).drop_duplicates("variable")
    quoted = rows["label"] + " (\u201c" + rows["category_label"] + "\u201d)"
    text = rows["label"].where(rows["endorsed"], quoted)
    more = rows["difference"] > 0
    return tuple(text[more]), tuple(text[~more])


def lower_first(text: str) -> str:
    """Lower the first letter inside a sentence, but leave abbreviations such as CES-D alone."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def listed(texts: Sequence[str]) -> str:
    """Join as in a sentence: "a, b and c"."""
    words = [lower_first(text) for text in texts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
