"""What scales and bindings to risk factors must satisfy beyond the shape of the codebook."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from typology.errors import InputFault
from typology.schema.codebook import DESIGN_ROLES, Codebook, Exposed, Scale, Variable, code_text
from typology.schema.report import Report
from typology.schema.translate import closest
from typology.schema.yaml_file import KeyPath

SCALE_ROLES = ("risk", "outcome", "demographic", "ignore")


def scale_faults(name: str, scale: Scale, codebook: Codebook, report: Report) -> Iterator[InputFault]:
    """Faults of one scale: its name, role, items and keying."""
    here = ("scales", name)
    if name in codebook.variables:
        yield report(here, "a scale and a variable have the same name", "Rename the scale.", value=name)
    if scale.role not in SCALE_ROLES:
        yield report(
            (*here, "role"),
            "a scale cannot have this role",
            closest(scale.role, SCALE_ROLES),
            value=scale.role,
        )
    if len(scale.items) < 2:
        yield report(
            (*here, "items"), "a scale needs two items or more", "List its items.", value=len(scale.items)
        )
    for item in sorted({item for item in scale.items if scale.items.count(item) > 1}):
        yield report((*here, "items"), "the item stands twice in the scale", "Keep one.", value=item)
    for i, item in enumerate(scale.items):
        yield from _scale_item_faults((*here, "items", i), item, scale, codebook, report)
    for i, item in enumerate(scale.reverse):
        if item not in scale.items:
            yield report(
                (*here, "reverse", i),
                "a reversed item is not an item of the scale",
                closest(item, scale.items),
                value=item,
            )
    yield from _count_faults(here, scale, codebook, report)
    if scale.min_valid is not None and not 1 <= scale.min_valid <= len(scale.items):
        yield report(
            (*here, "min_valid"),
            f"must be from 1 to the number of items, {len(scale.items)}",
            "Change `min_valid`.",
            value=scale.min_valid,
        )


def _count_faults(here: KeyPath, scale: Scale, codebook: Codebook, report: Report) -> Iterator[InputFault]:
    """`count_from` goes with counts, and counts of other than binary items need it."""
    if scale.score != "count" and scale.count_from is not None:
        remedy = "Use `score: count`, or remove `count_from`."
        yield report((*here, "count_from"), f"is not used by a {scale.score}", remedy, value=scale.count_from)
    if scale.score == "count" and scale.count_from is None:
        for item in scale.items:
            if item in codebook.variables and codebook.variables[item].type != "binary":
                remedy = "Add `count_from:` with the lowest answer that counts."
                yield report((*here, "score"), "which answers count is not said", remedy, value=item)
                break


def _scale_item_faults(
    path: KeyPath, item: str, scale: Scale, codebook: Codebook, report: Report
) -> Iterator[InputFault]:
    if item not in codebook.variables:
        yield report(
            path, "the scale's item is not in the codebook", closest(item, codebook.variables), value=item
        )
        return
    variable = codebook.variables[item]
    if variable.role in DESIGN_ROLES or variable.type == "nominal":
        what = f"{variable.role} variable" if variable.role in DESIGN_ROLES else "nominal variable"
        yield report(
            path,
            f"a {what} cannot be a scale item",
            "Scale items are binary, ordinal or numeric.",
            value=item,
        )
    if variable.role == "typology" and scale.role != "ignore":
        remedy = "An item cannot both form the types and measure this (circular): use `role: ignore`."
        yield report(path, f"a typology item is part of a {scale.role} scale", remedy, value=item)
    if scale.levels is None and any(isinstance(code, str) for code in variable.values):
        yield report(
            path, "a scale item has text codes, which cannot be added up", "Recode it to numbers.", value=item
        )
    if variable.reverse:
        remedy = f"Remove `reverse` from {item} and list it under `reverse` of the scale."
        yield report(path, "a scale item is reversed outside the scale", remedy, value=item)
    if item in scale.reverse and variable.type == "numeric":
        remedy = "Declare it ordinal and list its values, so that its range is known."
        yield report(path, "a numeric item cannot be reversed: its range is unknown", remedy, value=item)


def binding_faults(
    path: KeyPath, bound: Variable | Scale, factors: Collection[str] | None, report: Report
) -> Iterator[InputFault]:
    """Faults of `factor` and `exposed`."""
    if bound.factor is not None:
        if factors is not None and bound.factor not in factors:
            yield report(
                (*path, "factor"),
                "the factor is not in the risk-factor catalogue",
                closest(bound.factor, factors),
                value=bound.factor,
            )
        if bound.role in (*DESIGN_ROLES, "ignore"):
            remedy = "Use `role: risk`, or remove `factor`."
            yield report(
                (*path, "factor"),
                f"a variable with the role {bound.role} is bound to a factor",
                remedy,
                value=bound.factor,
            )
        binary = isinstance(bound, Variable) and bound.type == "binary"
        if bound.exposed is None and not binary:
            remedy = "Add `exposed:` with {at_least: x}, {at_most: x} or {in: [codes]}."
            yield report(
                (*path, "factor"),
                "who counts as exposed to the factor is not said",
                remedy,
                value=bound.factor,
            )
    if bound.exposed is not None:
        yield from _exposed_faults((*path, "exposed"), bound, bound.exposed, report)


def _exposed_faults(
    path: KeyPath, bound: Variable | Scale, exposed: Exposed, report: Report
) -> Iterator[InputFault]:
    rules = {"at_least": exposed.at_least, "at_most": exposed.at_most, "in": exposed.in_}
    given = [name for name, rule in rules.items() if rule is not None]
    if len(given) != 1:
        yield report(
            path,
            "needs exactly one rule",
            "Give one of at_least, at_most, in.",
            value=", ".join(given) or "none",
        )
        return
    if isinstance(bound, Scale):
        if exposed.in_ is not None:
            yield report(path, "a scale score has no codes", "Use at_least or at_most.", value="in")
        return
    numbers = all(not isinstance(code, str) for code in bound.values)
    if exposed.in_ is None and (bound.type == "nominal" or not numbers):
        yield report(
            path, f"the codes cannot be compared by {given[0]}", "Use {in: [codes]}.", value=bound.type
        )
    known = {code_text(code) for code in bound.values}
    for code in exposed.in_ or ():
        if known and code_text(code) not in known:
            remedy = closest(str(code), [str(valid) for valid in bound.values])
            yield report((*path, "in"), "the exposed code is not among the values", remedy, value=code)
