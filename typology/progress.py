"""How long work reports its progress, without knowing who shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the stages of a run; the command line draws bars, a notebook or a test may ignore it."""

    def start(self, stage: str, *, total: int) -> None:
        """Begin a stage of `total` steps; ends the one before."""

    def advance(self, steps: int = 1) -> None:
        """Report finished steps of the current stage."""


class SilentProgress:
    """Shows nothing."""

    def start(self, stage: str, *, total: int) -> None:
        """Ignore the stage."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""
