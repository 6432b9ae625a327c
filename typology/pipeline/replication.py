"""Replication by country or wave: the stage, and its frames with shares and what must stay hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.discover.alone import alone
from typology.evidence.replicate import Replication, group_codes, replicate
from typology.label.design import contrast, domain_df, shares, survey_design
from typology.models.replication import SMALLEST_TYPE
from typology.pipeline.present import Presented, candidate_ids
from typology.progress import Progress
from typology.results import Bools, Prepared, ReleaseTable, Survey
from typology.schema.study import StudyConfig

TYPE_COLUMNS = [
    "type", "group", "n", "base", "share", "lo", "hi", "difference", "difference_lo", "difference_hi",
    "matched_r", "agreement", "reference_r", "reference_agreement", "verdict", "_hidden",
]  # fmt: skip
ITEM_COLUMNS = [
    "variable", "label", "level", "group", "count", "base", "observed", "expected", "size", "ratio",
    "freedom", "p", "q", "differs", "_hidden",
]  # fmt: skip


def replication_of(
    prepared: Prepared, presented: Presented, config: StudyConfig, *, jobs: int, progress: Progress
) -> Replication | None:
    """Judge the presented types in every group; None where there are no types or no groups.

    Parameters
    ----------
    prepared : Prepared
    presented : Presented
    config : StudyConfig
    jobs : int
        Processes; results do not depend on it.
    progress : Progress
    """
    if prepared.group is None or presented.n_types == 0:
        return None
    found = presented.candidates
    severity = bool(found.parameters.get("severity_inside_types", False))
    return replicate(
        prepared,
        found,
        alone(prepared, config, n_types=found.n_types, severity=severity),
        presented=presented.n_types,
        # a verdict by few members tells that they are few: so many that it does not tell a small count
        smallest_type=max(SMALLEST_TYPE, 2 * config.disclosure.threshold),
        seed=config.seed,
        jobs=jobs,
        progress=progress,
    )


def replication_tables(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication | None, *, threshold: int
) -> list[ReleaseTable]:
    """How the types and the items fare in each country or wave; without rows where `found` is None."""
    agreement = ("matched_r", "agreement", "reference_r", "reference_agreement", "verdict")
    return [
        ReleaseTable(
            name="replication",
            title="Types in each group: size, and whether they come out again there",
            frame=replication_frame(survey, prepared, presented, found, threshold=threshold),
            keys=("type", "group", *agreement),
            counts=(("n", "base"),),
            values=("share", "lo", "hi", "difference", "difference_lo", "difference_hi"),
        ),
        ReleaseTable(
            name="measurement_differences",
            title="Items by group, given type: whether they work otherwise there",
            frame=measurement_frame(survey, prepared, found, threshold=threshold),
            keys=("variable", "label", "level", "group"),
            counts=(("count", "base"),),
            values=("observed", "expected", "size", "ratio", "freedom", "p", "q", "differs"),
        ),
    ]


def replication_frame(
    survey: Survey, prepared: Prepared, presented: Presented, found: Replication | None, *, threshold: int
) -> pd.DataFrame:
    """One row a type and group, with its share and how that differs from all other groups, by design.

    A type with a small count in any group is hidden in all, or the others would tell it.
    """
    if found is None:
        return pd.DataFrame(columns=TYPE_COLUMNS)
    frame = found.types.assign(type=np.array(candidate_ids(presented.n_types))[found.types["type"]])
    frame = pd.concat([frame, _shares(survey, prepared, presented, frame)], axis=1)
    small = (frame["n"] < threshold) | (frame["base"] - frame["n"] < threshold)
    frame["_hidden"] = small.groupby(frame["type"]).transform("any")
    return _in_codebook_order(frame, survey, first="type")[TYPE_COLUMNS]


def _shares(survey: Survey, prepared: Prepared, presented: Presented, frame: pd.DataFrame) -> pd.DataFrame:
    """Design-based share of each type in each group, and its difference from the other groups."""
    design, everyone = survey_design(survey), survey.answers.index
    names, group = group_codes(prepared)
    at = everyone.get_indexer(pd.Index(prepared.ids))
    inside = np.zeros((len(everyone), 2 * len(names)), dtype=bool)
    for g in range(len(names)):
        inside[at, g], inside[at, len(names) + g] = group == g, (group >= 0) & (group != g)
    rows = {}
    df = domain_df(design, inside)
    both = design.degrees_of_freedom(np.asarray(inside.any(axis=1)))
    for position, name in enumerate(presented.type_ids()):
        member = np.full(len(everyone), np.nan)
        member[at] = presented.types.labels == position
        told = shares(design, member, inside, df=df)
        for g, country in enumerate(names):
            apart = contrast(design, told, first=g, second=len(names) + g, df=both)
            rows[name, country] = (
                told.share[g], told.lo[g], told.hi[g],
                apart.difference, apart.difference_lo, apart.difference_hi,
            )  # fmt: skip
    values = [rows[pair] for pair in zip(frame["type"], frame["group"], strict=True)]
    columns = ["share", "lo", "hi", "difference", "difference_lo", "difference_hi"]
    return pd.DataFrame(values, columns=columns, index=frame.index)


def measurement_frame(
    survey: Survey, prepared: Prepared, found: Replication | None, *, threshold: int
) -> pd.DataFrame:
    """One row an item and group: whether the item works otherwise there, given type.

    An item with a small count in any group, compared or not, is hidden in all, or the others would tell it.
    """
    if found is None or found.items.empty:
        return pd.DataFrame(columns=ITEM_COLUMNS)
    frame = found.items
    items = [prepared.items[j] for j in frame["item"]]
    hidden = _small_anywhere(prepared, threshold=threshold)
    frame = frame.assign(
        variable=[item.name for item in items],
        label=[item.label for item in items],
        level=[item.level for item in items],
        _hidden=hidden[frame["item"].to_numpy(dtype=np.int64)],
    )
    return _in_codebook_order(frame, survey, first="item")[ITEM_COLUMNS]


def _small_anywhere(prepared: Prepared, *, threshold: int) -> Bools:
    """Items with an answer that fewer than the threshold gave, or all but so few, in some group."""
    names, group = group_codes(prepared)
    small = np.zeros(len(prepared.items), dtype=bool)
    for j, item in enumerate(prepared.items):
        for g in range(len(names)):
            given = prepared.codes[group == g, j]
            counts = np.bincount(given[given >= 0], minlength=len(item.categories))
            usual = 0 if item.level != "nominal" or not counts.any() else int(counts.argmax())
            small[j] |= bool(min(counts[usual], counts.sum() - counts[usual]) < threshold)
    return small


def _in_codebook_order(frame: pd.DataFrame, survey: Survey, *, first: str) -> pd.DataFrame:
    """Sort by `first`, then groups as the codebook lists them, any others after."""
    variable = survey.codebook.variables[str(survey.codebook.name_of("group"))]
    listed = [str(label) for label in variable.values.values()]
    others = sorted(set(frame["group"]) - set(listed))
    place = {name: position for position, name in enumerate([*listed, *others])}
    before = {name: position for position, name in enumerate(dict.fromkeys(frame[first]))}
    order = np.lexsort((frame["group"].map(place), frame[first].map(before)))
    return frame.iloc[order].reset_index(drop=True)
