"""IPython extension of the report's kernels: what notebooks show also says what it is made of.

Beside their HTML, tables, notices and pictures then carry their cells, sentences and vector drawings under
a media type of their own, from which forms of the report other than HTML are made. Notebooks that people
run themselves stay as light as they are: only the kernels of the report load this.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from matplotlib.figure import Figure

from typology.plots.picture import Gallery, Picture
from typology.plots.style import MM, svg_text
from typology.profile.display import Notice, TableView

MEDIA_TYPE = "application/vnd.typology+json"


def load_ipython_extension(shell: Any) -> None:
    """Register the media type with a kernel."""
    bundles = shell.display_formatter.mimebundle_formatter
    for kind, describe in ((Notice, notice), (TableView, table), (Picture, picture), (Gallery, gallery)):
        bundles.for_type(kind, _bundled(describe))


def _bundled(describe: Any) -> Any:
    def bundle(shown: Any, **chosen: Any) -> dict[str, Any]:
        del chosen
        return {MEDIA_TYPE: describe(shown)}

    return bundle


def notice(shown: Notice) -> dict[str, Any]:
    """Describe a notice."""
    return {"kind": "notice", "text": shown.text}


def table(shown: TableView) -> dict[str, Any]:
    """Describe a table."""
    return {
        "kind": "table",
        "caption": shown.caption,
        "header": list(shown.columns),
        "groups": [
            {"heading": heading, "rows": [list(row) for row in rows]} for heading, rows in shown.groups
        ],
        "numeric": sorted(shown.flush_right),
        "note": shown.note,
    }


def picture(shown: Picture, *, name: str = "") -> dict[str, Any]:
    """Describe a picture: its SVG, with its size in millimetres."""
    width, height = (float(inches / MM) for inches in shown.figure.get_size_inches())
    return {
        "kind": "picture",
        "name": name,
        "svg": _svg(shown.figure),
        "alt": shown.alt,
        "caption": shown.caption,
        "width": round(width, 2),
        "height": round(height, 2),
    }


def _svg(figure: Figure) -> str:
    """Render as SVG with text, or with outlines where an accent or vowel sign stands apart from its letter.

    The typesetter makes two signs with the code of one of such a letter, which PDF/UA-1 forbids.
    """
    drawn = svg_text(figure)
    apart = any(unicodedata.category(sign).startswith("M") for sign in unicodedata.normalize("NFKC", drawn))
    return svg_text(figure, outlines=True) if apart else drawn


def gallery(shown: Gallery) -> dict[str, Any]:
    """Describe pictures one below the other."""
    return {"kind": "gallery", "pictures": [picture(each, name=name) for name, each in shown.items()]}
