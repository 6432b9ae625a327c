"""Release tables made readable: numbers with their intervals, suppressed cells with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typology.profile.display import Notice, TableView
from typology.profile.panels import tidy_factors, tidy_prevalence
from typology.profile.provenance import provenance
from typology.profile.released import EVERYONE, Summary, Tables, numbers, table, texts
from typology.profile.wording import known, p_value, percent, percent_interval, points, ratio, why_suppressed

__all__ = ["Notice", "TableView"]

EMPTY = "–"
WITHHELD = "withheld"


def _count(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if known(value) else EMPTY


def _fixed(value: float, *, digits: int = 2) -> str:
    return f"{value:.{digits}f}" if known(value) else EMPTY


def _share(value: float) -> str:
    return percent(value) if known(value) else EMPTY


def _interval(lo: float, hi: float) -> str:
    return percent_interval(lo, hi) if known(lo, hi) else EMPTY


def _reasons(rules: list[str], summary: Summary) -> str:
    threshold = provenance(summary).threshold
    told = sorted({why_suppressed(rule, threshold=threshold) for rule in rules if rule})
    return f"Withheld: {'; '.join(told)}." if told else ""


def participation_table(tables: Tables, summary: Summary) -> TableView:
    """Who took part, who was set aside and why, who was clustered."""
    frame = texts(numbers(table(tables, "participation", columns=["step", "n"]), "n"), "step", "note")
    rows = tuple(
        (r["step"], WITHHELD if r["suppressed"] else _count(r["n"]), r["note"])
        for r in frame.to_dict("records")
    )
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Respondents from survey file to types", ("Step", "n", "Note"), rows, frozenset({1}), note
    )


def quality_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """How careful the answers look."""
    frame = numbers(
        texts(table(tables, "quality", columns=["measure", "n"]), "measure"), "n", "base", "share"
    )
    if frame.empty:
        return Notice("This run holds no measures of answer quality.")
    rows = tuple(
        (r["measure"], WITHHELD, EMPTY)
        if r["suppressed"]
        else (r["measure"], _count(r["n"]), _share(r["share"]))
        for r in frame.to_dict("records")
    )
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Signs of hasty or uniform answering", ("Sign", "n", "Share"), rows, frozenset({1, 2}), note
    )


ROLES = {"typology": "items of the typology", "risk": "risk factors", "outcome": "outcomes"}


def prevalence_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how common each experience is among everyone, weighted, with its interval."""
    frame = tidy_prevalence(tables)
    frame = frame[(frame["group"] == EVERYONE) & frame["endorsed"] & frame["role"].isin(list(ROLES))]
    if frame.empty:
        return Notice("The codebook of this survey names no answer that counts as endorsed.")
    order = {role: i for i, role in enumerate(ROLES)}
    frame = frame.assign(order=frame["role"].map(order)).sort_values("order", kind="stable")
    rows = tuple(
        (
            r["label"]
            if r["category_label"] in ("", "Yes", "yes")
            else f"{r['label']}: {r['category_label']}",
            ROLES[r["role"]],
            WITHHELD if r["suppressed"] else _share(r["share"]),
            _interval(r["lo"], r["hi"]),
        )
        for r in frame.to_dict("records")
    )
    header = ("Experience", "Among the", "Everyone", "95% interval")
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView("Share of all respondents, weighted", header, rows, frozenset({2, 3}), note)


