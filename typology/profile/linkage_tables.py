"""Comparisons of types: with and without correction and adjustment, the literature, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.panels import tidy_factors
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known, listed, p_value, percent, points, ratio, ratio_span

BY_LIKELIHOOD = "ML: corrected by maximum likelihood. As placed: not corrected."
NO_COVARIATES = "The study names no covariates to adjust for."


def by_subject(frame: pd.DataFrame, *subject: str) -> pd.DataFrame:
    """Bring the rows of all types about one subject together, in the order in which subjects first appear."""
    place = frame.groupby(list(subject), sort=False, dropna=False).ngroup()
    return frame.iloc[place.argsort(kind="stable")]


def correction_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """Set the odds ratios of the risk table beside those adjusted, by likelihood, and of types as placed."""
    del summary
    frame = tidy_factors(tables)
    frame = frame[frame["suppressed"] == ""] if len(frame) else frame
    if frame.empty:
        return Notice("There are no odds ratios of types to compare.", skip=True)
    names = ("odds_ratio_adjusted", "adjusted_lo", "adjusted_hi", "odds_ratio_ml", "ml_lo", "ml_hi")
    frame = numbers(frame, *names, "odds_ratio_naive", "naive_lo", "naive_hi")
    rows = tuple(
        (
            r["label"],
            r["type"],
            ratio_span(r["odds_ratio"], r["lo"], r["hi"]),
            ratio_span(r["odds_ratio_adjusted"], r["adjusted_lo"], r["adjusted_hi"]),
            ratio_span(r["odds_ratio_ml"], r["ml_lo"], r["ml_hi"]),
            ratio_span(r["odds_ratio_naive"], r["naive_lo"], r["naive_hi"]),
        )
        for r in by_subject(frame, "label").to_dict("records")
    )
    header = ("Risk factor", "Type", "Corrected", "Adjusted too", "ML", "As placed")
    note = BY_LIKELIHOOD
    if not frame["odds_ratio_adjusted"].notna().any():
        note = f"{note} {NO_COVARIATES}"
    return TableView(
        "Odds ratios with and without correction for borderline respondents, and adjusted",
        header,
        rows,
        frozenset({2, 3, 4, 5}),
        note,
        grouped=True,
    )


def literature_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """Set the odds ratio of each factor beside the published range, and say whether they agree."""
    frame = texts(tidy_factors(tables), "agrees_direction", "agrees_size")
    frame = frame[(frame["literature_source"] != "") & frame["literature_lo"].notna()]
    if frame.empty:
        return Notice("The literature gives no odds ratio for the risk factors of this run.", skip=True)
    frame = by_subject(frame, "label")
    rows = tuple(
        (
            f"{r['label']}: {_published(r)}",
            r["type"],
            cells.WITHHELD if r["suppressed"] else ratio_span(r["odds_ratio"], r["lo"], r["hi"]),
            r["agrees_direction"] or cells.EMPTY,
            r["agrees_size"] or cells.EMPTY,
        )
        for r in frame.to_dict("records")
    )
    header = ("Risk factor", "Type", "Odds ratio here", "Direction", "Size")
    told = "Beside the name of each risk factor: its published odds ratio or range of odds ratios."
    note = " ".join(filter(None, [told, cells.reasons(list(frame["suppressed"]), summary)]))
    caption = "Odds ratios here and in the literature"
    return TableView(caption, header, rows, frozenset({2}), note, grouped=True)


def _published(row: Mapping[Any, Any]) -> str:
    return f"{published_range(row['literature_lo'], row['literature_hi'])} ({row['literature_source']})"


def published_range(lo: float, hi: float) -> str:
    """Return the published range of odds ratios, or the one value there is."""
    if not known(lo, hi):
        return cells.EMPTY
    return ratio(lo) if ratio(lo) == ratio(hi) else f"{ratio(lo)} to {ratio(hi)}"


def _models(tables: Tables) -> Any:
    columns = ["type", "outcome", "label", "adjusted_for", "difference"]
    frame = texts(table(tables, "outcome_models", columns=columns), "type", "label", "adjusted_for")
    names = [name for name in frame.columns if str(name).startswith(("difference", "prevalence"))]
    return numbers(frame, *names, "difference_lo", "difference_hi", "odds_ratio", "lo", "hi", "q")


def outcome_models_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the average marginal effect of each type on each outcome, with what other methods give."""
    frame = _models(tables)
    if frame.empty:
        return Notice("There are no outcomes by type.", skip=True)
    rows = tuple(_model_row(r) for r in by_subject(frame, "outcome").to_dict("records"))
    header = ("Outcome", "Type", "Effect, points", "Odds ratio", "q", "Crude", "ML", "As placed")
    adjusted = next((text for text in frame["adjusted_for"] if text), "")
    covariates = f"Adjusted for: {adjusted}. Crude: not adjusted." if adjusted else NO_COVARIATES
    withheld = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Outcomes regressed on type: average marginal effects against all other respondents",
        header,
        rows,
        frozenset({2, 3, 4, 5, 6, 7}),
        " ".join(filter(None, [covariates, BY_LIKELIHOOD, withheld])),
        grouped=True,
    )


def _points(value: float) -> str:
    return points(value) if known(value) else cells.EMPTY


def _model_row(r: Mapping[Any, Any]) -> tuple[str, ...]:
    if r["suppressed"]:
        return (r["label"], r["type"], cells.WITHHELD, *[cells.EMPTY] * 5)
    ends = (r["difference_lo"], r["difference_hi"])
    around = f" ({points(ends[0])} to {points(ends[1])})" if known(r["difference"], *ends) else ""
    return (
        r["label"],
        r["type"],
        f"{_points(r['difference'])}{around}",
        ratio_span(r["odds_ratio"], r["lo"], r["hi"]),
        p_value(r["q"]) if known(r["q"]) else cells.EMPTY,
        *(_points(r[f"difference_{how}"]) for how in ("crude", "ml", "naive")),
    )


def outcome_words_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """Say every shown effect on an outcome in a plain sentence about groups; withheld ones are left out."""
    del summary
    frame = _models(tables)
    rows = tuple(
        (r["type"], _sentence(r))
        for r in frame.to_dict("records")
        if r["suppressed"] == "" and known(*(r[name] for name in _SAID))
    )
    if not rows:
        return Notice("No outcome can be shown by type.", skip=True)
    note = "These are differences between groups; they say nothing about one person or about causes."
    return TableView("Outcomes of each type in words", ("Type", "In words"), rows, frozenset(), note)


_SAID = ("prevalence_type", "prevalence_rest", "difference", "difference_lo", "difference_hi")


def _sentence(r: Mapping[Any, Any]) -> str:
    gap, lo, hi = r["difference"], r["difference_lo"], r["difference_hi"]
    same = f", at the same {listed(r['adjusted_for'].lower().split(', '))}" if r["adjusted_for"] else ""
    shares = (
        f"{r['label']}: {percent(r['prevalence_type'])} in {r['type']} and {percent(r['prevalence_rest'])} "
        f"among all others{same}"
    )
    around = f"{points(lo)} to {points(hi)}"
    if lo <= 0 <= hi:
        return f"{shares}; too close to tell apart (difference {around} points)."
    return f"{shares}; a difference of {points(gap)} points ({around})."
