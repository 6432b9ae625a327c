"""Protect release tables: hide what is small, hide what gives it away, round the rest, and keep a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from typology.disclose.answers import EVERYONE, endorsed_rows
from typology.disclose.attack_answers import ANSWERED
from typology.disclose.attack_sizes import size_leaks
from typology.disclose.blank import as_read, blanked, hidden_of, hidden_too, log_of
from typology.disclose.clustered import Clustered, how_many_clustered
from typology.disclose.counts import (
    hidden_parts,
    hidden_rows,
    protect_flow,
    protect_group_missingness,
    protect_missingness,
    protect_types,
)
from typology.disclose.rounding import (
    MODELS,
    ROUNDED,
    round_measurement,
    round_models,
    round_plain,
    round_replication,
)
from typology.disclose.rules import banded_base, down_to_step, to_step
from typology.disclose.suppress_answers import HIDDEN, VIEWS, answer_tables, are_weighted
from typology.errors import DisclosureError
from typology.evidence.sensitivity import IMPUTED
from typology.results import ReleaseTable

_OF_ANSWERS = {"prevalence", *VIEWS, "replication"}
# Plain tables whose counts would otherwise complete those of another table.
_IN_STEPS = {"crosswalk", "scale_items", "scales", "sensitivity"}
# Tables whose bases are the clustered, or those of them who answered.
_OF_CLUSTERED = {"severity", "sensitivity", "short_form", "correlations"}
# Tables whose rows are parts of one whole by outcome.
_PARTS = {"risk_dose", "risk_calibration"}
_RISKS = ("risk_models", "risk_predictors", *sorted(_PARTS))


def protect(
    tables: Sequence[ReleaseTable], *, threshold: int
) -> tuple[list[ReleaseTable], list[dict[str, Any]]]:
    """Make release tables safe to publish.

    Parameters
    ----------
    tables : sequence of ReleaseTable
        Raw, with counts. Columns that start with an underscore are used and dropped.
    threshold : int
        Fewest respondents under any number.

    Returns
    -------
    tables : list of ReleaseTable
        The same tables with a column `suppressed` (the rule, "" where shown), hidden rows blank in all but
        their keys, counts and shares rounded as :mod:`typology.disclose.rules` says.
    log : list of dict
        One entry a hidden row: table, row (its keys), rule, explanation.
    """
    by_name = {table.name: table for table in tables}
    if len(by_name) != len(tables):
        raise DisclosureError("two release tables have the same name")
    done = _protected(by_name, withhold=False, threshold=threshold)
    weighted = are_weighted(by_name)
    if size_leaks(as_read(done.values()), threshold=threshold, weighted=weighted)[0]:
        done = _protected(by_name, withhold=True, threshold=threshold)
    log = [entry for name in by_name for entry in log_of(done[name])]
    return [done[name] for name in by_name], log


def _protected(
    by_name: dict[str, ReleaseTable], *, withhold: bool, threshold: int
) -> dict[str, ReleaseTable]:
    """All tables; `withhold` hides who is unassigned or set aside though their number may be large enough."""
    done = _flow_tables(by_name, withhold=withhold, threshold=threshold)
    clustered = how_many_clustered(by_name, done)
    for name, table in by_name.items():
        if name in MODELS:
            done[name] = _model_table(table, clustered, threshold=threshold)
        elif name not in done and name not in _OF_ANSWERS:
            done[name] = _plain_table(table, clustered, threshold=threshold)
    unassigned = not clustered.all_withheld
    done |= answer_tables(by_name, done, unassigned=unassigned, threshold=threshold)
    done |= _risks_like_outcomes(done)
    # without prevalences it is a table like any other
    left = [name for name in by_name if name not in done]
    return done | {name: _plain_table(by_name[name], clustered, threshold=threshold) for name in left}


def _risks_like_outcomes(done: Mapping[str, ReleaseTable]) -> dict[str, ReleaseTable]:
    """Hide the risk tables of an outcome of which prevalences hide how many reported it.

    They count the same respondents with the outcome, in all and in parts that add up. Where several answers
    make the outcome, none of them is endorsed, and one that is hidden is enough.
    """
    if "prevalence" not in done:
        return {}
    rows = done["prevalence"].frame
    rows = rows[rows["group"].eq(EVERYONE)]
    endorsed = endorsed_rows(rows)
    telling = endorsed | ~endorsed.groupby(rows["variable"]).transform("any")
    hidden = set(rows.loc[telling & rows["suppressed"].ne(""), "variable"])
    return {
        name: hidden_too(done[name], done[name].frame["outcome"].isin(hidden).to_numpy(dtype=bool))
        for name in _RISKS
        if name in done
    }


def _plain_table(table: ReleaseTable, clustered: Clustered, *, threshold: int) -> ReleaseTable:
    hidden = hidden_rows(table, threshold=threshold)
    frame = table.frame
    if table.name in _OF_CLUSTERED and clustered.withheld:
        # few set aside look like none, as few missing answers do; a sample of the clustered leaves them out
        base = frame["base"].astype(float)
        sampled = table.name == "sensitivity" and bool((base < (clustered.n or 0.0)).any())
        frame = frame.assign(base=base + (0.0 if sampled else clustered.aside))
        if table.name == "sensitivity" and not sampled and "analysis" in frame:
            # who was set aside did not answer everything, as quality tells of all respondents
            imputed = frame["analysis"].eq(IMPUTED)
            frame["n"] = frame["n"].astype(float) + clustered.aside * imputed
        if table.name == "severity" and clustered.n:
            frame["n"] = frame["n"] * (1.0 + clustered.aside / clustered.n)  # parts of so many
    if table.name == "map_density":
        frame = frame.assign(n=down_to_step(frame["n"], threshold=threshold))
    if HIDDEN in frame:
        hidden |= frame[HIDDEN].to_numpy(dtype=bool)
    if table.name in _PARTS:
        hidden = hidden_parts(frame, hidden, threshold=threshold)
    counted = [name for pair in table.counts for name in pair if name is not None]
    if table.name in ROUNDED:
        rounded = round_plain(table.name, frame, counted, threshold=threshold)
        if table.name == "risk_models" and clustered.n:
            # rounded to the nearest, it may leave only a few values to those who did not answer
            everyone = pd.Series(clustered.n + clustered.aside, index=frame.index)
            rounded = rounded.assign(base=banded_base(frame["base"], everyone, threshold=threshold))
        frame = rounded
    if table.name == "measurement_differences":
        frame = round_measurement(frame, threshold=threshold)
    if table.name == "replication":
        frame = round_replication(frame, threshold=threshold)
    if table.name in _IN_STEPS:
        frame = frame.assign(**{name: to_step(frame[name], threshold=threshold) for name in counted})
    return blanked(table, frame, hidden)


def _model_table(table: ReleaseTable, clustered: Clustered, *, threshold: int) -> ReleaseTable:
    """Table of fitted models, in which only the number of the clustered is behind every number."""
    aside = clustered.aside if clustered.withheld else 0.0
    frame = round_models(table.frame, clustered=clustered.n, aside=aside, threshold=threshold)
    return blanked(table, frame, np.zeros(len(frame), dtype=bool))


def _flow_tables(
    by_name: dict[str, ReleaseTable], *, withhold: bool, threshold: int
) -> dict[str, ReleaseTable]:
    """Types, participation and missingness."""
    done = {}
    types = by_name.get("types")
    sizes = None if types is None else types.frame.reset_index(drop=True)
    if types is not None and sizes is not None:
        sizes, small = protect_types(sizes, threshold=threshold)
    if "participation" in by_name:
        table = by_name["participation"]
        frame, sizes, hidden = protect_flow(table.frame, sizes, withhold=withhold, threshold=threshold)
        done["participation"] = blanked(table, frame, hidden)
    if types is not None and sizes is not None:
        done["types"] = blanked(types, sizes, small)
    if "missingness" in by_name:
        table = by_name["missingness"]
        shown = protect_missingness(table.frame, threshold=threshold)
        done["missingness"] = _without_rare_reasons(blanked(table, *shown))
    if "missingness_groups" in by_name:
        table = by_name["missingness_groups"]
        shown = protect_group_missingness(table.frame, threshold=threshold)
        done["missingness_groups"] = _without_rare_reasons(blanked(table, *shown))
    return done


def _without_rare_reasons(table: ReleaseTable) -> ReleaseTable:
    """Leave out the reasons of missing answers that few gave: that there is one would tell of them.

    Where those who answered are few, they are what the reasons leave over, and the question is left out.
    """
    frame = table.frame
    keys = [name for name in ("variable", "group") if name in frame]
    few = frame[hidden_of(table) & (frame["kind"] == ANSWERED)]
    rare = pd.MultiIndex.from_frame(frame[keys]).isin(pd.MultiIndex.from_frame(few[keys]))
    return replace(table, frame=frame[~(rare | hidden_of(table))].reset_index(drop=True))
