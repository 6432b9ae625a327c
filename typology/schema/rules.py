"""What a codebook must satisfy beyond the shape of the file: roles, codes and routing."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from typology.errors import InputFault
from typology.schema.codebook import DESIGN_ROLES, Codebook, Role, Variable, code_text, positive_code
from typology.schema.report import Report
from typology.schema.scale_rules import binding_faults, scale_faults
from typology.schema.translate import closest
from typology.schema.yaml_file import YamlDocument

MOST_ITEMS = 500  # correlations of all pairs are estimated, time and again
SINGLE_ROLES: tuple[Role, ...] = ("id", "weight", "stratum", "psu", "group", "duration")


def codebook_faults(
    codebook: Codebook, document: YamlDocument, *, factors: Collection[str] | None
) -> list[InputFault]:
    """All faults of a codebook that its shape does not show.

    Parameters
    ----------
    codebook : Codebook
    document : YamlDocument
        The file it was built from, for line numbers.
    factors : collection of str or None
        Names of the catalogue's factors; None when the catalogue itself is faulty.
    """
    report = Report(document)
    faults = list(_single_role_faults(codebook, report))
    if not codebook.variables:
        faults.append(report(("variables",), "holds no variables", "Describe at least the typology items."))
    elif not codebook.names("typology"):
        remedy = "Give the items that should form the types `role: typology`."
        faults.append(report(("variables",), "no variable has the role typology", remedy))
    elif (items := len(codebook.names("typology"))) > MOST_ITEMS:
        message = f"too many variables have the role typology: at most {MOST_ITEMS} can be compared"
        remedy = "Keep those the types should be made of; give the others `role: ignore`."
        faults.append(report(("variables",), message, remedy, value=items))
    for name, variable in codebook.variables.items():
        faults += _code_faults(name, variable, report)
        faults += _type_faults(name, variable, report)
        faults += _role_faults(name, variable, report)
        faults += _gate_faults(name, variable, codebook, report)
        faults += binding_faults(("variables", name), variable, factors, report)
    faults += _cycle_faults(codebook, report)
    for name, scale in codebook.scales.items():
        faults += scale_faults(name, scale, codebook, report)
        faults += binding_faults(("scales", name), scale, factors, report)
    return faults


def _single_role_faults(codebook: Codebook, report: Report) -> Iterator[InputFault]:
    for role in SINGLE_ROLES:
        names = codebook.names(role)
        for extra in names[1:]:
            message = f"is a second variable with the role {role}; {names[0]} has it already"
            remedy = "Only one variable may have it: give the other `role: ignore` or `role: demographic`."
            yield report(("variables", extra, "role"), message, remedy)


def _code_faults(name: str, variable: Variable, report: Report) -> Iterator[InputFault]:
    here = ("variables", name)
    for key in ("values", "missing"):
        texts = [code_text(code) for code in getattr(variable, key)]
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            yield report(
                (*here, key), "the code stands twice, as number and as text", "Keep one.", value=text
            )
    valid = {code_text(code) for code in variable.values}
    for code in variable.missing:
        if code_text(code) in valid:
            remedy = "Remove it from `values` or from `missing`."
            yield report(
                (*here, "missing", code), "the code is both an answer and missing", remedy, value=code
            )
    for code, meaning in variable.missing.items():
        if meaning.strip() in ("", "system"):
            remedy = "Say what the code means, such as refused, don't know, or not asked."
            yield report(
                (*here, "missing", code), "the missing code has no usable meaning", remedy, value=meaning
            )


def _type_faults(name: str, variable: Variable, report: Report) -> Iterator[InputFault]:
    """Keys that do not go with the type."""
    here = ("variables", name)
    if variable.type == "binary":
        yield from _binary_faults(name, variable, report)
    elif variable.positive is not None:
        remedy = "Remove `positive`, or declare `type: binary`."
        path = (*here, "positive")
        yield report(path, "only binary variables have a positive code", remedy, value=variable.positive)
    if variable.type == "numeric" and variable.values:
        remedy = "Declare `type: ordinal`, or move the codes that mean no answer to `missing`."
        yield report((*here, "values"), "a numeric variable has no value codes", remedy)
    if variable.type == "ordinal" and len(variable.values) == 1:
        yield report(
            (*here, "values"), "an ordinal variable needs two values or more", "List them low to high."
        )
    if variable.reverse and variable.type != "ordinal":
        remedy = "Remove `reverse`; for a binary change `positive`."
        yield report(
            (*here, "reverse"), "only ordinal variables can be reversed", remedy, value=variable.type
        )


def _binary_faults(name: str, variable: Variable, report: Report) -> Iterator[InputFault]:
    here = ("variables", name)
    if variable.values and len(variable.values) != 2:
        remedy = "List the two answers, or declare `type: nominal` or `type: ordinal`."
        found = ", ".join(map(str, variable.values))
        yield report((*here, "values"), "a binary variable needs exactly two values", remedy, value=found)
    elif variable.positive is not None and variable.values:
        if code_text(variable.positive) not in {code_text(code) for code in variable.values}:
            remedy = closest(str(variable.positive), [str(code) for code in variable.values])
            yield report(
                (*here, "positive"),
                "the positive code is not among the values",
                remedy,
                value=variable.positive,
            )
    elif (
        variable.values and positive_code(variable) is None and variable.role not in (*DESIGN_ROLES, "ignore")
    ):
        choices = " or ".join(map(str, variable.values))
        remedy = f"Add `positive:` with the code that counts as endorsed, {choices}."
        yield report(here, "which answer is the positive one cannot be told from the labels", remedy)


def _role_faults(name: str, variable: Variable, report: Report) -> Iterator[InputFault]:
    here = ("variables", name)
    if variable.role in ("weight", "duration") and variable.type != "numeric":
        message = f"a {variable.role} must be numeric"
        yield report((*here, "type"), message, "Use `type: numeric`.", value=variable.type)
    if variable.role == "group" and variable.type == "numeric":
        remedy = "Use `type: nominal` and list the groups in `values`."
        yield report((*here, "type"), "a group variable cannot be numeric", remedy, value=variable.type)
    if variable.role == "typology" and variable.factor is not None:
        remedy = (
            "A typology item cannot also be a risk factor (circular): remove `factor`, or use `role: risk`."
        )
        yield report(
            (*here, "factor"), "a typology item is bound to a risk factor", remedy, value=variable.factor
        )


def _gate_faults(name: str, variable: Variable, codebook: Codebook, report: Report) -> Iterator[InputFault]:
    for gate, codes in variable.asked_if.items():
        here = ("variables", name, "asked_if", gate)
        if gate not in codebook.variables:
            yield report(
                here,
                "asked_if names a variable that is not in the codebook",
                closest(gate, codebook.variables),
                value=gate,
            )
            continue
        known = codebook.variables[gate].values
        if not codes:
            yield report(here, f"asked_if lists no code of {gate}", "List the codes at which it was asked.")
        for code in codes:
            if known and code_text(code) not in {code_text(valid) for valid in known}:
                remedy = closest(str(code), [str(valid) for valid in known])
                yield report(here, f"asked_if names a code that {gate} does not have", remedy, value=code)


def _cycle_faults(codebook: Codebook, report: Report) -> Iterator[InputFault]:
    """One fault for every ring of gates that wait for each other."""
    told: set[str] = set()
    for start in codebook.variables:
        trail, stack = {start}, [start]
        while stack:
            for gate in codebook.variables[stack.pop()].asked_if:
                if gate == start and start not in told:
                    ring = sorted(trail & _reaching(start, codebook))
                    told.update(ring)
                    remedy = "Remove one `asked_if`: a question cannot depend on its own answer."
                    message = "the routing runs in a circle"
                    yield report(("variables", start, "asked_if"), message, remedy, value=", ".join(ring))
                if gate in codebook.variables and gate not in trail:
                    trail.add(gate)
                    stack.append(gate)


def _reaching(target: str, codebook: Codebook) -> set[str]:
    """Variables whose gates lead to the target."""
    found = {target}
    while True:
        more = {n for n, v in codebook.variables.items() if n not in found and found & set(v.asked_if)}
        if not more:
            return found
        found |= more
