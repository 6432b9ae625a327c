"""The short form of a questionnaire whose types were found: for planning the next survey."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.models.layout import item_layout
from typology.models.short_form import Survey, short_form
from typology.results import Discovery, Ints, Prepared

SHORT_FORM = ["k", "item", "label", "kappa", "lo", "hi", "base"]
ALL_ITEMS = "all items"
SEED = 6


def short_form_frame(
    prepared: Prepared, candidates: Discovery, labels: Ints, *, seed: int, jobs: int
) -> pd.DataFrame:
    """Measure how few items tell the types apart.

    Parameters
    ----------
    prepared : Prepared
    candidates : Discovery
        All candidate types; their membership starts every refit. Of very many respondents those searched
        take part: all others were placed by what was found among them.
    labels : int array, (n,)
        Presented type of each respondent; nobody has one unless the verdict is ``types``.
    seed : int
        Root seed of the study.
    jobs : int

    Returns
    -------
    DataFrame
        k, item, label, kappa with interval, base; the last row holds all items. Without presented types no
        rows.
    """
    if labels.max(initial=-1) < 1:
        return pd.DataFrame(columns=SHORT_FORM)
    searched = candidates.sample
    prepared = prepared.take(searched)
    survey = Survey(
        codes=prepared.codes.astype(np.int64),
        columns=item_layout(prepared.items),
        membership=candidates.membership[searched],
        labels=labels[searched],
        unit=_units(prepared),
        gates=_gates(prepared),
        severity=bool(candidates.parameters["severity_inside_types"]),
    )
    found = short_form(survey, seed=int(np.random.default_rng([seed, SEED]).integers(2**31)), jobs=jobs)
    items = [prepared.items[j] for j in found.items]
    return pd.DataFrame(
        {
            "k": [*range(1, len(items) + 1), len(prepared.items)],
            "item": [*(item.name for item in items), ""],
            "label": [*(item.label for item in items), ALL_ITEMS],
            "kappa": found.kappa,
            "lo": found.lo,
            "hi": found.hi,
            "base": found.respondents,
        },
        columns=SHORT_FORM,
    )


def _gates(prepared: Prepared) -> dict[int, tuple[int, ...]]:
    """Items that must be asked before a routed one."""
    found: dict[int, tuple[int, ...]] = {}
    for gate in prepared.gates:
        found[gate.item] = (*found.get(gate.item, ()), gate.gate)
    return found


def _units(prepared: Prepared) -> Ints:
    """Sampling unit of each respondent: the PSU within its stratum, else the respondent."""
    if prepared.design.psu is None:
        return np.arange(prepared.n)
    stratum = prepared.design.stratum
    where = ["" if stratum is None else str(each) for each in (prepared.ids if stratum is None else stratum)]
    names = [f"{outer} {inner}" for outer, inner in zip(where, prepared.design.psu.astype(str), strict=True)]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
