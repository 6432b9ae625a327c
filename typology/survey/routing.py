"""Skip routing: which unanswered questions were never put to a respondent."""

from __future__ import annotations

from graphlib import TopologicalSorter

import numpy as np
import numpy.typing as npt
import pandas as pd

from typology.schema.codebook import Codebook, code_text
from typology.survey.codes import NOT_ASKED, SYSTEM

Bools = npt.NDArray[np.bool_]


def apply_routing(answers: pd.DataFrame, missing: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Mark empty cells behind a closed gate as not asked.

    A gate is closed when it was answered with another code, when it was itself not asked, and when it
    was met with a user-missing code (questionnaires pass on after a refusal). When the gate is simply
    empty, nobody knows whether the question was put, and the cell stays ``"system"``. User-missing
    codes keep their own meaning, and answers behind a closed gate stay answers (`suspicions` tells).

    Parameters
    ----------
    answers, missing : DataFrame
        As read, columns in any order.
    codebook : Codebook
        With the routing in `asked_if`.

    Returns
    -------
    DataFrame
        A new `missing`.
    """
    known = set(answers.columns)
    routed = {name: set(codebook.variables[name].asked_if) & known for name in answers.columns}
    routed = {name: gates for name, gates in routed.items() if gates}
    kinds = {str(name): column.to_numpy(dtype=object) for name, column in missing.items()}
    for name in TopologicalSorter(routed).static_order():
        for gate in sorted(routed.get(name, ())):
            closed = closed_gate(answers, kinds[gate] == SYSTEM, codebook, name=name, gate=gate)
            kinds[name] = np.where(closed & (kinds[name] == SYSTEM), NOT_ASKED, kinds[name])
    return pd.DataFrame(kinds, index=missing.index, columns=missing.columns, dtype=str)


def closed_gate(answers: pd.DataFrame, unknown: Bools, codebook: Codebook, *, name: str, gate: str) -> Bools:
    """Where the gate's answer, refusal or own routing means the question was passed over.

    `unknown` marks respondents whose gate is simply empty.
    """
    wanted = {code_text(code) for code in codebook.variables[name].asked_if[gate]}
    known = codebook.variables[gate].values
    codes = (
        [code for code in known if code_text(code) in wanted]
        if known
        else codebook.variables[name].asked_if[gate]
    )
    opened = answers[gate].isin(list(codes)).to_numpy()
    return np.asarray(~opened & ~unknown, dtype=np.bool_)
