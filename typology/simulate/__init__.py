"""Simulated surveys whose truth is known."""
