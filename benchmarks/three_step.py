"""What classification error does to comparisons of types, and what the correction makes of it.

    python benchmarks/three_step.py --draws 200 --out benchmarks/results/three_step.csv

Three parts, one row a number:

*bias*: surveys of 60 schools with unequal weights and types that items tell apart only moderately. Types are
estimated in every draw by the package's own measurement model, started from the planted ones. The log odds
ratio of each type against the rest is compared with the planted one: relative bias, and how often the 95%
interval covers it, with respondents as placed, BCH, maximum likelihood, and BCH with the types found again in
resamples of schools.

*false*: twenty factors that have nothing to do with the types; share of surveys in which any stands out.

*planted*: the demo's surveys drawn anew, respondents placed by the planted model; how often each of its
factors stands out in some type, and its two null factors do.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from typology.label.association import bound_exposures, factor_table
from typology.label.classification import Classification
from typology.label.columns import columns_of
from typology.label.covariates import covariates_of
from typology.label.design import compare
from typology.label.groups import Groups
from typology.label.reclustering import Spread, among_all, draw_rows
from typology.label.sampling import SurveyDesign, make_design, survey_design
from typology.label.three_step import Basis, compare_types, sides
from typology.models.layout import indicators, layout
from typology.models.mixture import Mixture, fit_mixture
from typology.models.multiplicity import false_discovery_by_family
from typology.results import Floats, Ints
from typology.schema.load import load_study
from typology.simulate.isec_bayes import planted_membership
from typology.simulate.isec_model import TYPE_SHARES
from typology.simulate.isec_risks import FACTORS
from typology.survey.exposure import exposures
from typology.survey.read import read_survey
from typology.survey.scales import score_scales

SHARES = np.array([0.5, 0.3, 0.2])
ITEMS = np.repeat(np.array([[0.2, 0.25, 0.3], [0.7, 0.25, 0.35], [0.35, 0.7, 0.7]]), [3, 3, 3], axis=1)
LOGITS = np.array([-1.4, 0.3, 1.2])
"""Of the factor in each type, at an average school."""
SCHOOLS, PUPILS = 60, 25
SCHOOL_SD = 0.4
COLUMNS = layout([2] * ITEMS.shape[1], [True] * ITEMS.shape[1])
RESAMPLES = 15


def truth() -> Floats:
    """Planted log odds ratio of each type against the rest, averaged over schools."""
    school = np.random.default_rng(0).normal(0, SCHOOL_SD, 2_000_000)
    share = np.array([expit(logit + school).mean() for logit in LOGITS])
    rest = (SHARES @ share - SHARES * share) / (1 - SHARES)
    return np.log(share / (1 - share)) - np.log(rest / (1 - rest))


def survey(rng: np.random.Generator) -> tuple[SurveyDesign, Ints, Ints, Floats]:
    """Design, planted types, items and factor of one survey."""
    n = SCHOOLS * PUPILS
    school = np.repeat(np.arange(SCHOOLS), PUPILS)
    types = rng.choice(len(SHARES), size=n, p=SHARES)
    items = (rng.random((n, ITEMS.shape[1])) < ITEMS[types]).astype(np.int64)
    effect = rng.normal(0, SCHOOL_SD, SCHOOLS)[school]
    factor = (rng.random(n) < expit(LOGITS[types] + effect)).astype(float)
    design = make_design(n, weight=pd.Series(rng.uniform(0.5, 2, n)), psu=pd.Series(school))
    return design, types, items, factor


def fitted(items: Ints, start: Floats) -> Mixture:
    """The measurement model, from a starting membership."""
    return fit_mixture(indicators(items, COLUMNS), COLUMNS, start, iterations=300, prior=0.1)


def placed(design: SurveyDesign, membership: Floats) -> Classification:
    """Respondents in their most probable type."""
    everyone = np.arange(design.n)
    return among_all(design, everyone, membership.argmax(axis=1).astype(np.int64), membership)


def entropy(membership: Floats) -> float:
    """Relative entropy: 1 when everybody's type is certain."""
    p = np.clip(membership, 1e-12, 1)
    return float(1 + (p * np.log(p)).sum() / (len(p) * np.log(p.shape[1])))


def found_again(design: SurveyDesign, items: Ints, membership: Floats, rng: np.random.Generator) -> Spread:
    """The types found again in resamples of schools, everybody placed by each."""
    everyone, draws = np.arange(design.n), []
    for _ in range(RESAMPLES):
        rows = draw_rows(design, everyone, rng)
        model = fitted(items[rows], membership[rows])
        draws.append(placed(design, model.membership(indicators(items, COLUMNS))[0]))
    return Spread(tuple(draws), np.ones(design.n, dtype=bool))


