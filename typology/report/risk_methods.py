"""What the methods paragraph says about the risk analysis and the short form."""

from __future__ import annotations

from typology.profile.released import Tables, table
from typology.profile.risk_analysis import LEAST_EVENTS, models
from typology.profile.wording import as_markdown, listed

RISK_REFERENCES = (
    (
        "Riley RD, Snell KIE, Ensor J, Burke DL, Harrell FE, Moons KGM, Collins GS (2019). Minimum "
        "sample size "
        "for developing a multivariable prediction model: Part II - binary and time-to-event outcomes. "
        "Statistics in Medicine 38(7):1276-1296."
    ),
    (
        "Vittinghoff E, McCulloch CE (2007). Relaxing the rule of ten events per variable in logistic "
        "and Cox "
        "regression. American Journal of Epidemiology 165(6):710-718."
    ),
    (
        "Lawless JF, Singhal K (1978). Efficient screening of nonnormal regression models. Biometrics "
        "34:318-327."
    ),
    (
        "Rao JNK, Wu CFJ (1988). Resampling inference with complex survey data. Journal of the American "
        "Statistical Association 83:231-241."
    ),
)
SHORT_FORM_REFERENCES = (
    (
        "Cohen J (1960). A coefficient of agreement for nominal scales. Educational and Psychological "
        "Measurement 20(1):37-46."
    ),
)
KINDS = {
    "plain": (
        "enough respondents were there for unpenalised effects (criterion (i) of Riley et al. 2019: "
        "shrinkage "
        "of at most a tenth, anticipated Nagelkerke R-squared 0.15), with Taylor-linearised intervals"
    ),
    "penalised": (
        "respondents were too few for unpenalised effects by criterion (i) of Riley et al. 2019 "
        "(shrinkage of "
        "at most a tenth, anticipated Nagelkerke R-squared 0.15), so the log odds ratios were penalised by "
        "their squares per standard deviation, the size of the penalty maximising the corrected Akaike "
        "criterion; intervals are percentiles of the resamples"
    ),
    "refused": (
        f"the rarer answer was given by fewer than {LEAST_EVENTS} respondents per parameter (Vittinghoff & "
        "McCulloch 2007), so no multivariable model was fitted"
    ),
}


def risk_methods(tables: Tables) -> tuple[str, tuple[str, ...]]:
    """Paragraph on the risk analysis with its references; both empty where the study has none."""
    frame = models(tables)
    if frame.empty:
        return "", ()
    kinds = [
        f"{listed([as_markdown(label) for label in part['label']])}: {KINDS[str(status)]}"
        for status, part in frame.groupby("status", sort=False)
    ]
    fitted = frame[frame["folds"].notna()]
    judged = ""
    if len(fitted):
        folds, repeats = int(fitted["folds"].iloc[0]), int(fitted["repeats"].iloc[0])
        times = f", repeated {repeats} times" if repeats > 1 else ""
        judged = (
            f" Models were judged by {folds}-fold cross-validation over whole sampling units{times}, "
            "every step "
            "repeated without the fold: area under the curve, calibration in the large and calibration "
            "slope, "
            "design-based. Stability is the share of bootstrap resamples of sampling units (Rao & Wu 1988) "
            "in which backward elimination by Akaike's criterion (Lawless & Singhal 1978) keeps a "
            "characteristic, and in which its direction is the same."
        )
    told = (
        "**Risk analysis.** Each outcome was related to the risk characteristics by design-based odds "
        f"ratios, alone and in one logistic model. {'; '.join(kinds)}.{judged} An unanswered "
        "characteristic was given its expected value from the others, the outcome left aside; a "
        "characteristic that more than a fifth did not answer was left out. Kinds of risky behaviour online "
        "were counted, with odds ratios against at most one. No risk of a respondent was kept."
    )
    return told, RISK_REFERENCES


def short_form_methods(tables: Tables) -> tuple[str, tuple[str, ...]]:
    """Paragraph on the short form with its references; both empty where there are no types."""
    if table(tables, "short_form").empty:
        return "", ()
    told = (
        "**Short form.** Items were added one by one, each time the one that left the lowest mean entropy of "
        "the type under the measurement model. Agreement with the types of all items (Cohen's kappa) is that "
        "of respondents placed in five-fold cross-validation over sampling units by a model and a choice of "
        "items made without them; intervals are from a bootstrap of sampling units."
    )
    return told, SHORT_FORM_REFERENCES
