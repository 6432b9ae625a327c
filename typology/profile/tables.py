"""Release tables made readable: numbers with their intervals, suppressed cells with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.linkage_tables import (
    by_subject,
    correction_table,
    literature_table,
    outcome_models_table,
    outcome_words_table,
)
from typology.profile.panels import supported_guidance, tidy_prevalence
from typology.profile.provenance import provenance
from typology.profile.quality_tables import (
    participation_table,
    quality_table,
    reliability_table,
    scale_items_table,
    sensitivity_table,
)
from typology.profile.released import (
    EVERYONE,
    Summary,
    Tables,
    as_truth,
    numbers,
    sizes_rounded,
    table,
    texts,
    with_profile_label,
)
from typology.profile.risk_analysis import (
    risk_characteristics_table,
    risk_dose_table,
    risk_model_table,
)
from typology.profile.risk_tables import outcome_table, risk_table
from typology.profile.short_form import short_form_table
from typology.profile.wording import core_text, known

__all__ = [
    "Notice",
    "TableView",
    "candidates_table",
    "correction_table",
    "fit_table",
    "guidance_table",
    "literature_table",
    "naming_table",
    "outcome_models_table",
    "outcome_table",
    "outcome_words_table",
    "participation_table",
    "power_table",
    "prevalence_table",
    "quality_table",
    "reliability_table",
    "risk_characteristics_table",
    "risk_dose_table",
    "risk_model_table",
    "risk_table",
    "scale_items_table",
    "sensitivity_table",
    "short_form_table",
    "types_table",
]


CRITERIA = ("log_likelihood", "parameters", "bic", "adjusted_bic")
SCORED = "profile scored"
PLAIN = ("", "Yes", "yes", "Exposed")


ROLES = {"typology": "Items of the typology", "risk": "Risk factors", "outcome": "Outcomes"}


def prevalence_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how common each experience is among everyone, weighted, with its interval."""
    frame = tidy_prevalence(tables)
    frame = frame[(frame["group"] == EVERYONE) & frame["endorsed"] & frame["role"].isin(list(ROLES))]
    if frame.empty:
        return Notice("The codebook of this survey names no answer that counts as endorsed.")
    order = {role: i for i, role in enumerate(ROLES)}
    frame = numbers(frame.assign(order=frame["role"].map(order)), "base")
    frame = frame.sort_values("order", kind="stable")
    threshold = provenance(summary).threshold
    rows = tuple(_prevalence_row(r, threshold=threshold) for r in frame.to_dict("records"))
    header = ("Part of the survey", "Experience", "Everyone", "95% interval")
    note = cells.reasons(list(frame["suppressed"]), summary)
    caption = "Share of all respondents, weighted"
    return TableView(caption, header, rows, frozenset({2, 3}), note, grouped=True)


_PERCENT = 0.01


def _prevalence_row(r: Mapping[Any, Any], *, threshold: int) -> tuple[str, ...]:
    """One experience, with as many decimals as the release table carries."""
    # disclosure control brings SciPy and pydantic along, and this is the only table that needs its rule
    from typology.disclose.rules import whole_step

    places = int(whole_step(r["base"], threshold=threshold) < _PERCENT) if known(r["base"]) else None
    return (
        ROLES[r["role"]],
        r["label"] if r["category_label"] in PLAIN else f"{r['label']}: {r['category_label']}",
        cells.WITHHELD if r["suppressed"] else cells.share(r["share"], decimals=places),
        cells.interval(r["lo"], r["hi"], decimals=places),
    )


def types_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the types with size, stability and closest published profile."""
    frame = table(tables, "types", columns=["id", "name"])
    if frame.empty:
        return Notice("There are no types to list.", skip=True)
    about = "about " if sizes_rounded(tables) else ""
    frame = with_profile_label(texts(frame, "id", "name", "grade"))
    frame = numbers(frame, "n", "share_weighted", "lo", "hi", "core_share", "stability", "profile_score")
    rows = tuple(
        (
            r["id"],
            r["name"],
            about + cells.count(r["n"]) if known(r["n"]) else cells.EMPTY,
            cells.share(r["share_weighted"]),
            cells.interval(r["lo"], r["hi"]),
            core_text(r["core_share"], r["core_band"]) or cells.EMPTY,
            cells.fixed(r["stability"]),
            r["grade"] or cells.EMPTY,
            cells.profile_match(r["profile_label"], r["profile_score"]),
        )
        for r in frame.to_dict("records")
    )
    header = (
        "Type",
        "Name",
        "n",
        "Share",
        "95% interval",
        "Core",
        "Jaccard",
        "Stability",
        "Published profile",
    )
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Size, stability and closest published profile of each type",
        header,
        rows,
        frozenset({2, 3, 4, 5, 6}),
        note,
    )


def fit_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the fit of latent-class models with 1, 2, ... classes: the rival method."""
    del summary
    columns = ["log_likelihood", "aic", "bic", "abic", "entropy", "smallest_share"]
    frame = numbers(table(tables, "latent_classes", columns=["classes"]), "classes", *columns)
    if frame.empty:
        return Notice("This run holds no latent-class models.")
    best = frame["bic"].min()
    rows = tuple(
        (
            cells.count(r["classes"]),
            *[cells.fixed(r[c], digits=0) for c in columns[:2]],
            cells.fixed(r["bic"], digits=0) + (" (lowest)" if r["bic"] == best else ""),
            cells.fixed(r["abic"], digits=0),
            cells.fixed(r["entropy"]),
            cells.share(r["smallest_share"]),
        )
        for r in frame.to_dict("records")
    )
    header = ("Classes", "Log-likelihood", "AIC", "BIC", "aBIC", "Entropy", "Smallest class")
    return TableView("Latent-class models of the same answers", header, rows, frozenset(range(7)))


