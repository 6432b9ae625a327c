"""The picture files of a release: figures as PNG, cards as PNG and as one PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from typology.plots import pictures
from typology.plots.picture import Gallery, Picture
from typology.plots.power import power_data
from typology.plots.style import pdf_bytes
from typology.profile.provenance import provenance
from typology.profile.released import Summary, Tables, type_ids
from typology.profile.replication import items_data, replication_data
from typology.profile.risk_analysis import models

DPI = 200
ALWAYS: Mapping[str, Callable[[Tables, Summary], object]] = {
    "evidence": pictures.evidence,
    "map": pictures.map,
    "missingness": pictures.missingness,
    "missingness_groups": pictures.missingness_groups,
    "runs": pictures.runs,
    "severity": pictures.severity,
    "correlations": pictures.correlations,
    "risk": pictures.risk,
}
WITH_TYPES: Mapping[str, Callable[[Tables, Summary], object]] = {
    "atlas": pictures.atlas,
    "crosswalk": pictures.crosswalk,
    "matrix": pictures.matrix,
    "short_form": pictures.short_form,
}
WITH_GROUPS: Mapping[str, Callable[[Tables, Summary], object]] = {"replication": pictures.replication}
WITH_POWER: Mapping[str, Callable[[Tables, Summary], object]] = {"power": pictures.power}
WITH_ITEMS: Mapping[str, Callable[[Tables, Summary], object]] = {"measurement": pictures.measurement}


def figure_count(tables: Tables) -> int:
    """Return how many files :func:`save_figures` is going to write."""
    types, outcomes = len(type_ids(tables)), len(models(tables))
    return len(_figures(tables)) - 1 + outcomes + (types + 1 if types else 0)


def _figures(tables: Tables) -> Mapping[str, Callable[[Tables, Summary], object]]:
    """Figures that have something to show."""
    figures = dict(ALWAYS)
    for more, there in (
        (WITH_TYPES, bool(type_ids(tables))),
        (WITH_POWER, not power_data(tables).empty),
        (WITH_GROUPS, not replication_data(tables).empty),
        (WITH_ITEMS, bool(items_data(tables)["observed"].notna().any())),
    ):
        if there:
            figures |= more
    return figures


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
    for name, draw in _figures(tables).items():
        drawn = draw(tables, summary)
        for file, picture in _named(name, drawn):
            written.append(picture.save(folder / f"{file}.png", dpi=DPI))
            advance()
    gallery = pictures.cards(tables, summary)
    if isinstance(gallery, Gallery):
        written += _save_cards(gallery, summary, release_dir / "cards", advance=advance)
    return tuple(written)


def _named(name: str, drawn: object) -> list[tuple[str, Picture]]:
    """Return the file name of each picture; those of a gallery carry their own names too."""
    if isinstance(drawn, Gallery):
        return [(f"{name}_{_slug(each)}", picture) for each, picture in drawn.items()]
    return [(name, drawn)] if isinstance(drawn, Picture) else []


def _slug(name: str) -> str:
    """Return a name without characters that file systems dislike."""
    return "".join(letter if letter.isalnum() else "_" for letter in name)


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
