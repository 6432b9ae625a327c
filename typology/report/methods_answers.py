"""What the methods paragraph says about missing answers and about scales."""

from __future__ import annotations

from typology.profile.cells import fixed
from typology.profile.released import Tables, numbers, table, texts, type_ids
from typology.profile.wording import known, listed

IMPUTATION = "Rubin DB (1987). Multiple Imputation for Nonresponse in Surveys. New York: Wiley."
RELIABILITY = (
    (
        "Feldt LS (1965). The approximate sampling distribution of Kuder-Richardson reliability coefficient "
        "twenty. Psychometrika 30:357-370."
    ),
    "McDonald RP (1999). Test Theory: A Unified Treatment. Mahwah, NJ: Erlbaum.",
)
_PHRASES = {
    "complete cases": "{r} for those who answered everything they were asked",
    "multiple imputation": "{r} after five-fold multiple imputation from the model (mean)",
}


def missing_answers(tables: Tables) -> tuple[str, tuple[str, ...]]:
    """Paragraph on missing answers with its references; both empty when nothing asked was left out."""
    frame = numbers(texts(table(tables, "sensitivity"), "analysis"), "ari")
    told = [
        _PHRASES[row["analysis"]].format(r=fixed(row["ari"]))
        for row in frame.to_dict("records")
        if known(row["ari"])
    ]
    if not told:
        return "", ()
    text = (
        "**Missing answers.** Unanswered items were left out of the likelihood of the respondent concerned. "
        "With the number and kind of types kept and the model fitted again, the adjusted Rand index with the "
        f"{'types' if type_ids(tables) else 'candidate types'} was {listed(told)}."
    )
    return text, (IMPUTATION,)


def scales(tables: Tables) -> tuple[str, tuple[str, ...]]:
    """Paragraph on the reliability of scales with its references; both empty without scales."""
    if table(tables, "scales").empty:
        return "", ()
    text = (
        "**Scales.** The reliability of scale scores is given as Cronbach's alpha with Feldt's interval and "
        "as McDonald's omega total from a one-factor model (maximum likelihood) with a percentile bootstrap "
        "interval, over respondents who answered every item."
    )
    return text, RELIABILITY
