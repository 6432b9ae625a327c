"""Head, gauges and footer of a profile card, drawn on blank sheets that measure in points."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from typology.plots.style import (
    BODY,
    CAUTION,
    CAUTION_PALE,
    EVERYONE,
    INK,
    MUTED,
    RULE,
    TITLE,
    TYPE,
    TYPE_PALE,
)
from typology.plots.text import ELLIPSIS, line_height, text_width, wrap, write
from typology.profile.card import CardContent, Heading
from typology.profile.provenance import Provenance
from typology.profile.wording import known, percent, percent_interval, size_text, why_suppressed
from typology.results import BANDS

TICKS = tuple(sorted(bound for bound, _ in BANDS))
TICK_NAMES = " ".join(f"{tick:g}".lstrip("0") for tick in TICKS)
GAUGE_GAP = 14.0
CHIP = 26.0
BAR = 42.0


def draw_head(heading: Heading, ax: Axes) -> Axes:
    """Write id, name, the neutral sentence, and flags."""
    width = ax.get_xlim()[1]
    parts = _head_parts(heading, width=width)
    chip = max(34.0, text_width(heading.id, size=TITLE, bold=True) + 12)
    ax.add_patch(
        FancyBboxPatch((2, 2), chip - 4, 20, boxstyle="round,pad=2", facecolor=TYPE, edgecolor="none")
    )
    ax.text(
        chip / 2,
        18.5,
        heading.id,
        ha="center",
        va="baseline",
        fontsize=TITLE,
        fontweight="bold",
        color="white",
    )
    top = 2.5 if parts.size == TITLE else 0.0
    below = write(ax, chip + 8, top, parts.name, size=parts.size, bold=True)
    below = write(ax, 0, max(below, CHIP) + 3, parts.sentence, size=BODY)
    if parts.flags:
        height = len(parts.flags) * line_height() + 4
        ax.add_patch(Rectangle((0, below + 4), width, height, facecolor=CAUTION_PALE, edgecolor="none"))
        ax.add_patch(Rectangle((0, below + 4), 3, height, facecolor=CAUTION, edgecolor="none"))
        write(ax, 8, below + 5, parts.flags, colour=CAUTION)
    return ax


@dataclass(frozen=True)
class _Head:
    """The wrapped texts of a head, and the size of the name."""

    name: list[str]
    size: float
    sentence: list[str]
    flags: list[str]


def _head_parts(heading: Heading, *, width: float) -> _Head:
    room = width - max(34.0, text_width(heading.id, size=TITLE, bold=True) + 12) - 8
    size = TITLE if text_width(heading.name, size=TITLE, bold=True) <= room else 13.0
    caution = "Read with care: " + "; ".join(heading.flags)
    return _Head(
        name=wrap(heading.name, width=room, size=size, bold=True, max_lines=2),
        size=size,
        sentence=wrap(heading.sentence, width=width, size=BODY, max_lines=4),
        flags=wrap(caution, width=width - 12, max_lines=2) if heading.flags else [],
    )


def head_height(heading: Heading, *, width: float) -> float:
    """Return the points a head needs; the tallest head of a run sets the layout of all its cards."""
    parts = _head_parts(heading, width=width)
    name = (2.5 if parts.size == TITLE else 0.0) + len(parts.name) * line_height(parts.size)
    flags = len(parts.flags) * line_height() + 8 if parts.flags else 0.0
    return max(name, CHIP) + 3 + len(parts.sentence) * line_height(BODY) + flags


def draw_gauges(content: CardContent, ax: Axes) -> Axes:
    """Draw share, core and stability as numbers over bars, and the closest published profile."""
    heading, threshold = content.heading, content.provenance.threshold
    width = (ax.get_xlim()[1] - 3 * GAUGE_GAP) / 4
    lefts = [i * (width + GAUGE_GAP) for i in range(4)]
    if heading.suppressed:
        reason = why_suppressed(heading.suppressed, threshold=threshold)
        write(ax, 0, 10, wrap(f"Size and stability are not shown: {reason}.", width=3 * width), colour=MUTED)
    else:
        _share(ax, lefts[0], width, heading)
        _core(ax, lefts[1], width, heading)
        _stability(ax, lefts[2], width, heading)
    score = f"profile match {heading.profile_score:.2f}" if known(heading.profile_score) else ""
    detail = score if heading.profile else "no published profile matches"
    _gauge_text(ax, lefts[3], width, "Published profile", heading.profile or "not described before", detail)
    return ax


def _gauge_text(ax: Axes, left: float, width: float, caption: str, value: str, detail: str) -> None:
    y = write(ax, left, 0, [caption], colour=MUTED)
    size = 13.0 if text_width(value, size=13.0, bold=True) <= width else BODY
    lines = wrap(value, width=width, size=size, bold=True, max_lines=1 if size == 13.0 else 3)
    y = write(ax, left, y + (0 if size == 13.0 else 1), lines, size=size, bold=True)
    if detail and len(lines) == 1:
        write(ax, left, y + (0 if size == 13.0 else 5), wrap(detail, width=width, max_lines=2), colour=MUTED)
    elif detail:
        write(ax, left, y, wrap(detail, width=width, max_lines=1), colour=MUTED)


def _track(ax: Axes, left: float, width: float, *, y: float = BAR) -> None:
    ax.add_patch(Rectangle((left, y), width, 5, facecolor="#e4e8ec", edgecolor="none"))


def _share(ax: Axes, left: float, width: float, heading: Heading) -> None:
    interval = f"{percent_interval(heading.lo, heading.hi)}, " if known(heading.lo, heading.hi) else ""
    size = size_text(heading.n, rounded=heading.rounded) if known(heading.n) else ""
    detail = f"{interval}{size}" if size else interval.rstrip(", ")
    _gauge_text(ax, left, width, "Share, weighted", percent(heading.share), detail)
    _track(ax, left, width)
    ax.add_patch(Rectangle((left, BAR), width * heading.share, 5, facecolor=TYPE, edgecolor="none"))
    if known(heading.lo, heading.hi):
        lo, hi = left + width * heading.lo, left + width * heading.hi
        for colour, thickness in (("white", 3.0), (INK, 1.1)):
            ax.plot([lo, hi], [BAR + 2.5] * 2, color=colour, linewidth=thickness, solid_capstyle="butt")
            for x in (lo, hi):
                ax.plot(
                    [x, x], [BAR - 1.5, BAR + 6.5], color=colour, linewidth=thickness, solid_capstyle="butt"
                )


def _core(ax: Axes, left: float, width: float, heading: Heading) -> None:
    if not known(heading.core_share):
        _gauge_text(ax, left, width, "Core of the type", heading.core_band or "–", "small numbers")
        return
    detail = f"{percent(1 - heading.core_share)} borderline"
    _gauge_text(ax, left, width, "Core of the type", percent(heading.core_share), detail)
    _track(ax, left, width)
    ax.add_patch(Rectangle((left, BAR), width, 5, facecolor=TYPE_PALE, edgecolor="none"))
    ax.add_patch(Rectangle((left, BAR), width * heading.core_share, 5, facecolor=TYPE, edgecolor="none"))


def _stability(ax: Axes, left: float, width: float, heading: Heading) -> None:
    interval = ""
    if known(heading.stability_lo, heading.stability_hi):
        interval = f" ({heading.stability_lo:.2f} to {heading.stability_hi:.2f})"
    detail = f"Jaccard {heading.stability:.2f}{interval}" if known(heading.stability) else "not shown"
    _gauge_text(ax, left, width, f"Stability, ticks {TICK_NAMES}", heading.grade or "–", detail)
    if not known(heading.stability):
        return
    _track(ax, left, width)
    for band in TICKS:
        ax.plot([left + width * band] * 2, [BAR, BAR + 5], color=EVERYONE, linewidth=0.8)
    if known(heading.stability_lo, heading.stability_hi):
        lo, hi = left + width * heading.stability_lo, left + width * min(heading.stability_hi, 1.0)
        ax.plot([lo, hi], [BAR + 2.5] * 2, color=TYPE, linewidth=1.6)
    ax.plot(left + width * heading.stability, BAR + 2.5, marker="o", markersize=5.5, color=TYPE)


def draw_footer(source: Provenance, ax: Axes, *, cut: bool = False, withheld: bool = False) -> Axes:
    """Write study, run, seed, date of data, the disclosure rule, and where to turn for support.

    Parameters
    ----------
    source : Provenance
    ax : Axes
        A blank sheet measuring in points.
    cut : bool
        Whether a text of the card ends in an ellipsis.
    withheld : bool
        Whether a number of the card is withheld.
    """
    width = ax.get_xlim()[1]
    ax.plot([0, width], [0, 0], color=RULE, linewidth=0.8, clip_on=False)
    facts = [source.title]
    facts += [f"run {source.run_id}"] if source.run_id else []
    facts += [f"seed {source.seed}"] if source.seed is not None else []
    facts += [f"data file of {source.data_date}"] if source.data_date else ["date of data not given"]
    y = write(ax, 0, 2, wrap(" · ".join(facts), width=width, max_lines=1), colour=MUTED)
    small = " Those withheld would, or would give such a number away." if withheld else ""
    whole = f" Texts that end in {ELLIPSIS} are whole in the tables." if cut else ""
    note = (
        "Describes a group of survey respondents, never a person. No number rests on fewer than "
        f"{source.threshold} respondents.{small}{whole} If this touches you or a child you know: a child "
        "helpline, victim support or the police can help, and it is never the fault of the person it "
        "happened to."
    )
    write(ax, 0, y, wrap(note, width=width, max_lines=3), colour=MUTED)
    return ax
