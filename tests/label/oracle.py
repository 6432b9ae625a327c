"""The package's estimates are held against `svy`, which is given the same design here."""

from __future__ import annotations

from typing import Any

import polars as pl
import svy

from typology.label.sampling import SurveyDesign


def svy_sample(design: SurveyDesign, columns: dict[str, Any]) -> Any:
    """Hand the design and some columns to `svy`."""
    frame = {**columns, "_weight": design.weight, "_stratum": design.stratum, "_psu": design.psu}
    data = pl.DataFrame(frame, nan_to_null=True)
    rule = svy.Design(stratum="_stratum", psu="_psu", wgt="_weight", singleton="center")
    return svy.Sample(data, rule)
