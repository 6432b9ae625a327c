"""The view of the explorer in which a type gets another name."""

from __future__ import annotations

import getpass

import ipywidgets as widgets

from typology.errors import InputFaults
from typology.explorer.gate import in_notebook_style, paragraphs
from typology.explorer.panels import WIDE, long_line
from typology.profile.display import Notice, TableView
from typology.runs import Run
from typology.runs.names import current_names, naming_log, rename_type, study_file_of

ABOUT = (
    "Names are proposed by rule. A name of your own replaces the proposal in tables, cards and report with "
    "the next typology report. The released trace of names keeps both; a private log keeps who gave it and "
    "when. The name is released: it must be neutral, and say nothing about single people."
)
WITHOUT = "This run has no types, so there is nothing to name."


class NamingPanel:
    """Give a type another name, and have it logged.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.type = widgets.Dropdown(description="Type", style=WIDE, layout=long_line())
        self.name = widgets.Text(description="New name", style=WIDE, layout=long_line())
        self.who = widgets.Text(value=_user(), description="Given by", style=WIDE, layout=long_line())
        file = study_file_of(run) if run.summary["types"] else None
        self.study_file = widgets.Checkbox(
            value=file is not None,
            disabled=file is None,
            indent=False,
            description="Write it into the study file as well, so that a new run keeps it",
            layout=long_line(),
        )
        self.give = widgets.Button(description="Give this name", layout=widgets.Layout(width="max-content"))
        self.status, self.log = widgets.HTML(), widgets.HTML()
        self.give.on_click(lambda _: self.rename())
        where = (
            f"Study file: {file}"
            if file
            else "The study file is packaged, changed since the run, or read-only."
        )
        controls = [
            self.type,
            self.name,
            self.who,
            self.study_file,
            widgets.HTML(paragraphs(where)),
            self.give,
        ]
        shown = controls if run.summary["types"] else []
        about = widgets.HTML(paragraphs(ABOUT if shown else WITHOUT))
        self.box = widgets.VBox([about, *shown, self.status, self.log])
        self._list()

    def rename(self) -> None:
        """Give the chosen type the name that was typed, or say what is wrong with it."""
        try:
            entry = rename_type(
                self._run, str(self.type.value), self.name.value, who=self.who.value,
                study_file=self.study_file.value,
            )  # fmt: skip
        except InputFaults as faults:
            self._say("; ".join(str(fault) for fault in faults.faults))
            return
        self.name.value = ""
        self._list()
        self._say(
            f"{entry.type} is now “{entry.new}”, before “{entry.old}”. It goes into tables, cards and report "
            f"with: typology report {self._run.folder}"
        )

    def _list(self) -> None:
        """Show the names as they stand, and the log."""
        chosen = self.type.value
        names = current_names(self._run)
        self.type.options = [(f"{type_id} {name}", type_id) for type_id, name in names.items()]
        if names:
            self.type.value = chosen or next(iter(names))
        log = naming_log(self._run)
        if log:
            rows = tuple((entry.when, entry.type, entry.old, entry.new, entry.who) for entry in log)
            header = ("when", "type", "old name", "new name", "given by")
            view = TableView(caption="Names given", header=header, rows=rows)
            self.log.value = in_notebook_style(view._repr_html_())

    def _say(self, text: str) -> None:
        self.status.value = f'<div role="status">{Notice(text)._repr_html_()}</div>'


def _user() -> str:
    """Login of whoever runs the kernel; empty where the system does not tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
