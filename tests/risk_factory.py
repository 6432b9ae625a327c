"""Invented release tables of the risk analysis, one outcome with a model and one without."""

from __future__ import annotations

import numpy as np
import pandas as pd

CHARACTERISTICS = [
    ("abuse", "Earlier sexual abuse offline", 4.8, 2.8, np.nan, np.nan),
    ("talk", "Talking about sex with unknown people online", 3.5, 2.3, 2.0, 2.0),
    ("pictures", "Sending or posting revealing pictures", 2.7, 1.6, 1.4, 8.9),
    ("posted", "Posting personal information publicly", 1.2, 1.0, 0.7, 1.3),
    ("rare", "A characteristic hardly anybody has", 3.0, 2.0, np.nan, np.nan),
]
NONE = np.nan


def risk_tables(*, suppress: bool = True) -> dict[str, pd.DataFrame]:
    """Make the four tables."""
    spans = {
        f"{name}{end}": value
        for name, values in {
            "auc": (0.76, 0.70, 0.83), "slope": (0.98, 0.73, 1.2), "intercept": (-0.004, -0.24, 0.23),
            "trend": (1.7, 1.4, 1.9),
        }.items()
        for end, value in zip(("", "_lo", "_hi"), values, strict=True)
    }  # fmt: skip
    first = {"outcome": "asked", "label": "Was asked for pictures", "status": "penalised", "folds": 10,
             "repeats": 5, "parameters": 20, "base": 1120, "events": 130, "needed": 2300,
             **spans}  # fmt: skip
    second = {**dict.fromkeys(first, NONE), "outcome": "met", "label": "Met an adult", "status": "refused",
              "parameters": 20, "base": 1120, "events": 70, "needed": 3100}  # fmt: skip
    return {
        "risk_models": pd.DataFrame([{**row, "suppressed": ""} for row in (first, second)]),
        "risk_predictors": pd.DataFrame(
            [
                _predictor(outcome, each, suppress=suppress)
                for outcome in ("asked", "met")
                for each in CHARACTERISTICS
            ]
        ),
        "risk_dose": pd.DataFrame([row for outcome in ("asked", "met") for row in _dose(outcome)]),
        "risk_calibration": pd.DataFrame(
            [
                {"outcome": "asked", "bin": k + 1, "base": 220, "events": events, "predicted": predicted,
                 "observed": observed, "lo": observed * 0.7, "hi": observed * 1.4, "suppressed": ""}
                for k, (events, predicted, observed) in enumerate(
                    [(10, 0.04, 0.05), (30, 0.14, 0.12), (90, 0.41, 0.43)]
                )
            ]
        ),
    }  # fmt: skip


def _predictor(
    outcome: str, each: tuple[str, str, float, float, float, float], *, suppress: bool
) -> dict[str, object]:
    name, label, alone, beside, low, high = each
    row: dict[str, object] = {
        "outcome": outcome, "predictor": name, "label": label, "factor": name, "factor_label": label,
        "domain": "online", "note": "", "literature_lo": low, "literature_hi": high,
        "literature_source": "" if np.isnan(low) else "Someone 2017", "base_exposed": 200,
        "events_exposed": 40,
        "base_unexposed": 900, "events_unexposed": 90, "risk_exposed": 0.2, "risk_unexposed": 0.1,
        "odds_ratio": alone, "lo": alone / 1.6, "hi": alone * 1.6, "p": 0.01, "q": 0.02, "suppressed": "",
    }  # fmt: skip
    modelled = outcome == "asked"
    row |= {"adjusted": beside if modelled else NONE, "adjusted_lo": beside / 1.5 if modelled else NONE,
            "adjusted_hi": beside * 1.5 if modelled else NONE, "kept": 0.9 if modelled else NONE,
            "same_sign": 1.0 if modelled else NONE}  # fmt: skip
    if suppress and name == "rare":
        row |= {
            key: NONE
            for key, value in row.items()
            if isinstance(value, int | float) and "literature" not in key
        }
        row["suppressed"] = "threshold"
    return row


def _dose(outcome: str) -> list[dict[str, object]]:
    bands = [
        ("at most one", 0.08, 1.0, NONE),
        ("2", 0.09, 1.1, 2.4),
        ("3", 0.12, 1.5, 4.2),
        ("4 or more", 0.4, 7.7, 6.4),
    ]
    return [
        {
            "outcome": outcome, "band": band, "behaviours": 8, "base": 300, "events": 30, "share": share,
            "lo": share * 0.7, "hi": share * 1.4, "odds_ratio": odds, "ratio_lo": odds * 0.6,
            "ratio_hi": odds * 1.7, "literature": published, "literature_lo": published * 0.6,
            "literature_hi": published * 1.7, "literature_source": "Someone 2017", "suppressed": "",
        }
        for band, share, odds, published in bands
    ]  # fmt: skip


def short_form_table(*, types: bool = True) -> dict[str, pd.DataFrame]:
    """Make the table of the short form; empty without types."""
    columns = ["k", "item", "label", "kappa", "lo", "hi", "base", "suppressed"]
    rows = [
        (k, f"item{k}", f"Question number {k}", kappa, kappa - 0.03, kappa + 0.03, 1100, "")
        for k, kappa in enumerate((0.49, 0.67, 0.78, 0.82, 0.85), start=1)
    ]
    rows.append((32, "", "all items", 0.99, 0.98, 1.0, 1100, ""))
    return {"short_form": pd.DataFrame(rows if types else [], columns=columns)}
