"""Make faults about one YAML file, with the line and the variable they concern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typology.errors import InputFault
from typology.schema.yaml_file import KeyPath, YamlDocument

_NAMED = ("variables", "scales", "factors", "profiles", "guidance")


@dataclass(frozen=True)
class Report:
    """Makes faults about one file."""

    document: YamlDocument

    def __call__(self, path: KeyPath, message: str, remedy: str, *, value: Any = "") -> InputFault:
        """Make the fault of the key at `path`."""
        named = len(path) > 1 and path[0] in _NAMED
        variable = str(path[1]) if named else ".".join(str(part) for part in path if isinstance(part, str))
        line = self.document.line(path)
        return InputFault(
            self.document.shown, message, remedy, variable=variable, value=str(value), line=line
        )
