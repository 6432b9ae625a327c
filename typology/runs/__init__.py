"""The run folder: written whole or not at all, opened as a `Run`, verified by running again.

The package is called `runs` because ``typology.run`` is the public verb.
"""

from typology.runs.run import Run, open_run

__all__ = ["Run", "open_run"]
