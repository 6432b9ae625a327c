"""The methods paragraph on replication by country or wave."""

from __future__ import annotations

from typology.models.replication import (
    AGREEMENT,
    DIFFERENT_BY,
    DIFFERENT_Q,
    PROFILE_R,
    SMALLEST_GROUP,
    SMALLEST_TYPE,
)
from typology.profile.released import Tables
from typology.profile.replication import replication_data

SOURCES = (
    (
        "Cohen J (1960). A coefficient of agreement for nominal scales. Educational and Psychological "
        "Measurement 20:37-46."
    ),
    (
        "Thissen D, Steinberg L, Wainer H (1993). Detection of differential item functioning using the "
        "parameters of item response models. In: Holland PW, Wainer H (eds), Differential Item Functioning, "
        "67-113."
    ),
)


def replication_methods(tables: Tables) -> tuple[str, tuple[str, ...]]:
    """Paragraph and references; both empty where the run has no types by group."""
    if replication_data(tables).empty:
        return "", ()
    return (
        f"**Replication.** Every group of at least {SMALLEST_GROUP} respondents was searched alone: latent "
        "scores, UMAP, HDBSCAN and the mixture model were made anew from its answers, and the solutions with "
        "two types up to the number found in the whole survey were matched to the types by their answer "
        "profiles (Hungarian assignment, profiles as deviations from the mean of all types). A type of at "
        f"least {SMALLEST_TYPE} members in a group replicates there if the matched profiles correlate by "
        f"{PROFILE_R} or more and membership agrees by a kappa of {AGREEMENT} or more. Equal numbers of "
        "respondents drawn at random from all groups were searched alike; where even they fell short, "
        "nothing is said. Shares of types are compared with all other groups, with design-based "
        "intervals. An item works otherwise in a group if, given type, a likelihood-ratio test of its level "
        "probabilities, free against equal over groups, is significant (false-discovery rate "
        f"{DIFFERENT_Q:.0%} over items and groups) and the answers differ by {DIFFERENT_BY} or "
        "more of the range of the item; the item tested took no part in placing respondents, and each group "
        "had its own shares of types."
    ), SOURCES
