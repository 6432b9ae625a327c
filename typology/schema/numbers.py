"""Numbers as the three input files may hold them: true is no 1, "5" is no 5, and nothing is infinite."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
