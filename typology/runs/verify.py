"""Does running again give the same answer? Same, same within tolerance, or changed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from typology.profile.display import sentences_html
from typology.results import ReleaseTable
from typology.runs.manifest import altered_outputs
from typology.runs.run import Run
from typology.runs.tables import plain, table_bytes

Outcome = Literal["same", "same within tolerance", "changed"]

AGREEMENT = 0.95
SHARE_DIFFERENCE = 0.02
# What differs between two runs that found the same: the clock, and where and with what it ran.
_NOT_COMPARED = ("seconds", "provenance")


@dataclass(frozen=True)
class Again:
    """What the second run found, held in memory.

    Attributes
    ----------
    summary : dict
    tables : tuple of ReleaseTable
        Protected.
    respondents : DataFrame
    inputs : dict
        SHA-256 by role, as in the manifest.
    packages : dict
        Versions, as in the manifest.
    """

    summary: Mapping[str, Any]
    tables: tuple[ReleaseTable, ...]
    respondents: pd.DataFrame
    inputs: Mapping[str, Mapping[str, str]]
    packages: Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Comparison:
    """The answer of ``typology verify``.

    Attributes
    ----------
    outcome : str
    reasons : tuple of str
        What differs, most important first; empty when nothing does.
    agreement : float
        Adjusted Rand index of the candidate types; NaN when the respondents cannot be compared.
    """

    outcome: Outcome
    reasons: tuple[str, ...]
    agreement: float

    @property
    def sentence(self) -> str:
        """The outcome and the reasons in one line."""
        return f"{self.outcome}: {'; '.join(self.reasons)}" if self.reasons else self.outcome

    def __repr__(self) -> str:
        """Return the outcome and the reasons."""
        return f"<Run again: {self.sentence}>"

    def _repr_html_(self) -> str:
        agreement = f"Agreement on the groups {self.agreement:.3f} (adjusted Rand index)."
        told = [] if np.isnan(self.agreement) else [agreement]
        return sentences_html(f"Run again: {self.outcome}", told, listed=self.reasons)


def compare(run: Run, again: Again) -> Comparison:
    """Compare a finished run with a second run of the same study.

    Parameters
    ----------
    run : Run
        The run on disk.
    again : Again
        The second run.

    Returns
    -------
    Comparison
    """
    different = _different_numbers(run, again)
    before, after = _grouping(run.respondents()), _grouping(again.respondents)
    comparable = before.index.equals(after.index)
    agreement = float(adjusted_rand_score(before, after)) if comparable else float("nan")
    altered = _altered(run)
    if not altered and not different and comparable and before.equals(after):
        return Comparison(outcome="same", reasons=(), agreement=agreement)
    beyond = [*altered, *_beyond_tolerance(run, again, agreement=agreement)]
    causes = tuple(_causes(run, again))
    if beyond:
        return Comparison(outcome="changed", reasons=(*beyond, *causes), agreement=agreement)
    what = f"{', '.join(different)} differ" if different else "single respondents moved"
    reasons = (f"adjusted Rand index {agreement:.3f}", what, *causes)
    return Comparison(outcome="same within tolerance", reasons=reasons, agreement=agreement)


def _altered(run: Run) -> list[str]:
    """What was done to released files after the run: no tolerance is meant for that."""
    names = altered_outputs(run.folder, run.manifest.get("outputs", {}))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"altered since the run was written: {', '.join(names[:3])}{more}"] if names else []


def _different_numbers(run: Run, again: Again) -> list[str]:
    """Names of the release files that are not identical."""
    folder = run.folder / "release" / "tables"
    new = {table.name: table_bytes(table.frame) for table in again.tables}
    old = {path.stem: path.read_bytes() for path in folder.glob("*.csv")}
    names = sorted(name for name in {*new, *old} if new.get(name) != old.get(name))
    if _compared(run.summary) != _compared(again.summary):
        names.insert(0, "summary")
    return names


def _compared(summary: Mapping[str, Any]) -> Any:
    return plain({key: value for key, value in summary.items() if key not in _NOT_COMPARED})


def _grouping(respondents: pd.DataFrame) -> pd.Series:
    """Candidate type of everyone read, the unassigned and the set aside as groups of their own."""
    group = (
        respondents["candidate_type"]
        .astype(object)
        .where(respondents["candidate_type"].notna(), "unassigned")
    )
    group = group.where(respondents["set_aside"].isna(), "set aside")
    return pd.Series(
        group.to_numpy(dtype=str), index=pd.Index(respondents["id"].astype(str).to_numpy())
    ).sort_index()


def _beyond_tolerance(run: Run, again: Again, *, agreement: float) -> list[str]:
    """What makes the second run another result."""
    found = []
    verdicts = run.summary["verdict"], again.summary["verdict"]
    if verdicts[0] != verdicts[1]:
        found.append(f"verdict {verdicts[0]} became {verdicts[1]}")
    counts = len(run.summary["types"]), len(again.summary["types"])
    if counts[0] != counts[1]:
        found.append(f"{counts[0]} types became {counts[1]}")
    if np.isnan(agreement):
        found.append("other respondents were read")
    elif agreement < AGREEMENT:
        found.append(f"respondents are grouped differently (adjusted Rand index {agreement:.3f})")
    if not found:
        found += _moved_shares(run.summary["types"], again.summary["types"])
    return found


def _moved_shares(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> list[str]:
    pairs = [
        (old["id"], old["share_weighted"], new["share_weighted"])
        for old, new in zip(before, after, strict=True)
    ]
    return [
        f"share of {name} went from {old:.1%} to {new:.1%}"
        for name, old, new in pairs
        if old is not None and new is not None and abs(old - new) > SHARE_DIFFERENCE
    ]


def _causes(run: Run, again: Again) -> list[str]:
    """Inputs and packages that are not what they were."""
    before = run.manifest["inputs"]
    inputs = sorted(
        role for role, entry in again.inputs.items() if before.get(role, {}).get("sha256") != entry["sha256"]
    )
    found = [f"input changed since: {role}" for role in inputs]
    old = run.manifest["environment"]["packages"]
    moved = sorted(name for name in {*old, *again.packages} if old.get(name) != again.packages.get(name))
    if moved:
        changes = ", ".join(
            f"{name} {old.get(name, 'none')} to {again.packages.get(name, 'none')}" for name in moved
        )
        found.append(f"package versions changed: {changes}")
    return found
