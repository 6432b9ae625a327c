"""The tidy frames behind the panels of a profile card, one function a panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from typology.profile.released import Tables, as_text, as_truth, numbers, table, texts
from typology.profile.wording import ratio_span

MAX_FACTORS = 14
MAX_ITEMS = 10
MAX_AUDIENCES = 3
DOMAINS = ("individual", "family", "peer", "online", "community")


def tidy_factors(tables: Tables) -> pd.DataFrame:
    """Return the `factors` table with texts, numbers and yes/no columns as such.

    `label` becomes the name of the risk factor, since an odds ratio is about exposure to the factor and the
    variable behind it may be worded the other way round; the variable's own label moves to `measure`. Where
    several variables measure one factor, the label says which.
    """
    frame = table(tables, "factors", columns=["type", "variable", "label", "domain", "stands_out"])
    frame = numbers(frame, "odds_ratio", "lo", "hi", "literature_lo", "literature_hi")
    names = ("type", "factor", "factor_label", "variable", "label", "domain", "literature_source")
    frame = texts(frame, *names)
    in_words = frame["factor"].str.replace("_", " ").str.capitalize()
    name = frame["factor_label"].where(frame["factor_label"] != "", in_words)
    name = name.where(name != "", frame["label"])
    several = frame.groupby("factor")["variable"].transform("nunique") > 1
    return frame.assign(
        stands_out=as_truth(frame["stands_out"]),
        measure=frame["label"],
        factor_label=name,
        label=name.where(~several, name + " (" + frame["label"] + ")"),
    )


def tidy_prevalence(tables: Tables) -> pd.DataFrame:
    """Return the `prevalence` table with texts, numbers and yes/no columns as such."""
    frame = table(
        tables, "prevalence", columns=["variable", "label", "role", "category_label", "group", "share"]
    )
    frame = texts(frame, "variable", "label", "role", "category", "category_label", "group")
    frame = numbers(frame, "share", "lo", "hi", "share_everyone", "difference")
    frame = frame.assign(endorsed=as_truth(frame["endorsed"]) if "endorsed" in frame.columns else False)
    return frame.rename(columns={"share_everyone": "everyone"})


def factor_order(factors: pd.DataFrame) -> tuple[str, ...]:
    """Choose the factors that every card of the run shows, in order of priority.

    Cards can be laid side by side because all show the same factors. Each type in turn names its next
    most outstanding factor, so that what marks the smallest type is as sure of a place as what marks the
    largest.

    Returns
    -------
    tuple of str
        Names of the variables or scales behind the factors, at most `MAX_FACTORS`.
    """
    frame = factors.assign(
        outstanding=factors["stands_out"],
        strength=np.abs(np.log(factors["odds_ratio"].where(factors["odds_ratio"] > 0))).fillna(-1.0),
    )
    frame = frame.sort_values(["outstanding", "strength", "variable"], ascending=[False, False, True])
    frame = frame.assign(turn=frame.groupby("type").cumcount())
    chosen = frame.sort_values(["turn", "type"], kind="stable")["variable"].drop_duplicates()
    return tuple(chosen.head(MAX_FACTORS))


def factor_panel(factors: pd.DataFrame, type_id: str, *, order: tuple[str, ...]) -> pd.DataFrame:
    """Panel (a): odds ratios of a type against everybody else, with the literature's range.

    Returns
    -------
    DataFrame
        variable, label, domain, odds_ratio, lo, hi, stands_out (bool), literature_lo, literature_hi,
        literature_source, suppressed; in `order`, which is the same for all types.
    """
    frame = factors[factors["type"] == type_id]
    frame = frame.drop_duplicates("variable").set_index("variable").reindex(list(order)).reset_index()
    columns = ["variable", "label", "domain", "odds_ratio", "lo", "hi", "stands_out"]
    columns += ["literature_lo", "literature_hi", "literature_source", "suppressed"]
    frame = frame[columns]
    absent = frame["label"].isna()
    frame.loc[absent, "suppressed"] = "not estimated for this type"
    return frame.assign(stands_out=as_truth(frame["stands_out"]))


def item_panel(prevalence: pd.DataFrame, type_id: str) -> pd.DataFrame:
    """Panel (b): the answers in which the type differs most from everyone.

    A yes/no item is told by its endorsed answer, any other by the category with the largest difference.

    Returns
    -------
    DataFrame
        label, share, lo, hi, everyone, difference; largest absolute difference first. Suppressed answers
        are left out (see :func:`withheld_items`).
    """
    frame = _typology_answers(prevalence, type_id)
    frame = frame[(frame["suppressed"] == "") & frame["difference"].notna()]
    frame = frame.assign(size=frame["difference"].abs())
    frame = frame.sort_values(["size", "variable"], ascending=[False, True]).drop_duplicates("variable")
    return (
        frame[["label", "share", "lo", "hi", "everyone", "difference"]].head(MAX_ITEMS).reset_index(drop=True)
    )


def withheld_items(prevalence: pd.DataFrame, type_id: str) -> int:
    """Count the items of a type that have no answer left to show after disclosure control."""
    frame = _typology_answers(prevalence, type_id)
    shown = set(frame.loc[frame["suppressed"] == "", "variable"])
    return len(set(frame["variable"]) - shown)


def _typology_answers(prevalence: pd.DataFrame, type_id: str) -> pd.DataFrame:
    frame = _group(prevalence, type_id, ["typology"])
    binary = frame["variable"].map(frame.groupby("variable")["endorsed"].any()).astype(bool)
    frame = frame[~binary | frame["endorsed"]]
    named = frame["label"] + ": " + frame["category_label"]
    return frame.assign(label=frame["label"].where(frame["endorsed"], named))


def _group(prevalence: pd.DataFrame, group: str, roles: list[str]) -> pd.DataFrame:
    return prevalence[(prevalence["group"] == group) & prevalence["role"].isin(roles)]


def outcome_panel(tables: Tables, type_id: str) -> pd.DataFrame:
    """Panel (c): prevalence of the outcomes in the type and among everyone.

    Returns
    -------
    DataFrame
        outcome, label, prevalence, lo, hi, everyone, everyone_lo, everyone_hi, suppressed; in table order.
    """
    frame = table(tables, "outcomes", columns=["type", "outcome", "label"])
    frame = frame[as_text(frame["type"]) == type_id]
    columns = ["prevalence", "lo", "hi", "everyone", "everyone_lo", "everyone_hi"]
    frame = texts(numbers(frame, *columns), "outcome", "label")
    return frame[["outcome", "label", *columns, "suppressed"]].reset_index(drop=True)


def people_panel(prevalence: pd.DataFrame, type_id: str) -> pd.DataFrame:
    """Panel (d): who they are, in the demographic and grouping variables of the codebook.

    Returns
    -------
    DataFrame
        variable, heading (label of the variable, "" for yes/no ones), label (category), share, lo, hi,
        everyone, suppressed.
    """
    frame = _group(prevalence, type_id, ["demographic", "group"])
    frame = frame.assign(heading=frame["label"], label=frame["category_label"])
    frame = _one_row_for_yes_or_no(frame)
    columns = ["variable", "heading", "label", "share", "lo", "hi", "everyone", "suppressed"]
    return frame[columns].reset_index(drop=True)


def with_headings(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Put a heading row (`heading_row`) before the categories of each variable of panel (d)."""
    lines: list[dict[Any, Any]] = []
    for _, part in frame.groupby("variable", sort=False):
        if part["heading"].iloc[0]:
            lines.append({"label": str(part["heading"].iloc[0]), "heading_row": True})
        lines += [{**record, "heading_row": False} for record in part.to_dict("records")]
    return lines


