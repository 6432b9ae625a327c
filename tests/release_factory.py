"""Invented release tables, as a finished run would hold them, for tests of pictures and report.

Nothing here comes from a survey: labels and numbers are made up to fill every panel, including its
awkward states (long labels, other scripts, suppressed rows, many types).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.risk_factory import risk_tables, short_form_table

FACTORS = [
    ("low_self_esteem", "Low self-esteem (Rosenberg)", "individual"),
    ("depression", "Depressive symptoms", "individual"),
    ("loneliness", "Loneliness", "individual"),
    ("family_discord", "Arguments at home most days", "family"),
    ("low_involvement", "Parents rarely knew what I did online", "family"),
    ("bullied", "Bullied at school", "peer"),
    ("few_friends", "Nobody to talk to about personal things", "peer"),
    ("sent_pictures", "Sent revealing pictures", "online"),
    ("talk_sex", "Talked about sex with people not known offline", "online"),
    ("rude_comments", "Made rude or nasty comments online", "online"),
    ("compulsive", "Compulsive internet use", "online"),
    ("offline_abuse", "Offline sexual abuse before the age of 12", "community"),
    ("personal_info", "Posted personal information publicly", "online"),
]
LONG = [
    "Κατάθλιψη και μοναξιά κατά την εφηβεία, όπως τις θυμούνται",
    "Одиночество и отсутствие близких друзей в подростковом возрасте",
    "Być nękanym w szkole częściej niż kilka razy w tygodniu przez rówieśników",
]
ITEMS = [
    ("sent_pic", "Sent a revealing picture to someone met online"),
    ("webcam", "Went on webcam with a stranger"),
    ("meet", "Went to meet someone first met online"),
    ("porn", "Looked at pornography online"),
    ("solicited", "Was asked for sexual talk or pictures"),
    ("threatened", "Was threatened that pictures would be shared"),
    ("bullied_online", "Was bullied online"),
    ("nasty", "Wrote nasty things to others online"),
    ("drunk", "Got drunk before the age of 14"),
    ("stole", "Took something from a shop"),
    ("strangers", "Added strangers as friends"),
    ("hid", "Hid online contacts from parents"),
]
OUTCOMES = [
    ("met_adult", "Met an adult for sexual purposes"),
    ("told_someone", "Told somebody about what happened"),
    ("sought_help", "Sought help from a service"),
    ("still_affects", "Still affected by it today"),
]
NAMES = [
    "Adapted",
    "Inquisitive online",
    "Risk-taking and aggressive",
    "Sexually inquisitive online",
    "Lonely and exposed at home",
    "Bullied, offline and online",
    "Not described before (5)",
    "Pressured by a partner",
    "Online only",
    "Many experiences at once",
    "Image-based harm",
    "Not described before (11)",
]
GUIDANCE = [
    (
        "schools",
        "Talk about pressure to send pictures in lessons on relationships, without blaming anyone.",
        "Webster et al. 2012, European Online Grooming Project",
    ),
    (
        "police",
        "Ask about offline contact and earlier victimisation when online contact is reported.",
        "DeMarco et al. 2017, Clin Neuropsychiatry 14(1):104-112",
    ),
    (
        "parents",
        "Keep asking who the child talks to; involvement protects, filters were not found to.",
        "Noll et al. 2013",
    ),
    (
        "industry",
        "Put reporting next to the picture, at the moment it is asked for.",
        "ISEC stakeholder interviews",
    ),
]


def make_tables(
    n_types: int = 4,
    *,
    verdict: str = "types",
    long_labels: bool = False,
    suppress: bool = True,
    seed: int = 7,
) -> dict[str, pd.DataFrame]:
    """Make all release tables of a run with `n_types` types."""
    rng = np.random.default_rng(seed)
    ids = [f"T{i + 1}" for i in range(n_types)] if verdict == "types" else []
    shares = np.sort(rng.dirichlet(np.full(max(len(ids), 1), 2.0)))[::-1][: len(ids)] * 0.97
    return {
        "types": _types(ids, shares, rng, long_labels),
        "participation": pd.DataFrame(
            {
                "step": [
                    "read",
                    "duplicates removed",
                    "set aside: too few answers",
                    "clustered",
                    "unassigned",
                ],
                "n": [1166, 12, 14, 1140, 31],
                "note": ["", "", "fewer than half of the items answered", "", ""],
            }
        ),
        "missingness": _missingness(rng),
        "missingness_groups": pd.concat(
            [
                _missingness(rng).assign(group=group)
                for group in ("United Kingdom", "Ireland", "Italy", "no answer")
            ]
        ),
        "scales": pd.DataFrame(
            {
                "scale": ["lonely", "pair"],
                "label": ["Loneliness", "Two questions"],
                "items": [3, 2],
                "scored": [1130, 1140],
                "n": [1120, 1140],
                "alpha": [0.81, 0.4],
                "alpha_lo": [0.79, 0.33],
                "alpha_hi": [0.83, 0.47],
                "omega": [0.82, np.nan],
                "omega_lo": [0.8, np.nan],
                "omega_hi": [0.84, np.nan],
            }
        ),
        "scale_items": pd.DataFrame(
            {
                "scale": ["lonely"] * 3 + ["pair"] * 2,
                "item": ["l1", "l2", "l3", "p1", "p2"],
                "label": ["Lacks company", "Left out", "Has friends", "First", "Second"],
                "keyed": ["as asked", "as asked", "reversed", "as asked", "as asked"],
                "n": [1120] * 3 + [1140] * 2,
                "r": [0.66, 0.7, -0.2, 0.25, 0.25],
            }
        ),
        "sensitivity": pd.DataFrame(
            {
                "analysis": ["complete cases", "multiple imputation"],
                "n": [930, 210],
                "base": [1140, 1140],
                "ari": [0.91, 0.97],
                "profile_r": [0.97, 0.99],
                "note": ["", ""],
            }
        ),
        "prevalence": _prevalence(ids, rng, suppress, long_labels),
        "factors": (factors := _factors(ids, rng, suppress, long_labels)),
        "outcomes": _outcomes(ids, rng, suppress),
        "outcome_models": _outcome_models(ids, rng, suppress),
        "guidance": pd.DataFrame(
            [(t, _strongest(factors, t), *row) for t in ids for row in GUIDANCE],
            columns=["type", "factor", "audience", "statement", "source"],
        ),
        "naming": pd.DataFrame(
            [(t, "factors that stand out", "sent_pictures, talk_sex") for t in ids],
            columns=["type", "step", "detail"],
        ),
        **_evidence(ids, rng, verdict),
        "map_density": _map(ids, rng),
        **_gradient(rng),
        **risk_tables(suppress=suppress),
        **short_form_table(types=bool(ids)),
    }


def _strongest(factors: pd.DataFrame, type_id: str) -> str:
    """The factor that guidance for a type follows from."""
    mine = factors[(factors["type"] == type_id) & factors["stands_out"].astype(bool)]
    shown = mine[mine["suppressed"] == ""].sort_values("lo", ascending=False)
    return str(shown["factor"].iloc[0]) if len(shown) else "loneliness"


def _types(ids: list[str], shares: np.ndarray, rng: np.random.Generator, long_labels: bool) -> pd.DataFrame:
    grades = ["highly stable", "stable", "stable", "pattern only"]
    rows = []
    for i, (type_id, share) in enumerate(zip(ids, shares, strict=True)):
        stability = [0.93, 0.88, 0.79, 0.66][i % 4]
        name = NAMES[i % len(NAMES)]
        if long_labels and i == 0:
            name = "Περίεργοι στο διαδίκτυο, με λίγη στήριξη στο σπίτι και στο σχολείο"
        sentence = (
            f"Respondents in this group reported {NAMES[i % len(NAMES)].lower()} experiences more often than "
            "others; what was done to them online was reported about as often as in the whole survey."
        )
        flags = "close to T1; rests on few core respondents" if i == 3 else ""
        rows.append(
            (
                type_id,
                name,
                sentence,
                int(1109 * share),
                share,
                share,
                max(share - 0.02, share / 2),
                share + 0.025,
                int(800 * share),
                0.72 - 0.05 * (i % 4),
                stability,
                stability - 0.05,
                stability + 0.03,
                grades[i % 4],
                "adapted" if i == 0 else "",
                0.8 if i == 0 else np.nan,
                flags,
            )
        )
    columns = ["id", "name", "sentence", "n", "share", "share_weighted", "lo", "hi", "core_n", "core_share"]
    columns += ["stability", "stability_lo", "stability_hi", "grade", "profile", "profile_score", "flags"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(suppressed="")


def _factors(ids: list[str], rng: np.random.Generator, suppress: bool, long_labels: bool) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for type_id in ids:
        for k, (factor, label, domain) in enumerate(FACTORS):
            log_or, width = rng.normal(0.2, 0.8), rng.uniform(0.2, 0.7)
            shown = LONG[k] if long_labels and k < len(LONG) else label
            hidden = suppress and type_id != "T1" and k == 11
            literature = (2.0, 5.0, "Ybarra 2007") if k % 3 == 1 else (np.nan, np.nan, "")
            row = {
                "type": type_id,
                "factor": factor,
                "variable": factor,
                "factor_label": shown,
                "label": f"Item: {label.lower()}",
                "domain": domain,
                "base_type": 200,
                "exposed_type": 80,
                "base_rest": 900,
                "exposed_rest": 200,
                "prevalence_type": 0.4,
                "prevalence_type_lo": 0.33,
                "prevalence_type_hi": 0.47,
                "prevalence_rest": 0.22,
                "difference": 0.18,
                "difference_lo": 0.1,
                "difference_hi": 0.26,
                "odds_ratio": np.exp(log_or),
                "lo": np.exp(log_or - width),
                "hi": np.exp(log_or + width),
                "p": 0.01,
                "q": 0.02,
                "stands_out": abs(log_or) > width,
                "odds_ratio_adjusted": np.exp(0.9 * log_or),
                "adjusted_lo": np.exp(0.9 * log_or - width),
                "adjusted_hi": np.exp(0.9 * log_or + width),
                "odds_ratio_naive": np.exp(0.8 * log_or),
                "odds_ratio_ml": np.exp(log_or),
                "agrees_direction": "same direction" if literature[2] else "",
                "agrees_size": "intervals overlap" if literature[2] else "",
                "literature_lo": literature[0],
                "literature_hi": literature[1],
                "literature_source": literature[2],
                "suppressed": "",
            }
            if hidden:
                row |= dict.fromkeys(
                    [
                        "base_type",
                        "exposed_type",
                        "prevalence_type",
                        "prevalence_type_lo",
                        "prevalence_type_hi",
                        "difference",
                        "difference_lo",
                        "difference_hi",
                        "odds_ratio",
                        "lo",
                        "hi",
                        "p",
                        "q",
                        "stands_out",
                    ],
                    np.nan,
                )
                row["suppressed"] = "threshold"
            rows.append(row)
    columns = [
        "type",
        "factor",
        "variable",
        "factor_label",
        "label",
        "domain",
        "base_type",
        "exposed_type",
        "base_rest",
        "exposed_rest",
        "prevalence_type",
        "prevalence_type_lo",
        "prevalence_type_hi",
        "prevalence_rest",
        "difference",
        "difference_lo",
        "difference_hi",
        "odds_ratio",
        "lo",
        "hi",
        "p",
        "q",
        "stands_out",
        "odds_ratio_adjusted",
        "adjusted_lo",
        "adjusted_hi",
        "odds_ratio_naive",
        "odds_ratio_ml",
        "agrees_direction",
        "agrees_size",
        "literature_lo",
        "literature_hi",
        "literature_source",
        "suppressed",
    ]
    return pd.DataFrame(rows, columns=columns)


def _outcomes(ids: list[str], rng: np.random.Generator, suppress: bool) -> pd.DataFrame:
    rows = []
    for i, type_id in enumerate(ids):
        for k, (outcome, label) in enumerate(OUTCOMES):
            value = rng.uniform(0.05, 0.4)
            row = [type_id, outcome, label, 200, 60, value, value - 0.04, value + 0.05, 0.2, 0.18, 0.22, ""]
            if suppress and k == 0 and i == len(ids) - 1:
                row[4:8], row[11] = [np.nan] * 4, "threshold"
            rows.append(row)
    columns = ["type", "outcome", "label", "base", "count", "prevalence", "lo", "hi", "everyone"]
    return pd.DataFrame(rows, columns=[*columns, "everyone_lo", "everyone_hi", "suppressed"])


def _outcome_models(ids: list[str], rng: np.random.Generator, suppress: bool) -> pd.DataFrame:
    rows = []
    for i, type_id in enumerate(ids):
        for k, (outcome, label) in enumerate(OUTCOMES):
            gap = rng.uniform(-0.2, 0.2)
            about = {"type": type_id, "outcome": outcome, "label": label, "adjusted_for": "Age, Gender"}
            estimates = {
                "base_type": 200, "exposed_type": 60, "base_rest": 900, "exposed_rest": 200,
                "prevalence_type": 0.3 + gap, "prevalence_rest": 0.3, "difference": gap,
                "difference_lo": gap - 0.05, "difference_hi": gap + 0.05, "odds_ratio": 1.4, "lo": 1.1,
                "hi": 1.9, "p": 0.01, "q": 0.02, "difference_crude": gap, "difference_ml": gap,
                "difference_naive": 0.8 * gap,
            }  # fmt: skip
            hidden = suppress and k == 0 and i == len(ids) - 1
            shown = dict.fromkeys(estimates, np.nan) if hidden else estimates
            rows.append({**about, **shown, "suppressed": "threshold" if hidden else ""})
    columns = ["type", "outcome", "label", "adjusted_for", "difference", "suppressed"]
    return pd.DataFrame(rows, columns=None if rows else columns)


def _prevalence(ids: list[str], rng: np.random.Generator, suppress: bool, long_labels: bool) -> pd.DataFrame:
    people = [
        ("gender", "Gender", "demographic", ["Female", "Male"]),
        ("age", "Age", "demographic", ["18-19", "20-21", "22-23", "24-25"]),
        ("country", "Country", "group", ["UK", "Ireland", "Italy"]),
    ]
    rows: list[tuple[Any, ...]] = []

    def add(
        variable: str, label: str, role: str, categories: list[str], shares: np.ndarray, *, endorsed: int
    ) -> None:
        for group in ["everyone", *ids]:
            tilt = shares if group == "everyone" else _tilt(shares, rng)
            for c, text in enumerate(categories):
                hidden = suppress and group == "T2" and variable in ("country", "webcam")
                value = np.nan if hidden else tilt[c]
                rows.append(
                    (
                        variable,
                        label,
                        role,
                        "all",
                        c + 1,
                        text,
                        c == endorsed,
                        group,
                        300,
                        np.nan if hidden else round(300 * value),
                        value,
                        value - 0.03,
                        value + 0.03,
                        shares[c],
                        value - shares[c],
                        "threshold" if hidden else "",
                    )
                )

    for name, label in ITEMS:
        share = rng.uniform(0.05, 0.6)
        text = f"{label}, more than once and without being asked" if long_labels else label
        add(name, text, "typology", ["Yes", "No"], np.array([share, 1 - share]), endorsed=0)
    add(
        "chat",
        "Chats with strangers",
        "typology",
        ["Never", "Rarely", "Often"],
        np.array([0.5, 0.3, 0.2]),
        endorsed=-1,
    )
    for name, label, role, categories in people:
        add(name, label, role, categories, rng.dirichlet(np.full(len(categories), 8.0)), endorsed=-1)
    for name, label in OUTCOMES:
        add(name, label, "outcome", ["Yes", "No"], np.array([0.2, 0.8]), endorsed=0)
    columns = [
        "variable",
        "label",
        "role",
        "domain",
        "category",
        "category_label",
        "endorsed",
        "group",
        "base",
        "count",
        "share",
        "lo",
        "hi",
        "share_everyone",
        "difference",
        "suppressed",
    ]
    return pd.DataFrame(rows, columns=columns)


def _tilt(shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    tilted = shares * np.exp(rng.normal(0, 0.6, len(shares)))
    return np.clip(tilted / tilted.sum(), 0.04, 0.96)


def _missingness(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for k, (name, label) in enumerate([*ITEMS, *OUTCOMES, *[(f, text) for f, text, _ in FACTORS]]):
        role = "typology" if k < len(ITEMS) else "outcome" if k < len(ITEMS) + len(OUTCOMES) else "risk"
        parts = {
            "system": 0.02 + 0.02 * rng.random(),
            "refused": 0.05 * rng.random(),
            "not sure": 0.04 * rng.random(),
            "not asked": 0.2 if k % 5 == 0 else 0.0,
        }
        for kind, share in {"answered": 1 - sum(parts.values()), **parts}.items():
            n = round(1166 * share)
            rows.append((name, label, role, kind, n, 1166, share, "threshold" if 0 < n < 10 else ""))
    frame = pd.DataFrame(
        rows, columns=["variable", "label", "role", "kind", "n", "base", "share", "suppressed"]
    ).astype({"n": float})
    frame.loc[frame["suppressed"] != "", ["n", "share"]] = np.nan
    return frame


def _evidence(ids: list[str], rng: np.random.Generator, verdict: str) -> dict[str, pd.DataFrame]:
    level = {"types": 0.82, "gradient": 0.31, "none": 0.09}[verdict]
    rows = []
    for statistic, scale in (("agreement of 80% subsamples", 1.0), ("explained on held-out answers", 0.5)):
        rows.append((statistic, "observed", 0, level * scale))
        association = 0.30 if verdict != "none" else 0.1
        rows += [(statistic, "no types", d, (association + 0.05 * rng.normal()) * scale) for d in range(20)]
        rows += [(statistic, "no association", d, (0.08 + 0.03 * rng.random()) * scale) for d in range(20)]
    classes = np.arange(1, 7)
    counts = [
        (t, f"C{c}", int(10 + 200 * rng.random() * (c == i + 1 or rng.random() < 0.3)), 300)
        for i, t in enumerate(ids)
        for c in range(1, len(ids) + 1)
    ]
    crosswalk = pd.DataFrame(counts, columns=["type", "latent_class", "count", "base"]).assign(suppressed="")
    crosswalk = crosswalk.astype({"count": float})
    small = crosswalk["count"] < 20
    crosswalk.loc[small, ["count", "suppressed"]] = [np.nan, "threshold"]
    runs = [
        (nn, mcs, s, int(rng.integers(3, 9)), rng.uniform(0.03, 0.3), rng.uniform(0.4, 0.95))
        for nn in (15, 30, 60)
        for mcs in (30, 60)
        for s in range(3)
    ]
    return {
        "evidence": pd.DataFrame(rows, columns=["statistic", "source", "draw", "value"]),
        "candidates": pd.DataFrame(
            {
                "n_types": [2, 3, 4, 5],
                "severity": [True, False, True, True],
                "criterion": [0.1, 0.2, 0.35, 0.3],
                "chosen": [False, False, True, False],
            }
        ),
        "runs": pd.DataFrame(
            runs, columns=["n_neighbors", "min_cluster_size", "seed", "clusters", "noise", "ari_to_types"]
        ).assign(method="eom"),
        "latent_classes": pd.DataFrame(
            {
                "classes": classes,
                "log_likelihood": -20000 + 900 * np.log(classes),
                "aic": 40100.0 - 300 * classes,
                "bic": 40500 - 280.0 * classes + 40.0 * classes**2,
                "abic": 40400.0 - 200 * classes,
                "entropy": [np.nan, 0.9, 0.88, 0.86, 0.8, 0.78],
                "smallest_share": [1, 0.3, 0.2, 0.1, 0.05, 0.02],
            }
        ),
        "crosswalk": crosswalk,
        "power": pd.DataFrame(
            {
                "separation": [0.45, 0.6, 0.8],
                "odds_ratio": [1.7, 2.0, 2.5],
                "ari": [0.4, 0.6, 0.8],
                "share_found": [0.02, 0.6, 1.0],
            }
        ),
    }


def _map(ids: list[str], rng: np.random.Generator) -> pd.DataFrame:
    centres = rng.uniform(-6, 6, size=(max(len(ids), 1), 2))
    labels = rng.integers(0, len(centres), 6000)
    points = centres[labels] + rng.normal(0, 1.1, (6000, 2))
    sx, sy = 0.9, 0.9 * np.sqrt(3)
    one = np.round(points / [sx, sy]) * [sx, sy]
    two = (np.floor(points / [sx, sy]) + 0.5) * [sx, sy]
    nearer = ((points - one) ** 2).sum(axis=1) < ((points - two) ** 2).sum(axis=1)
    frame = pd.DataFrame(np.where(nearer[:, None], one, two).round(6), columns=["hex_x", "hex_y"])
    frame["type"] = [ids[i] if ids else "" for i in labels]
    cells = frame.groupby(["hex_x", "hex_y"])["type"].agg(["size", lambda s: s.mode()[0]]).reset_index()
    cells.columns = pd.Index(["hex_x", "hex_y", "n", "type"])
    return cells[cells["n"] >= 10].reset_index(drop=True)


def _gradient(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    n = np.array([310, 260, 190, 140, 100, 60, 40, 20, 12, np.nan])
    pairs = [(a, b) for i, a in enumerate(ITEMS) for b in ITEMS[i + 1 :]][:40]
    return {
        "severity": pd.DataFrame(
            {
                "band": [f"{2 * i}-{2 * i + 1}" for i in range(9)] + ["18 or more"],
                "n": n,
                "share": n / 1140,
                "suppressed": [""] * 9 + ["threshold"],
            }
        ),
        "correlations": pd.DataFrame(
            [(a[0], b[0], a[1], b[1], 1100, 0.75 - 0.015 * i) for i, (a, b) in enumerate(pairs)],
            columns=["item_a", "item_b", "label_a", "label_b", "base", "r"],
        ),
        "quality": pd.DataFrame(
            {
                "measure": [
                    "same answer throughout",
                    "answered lowest on everything",
                    "shares an answer pattern with others",
                ],
                "n": [18, 160, 240],
                "base": [1166] * 3,
                "share": [0.015, 0.137, 0.206],
            }
        ),
    }


def make_summary(
    tables: dict[str, pd.DataFrame], *, verdict: str = "types", title: str = ""
) -> dict[str, Any]:
    """Make the ``summary.json`` that belongs to these tables."""
    reasons = {
        "types": "Subsamples agree (0.82) far more than in surveys without types (at most 0.39).",
        "gradient": "Subsamples agree (0.31) no more than in surveys without types (0.21 to 0.39).",
        "none": "The items go together no more than in surveys whose answers were shuffled.",
    }
    types = [
        {
            "id": row["id"],
            "name": row["name"],
            "n": row["n"],
            "share": row["share"],
            "share_weighted": row["share_weighted"],
            "share_ci": [row["lo"], row["hi"]],
            "stability": row["stability"],
            "grade": row["grade"],
            "profile_match": {"profile": row["profile"], "score": row["profile_score"]}
            if row["profile"]
            else None,
            "factors": [],
        }
        for row in tables["types"].to_dict("records")
    ]
    return {
        "study": "invented",
        "verdict": verdict,
        "reason": reasons[verdict],
        "seconds": 61.2,
        "respondents": {"read": 1166, "set_aside": 14, "clustered": 1140, "unassigned": 31},
        "types": types,
        "evidence": {
            "p_no_types": 0.048 if verdict == "types" else 0.52,
            "p_no_association": 0.048 if verdict != "none" else 0.4,
            "seed_agreement": 0.97,
        },
        "rivals": {
            "latent_class": {"classes": 5, "ari": 0.74},
            "plain_umap_hdbscan": {"clusters": 7, "noise_share": 0.12, "ari": 0.5},
        },
        "provenance": {
            "title": title or "Invented survey for tests",
            "run_id": "1f2e3d4c",
            "seed": 2015,
            "data_date": "2015-11",
            "threshold": 10,
            "version": "0.1.0",
            "versions": {"umap-learn": "0.5.12", "hdbscan": "0.8.44", "svy": "0.35.0"},
            "settings": {
                "items": 38,
                "n_neighbors": [15, 30, 60],
                "resamples": 100,
                "nulls": 20,
                "min_answered": 0.5,
                "weights": True,
                "strata": True,
                "psu": False,
            },
        },
    }


def write_folder(folder: Path, tables: dict[str, pd.DataFrame], summary: dict[str, Any]) -> Path:
    """Write tables and summary the way a run folder holds them, and return the folder."""
    (folder / "release" / "tables").mkdir(parents=True)
    for name, frame in tables.items():
        frame.to_csv(folder / "release" / "tables" / f"{name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"study": summary["study"]}), encoding="utf-8")
    return folder


def read_folder(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Read a run folder back, as plain pandas reads it."""
    tables = {path.stem: pd.read_csv(path) for path in sorted((folder / "release" / "tables").glob("*.csv"))}
    return tables, json.loads((folder / "summary.json").read_text(encoding="utf-8"))
