"""Every kind of figure looks as it did: compared with the pictures in the folder ``baselines``.

After a change that is meant, look at the new pictures and commit them::

    TYPOLOGY_NEW_BASELINES=1 python -m pytest -n 0 tests/plots/test_baselines.py

They are rendered small and with few colours, so that all of them take less than 1.5 MB. Where another version
of matplotlib than that of ``constraints.txt`` sets text a little differently, the tolerance is wider.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.testing.compare import compare_images
from PIL import Image

from tests.plots.hostile import hostile_tables
from tests.plots.kinds import FIGURES, Draw, draw_first_card, draw_last_card, with_groups
from tests.release_factory import make_summary, make_tables
from typology.plots.picture import screen_png

FOLDER = Path(__file__).parent / "baselines"
RENEW = "TYPOLOGY_NEW_BASELINES"
DPI, MOST_BYTES = 60, 1_500_000
CONSTRAINTS = (Path(__file__).parents[2] / "constraints.txt").read_text()
PINNED = re.search(r"^matplotlib==(\S+)$", CONSTRAINTS, re.MULTILINE)
TOLERANCE = 1.0 if PINNED and mpl.__version__ == PINNED[1] else 12.0
"""Root mean square of the differences of pixels, 0 to 255; a missing label or mark is above 1."""

GRADIENT = ("severity", "correlations", "power")


@lru_cache(maxsize=1)
def pictures() -> dict[str, tuple[Draw, dict[str, pd.DataFrame], str]]:
    """Return what to draw, by the name of the file: usual labels, hostile ones, and runs without types."""
    usual, hostile = with_groups(make_tables(4)), with_groups(hostile_tables(12, length=40))
    gradient = make_tables(0, verdict="gradient")
    drawn: dict[str, tuple[Draw, dict[str, pd.DataFrame], str]] = {
        name.replace(" ", "_"): (draw, gradient, "gradient") if name in GRADIENT else (draw, usual, "types")
        for name, draw in FIGURES.items()
    }
    return drawn | {
        "card": (draw_first_card, usual, "types"),
        "card_long": (draw_last_card, hostile, "types"),
        "map_12": (FIGURES["map"], hostile, "types"),
        "matrix_12": (FIGURES["matrix"], hostile, "types"),
        "evidence_none": (FIGURES["evidence"], make_tables(0, verdict="none"), "none"),
    }


def rendered(name: str) -> bytes:
    draw, tables, verdict = pictures()[name]
    summary: dict[str, Any] = make_summary(tables, verdict=verdict)
    return screen_png(draw(tables, summary), dpi=DPI)


@pytest.mark.parametrize("name", sorted(pictures()))
def test_the_figure_looks_as_it_did(name: str, tmp_path: Path) -> None:
    baseline, new = FOLDER / f"{name}.png", tmp_path / f"{name}.png"
    new.write_bytes(rendered(name))
    if os.environ.get(RENEW):
        baseline.write_bytes(new.read_bytes())
    assert compare_images(str(baseline), str(new), tol=TOLERANCE) is None


def test_every_baseline_is_of_a_figure_and_they_are_small() -> None:
    files = sorted(FOLDER.glob("*.png"))
    assert [path.stem for path in files] == sorted(pictures())
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


@pytest.mark.parametrize("name", ["card", "map", "evidence_none"])
def test_a_lost_mark_or_label_would_be_noticed(name: str, tmp_path: Path) -> None:
    """Paint over a patch as large as a short label; on a page as small as this it counts."""
    pixels = np.array(Image.open(FOLDER / f"{name}.png").convert("RGB"))
    dark = np.argwhere(pixels.min(axis=2) < 90)
    y, x = (int(v) for v in dark[len(dark) // 2])
    pixels[max(0, y - 5) : y + 6, max(0, x - 12) : x + 13] = 255
    Image.fromarray(pixels).save(tmp_path / "painted.png")
    told = compare_images(str(FOLDER / f"{name}.png"), str(tmp_path / "painted.png"), tol=1.0)
    assert told is not None
