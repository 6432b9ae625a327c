"""Two finished runs side by side, from what they released: waves of a survey, or countries run apart.

Nothing is computed from respondents. Questions are the same if label and answers are the same, whatever the
variable is called: names of variables change from wave to wave, and a name may come back for another
question. Cells that either run withholds take no part, and how many do is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.models.replication import DIFFERENT_BY, DIFFERENT_Q, PROFILE_R
from typology.profile.display import sentences_html
from typology.profile.panels import tidy_prevalence
from typology.profile.released import EVERYONE, Summary, Tables, numbers, table, texts
from typology.profile.wording import listed

FOUND, WEAK, NONE, UNTOLD = "found in both", "not found again", "no counterpart", "cannot be told"
FEWEST_CELLS = 10
MOVED_BY = 0.02
CRITICAL = 1.96
TYPE_COLUMNS = [
    "type", "name", "counterpart", "counterpart_name", "profile_r", "cells", "share_first", "share_second",
    "difference", "lo", "hi", "verdict",
]  # fmt: skip
ANSWER_COLUMNS = [
    "type", "label", "category_label", "share_first", "share_second", "difference", "lo", "hi", "q", "apart",
]  # fmt: skip
VERDICT_WORDS = {
    "types": "types",
    "gradient": "a gradient and no types",
    "none": "no association of the items",
}


@dataclass(frozen=True, repr=False)
class Comparison:
    """What two runs share and where they differ.

    Attributes
    ----------
    first, second : str
        Names of the runs.
    statement : tuple of str
        In plain sentences, verdicts first.
    types : DataFrame
        One row a type of the first run, then those of the second without a counterpart.
    answers : DataFrame
        One row a shared answer: of everyone (type "everyone"), and of matched types.
    not_compared : tuple of str
        Questions that only look the same, or that one run lacks.
    withheld : int
        Cells of shared questions that at least one run withholds.
    """

    first: str
    second: str
    statement: tuple[str, ...]
    types: pd.DataFrame
    answers: pd.DataFrame
    not_compared: tuple[str, ...]
    withheld: int

    def __repr__(self) -> str:
        """Return the statement, then types and differing answers as plain tables."""
        from typology.profile.comparison_tables import comparison_table

        return "\n".join([*self.statement, *(repr(view) for view in comparison_table(self)), self._note()])

    def _repr_html_(self) -> str:
        # the tables are made from this class, so they are imported here
        from typology.profile.comparison_tables import comparison_table

        views = "".join(view._repr_html_() for view in comparison_table(self))
        heading = f"{self.first} and {self.second}"
        return sentences_html(heading, [*self.statement, self._note()], listed=self.not_compared) + views

    def _note(self) -> str:
        return f"Withheld by disclosure control in one run or both: {self.withheld} cells."


def compare_releases(first: tuple[Tables, Summary], second: tuple[Tables, Summary]) -> Comparison:
    """Compare two runs by their release tables.

    Parameters
    ----------
    first, second : (tables, summary)

    Returns
    -------
    Comparison
        Differences are second minus first. Their intervals take the runs for independent samples and rest on
        the released, rounded intervals.
    """
    names = _names(first[1], second[1])
    shared, withheld, groups = _shared_cells(first[0], second[0])
    not_compared = _not_compared(first[0], second[0], names)
    types = _matched(first, second, shared) if all(groups) else _lone_types(first, second)
    answers = _answers(shared, types)
    questions = shared["label"].nunique()
    statement = _statement(names, first[1], second[1], types, answers, questions)
    return Comparison(*names, statement, types, answers, not_compared, withheld)


def _names(first: Summary, second: Summary) -> tuple[str, str]:
    one, two = str(first["study"]), str(second["study"])
    return (one, two) if one != two else (f"{one} (first)", f"{two} (second)")


def _questions(tables: Tables) -> pd.DataFrame:
    """Typology items with `question`, which is the same in another run for the same label and answers."""
    frame = tidy_prevalence(tables)
    frame = frame[frame["role"] == "typology"]
    answers = frame.groupby("variable")["category_label"].agg(lambda labels: "|".join(sorted(set(labels))))
    question = frame["label"].str.casefold().str.strip() + "|" + frame["variable"].map(answers).str.casefold()
    frame = frame.assign(question=question)
    twice = frame.groupby("question")["variable"].nunique()
    return frame[~frame["question"].isin(twice[twice > 1].index)]


def _shared_cells(first: Tables, second: Tables) -> tuple[pd.DataFrame, int, tuple[list[str], list[str]]]:
    """Cells both runs show, in long form by run and group; how many are withheld; the types of each run."""
    one, two = _questions(first), _questions(second)
    both = set(one["question"]) & set(two["question"])
    parts = []
    for run, frame in (("first", one), ("second", two)):
        kept = frame[frame["question"].isin(both)]
        several = kept.groupby("question")["category_label"].transform("nunique") > 2
        # of two answers one says it all
        parts.append(kept[several | kept["endorsed"]].assign(run=run))
    shared = pd.concat(parts, ignore_index=True)
    hidden = shared[(shared["suppressed"] != "") & (shared["group"] != "unassigned")]
    groups = [
        [g for g in dict.fromkeys(part["group"]) if g not in (EVERYONE, "unassigned")] for part in (one, two)
    ]
    return shared[shared["share"].notna()], len(hidden), (groups[0], groups[1])


def _not_compared(first: Tables, second: Tables, names: tuple[str, str]) -> tuple[str, ...]:
    one = _questions(first).drop_duplicates("variable").set_index("variable")
    two = _questions(second).drop_duplicates("variable").set_index("variable")
    told = [
        f"{name}: {one.loc[name, 'label']} in {names[0]}, {two.loc[name, 'label']} in {names[1]}"
        for name in one.index.intersection(two.index)
        if one.loc[name, "question"] != two.loc[name, "question"]
    ]
    for mine, other, run in ((one, two, names[0]), (two, one, names[1])):
        lone = mine[~mine["question"].isin(set(other["question"]))]
        told += [f"{name}: {label}, only in {run}" for name, label in lone["label"].items()]
    return tuple(told)


def _sizes(tables: Tables) -> pd.DataFrame:
    frame = texts(numbers(table(tables, "types", columns=["id"]), "share_weighted", "lo", "hi"), "id", "name")
    return frame.set_index("id")


def _matched(
    first: tuple[Tables, Summary], second: tuple[Tables, Summary], shared: pd.DataFrame
) -> pd.DataFrame:
    """Types matched one to one by how their answers deviate from everyone's of their own run."""
    # brings SciPy along, which opening a run does not need
    from typology.models.agreement import match

    one, two = _sizes(first[0]), _sizes(second[0])
    wide = shared.pivot_table(
        index=["question", "category_label"], columns=["run", "group"], values="difference"
    )
    r, shown = np.zeros((len(one), len(two))), np.zeros((len(one), len(two)), dtype=np.int64)
    for i, a in enumerate(one.index):
        for j, b in enumerate(two.index):
            columns = [("first", a), ("second", b)]
            pair = wide[columns].dropna() if set(columns) <= set(wide.columns) else wide.iloc[:0, :0]
            shown[i, j] = len(pair)
            if len(pair) >= FEWEST_CELLS and (pair.std() > 0).all():
                r[i, j] = float(np.corrcoef(pair.to_numpy().T)[0, 1])
    partner = dict(match(r))
    rows = [_lone(one, name, NONE) for i, name in enumerate(one.index) if i not in partner]
    for i, j in partner.items():
        a, b = one.index[i], two.index[j]
        told = shown[i, j] >= FEWEST_CELLS
        verdict = UNTOLD if not told else FOUND if r[i, j] >= PROFILE_R else WEAK
        gap = _gap(one.loc[a], two.loc[b], "share_weighted")
        shares = one.loc[a, "share_weighted"], two.loc[b, "share_weighted"]
        who = a, one.loc[a, "name"], b, two.loc[b, "name"]
        measure = float(r[i, j]) if told else np.nan
        rows.append((*who, measure, int(shown[i, j]), *shares, *gap[:3], verdict))
    rows.sort(key=lambda row: str(row[0]))
    matched = set(partner.values())
    rows += [_lone(two, name, NONE, second=True) for j, name in enumerate(two.index) if j not in matched]
    return pd.DataFrame(rows, columns=TYPE_COLUMNS)


