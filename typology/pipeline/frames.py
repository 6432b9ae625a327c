"""The frames of release tables that are put together from several carriers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.disclose.rules import share_band
from typology.evidence.replicate import Replication
from typology.label.design import Shares, shares, survey_design
from typology.label.risk import Risk
from typology.models.latent import latent_correlations
from typology.pipeline.present import Presented
from typology.results import Discovery, Evidence, Labels, Prepared, Survey
from typology.schema.study import Study
from typology.survey.quality import participation

TYPE_COLUMNS = [
    "id", "name", "sentence", "n", "base", "share", "share_weighted", "lo", "hi", "core_n", "core_share",
    "core_band", "stability", "stability_lo", "stability_hi", "grade", "profile", "profile_label",
    "profile_score", "flags",
]  # fmt: skip
STRONGEST = 40


@dataclass(frozen=True)
class Found:
    """The carriers that the release tables are made from."""

    study: Study
    survey: Survey
    prepared: Prepared
    discovery: Discovery
    evidence: Evidence
    presented: Presented
    labels: Labels
    risk: Risk
    short_form: pd.DataFrame
    replication: Replication | None = None

    @property
    def threshold(self) -> int:
        """Fewest respondents under a released number."""
        return self.study.config.disclosure.threshold


def types_frame(found: Found) -> pd.DataFrame:
    """One row a presented type, with design-based intervals of its share among the clustered."""
    ids = found.presented.type_ids()
    if not ids:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in TYPE_COLUMNS})
    types, evidence, names = (
        found.presented.types,
        found.presented.evidence.types,
        found.labels.names.loc[ids],
    )
    estimates = [_share_of(found, position) for position in range(len(ids))]
    n = np.array([int(estimate.count[0]) for estimate in estimates])
    base = found.prepared.n
    core_n = np.array([int((types.core & (types.labels == position)).sum()) for position in range(len(ids))])
    # A core that is nearly nobody or nearly everybody would give the others away.
    hidden = (core_n < found.threshold) | (n - core_n < found.threshold)
    bands = [
        share_band(int(core), int(size), threshold=found.threshold)
        for core, size in zip(core_n, n, strict=True)
    ]
    published = found.study.catalogue.profiles
    return pd.DataFrame(
        {
            "id": ids,
            "name": names["name"].to_numpy(),
            "sentence": names["sentence"].to_numpy(),
            "n": n,
            "base": base,
            "share": n / base,
            "share_weighted": [float(estimate.share[0]) for estimate in estimates],
            "lo": [float(estimate.lo[0]) for estimate in estimates],
            "hi": [float(estimate.hi[0]) for estimate in estimates],
            "core_n": np.where(hidden, np.nan, core_n),
            "core_share": np.where(hidden, np.nan, core_n / np.maximum(n, 1)),
            "core_band": bands,
            "stability": evidence["jaccard"].to_numpy(),
            "stability_lo": evidence["jaccard_lo"].to_numpy(),
            "stability_hi": evidence["jaccard_hi"].to_numpy(),
            "grade": evidence["grade"].to_numpy(),
            "profile": names["profile"].to_numpy(),
            "profile_label": [published[key].label if key in published else "" for key in names["profile"]],
            "profile_score": names["profile_score"].to_numpy(),
            "flags": evidence["flags"].to_numpy(),
        }
    )[TYPE_COLUMNS]


def _share_of(found: Found, position: int) -> Shares:
    """Share of one type among the clustered, by the survey's design."""
    everyone = found.survey.answers.index
    member = pd.Series((found.presented.types.labels == position).astype(float), index=found.prepared.ids)
    answer = member.reindex(everyone).to_numpy(dtype=float)
    return shares(survey_design(found.survey), answer, np.ones((len(everyone), 1), dtype=bool))


def participation_frame(found: Found) -> pd.DataFrame:
    """Steps from read to clustered, and how many of the clustered are in no type."""
    if found.presented.n_types == 0:
        return participation(found.survey, found.prepared)
    unassigned = int((found.presented.types.labels < 0).sum())
    return participation(found.survey, found.prepared, unassigned=unassigned)


def crosswalk_frame(found: Found) -> pd.DataFrame:
    """Long form of the crosswalk of the presented types."""
    wide = found.presented.evidence.crosswalk
    rows = [
        {
            "type": name,
            "latent_class": f"C{position + 1}",
            "count": int(count),
            "base": base,
            "band": share_band(int(count), base, threshold=found.threshold),
        }
        for name, cells in zip(found.presented.type_ids(), wide.to_numpy(), strict=True)
        for base in [int(cells.sum())]
        for position, count in enumerate(cells)
    ]
    return pd.DataFrame(rows, columns=["type", "latent_class", "count", "base", "band"])


def correlations_frame(prepared: Prepared, *, threshold: int) -> pd.DataFrame:
    """Return the strongest latent correlations between ordered items, strongest first."""
    ordered = [j for j, item in enumerate(prepared.items) if item.level != "nominal"]
    r, base = latent_correlations(prepared.codes[:, ordered])
    rows, columns = np.triu_indices(len(ordered), k=1)
    usable = np.isfinite(r[rows, columns]) & (base[rows, columns] >= threshold)
    pairs = sorted(
        zip(rows[usable].tolist(), columns[usable].tolist(), strict=True),
        key=lambda pair: -abs(r[pair]),
    )[:STRONGEST]
    items = [prepared.items[j] for j in ordered]
    return pd.DataFrame(
        [
            {
                "item_a": items[a].name,
                "item_b": items[b].name,
                "label_a": items[a].label,
                "label_b": items[b].label,
                "base": int(base[a, b]),
                "r": round(float(r[a, b]), 3),
            }
            for a, b in pairs
        ],
        columns=["item_a", "item_b", "label_a", "label_b", "base", "r"],
    )
