"""Release tables from the carriers: raw, with their counts, on the way to disclosure control.

Every table exists in every run; where the verdict is not ``types`` those about types have no rows.
"""

from __future__ import annotations

import pandas as pd

from typology.disclose import protect
from typology.evidence import sensitivity
from typology.pipeline.frames import (
    Found,
    correlations_frame,
    crosswalk_frame,
    participation_frame,
    types_frame,
)
from typology.pipeline.pictures import density, severity_bands
from typology.pipeline.replication import replication_tables
from typology.pipeline.risk_tables import risk_tables
from typology.results import Bools, ReleaseTable
from typology.survey.quality import missingness, missingness_by_group, quality_measures
from typology.survey.reliability import item_statistics, scale_reliabilities

_INTERVAL = ("lo", "hi")
_RELIABILITY = ("alpha", "alpha_lo", "alpha_hi", "omega", "omega_lo", "omega_hi")
_SIDES = (("exposed_type", "base_type"), ("exposed_rest", "base_rest"))


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
    return [
        *_about_types(found),
        *risk_tables(found.risk),
        *replication_tables(
            found.survey, found.prepared, found.presented, found.replication, threshold=found.threshold
        ),
        *_about_answers(found),
        *_about_evidence(found),
        *_about_pictures(found),
    ]


def _about_types(found: Found) -> list[ReleaseTable]:
    """Types, what marks them, and what follows from it."""
    labels = found.labels
    return [
        ReleaseTable(
            name="types",
            title="Types by weighted size",
            frame=types_frame(found),
            keys=(
                "id",
                "name",
                "sentence",
                "core_band",
                "grade",
                "profile",
                "profile_label",
                "profile_score",
                "flags",
            ),
            counts=(("n", "base"),),
            values=("share", "share_weighted", *_INTERVAL, "core_n", "core_share"),
        ),
        _factors(labels.factors),
        _outcomes(labels.outcomes),
        _outcome_models(labels.outcome_models),
        _plain("guidance", "Practice statements by type and audience", labels.guidance),
        _plain("naming", "How each type got its name", labels.trace),
    ]


def shown_rows(
    prevalence: pd.DataFrame, factors: pd.DataFrame, outcomes: pd.DataFrame, *, threshold: int
) -> tuple[Bools, Bools]:
    """Which rows of the prevalences and factors disclosure control is going to show."""
    safe, _ = protect([_prevalence(prevalence), _factors(factors), _outcomes(outcomes)], threshold=threshold)
    shown, shown_factors = (table.frame["suppressed"].eq("").to_numpy(dtype=bool) for table in safe[:2])
    return shown, shown_factors


def _factors(frame: pd.DataFrame) -> ReleaseTable:
    return ReleaseTable(
        name="factors",
        title="Risk factors of each type against everybody else",
        frame=frame,
        keys=_keys(frame, "type", "factor", "factor_label", "variable", "label", "domain"),
        counts=_SIDES,
        values=_estimates(frame),
    )


def _outcomes(frame: pd.DataFrame) -> ReleaseTable:
    return ReleaseTable(
        name="outcomes",
        title="Outcomes of each type, beside everyone's",
        frame=frame,
        keys=_keys(frame, "type", "outcome", "label"),
        counts=(("count", "base"),),
        values=_present(frame, "prevalence", *_INTERVAL, "prevalence_naive"),
    )


def _outcome_models(frame: pd.DataFrame) -> ReleaseTable:
    return ReleaseTable(
        name="outcome_models",
        title="Outcomes regressed on type: average marginal effects against everybody else",
        frame=frame,
        keys=_keys(frame, "type", "outcome", "label", "adjusted_for"),
        counts=_SIDES,
        values=_estimates(frame),
    )


def _estimates(frame: pd.DataFrame) -> tuple[str, ...]:
    """Columns that compare a type with the rest: all but names, counts and what only serves the check."""
    kinds = ("prevalence_", "difference", "odds_ratio", "naive_", "ml_", "agrees_")
    others = (*_INTERVAL, "adjusted_lo", "adjusted_hi", "p", "q", "stands_out")
    return tuple(name for name in frame.columns if name.startswith(kinds) or name in others)


