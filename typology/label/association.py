"""Known risk factors against types: odds ratios and prevalence differences, type against everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from typology.label.characteristic import Characteristic, characteristic
from typology.label.columns import Column, exposed_positions
from typology.label.covariates import Covariates
from typology.label.design import Contrast, shares
from typology.label.groups import Groups
from typology.label.literature import agreement, literature
from typology.label.sampling import SurveyDesign
from typology.label.three_step import (
    NOT_ESTIMABLE,
    NOTHING,
    Basis,
    Comparison,
    adjusted_contrast,
    compare_types,
)
from typology.models.multiplicity import false_discovery_by_family
from typology.results import Bools, Floats
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook

FACTORS = [
    "type", "factor", "factor_label", "variable", "label", "domain", "base_type", "exposed_type",
    "base_rest", "exposed_rest",
    "prevalence_type", "prevalence_type_lo", "prevalence_type_hi", "prevalence_rest", "difference",
    "difference_lo", "difference_hi", "odds_ratio", "lo", "hi", "odds_ratio_whole",
    "difference_adjusted", "difference_adjusted_lo", "difference_adjusted_hi", "odds_ratio_adjusted",
    "adjusted_lo", "adjusted_hi", "prevalence_type_naive", "difference_naive", "odds_ratio_naive", "naive_lo",
    "naive_hi", "odds_ratio_ml", "ml_lo", "ml_hi", "p", "q", "stands_out", "agrees_direction", "agrees_size",
    "literature_lo", "literature_hi", "literature_source", "_size_type", "_size_rest", "_categories",
]  # fmt: skip
Q_LIMIT = 0.05
RATIO_LIMIT = 1.5
"""A factor stands out when q is below `Q_LIMIT` and the odds ratio beyond `RATIO_LIMIT` either way."""


@dataclass(frozen=True)
class Bound(Characteristic):
    """A variable or scale bound to a factor of the catalogue, and its answers that make up the exposed."""

    categories: tuple[str, ...] | None


def bound_exposures(
    exposures: pd.DataFrame, columns: Sequence[Column], codebook: Codebook, catalogue: Catalogue
) -> list[Bound]:
    """Pair every exposure with its factor and with the answers that count as exposed.

    Parameters
    ----------
    exposures : DataFrame
        Rows in the order of the survey's answers; 1, 0 or NaN.
    """
    by_name = {column.name: column for column in columns}
    found = []
    for name in exposures.columns:
        values = exposures[name].to_numpy(dtype=float)
        categories = None if name not in by_name else _exposed_categories(by_name[name], values, codebook)
        found.append(Bound(**vars(characteristic(name, values, codebook, catalogue)), categories=categories))
    return found


def _exposed_categories(column: Column, exposure: Floats, codebook: Codebook) -> tuple[str, ...] | None:
    """Answers that make up the exposed; None when exposure is more than a union of answers.

    Of an answer that nobody gave, the codebook's rule tells whether it belongs to them.
    """
    if not np.array_equal(np.isfinite(exposure), column.category_of >= 0):
        return None
    exposed = []
    by_rule = exposed_positions(column, codebook)
    for position, category in enumerate(column.categories):
        values = set(exposure[column.category_of == position])
        if len(values) > 1:
            return None
        exposed += [category.code] if values == {1.0} or (not values and position in by_rule) else []
    return tuple(exposed)


def factor_table(
    design: SurveyDesign,
    bound: Sequence[Bound],
    groups: Groups,
    basis: Basis,
    *,
    covariates: Covariates,
    threshold: int,
) -> pd.DataFrame:
    """Compare the prevalence of every factor in each type with everybody else's.

    *Rest* is everyone read with an answer who is not of the type; *whole* is everyone. Prevalences,
    differences and odds ratios have the classification error taken out (BCH weights); `_naive` columns
    compare respondents as placed, `_ml` columns are the maximum-likelihood correction. Odds ratios are not
    estimable (NaN, with p and q) where nobody or everybody of one side is exposed, or where the correction
    leads beyond that.

    Parameters
    ----------
    basis : Basis
        What the comparisons rest on; counts are of everybody read.
    covariates : Covariates
        None for crude comparisons only. A factor is never adjusted for itself.
    threshold : int
        A factor resting on fewer respondents in any cell never stands out: names and guidance are built
        from what stands out, and they are released.

    Returns
    -------
    DataFrame
        One row a type and factor variable; q controls false discoveries over factor variables first and then
        over the types of each (`false_discovery_by_family`).
    """
    rows = []
    for each in bound if groups.types else ():
        others = covariates.without(each.name)
        comparisons = compare_types(design, each.exposure, basis)
        for position, name in enumerate(groups.types):
            found = comparisons[position]
            adjusted = NOT_ESTIMABLE
            full = basis.inside.all() or not basis.few(each.exposure, position, threshold=threshold)
            few = basis.few(each.exposure, position, threshold=threshold, covariates=others)
            if others.shape[1] and not few:
                adjusted = adjusted_contrast(design, each.exposure, basis, position, covariates=others)
            members = groups.members[:, groups.names.index(name)]
            rows.append(_row(design, each, name, members, found if full else NOTHING, adjusted))
    table = pd.DataFrame(rows, columns=FACTORS)
    table["q"] = false_discovery_by_family(table["p"].to_numpy(dtype=float), table["variable"])
    table["stands_out"] = stands_out(table, threshold)
    order = {name: position for position, name in enumerate(groups.types)}
    return table.sort_values("type", key=lambda t: t.map(order), kind="stable", ignore_index=True)


def _row(
    design: SurveyDesign, each: Bound, type_id: str, members: Bools, found: Comparison, adjusted: Contrast
) -> dict[str, Any]:
    """One row: a factor in a type against the rest."""
    gap, naive, likelihood = found.corrected, found.naive, found.likelihood
    published = literature(each.known)
    direction, size = agreement(gap.lo, gap.hi, published)
    placed = shares(design, each.exposure, np.column_stack([members, np.ones(design.n, dtype=bool)]))
    return {
        "type": type_id, "factor": each.factor, "factor_label": each.factor_label, "variable": each.name,
        "label": each.label, "domain": each.domain, **side_counts(each.exposure, members),
        "prevalence_type": found.share[0], "prevalence_type_lo": found.lo[0],
        "prevalence_type_hi": found.hi[0], "prevalence_rest": found.share[1],
        "difference": gap.difference, "difference_lo": gap.difference_lo, "difference_hi": gap.difference_hi,
        "odds_ratio": gap.odds_ratio, "lo": gap.lo, "hi": gap.hi, "p": gap.p,
        "odds_ratio_whole": _ratio_to_whole(float(found.share[0]), float(placed.share[1])),
        "difference_adjusted": adjusted.difference, "difference_adjusted_lo": adjusted.difference_lo,
        "difference_adjusted_hi": adjusted.difference_hi, "odds_ratio_adjusted": adjusted.odds_ratio,
        "adjusted_lo": adjusted.lo, "adjusted_hi": adjusted.hi, "prevalence_type_naive": placed.share[0],
        "difference_naive": naive.difference, "odds_ratio_naive": naive.odds_ratio, "naive_lo": naive.lo,
        "naive_hi": naive.hi, "odds_ratio_ml": likelihood.odds_ratio, "ml_lo": likelihood.lo,
        "ml_hi": likelihood.hi, "agrees_direction": direction, "agrees_size": size,
        "literature_lo": published.lo, "literature_hi": published.hi, "literature_source": published.source,
        "_categories": each.categories,
    }  # fmt: skip


def side_counts(answer: Floats, members: Bools) -> dict[str, int]:
    """Respondents with an answer, and exposed ones, in a type and in the rest; and the sizes of both."""
    known = np.isfinite(answer)
    return {
        f"{what}_{side}": int(count.sum())
        for side, inside in (("type", members), ("rest", ~members))
        for what, count in (
            ("base", known & inside), ("exposed", (answer == 1) & inside), ("_size", inside),
        )
    }  # fmt: skip


def _ratio_to_whole(share: float, whole: float) -> float:
    """Odds in the type over the odds of everyone; NaN where not estimable."""
    if not (0 < share < 1 and 0 < whole < 1):
        return float("nan")
    return float(share / (1 - share) / (whole / (1 - whole)))


def stands_out(table: pd.DataFrame, threshold: int) -> pd.Series:
    """Certain enough, large enough, and resting on enough respondents in every cell."""
    cells = pd.concat(
        [
            table["exposed_type"], table["base_type"] - table["exposed_type"],
            table["exposed_rest"], table["base_rest"] - table["exposed_rest"],
        ],
        axis=1,
    )  # fmt: skip
    ratio = table["odds_ratio"].astype(float)
    large = (ratio >= RATIO_LIMIT) | (ratio <= 1 / RATIO_LIMIT)
    return (table["q"] < Q_LIMIT) & large & (cells.min(axis=1) >= threshold)
