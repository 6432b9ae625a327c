"""The private tables: one row a respondent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.errors import TypologyError
from typology.pipeline.present import Presented, candidate_ids
from typology.results import Discovery, Prepared, Survey
from typology.runs.private import ITEMS, run_column


def respondents_table(survey: Survey, prepared: Prepared, presented: Presented) -> pd.DataFrame:
    """Build ``private/respondents.parquet``.

    Parameters
    ----------
    survey : Survey
    prepared : Prepared
    presented : Presented

    Returns
    -------
    DataFrame
        Everyone read: id, type, core, membership, candidate_type, p_<type>..., set_aside. `type` is null
        for the unassigned, for respondents of a dissolved candidate and, unless the verdict is ``types``,
        for everyone. `membership` is the probability of the candidate type. `set_aside` is null for the
        clustered.
    """
    candidates = presented.candidates
    ids = candidate_ids(candidates.n_types)
    names = np.array([*ids, None], dtype=object)
    assigned = candidates.labels >= 0
    own = np.full(prepared.n, np.nan)
    own[assigned] = candidates.membership[assigned, candidates.labels[assigned]]
    clustered = pd.DataFrame(
        {
            "id": prepared.ids,
            "type": names[np.where(presented.types.labels >= 0, presented.types.labels, -1)],
            "core": candidates.core,
            "membership": own,
            "candidate_type": names[candidates.labels],
        }
    )
    for position, name in enumerate(ids):
        clustered[f"p_{name}"] = candidates.membership[:, position]
    clustered["set_aside"] = pd.Series(None, index=clustered.index, dtype=object)
    aside = _set_aside(survey, prepared)
    rows = pd.DataFrame(
        {"id": aside.index.astype(str), "core": False, "set_aside": aside.to_numpy(dtype=object)}
    )
    table = pd.concat([clustered, rows.reindex(columns=clustered.columns)], ignore_index=True)
    if len(table) != survey.n_read:
        raise TypologyError(
            f"{survey.n_read} rows were read, {len(table)} are accounted for: a stage lost or doubled some."
        )
    text = dict.fromkeys(("id", "type", "candidate_type", "set_aside"), "string")
    return table.astype({**text, "core": bool}).sort_values("id", kind="stable", ignore_index=True)


def runs_frame(prepared: Prepared, discovery: Discovery) -> pd.DataFrame:
    """Build ``private/runs.parquet``: where everybody lay in each UMAP+HDBSCAN run, and on the map.

    Parameters
    ----------
    prepared : Prepared
    discovery : Discovery

    Returns
    -------
    DataFrame
        Respondents the runs saw: id, map_x, map_y, then one column a run, named after its settings
        (:func:`typology.runs.private.run_column`): cluster from 0, -1 noise.
    """
    rows = discovery.clustered
    about = discovery.runs.to_dict("records") if len(rows) else []
    clusters = {run_column(each): discovery.clusters[:, at].astype(np.int16) for at, each in enumerate(about)}
    places = {"map_x": discovery.map_xy[rows, 0], "map_y": discovery.map_xy[rows, 1]}
    return pd.DataFrame({"id": prepared.ids[rows], **places, **clusters}).astype({"id": "string"})


def items_frame(prepared: Prepared, discovery: Discovery) -> pd.DataFrame:
    """Build ``private/items.parquet``: the typology items of the respondents of `runs_frame`.

    Parameters
    ----------
    prepared : Prepared
    discovery : Discovery

    Returns
    -------
    DataFrame
        id, then item_1, item_2, ...: the level from 0, -1 where there is no answer, whatever the reason.
        ``attrs["items"]`` holds name, label, level of measurement and the levels in words of each.
    """
    rows = discovery.clustered
    # numbered and not named: an item of the survey may itself be called id
    levels = {f"item_{at + 1}": prepared.codes[rows, at] for at in range(len(prepared.items))}
    frame = pd.DataFrame({"id": prepared.ids[rows], **levels}).astype({"id": "string"})
    frame.attrs[ITEMS] = [
        {"name": item.name, "label": item.label, "level": item.level, "labels": list(item.labels)}
        for item in prepared.items
    ]
    return frame


def _set_aside(survey: Survey, prepared: Prepared) -> pd.Series:
    """Reason by id of everyone read but not clustered, rows dropped while reading included."""
    later = prepared.set_aside[~prepared.set_aside.index.isin(survey.set_aside.index)]
    joined: pd.Series = pd.concat([survey.set_aside, later])
    return joined
