"""``summary.json``: the headline of a run, made from protected tables so as not to say what they withhold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from typology._version import __version__
from typology.label.reclustering import RECLUSTERINGS
from typology.results import Evidence, Prepared, ReleaseTable
from typology.schema.study import Study


def build_summary(
    tables: Sequence[ReleaseTable],
    *,
    study: Study,
    evidence: Evidence,
    seconds: float,
    provenance: Mapping[str, Any],
) -> dict[str, Any]:
    """Build the summary.

    Parameters
    ----------
    tables : sequence of ReleaseTable
        Protected tables.
    study : Study
    evidence : Evidence
    seconds : float
        Wall time so far.
    provenance : mapping
        From `provenance_of`.

    Returns
    -------
    dict
        As `summary.json` holds it; counts withheld by disclosure control are None.
    """
    frames = {table.name: table.frame for table in tables}
    return {
        "study": study.config.study,
        "verdict": evidence.verdict,
        "reason": evidence.reason,
        "seconds": round(seconds, 1),
        "respondents": _respondents(frames["participation"], threshold=study.config.disclosure.threshold),
        "types": [_type(row, frames["factors"]) for row in frames["types"].to_dict("records")],
        "evidence": {
            "p_no_types": _number(evidence.p_no_types),
            "p_no_association": _number(evidence.p_no_association),
            "seed_agreement": _number(evidence.seed_agreement),
        },
        "rivals": _rivals(evidence.rivals),
        "provenance": dict(provenance),
    }


def _respondents(participation: pd.DataFrame, *, threshold: int) -> dict[str, int | None]:
    """Headline counts of the participation table; None where withheld.

    None at all is told as 0: there is nobody to protect.
    """
    n = {str(row["step"]): _count(row["n"]) for row in participation.to_dict("records")}
    aside = [count for step, count in n.items() if step.startswith("set aside")]
    known = [count for count in aside if count is not None]
    counts = {
        "read": n.get("read"),
        "set_aside": sum(known) if len(known) == len(aside) else None,
        "clustered": n.get("clustered"),
        # without types nobody has one
        "unassigned": n.get("unassigned", n.get("clustered")),
    }
    return {name: None if count is None or 0 < count < threshold else count for name, count in counts.items()}


def _type(row: Mapping[Any, Any], factors: pd.DataFrame) -> dict[str, Any]:
    """One presented type."""
    profile = str(row["profile"] or "") if not pd.isna(row["profile"]) else ""
    return {
        "id": row["id"],
        "name": row["name"],
        "n": _count(row["n"]),
        "share": _number(row["share"]),
        "share_weighted": _number(row["share_weighted"]),
        "share_ci": [_number(row["lo"]), _number(row["hi"])],
        "stability": _number(row["stability"]),
        "grade": row["grade"],
        "profile_match": _match(row, profile) if profile else None,
        "factors": _factors(factors[factors["type"] == row["id"]]),
    }


def _match(row: Mapping[Any, Any], profile: str) -> dict[str, Any]:
    """The published profile a type resembles."""
    return {"profile": profile, "label": row["profile_label"], "score": _number(row["profile_score"])}


def _factors(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Factors that stand out in a type, most certain first."""
    shown = rows[(rows["suppressed"] == "") & rows["stands_out"].eq(other=True)]
    shown = shown.assign(strength=np.abs(np.log(shown["odds_ratio"].astype(float))))
    shown = shown.sort_values(["q", "strength"], ascending=[True, False], kind="stable")
    return [
        {
            "factor": row["factor"],
            "odds_ratio": _number(row["odds_ratio"]),
            "ci": [_number(row["lo"]), _number(row["hi"])],
            "q": _number(row["q"]),
        }
        for row in shown.to_dict("records")
    ]


def _rivals(rivals: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float | int | None]]:
    """What the rival methods made of the same answers."""
    latent, plain = rivals["latent_class"], rivals["plain_umap_hdbscan"]
    return {
        "latent_class": {"classes": _count(latent["classes"]), "ari": _number(latent["ari"])},
        "plain_umap_hdbscan": {"clusters": _count(plain["clusters"]), "ari": _number(plain["ari"])},
    }


def provenance_of(
    study: Study, prepared: Prepared, *, run_id: str, data_date: str, versions: Mapping[str, str]
) -> dict[str, Any]:
    """What cards and methods print about where the numbers come from."""
    config = study.config
    names = ("umap-learn", "hdbscan", "scikit-learn", "stepmix", "numpy", "pandas", "matplotlib")
    return {
        "title": config.title or config.study,
        "run_id": run_id,
        "seed": config.seed,
        "data_date": data_date,
        "version": __version__,
        "threshold": config.disclosure.threshold,
        "versions": {name: versions[name] for name in names if name in versions},
        "settings": {
            "items": len(prepared.items),
            "n_neighbors": list(config.embed.n_neighbors),
            "resamples": config.evidence.resamples,
            "nulls": config.evidence.nulls,
            "min_answered": config.prepare.min_answered,
            "weights": prepared.design.weight is not None,
            "strata": prepared.design.stratum is not None,
            "psu": prepared.design.psu is not None,
            "simulated": study.data_path is None,
            "adjust_for": [_label(study, name) for name in config.label.adjust_for],
            "split_sample": config.label.split_sample,
            "reclusterings": 0 if config.label.split_sample else RECLUSTERINGS,
        },
    }


def _label(study: Study, name: str) -> str:
    """What a covariate is called in a sentence."""
    book = study.codebook
    label = (book.variables.get(name) or book.scales[name]).label
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _number(value: Any) -> float | None:
    """Four significant digits are plenty for a headline; None where there is nothing to say."""
    if value is None or pd.isna(value) or not np.isfinite(float(value)):
        return None
    return float(f"{float(value):.4g}")


def _count(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
