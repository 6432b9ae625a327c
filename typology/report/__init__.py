"""The report: picture files, methods paragraph, and the whole as one self-contained HTML page and one PDF."""

from typology.report.render import render_report

__all__ = ["render_report"]
