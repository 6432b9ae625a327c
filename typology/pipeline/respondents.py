"""The private table: one row a respondent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.errors import TypologyError
from typology.pipeline.present import Presented, candidate_ids
from typology.results import Prepared, Survey


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


def _set_aside(survey: Survey, prepared: Prepared) -> pd.Series:
    """Reason by id of everyone read but not clustered, rows dropped while reading included."""
    later = prepared.set_aside[~prepared.set_aside.index.isin(survey.set_aside.index)]
    joined: pd.Series = pd.concat([survey.set_aside, later])
    return joined
