"""What is hidden of prevalences, factors and outcomes: one block of counts per variable, judged together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from typology.disclose.block import WHOLE, Block
from typology.disclose.cover import protect_block
from typology.errors import DisclosureError

EVERYONE, UNASSIGNED = "everyone", "unassigned"
NO_GROUP = "no group"
_TYPE_COST = 1.0  # hiding a cell of a type loses more than hiding one of the unassigned


def endorsed_rows(prevalence: pd.DataFrame) -> pd.Series:
    """Rows of answers that count as endorsed, made here or read back from a file."""
    return prevalence["endorsed"].astype(str).str.casefold().eq("true")


@dataclass(frozen=True)
class Answers:
    """The block of one variable, with the names of its answers and groups."""

    block: Block
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    asked_if: Mapping[str, Sequence[str]]

    def is_hidden(self, category: str, group: str) -> bool:
        """Whether the row of an answer and group is hidden."""
        answer = self.categories.index(category)
        if group == EVERYONE and not self.block.single:
            return bool(self.block.whole_hidden[answer])
        return bool(self.block.hidden[answer, self.groups.index(group)])

    def hide(self, rows: Iterable[tuple[str, str]]) -> None:
        """Hide rows (category, group), and what counts only some of their answers."""
        for category, group in rows:
            column = WHOLE if group == EVERYONE else self.groups.index(group)
            cell = (self.categories.index(category), column)
            self.block.hide([cell])
            self.block.hide_split_unions([cell])

    def union_hidden(self, categories: Sequence[str], group: str) -> bool:
        """Whether the count of several answers together is hidden in a group."""
        union = tuple(sorted(self.categories.index(category) for category in categories))
        column = -1 if group == EVERYONE else self.groups.index(group)
        return bool(self.block.union_hidden[self.block.unions.index(union), column])


def protect_answers(
    prevalence: pd.DataFrame,
    views: Sequence[pd.DataFrame],
    *,
    further: Mapping[str, Collection[tuple[str, str]]] | None = None,
    threshold: int,
    unassigned: bool = True,
) -> dict[str, Answers]:
    """Decide what to hide of every variable.

    Parameters
    ----------
    prevalence : DataFrame
        Raw, with `_asked_if`.
    views : sequence of DataFrame
        Tables whose rows count some answers of a variable in a type: columns type, variable, `_categories`.
    further : mapping, optional
        By variable, rows (category, group) to hide whatever their counts.
    unassigned : bool
        Whether anything may be shown of those without a type.

    Returns
    -------
    dict
        By variable. A routed variable is hidden in every group in which its gate is.
    """
    unions = _unions(views)
    waiting = {
        str(name): _answers(rows, unions.get(str(name), set()), threshold=threshold)
        for name, rows in prevalence.groupby("variable", sort=False)
    }
    solved: dict[str, Answers] = {}
    while waiting:
        ready = [name for name, each in waiting.items() if not set(each.asked_if) & set(waiting)]
        if not ready:
            raise DisclosureError(f"routing goes in circles among {', '.join(waiting)}")
        for name in ready:
            answers = waiting.pop(name)
            _follow_gates(answers, solved)
            if not unassigned and UNASSIGNED in answers.groups:
                answers.block.hide_group(answers.groups.index(UNASSIGNED))
            answers.hide((further or {}).get(name, ()))
            protect_block(answers.block)
            solved[name] = answers
    return solved


def _unions(views: Sequence[pd.DataFrame]) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for view in views:
        for variable, categories in zip(view["variable"], view["_categories"], strict=True):
            if categories:
                found.setdefault(str(variable), set()).add(tuple(categories))
    return found


def _answers(rows: pd.DataFrame, unions: set[tuple[str, ...]], *, threshold: int) -> Answers:
    """Arrange the rows of one variable as a block; who is in no group is a group without rows."""
    categories = tuple(rows["category"].drop_duplicates())
    groups = [str(group) for group in rows["group"].drop_duplicates()]
    wide = rows.pivot(index="category", columns="group", values="count").loc[list(categories), groups]
    count = wide.to_numpy(dtype=np.int64)
    base = rows.drop_duplicates("group").set_index("group")["base"].loc[groups].to_numpy(dtype=np.int64)
    asked_if = rows["_asked_if"].iloc[0]
    published = np.ones(len(groups), dtype=bool)
    if len(groups) > 1:
        at = groups.index(EVERYONE)
        others = [g for g in range(len(groups)) if g != at]
        rest = count[:, at] - count[:, others].sum(axis=1)
        count = np.column_stack([count[:, others], rest])
        base = np.append(base[others], base[at] - base[others].sum())
        groups = [*(groups[g] for g in others), NO_GROUP]
        published = np.append(published[others], False)
    if (count < 0).any() or (base < 0).any():
        raise DisclosureError(f"counts of {rows['variable'].iloc[0]} do not add up to everyone's")
    places = {category: position for position, category in enumerate(categories)}
    as_positions = sorted({tuple(sorted(places[category] for category in union)) for union in unions})
    kept = [union for union in as_positions if len(union) < len(categories)]
    coarse = np.array([group in (UNASSIGNED, NO_GROUP) for group in groups], dtype=bool)
    cost = np.array([0.0 if group == UNASSIGNED else _TYPE_COST for group in groups])
    block = Block(count, base, threshold, published, kept, cost, coarse=coarse)
    return Answers(block, categories, tuple(groups), asked_if)


def _follow_gates(answers: Answers, solved: Mapping[str, Answers]) -> None:
    """Hide a routed variable wherever the count of those who were asked is hidden.

    The respondents who answered are (nearly) those who gave the gate's answers.
    """
    for gate, codes in answers.asked_if.items():
        if gate not in solved:
            continue
        known = [code for code in codes if code in solved[gate].categories]
        for position, group in enumerate(answers.groups):
            if any(solved[gate].is_hidden(code, group) for code in known):
                answers.block.hide_group(position)
        if not answers.block.single and any(solved[gate].is_hidden(code, EVERYONE) for code in known):
            answers.block.whole_hidden[:] = True
            answers.block.union_hidden[:, -1] = True


def exposure_block(rows: pd.DataFrame, *, threshold: int) -> tuple[Block, tuple[str, ...]]:
    """Block of an exposure that is not a set of answers of one variable: exposed or not, by type."""
    types = tuple(rows["type"])
    exposed, base = rows["exposed_type"].to_numpy(np.int64), rows["base_type"].to_numpy(np.int64)
    all_exposed = int(exposed[0] + rows["exposed_rest"].iloc[0])
    all_base = int(base[0] + rows["base_rest"].iloc[0])
    exposed, base = np.append(exposed, all_exposed - exposed.sum()), np.append(base, all_base - base.sum())
    published = np.append(np.ones(len(types), dtype=bool), False)
    block = Block(np.vstack([exposed, base - exposed]), base, threshold, published, [(0,)], coarse=~published)
    return block, types
