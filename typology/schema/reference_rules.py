"""Whether the names that catalogue and study file use exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from typology.errors import InputFault
from typology.schema.catalogue import Catalogue, EvidenceEntry
from typology.schema.codebook import DESIGN_ROLES, Codebook, Role, Scale, Variable, positive_code
from typology.schema.report import Report
from typology.schema.study import StudyConfig
from typology.schema.translate import closest
from typology.schema.yaml_file import KeyPath, YamlDocument

NO_SOURCE = ("has no source", "Name the publication; nothing goes without one.")
COVARIATE_ROLES: tuple[Role, ...] = ("demographic", "group", "risk")


def catalogue_faults(
    catalogue: Catalogue, document: YamlDocument, *, known: Collection[str] | None
) -> list[InputFault]:
    """Factors that profiles and guidance name but no catalogue holds, and numbers that cannot be right.

    Parameters
    ----------
    known : collection of str or None
        Factors of this file and of those it extends; None when they are not all known.
    """
    report = Report(document)
    faults = [] if known is None else _unknown_factors(catalogue, report, known)
    for name, factor in catalogue.factors.items():
        for i, entry in enumerate(factor.evidence):
            path: KeyPath = ("factors", name, "evidence", i)
            for key, told in _entry_faults(entry):
                value = getattr(entry, key)
                value = list(value) if isinstance(value, tuple) else value
                faults.append(report((*path, key), *told, value=value))
    for name, profile in catalogue.profiles.items():
        if not profile.source.strip():
            faults.append(report(("profiles", name, "source"), *NO_SOURCE))
    for name, by_audience in catalogue.guidance.items():
        for audience, statements in by_audience.items():
            for i, advice in enumerate(statements):
                path = ("guidance", name, audience, i)
                if not advice.source.strip():
                    faults.append(report((*path, "source"), *NO_SOURCE))
                if not advice.statement.strip():
                    faults.append(report((*path, "statement"), "is empty", "Write the statement."))
    return faults


def _entry_faults(entry: EvidenceEntry) -> Iterator[tuple[str, tuple[str, str]]]:
    """What cannot be right about one finding, by key."""
    if not entry.source.strip():
        yield "source", NO_SOURCE
    if entry.ci is not None and entry.ci[0] > entry.ci[1]:
        yield "ci", ("the interval's ends are swapped", "Write [low, high].")
    elif entry.ci is not None and entry.estimate is None:
        yield "ci", ("is an interval without an estimate", "Give the estimate too.")
    elif entry.ci and entry.estimate and not entry.ci[0] <= entry.estimate <= entry.ci[1]:
        yield "estimate", ("lies outside its interval", "Check both against the source.")
    if entry.estimate is not None and not entry.measure.strip():
        yield "estimate", ("is a number without a measure", "Say what it is, such as `measure: odds ratio`.")
    if entry.n is not None and entry.n < 1:
        yield "n", ("is not a number of respondents", "Give the sample size, or leave the key out.")


def _unknown_factors(catalogue: Catalogue, report: Report, known: Collection[str]) -> list[InputFault]:
    """Factors that profiles and guidance name but no catalogue holds."""
    faults = []
    for name, profile in catalogue.profiles.items():
        for side in ("high", "low"):
            for i, factor in enumerate(getattr(profile, side)):
                if factor not in known:
                    path: KeyPath = ("profiles", name, side, i)
                    remedy = closest(factor, known)
                    faults.append(
                        report(path, f"names a factor under {side} that does not exist", remedy, value=factor)
                    )
    for factor in catalogue.guidance:
        if factor not in known:
            remedy = closest(factor, known)
            faults.append(
                report(
                    ("guidance", factor), "is guidance for a factor that does not exist", remedy, value=factor
                )
            )
    return faults


def study_faults(config: StudyConfig, codebook: Codebook, document: YamlDocument) -> list[InputFault]:
    """Names in the study file that the codebook does not hold."""
    report = Report(document)
    faults = []
    known = [
        *(n for n, v in codebook.variables.items() if v.role in COVARIATE_ROLES),
        *(n for n, s in codebook.scales.items() if s.role in COVARIATE_ROLES),
    ]
    for i, name in enumerate(config.label.adjust_for):
        path: KeyPath = ("label", "adjust_for", i)
        if name in config.label.adjust_for[:i]:
            faults.append(report(path, "the covariate stands twice", "Keep one.", value=name))
        elif name in known:
            continue
        elif name in codebook.names("typology"):
            remedy = "Adjust only for variables that did not form the types."
            faults.append(report(path, "a typology item cannot be a covariate", remedy, value=name))
        elif name in codebook.variables or name in codebook.scales:
            role = (codebook.variables.get(name) or codebook.scales[name]).role
            remedy = f"Adjust for variables of the roles {', '.join(COVARIATE_ROLES)}."
            message = f"a variable with the role {role} cannot be a covariate"
            faults.append(report(path, message, remedy, value=name))
        else:
            message = "the covariate is not a variable of the codebook"
            faults.append(report(path, message, closest(name, known), value=name))
    faults += _risk_faults(config, codebook, report)
    for type_id in config.label.names:
        if not (type_id.startswith("T") and type_id[1:].isdigit() and int(type_id[1:]) > 0):
            path = ("label", "names", type_id)
            faults.append(report(path, "is not the id of a type", "Types are T1, T2, ...", value=type_id))
    return faults


def _risk_faults(config: StudyConfig, codebook: Codebook, report: Report) -> list[InputFault]:
    """Names of the risk analysis that the codebook does not hold, or whose answers say no yes or no."""
    risk = config.risk
    known: dict[str, Variable | Scale] = {
        name: each for name, each in codebook.variables.items() if each.role not in DESIGN_ROLES
    }
    known |= codebook.scales
    single = isinstance(risk.outcome, str)
    named = [("outcome" if single else ("outcome", i), name) for i, name in enumerate(risk.outcomes)]
    if risk.outcome == "auto":
        named = []
    if risk.predictors != "auto":
        named += [(("predictors", i), name) for i, name in enumerate(risk.predictors)]
    named += [(("adjust_for", i), name) for i, name in enumerate(risk.adjust_for)]
    faults = []
    for where, name in named:
        path: KeyPath = ("risk", where) if isinstance(where, str) else ("risk", *where)
        if name not in known:
            message, remedy = "is not a variable or scale in use", closest(name, known)
        elif path[1] != "adjust_for" and not _counts_an_answer(known[name]):
            message = "has no answer that counts as yes"
            remedy = "Give it `positive` or an `exposed` rule in the codebook."
        elif path[1] == "predictors" and name in risk.outcomes:
            message, remedy = "is an outcome and a predictor of it", "Keep it in one of the two lists."
        else:
            continue
        faults.append(report(path, message, remedy, value=name))
    return faults


def _counts_an_answer(bound: Variable | Scale) -> bool:
    """Whether a variable or scale says yes or no."""
    if bound.exposed is not None:
        return True
    return isinstance(bound, Variable) and bound.type == "binary" and positive_code(bound) is not None
