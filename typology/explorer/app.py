"""The explorer: four views of a run in one widget of JupyterLab."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from typology.explorer.gate import Gate
from typology.explorer.naming_panel import NamingPanel
from typology.explorer.panels import RegionPanel, RunsPanel, TypePanel
from typology.runs import Run

VIEWS = ("Type", "Runs", "Region", "Name")
PRIVATE_VIEWS = ("Runs", "Region")


def explore(run: Run) -> Explorer:
    """Explore a finished run in JupyterLab.

    Parameters
    ----------
    run : Run
        An opened run.

    Returns
    -------
    Explorer
        Shows itself as the last line of a cell.
    """
    return Explorer(run)


class Explorer:
    """A run to look at: its types, the runs behind them, regions of the map, and names.

    Everything can be reached with the keyboard: Tab moves between controls, arrows move a slider. Nothing
    private is in the widget before somebody asks for it, and the notebook keeps none of it.

    Parameters
    ----------
    run : Run

    Attributes
    ----------
    box : VBox
        The widget.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.view = widgets.ToggleButtons(options=VIEWS, description="Show")
        self.gate = Gate(run, self._refresh)
        self.types = TypePanel(run)
        self.runs = RunsPanel(run, self.gate)
        self.region = RegionPanel(self.gate)
        self.naming = NamingPanel(run)
        self._boxes = {
            "Type": self.types.box, "Runs": self.runs.box, "Region": self.region.box, "Name": self.naming.box
        }  # fmt: skip
        self.view.observe(lambda _: self._turn(), names="value")
        self.box = widgets.VBox([self.view, self.gate.box, *self._boxes.values()])
        self._turn()

    def _turn(self) -> None:
        """Show one view."""
        for name, box in self._boxes.items():
            box.layout.display = "" if name == self.view.value else "none"
        self.gate.box.layout.display = "" if self.view.value in PRIVATE_VIEWS else "none"

    def _refresh(self) -> None:
        self.runs.show()
        self.region.show()

    def __repr__(self) -> str:
        """Name the run; nothing of what is shown."""
        return f"<Explorer of {self._run.summary['study']}: run this cell in JupyterLab to use it>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the widget, beside a text that holds nothing of its content: notebooks save that text."""
        return {**self.box._repr_mimebundle_(), "text/plain": repr(self)}
