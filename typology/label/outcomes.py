"""Outcomes by type: how common they are, and regressions on type and covariates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from typology.label.association import side_counts
from typology.label.columns import Column, exposed_positions
from typology.label.covariates import Covariates
from typology.label.design import shares
from typology.label.groups import Groups
from typology.label.sampling import SurveyDesign
from typology.label.three_step import Basis, adjusted_types, compare_types
from typology.models.multiplicity import false_discovery
from typology.results import Floats
from typology.schema.codebook import Codebook

OUTCOMES = [
    "type", "outcome", "label", "base", "count", "prevalence", "lo", "hi", "prevalence_naive", "everyone",
    "everyone_lo", "everyone_hi", "_size", "_categories",
]  # fmt: skip
OUTCOME_MODELS = [
    "type", "outcome", "label", "adjusted_for", "base_type", "exposed_type", "base_rest", "exposed_rest",
    "prevalence_type", "prevalence_rest", "difference", "difference_lo", "difference_hi", "odds_ratio", "lo",
    "hi", "p", "q", "difference_crude", "difference_crude_lo", "difference_crude_hi", "difference_naive",
    "difference_naive_lo", "difference_naive_hi", "difference_ml", "difference_ml_lo", "difference_ml_hi",
    "_size_type", "_size_rest", "_categories",
]  # fmt: skip


def outcome_table(
    design: SurveyDesign, columns: Sequence[Column], groups: Groups, codebook: Codebook, basis: Basis
) -> pd.DataFrame:
    """Weighted prevalence of each outcome by type, with classification error taken out.

    An outcome is a variable or scale of role `outcome` with one endorsed answer, or with an `exposed`
    rule; other outcomes appear in the prevalence table only.

    Parameters
    ----------
    basis : Basis
        Everybody, as placed; `prevalence_naive` is the share among them as placed.

    Returns
    -------
    DataFrame
        One row a type and outcome. `_size` and `_categories` (the answers that count as the outcome)
        serve the disclosure check only.
    """
    rows: list[dict[str, Any]] = []
    for column, positions, answer in _outcomes(columns, codebook) if groups.types else ():
        found = shares(design, answer, groups.members)
        corrected = compare_types(design, answer, basis)
        for g, group in enumerate(groups.names):
            if group in groups.types:
                each = corrected[groups.types.index(group)]
                rows.append({
                    "type": group, "outcome": column.name, "label": column.label, "base": int(found.base[g]),
                    "count": int(found.count[g]), "prevalence": each.share[0], "lo": each.lo[0],
                    "hi": each.hi[0], "prevalence_naive": found.share[g], "everyone": found.share[0],
                    "everyone_lo": found.lo[0], "everyone_hi": found.hi[0], "_size": int(groups.sizes[g]),
                    "_categories": tuple(column.categories[i].code for i in positions),
                })  # fmt: skip
    return pd.DataFrame(rows, columns=OUTCOMES)


def outcome_models(
    design: SurveyDesign,
    columns: Sequence[Column],
    groups: Groups,
    codebook: Codebook,
    basis: Basis,
    *,
    covariates: Covariates,
    threshold: int,
) -> pd.DataFrame:
    """Regress each outcome on type and covariates: average marginal effects of a type against the rest.

    The effect is the share with the outcome if everybody were of the type, minus that if nobody were, at
    everybody's own covariates. It is a difference between groups and says nothing about one person, and
    nothing about causes.

    Parameters
    ----------
    basis : Basis
    covariates : Covariates
    threshold : int
        With fewer respondents in any cell of those with all covariates there is no estimate.

    Returns
    -------
    DataFrame
        One row a type and outcome; `difference` is the effect with classification error taken out by BCH
        weights, `_crude` without covariates, `_naive` with respondents as placed, `_ml` by maximum
        likelihood. q is Benjamini-Hochberg over all rows. Underscored columns serve the disclosure check.
    """
    rows: list[dict[str, Any]] = []
    for column, positions, answer in _outcomes(columns, codebook) if groups.types else ():
        others = covariates.without(column.name)
        adjusted = adjusted_types(design, answer, basis, others)
        crude = compare_types(design, answer, basis)
        for at, group in enumerate(groups.types):
            about = {
                "type": group, "outcome": column.name, "label": column.label,
                "adjusted_for": ", ".join(covariates.labels),
                **side_counts(answer, groups.members[:, groups.names.index(group)]),
                "_categories": tuple(column.categories[i].code for i in positions),
            }  # fmt: skip
            if basis.few(answer, at, threshold=threshold, covariates=others):
                rows.append(about)
                continue
            found = adjusted[at]
            gap = found.corrected
            told = {"": gap, "_naive": found.naive, "_ml": found.likelihood, "_crude": crude[at].corrected}
            estimates = {
                f"difference{how}{end}": value
                for how, each in told.items()
                for end, value in (
                    ("", each.difference), ("_lo", each.difference_lo), ("_hi", each.difference_hi),
                )
            }  # fmt: skip
            ratio = {"odds_ratio": gap.odds_ratio, "lo": gap.lo, "hi": gap.hi, "p": gap.p}
            averages = {"prevalence_type": found.share[0], "prevalence_rest": found.share[1]}
            rows.append({**about, **averages, **estimates, **ratio})
    table = pd.DataFrame(rows, columns=OUTCOME_MODELS)
    return table.assign(q=false_discovery(table["p"].to_numpy(dtype=float)))


def _outcomes(columns: Sequence[Column], codebook: Codebook) -> list[tuple[Column, tuple[int, ...], Floats]]:
    """Outcomes one can have or not, with the answers that count, and everybody's 1, 0 or NaN."""
    found = []
    for column in columns:
        positions = exposed_positions(column, codebook) if column.role == "outcome" else ()
        if positions:
            found.append((column, positions, column.any_of(positions)))
    return found
