"""The views of the explorer: a type, the runs behind the types, a region of the map."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from typology.explorer.gate import Gate, in_notebook_style, paragraphs
from typology.explorer.groups import cluster_cells, crossing, region
from typology.plots.clusters import draw_region, draw_run, in_cells
from typology.plots.picture import Picture
from typology.profile.wording import percent
from typology.runs import Run
from typology.runs.private import run_column

SCREEN = 100
METHODS = {"eom": "excess of mass (fewer, larger)", "leaf": "leaves (more, smaller)"}
WIDE = {"description_width": "11em"}
NO_TYPES = (
    "No types were found in this run. The clusters below are what UMAP and HDBSCAN return all the same, as "
    "they would for answers without groups; they are not types."
)
ABOUT_RUNS = (
    "All runs of the study are here, computed with the study: nothing is clustered anew. A larger smallest "
    "cluster merges, a smaller one splits; a larger neighbourhood looks at broader patterns. Another seed "
    "changes nothing but chance: what changes with it is not to be relied on."
)
ABOUT_REGION = (
    "Choose a rectangle of the map. Place and distance on the map have no fixed meaning; the rectangle is a "
    "way to pick respondents with like answers, not a group that was found."
)


def long_line() -> widgets.Layout:
    """Layout of a control with a long label; a new one each time, as closing a widget closes it too."""
    return widgets.Layout(width="40em", max_width="100%")


class TypePanel:
    """Pick a type, see its card: released content only.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        options = [(f"{entry['id']} {entry['name']}", entry["id"]) for entry in run.summary["types"]]
        self.type = widgets.Dropdown(options=options, description="Type", style=WIDE, layout=long_line())
        self.card = widgets.HTML()
        self._drawn: dict[str, str] = {}
        self.type.observe(lambda _: self.show(), names="value")
        self.box = widgets.VBox([*([self.type] if options else []), self.card])
        self.show()

    def show(self) -> None:
        """Draw the card of the chosen type, or say why there is none."""
        chosen = self.type.value
        key = "" if chosen is None else str(chosen)
        if key not in self._drawn:
            shown = self._run.card(key) if key else self._run.cards()
            self._drawn[key] = shown._repr_html_()
        self.card.value = self._drawn[key]


class RunsPanel:
    """Slide the settings of UMAP and HDBSCAN and see types split and merge.

    Parameters
    ----------
    run : Run
    gate : Gate
    """

    def __init__(self, run: Run, gate: Gate) -> None:
        self._gate = gate
        self._types = bool(run.summary["types"])
        table = run.tables["runs"]
        self._released = {run_column(row): row for row in table.to_dict("records")}
        self.n_neighbors = _slider("Neighbourhood", sorted(set(table["n_neighbors"])))
        self.size = _slider("Smallest cluster", sorted(set(table["min_cluster_size"])))
        seeds = list(dict.fromkeys(table["seed"]))
        self.seed = _slider("Seed", [(str(at), seed) for at, seed in enumerate(seeds, start=1)])
        ways = [(METHODS.get(name, str(name)), name) for name in dict.fromkeys(table["method"])]
        self.method = widgets.Dropdown(
            options=ways, description="Clusters by", style=WIDE, layout=long_line()
        )
        self.summary, self.shown = widgets.HTML(), widgets.HTML()
        self._drawn: dict[str, str] = {}
        controls = (self.n_neighbors, self.size, self.seed, self.method)
        for control in controls:
            control.observe(lambda _: self.show(), names="value")
        about = widgets.HTML(paragraphs(ABOUT_RUNS, *([] if self._types else [NO_TYPES])))
        self.box = widgets.VBox([about, *controls, self.summary, self.shown])
        self.show()

    @property
    def chosen(self) -> str:
        """Name of the chosen run."""
        return run_column(
            {
                "n_neighbors": self.n_neighbors.value, "min_cluster_size": self.size.value,
                "method": self.method.value, "seed": self.seed.value,
            }
        )  # fmt: skip

    def show(self) -> None:
        """Say what the chosen run found and, while the door is open, show its clusters."""
        name = self.chosen
        self.summary.value = paragraphs(_in_words(self._released.get(name)))
        private = self._gate.private
        if private is None or name not in private.clusters:
            self._drawn.clear()
            self.shown.value = ""
            return
        if name not in self._drawn:
            found = crossing(private, name)
            told = " ".join(found.sentences())
            figure = draw_run(found.flows(), cluster_cells(private, name))
            picture = Picture(
                figure=figure,
                dpi=SCREEN,
                alt=f"Types and clusters of this run, map of the clusters. {told}",
            )
            self._drawn[name] = in_notebook_style(
                paragraphs(told) + picture._repr_html_() + found.table()._repr_html_()
            )
        self.shown.value = self._drawn[name]


class RegionPanel:
    """Choose a rectangle of the map and see how its respondents answered.

    Parameters
    ----------
    gate : Gate
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.across, self.up = _range("From left to right"), _range("From bottom to top")
        self.shown = widgets.HTML()
        for control in (self.across, self.up):
            control.observe(lambda _: self.show(), names="value")
        self.box = widgets.VBox([widgets.HTML(paragraphs(ABOUT_REGION)), self.across, self.up, self.shown])
        self.show()

    def show(self) -> None:
        """Show the map with the rectangle and the answers of those inside, while the door is open."""
        private = self._gate.private
        if private is None:
            self.shown.value = ""
            return
        cells = cluster_cells(private, None)
        scale = cells.attrs.get("across", 1)
        x, y = (in_cells(control.value, across=scale) for control in (self.across, self.up))
        answers = region(private, (self.across.value, self.up.value))
        picture = Picture(figure=draw_region(cells, x=x, y=y), dpi=SCREEN, alt="Map with the chosen region.")
        self.shown.value = in_notebook_style(
            '<div style="display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start;line-height:1.4">'
            f'<div style="flex:1 1 24em">{picture._repr_html_()}</div>'
            f'<div style="flex:1 1 26em">{answers._repr_html_()}</div></div>'
        )


def _slider(label: str, options: list[Any]) -> widgets.SelectionSlider:
    return widgets.SelectionSlider(options=options, description=label, style=WIDE, layout=long_line())


def _range(label: str) -> widgets.IntRangeSlider:
    return widgets.IntRangeSlider(
        value=(0, 100), min=0, max=100, step=2, description=label, style=WIDE, layout=long_line(),
        continuous_update=False,
    )  # fmt: skip


def _in_words(row: dict[Any, Any] | None) -> str:
    """What the release says about one run."""
    if row is None:
        return "The study has no run with these settings."
    return (
        f"This run: {row['clusters']} clusters, {percent(float(row['noise']))} of respondents in none "
        f"(noise), agreement with the types {float(row['ari_to_types']):.2f} (adjusted Rand index, 1 is the "
        "same groups)."
    )
