"""Whether JupyterLab is set to write the content of widgets into notebooks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from jupyter_core.paths import jupyter_config_dir, jupyter_path

PLUGIN = Path("@jupyter-widgets") / "jupyterlab-manager" / "plugin.jupyterlab-settings"
ON = re.compile(r"[\"']?saveState[\"']?\s*:\s*true")
# a comment in the middle of a line is left in: rather refuse too often
COMMENT = re.compile(r"^\s*//[^\n]*$", re.MULTILINE)


def settings_files() -> Iterator[Path]:
    """Files in which somebody may have changed the setting: the user's own, and those of the installation."""
    own = os.environ.get("JUPYTERLAB_SETTINGS_DIR") or Path(jupyter_config_dir()) / "lab" / "user-settings"
    yield Path(own) / PLUGIN
    for folder in jupyter_path("lab", "settings"):
        yield Path(folder) / "overrides.json"


def widget_content_is_saved() -> Path | None:
    """Return the settings file that makes JupyterLab save the state of widgets in notebooks, if one does.

    The setting, "Save Jupyter widget state in notebooks", is off unless somebody has turned it on. Other
    programs than JupyterLab, and a JupyterLab on another machine, cannot be asked.
    """
    for path in settings_files():
        if path.is_file() and ON.search(COMMENT.sub("", path.read_text(encoding="utf-8", errors="replace"))):
            return path
    return None
