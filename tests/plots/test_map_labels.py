"""Names of types on the map: none on a cell, one for each area, and no doubt whose it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_tables
from typology import plots
from typology.plots.map import MOST_NAMES, islands, lattice, polygons
from typology.plots.map_labels import Island, Mark, line_start, place_marks
from typology.plots.style import styled

SIZE, CELL, LIMITS = (1.6, 1.0), (0.5, 0.58), (-8.0, 8.0, -8.0, 8.0)


def island(type_id: str, *cells: tuple[float, float]) -> Island:
    return Island(type_id, np.array(cells, dtype=float), SIZE)


def placed(*given: Island) -> dict[str, Mark]:
    centres = np.concatenate([each.cells for each in given])
    return {mark.type_id: mark for mark in place_marks(given, centres, cell=CELL, limits=LIMITS)}


def test_a_lone_island_has_its_name_beside_it_without_a_line() -> None:
    mark = placed(island("T1", (0, 0)))["T1"]
    assert mark.tip is None
    assert max(abs(mark.x) - 0.8 - 0.5, abs(mark.y) - 0.5 - 0.58) == pytest.approx(0, abs=0.35)


def test_an_island_within_another_gets_a_line() -> None:
    ring = [(x, y) for x in (-2.0, -1.0, 0.0, 1.0, 2.0) for y in (-2.0, -1.0, 0.0, 1.0, 2.0)]
    mark = placed(island("T1", *[at for at in ring if at != (0.0, 0.0)]), island("T2", (0, 0)))["T2"]
    assert mark.tip == (0.0, 0.0)
    assert max(abs(mark.x), abs(mark.y)) > 2.5
    start = line_start(mark, SIZE)
    assert max(abs(start[0] - mark.x) / 0.8, abs(start[1] - mark.y) / 0.5) == pytest.approx(1)


def test_without_room_there_is_no_name() -> None:
    full = [(x, y) for x in np.arange(-8, 8.1, 1.0) for y in np.arange(-8, 8.1, 1.0)]
    assert placed(island("T1", *full)) == {}


@pytest.mark.parametrize("n_types", [2, 4, 8, 12])
def test_no_name_on_the_map_covers_a_cell_and_every_area_has_its_own(n_types: int) -> None:
    tables = make_tables(n_types)
    frame = tables["map_density"]
    with styled():
        figure = plots.draw_map(tables)
        figure.canvas.draw()
        ax = figure.axes[0]
        boxes = [text.get_window_extent() for text in ax.texts]
        grid = lattice(frame)
        corners = ax.transData.transform(polygons(frame, grid).reshape(-1, 2)).reshape(-1, 6, 2)
        middles = corners.mean(axis=1)
        inner = middles[:, None] + 0.9 * (corners - middles[:, None])
    for box in boxes:
        for cell, middle in zip(inner, middles, strict=True):
            points = np.vstack([cell, middle])
            inside = (points > [box.x0, box.y0]).all(axis=1) & (points < [box.x1, box.y1]).all(axis=1)
            assert not inside.any()
    types = sorted(set(frame["type"]))
    areas = {name: len(islands(grid, (frame["type"] == name).to_numpy())) for name in types}
    assert sum(areas.values()) <= MOST_NAMES
    assert pd.Series([text.get_text() for text in ax.texts]).value_counts().to_dict() == areas


def test_a_map_in_pieces_names_the_largest_and_says_so() -> None:
    tables = make_tables(12)
    frame = tables["map_density"]
    scattered = np.random.default_rng(3).choice([f"T{i + 1}" for i in range(12)], len(frame))
    figure = plots.draw_map({**tables, "map_density": frame.assign(type=scattered)})
    names = [text.get_text() for text in figure.axes[0].texts]
    assert len(names) == MOST_NAMES
    assert set(names) == set(scattered)
    said = " ".join(text.get_text() for text in figure.axes[1].texts)
    assert "Only the largest areas are named." in said
