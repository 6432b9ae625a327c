"""Random small surveys as raw release tables, counted directly: what disclosure control is handed by a run.

Estimates that rest on the counts (intervals, odds ratios) are left out or invented; counts, bases and shares
are those of the survey. Few respondents, rare types, rare answers, routing, countries; half are weighted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from label.factory import Inputs, make_inputs

from typology.label.association import bound_exposures, side_counts
from typology.label.columns import Column, columns_of
from typology.label.groups import Groups, make_groups
from typology.label.prevalence import prevalence_table
from typology.label.sampling import survey_design
from typology.pipeline.pictures import density, severity_bands
from typology.results import ReleaseTable
from typology.survey.quality import missingness, missingness_by_group, participation

TYPE_KEYS = ("id", "name")
SIDES = (("exposed_type", "base_type"), ("exposed_rest", "base_rest"))
T = 10  # the threshold of these releases


@dataclass(frozen=True)
class Small:
    """One survey: its raw tables, and whether shares are weighted."""

    inputs: Inputs
    groups: Groups
    raw: list[ReleaseTable]
    weighted: bool


def near(shown: float) -> tuple[float, float]:
    """Counts that a shown count stands for: rounded to the threshold, and not below it."""
    return max(shown - T / 2, T), shown + T / 2 - 1


def half_step(base: float) -> float:
    """How far a share of types by country may be from the one shown, by its rounded base."""
    return next((s for s in (0.01, 0.02, 0.05) if s * (base - T / 2) >= T / 2), 0.1) / 2


def whole_half_step(shown: float) -> float:
    """How far everyone's share may be from the one shown, by a base that is up to T - 1 less than shown."""
    return next((s for s in (0.01, 0.02, 0.05) if s * (shown - T + 1) >= T / 2), 0.1) / 2


def small_survey(seed: int) -> Small:
    """Draw a survey and count everything that a release shows of it."""
    rng = np.random.default_rng([seed, 77])
    shares = tuple(rng.dirichlet(np.full(int(rng.integers(2, 5)), 1.5)) + 0.03)
    weighted = bool(seed % 2)
    inputs = make_inputs(
        int(rng.integers(60, 401)), seed=seed, shares=shares, set_aside=int(rng.integers(0, 15)),
        unassigned=float(rng.uniform(0, 0.1)), rare=float(rng.uniform(0.05, 0.4)), design=weighted,
    )  # fmt: skip
    inputs = _with_refusals(inputs, rng)
    groups = make_groups(inputs.survey, inputs.prepared, inputs.discovery, inputs.evidence)
    columns = list(columns_of(inputs.survey, inputs.scores, inputs.exposures, floor=10))
    raw = [
        *_answers(inputs, columns, groups),
        *_sizes(inputs, groups, rng),
        *_missing(inputs),
        *_risk(inputs, rng),
        _replication(inputs, groups),
        *_complete(inputs, rng),
        _map(inputs, rng),
    ]
    return Small(inputs, groups, raw, weighted)


def _with_refusals(inputs: Inputs, rng: np.random.Generator) -> Inputs:
    """Say why some answers are missing: refused, not sure or no reason, and not asked after a gate."""
    missing = inputs.survey.missing.astype(object)
    for name in missing.columns:
        empty = (missing[name] != "").to_numpy()
        kinds = rng.choice(["system", "refused", "not sure"], size=len(missing), p=[0.3, 0.5, 0.2])
        missing[name] = np.where(empty, "not asked" if name == "sent" else kinds, "")
    return inputs._replace(survey=replace(inputs.survey, missing=missing))


def _answers(inputs: Inputs, columns: list[Column], groups: Groups) -> list[ReleaseTable]:
    """Prevalence by the package; factors, outcomes and outcome models by counting."""
    design = survey_design(inputs.survey)
    prevalence = prevalence_table(design, columns, groups)
    sizes = dict(zip(groups.names, groups.sizes, strict=True))
    bound = bound_exposures(inputs.exposures, columns, inputs.survey.codebook, inputs.study.catalogue)
    factors = [
        {"type": name, "factor": each.factor, "variable": each.name, "label": each.label,
         **side_counts(each.exposure, groups.members[:, groups.names.index(name)]),
         "difference": 0.0, "odds_ratio": 1.0, "_categories": each.categories}
        for each in bound for name in groups.types
    ]  # fmt: skip
    answer = next(column for column in columns if column.name == "met").any_of((0,))
    models, outcomes = [], []
    for name in groups.types:
        members = groups.members[:, groups.names.index(name)]
        counted = side_counts(answer, members)
        about = {"type": name, "outcome": "met", "label": "Met", "_categories": ("1",)}
        models.append({**about, **counted, "adjusted_for": ""})
        share = counted["exposed_type"] / max(counted["base_type"], 1)
        outcomes.append(
            {**about, "base": counted["base_type"], "count": counted["exposed_type"], "prevalence": share,
             "lo": share, "hi": share, "prevalence_naive": share, "everyone": 0.5, "everyone_lo": 0.5,
             "everyone_hi": 0.5, "_size": sizes[name]}
        )  # fmt: skip
    keys = ("variable", "label", "role", "domain", "category", "category_label", "endorsed", "group")
    return [
        ReleaseTable("prevalence", "", prevalence, keys, (("count", "base"),)),
        ReleaseTable("factors", "", _with_shares(factors), ("type", "factor", "variable", "label"), SIDES),
        ReleaseTable("outcomes", "", pd.DataFrame(outcomes), ("type", "outcome"), (("count", "base"),)),
        ReleaseTable("outcome_models", "", _with_shares(models), ("type", "outcome", "adjusted_for"), SIDES),
    ]


