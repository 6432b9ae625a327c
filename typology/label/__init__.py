"""What marks each type: design-based prevalences, risk factors, outcomes, names and guidance.

The frames of :class:`typology.results.Labels` follow the release tables of the same names. Their columns
that start with an underscore (`_size`, `_categories`, ...) tell the disclosure check which rows rest on the
same respondents; they are dropped before anything is written.
"""

from typology.label.types import label_types

__all__ = ["label_types"]
