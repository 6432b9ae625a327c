"""The report: picture files, methods paragraph, and one self-contained HTML page."""

from typology.report.render import render_report

__all__ = ["render_report"]
