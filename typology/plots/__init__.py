"""Pictures drawn from tidy frames: one visual language for cards, figures and report."""

from typology.plots.atlas import draw_atlas
from typology.plots.card import draw_card
from typology.plots.crosswalk import draw_crosswalk
from typology.plots.evidence import draw_evidence, draw_runs
from typology.plots.gradient import draw_correlations, draw_severity
from typology.plots.map import draw_map
from typology.plots.matrix import draw_dot_matrix
from typology.plots.missing_groups import draw_missing_groups
from typology.plots.missingness import draw_missingness
from typology.plots.power import draw_power
from typology.plots.risk import draw_risk
from typology.plots.short_form import draw_short_form

__all__ = [
    "draw_atlas",
    "draw_card",
    "draw_correlations",
    "draw_crosswalk",
    "draw_dot_matrix",
    "draw_evidence",
    "draw_map",
    "draw_missing_groups",
    "draw_missingness",
    "draw_power",
    "draw_risk",
    "draw_runs",
    "draw_severity",
    "draw_short_form",
]