def candidates_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the numbers of types that were weighed, and the one chosen; without types, the best candidate."""
    chosen = "Chosen" if summary["verdict"] == "types" else "Best candidate, not reported"
    frame = table(tables, "candidates", columns=["n_types", "severity", "chosen"])
    if frame.empty:
        return Notice("This run holds no table of candidate solutions.")
    frame = numbers(frame, "n_types", *CRITERIA, "smallest_share", "distance")
    rows = tuple(
        (
            cells.count(r["n_types"]),
            "yes" if r["severity"] else "no",
            *[cells.fixed(r[name], digits=0) for name in CRITERIA],
            cells.share(r["smallest_share"]),
            cells.fixed(r["distance"], digits=1),
            "yes" if r["chosen"] else "",
        )
        for r in frame.assign(severity=as_truth(frame["severity"]), chosen=as_truth(frame["chosen"])).to_dict(
            "records"
        )
    )
    header = ("Types", "Degree inside", "Log-likelihood", "Parameters", "BIC", "Adjusted BIC",
              "Smallest type", "Beyond surveys without types (SD)", chosen)  # fmt: skip
    note = (
        "Only the best solution of each kind, with and without differences of degree inside types, is "
        "compared with surveys without types."
    )
    return TableView("Candidate numbers of types", header, rows, frozenset({0, 2, 3, 4, 5, 6, 7}), note)


def power_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how likely types of a given distinctness would have been found in this very survey."""
    del summary
    columns = ["separation", "odds_ratio", "ari", "share_found"]
    frame = numbers(table(tables, "power", columns=columns), *columns)
    if frame.empty:
        return Notice("How distinct types would have to be was not simulated in this run.", skip=True)
    rows = tuple(
        (
            cells.fixed(r["odds_ratio"], digits=1),
            cells.fixed(r["separation"]),
            cells.fixed(r["ari"]),
            cells.share(r["share_found"]),
        )
        for r in frame.to_dict("records")
    )
    return TableView(
        "Had there been types, would they have been found?",
        (
            "Odds of a typical item differ between two types by a factor of",
            "Standard deviation of log odds",
            "Respondents' types recovered (adjusted Rand index)",
            "Chance to be found",
        ),
        rows,
        frozenset({0, 1, 2, 3}),
        "Types as many and as large as the candidates, planted into simulated surveys of this size with the "
        "same margins, differences in degree, gaps and routing, and judged by the rule of the verdict.",
    )


def naming_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List why each type bears its name."""
    del summary
    frame = texts(table(tables, "naming", columns=["type", "step", "detail"]), "type", "step", "detail")
    if frame.empty:
        return Notice("There are no types to name.", skip=True)
    frame = frame[(frame["type"] != EVERYONE) & (frame["step"] != SCORED)]
    types = texts(table(tables, "types", columns=["id", "name"]), "id", "name")
    named = {r["id"]: f"{r['id']} {r['name']}" for r in types.to_dict("records")}
    frame = by_subject(frame, "type")
    rows = tuple((named.get(r["type"], r["type"]), r["step"], r["detail"]) for r in frame.to_dict("records"))
    note = "The scores of all published profiles are in the table \u201cnaming\u201d of the release."
    return TableView("Steps of naming", ("Type", "Step", "Detail"), rows, note=note, grouped=True)


def guidance_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List what practice can do about each type, with the finding and the source it follows from."""
    del summary
    frame = supported_guidance(tables)
    if frame.empty:
        return Notice(
            "There is no guidance by type: it follows from the factors that mark a type.", skip=True
        )
    types = texts(table(tables, "types", columns=["id", "name"]), "id", "name")
    named = {r["id"]: f"{r['id']} {r['name']}" for r in types.to_dict("records")}
    rows = tuple(
        (
            named.get(r["type"], r["type"]),
            str(r["audience"]).capitalize(),
            r["statement"],
            f"{r['finding']}. Source: {r['source']}",
        )
        for r in frame.to_dict("records")
    )
    return TableView(
        "Statements for practice, by type and audience", ("Type", "For", "Statement", "Follows from"), rows,
        note="Odds ratios against all other respondents, with 95% intervals.", grouped=True,
    )  # fmt: skip
