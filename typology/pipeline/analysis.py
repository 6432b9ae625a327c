"""From survey to protected tables, in memory: everything a run finds, nothing written yet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from typology.disclose import protect
from typology.discover.types import discover
from typology.errors import InputFaults, TypologyError
from typology.evidence.gather import gather_evidence
from typology.evidence.short_form import short_form_frame
from typology.label import label_types
from typology.label.risk import risk_analysis
from typology.pipeline.clock import Clock
from typology.pipeline.frames import Found
from typology.pipeline.present import Presented, present
from typology.pipeline.reclustering import recluster_of
from typology.pipeline.replication import replication_of
from typology.pipeline.respondents import respondents_table
from typology.pipeline.stages import Stages
from typology.pipeline.summary import build_summary, provenance_of
from typology.pipeline.tables import release_tables, shown_rows
from typology.prepare.encode import prepare
from typology.results import Discovery, Evidence, Labels, Prepared, ReleaseTable, Survey
from typology.runs.manifest import Inputs, package_versions, run_id
from typology.schema.study import Study
from typology.survey.check import examine
from typology.survey.exposure import exposures
from typology.survey.quality import quality_flags
from typology.survey.scales import score_scales


@dataclass(frozen=True)
class Analysis:
    """Everything a run finds.

    Attributes
    ----------
    study : Study
    survey : Survey
    prepared : Prepared
    discovery : Discovery
    evidence : Evidence
    presented : Presented
    labels : Labels
    tables : tuple of ReleaseTable
        Protected.
    suppressed : list of dict
        Every suppressed cell and the rule, for ``disclosure.json``.
    respondents : DataFrame
        Private.
    summary : dict
    inputs : dict
        Path and SHA-256 of the inputs, by role.
    """

    study: Study
    survey: Survey
    prepared: Prepared
    discovery: Discovery
    evidence: Evidence
    presented: Presented
    labels: Labels
    tables: tuple[ReleaseTable, ...]
    suppressed: list[dict[str, Any]]
    respondents: pd.DataFrame
    summary: dict[str, Any]
    inputs: Inputs


def read_checked(study: Study) -> Survey:
    """Read the survey and refuse it with all its faults at once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Survey

    Raises
    ------
    InputFaults
    """
    survey, faults = examine(study)
    if faults or survey is None:
        raise InputFaults(faults)
    return survey


def analyse(
    study: Study, survey: Survey, inputs: Inputs, *, jobs: int, clock: Clock, stages: Stages | None = None
) -> Analysis:
    """Run every stage that computes.

    Parameters
    ----------
    study : Study
    survey : Survey
        From `read_checked`.
    inputs : mapping
        From `describe_inputs`, before the survey was read.
    jobs : int
        Processes to use.
    clock : Clock
    stages : Stages, optional
        Keeps the long stages as they are done; they are not kept by default.

    Returns
    -------
    Analysis
    """
    config = study.config
    stages = stages or Stages(clock)
    with clock.stage("prepare", announce="Preparing the items"):
        data_date = _data_date(study)
        scores = score_scales(survey)
        exposed = exposures(survey, scores)
        prepared = prepare(survey, study, flags=quality_flags(survey))
    with clock.stage("load", announce="Loading UMAP and HDBSCAN"):
        _load_engines()
    given: dict[str, Any] = {"jobs": jobs, "progress": clock.progress}
    discovery = stages.run("discover", lambda: discover(prepared, config, **given))
    evidence = stages.run("evidence", lambda: gather_evidence(prepared, discovery, config, **given))
    presented = present(prepared, discovery, evidence)
    replication = stages.run("replication", lambda: replication_of(prepared, presented, config, **given))
    labels = stages.run(
        "label",
        lambda: label_types(
            survey,
            scores,
            exposed,
            prepared,
            presented.types,
            presented.evidence,
            study,
            tell=partial(shown_rows, threshold=config.disclosure.threshold),
            recluster=recluster_of(presented),
            jobs=jobs,
        ),
        announce="Estimating what marks each type",
    )
    fewest = stages.run(
        "short form",
        lambda: short_form_frame(
            prepared, presented.candidates, presented.types.labels, seed=config.seed, jobs=jobs
        ),
        announce="Fewest items that tell the types apart",
    )
    risk = stages.run(
        "risk",
        lambda: risk_analysis(survey, scores, exposed, study),
        announce="Relating risk characteristics to outcomes",
    )
    with clock.stage("tables", announce="Tables and disclosure control"):
        raw = release_tables(
            Found(study, survey, prepared, discovery, evidence, presented, labels, risk, fewest, replication)
        )
        tables, suppressed = protect(raw, threshold=config.disclosure.threshold)
        respondents = respondents_table(survey, prepared, presented)
    provenance = provenance_of(
        study,
        prepared,
        run_id=run_id(study, inputs),
        data_date=data_date,
        versions=package_versions(),
    )
    summary = build_summary(
        tables,
        study=study,
        evidence=presented.evidence,
        seconds=clock.seconds,
        provenance=provenance,
    )
    return Analysis(
        study=study,
        survey=survey,
        prepared=prepared,
        discovery=discovery,
        evidence=evidence,
        presented=presented,
        labels=labels,
        tables=tuple(tables),
        suppressed=suppressed,
        respondents=respondents,
        summary=summary,
        inputs=inputs,
    )


def _load_engines() -> None:
    """Import the two engines ahead of their first use, so that their slow import is seen as such."""
    import hdbscan  # noqa: F401

    try:
        import umap  # noqa: F401
    except RuntimeError as error:
        if "no locator available" not in str(error):
            raise
        message = (
            "UMAP cannot keep its compiled code: neither its folder nor your home may be written to. Name "
            "one that may: NUMBA_CACHE_DIR=FOLDER typology run ..."
        )
        raise TypologyError(message) from error


def _data_date(study: Study) -> str:
    """Day the survey file was last changed; empty for a simulated survey."""
    if study.data_path is None:
        return ""
    changed = datetime.datetime.fromtimestamp(study.data_path.stat().st_mtime, tz=datetime.UTC)
    return changed.date().isoformat()
