"""A small invented survey with planted types, and everything the label stage is given about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from typology.results import DesignColumns, Discovery, Evidence, Item, Labels, Prepared, Survey
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import Codebook
from typology.schema.study import Study, StudyConfig

YES_NO = {1: "Yes", 2: "No"}


class Inputs(NamedTuple):
    """Arguments of `label_types`."""

    survey: Survey
    scores: pd.DataFrame
    exposures: pd.DataFrame
    prepared: Prepared
    discovery: Discovery
    evidence: Evidence
    study: Study


def codebook(*, design: bool = True) -> Codebook:
    """Items, routed item, risk factors of each kind, an outcome, demographics and a scale."""

    def yes_no(label: str, role: str, **more: Any) -> dict[str, Any]:
        return {"label": label, "type": "binary", "role": role, "values": YES_NO, "positive": 1, **more}

    variables: dict[str, Any] = {
        "rid": {"label": "Respondent", "type": "nominal", "role": "id"},
        "online": yes_no("Met people online", "typology"),
        "sent": yes_no("Sent a picture", "typology", asked_if={"online": [1]}),
        "hurt": yes_no("Was hurt offline", "typology"),
        "chat": {
            "label": "Chats",
            "type": "ordinal",
            "role": "typology",
            "values": {1: "Never", 2: "Rarely", 3: "Often"},
        },
        "alone": yes_no("Felt alone", "risk", factor="loneliness", exposed={"in": [1]}),
        "posted": yes_no("Posted details", "risk", factor="posting", exposed={"in": [1]}),
        "talk": {
            "label": "Could talk with parents",
            "type": "ordinal",
            "role": "risk",
            "values": {1: "Never", 2: "Rarely", 3: "Often", 4: "Always"},
            "factor": "family_talk",
            "exposed": {"at_most": 2},
        },
        "met": yes_no("Met an adult", "outcome"),
        "sex": {"label": "Sex", "type": "nominal", "role": "demographic", "values": {1: "Female", 2: "Male"}},
        "age": {"label": "Age", "type": "numeric", "role": "demographic"},
        "country": {
            "label": "Country",
            "type": "nominal",
            "role": "group",
            "values": {1: "UK", 2: "Ireland", 3: "Italy"},
        },
    }
    if design:
        variables["wt"] = {"label": "Weight", "type": "numeric", "role": "weight"}
        variables["stratum"] = {"label": "Stratum", "type": "nominal", "role": "stratum"}
        variables["school"] = {"label": "School", "type": "nominal", "role": "psu"}
    scales = {
        "esteem": {
            "label": "Self-esteem",
            "items": ["talk", "chat"],
            "role": "risk",
            "factor": "low_self_esteem",
            "exposed": {"at_most": 15},
        }
    }
    return Codebook.model_validate({"survey": "small", "variables": variables, "scales": scales})


def catalogue() -> Catalogue:
    """Four factors, two profiles, guidance for two factors."""
    odds = {"source": "Study A", "year": 2007, "finding": "related", "measure": "odds ratio"}

    def factor(label: str, domain: str, evidence: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "label": label,
            "domain": domain,
            "statement": f"{label}.",
            "evidence": evidence,
            "grade": "moderate",
        }

    return Catalogue.model_validate(
        {
            "factors": {
                "loneliness": factor(
                    "Loneliness",
                    "peer",
                    [
                        {**odds, "estimate": 2.0, "ci": [1.5, 3.0]},
                        {**odds, "source": "Study B 2011", "year": 2011, "estimate": 4.0},
                    ],
                ),
                "posting": factor(
                    "Posting details", "online", [{**odds, "measure": "correlation", "estimate": 0.1}]
                ),
                "family_talk": factor("Poor family communication", "family", []),
                "low_self_esteem": factor("Low self-esteem", "individual", []),
            },
            "profiles": {
                "lonely": {
                    "label": "Lonely and unheard",
                    "source": "Study C",
                    "high": ["loneliness", "family_talk", "low_self_esteem"],
                },
                "adapted": {
                    "label": "Adapted",
                    "source": "Study C",
                    "low": ["loneliness", "family_talk", "low_self_esteem"],
                },
            },
            "guidance": {
                "loneliness": {
                    "schools": [{"statement": "Make room for belonging.", "source": "Study D"}],
                    "parents": [{"statement": "Keep asking how it goes.", "source": "Study D"}],
                },
                "family_talk": {
                    "parents": [{"statement": "Listen before judging.", "source": "Study E"}],
                    "services": [{"statement": "Offer family sessions.", "source": "Study E"}],
                },
                "low_self_esteem": {"police": [{"statement": "Ask with care.", "source": "Study F"}]},
            },
        }
    )


def study(
    book: Codebook,
    *,
    threshold: int = 10,
    names: dict[str, str] | None = None,
    adjust_for: tuple[str, ...] = (),
    split_sample: bool = False,
) -> Study:
    """A study file that uses the codebook above."""
    config = StudyConfig.model_validate(
        {
            "study": "small",
            "survey": {"data": "small.csv", "codebook": "small.yaml"},
            "disclosure": {"threshold": threshold},
            "label": {"names": names or {}, "adjust_for": adjust_for, "split_sample": split_sample},
        }
    )
    return Study(config, book, catalogue(), Path("small.yaml"), Path("small.csv"))


def make_inputs(
    n: int = 600,
    *,
    seed: int = 0,
    shares: tuple[float, ...] = (0.55, 0.3, 0.15),
    effect: float = 2.0,
    design: bool = True,
    verdict: Any = "types",
    set_aside: int = 12,
    unassigned: float = 0.03,
    rare: float = 0.3,
    **options: Any,
) -> Inputs:
    """Draw a survey: types differ in items and, by `effect` on the logit scale, in factors but `posted`."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"r{number:05d}" for number in range(n)], dtype=object)
    kind = rng.choice(len(shares), size=n, p=np.array(shares) / sum(shares))
    level = effect * (kind - 0.5) * (kind < 2) + 0.0 * kind
    book = codebook(design=design)

    def draw(logit: np.ndarray) -> np.ndarray:
        return np.where(rng.random(n) < 1 / (1 + np.exp(-logit)), 1.0, 2.0)

    start = np.log(rare / (1 - rare))
    answers = pd.DataFrame(index=pd.Index(ids, name="id"))
    answers["rid"] = ids
    answers["online"] = draw(start + 0.5 + 1.5 * (kind == 1))
    answers["sent"] = np.where(answers["online"] == 1, draw(start + 2.0 * (kind == 1)), np.nan)
    answers["hurt"] = draw(start - 0.5 + 2.0 * (kind == 2))
    answers["chat"] = rng.choice([1.0, 2.0, 3.0], size=n, p=[0.6, 0.3, 0.1])
    answers["alone"] = draw(start + level)
    answers["posted"] = draw(np.full(n, start))
    answers["talk"] = np.clip(np.round(rng.normal(2.6 - 0.4 * level, 0.9)), 1, 4)
    answers["met"] = draw(start - 1.0 + level)
    answers["sex"] = rng.choice([1.0, 2.0], size=n, p=[0.7, 0.3])
    answers["age"] = rng.integers(18, 26, size=n).astype(float)
    answers["country"] = rng.choice([1.0, 2.0, 3.0], size=n, p=[0.3, 0.45, 0.25])
    if design:
        answers["wt"] = rng.uniform(0.4, 2.5, size=n)
        answers["stratum"] = answers["country"]
        answers["school"] = rng.integers(0, 12, size=n).astype(float)
    for name in ("hurt", "alone", "chat", "met", "talk"):
        answers.loc[rng.random(n) < 0.03, name] = np.nan
    esteem = pd.Series(np.clip(rng.normal(18 - 2 * level, 5), 0, 30), index=answers.index)
    exposures = pd.DataFrame(
        {
            "alone": (answers["alone"] == 1).astype(float).where(answers["alone"].notna()),
            "posted": (answers["posted"] == 1).astype(float),
            "talk": (answers["talk"] <= 2).astype(float).where(answers["talk"].notna()),
            "esteem": (esteem <= 15).astype(float),
        }
    )
    aside = pd.Series(
        "too few answers", index=sorted(rng.choice(ids, size=set_aside, replace=False)), dtype=str
    )
    kept = ~np.isin(ids, aside.index)
    labels = np.where(rng.random(n) < unassigned, -1, kind)[kept].astype(np.int64)
    survey = Survey(
        answers, answers.isna().replace({True: "system", False: ""}), book, n, pd.Series(dtype=str)
    )
    return Inputs(
        survey,
        pd.DataFrame({"esteem": esteem}),
        exposures,
        _prepared(ids[kept], aside),
        _discovery(labels, len(shares)),
        _evidence(len(shares), verdict),
        study(book, **options),
    )


