"""Where the numbers come from: the part of ``summary.json`` that cards and methods print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from typology.profile.released import Summary


@dataclass(frozen=True)
class Provenance:
    """Study, run and settings, as far as the summary tells; empty text where it does not.

    Parameters
    ----------
    study, title, run_id, data_date, version : str
    seed : int or None
    threshold : int
        Fewest respondents under any released number.
    versions : mapping of str to str
        Software versions.
    settings : mapping
        Settings of the analysis: items, n_neighbors, resamples, nulls, min_answered, weights, strata, psu.
    """

    study: str
    title: str = ""
    run_id: str = ""
    data_date: str = ""
    version: str = ""
    seed: int | None = None
    threshold: int = 10
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def provenance(summary: Summary) -> Provenance:
    """Read the provenance of a run from its summary."""
    given: Mapping[str, Any] = summary.get("provenance") or {}
    seed = given.get("seed")
    return Provenance(
        study=str(summary["study"]),
        title=str(given.get("title") or summary["study"]),
        run_id=str(given.get("run_id") or ""),
        data_date=str(given.get("data_date") or ""),
        version=str(given.get("version") or ""),
        seed=None if seed is None else int(seed),
        threshold=int(given.get("threshold") or 10),
        versions={str(k): str(v) for k, v in (given.get("versions") or {}).items()},
        settings=dict(given.get("settings") or {}),
    )
