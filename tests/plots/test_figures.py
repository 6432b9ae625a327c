"""What is drawn in the figures other than cards: the plotted data, then that labels keep apart."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.text import Text

from tests.plots.hostile import hostile_tables
from tests.plots.kinds import FIGURES, with_groups
from tests.release_factory import make_summary, make_tables
from typology import plots
from typology.plots import pictures
from typology.plots.crosswalk import crosswalk_data, readable
from typology.plots.evidence import draw_run_counts, draw_statistic, evidence_data, runs_data
from typology.plots.gradient import correlation_data, draw_bands, severity_data
from typology.plots.key import lay_key
from typology.plots.map import CORNERS, lattice, outline, polygons
from typology.plots.matrix import mark_size, matrix_data
from typology.plots.missing_groups import draw_groups, missing_groups_data
from typology.plots.missingness import NOT_ASKED, OTHER, draw_missing, kinds_in_order, missingness_data
from typology.plots.picture import Picture, screen_png
from typology.plots.power import draw_chances, power_data
from typology.plots.style import SHARES, contrast, new_figure, place, png_bytes, styled
from typology.plots.text import overlaps
from typology.profile.findings import LIKELY
from typology.profile.risk_analysis import models

CASES = [(2, "types", 120), (4, "types", 0), (12, "types", 40), (0, "gradient", 120), (0, "none", 0)]


@pytest.mark.parametrize("name", list(FIGURES))
@pytest.mark.parametrize(("n_types", "verdict", "length"), CASES)
def test_labels_keep_apart_stay_on_the_sheet_and_are_large_enough(
    name: str, n_types: int, verdict: str, length: int
) -> None:
    tables = (
        hostile_tables(n_types, length=length, verdict=verdict)
        if length
        else make_tables(n_types, verdict=verdict)
    )
    tables = with_groups(tables)
    with styled():
        figure = FIGURES[name](tables, make_summary(tables, verdict=verdict))
        figure.canvas.draw()
        texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
        inside = [t for t in texts if t.get_window_extent().width > 0]
        assert overlaps(inside) == []
        for text in inside:
            box = text.get_window_extent()
            assert -1 <= box.x0 < box.x1 <= figure.bbox.width + 1, text.get_text()
            assert -1 <= box.y0 < box.y1 <= figure.bbox.height + 1, text.get_text()
    assert min(text.get_fontsize() for text in texts) >= 8


@pytest.mark.parametrize("name", list(FIGURES))
def test_the_same_tables_give_the_same_bytes_and_no_global_state(name: str) -> None:
    tables = with_groups(make_tables(3))
    summary = make_summary(tables)
    before = plt.get_fignums()
    first, second = (png_bytes(FIGURES[name](tables, summary), dpi=50) for _ in range(2))
    assert first == second
    assert plt.get_fignums() == before


def test_the_users_own_style_changes_nothing() -> None:
    tables = make_tables(3)
    plain = png_bytes(plots.draw_map(tables), dpi=50)
    with plt.rc_context({"font.size": 30, "axes.facecolor": "red", "text.usetex": False}):
        assert png_bytes(plots.draw_map(tables), dpi=50) == plain


def test_every_simulated_survey_is_a_tick_and_the_survey_a_line() -> None:
    frame = evidence_data(make_tables(4))
    one = frame[frame["statistic"] == frame["statistic"].iloc[0]]
    ax = place(new_figure(width=100, height=40), left=10, top=5, width=80, height=25)
    draw_statistic(one, ax)
    ticks = np.concatenate([np.asarray(line.get_xdata()) for line in ax.lines if line.get_marker() == "|"])
    assert sorted(ticks) == sorted(one.loc[one["source"] != "observed", "value"])
    triangles = [line for line in ax.lines if line.get_marker() == "v"]
    assert [line.get_xdata()[0] for line in triangles] == list(one.loc[one["source"] == "observed", "value"])


def test_dots_of_runs_add_up_to_the_runs() -> None:
    frame = runs_data(make_tables(4))
    ax = place(new_figure(width=100, height=60), left=40, top=5, width=50, height=40)
    draw_run_counts(frame, ax, n_types=4)
    runs = sum(round(1 + (size - 16) / 26) for dots in ax.collections for size in dots.get_sizes())
    assert runs == len(frame)


@pytest.mark.parametrize("keep", [1.0, 0.4])
def test_hexagons_tile_without_gap_or_overlap(keep: float) -> None:
    frame = make_tables(4)["map_density"].sample(frac=keep, random_state=1)
    grid = lattice(frame)
    cells = polygons(frame, grid)
    assert cells.shape == (len(frame), 6, 2)
    area = 2 * grid.across * grid.down  # of the plane, for each point of the lattice
    x, y = cells[0, :, 0], cells[0, :, 1]
    assert abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2 == pytest.approx(area)
    pairs = set(zip(grid.column.tolist(), grid.row.tolist(), strict=True))
    assert len(pairs) == len(frame)
    assert {(c + r) % 2 for c, r in pairs} in ({0}, {1})


def test_the_outline_of_two_neighbours_has_ten_edges_and_of_strangers_twelve() -> None:
    centres = [(0, 0), (2, 0), (9, 1)]
    frame = pd.DataFrame([(c * 0.5, r * 0.8) for c, r in centres], columns=["hex_x", "hex_y"]).assign(n=10)
    helper = pd.DataFrame([(0.5, 0.8)], columns=["hex_x", "hex_y"]).assign(n=10)
    frame = pd.concat([frame, helper], ignore_index=True)
    grid = lattice(frame)
    cells = polygons(frame, grid)
    neighbours, strangers = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert len(outline(cells, grid, neighbours)) == 10
    assert len(outline(cells, grid, strangers)) == 12
    assert len(CORNERS) == 6


def test_marks_grow_with_the_log_odds_ratio_in_both_directions() -> None:
    assert mark_size(2.0) == pytest.approx(mark_size(0.5))
    assert mark_size(1.0) < mark_size(1.5) < mark_size(4.0)
    assert mark_size(1000.0) == mark_size(50.0)


def test_matrix_has_each_type_and_factor_once_in_order_of_domain() -> None:
    frame = matrix_data(make_tables(3))
    assert not frame.duplicated(["type", "variable"]).any()
    domains = list(dict.fromkeys(frame["domain"]))
    assert domains == ["individual", "family", "peer", "online", "community"]


def test_crosswalk_shares_are_of_the_type_and_withheld_ones_are_absent() -> None:
    tables = make_tables(4)
    frame, raw = crosswalk_data(tables), tables["crosswalk"]
    shown = raw["suppressed"] == ""
    exact = raw.loc[shown, "count"] / raw.loc[shown, "base"]
    assert np.allclose(frame.loc[shown, "share"], exact, atol=0.005)
    assert frame.loc[~shown, "share"].isna().all()


def test_missing_answers_are_told_by_reason_most_first() -> None:
    tables = make_tables(4)
    frame = missingness_data(tables)
    assert "answered" not in set(frame["kind"])
    totals = frame[frame["kind"] != NOT_ASKED].groupby("variable", sort=False)["share"].sum()
    assert totals.is_monotonic_decreasing
    extra = tables["missingness"].head(4).assign(kind=["a", "b", "c", "d"], share=0.2, n=233, suppressed="")
    many = missingness_data({"missingness": pd.concat([tables["missingness"], extra])})
    assert OTHER in set(many["kind"])
    assert kinds_in_order(many)[-1] == NOT_ASKED


def test_reasons_of_missing_answers_are_told_apart_without_colour() -> None:
    tables = make_tables(4)
    extra = tables["missingness"].head(4).assign(kind=["a", "b", "c", "d"], share=0.2, n=233, suppressed="")
    frame = missingness_data({"missingness": pd.concat([tables["missingness"], extra])})
    ax = place(new_figure(width=160, height=200), left=60, top=5, width=90, height=190)
    patches = list(draw_missing(frame, ax, label_width=150).values())
    hatches = [patch.get_hatch() for patch in patches if patch.get_hatch()]
    assert len(set(hatches)) == len(hatches) == 3
    shades = [patch.get_facecolor() for patch in patches if not patch.get_hatch()]
    assert len(shades) == 3
    assert min(contrast(one, two) for one, two in itertools.combinations(shades, 2)) > 2


def test_severity_bars_are_the_shares_and_withheld_bands_are_marked() -> None:
    frame = severity_data(make_tables(verdict="gradient"))
    ax = place(new_figure(width=160, height=60), left=5, top=5, width=150, height=40)
    draw_bands(frame, ax)
    heights = [bar.get_height() for bar in ax.patches]
    assert np.allclose(heights, frame["share"].dropna())
    assert [text.get_text() for text in ax.texts].count("withheld") == frame["share"].isna().sum() == 1


def test_chances_are_drawn_where_they_are_and_filled_where_likely() -> None:
    frame = power_data(make_tables(verdict="gradient"))
    ax = place(new_figure(width=160, height=60), left=20, top=5, width=130, height=40)
    draw_chances(frame, ax)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    drawn = [
        (*(float(np.asarray(end).item()) for end in line.get_data()), line.get_markerfacecolor() != "white")
        for line in dots
    ]
    assert drawn == [
        (r, found, found >= LIKELY)
        for r, found in zip(frame["odds_ratio"], frame["share_found"], strict=True)
    ]
    assert {text.get_text() for text in ax.texts} == {"2%", "60%", "100%"}


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_shares_in_the_crosswalk_are_readable_on_their_shade(share: float) -> None:
    assert contrast(SHARES(share), readable(SHARES(share))) >= 4.5


def test_a_key_takes_the_rows_it_needs() -> None:
    assert lay_key(["refused", "not sure", "left blank"], width=158).columns == 3
    long = lay_key([f"a reason of missing answers told at length, {i}" for i in range(6)], width=158)
    assert long.columns < 6
    assert long.height > lay_key(["refused"], width=158).height
    assert lay_key(["x" * 400], width=158).columns == 1


def test_correlations_come_strongest_first_in_either_direction() -> None:
    tables = make_tables(verdict="gradient")
    pairs = tables["correlations"].assign(suppressed="")
    pairs.loc[5, "r"] = -0.95
    pairs.loc[0, "suppressed"] = "threshold"
    frame = correlation_data({"correlations": pairs})
    assert frame["r"].iloc[0] == -0.95
    assert pairs.loc[0, "r"] not in set(frame["r"])


def test_the_screen_picture_is_light_and_white() -> None:
    tables = make_tables(3)
    figure = plots.draw_map(tables)
    png = screen_png(figure)
    assert png == screen_png(figure)
    assert len(png) < 100_000
    assert b"tEXt" not in png
    assert Picture(figure=figure, alt="x").png == png


def test_a_group_with_too_few_missing_answers_has_no_mark_instead_of_one_at_zero() -> None:
    rows = [
        ("a", "A", "UK", "answered", 320.0, 340.0), ("a", "A", "UK", "refused", np.nan, np.nan),
        ("a", "A", "UK", "not sure", np.nan, np.nan), ("a", "A", "Italy", "answered", 300.0, 300.0),
        ("a", "A", "Italy", "refused", np.nan, np.nan), ("b", "B", "UK", "answered", 240.0, 340.0),
        ("b", "B", "UK", "not asked", 80.0, 340.0), ("b", "B", "Italy", "answered", 200.0, 300.0),
        ("b", "B", "Italy", "not asked", 100.0, 300.0), ("c", "C", "UK", "answered", 340.0, 340.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["variable", "label", "group", "kind", "n", "base"])
    tables = {"missingness_groups": frame.assign(share=frame["n"] / frame["base"], suppressed="")}
    shown = missing_groups_data(tables).set_index(["variable", "group"])["share"]
    assert shown["a", "UK"] == shown["b", "UK"] == pytest.approx(20 / 340)
    assert shown[[("a", "Italy"), ("b", "Italy")]].isna().all()
    assert "c" not in shown.index.get_level_values("variable")
    with styled():
        ax = place(new_figure(width=100, height=40), left=40, top=10, width=50, height=25)
        draw_groups(missing_groups_data(tables), ax, label_width=80)
    marks = [line for line in ax.lines if line.get_marker() not in ("None", None)]
    assert [float(np.asarray(line.get_xdata()).item()) for line in marks] == pytest.approx([20 / 340] * 2)


def test_without_kinds_of_behaviour_no_empty_panel_is_drawn() -> None:
    tables = make_tables(2)
    row = models(tables).iloc[0].to_dict()
    without = {**tables, "risk_dose": tables["risk_dose"].iloc[:0]}
    titles = [
        {ax.get_title(loc="left") for ax in pictures.draw_risk(drawn, row).axes} - {""}
        for drawn in (tables, without)
    ]
    assert titles[0] - titles[1] == {"By kinds of risky behaviour online"}
    assert titles[1]
