"""Types that are not about experience: missing answers, routing, straight-lining, or one country.

A type is flagged when membership in it goes along with how the questionnaire was answered more closely than
a type of experience should: a phi coefficient (for marks and groups) or a point-biserial correlation (for
shares) of 0.5 or more, the conventional bound of a large effect (Cohen 1988).
"""

from __future__ import annotations

import numpy as np

from typology.results import Discovery, Floats, Prepared

LARGE = 0.5


def artefact_flags(prepared: Prepared, discovery: Discovery) -> list[str]:
    """What each type coincides with besides experience.

    Parameters
    ----------
    prepared : Prepared
        Its missing answers, routing, quality flags and group are compared with the types.
    discovery : Discovery
        Unassigned respondents are members of no type.

    Returns
    -------
    list of str
        One text a type, empty where nothing is suspicious.
    """
    measures = _measures(prepared)
    flags = []
    for number in range(discovery.n_types):
        member = (discovery.labels == number).astype(float)
        found = [text for text, values in measures if _correlation(member, values) >= LARGE]
        flags.append("; ".join(found))
    return flags


def _measures(prepared: Prepared) -> list[tuple[str, Floats]]:
    missing = ((prepared.codes < 0) & ~prepared.not_asked).mean(axis=1)
    measures = [
        ("coincides with unanswered items", missing),
        ("coincides with answering (few items left open)", -missing),
        ("coincides with routing (items not asked)", prepared.not_asked.mean(axis=1)),
        ("coincides with having been asked everything", -prepared.not_asked.mean(axis=1)),
    ]
    measures += [
        (f"coincides with {str(name).replace('_', ' ')}", prepared.flags[name].to_numpy(dtype=float))
        for name in prepared.flags.columns
    ]
    if prepared.group is not None:
        measures += [
            (f"is mostly {group}", (prepared.group == group).astype(float))
            for group in np.unique(prepared.group.astype(str))
        ]
    return measures


def _correlation(member: Floats, values: Floats) -> float:
    if member.std() == 0 or np.std(values) == 0:
        return 0.0
    return float(np.corrcoef(member, values)[0, 1])
