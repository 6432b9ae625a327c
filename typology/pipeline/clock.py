"""Times the stages of a run and announces them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from typology.progress import Progress


class Clock:
    """Seconds by stage.

    Parameters
    ----------
    progress : Progress
        Hears of every stage.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.timings: dict[str, float] = {}
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Wall time since the clock was made, and that of stages done before."""
        return time.perf_counter() - self._began

    @contextlib.contextmanager
    def stage(self, name: str, *, announce: str = "") -> Iterator[None]:
        """Time a stage.

        Parameters
        ----------
        name : str
            Its key in the manifest.
        announce : str
            What the user sees; empty when the stage announces its own steps.
        """
        if announce:
            self.progress.start(announce, total=1)
        began = time.perf_counter()
        yield
        self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - began
        if announce:
            self.progress.advance()

    def skip(self, name: str, *, seconds: float) -> None:
        """Count a stage that was done before the run was interrupted.

        Parameters
        ----------
        name : str
        seconds : float
            How long it took then.
        """
        self.say(f"Done before: {name}")
        self.timings[name] = seconds
        self._began -= seconds

    def say(self, text: str) -> None:
        """Tell the user something that takes no time."""
        self.progress.start(text, total=1)
        self.progress.advance()
