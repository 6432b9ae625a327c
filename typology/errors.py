"""Errors a researcher can act on.

Every fault of the inputs is an :class:`InputFault`: one line that names the file, the variable, the
offending value and what to do. Faults are collected and raised together as :class:`InputFaults`, so
that a codebook with twelve mistakes is mended in one go and not in twelve.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from typology.letters import visible


class TypologyError(Exception):
    """Base of all errors this package raises on purpose."""


@dataclass(frozen=True)
class InputFault:
    """One fault in one input file.

    Parameters
    ----------
    file : str
        Name of the faulty file, as the user wrote it.
    message : str
        What is wrong, in plain words.
    remedy : str
        What to do about it.
    variable : str
        The variable or key concerned; empty when the whole file is.
    value : str
        The offending value as found; empty when there is none to show.
    line : int or None
        Line of the YAML file the fault points to, counted from 1.
    """

    file: str
    message: str
    remedy: str
    variable: str = ""
    value: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """One line: file:line: variable: message (found: value). Remedy."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        parts = [place] + ([self.variable] if self.variable else [])
        found = f" (found: {self.value})" if self.value else ""
        return visible(f"{': '.join(parts)}: {self.message}{found}. {self.remedy}")


class InputFaults(TypologyError):
    """All faults found in the inputs, raised together.

    Parameters
    ----------
    faults : iterable of InputFault
        At least one fault.
    """

    def __init__(self, faults: Iterable[InputFault]) -> None:
        self.faults: tuple[InputFault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DisclosureError(TypologyError):
    """The finished release would reveal a small group, so the run was stopped."""


class RunFolderError(TypologyError):
    """A run folder cannot be written, opened or trusted."""


class ClusterError(TypologyError):
    """The cluster that was to do the work is lost."""
