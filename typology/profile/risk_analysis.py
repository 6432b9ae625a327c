"""What the risk analysis of a run says: in tidy rows, in tables to read and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known, listed, percent, ratio, ratio_span

LEAST_EVENTS = 5
REFERENCE = "at most one"
NO_OUTCOME = (
    "The study names no outcome for the risk analysis, and the codebook has none that was put to everybody "
    "and says yes or no."
)


def models(tables: Tables) -> pd.DataFrame:
    """Return one row an outcome with numbers as numbers."""
    frame = texts(table(tables, "risk_models", columns=["outcome", "status"]), "outcome", "label", "status")
    ends = ("", "_lo", "_hi")
    many = [f"{name}{end}" for name in ("auc", "slope", "intercept", "trend") for end in ends]
    return numbers(frame, "base", "events", "parameters", "needed", "folds", "repeats", *many)


def characteristics(tables: Tables, outcome: str) -> pd.DataFrame:
    """Return the predictors of one outcome, strongest adjusted association first; withheld ones last."""
    columns = ["outcome", "predictor", "label", "factor_label", "note", "literature_source"]
    frame = texts(table(tables, "risk_predictors", columns=columns[:3]), *columns)
    frame = frame[frame["outcome"] == outcome]
    frame = numbers(
        frame, "risk_exposed", "risk_unexposed", "odds_ratio", "lo", "hi", "q", "adjusted", "adjusted_lo",
        "adjusted_hi", "kept", "same_sign", "literature_lo", "literature_hi",
    )  # fmt: skip
    strength = frame["adjusted"].where(frame["adjusted"].notna(), frame["odds_ratio"])
    frame = frame.assign(
        strength=strength, name=frame["factor_label"].where(frame["factor_label"] != "", frame["label"])
    )
    twice = frame["name"].duplicated(keep=False)
    frame["name"] = frame["name"].where(~twice, frame["label"])
    frame = frame.sort_values("strength", ascending=False, na_position="last", kind="stable")
    return frame.reset_index(drop=True)


def doses(tables: Tables, outcome: str) -> pd.DataFrame:
    """Return the outcome by number of kinds of risky behaviour."""
    frame = texts(
        table(tables, "risk_dose", columns=["outcome", "band"]), "outcome", "band", "literature_source"
    )
    frame = frame[frame["outcome"] == outcome]
    return numbers(
        frame, "share", "lo", "hi", "odds_ratio", "ratio_lo", "ratio_hi", "literature", "literature_lo",
        "literature_hi", "behaviours",
    ).reset_index(drop=True)  # fmt: skip


def calibration(tables: Tables, outcome: str) -> pd.DataFrame:
    """Return expected and observed risk by group of respondents."""
    frame = texts(table(tables, "risk_calibration", columns=["outcome"]), "outcome")
    frame = numbers(frame[frame["outcome"] == outcome], "predicted", "observed", "lo", "hi")
    return frame.reset_index(drop=True)


def model_sentence(row: Mapping[Any, Any]) -> str:
    """Say what kind of model there is for an outcome, or why there is none."""
    if row["suppressed"]:
        return "Too few respondents had this outcome for anything to be shown."
    events = min(row["events"], row["base"] - row["events"])
    each = events / row["parameters"] if row["parameters"] else 0.0
    told = f"about {cells.count(events)} respondents for {cells.count(row['parameters'])} parameters"
    if row["status"] == "refused":
        return (
            f"No multivariable model: the rarer answer was given by {told}, {each:.1f} each, fewer than the "
            f"{LEAST_EVENTS} below which such a model cannot be trusted. Each characteristic is shown alone."
        )
    if row["status"] == "penalised":
        return (
            f"Odds ratios are shrunk towards 1: the rarer answer was given by {told} ({each:.1f} each), and "
            f"about {cells.count(row['needed'])} respondents would be needed for unshrunk ones."
        )
    return f"Odds ratios are not shrunk: the rarer answer was given by {told} ({each:.1f} each)."


def _span(row: Mapping[Any, Any], name: str) -> str:
    """A number with its interval."""
    ends = (row[name], row[f"{name}_lo"], row[f"{name}_hi"])
    if not known(ends[0]):
        return cells.EMPTY
    value, lo, hi = (round(end, 2) + 0.0 for end in ends)  # never "-0.00"
    return f"{value:.2f} ({lo:.2f} to {hi:.2f})" if known(lo, hi) else f"{value:.2f}"


def risk_model_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the models of the outcomes, and how well each holds on respondents it was not fitted to."""
    frame = models(tables)
    if frame.empty:
        return Notice(NO_OUTCOME, skip=True)
    rows = tuple(
        (
            row["label"],
            cells.count(row["base"]),
            cells.count(row["events"]),
            _span(row, "auc"),
            _span(row, "slope"),
            _span(row, "intercept"),
            ratio_span(row["trend"], row["trend_lo"], row["trend_hi"]),
        )
        for row in frame.to_dict("records")
    )
    header = ("Outcome", "Respondents, about", "With the outcome, about", "Area under the curve",
              "Calibration slope", "Calibration in the large",
              "Odds ratio of each further behaviour")  # fmt: skip
    told = [f"{row['label']}: {model_sentence(row)}" for row in frame.to_dict("records")]
    note = " ".join([*told, cells.reasons(list(frame["suppressed"]), summary)]).strip()
    return TableView("Models of being targeted, judged on held-out respondents", header, rows,
                     frozenset({1, 2, 3, 4, 5, 6}), note)  # fmt: skip


