"""Names by rule: from the published profile a type resembles, else from what sets it apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from typology.label.features import Features, listed, lower_first
from typology.label.matching import MATCH_SCORE, Match, assign_profiles
from typology.schema.catalogue import Catalogue

NOT_DESCRIBED = "not described before"
NAMES = ["name", "sentence", "profile", "profile_score", "overridden"]
TRACE = ["type", "step", "detail"]


@dataclass(frozen=True)
class Naming:
    """Names of all types, the trace of why, and the names by rule whatever the study file says."""

    names: pd.DataFrame
    trace: pd.DataFrame
    proposed: dict[str, str]


def name_types(
    features: Mapping[str, Features],
    matches: Mapping[str, Sequence[Match]],
    catalogue: Catalogue,
    overrides: Mapping[str, str],
) -> Naming:
    """Name every type.

    A type that resembles a published profile (score >= 0.5, each profile given once) takes its label. Any
    other is named after the factors, failing those the items, that are more common in it. Names are unique.
    A name in the study file wins, and the trace keeps what the rule had proposed.

    Returns
    -------
    Naming
        `names` by type id: name, sentence, profile ("" = not described before), profile_score (of the best
        profile, NaN when none could be scored), overridden. `trace`: type, step, detail.
    """
    assigned = assign_profiles(matches)
    taken = {name.casefold() for type_id, name in overrides.items() if type_id in features}
    rows, trace, by_rule = [], [], {}
    for type_id, about in features.items():
        match = assigned.get(type_id)
        proposed = _unique(_candidates(type_id, about, match, catalogue), taken)
        given = overrides.get(type_id)
        taken.add(proposed.casefold())
        by_rule[type_id] = proposed
        best = match or next(iter(matches[type_id]), None)
        rows.append({
            "name": given or proposed, "sentence": _sentence(about, match, catalogue),
            "profile": match.profile if match else "", "profile_score": best.score if best else float("nan"),
            "overridden": given is not None,
        })  # fmt: skip
        label = catalogue.profiles[match.profile].label if match else ""
        trace += [(type_id, *step) for step in _steps(about, matches[type_id], match, label, proposed, given)]
    for type_id, name in overrides.items():
        if type_id not in features:
            detail = f"the study file names {type_id} {name!r}; there is no such type"
            trace.append((type_id, "name not used", detail))
    names = pd.DataFrame(rows, columns=NAMES, index=pd.Index(list(features), name="type"))
    return Naming(names, pd.DataFrame(trace, columns=TRACE), by_rule)


def _candidates(type_id: str, about: Features, match: Match | None, catalogue: Catalogue) -> list[str]:
    """Names in order of preference; the last one carries the type's id and is always free."""
    found = [] if match is None else [catalogue.profiles[match.profile].label]
    sets = [("", about.more[:1]), ("", about.more[:2]), ("", about.more[:3])]
    sets += [("", about.more_items[:1]), ("", about.more_items[:2])]
    sets += [("Less often: ", about.less[:2]), ("Less often: ", about.less_items[:2])]
    found += [_capital(prefix + listed(labels)) for prefix, labels in sets if labels]
    first = found[0] if found else "No marked difference from others"
    return [*found, first, f"{first} ({type_id})"]


def _unique(candidates: Sequence[str], taken: set[str]) -> str:
    return next(name for name in candidates if name.casefold() not in taken)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(about: Features, match: Match | None, catalogue: Catalogue) -> str:
    """One neutral sentence, without numbers: those stand in the tables, disclosure-checked."""
    parts = []
    more, less = (about.more or about.more_items)[:3], (about.less or about.less_items)[:3]
    if more:
        parts.append(f"more common than among everybody else: {listed(more)}")
    if less:
        parts.append(f"less common: {listed(less)}")
    told = "; ".join(parts) or "no known risk factor and no item stands out"
    if match is None:
        return f"{_capital(told)} ({NOT_DESCRIBED})."
    profile = catalogue.profiles[match.profile]
    return f"{_capital(told)}; resembles the published profile \u201c{lower_first(profile.label)}\u201d."


def _steps(
    about: Features,
    scored: Sequence[Match],
    match: Match | None,
    label: str,
    proposed: str,
    given: str | None,
) -> list[tuple[str, str]]:
    """Say why a type has its name."""
    nothing = "none"
    steps = [
        ("factors more common", "; ".join(about.more) or nothing),
        ("factors less common", "; ".join(about.less) or nothing),
        ("items more common", "; ".join(about.more_items[:5]) or nothing),
        ("items less common", "; ".join(about.less_items[:5]) or nothing),
    ]
    steps += [("profile scored", each.detail) for each in scored]
    why_not = f"no free profile scores {MATCH_SCORE} or more"
    why_not = why_not if scored else "too few of any profile's factors were measured"
    matched = f"{label}, score {match.score:.2f}" if match else f"{NOT_DESCRIBED}: {why_not}"
    steps += [("profile matched", matched), ("name proposed", proposed)]
    if given is not None:
        steps.append(override_step(given, proposed))
    return steps


def override_step(given: str, proposed: str, *, source: str = "the study file") -> tuple[str, str]:
    """Step of the trace that says who gave a name: step, detail."""
    return "name overridden", f"{given!r} from {source} replaces {proposed!r}"
