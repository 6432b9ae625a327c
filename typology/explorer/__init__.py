"""The explorer: a finished run looked at in JupyterLab, with what is private kept out of the notebook."""

from typology.explorer.app import Explorer, explore

__all__ = ["Explorer", "explore"]
