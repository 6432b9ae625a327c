"""Known risk factors against types: odds ratios and prevalence differences, type against everybody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from typology.label.columns import Column, exposed_positions
from typology.label.design import Contrast, contrast, shares
from typology.label.groups import Groups
from typology.label.sampling import SurveyDesign, svy_sample
from typology.results import Bools, Floats
from typology.schema.catalogue import Catalogue, EvidenceEntry, Factor
from typology.schema.codebook import Codebook

FACTORS = [
    "type", "factor", "factor_label", "variable", "label", "domain", "base_type", "exposed_type",
    "base_rest", "exposed_rest",
    "prevalence_type", "prevalence_type_lo", "prevalence_type_hi", "prevalence_rest", "difference",
    "difference_lo", "difference_hi", "odds_ratio", "lo", "hi", "odds_ratio_whole", "odds_ratio_adjusted",
    "adjusted_lo", "adjusted_hi", "p", "q", "stands_out", "literature_lo", "literature_hi",
    "literature_source", "_size_type", "_size_rest", "_categories",
]  # fmt: skip
Q_LIMIT = 0.05
RATIO_LIMIT = 1.5
"""A factor stands out when q is below `Q_LIMIT` and the odds ratio beyond `RATIO_LIMIT` either way."""


@dataclass(frozen=True)
class Bound:
    """A variable or scale bound to a factor of the catalogue, with everybody's exposure."""

    name: str
    label: str
    factor: str
    known: Factor | None
    domain: str
    exposure: Floats
    categories: tuple[str, ...] | None

    @property
    def factor_label(self) -> str:
        """Name of what an odds ratio above one is more of; a variable may be worded the other way round."""
        return self.label if self.known is None else self.known.label


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
        about = codebook.variables.get(name) or codebook.scales[name]
        factor = about.factor or name
        known = catalogue.factors.get(factor)
        values = exposures[name].to_numpy(dtype=float)
        domain = about.domain if known is None else str(known.domain)
        categories = None if name not in by_name else _exposed_categories(by_name[name], values, codebook)
        found.append(Bound(name, about.label, factor, known, domain, values, categories))
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
    *,
    adjust_for: Mapping[str, Floats],
    threshold: int,
) -> pd.DataFrame:
    """Compare the prevalence of every factor in each type with everybody else's.

    *Rest* is everyone read with an answer who is not of the type; *whole* is everyone. Odds ratios are not
    estimable (NaN, with p and q) where nobody or everybody of one side is exposed.

    Parameters
    ----------
    adjust_for : mapping
        Dummy columns of the covariates; empty for crude odds ratios only.
    threshold : int
        A factor resting on fewer respondents in any cell never stands out: names and guidance are built
        from what stands out, and they are released.

    Returns
    -------
    DataFrame
        One row a type and factor variable; q is Benjamini-Hochberg over all estimable rows.
    """
    rows = []
    for each in bound:
        for position, name in enumerate(groups.names):
            if name in groups.types:
                members = groups.members[:, position]
                rows.append(_compare(design, each, name, members, adjust_for))
    table = pd.DataFrame(rows, columns=FACTORS)
    table["q"] = false_discovery(table["p"].to_numpy(dtype=float))
    table["stands_out"] = stands_out(table, threshold)
    order = {name: position for position, name in enumerate(groups.types)}
    return table.sort_values("type", key=lambda t: t.map(order), kind="stable", ignore_index=True)