def risk_characteristics_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List which characteristics go with each outcome, alone and beside the others."""
    found = models(tables)
    if found.empty:
        return Notice(NO_OUTCOME, skip=True)
    rows: list[tuple[str, ...]] = []
    rules: list[str] = []
    for outcome, label in zip(found["outcome"], found["label"], strict=True):
        frame = characteristics(tables, outcome)
        rules += list(frame["suppressed"])
        rows += [_characteristic_row(label, row) for row in frame.to_dict("records")]
    header = ("Outcome", "Characteristic", "Outcome with and without it", "Odds ratio alone",
              "Odds ratio beside the others", "Kept in resamples", "Same direction",
              "Literature")  # fmt: skip
    note = cells.reasons(rules, summary)
    return TableView("Characteristics that go with the outcomes", header, tuple(rows),
                     frozenset({2, 3, 4, 5, 6, 7}), note, grouped=True)  # fmt: skip


def _characteristic_row(label: str, row: Mapping[Any, Any]) -> tuple[str, ...]:
    literature = _ratio_range(row["literature_lo"], row["literature_hi"])
    if row["suppressed"]:
        return (label, row["name"], cells.WITHHELD, *[cells.EMPTY] * 4, literature)
    beside = row["note"] or ratio_span(row["adjusted"], row["adjusted_lo"], row["adjusted_hi"])
    return (
        label,
        row["name"],
        f"{cells.share(row['risk_exposed'])}, {cells.share(row['risk_unexposed'])}",
        ratio_span(row["odds_ratio"], row["lo"], row["hi"]),
        beside,
        cells.share(row["kept"], decimals=0),
        cells.share(row["same_sign"], decimals=0),
        literature,
    )


def _ratio_range(lo: float, hi: float) -> str:
    if not known(lo, hi):
        return cells.EMPTY
    return ratio(lo) if ratio(lo) == ratio(hi) else f"{ratio(lo)} to {ratio(hi)}"


def risk_dose_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the outcomes by number of kinds of risky behaviour online, beside the literature."""
    found = models(tables)
    rows: list[tuple[str, ...]] = []
    rules: list[str] = []
    sources: dict[str, None] = {}
    for outcome, label in zip(found.get("outcome", ()), found.get("label", ()), strict=True):
        frame = doses(tables, outcome)
        rules += list(frame["suppressed"])
        sources |= dict.fromkeys(source for source in frame["literature_source"] if source)
        rows += [
            (
                label,
                row["band"],
                cells.WITHHELD if row["suppressed"] else cells.share(row["share"]),
                cells.interval(row["lo"], row["hi"]),
                "1 (reference)" if row["band"] == REFERENCE
                else ratio_span(row["odds_ratio"], row["ratio_lo"], row["ratio_hi"]),
                ratio_span(row["literature"], row["literature_lo"], row["literature_hi"]),
            )
            for row in frame.to_dict("records")
        ]  # fmt: skip
    if not rows:
        return Notice("The survey asks about fewer than three kinds of risky behaviour online.", skip=True)
    header = ("Outcome", "Kinds of behaviour", "With the outcome", "95% interval", "Odds ratio", "Literature")
    told = f"Literature: {'; '.join(sources)}; other behaviours, other outcome." if sources else ""
    note = " ".join(part for part in (cells.reasons(rules, summary), told) if part)
    return TableView("Outcomes by number of kinds of risky behaviour online", header, tuple(rows),
                     frozenset({2, 3, 4, 5}), note, grouped=True)  # fmt: skip


def risk_points(tables: Tables) -> list[str]:
    """Say in a sentence an outcome what goes with it: for the key findings."""
    found = []
    for row in models(tables).to_dict("records"):
        frame = characteristics(tables, row["outcome"])
        column = "odds_ratio" if row["status"] == "refused" else "adjusted"
        low = "lo" if row["status"] == "refused" else "adjusted_lo"
        sure = frame[(frame["suppressed"] == "") & (frame[low] > 1)].sort_values(column, ascending=False)
        if sure.empty or row["suppressed"]:
            continue
        first = [f"{name[:1].lower()}{name[1:]} ({ratio(value)})"
                 for name, value in zip(sure["name"][:4], sure[column][:4], strict=True)]  # fmt: skip
        beside = "looked at one by one" if row["status"] == "refused" else "beside the others"
        found.append(
            f"\u201c{row['label']}\u201d goes most with {listed(first)} "
            f"(odds ratios, {beside}; correlates, not causes)."
        )
    return found


def risk_alt(tables: Tables, row: Mapping[Any, Any]) -> str:
    """Say what the figure of one outcome shows."""
    frame = characteristics(tables, row["outcome"])
    shown = frame[frame["strength"].notna()]
    parts = [f"Risk analysis of the outcome {row['label']}. {model_sentence(row)}"]
    if len(shown):
        parts.append(f"Largest odds ratio: {shown['name'].iloc[0]}, {ratio(shown['strength'].iloc[0])}.")
    bands = [
        f"{r['band']}: {percent(r['share'])}"
        for r in doses(tables, row["outcome"]).to_dict("records")
        if known(r["share"])
    ]
    if bands:
        parts.append(f"By number of kinds of risky behaviour, {listed(bands)}.")
    if known(row["slope"]):
        parts.append(f"Held-out calibration slope {row['slope']:.2f}, area under the curve {row['auc']:.2f}.")
    return " ".join(parts)