def _with_shares(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Shares of the exposed in a type and in the rest, as the counts have them."""
    frame = pd.DataFrame(rows)
    shares = {
        f"prevalence_{s}": frame[f"exposed_{s}"] / frame[f"base_{s}"].clip(lower=1) for s in ("type", "rest")
    }
    return frame.assign(**shares)


def _sizes(inputs: Inputs, groups: Groups, rng: np.random.Generator) -> list[ReleaseTable]:
    """Types, participation, and the tables whose numbers are, or hold, the number of the clustered."""
    n, k = inputs.prepared.n, len(groups.types)
    sizes = {"unassigned": 0, **dict(zip(groups.names, groups.sizes, strict=True))}
    own = np.array([sizes[name] for name in groups.types])
    flow = participation(inputs.survey, inputs.prepared, unassigned=int(sizes["unassigned"]))
    types = pd.DataFrame({
        "id": groups.types, "name": groups.types, "n": own, "base": n, "share": own / n,
        "share_weighted": own / n, "lo": own / n, "hi": own / n, "core_n": np.nan, "core_share": np.nan,
    })  # fmt: skip
    fits = pd.DataFrame(
        {"log_likelihood": -10.0 * n + 25.3 * np.arange(6), "parameters": 40 + 41 * np.arange(6)}
    )
    smallest = own.min() / n
    fits["bic"] = -2 * fits["log_likelihood"] + fits["parameters"] * np.log(n)
    fits["aic"] = -2 * fits["log_likelihood"] + 2 * fits["parameters"]
    severity = replace(inputs.discovery, severity=rng.gamma(2.0, size=n))
    classes = rng.dirichlet(np.ones(3), size=k)
    crossed = [
        {"type": name, "latent_class": f"C{c + 1}", "count": count, "base": int(size), "band": ""}
        for name, size, p in zip(groups.types, own, classes, strict=True)
        for c, count in enumerate(rng.multinomial(int(size), p))
    ]
    counted = (("n", "base"),)
    return [
        ReleaseTable("types", "", types, TYPE_KEYS, counted),
        ReleaseTable("participation", "", flow, ("step", "note"), ((None, "n"),)),
        ReleaseTable("severity", "", severity_bands(severity, threshold=10), ("band",), counted, ("share",),
                     (("band",),)),
        ReleaseTable("candidates", "", fits.assign(smallest_share=smallest), ()),
        ReleaseTable("latent_classes", "", fits.assign(classes=range(1, 7), smallest_share=smallest), ()),
        ReleaseTable("runs", "", pd.DataFrame({"noise": [sizes["unassigned"] / n]}), ()),
        ReleaseTable("correlations", "", pd.DataFrame({"item_a": ["a"], "base": [n]}), ("item_a",),
                     ((None, "base"),)),
        ReleaseTable("crosswalk", "", pd.DataFrame(crossed), ("type", "latent_class", "band"),
                     (("count", "base"),), (), (("latent_class",),)),
    ]  # fmt: skip


def _missing(inputs: Inputs) -> list[ReleaseTable]:
    """Missing answers, in all and by country."""
    keys = ("variable", "label", "role", "kind")
    return [
        ReleaseTable("missingness", "", missingness(inputs.survey), keys, (("n", "base"),)),
        ReleaseTable("missingness_groups", "", missingness_by_group(inputs.survey), (*keys, "group")),
    ]


def _risk(inputs: Inputs, rng: np.random.Generator) -> list[ReleaseTable]:
    """Outcome by characteristic, by number of behaviours and by group of the calibration."""
    answers = inputs.survey.answers
    met = answers["met"].map({1.0: 1.0, 2.0: 0.0}).to_numpy(dtype=float)
    known = np.isfinite(met)
    number = (answers[["online", "alone", "posted", "hurt"]] == 1).sum(axis=1).to_numpy()
    bins = np.clip((rng.random(len(met)) * 4 + np.nan_to_num(met)).astype(int), 0, 4)
    total: dict[str, Any] = {"outcome": "met", "base": int(known.sum()), "events": int(np.nansum(met))}

    def parts(of: np.ndarray, key: str, share: str) -> pd.DataFrame:
        rows = []
        for value in np.unique(of):
            inside = known & (of == value)
            events, base = int(met[inside].sum()), int(inside.sum())
            rows.append({"outcome": "met", key: str(value), "base": base, "events": events,
                         share: events / max(base, 1), "lo": 0.1, "hi": 0.9})  # fmt: skip
        return pd.DataFrame(rows)

    predictors = []
    for name in ("alone", "posted"):
        given = answers[name].notna().to_numpy() & known
        exposed = (answers[name] == 1).to_numpy()
        row: dict[str, Any] = {"outcome": "met", "predictor": name}
        for side, inside in (("exposed", given & exposed), ("unexposed", given & ~exposed)):
            events, base = int(met[inside].sum()), int(inside.sum())
            row |= {f"events_{side}": events, f"base_{side}": base, f"risk_{side}": events / max(base, 1)}
        predictors.append(row)
    estimates = [
        "odds_ratio",
        "lo",
        "hi",
        "p",
        "q",
        "adjusted",
        "adjusted_lo",
        "adjusted_hi",
        "kept",
        "same_sign",
    ]
    of_models = ["needed", "auc", "auc_lo", "auc_hi", "slope", "slope_lo", "slope_hi", "intercept",
                 "intercept_lo", "intercept_hi", "trend", "trend_lo", "trend_hi"]  # fmt: skip
    both = (("events_exposed", "base_exposed"), ("events_unexposed", "base_unexposed"))
    counted = (("events", "base"),)
    dose = parts(number, "band", "share").assign(odds_ratio=1.0, ratio_lo=1.0, ratio_hi=1.0)
    return [
        ReleaseTable("risk_models", "", pd.DataFrame([total]).assign(**dict.fromkeys(of_models, 1.0)),
                     ("outcome",), counted),
        ReleaseTable("risk_predictors", "", pd.DataFrame(predictors).assign(**dict.fromkeys(estimates, 1.0)),
                     ("outcome", "predictor"), both),
        ReleaseTable("risk_dose", "", dose, ("outcome", "band"), counted),
        ReleaseTable("risk_calibration", "", parts(bins, "bin", "observed").assign(predicted=0.5),
                     ("outcome", "bin"), counted),
    ]  # fmt: skip


def _replication(inputs: Inputs, groups: Groups) -> ReleaseTable:
    """Types by country."""
    place = inputs.survey.answers["country"].map({1.0: "UK", 2.0: "Ireland", 3.0: "Italy"})
    clustered = inputs.survey.answers.index.isin(inputs.prepared.ids)
    rows = []
    for name in groups.types:
        inside = groups.members[:, groups.names.index(name)]
        for country in ("UK", "Ireland", "Italy"):
            here = (place == country).to_numpy() & clustered
            n, base = int((here & inside).sum()), int(here.sum())
            rows.append({"type": name, "group": country, "n": n, "base": base, "share": n / max(base, 1)})
    frame = pd.DataFrame(rows)
    for column in ("lo", "hi", "difference", "difference_lo", "difference_hi"):
        frame[column] = 0.5
    return ReleaseTable("replication", "", frame, ("type", "group"), (("n", "base"),))


def _complete(inputs: Inputs, rng: np.random.Generator) -> list[ReleaseTable]:
    """Who answered everything: of all respondents, and of the clustered; nobody of those set aside did."""
    n, read = inputs.prepared.n, len(inputs.survey.answers)
    complete = int(rng.binomial(n, rng.uniform(0.5, 1.0)))
    quality = pd.DataFrame(
        {"measure": ["complete"], "n": [complete], "base": [read], "share": [complete / read]}
    )
    analyses = pd.DataFrame({
        "analysis": ["complete cases", "multiple imputation"], "n": [complete, n - complete], "base": n,
        "ari": 0.9, "profile_r": 0.9, "note": "",
    })  # fmt: skip
    counted = (("n", "base"),)
    return [
        ReleaseTable("quality", "", quality, ("measure",), counted, ("share",)),
        ReleaseTable("sensitivity", "", analyses if complete < n else analyses[:0], ("analysis", "note"),
                     counted, ("ari", "profile_r")),
    ]  # fmt: skip


def _map(inputs: Inputs, rng: np.random.Generator) -> ReleaseTable:
    """Respondents by hexagon of a map on which the types lie apart."""
    labels = inputs.discovery.labels
    placed = replace(inputs.discovery, map_xy=rng.normal(size=(len(labels), 2)) + 3.0 * labels[:, None])
    frame = density(placed, threshold=10)
    return ReleaseTable("map_density", "", frame, ("hex_x", "hex_y", "type"), ((None, "n"),))
