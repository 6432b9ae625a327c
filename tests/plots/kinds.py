"""Every kind of figure, drawn from invented release tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from typology import plots
from typology.models.replication import ABSENT, NOT, REPLICATES, UNTOLD
from typology.plots.replication import draw_items, draw_replication
from typology.profile.card import build_cards
from typology.profile.risk_analysis import models

Tables = dict[str, pd.DataFrame]
Draw = Callable[[Tables, dict[str, Any]], Figure]
FIGURES: dict[str, Draw] = {
    "atlas": plots.draw_atlas,
    "correlations": lambda tables, _: plots.draw_correlations(tables),
    "crosswalk": lambda tables, _: plots.draw_crosswalk(tables),
    "evidence": plots.draw_evidence,
    "map": lambda tables, _: plots.draw_map(tables),
    "matrix": lambda tables, _: plots.draw_dot_matrix(tables),
    "measurement": lambda tables, _: draw_items(tables),
    "missingness": lambda tables, _: plots.draw_missingness(tables),
    "missingness_groups": lambda tables, _: plots.draw_missing_groups(tables),
    "power": lambda tables, _: plots.draw_power(tables),
    "replication": lambda tables, _: draw_replication(tables),
    "risk with a model": lambda tables, _: plots.draw_risk(tables, models(tables).iloc[0].to_dict()),
    "risk without a model": lambda tables, _: plots.draw_risk(tables, models(tables).iloc[1].to_dict()),
    "runs": plots.draw_runs,
    "severity": lambda tables, summary: plots.draw_severity(tables, verdict=summary["verdict"]),
    "short form": lambda tables, _: plots.draw_short_form(tables),
}


def draw_first_card(tables: Tables, summary: dict[str, Any]) -> Figure:
    """Draw the profile card of the first type."""
    return plots.draw_card(build_cards(tables, summary)[0])


def draw_last_card(tables: Tables, summary: dict[str, Any]) -> Figure:
    """Draw the profile card of the last type, which has withheld numbers and a flag."""
    return plots.draw_card(build_cards(tables, summary)[-1])


def with_groups(tables: Tables) -> Tables:
    """Add what a run by country releases, each verdict once, countries as long as other answers."""
    ids, items = tables["types"]["id"], tables["prevalence"].query("role == 'typology'")
    groups = list(dict.fromkeys(tables["missingness_groups"]["group"]))
    verdicts = (REPLICATES, NOT, UNTOLD, ABSENT)
    rows = pd.DataFrame(
        [
            (t, group, verdicts[(i + k) % 4], 0.1 + 0.05 * k, 0.9 - 0.15 * k)
            for i, t in enumerate(ids)
            for k, group in enumerate(groups)
        ],
        columns=["type", "group", "verdict", "share", "agreement"],
    )
    rows = rows.assign(
        n=50.0, base=200.0, lo=rows["share"] - 0.04, hi=rows["share"] + 0.05, difference=0.02,
        difference_lo=-0.1, difference_hi=0.1, matched_r=rows["agreement"], reference_r=0.9,
        reference_agreement=0.8, suppressed="",
    )  # fmt: skip
    apart = items.drop_duplicates("variable")[["variable", "label"]].head(6)
    apart = apart.assign(
        level="binary", group=[groups[i % len(groups)] for i in range(len(apart))], observed=0.5,
        expected=[0.1 * (i + 1) for i in range(len(apart))], size=0.3, q=0.001, differs=True, suppressed="",
    )  # fmt: skip
    return {**tables, "replication": rows, "measurement_differences": apart}
