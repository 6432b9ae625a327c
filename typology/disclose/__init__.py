"""Disclosure control: no number about too few respondents leaves a run, not even indirectly."""

from typology.disclose.audit import audit
from typology.disclose.suppress import protect

__all__ = ["audit", "protect"]
