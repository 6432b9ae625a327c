"""The risk-factor catalogue in rows to read."""

from __future__ import annotations

from typology.schema.catalogue import Catalogue, EvidenceEntry, Factor

HEADER = ("Factor", "Domain", "Grade", "Estimates", "Guidance for")
NO_SIZE = "no size found"


def catalogue_rows(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """Return one row a factor: label, domain, grade, estimates with sources, audiences of its guidance."""
    return [
        (
            factor.label,
            factor.domain,
            factor.grade,
            estimates(factor),
            ", ".join(catalogue.guidance.get(name, {})),
        )
        for name, factor in catalogue.factors.items()
    ]


def estimates(factor: Factor) -> str:
    """Return the sizes a factor's literature gives, one line each, or the studies that give none."""
    told = [_estimate(entry) for entry in factor.evidence if entry.estimate is not None]
    without = sum(entry.estimate is None for entry in factor.evidence)
    if without:
        told.append(f"{without} {'finding' if without == 1 else 'findings'}, {NO_SIZE}")
    return "\n".join(told)


def _estimate(entry: EvidenceEntry) -> str:
    interval = "" if entry.ci is None else f" ({entry.ci[0]:g} to {entry.ci[1]:g})"
    adjusted = "adjusted " if entry.adjusted else ""
    level = f" for {entry.level}" if entry.level else ""
    size = f", N {entry.n:,}" if entry.n else ""
    return f"{adjusted}{entry.measure} {entry.estimate:g}{interval}{level}; {_author(entry)}{size}"


def _author(entry: EvidenceEntry) -> str:
    """First author and year."""
    first = entry.source.split(",")[0].split(" & ")[0].split(" et al.")[0].strip()
    year = str(entry.year)
    return first if year in first else f"{first} {year}"


def catalogue_counts(catalogue: Catalogue) -> str:
    """Say in a sentence how much the catalogue holds."""
    findings = sum(len(factor.evidence) for factor in catalogue.factors.values())
    statements = {
        (advice.statement, advice.source)
        for by_audience in catalogue.guidance.values()
        for several in by_audience.values()
        for advice in several
    }
    return (
        f"{len(catalogue.factors)} factors with {findings} findings, {len(catalogue.profiles)} published "
        f"profiles, {len(statements)} practice statements."
    )