def _one_row_for_yes_or_no(frame: pd.DataFrame) -> pd.DataFrame:
    """Tell a yes/no variable by its "yes" alone: its name is the row, without a heading."""
    categories = frame.groupby("variable")["label"].transform(lambda labels: "|".join(sorted(labels)).lower())
    yes_or_no = categories == "no|yes"
    frame = frame[~yes_or_no | (frame["label"].str.lower() == "yes")]
    yes_or_no = yes_or_no[frame.index]
    return frame.assign(
        label=frame["label"].where(~yes_or_no, frame["heading"]),
        heading=frame["heading"].where(~yes_or_no, ""),
    )


def supported_guidance(tables: Tables) -> pd.DataFrame:
    """Practice statements with the finding of this run that each follows from.

    A statement whose risk factor does not stand out as more common in its type, or whose numbers are
    withheld, has nothing to stand on and is left out.

    Returns
    -------
    DataFrame
        type, factor, audience, statement, source, because (label of the factor), finding (the same with its
        odds ratio and interval); in table order.
    """
    names = ("type", "factor", "audience", "statement", "source")
    frame = texts(table(tables, "guidance", columns=list(names)), *names)
    frame = frame[(frame["suppressed"] == "") & (frame["source"] != "")]
    found = tidy_factors(tables)
    found = found[(found["suppressed"] == "") & found["stands_out"] & (found["odds_ratio"] > 1)]
    # where several variables measure a factor, the one that is surest to be more common, as for names
    found = found.sort_values("lo", ascending=False, kind="stable").drop_duplicates(["type", "factor"])
    found = found.assign(because=found["factor_label"])[
        ["type", "factor", "because", "odds_ratio", "lo", "hi"]
    ]
    frame = frame[list(names)].merge(found, on=["type", "factor"], how="inner")
    ends = zip(frame["because"], frame["odds_ratio"], frame["lo"], frame["hi"], strict=True)
    frame["finding"] = [f"{because}: odds ratio {ratio_span(*numbers)}" for because, *numbers in ends]
    return frame.drop(columns=["odds_ratio", "lo", "hi"])


def guidance_panel(tables: Tables, type_id: str) -> pd.DataFrame:
    """Panel (f): one practice statement for each of two or three audiences.

    Returns
    -------
    DataFrame
        audience, statement, source, because (label of the factor); in table order.
    """
    frame = supported_guidance(tables)
    frame = frame[frame["type"] == type_id]
    frame = frame.drop_duplicates("statement").drop_duplicates("audience").head(MAX_AUDIENCES)
    return frame[["audience", "statement", "source", "because"]].reset_index(drop=True)


def hexes(tables: Tables) -> pd.DataFrame:
    """Panel (e): the density map: hex_x, hex_y, n, type ("" where no type has enough members)."""
    frame = table(tables, "map_density", columns=["hex_x", "hex_y", "n"])
    frame = texts(numbers(frame, "hex_x", "hex_y", "n"), "type")
    shown = frame[(frame["suppressed"] == "") & frame["n"].notna()]
    return shown[["hex_x", "hex_y", "n", "type"]].reset_index(drop=True)
