"""Release tables from the carriers: raw, with their counts, on the way to disclosure control.

Every table exists in every run; where the verdict is not ``types`` those about types have no rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.label.design import Shares, shares, survey_design
from typology.models.latent import latent_correlations
from typology.pipeline.pictures import density, severity_bands
from typology.pipeline.present import Presented
from typology.results import Discovery, Evidence, Labels, Prepared, ReleaseTable, Survey
from typology.schema.study import Study
from typology.survey.quality import missingness, participation, quality_measures

TYPE_COLUMNS = [
    "id", "name", "sentence", "n", "base", "share", "share_weighted", "lo", "hi", "core_n", "core_share",
    "stability", "stability_lo", "stability_hi", "grade", "profile", "profile_score", "flags",
]  # fmt: skip
_INTERVAL = ("lo", "hi")
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

    @property
    def threshold(self) -> int:
        """Fewest respondents under a released number."""
        return self.study.config.disclosure.threshold


def release_tables(found: Found) -> list[ReleaseTable]:
    """Build all release tables.

    Parameters
    ----------
    found : Found

    Returns
    -------
    list of ReleaseTable
        Not yet disclosure-checked.
    """
    return [*_about_types(found), *_about_answers(found), *_about_evidence(found), *_about_pictures(found)]


def _about_types(found: Found) -> list[ReleaseTable]:
    """Types, what marks them, and what follows from it."""
    labels = found.labels
    exposed = ("prevalence_type", "prevalence_type_lo", "prevalence_type_hi", "prevalence_rest")
    compared = (
        "difference",
        "difference_lo",
        "difference_hi",
        "odds_ratio",
        *_INTERVAL,
        "p",
        "q",
        "stands_out",
    )
    return [
        ReleaseTable(
            name="types",
            title="Types by weighted size",
            frame=types_frame(found),
            keys=("id", "name", "sentence", "grade", "profile", "profile_score", "flags"),
            counts=(("n", "base"),),
            values=("share", "share_weighted", *_INTERVAL, "core_n", "core_share"),
        ),
        ReleaseTable(
            name="factors",
            title="Risk factors of each type against everybody else",
            frame=labels.factors,
            keys=_keys(labels.factors, "type", "factor", "variable", "label", "domain"),
            counts=(("exposed_type", "base_type"), ("exposed_rest", "base_rest")),
            values=_present(labels.factors, *exposed, *compared),
        ),
        ReleaseTable(
            name="outcomes",
            title="Outcomes of each type, corrected for classification error",
            frame=labels.outcomes,
            keys=_keys(labels.outcomes, "type", "outcome", "label"),
            counts=(("count", "base"),),
            values=_present(labels.outcomes, "prevalence", *_INTERVAL),
        ),
        _plain("guidance", "Practice statements by type and audience", labels.guidance),
        _plain("naming", "How each type got its name", labels.trace),
    ]


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
            "stability": evidence["jaccard"].to_numpy(),
            "stability_lo": evidence["jaccard_lo"].to_numpy(),
            "stability_hi": evidence["jaccard_hi"].to_numpy(),
            "grade": evidence["grade"].to_numpy(),
            "profile": names["profile"].to_numpy(),
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


def _about_answers(found: Found) -> list[ReleaseTable]:
    """Who answered what."""
    prevalence = found.labels.prevalence
    measures, missing = quality_measures(found.survey), missingness(found.survey)
    return [
        ReleaseTable(
            name="participation",
            title="From respondents read to respondents in types",
            frame=_participation(found),
            keys=("step", "note"),
            counts=((None, "n"),),
        ),
        ReleaseTable(
            name="missingness",
            title="Answers, and why there is none, by variable",
            frame=missing,
            keys=("variable", "label", "role", "kind"),
            counts=(("n", "base"),),
            values=("share",),
            margins=(("kind",),),
        ),
        ReleaseTable(
            name="prevalence",
            title="Answers of everyone and of each type, weighted",
            frame=prevalence,
            keys=_keys(
                prevalence,
                "variable",
                "label",
                "role",
                "domain",
                "category",
                "category_label",
                "endorsed",
                "group",
            ),
            counts=(("count", "base"),),
            values=_present(prevalence, "share", *_INTERVAL, "difference"),
            margins=(("category", "category_label", "endorsed"), ("group",)),
        ),
        ReleaseTable(
            name="quality",
            title="Answering patterns worth knowing before any clustering",
            frame=measures,
            keys=("measure",),
            counts=(("n", "base"),),
            values=("share",),
        ),
    ]


def _participation(found: Found) -> pd.DataFrame:
    """Steps from read to clustered, and how many of the clustered are in no type."""
    if found.presented.n_types == 0:
        return participation(found.survey, found.prepared)
    unassigned = int((found.presented.types.labels < 0).sum())
    return participation(found.survey, found.prepared, unassigned=unassigned)


def _about_evidence(found: Found) -> list[ReleaseTable]:
    """What speaks for and against types. Nothing in these tables is about a group of respondents, bar one."""
    evidence, crosswalk = found.evidence, _crosswalk(found)
    return [
        _plain("evidence", "Observed statistics and their null distributions", evidence.statistics),
        _plain("candidates", "Candidate numbers of types and how the choice fell", found.discovery.selection),
        _plain("runs", "Single UMAP and HDBSCAN runs", found.discovery.runs),
        _plain("latent_classes", "Latent-class models as a rival", evidence.fit),
        _plain("power", "How often types of this clearness would be found", evidence.power),
        ReleaseTable(
            name="crosswalk",
            title="Types against latent classes",
            frame=crosswalk,
            keys=("type", "latent_class"),
            counts=(("count", "base"),),
            margins=(("latent_class",),),
        ),
    ]


def _crosswalk(found: Found) -> pd.DataFrame:
    """Long form of the crosswalk of the presented types."""
    wide = found.presented.evidence.crosswalk
    ids = found.presented.type_ids()
    rows = [
        {
            "type": name,
            "latent_class": f"C{position + 1}",
            "count": int(count),
            "base": int(wide.iloc[row].sum()),
        }
        for row, name in enumerate(ids)
        for position, count in enumerate(wide.iloc[row])
    ]
    return pd.DataFrame(rows, columns=["type", "latent_class", "count", "base"])


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


def _about_pictures(found: Found) -> list[ReleaseTable]:
    """What the map and the figures about severity show."""
    types = found.presented.types
    return [
        ReleaseTable(
            name="map_density",
            title="Respondents by hexagon of the map, small ones left out",
            frame=density(types, threshold=found.threshold),
            keys=("hex_x", "hex_y", "type"),
            counts=((None, "n"),),
        ),
        ReleaseTable(
            name="severity",
            title="Respondents by band of severity",
            frame=severity_bands(found.discovery, threshold=found.threshold),
            keys=("band",),
            counts=(("n", "base"),),
            values=("share",),
            margins=(("band",),),
        ),
        ReleaseTable(
            name="correlations",
            title="Items that go together: strongest latent correlations",
            frame=correlations_frame(found.prepared, threshold=found.threshold),
            keys=("item_a", "item_b", "label_a", "label_b"),
            counts=((None, "base"),),
            values=("r",),
        ),
    ]


def _plain(name: str, title: str, frame: pd.DataFrame) -> ReleaseTable:
    """Table without respondents under its numbers."""
    return ReleaseTable(name=name, title=title, frame=frame.reset_index(drop=True), keys=tuple(frame.columns))


def _keys(frame: pd.DataFrame, *names: str) -> tuple[str, ...]:
    """Key columns: these, and the literature's, which come from publications and not from respondents."""
    published = [name for name in frame.columns if name.startswith("literature_")]
    return (*names, *published)


def _present(frame: pd.DataFrame, *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if name in frame.columns)
