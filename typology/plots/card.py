"""The profile card: one A4 page a type, the same page for every type of a run."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from typology.plots.card_head import draw_footer, draw_gauges, draw_head, head_height
from typology.plots.card_panels import (
    INSET,
    PEOPLE_LINES,
    PEOPLE_PADDING,
    draw_factors,
    draw_items,
    draw_outcomes,
    draw_people,
    lay_people,
)
from typology.plots.guidance import draw_guidance, guidance_height
from typology.plots.map import draw_density
from typology.plots.rows import layout_rows, row_height, write_empty
from typology.plots.style import HEAD, INK, MM, MUTED, PT, RULE, blank, in_style, new_figure, place
from typology.plots.text import ELLIPSIS, line_height, wrap, write
from typology.profile.card import CardContent
from typology.profile.panels import with_headings

PAGE = (210.0, 297.0)
MARGIN, COLUMN, GUTTER = 12.0, 89.0, 8.0
LABELS, READOUT = 39.0, 20.5
LABEL_POINTS = LABELS * MM / PT
TOP, BODY_BOTTOM, FOOT = 10.0, 275.5, 278.0
GAP = 3.5
HEADING, TICKS = 12.5, 5.5
OUTCOMES_MOST, PEOPLE_MOST, LEAST = 0.45, 0.55, 36.0
LAST_ROW, LAST_ROW_MOST = 54.0, 66.0
GAUGES = 18.5
MAP = 60.0
GUIDANCE, GUIDANCE_TOP = PAGE[0] - 2 * MARGIN - MAP - GUTTER, 6.0


@in_style
def draw_card(content: CardContent) -> Figure:
    """Draw one profile card.

    Parameters
    ----------
    content : CardContent
        From :func:`typology.profile.card.build_cards`.

    Returns
    -------
    Figure
        A4, portrait.
    """
    figure = new_figure(width=PAGE[0], height=PAGE[1])
    wide = PAGE[0] - 2 * MARGIN
    points = wide * MM / PT
    head = max(head_height(heading, width=points) for heading in content.scales.headings) * PT / MM + 3
    draw_head(content.heading, blank(place(figure, left=MARGIN, top=TOP, width=wide, height=head)))
    draw_gauges(content, blank(place(figure, left=MARGIN, top=TOP + head, width=wide, height=GAUGES)))
    top = TOP + head + GAUGES + 2
    last = last_row_height(content)
    height = BODY_BOTTOM - last - GAP - top
    _left_column(content, figure, top=top, height=height)
    _right_column(content, figure, top=top, height=height)
    _last_row(content, figure, top=BODY_BOTTOM - last, height=last)
    cut = any(text.get_text().endswith(ELLIPSIS) for text in figure.findobj(Text))
    foot = blank(place(figure, left=MARGIN, top=FOOT, width=wide, height=15))
    draw_footer(content.provenance, foot, cut=cut, withheld=_withheld(content))
    return figure


def last_row_height(content: CardContent) -> float:
    """Return the height of the last row: what the guidance of this type asks for, within bounds (mm)."""
    points = guidance_height(content.guidance, width=GUIDANCE * MM / PT)
    return min(LAST_ROW_MOST, max(LAST_ROW, GUIDANCE_TOP + points * PT / MM + 0.5))


def _withheld(content: CardContent) -> bool:
    """Whether disclosure control withholds a number of the card."""
    frames = (content.factors, content.outcomes, content.people)
    return bool(content.heading.suppressed) or any(
        (frame["suppressed"] == "threshold").any() for frame in frames
    )


def outcome_height(content: CardContent, *, column: float) -> float:
    """Return the height of panel (c) in a column: what the outcomes of the run need, within bounds (mm)."""
    points = sum(row_height(label, width=LABEL_POINTS - INSET) for label in content.scales.outcome_labels)
    return min(OUTCOMES_MOST * column, max(LEAST, HEADING + TICKS + 1.15 * points * PT / MM))


def people_height(content: CardContent, *, column: float) -> float:
    """Return the height of panel (d) in a column: what any card of the run needs, within bounds (mm)."""
    points = sum(
        row_height(
            label, width=LABEL_POINTS - INSET, max_lines=PEOPLE_LINES, padding=PEOPLE_PADDING, bold=heading
        )
        for label, heading in content.scales.people_labels
    )
    return min(PEOPLE_MOST * column, max(LEAST, HEADING + TICKS + points * PT / MM + 0.5))


def _rows_fitting(frame: pd.DataFrame, *, height: float) -> int:
    """Count the rows of a frame that fit a panel of `height` millimetres."""
    labels = [str(label) for label in frame["label"].fillna("")]
    return len(layout_rows(labels, width=LABEL_POINTS - INSET, height=_inside(height)))


def _inside(height: float) -> float:
    """Return the points left for rows in a panel of `height` millimetres."""
    return (height - HEADING - TICKS) * MM / PT


def _more(left: int, where: str) -> str:
    return f" {left} more in the {where} table." if left else ""


def _left_column(content: CardContent, figure: Figure, *, top: float, height: float) -> None:
    type_id = content.heading.id
    lower = outcome_height(content, column=height)
    upper = height - lower - GAP
    left = content.factors_left + len(content.factors) - _rows_fitting(content.factors, height=upper)
    ax = _panel(
        figure, column=0, top=top, height=upper, title="a   Risk factors",
        subtitle="Odds ratios against the rest, 95% intervals. Filled: stands out. Band: literature."
        f"{_more(left, 'risk')}",
    )  # fmt: skip
    draw_factors(content.factors, ax, limits=content.scales.odds, label_width=LABEL_POINTS)
    left = len(content.outcomes) - _rows_fitting(content.outcomes, height=lower)
    ax = _panel(
        figure, column=0, top=top + height - lower, height=lower, title="c   Outcomes",
        subtitle=f"Share of {type_id} (dot) and of everyone (diamond), 95% intervals."
        f"{_more(left, 'outcome')}",
    )  # fmt: skip
    draw_outcomes(
        content.outcomes, ax, type_id=type_id, limit=content.scales.outcome, label_width=LABEL_POINTS,
    )  # fmt: skip


def _right_column(content: CardContent, figure: Figure, *, top: float, height: float) -> None:
    type_id = content.heading.id
    lower = people_height(content, column=height)
    items = "item" if content.withheld_items == 1 else "items"
    withheld = f" {content.withheld_items} {items} withheld." if content.withheld_items else ""
    ax = _panel(
        figure, column=1, top=top, height=height - lower - GAP, title="b   Answers that set the group apart",
        subtitle=f"{type_id} (dot) and everyone (diamond). Not tested: these items formed the groups."
        f"{withheld}",
    )  # fmt: skip
    draw_items(content.items, ax, type_id=type_id, label_width=LABEL_POINTS)
    lines = with_headings(content.people)
    shown = len(lay_people(content.people, height=_inside(lower), label_width=LABEL_POINTS))
    left = sum(not line["heading_row"] for line in lines[shown:])
    ax = _panel(
        figure, column=1, top=top + height - lower, height=lower, title="d   Who they are",
        subtitle=f"Share of {type_id} (dot) and of everyone (diamond), 95% intervals."
        f"{_more(left, 'prevalence')}",
    )  # fmt: skip
    draw_people(content.people, ax, type_id=type_id, label_width=LABEL_POINTS)


def _last_row(content: CardContent, figure: Figure, *, top: float, height: float) -> None:
    type_id, threshold = content.heading.id, content.provenance.threshold
    _title(figure, left=MARGIN, top=top, width=MAP, title="e   Where it sits on the map", subtitle="")
    ax = place(figure, left=MARGIN, top=top + 6, width=MAP, height=height - 10)
    if content.hexes.empty or type_id in set(content.hexes["type"]):
        draw_density(content.hexes, ax, types=(type_id,), fill=True)
    else:
        write_empty(ax, f"No cell of the map holds {threshold} or more respondents of this type.")
    note = blank(place(figure, left=MARGIN, top=top + height - 4, width=MAP, height=4))
    write(note, 0, 0, [f"A picture only. Dark: {type_id}; grey: others."], colour=MUTED)
    left = MARGIN + MAP + GUTTER
    _title(figure, left=left, top=top, width=GUIDANCE, title="f   What practice can do", subtitle="")
    sheet = place(figure, left=left, top=top + GUIDANCE_TOP, width=GUIDANCE, height=height - GUIDANCE_TOP)
    draw_guidance(content.guidance, blank(sheet))


def _panel(figure: Figure, *, column: int, top: float, height: float, title: str, subtitle: str) -> Axes:
    left = MARGIN + column * (COLUMN + GUTTER)
    _title(figure, left=left, top=top, width=COLUMN, title=title, subtitle=subtitle)
    return place(
        figure, left=left + LABELS, top=top + HEADING + TICKS, width=COLUMN - LABELS - READOUT,
        height=height - HEADING - TICKS,
    )  # fmt: skip


def _title(figure: Figure, *, left: float, top: float, width: float, title: str, subtitle: str) -> None:
    sheet = blank(place(figure, left=left, top=top, width=width, height=HEADING))
    points = width * MM / PT
    sheet.plot([0, points], [0, 0], color=RULE, linewidth=0.8, clip_on=False)
    below = write(sheet, 0, 2.5, [title], size=HEAD, bold=True, colour=INK)
    room = int((HEADING * MM / PT - below) // line_height() + 0.3)
    if subtitle:
        write(sheet, 0, below - 0.5, wrap(subtitle, width=points, max_lines=max(room, 2)), colour=MUTED)