def _prepared(ids: np.ndarray, aside: pd.Series) -> Prepared:
    item = Item("online", "Met people online", "binary", "", (2, 1), ("No", "Yes"))
    codes, not_asked = np.zeros((len(ids), 1), dtype=np.int16), np.zeros((len(ids), 1), dtype=bool)
    flags = pd.DataFrame(index=ids)
    return Prepared(ids, (item,), codes, not_asked, {}, DesignColumns(None, None, None), None, aside, flags)


def _discovery(labels: np.ndarray, types: int) -> Discovery:
    n, none = len(labels), pd.DataFrame()
    zeros = np.zeros(n)
    membership = np.full((n, types), 0.1 / types)
    membership[np.arange(n), labels] += 0.9
    return Discovery(labels, membership, labels >= 0, zeros, np.zeros((n, 2)), none, none, 0.9, {})


def _evidence(types: int, verdict: Any) -> Evidence:
    none = pd.DataFrame()
    about = pd.DataFrame({"grade": ["stable"] * types, "flags": [""] * types})
    return Evidence(verdict, "because", 0.05, 0.05, none, about, none, {}, none)


def release_tables(labels: Labels) -> list[Any]:
    """The labels as raw release tables, the way the pipeline declares them."""
    from typology.results import ReleaseTable

    return [
        ReleaseTable(
            "prevalence",
            "Answers",
            labels.prevalence,
            ("variable", "label", "role", "domain", "category", "category_label", "endorsed", "group"),
            counts=(("count", "base"),),
        ),
        ReleaseTable(
            "factors",
            "Factors",
            labels.factors,
            (
                "type",
                "factor",
                "variable",
                "label",
                "domain",
                "literature_lo",
                "literature_hi",
                "literature_source",
            ),
            counts=(("exposed_type", "base_type"), ("exposed_rest", "base_rest")),
        ),
        ReleaseTable(
            "outcomes", "Outcomes", labels.outcomes, ("type", "outcome", "label"), (("count", "base"),)
        ),
        ReleaseTable(
            "outcome_models",
            "Outcome models",
            labels.outcome_models,
            ("type", "outcome", "label", "adjusted_for"),
            counts=(("exposed_type", "base_type"), ("exposed_rest", "base_rest")),
        ),
    ]
