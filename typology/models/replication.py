"""The words and bounds of replication, shared by the stage that judges and by what is said about it.

The bounds were set on planted surveys of ``benchmarks/replication.py``, other than those it reports.
"""

from __future__ import annotations

PROFILE_R = 0.7
"""Least correlation of what sets the two types apart from the mean of all types."""
AGREEMENT = 0.6
"""Least kappa of the members of the two types."""
SMALLEST_GROUP = 100
SMALLEST_TYPE = 20
RARER = 1 / 3
"""Of the share elsewhere: a type with a smaller share hardly occurs."""
DIFFERENT_Q = 0.05
DIFFERENT_BY = 0.1
"""Least mean difference of an item between groups, given type; answers run from 0 to 1."""

REPLICATES = "replicates"
NOT = "does not replicate"
ABSENT = "hardly occurs"
SMALL = "too small to judge"
UNTOLD = "cannot be told"
