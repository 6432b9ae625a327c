"""Whether the names that catalogue and study file use exist."""

from __future__ import annotations

from typology.errors import InputFault
from typology.schema.catalogue import Catalogue
from typology.schema.codebook import DESIGN_ROLES, Codebook
from typology.schema.report import Report
from typology.schema.study import StudyConfig
from typology.schema.translate import closest
from typology.schema.yaml_file import KeyPath, YamlDocument


def catalogue_faults(catalogue: Catalogue, document: YamlDocument) -> list[InputFault]:
    """Factors that profiles and guidance name but the catalogue does not hold."""
    report = Report(document)
    faults = []
    for name, profile in catalogue.profiles.items():
        for side in ("high", "low"):
            for i, factor in enumerate(getattr(profile, side)):
                if factor not in catalogue.factors:
                    path: KeyPath = ("profiles", name, side, i)
                    remedy = closest(factor, catalogue.factors)
                    faults.append(
                        report(path, f"names a factor under {side} that does not exist", remedy, value=factor)
                    )
    for factor in catalogue.guidance:
        if factor not in catalogue.factors:
            remedy = closest(factor, catalogue.factors)
            faults.append(
                report(
                    ("guidance", factor), "is guidance for a factor that does not exist", remedy, value=factor
                )
            )
    for name, known in catalogue.factors.items():
        for i, entry in enumerate(known.evidence):
            if entry.ci is not None and entry.ci[0] > entry.ci[1]:
                path = ("factors", name, "evidence", i, "ci")
                faults.append(
                    report(
                        path, "the interval's ends are swapped", "Write [low, high].", value=list(entry.ci)
                    )
                )
    return faults


def study_faults(config: StudyConfig, codebook: Codebook, document: YamlDocument) -> list[InputFault]:
    """Names in the study file that the codebook does not hold."""
    report = Report(document)
    faults = []
    known = [
        *(n for n, v in codebook.variables.items() if v.role not in (*DESIGN_ROLES, "ignore")),
        *codebook.scales,
    ]
    for i, name in enumerate(config.label.covariates):
        if name not in known:
            path: KeyPath = ("label", "covariates", i)
            faults.append(
                report(path, "the covariate is not a variable in use", closest(name, known), value=name)
            )
        elif name in codebook.names("typology"):
            remedy = "Adjust only for variables that did not form the types."
            faults.append(
                report(
                    ("label", "covariates", i), "a typology item cannot be a covariate", remedy, value=name
                )
            )
    for type_id in config.label.names:
        if not (type_id.startswith("T") and type_id[1:].isdigit() and int(type_id[1:]) > 0):
            path = ("label", "names", type_id)
            faults.append(report(path, "is not the id of a type", "Types are T1, T2, ...", value=type_id))
    return faults
