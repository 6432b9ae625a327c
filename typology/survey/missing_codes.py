"""How surveys usually say that there is no answer: wordings of labels, and codes."""

from __future__ import annotations

import re
from collections.abc import Sequence

REFUSAL = re.compile(
    r"refus|prefer not|rather not|declin|no answer|would not say|did not want", re.IGNORECASE
)
NEVER_AN_ANSWER = re.compile(
    r"don'?t know|do not know|refus|prefer not|rather not|declin|no answer|\bmissing\b|not stated|"
    r"not applicable|(does not|doesn'?t) apply|inapplicable|\bn/?a\b|\bskip|not asked|"
    r"undetermined|no response",
    re.IGNORECASE,
)
MAYBE_AN_ANSWER = re.compile(r"not sure|unsure|undecided|uncertain", re.IGNORECASE)
NEVER_ASKED = re.compile(
    r"not applicable|(does not|doesn'?t) apply|inapplicable|not asked|\bskip|\bn/?a\b", re.IGNORECASE
)
MISSING_CODES = frozenset(
    sign * code
    for sign, codes in {
        1: (
            7,
            8,
            9,
            66,
            77,
            88,
            *range(96, 100),
            666,
            777,
            888,
            *range(996, 1000),
            7777,
            8888,
            *range(9996, 10_000),
        ),
        -1: (*range(1, 10), 66, 77, 88, *range(96, 100), 777, 888, *range(996, 1000)),
    }.items()
    for code in codes
)


def looks_apart(code: object, codes: Sequence[float], *, spread: bool) -> bool:
    """Whether a code is a usual missing code and lies away from the run of the other codes.

    Parameters
    ----------
    code : object
    codes : sequence of numbers
        All codes of the variable.
    spread : bool
        For measured numbers: the gap must exceed the spread of the rest.
    """
    if not isinstance(code, int | float) or code not in MISSING_CODES or not codes:
        return False
    present = set(codes)
    if code < 0:
        return max(present) > -min(present)
    # 7, 8 and 9 after 1 and 2 are one run of missing codes; 8 at the end of 1 to 8 is none.
    start = code
    while start - 1 in present:
        start -= 1
    below = [other for other in present if other < start and other >= 0]
    if not below or start not in MISSING_CODES:
        return False
    room = max(max(below) - min(below), 1) if spread else 1
    return start > max(below) + room


def sounds_missing(label: str, *, apart: bool) -> bool:
    """Whether a label says that there is no answer.

    "Not sure" is an answer to some questions (sexual identity); it counts when its code lies apart.
    """
    return bool(NEVER_AN_ANSWER.search(label) or (apart and MAYBE_AN_ANSWER.search(label)))
