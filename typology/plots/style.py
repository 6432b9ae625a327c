"""One visual language: font, ink, sizes, and figures whose bytes depend on nothing but their content.

The font is DejaVu Sans, which matplotlib ships, so that a card looks the same on every machine and holds
Latin with all diacritics, Greek and Cyrillic. Nothing is told by colour alone: the type is dark and filled,
everyone is grey and open, so that cards survive greyscale printing and colour-blind eyes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

MM = 1 / 25.4
PT = 1 / 72

INK = "#1b1f24"
MUTED = "#57606a"
RULE = "#c4cbd3"
PALE = "#f1f4f7"
TYPE = "#0a4a7a"
TYPE_PALE = "#9dc3e0"
EVERYONE = "#8a939c"
LITERATURE = "#ead7b0"
LITERATURE_EDGE = "#a98d4e"
CAUTION = "#8a3b00"
CAUTION_PALE = "#fdf0e3"
DENSITY = LinearSegmentedColormap.from_list("density", ["#eceff2", "#6d7782"])
SHARES = LinearSegmentedColormap.from_list("shares", ["#f1f4f7", TYPE])

TINY = 8.0
BODY = 9.0
HEAD = 10.0
TITLE = 17.0

# Any: to type checkers the names of rc parameters are a closed set
STYLE: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": TINY,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "no_hinting",  # so that text is as wide as it was measured, at any resolution
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": TINY,
    "axes.titlesize": HEAD,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": TINY,
    "ytick.labelsize": TINY,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": INK,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0.0,
    "xtick.minor.size": 0.0,
    "grid.color": "#e3e7eb",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": TINY,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
}

P = ParamSpec("P")
R = TypeVar("R")


def contrast(one: Any, two: Any) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    levels = sorted(_luminance(colour) for colour in (one, two))
    return (levels[1] + 0.05) / (levels[0] + 0.05)


def _luminance(colour: Any) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@contextmanager
def styled() -> Iterator[None]:
    """Use this style and nothing of the user's own matplotlib settings."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def in_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Decorate a figure function so that it draws in the style of the package."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with styled():
            return draw(*args, **kwargs)

    return drawn


def new_figure(*, width: float, height: float) -> Figure:
    """Return an empty figure of `width` x `height` millimetres, outside pyplot's global state."""
    figure = Figure(figsize=(width * MM, height * MM))
    FigureCanvasAgg(figure)
    return figure


def place(figure: Figure, *, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes placed in millimetres from the top left corner of the figure."""
    page_width, page_height = figure.get_size_inches() / MM
    box = (left / page_width, 1 - (top + height) / page_height, width / page_width, height / page_height)
    return figure.add_axes(box)


def blank(ax: Axes) -> Axes:
    """Turn axes into an empty sheet that measures in points from its top left corner."""
    width, height = size_in_points(ax)
    ax.set_axis_off()
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    return ax


def size_in_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of axes in points."""
    box = ax.get_position()
    page = ax.get_figure(root=True)
    if page is None:
        raise ValueError("axes must belong to a figure")
    width, height = page.get_size_inches()
    return float(box.width * width / PT), float(box.height * height / PT)


def png_bytes(figure: Figure, *, dpi: int = 200) -> bytes:
    """Render as PNG without any metadata."""
    sheet = io.BytesIO()
    with styled():
        figure.savefig(sheet, format="png", dpi=dpi, metadata={"Software": None})
    return sheet.getvalue()


def pdf_bytes(figures: list[Figure], *, title: str) -> bytes:
    """Render one page a figure as vector PDF, without dates or the name of the software."""
    sheet = io.BytesIO()
    metadata = {"Title": title, "Creator": None, "Producer": None, "CreationDate": None}
    with styled(), PdfPages(sheet, metadata=metadata) as pages:
        for figure in figures:
            pages.savefig(figure)
    return sheet.getvalue()


def svg_text(figure: Figure, *, outlines: bool = False) -> str:
    """Render as SVG whose text stays text with its spaces, without a date or the name of the software.

    With `outlines`, letters are drawn as shapes instead.
    """
    sheet = io.StringIO()
    metadata = {"Creator": None, "Date": None, "Format": None, "Type": None}
    kind = "path" if outlines else "none"
    with styled(), mpl.rc_context({"svg.fonttype": kind, "svg.hashsalt": "typology"}):
        figure.savefig(sheet, format="svg", metadata=metadata)
    return sheet.getvalue().replace("<svg ", '<svg xml:space="preserve" ', 1)
