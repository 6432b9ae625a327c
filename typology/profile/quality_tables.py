"""Tables about the answers themselves: who took part, how carefully, and what missing answers change."""

from __future__ import annotations

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known

COMPLETE = "every typology item asked was answered"


def participation_table(tables: Tables, summary: Summary) -> TableView:
    """Who took part, who was set aside and why, who was clustered: what CHERRIES asks to report."""
    frame = texts(numbers(table(tables, "participation", columns=["step", "n"]), "n"), "step", "note")
    rows: list[tuple[str, ...]] = []
    for r in frame.to_dict("records"):
        rows.append((r["step"], cells.WITHHELD if r["suppressed"] else cells.count(r["n"]), r["note"]))
        if r["step"] == "respondents":
            rows += _complete_row(tables)
    note = (
        "After CHERRIES (Eysenbach 2004): multiple entries are the rows set aside while reading, incomplete "
        "questionnaires those set aside for too few answers. View, participation and completion rates need "
        "the visitors of the site, whom a data file does not hold."
    )
    told = cells.reasons(list(frame["suppressed"]), summary)
    caption = "Respondents from survey file to types"
    text = " ".join(filter(None, [note, told]))
    return TableView(caption, ("Step", "n", "Note"), tuple(rows), frozenset({1}), text)


def _complete_row(tables: Tables) -> list[tuple[str, ...]]:
    """How many of the respondents left nothing out that they were asked."""
    frame = texts(numbers(table(tables, "quality", columns=["measure", "n"]), "n"), "measure")
    return [
        ("complete", cells.WITHHELD if r["suppressed"] else cells.count(r["n"]), f"of them: {COMPLETE}")
        for r in frame[frame["measure"] == COMPLETE].to_dict("records")
    ]


def quality_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """How careful the answers look."""
    frame = numbers(
        texts(table(tables, "quality", columns=["measure", "n"]), "measure"), "n", "base", "share"
    )
    if frame.empty:
        return Notice("This run holds no measures of answer quality.")
    rows = tuple(
        (r["measure"], cells.WITHHELD, cells.EMPTY)
        if r["suppressed"]
        else (r["measure"], cells.count(r["n"]), cells.share(r["share"]))
        for r in frame.to_dict("records")
    )
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Signs of hasty or uniform answering", ("Sign", "n", "Share"), rows, frozenset({1, 2}), note
    )


def sensitivity_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how far the types hang on the treatment of missing answers."""
    if summary["verdict"] != "types":
        return Notice("There are no types that could hang on the treatment of missing answers.", skip=True)
    frame = texts(numbers(table(tables, "sensitivity", columns=["analysis", "ari", "profile_r"]),
                          "n", "base", "ari", "profile_r"), "analysis", "note")  # fmt: skip
    if frame.empty:
        return Notice(
            "Every question that was put to a clustered respondent was answered, so no treatment of missing "
            "answers can change the types.",
            skip=True,
        )
    rows = tuple(
        (
            r["analysis"].capitalize(),
            cells.WITHHELD if r["suppressed"] else f"about {cells.count(r['n'])}",
            r["note"] or cells.fixed(r["ari"]),
            cells.fixed(r["profile_r"]),
        )
        for r in frame.to_dict("records")
    )
    note = (
        "Same number and kind of types, fitted again. Complete cases: only those who answered all they were "
        "asked. Multiple imputation: means over five sets of answers drawn from the model; n counts those "
        "for whom something was drawn."
    )
    told = cells.reasons(list(frame["suppressed"]), summary)
    header = ("Missing answers by", "n", "Adjusted Rand index", "Correlation of the least similar profile")
    caption = "Do the types hang on how missing answers are treated?"
    return TableView(caption, header, rows, frozenset({1, 2, 3}), " ".join(filter(None, [note, told])))


def reliability_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how reliable the scores of the scales are."""
    names = ("scored", "n", "items", "alpha", "alpha_lo", "alpha_hi", "omega", "omega_lo", "omega_hi")
    frame = numbers(texts(table(tables, "scales", columns=["label", "alpha", "omega"]), "label"), *names)
    if frame.empty:
        return Notice("The codebook of this survey declares no scales.", skip=True)
    rows = tuple(
        (
            r["label"],
            cells.count(r["items"]),
            cells.WITHHELD if r["suppressed"] else f"about {cells.count(r['n'])}",
            cells.fixed(r["alpha"]),
            _between(r["alpha_lo"], r["alpha_hi"]),
            cells.fixed(r["omega"]),
            _between(r["omega_lo"], r["omega_hi"]),
        )
        for r in frame.to_dict("records")
    )
    note = (
        "Over respondents who answered every item. Intervals are 95%: alpha by Feldt's formula, omega by "
        "drawing respondents again. Omega needs three items or more."
    )
    told = cells.reasons(list(frame["suppressed"]), summary)
    header = ("Scale", "Items", "n", "Alpha", "95% interval", "Omega", "95% interval")
    caption = "Reliability of the scales"
    return TableView(caption, header, rows, frozenset(range(1, 7)), " ".join(filter(None, [note, told])))


def _between(low: float, high: float) -> str:
    """Return an interval of a coefficient; a dash where there is none."""
    return f"{cells.fixed(low)} to {cells.fixed(high)}" if known(low, high) else cells.EMPTY


def scale_items_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List how each item goes with the rest of its scale."""
    frame = table(tables, "scale_items", columns=["scale", "label", "keyed", "r"])
    if frame.empty:
        return Notice("The codebook of this survey declares no scales.", skip=True)
    labels = texts(table(tables, "scales", columns=["scale", "label"]), "scale", "label")
    of_scale = dict(zip(labels["scale"], labels["label"], strict=True))
    frame = numbers(texts(frame, "scale", "label", "keyed"), "r")
    rows = tuple(
        (
            of_scale.get(r["scale"], r["scale"]),
            r["label"],
            r["keyed"],
            cells.WITHHELD if r["suppressed"] else cells.fixed(r["r"]),
        )
        for r in frame.to_dict("records")
    )
    against = int((frame["r"] < 0).sum())
    note = f"{against} below zero: such an item may be keyed the wrong way." if against else ""
    told = cells.reasons(list(frame["suppressed"]), summary)
    header = ("Scale", "Item", "Keyed", "Correlation with the rest")
    caption = "How each item goes with the rest of its scale"
    note = " ".join(filter(None, [note, told]))
    return TableView(caption, header, rows, frozenset({3}), note, grouped=True)
