"""Intake: reading a survey, checking it, scoring it, and how good its answers are."""
