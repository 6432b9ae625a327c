from __future__ import annotations

from pathlib import Path

import numpy as np

from typology.evidence.rivals import plain_clusters
from typology.prepare.encode import prepare
from typology.schema.load import load_study
from typology.survey.read import read_survey


def test_plain_clusters_are_the_same_in_a_second_run(configs: Path) -> None:
    # on these answers the spectral start of umap differs from one call to the next, in spite of the seed
    study = load_study(configs / "demo.yaml")
    survey = prepare(read_survey(study), study)
    first, second = (plain_clusters(survey, seed=study.config.seed) for _ in range(2))
    assert np.array_equal(first.labels, second.labels)
    assert len(np.unique(first.labels)) > 2
