"""The door between what is released and what is private: nothing private is shown before somebody asks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from typology.errors import RunFolderError
from typology.explorer.saved import widget_content_is_saved
from typology.profile.display import Notice
from typology.runs import Run
from typology.runs.private import PrivateMap, open_private

EVERY = 1.0  # seconds
TIGHT = "line-height:1.4;margin:0.3em 0;max-width:60em"
WARNING = (
    "Private, for the research team only. What the views Runs and Region show is computed from single "
    "respondents. It is held in this browser window while the kernel runs and is not written into the "
    "notebook: saving saves your code and an empty place, and after reopening the cell has to be run again. "
    "Take no screenshots or copies of it for release, and compare no two regions to find a person out. “Hide "
    "what is private” empties it at once. JupyterLab would save it only with “Save Widget State "
    "Automatically” in its menu Settings on; then nothing private is shown here. Other programs than the "
    "JupyterLab of this computer cannot be asked: do not show it where you do not know the setting."
)
ASK = (
    "The views Runs and Region need the private files of this run. They are not read before you press "
    "“Show what is private”."
)


class Gate:
    """Opens the private files of a run on request and closes them again.

    Parameters
    ----------
    run : Run
    changed : callable
        Called after opening and closing.
    """

    def __init__(self, run: Run, changed: Callable[[], None]) -> None:
        self._run, self._changed = run, changed
        self._private: PrivateMap | None = None
        self._watching: asyncio.Task[None] | None = None
        wide = widgets.Layout(width="auto")
        self.reveal = widgets.Button(description="Show what is private", layout=wide)
        self.hide = widgets.Button(description="Hide what is private", layout=wide, disabled=True)
        self.notice = widgets.HTML()
        self.reveal.on_click(lambda _: self.open())
        self.hide.on_click(lambda _: self.close())
        self.box = widgets.VBox([widgets.HBox([self.reveal, self.hide]), self.notice])
        self._say(ASK)

    @property
    def private(self) -> PrivateMap | None:
        """The private rows while the door is open; it closes if the notebook would keep what it shows."""
        if self._private is not None and self._refused():
            self.close()
            self._refuse()
        return self._private

    def open(self) -> None:
        """Read the private files, unless the notebook would keep what is shown of them."""
        if self._refuse():
            return
        try:
            self._private = open_private(self._run)
        except RunFolderError as error:
            self._say(str(error))
            return
        self._set(open_=True)
        self._say(WARNING)
        self._changed()
        # outside a kernel there is nobody to turn the setting on meanwhile
        with contextlib.suppress(RuntimeError):
            self._watching = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        """Look at the setting every second while the door is open: it closes before a notebook is saved."""
        while self.private is not None:
            await asyncio.sleep(EVERY)

    def close(self) -> None:
        """Forget the private rows and empty what shows them."""
        self._private = None
        self._set(open_=False)
        self._say(ASK)
        self._changed()

    def _set(self, *, open_: bool) -> None:
        self.reveal.disabled, self.hide.disabled = open_, not open_

    def _refused(self) -> bool:
        return widget_content_is_saved() is not None

    def _refuse(self) -> bool:
        file = widget_content_is_saved()
        if file is not None:
            self._say(
                "Nothing private is shown: JupyterLab is set to save the content of widgets in notebooks. "
                "Turn off “Save Widget State Automatically” in its menu Settings and run the cell again. The "
                f"setting is in {file}."
            )
        return file is not None

    def _say(self, text: str) -> None:
        self.notice.value = f'<div role="status" style="{TIGHT}">{Notice(text)._repr_html_()}</div>'


def in_notebook_style(html: str) -> str:
    """Let JupyterLab's own style for output apply inside a widget, to tables above all."""
    return f'<div class="jp-RenderedHTMLCommon" style="padding:0">{html}</div>'


def paragraphs(*texts: str) -> str:
    """HTML paragraphs of plain texts."""
    return "".join(f'<p style="{TIGHT}">{escape(text)}</p>' for text in texts)