def _compare(
    design: SurveyDesign, each: Bound, type_id: str, members: Bools, adjust_for: Mapping[str, Floats]
) -> dict[str, Any]:
    """One row: a factor in a type against the rest."""
    everyone = np.ones(design.n, dtype=bool)
    found = shares(design, each.exposure, np.column_stack([members, ~members, everyone]))
    df = design.degrees_of_freedom(np.isfinite(each.exposure))
    gap = contrast(design, found, first=0, second=1, df=df)
    adjusted = (np.nan, np.nan, np.nan)
    if adjust_for and np.isfinite(gap.odds_ratio):
        adjusted = adjusted_odds_ratio(design, each.exposure, members, adjust_for)
    low, high, source = literature(each.known)
    return {
        "type": type_id, "factor": each.factor, "factor_label": each.factor_label, "variable": each.name,
        "label": each.label,
        "domain": each.domain, "base_type": int(found.base[0]), "exposed_type": int(found.count[0]),
        "base_rest": int(found.base[1]), "exposed_rest": int(found.count[1]),
        "prevalence_type": found.share[0], "prevalence_type_lo": found.lo[0],
        "prevalence_type_hi": found.hi[0], "prevalence_rest": found.share[1],
        **_contrast_columns(gap), "odds_ratio_whole": _ratio_to_whole(found.share),
        "odds_ratio_adjusted": adjusted[0], "adjusted_lo": adjusted[1], "adjusted_hi": adjusted[2],
        "literature_lo": low, "literature_hi": high, "literature_source": source,
        "_size_type": int(members.sum()), "_size_rest": int((~members).sum()), "_categories": each.categories,
    }  # fmt: skip


def _contrast_columns(gap: Contrast) -> dict[str, float]:
    return {
        "difference": gap.difference, "difference_lo": gap.difference_lo, "difference_hi": gap.difference_hi,
        "odds_ratio": gap.odds_ratio, "lo": gap.lo, "hi": gap.hi, "p": gap.p,
    }  # fmt: skip


def _ratio_to_whole(share: Floats) -> float:
    """Odds in the type over the odds of everyone; NaN where not estimable."""
    a, whole = share[0], share[2]
    if not (0 < a < 1 and 0 < whole < 1):
        return float("nan")
    return float(a / (1 - a) / (whole / (1 - whole)))


def adjusted_odds_ratio(
    design: SurveyDesign, exposure: Floats, members: Bools, covariates: Mapping[str, Floats]
) -> tuple[float, float, float]:
    """Odds ratio of a factor by type membership, adjusted for covariates: a design-based logistic model."""
    columns = {"exposed": exposure, "member": members.astype(float), **covariates}
    sample = svy_sample(design, columns)
    terms = ["member", *covariates]
    model = sample.glm.fit(y="exposed", x=terms, family="binomial").to_polars().to_pandas().set_index("term")
    row = model.loc["member", ["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    ratio, low, high = np.exp(row)
    return float(ratio), float(low), float(high)


def false_discovery(p: Floats) -> Floats:
    """Benjamini-Hochberg q-values over all finite p-values of the family; NaN stays NaN."""
    q = np.full(p.size, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    ranked = p[order] * tested.size / np.arange(1, tested.size + 1)
    q[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q


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


def literature(factor: Factor | None) -> tuple[float, float, str]:
    """Range of the published odds ratios of a factor, and their sources.

    Only entries whose measure is an odds ratio count; each adds its interval, or its estimate when it has
    no interval.
    """
    entries = [] if factor is None else [entry for entry in factor.evidence if _is_odds_ratio(entry)]
    if not entries:
        return float("nan"), float("nan"), ""
    spans = [entry.ci or (entry.estimate, entry.estimate) for entry in entries]
    ends = [end for span in spans for end in span if end is not None]
    sources = dict.fromkeys(_cited(entry) for entry in entries)
    return float(min(ends)), float(max(ends)), "; ".join(sources)


def _is_odds_ratio(entry: EvidenceEntry) -> bool:
    words = entry.measure.casefold().replace("-", " ").split()
    named = bool({"or", "aor"} & set(words)) or "odds ratio" in entry.measure.casefold()
    return named and (entry.estimate is not None or entry.ci is not None)


def _cited(entry: EvidenceEntry) -> str:
    """Source with its year, unless it names the year itself."""
    return entry.source if str(entry.year) in entry.source else f"{entry.source} {entry.year}"