def _lone(sizes: pd.DataFrame, name: str, verdict: str, *, second: bool = False) -> tuple[object, ...]:
    share, label, gone = sizes.loc[name, "share_weighted"], sizes.loc[name, "name"], np.nan
    if second:
        return ("", "", name, label, gone, 0, gone, share, gone, gone, gone, verdict)
    return (name, label, "", "", gone, 0, share, gone, gone, gone, gone, verdict)


def _lone_types(first: tuple[Tables, Summary], second: tuple[Tables, Summary]) -> pd.DataFrame:
    """Types where only one run has any."""
    rows = [_lone(_sizes(first[0]), name, NONE) for name in _sizes(first[0]).index]
    rows += [_lone(_sizes(second[0]), name, NONE, second=True) for name in _sizes(second[0]).index]
    return pd.DataFrame(rows, columns=TYPE_COLUMNS)


def _gap(one: pd.Series, two: pd.Series, share: str) -> tuple[float, float, float, float]:
    """Difference of two released shares, its interval, and its standard error."""
    difference = float(two[share] - one[share])
    error = float(np.hypot(one["hi"] - one["lo"], two["hi"] - two["lo"]) / (2 * CRITICAL))
    return difference, difference - CRITICAL * error, difference + CRITICAL * error, error


def _answers(shared: pd.DataFrame, types: pd.DataFrame) -> pd.DataFrame:
    """Shared answers of everyone and of the types found in both, with what differs after false discovery."""
    # brings SciPy along, which opening a run does not need
    from scipy import stats

    from typology.models.multiplicity import false_discovery

    found = types[types["verdict"] == FOUND]
    pairs = [(EVERYONE, EVERYONE, EVERYONE)]
    pairs += [(a, a, b) for a, b in zip(found["type"], found["counterpart"], strict=True)]
    told, p = [], []
    for name, a, b in pairs:
        mine = shared[(shared["run"] == "first") & (shared["group"] == a)]
        other = shared[(shared["run"] == "second") & (shared["group"] == b)]
        both = mine.merge(other, on=["question", "category_label"], suffixes=("_first", "_second"))
        for row in both.to_dict("records"):
            one = pd.Series({key: row[f"{key}_first"] for key in ("share", "lo", "hi")})
            two = pd.Series({key: row[f"{key}_second"] for key in ("share", "lo", "hi")})
            difference, lo, hi, error = _gap(one, two, "share")
            shares = one["share"], two["share"]
            told.append((name, row["label_first"], row["category_label"], *shares, difference, lo, hi))
            p.append(2 * stats.norm.sf(abs(difference) / error) if error > 0 else np.nan)
    frame = pd.DataFrame(told, columns=ANSWER_COLUMNS[:8])
    q = false_discovery(np.array(p, dtype=float))
    least = np.where(frame["type"] == EVERYONE, MOVED_BY, DIFFERENT_BY)
    apart = (q < DIFFERENT_Q) & (frame["difference"].abs() >= least)
    return frame.assign(q=q, apart=apart).round(4)[ANSWER_COLUMNS]


