"""Which candidate types are presented as types.

Nothing is presented unless the verdict is ``types``, and even then a candidate that resampling dissolved
is not: its respondents count as unassigned. Types are T1, T2, ... by weighted size; candidates that are
not presented carry the numbers after them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from typology.results import Discovery, Evidence, Ints, Prepared

DISSOLVED = "dissolved"


@dataclass(frozen=True)
class Presented:
    """Discovery and evidence with the presented types first, and how many of them there are.

    Attributes
    ----------
    candidates : Discovery
        All candidate types, renumbered.
    types : Discovery
        The presented types alone; respondents of other candidates are unassigned (-1).
    evidence : Evidence
        Its `types` and `crosswalk` hold the presented types only, in the new order; its `reason` also names
        the types that may be artefacts.
    grades : tuple of str
        Grade of each candidate, in the new order.
    """

    candidates: Discovery
    types: Discovery
    evidence: Evidence
    grades: tuple[str, ...]

    @property
    def n_types(self) -> int:
        """Number of presented types."""
        return self.types.n_types

    def type_ids(self) -> list[str]:
        """Ids of the presented types."""
        return candidate_ids(self.n_types)


def candidate_ids(count: int) -> list[str]:
    """T1, T2, ... up to `count`."""
    return [f"T{number}" for number in range(1, count + 1)]


def present(prepared: Prepared, discovery: Discovery, evidence: Evidence) -> Presented:
    """Order the candidate types and keep apart those that are presented.

    Parameters
    ----------
    prepared : Prepared
        For the weights.
    discovery : Discovery
    evidence : Evidence

    Returns
    -------
    Presented
    """
    grades = evidence.types["grade"].astype(str).to_numpy()
    kept = (grades != DISSOLVED) & (evidence.verdict == "types")
    sizes = weighted_sizes(prepared, discovery.labels, count=discovery.n_types)
    # Largest first, presented before not presented; the stable sort leaves ties in discovery's order.
    order = np.lexsort((np.arange(len(sizes)), -sizes, ~kept))
    candidates = _reorder(discovery, order)
    count = int(kept.sum())
    return Presented(
        candidates=candidates,
        types=_first(candidates, count),
        evidence=_evidence_of(evidence, order[:count]),
        grades=tuple(grades[order]),
    )


def weighted_sizes(prepared: Prepared, labels: Ints, *, count: int) -> np.ndarray:
    """Sum of the weights of each type's respondents."""
    weights = np.ones(prepared.n) if prepared.design.weight is None else prepared.design.weight
    assigned = labels >= 0
    return np.bincount(labels[assigned], weights=weights[assigned], minlength=count)


def _reorder(discovery: Discovery, order: Ints) -> Discovery:
    """Renumber the candidate types: `order` lists the old numbers in the new order."""
    new_number = np.empty(len(order) + 1, dtype=np.int64)
    new_number[order] = np.arange(len(order))
    new_number[-1] = -1  # label -1, unassigned, picks the last entry
    return replace(
        discovery,
        labels=new_number[discovery.labels],
        membership=np.ascontiguousarray(discovery.membership[:, order]),
        profile=discovery.profile[order] if len(discovery.profile) else discovery.profile,
    )


def _first(candidates: Discovery, count: int) -> Discovery:
    """Keep the first `count` types; everybody else is unassigned.

    Membership is made conditional on belonging to a presented type, so that each row still sums to one. A
    respondent with no chance of belonging to any keeps zeros.
    """
    labels = np.where(candidates.labels < count, candidates.labels, -1)
    membership = candidates.membership[:, :count]
    total = membership.sum(axis=1, keepdims=True)
    conditional = np.divide(membership, total, out=np.zeros_like(membership), where=total > 0)
    return replace(
        candidates,
        labels=labels,
        membership=conditional,
        core=candidates.core & (labels >= 0),
        profile=candidates.profile[:count],
    )


def _evidence_of(evidence: Evidence, order: Ints) -> Evidence:
    """Keep the rows of the presented types, and name those that may be artefacts in the reason."""
    types: pd.DataFrame = evidence.types.iloc[order].reset_index(drop=True)
    flagged = [
        f"{name} {text}" for name, text in zip(candidate_ids(len(types)), types["flags"], strict=True) if text
    ]
    reason = f"{evidence.reason} Look twice: {'; '.join(flagged)}." if flagged else evidence.reason
    crosswalk = evidence.crosswalk
    if len(crosswalk):
        crosswalk = crosswalk.iloc[order].reset_index(drop=True)
    return replace(evidence, reason=reason, types=types, crosswalk=crosswalk)
