"""The groups of respondents that estimates are made for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from typology.results import Bools, Discovery, Evidence, Ints, Prepared, Survey

EVERYONE = "everyone"
UNASSIGNED = "unassigned"


@dataclass(frozen=True)
class Groups:
    """Everyone read, each type, and those without a type.

    Attributes
    ----------
    names : tuple of str
        "everyone", then "T1", "T2", ... and "unassigned" if there are any; only "everyone" when no types were
        found.
    members : bool array, (n read, g)
        Respondents set aside before clustering are in "everyone" only.
    """

    names: tuple[str, ...]
    members: Bools

    @property
    def types(self) -> tuple[str, ...]:
        """Ids of the types."""
        return tuple(name for name in self.names if name not in (EVERYONE, UNASSIGNED))

    @cached_property
    def sizes(self) -> Ints:
        """Respondents in each group."""
        sizes: Ints = self.members.sum(axis=0).astype(np.int64)
        return sizes


def make_groups(survey: Survey, prepared: Prepared, discovery: Discovery, evidence: Evidence) -> Groups:
    """Place the respondents read into groups."""
    everyone = np.ones((len(survey.answers), 1), dtype=bool)
    if evidence.verdict != "types" or discovery.n_types == 0:
        return Groups((EVERYONE,), everyone)
    type_of = np.full(len(survey.answers), -2, dtype=np.int64)
    type_of[survey.answers.index.get_indexer(pd.Index(prepared.ids))] = discovery.labels
    names = tuple(f"T{number + 1}" for number in range(discovery.n_types))
    members = np.column_stack([type_of == number for number in range(discovery.n_types)])
    without = type_of == -1
    if not without.any():  # rows of nobody would be withheld, and tell that there are zeros to be found
        return Groups((EVERYONE, *names), np.column_stack([everyone, members]))
    return Groups((EVERYONE, *names, UNASSIGNED), np.column_stack([everyone, members, without]))
