"""The picture files of a release: figures as PNG, cards as PNG and as one PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from typology.plots import pictures
from typology.plots.picture import Gallery, Picture
from typology.plots.style import pdf_bytes
from typology.profile.provenance import provenance
from typology.profile.released import Summary, Tables, type_ids

DPI = 200
ALWAYS: Mapping[str, Callable[[Tables, Summary], object]] = {
    "evidence": pictures.evidence,
    "map": pictures.map,
    "missingness": pictures.missingness,
    "missingness_groups": pictures.missingness_groups,
    "runs": pictures.runs,
    "severity": pictures.severity,
    "correlations": pictures.correlations,
}
WITH_TYPES: Mapping[str, Callable[[Tables, Summary], object]] = {
    "atlas": pictures.atlas,
    "crosswalk": pictures.crosswalk,
    "matrix": pictures.matrix,
}


def figure_count(tables: Tables) -> int:
    """Return how many files :func:`save_figures` is going to write."""
    types = len(type_ids(tables))
    return len(ALWAYS) + (len(WITH_TYPES) + types + 1 if types else 0)


def save_figures(
    tables: Tables, summary: Summary, release_dir: Path, *, advance: Callable[[], None] = lambda: None
) -> tuple[Path, ...]:
    """Write ``figures/*.png`` and, where there are types, ``cards/<type>.png`` and ``cards/cards.pdf``.

    The same tables give the same bytes: no file holds a date, a program name or data.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The release tables, after disclosure control.
    summary : mapping
        ``summary.json``.
    release_dir : Path
        Folder ``release`` of the run.
    advance : callable
        Called after each file.

    Returns
    -------
    tuple of Path
        The files written.
    """
    folder = release_dir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, draw in ({**ALWAYS, **WITH_TYPES} if type_ids(tables) else ALWAYS).items():
        picture = draw(tables, summary)
        if isinstance(picture, Picture):
            written.append(picture.save(folder / f"{name}.png", dpi=DPI))
        advance()
    gallery = pictures.cards(tables, summary)
    if isinstance(gallery, Gallery):
        written += _save_cards(gallery, summary, release_dir / "cards", advance=advance)
    return tuple(written)


def _save_cards(
    gallery: Gallery, summary: Summary, folder: Path, *, advance: Callable[[], None]
) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for type_id, picture in gallery.items():
        written.append(picture.save(folder / f"{type_id}.png", dpi=DPI))
        advance()
    pages = folder / "cards.pdf"
    title = f"Profile cards: {provenance(summary).title}"
    pages.write_bytes(pdf_bytes([picture.figure for picture in gallery], title=title))
    advance()
    return [*written, pages]
