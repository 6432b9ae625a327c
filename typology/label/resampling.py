"""Bootstrap resamples of a survey, by primary sampling unit within strata."""

from __future__ import annotations

import numpy as np

from typology.label.sampling import SurveyDesign
from typology.results import Floats, Ints


def psus_drawn(design: SurveyDesign, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Draw as many PSUs from each stratum as it has less one, with replacement.

    One fewer makes the spread of the resamples that of the estimate (Rao & Wu 1988, Journal of the American
    Statistical Association 83:231-241). A stratum with a single PSU keeps it.

    Returns
    -------
    times : int array, (PSUs,)
        How often each is drawn.
    size : int array, (PSUs,)
        PSUs in its stratum.
    """
    stratum = design.psu_stratum
    size = np.bincount(stratum)
    times = np.zeros(len(stratum), dtype=np.int64)
    for number, of in enumerate(size.tolist()):
        members = np.flatnonzero(stratum == number)
        drawn = members if of == 1 else rng.choice(members, size=of - 1)
        times += np.bincount(drawn, minlength=len(times))
    return times, size[stratum]


def replicate_weight(design: SurveyDesign, rng: np.random.Generator) -> Floats:
    """Weights of everybody in one resample."""
    times, size = psus_drawn(design, rng)
    factor = np.where(size > 1, times * size / np.maximum(size - 1, 1), 1.0)
    return np.asarray(design.weight * factor[design.psu])
