"""Which columns of a release count respondents, or are criteria of models: numbers protected as such."""

COUNTS = {
    "types": ("n", "core_n"),
    "participation": ("n",),
    "missingness": ("n", "base"),
    "missingness_groups": ("n", "base"),
    "prevalence": ("count", "base"),
    "factors": ("exposed_type", "base_type", "exposed_rest", "base_rest"),
    "outcomes": ("count", "base"),
    "outcome_models": ("exposed_type", "base_type", "exposed_rest", "base_rest"),
    "crosswalk": ("count", "base"),
    "scales": ("scored", "n"),
    "scale_items": ("n",),
    "sensitivity": ("n", "base"),
    "severity": ("n", "base"),
    "quality": ("n", "base"),
    "map_density": ("n",),
    "correlations": ("base",),
    "risk_models": ("events", "base"),
    "risk_predictors": ("events_exposed", "base_exposed", "events_unexposed", "base_unexposed"),
    "risk_dose": ("events", "base"),
    "risk_calibration": ("events", "base"),
    "short_form": ("base",),
    "replication": ("n", "base"),
    "measurement_differences": ("count", "base"),
}
CRITERIA = ("log_likelihood", "bic", "adjusted_bic", "aic", "abic", "gain")
"""Of the tables of fitted models; whole numbers after rounding."""
