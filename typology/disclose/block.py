"""Suppression in one table of counts, answers x groups, with a proof that what is hidden stays hidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np

from typology.disclose.rules import enough
from typology.results import Bools, Floats, Ints

WHOLE = -1
"""Stands for the column of everyone, the sum of all groups."""
Cell = tuple[int, int]


class Number(NamedTuple):
    """A released count: the sum of some answers in one group (or in all, `WHOLE`)."""

    answers: tuple[int, ...]
    group: int


@dataclass
class Block:
    """Counts of one variable and what of them is hidden.

    Attributes
    ----------
    count : int array, (c, g)
        Respondents by answer and group; the groups are disjoint.
    base : int array, (g,)
        Respondents with an answer by group; taken as known to a reader.
    threshold : int
    published : bool array, (g,)
        Groups the release has rows for. What it has no rows for is hidden from the start.
    unions : list of tuple
        Sets of answers that are released as one count as well (those that make up an exposure).
    cost : float array, (g,)
        How much is lost by hiding a cell of each group, before how telling the cell is.
    coarse : bool array, (g,), optional
        Groups without a type. What the types leave over of everyone for them is protected by the rounding
        of what is shown, so that types need not be hidden for their sake.
    whole_known : bool
        The sums over the groups are known whatever is hidden.
    hidden, whole_hidden, union_hidden : bool arrays
        Cells (c, g); sums over groups (c,); unions (u, g + 1), the last column being everyone.
    """

    count: Ints
    base: Ints
    threshold: int
    published: Bools
    unions: list[tuple[int, ...]] = field(default_factory=list)
    cost: Floats | None = None
    whole_known: bool = False
    coarse: Bools | None = None

    def __post_init__(self) -> None:
        answers, groups = self.count.shape
        self.single = groups == 1 and not self.whole_known
        self.member = np.zeros((len(self.unions), answers), dtype=bool)
        for position, union in enumerate(self.unions):
            self.member[position, list(union)] = True
        self.hidden = np.zeros((answers, groups), dtype=bool)
        self.hidden[:, ~self.published] = True
        self.whole_hidden = np.full(answers, self.single)
        self.union_hidden = np.zeros((len(self.unions), groups + 1), dtype=bool)
        self.union_hidden[:, :-1][:, ~self.published] = True
        everyone = np.maximum(self.count.sum(axis=1), 1) / max(int(self.base.sum()), 1)
        here = self.count / np.maximum(self.base, 1)
        # Where there are no groups to compare, the commonest answer is the one to keep.
        distance = here if self.single else np.abs(here - everyone[:, None])
        self.telling = distance + (0.0 if self.cost is None else self.cost[None, :])

    def hide(self, cells: Iterable[Cell]) -> None:
        """Hide cells (`WHOLE` as group hides the sum); with two answers, one gives the other away."""
        for answer, group in cells:
            rows = slice(None) if self.count.shape[0] == 2 else answer
            if group == WHOLE:
                if not self.whole_known:
                    self.whole_hidden[rows] = True
            else:
                self.hidden[rows, group] = True

    def hide_split_unions(self, cells: Sequence[Cell]) -> None:
        """Hide the unions that hold some but not all of the answers of these cells, in their groups."""
        answers = sorted({answer for answer, _ in cells})
        split = self.member[:, answers].any(axis=1) & ~self.member[:, answers].all(axis=1)
        for _, group in cells:
            self.union_hidden[split, self.count.shape[1] if group == WHOLE else group] = True

    def state(self) -> tuple[Bools, Bools, Bools]:
        """Copy of what is hidden."""
        return self.hidden.copy(), self.whole_hidden.copy(), self.union_hidden.copy()

    def restore(self, state: tuple[Bools, Bools, Bools]) -> None:
        """Return to an earlier state."""
        self.hidden[:], self.whole_hidden[:], self.union_hidden[:] = state

    def hide_group(self, group: int) -> None:
        """Hide everything about one group."""
        self.hide((answer, group) for answer in range(self.count.shape[0]))
        self.union_hidden[:, group] = True

    def hide_small(self) -> None:
        """Hide every number that rests on too few respondents."""
        for answer, group in product(range(self.count.shape[0]), range(self.count.shape[1])):
            if not self.shown_enough(int(self.count[answer, group]), int(self.base[group])):
                self.hide([(answer, group)])
        total = int(self.base.sum())
        for answer, count in enumerate(self.count.sum(axis=1)):
            if not self.single and not self.shown_enough(int(count), total):
                self.hide([(answer, WHOLE)])
        for position in range(len(self.unions)):
            self._hide_small_union(position)

    def _hide_small_union(self, position: int) -> None:
        inside = self.count[self.member[position]].sum(axis=0)
        for group in range(self.count.shape[1]):
            own, rest = int(inside[group]), int(inside.sum() - inside[group])
            rest_base = int(self.base.sum() - self.base[group])
            if not self.shown_enough(own, int(self.base[group])) or not self.shown_enough(rest, rest_base):
                self.union_hidden[position, group] = True
        if not self.shown_enough(int(inside.sum()), int(self.base.sum())):
            self.union_hidden[position, -1] = True

    def shown_enough(self, count: int, base: int) -> bool:
        """Whether a number rests on enough respondents to be shown."""
        return enough(count, base, threshold=self.threshold)

    def hide_everything(self) -> None:
        """Hide the whole variable."""
        self.hidden[:] = True
        self.union_hidden[:] = True
        if not self.whole_known:
            self.whole_hidden[:] = True

    def hidden_numbers(self) -> list[Number]:
        """Every hidden number with respondents under it."""
        groups = self.count.shape[1]
        found = [Number((int(a),), int(g)) for a, g in np.argwhere(self.hidden) if self.base[g]]
        if not self.single:
            found += [Number((int(a),), WHOLE) for a in np.flatnonzero(self.whole_hidden)]
        for position, column in np.argwhere(self.union_hidden):
            if column == groups or self.base[column]:
                found.append(Number(self.unions[position], WHOLE if column == groups else int(column)))
        return found

    def is_safe(self, number: Number) -> bool:
        """Whether the release is proved to leave a hidden number open.

        It must span several values and, if it (or its complement) is small, may as well be large. In a group
        below twice the threshold some answer is small whatever is hidden: there the span must do. A number
        of one group is also judged by what it leaves for all other groups together.
        """
        down, up = self._reach(number)
        inside = self.count[list(number.answers)].sum(axis=0)
        value, base = int(inside.sum()), int(self.base.sum())
        if number.group == WHOLE or self.single:
            return self._open(value, base, (down, up))
        own, own_base = int(inside[number.group]), int(self.base[number.group])
        return self._open(own, own_base, (down, up)) and (
            not self._rest_told(number) or self._open(value - own, base - own_base, (up, down))
        )

    def _rest_told(self, number: Number) -> bool:
        """Whether the release also has a row for everybody outside the group."""
        return number.answers in self.unions

    def least_span(self) -> int:
        """Fewest values a hidden number must be able to take, less one."""
        return max(self.threshold // 2, 3)

    def _open(self, value: int, base: int, reach: tuple[int, int]) -> bool:
        low, high = value - reach[0], value + reach[1]
        if high - low < min(self.least_span(), base):
            return False
        if self.shown_enough(value, base) or base < 2 * self.threshold:
            return True
        return high >= self.threshold and base - low >= self.threshold

    def _reach(self, number: Number) -> tuple[int, int]:
        """How far a hidden number may move down and up with everything shown unchanged.

        Respondents are exchanged between an answer inside the number and one outside it: within the group
        alone where the sums of both answers over the groups are hidden, else against the opposite exchange
        in other groups. Exchanges add up as long as they draw on different cells.
        """
        outside = [answer for answer in range(self.count.shape[0]) if answer not in number.answers]
        pairs = list(product(number.answers, outside))
        down = self._exchanged([(mine, other) for mine, other in pairs], number.group)
        return down, self._exchanged([(other, mine) for mine, other in pairs], number.group)

    def _exchanged(self, pairs: list[tuple[int, int]], group: int) -> int:
        """Respondents of `group` that can be moved from the first to the second answer of each pair."""
        left = self.count.copy()
        moved = 0
        for source, target in pairs:
            free = self._movable(source, target)
            alone = self._sums_free(source, target)
            if group == WHOLE:
                amount = int(left[source, free].sum()) if alone else 0
                left[source, free] = 0 if alone else left[source, free]
            elif not free[group]:
                continue
            else:
                amount = int(left[source, group])
                if not alone:
                    free[group] = False
                    amount = min(amount, int(left[target, free].sum()))
                    _draw(left[target], free, amount)
                left[source, group] -= amount
            moved += amount
        return moved

    def _movable(self, mine: int, other: int) -> Bools:
        """Groups in which respondents can move between two answers unnoticed."""
        split = self.member[:, mine] != self.member[:, other]
        free: Bools = self.hidden[mine] & self.hidden[other] & self.union_hidden[split, :-1].all(axis=0)
        return free

    def _sums_free(self, mine: int, other: int) -> bool:
        """Whether the sums of two answers over all groups may change unnoticed."""
        split = self.member[:, mine] != self.member[:, other]
        return bool(self.whole_hidden[[mine, other]].all() and self.union_hidden[split, -1].all())


def _draw(row: Ints, where: Bools, amount: int) -> None:
    """Take respondents out of some cells of a row, in place."""
    for position in np.flatnonzero(where):
        taken = min(int(row[position]), amount)
        row[position] -= taken
        amount -= taken