def bias(draws: int) -> list[dict[str, object]]:
    """Bias and coverage of the log odds ratio of each type."""
    planted, rows, clearness = truth(), [], []
    for seed in range(draws):
        rng = np.random.default_rng([seed, 1])
        design, types, items, factor = survey(rng)
        membership = fitted(items, np.eye(len(SHARES))[types]).membership(indicators(items, COLUMNS))[0]
        clearness.append(entropy(membership))
        places, inside = placed(design, membership), np.ones(design.n, dtype=bool)
        once = compare_types(design, factor, Basis(places, inside))
        spread = found_again(design, items, membership, rng)
        again = compare_types(design, factor, Basis(places, inside, spread))
        for type_id, (first, second) in enumerate(zip(once, again, strict=True)):
            ways = {
                "as placed": first.naive, "BCH": first.corrected, "ML": first.likelihood,
                "BCH, types found again": second.corrected, "ML, types found again": second.likelihood,
            }  # fmt: skip
            for way, contrast in ways.items():
                ends = np.log([contrast.odds_ratio, contrast.lo, contrast.hi])
                rows.append((way, type_id, ends[0], ends[1] <= planted[type_id] <= ends[2]))
    frame = pd.DataFrame(rows, columns=["way", "type", "log_or", "covered"])
    told: list[dict[str, object]] = [
        {"part": "bias", "what": "relative entropy", "value": np.mean(clearness), "draws": draws}
    ]
    for (way, type_id), each in frame.groupby(["way", "type"], sort=False):
        known = each[each["log_or"].notna()]
        off = known["log_or"].mean() / planted[type_id] - 1
        about = {"part": "bias", "type": f"T{type_id + 1}", "draws": draws}
        told += [
            {**about, "what": f"relative bias, {way}", "value": off},
            {**about, "what": f"coverage, {way}", "value": known["covered"].astype(float).mean()},
            {**about, "what": f"not estimable, {way}", "value": 1 - len(known) / len(each)},
        ]
    return told


def false(draws: int) -> list[dict[str, object]]:
    """Surveys in which any of twenty unrelated factors is reported."""
    reported, significant = 0, 0
    for seed in range(draws):
        rng = np.random.default_rng([seed, 2])
        design, types, items, _ = survey(rng)
        membership = fitted(items, np.eye(len(SHARES))[types]).membership(indicators(items, COLUMNS))[0]
        weights, df = (
            placed(design, membership).corrected,
            design.degrees_of_freedom(np.ones(design.n, dtype=bool)),
        )
        effect = rng.normal(0, SCHOOL_SD, (SCHOOLS, 20))[np.repeat(np.arange(SCHOOLS), PUPILS)]
        factors = rng.random((design.n, 20)) < expit(np.linspace(-2, 1, 20) + effect)
        found = [
            compare(design, *sides(design, y.astype(float), weights[:, type_id]), df=df)
            for y in factors.T
            for type_id in range(len(SHARES))
        ]
        factor = pd.Series(np.repeat(np.arange(factors.shape[1]), len(SHARES)))
        q = false_discovery_by_family(np.array([each.p for each in found]), factor)
        ratio = np.array([each.odds_ratio for each in found])
        large = np.abs(np.log(ratio)) >= np.log(1.5)
        significant += bool((q < 0.05).any())
        reported += bool(((q < 0.05) & large).any())
    return [
        {"part": "false", "what": "any factor reported", "value": reported / draws, "draws": draws},
        {"part": "false", "what": "any q below 0.05", "value": significant / draws, "draws": draws},
    ]


def planted(draws: int) -> list[dict[str, object]]:
    """Which of the demo's factors are found."""
    study = load_study(Path(__file__).parent.parent / "configs" / "demo.yaml")
    rows = []
    for seed in range(draws):
        config = study.config.model_copy(update={"seed": 5000 + seed})
        one = type(study)(**{**vars(study), "config": config})
        read = read_survey(one)
        scores = score_scales(read)
        exposed = exposures(read, scores).reindex(read.answers.index)
        answers = read.answers.assign(rid=read.answers.index)
        membership = planted_membership(answers).reindex(read.answers.index).to_numpy()
        order = np.argsort(-np.asarray(TYPE_SHARES))
        membership = membership[:, order]
        design, labels = survey_design(read), membership.argmax(axis=1).astype(np.int64)
        places = among_all(design, np.arange(design.n), labels, membership)
        types = tuple(f"T{i + 1}" for i in range(membership.shape[1]))
        members = np.column_stack([np.ones(design.n, dtype=bool), *(labels == i for i in range(len(types)))])
        columns = list(columns_of(read, scores, exposed, floor=10))
        bound = bound_exposures(exposed, columns, read.codebook, study.catalogue)
        table = factor_table(
            design, bound, Groups(("everyone", *types), members),
            Basis(places, np.ones(design.n, dtype=bool)),
            covariates=covariates_of(columns, (), n=design.n), threshold=10,
        )  # fmt: skip
        rows.append(table.groupby("variable")["stands_out"].any())
    found = pd.DataFrame(rows).mean()
    null = [question.name for question in FACTORS if np.ptp(question.shares, axis=0).max() < 1e-9]
    real = found.drop(null)
    told: list[dict[str, object]] = [
        {"part": "planted", "what": f"found: {name}", "value": value, "draws": draws}
        for name, value in real.items()
    ]
    told += [
        {"part": "planted", "what": f"called: {name} (null)", "value": found[name], "draws": draws}
        for name in null
    ]
    return [*told, {"part": "planted", "what": "found: all planted", "value": real.mean(), "draws": draws}]


PARTS = {"bias": bias, "false": false, "planted": planted}


def main() -> None:
    """Run the parts asked for and write their numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--surveys", type=int, default=60, help="surveys of the demo drawn anew")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    warnings.simplefilter("error")
    rows: list[dict[str, object]] = []
    for part in asked.parts:
        rows += PARTS[part](asked.surveys if part == "planted" else asked.draws)
        frame = pd.DataFrame(rows, columns=["part", "type", "what", "value", "draws"])
        frame.assign(value=frame["value"].astype(float).round(4)).to_csv(asked.out, index=False)
    sys.stdout.write(pd.read_csv(asked.out).to_string(index=False) + "\n")


if __name__ == "__main__":
    main()
