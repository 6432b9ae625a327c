"""The questions kept out of the clustering: gates, risk factors, outcomes, scales.

Every number here is INVENTED, and was tuned until the demo shows what the package does: the planted types
are meant to be told apart and to resemble the published profiles. Nothing here is an estimate of anything.

Odds ratios are against the adapted type. Those of the literature are about being solicited or harassed,
not about belonging to a type, so the two cannot be the same thing; they only lend direction and scale.

As large as published: `embarrassed_others` 4.6 in the aggressive type (Ybarra 2007); `info_posted` and
`info_sent` 1.0, two null factors (1.1 and 1.2, not significant, Marret & Choo 2017).

Larger than published, so that they can be found in the smaller types of 1,166 respondents:
`met_several_ways` 5.0 (3.4, Ybarra 2007), `rude_comments` 3.2 (2.3, Ybarra 2007), `talked_sex` 5.0 (2.0,
Ybarra 2007), `posted_revealing` 4.5 (3.5, Marret & Choo 2017), `asked_sexual` 3.4 (2.2, Marret & Choo
2017). Depression lies 0.95 standard deviations higher in one type, to be of the order of the published
odds ratio of 3.54 for major depressive symptoms (Ybarra 2004).

Without a published size, direction only: `compulsive_use`, the family questions, `sexual_identity`,
`abuse_offline`, `maltreated`, `special_education`, self-esteem and loneliness. The outcomes and the gates
have no model in the literature at all.
"""

from __future__ import annotations

import numpy as np

from typology.simulate.isec_model import Battery, Question
from typology.simulate.isec_questions import YES_NO, shifted

PULL = 0.7


def by_odds(
    name: str,
    base: float,
    *ratios: float,
    sensitive: bool = False,
    asked_if: tuple[str, tuple[float, ...]] | None = None,
) -> Question:
    """Yes/no question from the adapted type's share and the other types' odds ratios against it."""
    odds = base / (1 - base) * np.array([1.0, *ratios])
    yes = odds / (1 + odds)
    pull = PULL if any(ratio != 1 for ratio in ratios) else 0.0
    return Question(name, YES_NO, np.column_stack([1 - yes, yes]), 0.0, pull, sensitive, asked_if)


def by_shift(name: str, base: tuple[float, ...], *shifts: float) -> Question:
    """Ordinal question from the adapted type's category shares and the other types' shifts in logits."""
    codes = tuple(float(code) for code in range(1, len(base) + 1))
    pull = -PULL if shifts[-1] < 0 else PULL
    return Question(name, codes, shifted(base, (0.0, *shifts)), 0.0, pull)


GATES = (
    by_odds("had_partner", 0.70, 1.0, 2.0, 1.8),
    by_odds("upset_online", 0.24, 2.0, 2.2, 4.5),
)

FACTORS = (
    by_odds("rude_comments", 0.20, 1.5, 3.2, 1.5),
    by_odds("embarrassed_others", 0.07, 1.2, 4.6, 1.4),
    by_odds("met_several_ways", 0.13, 5.0, 1.2, 2.2),
    by_odds("talked_sex", 0.12, 1.4, 1.4, 5.0, sensitive=True),
    by_odds("posted_revealing", 0.08, 1.3, 1.3, 4.5, sensitive=True),
    by_odds("asked_sexual", 0.09, 1.1, 2.0, 3.4, sensitive=True),
    by_shift("compulsive_use", (0.50, 0.32, 0.13, 0.05), 1.4, 0.2, 0.7),
    by_shift("fam_close", (0.06, 0.14, 0.40, 0.40), -0.1, -1.0, -0.8),
    by_shift("fam_talk", (0.12, 0.22, 0.36, 0.30), -0.2, -0.7, -1.3),
    by_shift("fam_knew", (0.16, 0.26, 0.34, 0.24), -0.6, -0.9, -0.8),
    Question(
        "sexual_identity",
        (1.0, 2.0, 3.0, 4.0),
        shifted((0.89, 0.04, 0.05, 0.02), (0.0, 0.15, 0.0, 1.1)),
        0.0,
        PULL,
        sensitive=True,
    ),
    by_odds("abuse_offline", 0.05, 1.1, 1.8, 6.0, sensitive=True),
    by_odds("maltreated", 0.10, 1.1, 3.2, 3.4, sensitive=True),
    by_odds("special_education", 0.10, 1.1, 2.8, 3.0),
    by_odds("info_posted", 0.34, 1.0, 1.0, 1.0),
    by_odds("info_sent", 0.22, 1.0, 1.0, 1.0),
)

OUTCOMES = (
    by_odds("help_sought", 0.46, 0.8, 0.35, 0.5, asked_if=("upset_online", (1.0,))),
    by_odds("met_adult", 0.010, 3.0, 5.0, 26.0, sensitive=True),
)

ROSENBERG = Battery(
    items=(
        "rse_worth",
        "rse_qualities",
        "rse_failure",
        "rse_able",
        "rse_not_proud",
        "rse_positive",
        "rse_satisfied",
        "rse_more_respect",
        "rse_useless",
        "rse_no_good",
    ),
    flipped=("rse_failure", "rse_not_proud", "rse_more_respect", "rse_useless", "rse_no_good"),
    codes=(0.0, 1.0, 2.0, 3.0),
    shares=(0.05, 0.15, 0.48, 0.32),
    means=(0.0, -0.15, -0.25, -0.75),
    load=1.5,
    pull=-0.4,
)
"""Self-esteem, in the order that reverses 3, 5, 8, 9, 10; the other circulating order reverses 2, 5,
6, 8, 9. Items are therefore named by wording and never by position."""

LONELINESS = Battery(
    items=("ucla_companionship", "ucla_left_out", "ucla_isolated"),
    flipped=(),
    codes=(1.0, 2.0, 3.0),
    shares=(0.52, 0.34, 0.14),
    means=(0.0, 0.15, 0.1, 0.6),
    load=1.8,
    pull=0.4,
)

DEPRESSION = Battery(
    items=(
        "cesd_bothered",
        "cesd_concentrate",
        "cesd_depressed",
        "cesd_effort",
        "cesd_hopeful",
        "cesd_fearful",
        "cesd_sleep",
        "cesd_happy",
        "cesd_lonely",
        "cesd_get_going",
    ),
    flipped=("cesd_hopeful", "cesd_happy"),
    codes=(0.0, 1.0, 2.0, 3.0),
    shares=(0.55, 0.28, 0.12, 0.05),
    means=(0.0, 0.1, 0.3, 0.95),
    load=1.5,
    pull=0.4,
)
"""CES-D, ten-item form: items 5 and 8 are reversed, 10 or more is the cut (Andresen 1994)."""

BATTERIES = (ROSENBERG, LONELINESS, DEPRESSION)
