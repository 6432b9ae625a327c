"""Whether each type comes out again in each country or wave, and which items work otherwise there.

Every group is searched on its own, from scratch. A type replicates where the group's own types hold one with
its profile (what sets it apart from the other types) and nearly the same members. Respondents drawn at random
from all groups, as many as the group has, are searched in the same way: a type that even they do not give
cannot be told to be missing from the group.

References
----------
Hennig 2007, Computational Statistics & Data Analysis 52:258-271 (a type is compared with its most similar
one). Landis & Koch 1977, Biometrics 33:159-174 (kappa above 0.6 is substantial agreement).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from typology.evidence.items_apart import items_apart
from typology.models.agreement import correlations, kappa, level_shares, match
from typology.models.layout import Layout, indicators, item_layout
from typology.models.parallel import run_all
from typology.models.replication import (
    ABSENT,
    AGREEMENT,
    NOT,
    PROFILE_R,
    RARER,
    REPLICATES,
    SMALL,
    SMALLEST_GROUP,
    SMALLEST_TYPE,
    UNTOLD,
)
from typology.progress import Progress
from typology.results import Discovery, Floats, Ints, Prepared

RARE_P = 0.001
REFERENCES = 2
MOST_REFIT = 2_000
TYPE_COLUMNS = [
    "type", "group", "n", "base", "matched_r", "agreement", "reference_r", "reference_agreement", "verdict",
]  # fmt: skip

Again = Callable[[Ints, int], Sequence[Ints]]


@dataclass(frozen=True)
class Replication:
    """How the types fare in each group.

    Attributes
    ----------
    types : DataFrame, one row a type and group
        type (position), group, n, base, matched_r, agreement, reference_r, reference_agreement, verdict. Base
        is the group's respondents; the reference is the mean of random respondents in equal number.
    items : DataFrame, one row an item and group
        As :func:`typology.evidence.items_apart.items_apart` gives it.
    """

    types: pd.DataFrame
    items: pd.DataFrame


def replicate(
    prepared: Prepared,
    discovery: Discovery,
    again: Again,
    *,
    presented: int,
    smallest_type: int = SMALLEST_TYPE,
    seed: int,
    jobs: int,
    progress: Progress,
) -> Replication:
    """Search every group on its own and compare.

    Parameters
    ----------
    prepared : Prepared
        With a group; respondents without one take part in no comparison.
    discovery : Discovery
        All candidate types, the presented ones first.
    again : callable
        ``again(rows, seed) -> solutions`` of these respondents alone, each an array of types.
    presented : int
        How many of the types are reported on.
    smallest_type : int
        Fewer members than this in a group are too few to judge.
    seed : int
    jobs : int
        Processes; results do not depend on it.
    progress : Progress

    Returns
    -------
    Replication
    """
    names, group = group_codes(prepared)
    columns = item_layout(prepared.items)
    codes = prepared.codes.astype(np.int64)
    members = _members(discovery.labels, group, len(names), presented)
    judged = [g for g in range(len(names)) if (group == g).sum() >= SMALLEST_GROUP]
    tasks = _tasks(group, judged, seed)
    progress.start("Replication by group", total=len(tasks) + 1)
    scores: dict[tuple[str, int], list[Floats]] = {}
    whole = (codes, columns, discovery.labels, discovery.n_types, again)
    results = run_all(_score, [(*whole, rows, one) for _, _, rows, one in tasks], jobs=jobs)
    for (kind, g, _, _), found in zip(tasks, results, strict=True):
        scores.setdefault((kind, g), []).append(found[:, :presented])
        progress.advance()
    types = _types(names, group, members, scores, smallest_type)
    compared = np.zeros((discovery.n_types, len(names)), dtype=bool)
    verdicts = types.pivot(index="type", columns="group", values="verdict").reindex(columns=names)
    compared[:presented] = (verdicts == REPLICATES).to_numpy(dtype=bool)
    items = items_apart(codes, columns, discovery, names, group, compared)
    progress.advance()
    return Replication(types, items)


def group_codes(prepared: Prepared) -> tuple[list[str], Ints]:
    """Names of the groups, in order, and the group of each respondent; -1 where it is not known."""
    if prepared.group is None:
        return [], np.full(prepared.n, -1, dtype=np.int64)
    text = prepared.group.astype(str)
    names = [str(name) for name in np.unique(text) if name]
    place = {name: position for position, name in enumerate(names)}
    return names, np.array([place.get(name, -1) for name in text], dtype=np.int64)


def _members(labels: Ints, group: Ints, groups: int, presented: int) -> Ints:
    """Respondents by type and group."""
    table = np.zeros((presented, groups), dtype=np.int64)
    inside = (labels >= 0) & (labels < presented) & (group >= 0)
    np.add.at(table, (labels[inside], group[inside]), 1)
    return table


def _tasks(group: Ints, judged: Sequence[int], seed: int) -> list[tuple[str, int, Ints, int]]:
    """The searches to make: of each group, and of random respondents in equal number."""
    tasks: list[tuple[str, int, Ints, int]] = []
    known = np.flatnonzero(group >= 0)
    for g in judged:
        rows = np.flatnonzero(group == g)
        sequence = np.random.SeedSequence([seed, 2, g])
        states = [int(s) for s in sequence.generate_state(1 + REFERENCES)]
        rng = np.random.default_rng(sequence)
        size = min(len(rows), MOST_REFIT)
        tasks.append(("own", g, np.sort(rng.choice(rows, size, replace=False)), states[0]))
        tasks += [
            ("reference", g, np.sort(rng.choice(known, size, replace=False)), state) for state in states[1:]
        ]
    return tasks


def _score(
    codes: Ints, columns: Layout, labels: Ints, n_types: int, again: Again, rows: Ints, seed: int
) -> Floats:
    """Profile correlation and agreement of every type with its match, (2, K).

    Both profiles are taken as deviations from the mean of all types: whole profiles resemble each other
    wherever an answer is common in all types, and deviations from everyone shrink with the size of a type.

    Of the solutions with fewer or more types that one counts, for each type, in which its match agrees most:
    a group that lacks a type has one type fewer, and forced to the same number it would split another.
    """
    matrix = indicators(codes, columns)
    profile = level_shares(matrix, columns, labels, n_types)
    middle = profile.mean(axis=0)
    best, mine = np.zeros((2, n_types)), labels[rows]
    for own in again(rows, seed):
        count = int(own.max(initial=0)) + 1
        similarity = correlations(profile - middle, level_shares(matrix[rows], columns, own, count) - middle)
        for a, b in match(similarity):
            agreement = kappa(mine == a, own == b)
            if agreement > best[1, a]:
                best[:, a] = similarity[a, b], agreement
    return best


def _types(
    names: Sequence[str],
    group: Ints,
    members: Ints,
    scores: dict[tuple[str, int], list[Floats]],
    smallest: int,
) -> pd.DataFrame:
    sizes = np.array([int((group == g).sum()) for g in range(len(names))])
    rows = []
    for c, counts in enumerate(members):
        for g, name in enumerate(names):
            n, base = int(counts[g]), int(sizes[g])
            own, reference = np.full(2, np.nan), np.full(2, np.nan)
            if (sizes >= SMALLEST_GROUP).sum() < 2 or base < SMALLEST_GROUP or base - n < smallest:
                verdict = SMALL
            elif n < smallest:
                elsewhere = (counts.sum() - n) / max(sizes.sum() - base, 1)
                verdict = ABSENT if _rare(n, base, float(elsewhere), smallest=smallest) else SMALL
            else:
                own = scores["own", g][0][:, c]
                reference = np.mean([each[:, c] for each in scores["reference", g]], axis=0)
                verdict = judge(own, reference)
            rows.append((c, name, n, base, *own, *reference, verdict))
    return pd.DataFrame(rows, columns=TYPE_COLUMNS)


def judge(own: Floats, reference: Floats) -> str:
    """Verdict on a type in a group that is large enough.

    Parameters
    ----------
    own, reference : float arrays, (2,)
        Profile correlation and agreement of the type with its match among the group's own types, and among
        those of random respondents in equal number.
    """
    bounds = np.array([PROFILE_R, AGREEMENT])
    if (own >= bounds).all():
        return REPLICATES
    return NOT if (reference >= bounds).all() else UNTOLD


def _rare(n: int, base: int, share: float, *, smallest: int) -> bool:
    """Whether a group has hardly anybody of a type that it should have many of, were it as elsewhere."""
    unlikely = float(stats.binom.cdf(n, base, share)) < RARE_P
    return share * base >= smallest and n < RARER * share * base and unlikely
