"""Tables about the answers themselves: who took part, how carefully, and what missing answers change."""

from __future__ import annotations

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.released import Summary, Tables, numbers, table, texts


def participation_table(tables: Tables, summary: Summary) -> TableView:
    """Who took part, who was set aside and why, who was clustered."""
    frame = texts(numbers(table(tables, "participation", columns=["step", "n"]), "n"), "step", "note")
    rows = tuple(
        (r["step"], cells.WITHHELD if r["suppressed"] else cells.count(r["n"]), r["note"])
        for r in frame.to_dict("records")
    )
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView(
        "Respondents from survey file to types", ("Step", "n", "Note"), rows, frozenset({1}), note
    )


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
