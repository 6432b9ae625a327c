"""Every picture of a run by name, with its text alternative; or the reason why there is none.

These are the functions notebooks call. `tables` are the release tables of a run (``run.tables``) and
`summary` is its ``run.summary``.
"""

from __future__ import annotations

from typology.plots.atlas import draw_atlas
from typology.plots.card import draw_card
from typology.plots.crosswalk import crosswalk_data, draw_crosswalk
from typology.plots.evidence import draw_evidence, draw_runs, evidence_data, runs_data
from typology.plots.gradient import correlation_data, draw_correlations, draw_severity, severity_data
from typology.plots.map import draw_map
from typology.plots.matrix import draw_dot_matrix, matrix_data
from typology.plots.missing_groups import draw_missing_groups, missing_groups_data
from typology.plots.missingness import draw_missingness, missingness_data
from typology.plots.picture import Gallery, Picture
from typology.plots.power import draw_power, power_data
from typology.plots.replication import draw_items, draw_replication
from typology.plots.risk import draw_risk
from typology.plots.short_form import draw_short_form
from typology.profile import alt, panels
from typology.profile.atlas import atlas_rows, standing_out
from typology.profile.card import CardContent, build_cards
from typology.profile.display import Notice
from typology.profile.released import Summary, Tables, table, type_ids
from typology.profile.replication import (
    items_alt,
    items_data,
    items_table,
    not_replicated,
    replication_alt,
    replication_data,
)
from typology.profile.risk_analysis import NO_OUTCOME, models, risk_alt
from typology.profile.short_form import short_form as short_form_data


def no_types(summary: Summary, *, thing: str) -> Notice:
    """Say why there is nothing to draw about types."""
    verdict = alt.VERDICTS.get(str(summary["verdict"]), "No types.")
    return Notice(f"{thing} is not shown. {verdict}", skip=True)


def card_of(content: CardContent, tables: Tables) -> Picture:
    """Draw one card from its content."""
    standing = standing_out(tables, content.heading.id)
    return Picture(figure=draw_card(content), alt=alt.card_alt(content, standing))


def cards(tables: Tables, summary: Summary) -> Gallery | Notice:
    """Draw the profile cards of all types."""
    contents = build_cards(tables, summary)
    if not contents:
        return no_types(summary, thing="A profile card")
    return Gallery({content.heading.id: card_of(content, tables) for content in contents})


def card(tables: Tables, summary: Summary, type_id: str) -> Picture:
    """Draw the profile card of one type.

    Raises
    ------
    KeyError
        If the run has no such type; the message lists those it has.
    """
    contents = {content.heading.id: content for content in build_cards(tables, summary)}
    if type_id not in contents:
        have = ", ".join(contents) or f"none, since the verdict is {summary['verdict']}"
        raise KeyError(f"no type {type_id!r} in this run; it has {have}")
    return card_of(contents[type_id], tables)


def map(tables: Tables, summary: Summary) -> Picture:  # noqa: A001
    """Draw the density map with type outlines."""
    del summary
    return Picture(figure=draw_map(tables), alt=alt.map_alt(panels.hexes(tables)))


def evidence(tables: Tables, summary: Summary) -> Picture:
    """Draw the observed statistics against simulated surveys without types and without association."""
    return Picture(
        figure=draw_evidence(tables, summary),
        alt=alt.evidence_alt(evidence_data(tables), summary),
        # a line beyond all ticks is not enough for types: the verdict's own words belong to the figure
        caption=str(summary["reason"]),
    )


def runs(tables: Tables, summary: Summary) -> Picture:
    """Draw how many clusters each single run would have reported."""
    text = alt.runs_alt(runs_data(tables), n_types=len(summary.get("types") or []))
    return Picture(figure=draw_runs(tables, summary), alt=text)


def matrix(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw types against risk factors."""
    frame = matrix_data(tables)
    if frame.empty:
        return no_types(summary, thing="The matrix of types and risk factors")
    return Picture(figure=draw_dot_matrix(tables), alt=alt.matrix_alt(frame, tables, type_ids(tables)))


def atlas(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw all types side by side."""
    rows = atlas_rows(tables, summary)
    if not rows:
        return no_types(summary, thing="The atlas of types")
    return Picture(figure=draw_atlas(tables, summary), alt=alt.atlas_alt(rows))


def crosswalk(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw types against latent classes."""
    frame = crosswalk_data(tables)
    if frame.empty or not type_ids(tables):
        return no_types(summary, thing="The cross-walk to latent classes")
    return Picture(figure=draw_crosswalk(tables), alt=alt.crosswalk_alt(frame))


def missingness(tables: Tables, summary: Summary) -> Picture:
    """Draw the questions with most missing answers, by reason."""
    del summary
    return Picture(figure=draw_missingness(tables), alt=alt.missingness_alt(missingness_data(tables)))


def missingness_groups(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw the questions with most missing answers, group by group."""
    del summary
    if table(tables, "missingness_groups")["group"].nunique() < 2:
        return Notice(
            "The survey is not divided into groups, so missing answers are not compared.", skip=True
        )
    frame = missing_groups_data(tables)
    return Picture(figure=draw_missing_groups(tables), alt=alt.missing_groups_alt(frame))


def severity(tables: Tables, summary: Summary) -> Picture:
    """Draw how respondents spread over bands of severity."""
    figure = draw_severity(tables, verdict=str(summary["verdict"]))
    return Picture(figure=figure, alt=alt.severity_alt(severity_data(tables)))


def correlations(tables: Tables, summary: Summary) -> Picture:
    """Draw the pairs of items that go together most."""
    del summary
    return Picture(figure=draw_correlations(tables), alt=alt.correlations_alt(correlation_data(tables)))


def power(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw how likely types would have been found, by how distinct they are."""
    del summary
    frame = power_data(tables)
    if frame.empty:
        return Notice("How distinct types would have to be was not simulated in this run.", skip=True)
    return Picture(figure=draw_power(tables), alt=alt.power_alt(frame))


def risk(tables: Tables, summary: Summary) -> Gallery | Notice:
    """Draw the risk analysis, one picture an outcome."""
    del summary
    found = models(tables)
    if found.empty:
        return Notice(NO_OUTCOME, skip=True)
    return Gallery(
        {
            row["outcome"]: Picture(figure=draw_risk(tables, row), alt=risk_alt(tables, row))
            for row in found.to_dict("records")
        }
    )


def short_form(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw how few questions tell the types apart."""
    frame = short_form_data(tables)
    if frame.empty:
        return no_types(summary, thing="The short form of the questionnaire")
    return Picture(figure=draw_short_form(tables), alt=alt.short_form_alt(frame))


def replication(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw every type in every group: its size there, and whether it comes out again there."""
    if replication_data(tables).empty:
        return not_replicated(tables, summary)
    return Picture(figure=draw_replication(tables), alt=replication_alt(tables))


def measurement(tables: Tables, summary: Summary) -> Picture | Notice:
    """Draw the items that work otherwise in a group, given type."""
    frame = items_data(tables)
    if frame["observed"].notna().any():
        return Picture(figure=draw_items(tables), alt=items_alt(frame))
    told = items_table(tables, summary)
    text = told.text if isinstance(told, Notice) else "The questions that differ are in the table."
    return Notice(text, skip=True)  # the table below says it
