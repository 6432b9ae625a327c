"""How few questions tell the types apart: tidy rows, a table and a sentence."""

from __future__ import annotations

import pandas as pd

from typology.profile import cells
from typology.profile.display import Notice, TableView
from typology.profile.released import Summary, Tables, numbers, table, texts
from typology.profile.wording import known

GOOD = 0.8
"""Agreement above this is commonly called almost perfect (Landis & Koch 1977, Biometrics 33:159-174)."""
NOTHING = "There are no types, so there is no short form to tell them apart."


def short_form(tables: Tables) -> pd.DataFrame:
    """Return k, item, label, kappa, lo, hi; the last row is the whole questionnaire (item "")."""
    frame = texts(table(tables, "short_form", columns=["k", "item", "kappa"]), "item", "label")
    return numbers(frame, "k", "kappa", "lo", "hi")


def enough(frame: pd.DataFrame) -> int | None:
    """Fewest items with an agreement of at least `GOOD`; None where the listed ones do not reach it."""
    reached = frame[(frame["item"] != "") & (frame["kappa"] >= GOOD)]
    return int(reached["k"].iloc[0]) if len(reached) else None


def short_form_table(tables: Tables, summary: Summary) -> TableView | Notice:
    """List the items in the order of their use, with the agreement the first k reach."""
    frame = short_form(tables)
    if frame.empty:
        return Notice(NOTHING, skip=True)
    rows = tuple(
        (
            cells.count(row["k"]),
            row["label"],
            cells.fixed(row["kappa"]),
            f"{row['lo']:.2f} to {row['hi']:.2f}" if known(row["lo"], row["hi"]) else cells.EMPTY,
        )
        for row in frame.to_dict("records")
    )
    header = ("Items", "Item added", "Kappa", "95% interval")
    note = cells.reasons(list(frame["suppressed"]), summary)
    return TableView("Agreement with the types of all items, on held-out respondents", header, rows,
                     frozenset({0, 2, 3}), note)  # fmt: skip


def short_form_sentence(frame: pd.DataFrame) -> str:
    """Say how many items it takes; "" where there are no types or the numbers are withheld."""
    if frame.empty or frame["kappa"].isna().any():
        return ""
    whole, k = frame.iloc[-1], enough(frame)
    all_items = f"all {int(whole['k'])} reach {whole['kappa']:.2f}"
    if k is None:
        most = frame.iloc[-2]
        return (
            f"Telling the types apart takes more than {int(most['k'])} questions: with these Cohen's kappa "
            f"is {most['kappa']:.2f} on held-out respondents; {all_items}."
        )
    reached = float(frame.loc[frame["k"] == k, "kappa"].iloc[0])
    return (
        f"{k} questions are enough to tell the types apart: Cohen's kappa {reached:.2f} on held-out "
        f"respondents; {all_items}."
    )