def _statement(
    names: tuple[str, str],
    first: Summary,
    second: Summary,
    types: pd.DataFrame,
    answers: pd.DataFrame,
    questions: int,
) -> tuple[str, ...]:
    verdicts = str(first["verdict"]), str(second["verdict"])
    words = [VERDICT_WORDS[verdict] for verdict in verdicts]
    told = [f"{names[0]} found {words[0]}, {names[1]} found {words[1]}."]
    if verdicts[0] == verdicts[1] == "types":
        found = types[types["verdict"] == FOUND]
        pairs = [f"{a} as {b}" for a, b in zip(found["type"], found["counterpart"], strict=True)]
        named = f": {listed(pairs)}" if pairs else ""
        count = int((types["type"] != "").sum())
        told.append(f"Of the {count} types of {names[0]}, {len(found)} are found in both{named}.")
    elif verdicts[0] != verdicts[1] and "types" in verdicts:
        has, lacks = (names[0], names[1]) if verdicts[0] == "types" else (names[1], names[0])
        told.append(f"The verdicts differ: the types of {has} have no support in {lacks}, which shows none.")
    elif verdicts[0] != verdicts[1]:
        told.append("The verdicts differ, and neither run shows types.")
    else:
        told.append("The verdicts agree: neither run shows types, so only answers are compared.")
    whole = answers[answers["type"] == EVERYONE]
    told.append(
        f"{questions} questions are the same in both runs; of {len(whole)} answers everyone gives, "
        f"{int(whole['apart'].sum())} differ by {100 * MOVED_BY:.0f} points or more, beyond chance."
        if questions
        else "No question is the same in both runs, so nothing can be compared."
    )
    return tuple(told)
