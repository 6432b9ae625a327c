"""The only package that knows the order of the stages."""

from typology.pipeline.compare import compare_runs
from typology.pipeline.export import export_run
from typology.pipeline.lab import copy_notebooks
from typology.pipeline.study import Checked, audit_run, check_study, render_again, run_study, verify_run

__all__ = [
    "Checked",
    "audit_run",
    "check_study",
    "compare_runs",
    "copy_notebooks",
    "export_run",
    "render_again",
    "run_study",
    "verify_run",
]
