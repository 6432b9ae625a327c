"""How many respondents were clustered, and whether a release says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from typology.results import ReleaseTable


@dataclass(frozen=True)
class Clustered:
    """How many were clustered, how many set aside before, and whether this is withheld."""

    n: float | None = None
    aside: float = 0.0
    withheld: bool = False
    any_withheld: bool = False
    all_withheld: bool = False


def how_many_clustered(by_name: Mapping[str, ReleaseTable], done: Mapping[str, ReleaseTable]) -> Clustered:
    """Read the flow of respondents; nothing is known without its table."""
    if "participation" not in by_name:
        return Clustered()
    flow, shown = by_name["participation"].frame, done["participation"].frame
    n = dict(zip(flow["step"].astype(str), flow["n"].astype(float), strict=True))
    if "clustered" not in n:
        return Clustered()
    withheld = bool(shown.loc[(flow["step"] == "clustered").to_numpy(), "n"].isna().any())
    aside = n.get("respondents", n.get("read", n["clustered"])) - n["clustered"]
    rest = shown["step"].astype(str).isin(["clustered", "unassigned"])
    everything = bool(rest.sum() > 1 and shown.loc[rest, "n"].isna().all())
    return Clustered(n["clustered"], aside, withheld, bool(shown["n"].isna().any()), everything)
