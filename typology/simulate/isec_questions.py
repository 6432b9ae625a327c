"""The questions that tell the planted types apart (typology items of the codebook).

The numbers are shares within the four planted types: adapted, inquisitive online, risk-taking
aggressive, sexually inquisitive online. They are INVENTED, and were tuned so that the types of the demo
can be found; only the overall prevalence of these is held near a published one:

- `sol_sexual` unwanted sexual solicitation: 11.5% (9.4-13.6), Madigan 2018
- `vic_unwanted` unwanted exposure to sexual material: 20.3% (17.1-23.4), Madigan 2018
- `sex_sent_picture` self-produced image: 7.2%, Finkelhor 2022
- `vic_picture_shared` non-consensual sexting: 7.2%, Finkelhor 2022
- `vic_sextortion` sextortion: 3.5%, Finkelhor 2022
- `sol_adult` grooming by an adult: 5.4%, Finkelhor 2022
"""

from __future__ import annotations

import numpy as np

from typology.simulate.isec_model import Floats, Question

YES_NO = (2.0, 1.0)
RATING = (1.0, 2.0, 3.0, 4.0)
LOAD = 0.5
CONTROL_LOAD = 1.8


def yes_no(
    name: str,
    *shares: float,
    sensitive: bool = False,
    asked_if: tuple[str, tuple[float, ...]] | None = None,
) -> Question:
    """Yes/no question from the share of yes within each type."""
    table = np.column_stack([1 - np.asarray(shares), np.asarray(shares)])
    return Question(name, YES_NO, table, LOAD, CONTROL_LOAD, sensitive, asked_if)


def shifted(base: tuple[float, ...], shifts: tuple[float, ...]) -> Floats:
    """Category shares of all types: the first type's, moved up by so many logits."""
    above = 1 - np.cumsum(base)[:-1]
    logits = np.log(above / (1 - above))[None, :] + np.asarray(shifts)[:, None]
    tails = 1 / (1 + np.exp(-logits))
    edges = np.column_stack([np.ones(len(shifts)), tails, np.zeros(len(shifts))])
    shares: Floats = edges[:, :-1] - edges[:, 1:]
    return shares


def rating(name: str, base: tuple[float, ...], shifts: tuple[float, ...], *, load: float = LOAD) -> Question:
    """Ordinal question from the first type's category shares and every type's shift in logits."""
    codes = tuple(float(code) for code in range(1, len(base) + 1))
    return Question(name, codes, shifted(base, shifts), load, 3 * load)


CONTACT = (
    rating("onl_strangers", (0.60, 0.29, 0.08, 0.03), (0.0, 3.8, 0.4, 3.2)),
    yes_no("onl_friended", 0.07, 0.94, 0.20, 0.80),
    rating("onl_rooms", (0.80, 0.15, 0.03, 0.02), (0.0, 4.0, 0.3, 2.4)),
    rating("onl_hours", (0.26, 0.38, 0.24, 0.09, 0.03), (0.0, 3.0, 0.2, 1.2)),
    yes_no("onl_false_age", 0.06, 0.84, 0.24, 0.70),
    yes_no("onl_gaming", 0.05, 0.86, 0.18, 0.07),
    yes_no("onl_webcam", 0.05, 0.48, 0.12, 0.70, asked_if=("onl_strangers", (2.0, 3.0, 4.0))),
    Question(
        "onl_contacts",
        (0.0, 1.0, 2.0, 3.0, 4.0),
        shifted((0.46, 0.31, 0.14, 0.06, 0.03), (0.0, 3.4, 0.3, 1.4)),
        LOAD,
        CONTROL_LOAD,
        bands=((0, 0), (1, 5), (6, 20), (21, 60), (61, 200)),
    ),
    Question(
        "onl_place",
        RATING,
        np.array(
            [
                [0.42, 0.30, 0.22, 0.06],
                [0.18, 0.56, 0.20, 0.06],
                [0.24, 0.26, 0.28, 0.22],
                [0.12, 0.40, 0.42, 0.06],
            ]
        ),
    ),
)
"""Online contact. `onl_place` is nominal: shared room, own room, phone, elsewhere."""

AGGRESSION = (
    yes_no("agg_threat", 0.015, 0.03, 0.70, 0.04),
    yes_no("agg_mocked", 0.05, 0.06, 0.84, 0.07),
)
"""Aggression towards others online."""

SEXUAL = (
    rating("sex_material", (0.60, 0.27, 0.10, 0.03), (0.0, 0.3, 0.5, 3.3)),
    yes_no("sex_flirt", 0.02, 0.08, 0.08, 0.91),
    yes_no("sex_sent_picture", 0.006, 0.015, 0.03, 0.50, sensitive=True),
    yes_no("sex_profile", 0.01, 0.02, 0.04, 0.72),
    yes_no("sex_dating_site", 0.01, 0.03, 0.04, 0.80),
)
"""Online sexual behaviour."""

OFFLINE = (
    rating("off_drunk", (0.54, 0.32, 0.11, 0.03), (0.0, 0.1, 3.3, 0.4)),
    yes_no("off_drugs", 0.03, 0.04, 0.76, 0.09),
    yes_no("off_fight", 0.04, 0.04, 0.78, 0.05),
    yes_no("off_truant", 0.06, 0.07, 0.86, 0.12),
    yes_no("off_stole", 0.03, 0.03, 0.70, 0.05),
    yes_no("off_police", 0.01, 0.01, 0.58, 0.02),
)
"""Offline risky behaviour."""

ONLINE_VICTIMISATION = (
    yes_no("vic_cyberbullied", 0.10, 0.24, 0.34, 0.32),
    yes_no("vic_unwanted", 0.09, 0.24, 0.20, 0.60),
    yes_no("vic_picture_shared", 0.010, 0.02, 0.05, 0.44, sensitive=True),
    yes_no("vic_sextortion", 0.003, 0.006, 0.02, 0.24, sensitive=True),
)
"""Victimisation online."""

OFFLINE_VICTIMISATION = (
    yes_no("jvq_assault", 0.06, 0.07, 0.64, 0.11),
    yes_no("jvq_robbed", 0.06, 0.06, 0.46, 0.08),
    yes_no("jvq_partner", 0.05, 0.06, 0.34, 0.28, sensitive=True, asked_if=("had_partner", (1.0,))),
)
"""Victimisation offline, coded as in the Juvenile Victimization Questionnaire."""

SOLICITATION = (
    yes_no("sol_sexual", 0.010, 0.045, 0.045, 0.78, sensitive=True),
    yes_no("sol_adult", 0.004, 0.01, 0.01, 0.41, sensitive=True),
    yes_no("sol_kept_contact", 0.12, 0.35, 0.22, 0.60, sensitive=True, asked_if=("sol_sexual", (1.0,))),
)
"""Sexual solicitation."""

TYPOLOGY = (
    CONTACT + AGGRESSION + SEXUAL + OFFLINE + ONLINE_VICTIMISATION + OFFLINE_VICTIMISATION + SOLICITATION
)
