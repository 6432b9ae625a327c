"""The command line: parse, call, print. No analysis in here, and nothing heavy is imported to show help."""

from typology.cli.app import main

__all__ = ["main"]