def _prevalence(frame: pd.DataFrame) -> ReleaseTable:
    about = ("variable", "label", "role", "domain", "category", "category_label", "endorsed", "group")
    return ReleaseTable(
        name="prevalence",
        title="Answers of everyone and of each type, weighted",
        frame=frame,
        keys=_keys(frame, *about),
        counts=(("count", "base"),),
        values=_present(frame, "share", *_INTERVAL, "difference"),
        margins=(("category", "category_label", "endorsed"), ("group",)),
    )


def _about_answers(found: Found) -> list[ReleaseTable]:
    """Who answered what."""
    measures, missing = quality_measures(found.survey), missingness(found.survey)
    scales = scale_reliabilities(found.survey, seed=found.study.config.seed)
    return [
        ReleaseTable(
            name="participation",
            title="From respondents read to respondents in types",
            frame=participation_frame(found),
            keys=("step", "note"),
            counts=((None, "n"),),
        ),
        ReleaseTable(
            name="missingness",
            title="Answers, and why there is none, by variable; reasons of a few are left out",
            frame=missing,
            keys=("variable", "label", "role", "kind"),
            counts=(("n", "base"),),
            values=("share",),
            margins=(("kind",),),
        ),
        _prevalence(found.labels.prevalence),
        ReleaseTable(
            name="quality",
            title="Answering patterns worth knowing before any clustering",
            frame=measures,
            keys=("measure",),
            counts=(("n", "base"),),
            values=("share",),
        ),
        ReleaseTable(
            name="missingness_groups",
            title="Answers, and why there is none, by variable and group; reasons of a few are left out",
            frame=missingness_by_group(found.survey),
            keys=("variable", "label", "role", "group", "kind"),
            counts=((None, "n"),),
            values=("base", "share"),
        ),
        ReleaseTable(
            name="scales",
            title="Reliability of the scales, over respondents who answered every item",
            frame=scales.round(dict.fromkeys(_RELIABILITY, 3)),
            keys=("scale", "label", "items"),
            counts=((None, "scored"), (None, "n")),
            values=_RELIABILITY,
        ),
        ReleaseTable(
            name="scale_items",
            title="Correlation of each item with the rest of its scale",
            frame=item_statistics(found.survey).round({"r": 3}),
            keys=("scale", "item", "label", "keyed"),
            counts=((None, "n"),),
            values=("r",),
        ),
    ]


def _about_evidence(found: Found) -> list[ReleaseTable]:
    """What speaks for and against types. Nothing in these tables is about a group of respondents, bar one."""
    evidence, crosswalk = found.evidence, crosswalk_frame(found)
    return [
        _plain("evidence", "Observed statistics and their null distributions", evidence.statistics),
        _plain("candidates", "Candidate numbers of types and how the choice fell", found.discovery.selection),
        _plain("runs", "Single UMAP and HDBSCAN runs", found.discovery.runs),
        ReleaseTable(
            name="short_form",
            title="Fewest items that tell the types apart, by agreement on held-out respondents",
            frame=found.short_form,
            keys=("k", "item", "label"),
            counts=((None, "base"),),
            values=("kappa", *_INTERVAL),
        ),
        _plain("latent_classes", "Latent-class models as a rival", evidence.fit),
        _plain("power", "How often types of this clearness would be found", evidence.power),
        ReleaseTable(
            name="crosswalk",
            title="Types against latent classes",
            frame=crosswalk,
            keys=("type", "latent_class", "band"),
            counts=(("count", "base"),),
            margins=(("latent_class",),),
        ),
        ReleaseTable(
            name="sensitivity",
            title="The types beside those from complete cases and from multiple imputation",
            frame=evidence.sensitivity.reindex(columns=sensitivity.COLUMNS),
            keys=("analysis", "note"),
            counts=(("n", "base"),),
            values=("ari", "profile_r"),
        ),
    ]


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
