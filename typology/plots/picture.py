"""A drawn figure with what it shows in words, ready for a notebook or the report."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from typology.plots.style import png_bytes, styled

SCREEN_DPI = 130
COLOURS = 96
SCROLLS = "Picture, scrolls sideways where the window is narrow"


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure, its text alternative and its caption.

    Parameters
    ----------
    figure : Figure
        The matplotlib figure, for further work.
    alt : str
        What the picture shows, in words.
    caption : str
        Shown below the picture; may be empty.
    dpi : int
        Resolution on screen.
    """

    figure: Figure
    alt: str
    caption: str = ""
    dpi: int = SCREEN_DPI

    @cached_property
    def png(self) -> bytes:
        """PNG for the screen: without metadata, and with few colours so that reports stay light."""
        return screen_png(self.figure, dpi=self.dpi)

    def save(self, path: Path | str, *, dpi: int = 200) -> Path:
        """Write the picture as PNG for print; returns the path."""
        path = Path(path)
        path.write_bytes(png_bytes(self.figure, dpi=dpi))
        return path

    def __repr__(self) -> str:
        """Return the text alternative."""
        return f"<Picture: {self.alt}>"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        width, height = (round(inches * 96) for inches in self.figure.get_size_inches())
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return (
            '<figure class="typology-picture">'
            f'<div class="typology-scroll" tabindex="0" role="group" aria-label="{SCROLLS}">'
            f'<img src="data:image/png;base64,{data}" alt="{escape(self.alt)}" '
            f'width="{width}" height="{height}" style="max-width:100%;height:auto"></div>{caption}</figure>'
        )


class Gallery(Sequence[Picture]):
    """Pictures one below the other, such as all profile cards of a run.

    Parameters
    ----------
    pictures : mapping of str to Picture
        By name, such as the type id.
    """

    def __init__(self, pictures: dict[str, Picture]) -> None:
        self._pictures = dict(pictures)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self._pictures)

    def __getitem__(self, key: int | str | slice) -> Picture:  # type: ignore[override]
        """Return a picture by position or name."""
        if isinstance(key, str):
            return self._pictures[key]
        if isinstance(key, slice):
            raise TypeError("take pictures one by one, by position or name")
        return list(self._pictures.values())[key]

    def __iter__(self) -> Iterator[Picture]:
        """Go through the pictures in order."""
        return iter(self._pictures.values())

    def items(self) -> Iterator[tuple[str, Picture]]:
        """Go through names and pictures in order."""
        return iter(self._pictures.items())

    def __repr__(self) -> str:
        """Return the text alternatives."""
        return "\n".join(repr(picture) for picture in self)

    def _repr_html_(self) -> str:
        return "".join(picture._repr_html_() for picture in self)


def screen_png(figure: Figure, *, dpi: int = SCREEN_DPI) -> bytes:
    """Render a figure as a small palette PNG without metadata."""
    kept = figure.dpi
    with styled():
        canvas = FigureCanvasAgg(figure)
        figure.set_dpi(dpi)
        canvas.draw()  # type: ignore[no-untyped-call]
        buffer = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        pixels = np.asarray(buffer)[..., :3].copy()
        figure.set_dpi(kept)
    image = Image.fromarray(pixels).quantize(
        COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    image.putpalette(_paper_white(image))
    sheet = io.BytesIO()
    image.save(sheet, format="PNG", optimize=True)
    return sheet.getvalue()


def _paper_white(image: Image.Image) -> list[int]:
    """Return the palette with the colour of the top left corner, the paper, as pure white."""
    palette = list(image.getpalette() or [])
    paper = int(np.asarray(image)[0, 0])
    palette[3 * paper : 3 * paper + 3] = [255, 255, 255]
    return palette
