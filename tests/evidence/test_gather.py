"""From small surveys to verdicts: types where they are, degree where there is only degree, else nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from clustering import config

from benchmarks.surveys import prepared
from typology.discover import types
from typology.discover.types import discover
from typology.errors import TypologyError
from typology.evidence.gather import gather_evidence
from typology.progress import SilentProgress
from typology.results import Discovery, Evidence, Prepared
from typology.simulate.planted import PlantedOptions, PlantedSurvey, plant

ITEMS = {"n": 400, "binary": 12, "ordinal": 4}
CONFIG = config(evidence={"resamples": 10, "nulls": 10})
CLEAR = PlantedOptions(**ITEMS, shares=(0.5, 0.3, 0.2), separation=1.7)
SEVERITY = PlantedOptions(**ITEMS, shares=(1.0,), severity=1.3)
INDEPENDENT = PlantedOptions(**ITEMS, shares=(1.0,))


@pytest.fixture(scope="module", autouse=True)
def short_ladder():
    patch = pytest.MonkeyPatch()
    patch.setattr(types, "LARGEST", 3)
    yield
    patch.undo()


def judged(options: PlantedOptions) -> tuple[PlantedSurvey, Prepared, Discovery, Evidence]:
    planted = plant(options, seed=5)
    survey = prepared(planted)
    found = discover(survey, CONFIG, progress=SilentProgress())
    return planted, survey, found, gather_evidence(survey, found, CONFIG, progress=SilentProgress())


@pytest.fixture(scope="module")
def clear() -> tuple[PlantedSurvey, Prepared, Discovery, Evidence]:
    return judged(CLEAR)


def test_clear_types_are_types(clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence]) -> None:
    _, _, found, evidence = clear
    assert evidence.verdict == "types"
    assert evidence.p_no_types == pytest.approx(1 / 11)
    assert evidence.p_no_association == pytest.approx(1 / 200)
    assert found.n_types == 3
    assert set(evidence.types["grade"]) <= {"highly stable", "stable"}
    assert (evidence.types["jaccard_lo"] <= evidence.types["jaccard"]).all()
    assert (evidence.types["jaccard"] <= evidence.types["jaccard_hi"]).all()
    assert (evidence.types["flags"] == "").all()


def test_statistics_hold_the_survey_and_every_draw(
    clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence],
) -> None:
    table = clear[3].statistics
    for _, rows in table.groupby("statistic"):
        observed = rows.loc[rows["source"] == "observed", "value"]
        assert len(observed) == 1
        assert observed.item() > rows.loc[rows["source"] != "observed", "value"].max()
    assert table["source"].value_counts().to_dict() == {"no association": 199, "no types": 10, "observed": 2}


def test_latent_classes_find_the_same_types(
    clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence],
) -> None:
    _, survey, found, evidence = clear
    assert evidence.rivals["latent_class"]["classes"] == 3
    assert evidence.rivals["latent_class"]["ari"] > 0.9
    assert sorted(evidence.types["lca_class"]) == [1, 2, 3]
    assert (evidence.types["lca_profile_r"] > 0.98).all()
    assert (evidence.types["lca_overlap"] > 0.9).all()
    assert evidence.crosswalk.to_numpy().sum() == (found.labels >= 0).sum() <= survey.n
    fit = evidence.fit.set_index("classes")
    assert fit["bic"].idxmin() == 3
    assert (np.diff(fit["log_likelihood"]) > 0).all()
    parameters = (fit["aic"] + 2 * fit["log_likelihood"]) / 2
    free = sum(len(item.categories) - 1 for item in survey.items)
    assert parameters.tolist() == pytest.approx([k - 1 + k * free for k in fit.index])
    assert fit.loc[3, "smallest_share"] == pytest.approx(0.2, abs=0.05)


def test_plain_umap_is_compared_too(clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence]) -> None:
    plain = clear[3].rivals["plain_umap_hdbscan"]
    assert plain["clusters"] >= 1
    assert 0 <= plain["noise_share"] < 1
    assert -0.1 < plain["ari"] <= 1


def test_a_type_of_straight_liners_is_flagged(
    clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence],
) -> None:
    from typology.evidence.artefacts import artefact_flags

    _, survey, found, _ = clear
    flags = survey.flags.assign(straight_lining=found.labels == 1)
    assert artefact_flags(replace(survey, flags=flags), found) == ["", "coincides with straight lining", ""]


def test_severity_is_a_gradient() -> None:
    _, _, found, evidence = judged(SEVERITY)
    assert evidence.verdict == "gradient"
    assert evidence.p_no_association == pytest.approx(1 / 200)
    assert "difference in degree explains it" in evidence.reason
    assert len(evidence.types) == found.n_types >= 2  # the candidates are still there to look at


def test_independent_items_are_nothing() -> None:
    _, _, found, evidence = judged(INDEPENDENT)
    assert evidence.verdict == "none"
    assert evidence.p_no_association > 0.01
    assert found.parameters["dimensions"] == 0
    assert "hardly go together" in evidence.reason


def test_a_discovery_that_cannot_be_repeated_is_refused(
    clear: tuple[PlantedSurvey, Prepared, Discovery, Evidence],
) -> None:
    _, survey, found, _ = clear
    with pytest.raises(TypologyError, match="cannot be repeated"):
        gather_evidence(survey, replace(found, refit=None), CONFIG, progress=SilentProgress())
