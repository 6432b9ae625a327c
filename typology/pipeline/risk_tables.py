"""Release tables of the risk analysis."""

from __future__ import annotations

from typology.label.risk import Risk
from typology.results import ReleaseTable

_LITERATURE = ("literature_lo", "literature_hi", "literature_source")


def risk_tables(risk: Risk) -> list[ReleaseTable]:
    """Declare the four tables; a row is hidden with all its numbers if any of its cells is small."""
    auc, slope, intercept, trend, plain = (
        tuple(f"{name}{end}" for end in ("", "_lo", "_hi"))
        for name in ("auc", "slope", "intercept", "trend", "adjusted")
    )
    return [
        ReleaseTable(
            name="risk_models",
            title="Models of the outcomes, and how well they hold on held-out respondents",
            frame=risk.models,
            keys=("outcome", "label", "status", "folds", "repeats", "parameters"),
            counts=(("events", "base"),),
            values=("needed", *auc, *slope, *intercept, *trend),
        ),
        ReleaseTable(
            name="risk_predictors",
            title="Characteristics that go with the outcomes",
            frame=risk.predictors,
            keys=("outcome", "predictor", "label", "factor", "factor_label", "domain", "note", *_LITERATURE),
            counts=(("events_exposed", "base_exposed"), ("events_unexposed", "base_unexposed")),
            values=("risk_exposed", "risk_unexposed", "odds_ratio", "lo", "hi", "p", "q", *plain, "kept",
                    "same_sign"),
        ),
        ReleaseTable(
            name="risk_dose",
            title="Outcomes by number of kinds of risky behaviour online",
            frame=risk.dose,
            keys=("outcome", "band", "behaviours", "literature", *_LITERATURE),
            counts=(("events", "base"),),
            values=("share", "lo", "hi", "odds_ratio", "ratio_lo", "ratio_hi"),
        ),
        ReleaseTable(
            name="risk_calibration",
            title="Risk expected by the model and share observed, held-out respondents in groups",
            frame=risk.calibration,
            keys=("outcome", "bin"),
            counts=(("events", "base"),),
            values=("predicted", "observed", "lo", "hi"),
        ),
    ]  # fmt: skip