def types_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the types with size, stability and closest published profile."""
    frame = table(tables, "types", columns=["id", "name"])
    if frame.empty:
        return Notice(f"There are no types to list. {summary['reason']}")
    frame = texts(frame, "id", "name", "grade", "profile")
    frame = numbers(frame, "n", "share_weighted", "lo", "hi", "core_share", "stability", "profile_score")
    rows = tuple(
        (
            r["id"],
            r["name"],
            _count(r["n"]),
            _share(r["share_weighted"]),
            _interval(r["lo"], r["hi"]),
            _share(r["core_share"]),
            _fixed(r["stability"]),
            r["grade"] or EMPTY,
            _profile(r["profile"], r["profile_score"]),
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
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Size, stability and closest published profile of each type",
        header,
        rows,
        frozenset({2, 3, 4, 5, 6}),
        note,
    )


def risk_table(tables: Tables, summary: Summary, *, only_standing_out: bool = False) -> TableView | Notice:
    """List risk factors by type: prevalence, difference, odds ratio with interval, q-value.

    Parameters
    ----------
    tables, summary
    only_standing_out : bool
        Leave out the factors that do not stand out.
    """
    frame = tidy_factors(tables)
    if frame.empty:
        return Notice(f"There are no types to compare risk factors between. {summary['reason']}")
    columns = ["prevalence_type", "prevalence_rest", "difference", "odds_ratio", "lo", "hi", "q"]
    frame = numbers(frame, *columns)
    if only_standing_out:
        frame = frame[frame["stands_out"] & (frame["suppressed"] == "")]
        if frame.empty:
            return Notice("No risk factor stands out in any type after false-discovery control.")
    rows = tuple(_risk_row(r) for r in frame.to_dict("records"))
    header = (
        "Type",
        "Risk factor",
        "Measured by",
        "In type",
        "In the rest",
        "Difference, points",
        "Odds ratio",
        "95% interval",
        "q",
        "Stands out",
        "Literature",
    )
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Risk factors of each type against all other respondents",
        header,
        rows,
        frozenset({3, 4, 5, 6, 7, 8}),
        note,
    )


def _risk_row(r: Mapping[Any, Any]) -> tuple[str, ...]:
    literature = EMPTY
    if known(r["literature_lo"], r["literature_hi"]):
        literature = f"{ratio(r['literature_lo'])} to {ratio(r['literature_hi'])}"
        literature += f" ({r['literature_source']})" if r["literature_source"] else ""
    if r["suppressed"] or not known(r["odds_ratio"]):
        return (r["type"], r["factor_label"], r["measure"], WITHHELD, *[EMPTY] * 6, literature)
    interval = f"{ratio(r['lo'])} to {ratio(r['hi'])}" if known(r["lo"], r["hi"]) else EMPTY
    return (
        r["type"],
        r["factor_label"],
        r["measure"],
        _share(r["prevalence_type"]),
        _share(r["prevalence_rest"]),
        points(r["difference"]) if known(r["difference"]) else EMPTY,
        ratio(r["odds_ratio"]),
        interval,
        p_value(r["q"]) if known(r["q"]) else EMPTY,
        "yes" if r["stands_out"] else "no",
        literature,
    )


def outcome_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List outcomes by type against everyone."""
    frame = texts(table(tables, "outcomes", columns=["type", "label"]), "type", "label")
    if frame.empty:
        return Notice(f"There are no outcomes by type. {summary['reason']}")
    frame = numbers(frame, "prevalence", "lo", "hi", "everyone", "everyone_lo", "everyone_hi")
    rows = tuple(
        (
            r["type"],
            r["label"],
            WITHHELD if r["suppressed"] else _share(r["prevalence"]),
            _interval(r["lo"], r["hi"]),
            _share(r["everyone"]),
            _interval(r["everyone_lo"], r["everyone_hi"]),
        )
        for r in frame.to_dict("records")
    )
    header = ("Type", "Outcome", "In type", "95% interval", "Everyone", "95% interval")
    note = _reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Share with each outcome, in the type and among everyone", header, rows, frozenset({2, 3, 4, 5}), note
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
            _count(r["classes"]),
            *[_fixed(r[c], digits=0) for c in columns[:2]],
            _fixed(r["bic"], digits=0) + (" (lowest)" if r["bic"] == best else ""),
            _fixed(r["abic"], digits=0),
            _fixed(r["entropy"]),
            _share(r["smallest_share"]),
        )
        for r in frame.to_dict("records")
    )
    header = ("Classes", "Log-likelihood", "AIC", "BIC", "aBIC", "Entropy", "Smallest class")
    return TableView("Latent-class models of the same answers", header, rows, frozenset(range(7)))


def candidates_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the numbers of types that were weighed, and the one chosen."""
    del summary
    frame = table(tables, "candidates", columns=["n_types"])
    if frame.empty:
        return Notice("This run holds no table of candidate solutions.")
    names = [name for name in frame.columns if name != "suppressed"]
    rows = tuple(tuple(_any(r[name]) for name in names) for r in frame.to_dict("records"))
    header = tuple(name.replace("_", " ") for name in names)
    numeric = frozenset(i for i, name in enumerate(names) if name not in ("chosen", "severity"))
    return TableView("Candidate numbers of types", header, rows, numeric)


def power_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how often types of a given separation would have been found in a survey of this size."""
    del summary
    if "power" not in tables or tables["power"].empty:
        return Notice("How strong types would have to be in order to be found was not simulated in this run.")
    frame = numbers(
        texts(table(tables, "power", columns=["separation", "share_found"]), "separation"), "share_found"
    )
    rows = tuple((r["separation"], _share(r["share_found"])) for r in frame.to_dict("records"))
    return TableView(
        "Had there been types, would they have been found?",
        ("Separation of the planted types", "Surveys in which they were found"),
        rows,
        frozenset({1}),
    )


def naming_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List why each type bears its name."""
    frame = texts(table(tables, "naming", columns=["type", "step", "detail"]), "type", "step", "detail")
    if frame.empty:
        return Notice(f"There are no types to name. {summary['reason']}")
    rows = tuple((r["type"], r["step"], r["detail"]) for r in frame.to_dict("records"))
    return TableView("Steps of naming", ("Type", "Step", "Detail"), rows)


def guidance_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List what practice can do about each type, with sources."""
    del summary
    frame = texts(
        table(tables, "guidance", columns=["type", "audience", "statement"]),
        "type",
        "audience",
        "statement",
        "source",
    )
    if frame.empty:
        return Notice("There is no guidance by type: it follows from the factors that mark a type.")
    rows = tuple(
        (r["type"], str(r["audience"]).capitalize(), r["statement"], r["source"])
        for r in frame.to_dict("records")
    )
    return TableView(
        "Statements for practice, by type and audience", ("Type", "For", "Statement", "Source"), rows
    )


def _any(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    number = float(str(value)) if str(value) not in ("True", "False") else None
    if number is None:
        return "yes" if str(value) == "True" else "no"
    if not known(number):
        return EMPTY
    return f"{number:.0f}" if number == int(number) else f"{number:.3g}"


def _profile(profile: str, score: float) -> str:
    return f"{profile.replace('_', ' ')} ({_fixed(score)})" if profile else "not described before"
