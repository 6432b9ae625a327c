"""Stages that are kept when they are done, so that an interrupted run goes on from the last of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from typology.pipeline.clock import Clock
from typology.runs.checkpoints import Checkpoints

T = TypeVar("T")


class Stages:
    """Runs the long stages of an analysis, or takes them from where they are kept.

    Parameters
    ----------
    clock : Clock
    kept : Checkpoints, optional
        Where finished stages are kept; nowhere by default.
    resume : bool
        Go on from the stages kept there. They are forgotten otherwise.
    """

    def __init__(self, clock: Clock, kept: Checkpoints | None = None, *, resume: bool = False) -> None:
        self._clock = clock
        self._kept = kept
        self.saved = 0
        self._resuming = resume and self._can_resume()
        if kept is not None and not self._resuming:
            kept.discard()

    def run(self, name: str, stage: Callable[[], T], *, announce: str = "") -> T:
        """Run a stage, or take what it handed on before the interruption.

        Parameters
        ----------
        name : str
            Its key in the manifest.
        stage : callable
        announce : str
            What the user sees; empty when the stage announces its own steps.
        """
        saved = self._kept.load(name) if self._kept is not None and self._resuming else None
        if saved is not None:
            self._clock.skip(name, seconds=saved.seconds)
            self.saved += 1
            found: T = saved.value
            return found
        self._resuming = False  # what comes after a stage made anew is made anew
        with self._clock.stage(name, announce=announce):
            found = stage()
        if self._kept is not None:
            self._kept.save(name, found, seconds=self._clock.timings[name])
            self.saved += 1
        return found

    def _can_resume(self) -> bool:
        """Whether there is something to go on from; says so where there is not."""
        fits = None if self._kept is None else self._kept.fits()
        if not fits:
            self._clock.say(
                "Nothing to resume: from the start"
                if fits is None
                else "Inputs, settings or versions changed: from the start"
            )
        return bool(fits)
