"""The packaged studies load, and their codebooks describe their data completely."""

import pytest

from typology.resources import configs_dir
from typology.schema.codebook import Codebook
from typology.schema.load import load_study
from typology.simulate.isec import QUESTIONS, WORLDS, simulate_survey
from typology.simulate.isec_questions import TYPOLOGY
from typology.simulate.isec_risks import BATTERIES, FACTORS, OUTCOMES

SIMULATED = ("demo", "control_severity", "control_independent")


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_study(configs_dir() / "demo.yaml").codebook


@pytest.mark.parametrize("name", SIMULATED)
def test_simulated_studies_load(name: str) -> None:
    study = load_study(configs_dir() / f"{name}.yaml")
    assert study.config.study == name
    assert study.data_path is None
    assert study.config.survey.data in WORLDS


def test_controls_differ_from_the_demo_in_their_data_only() -> None:
    plain = [load_study(configs_dir() / f"{name}.yaml").config for name in SIMULATED]
    assert len({config.survey.data for config in plain}) == 3
    for config in plain[1:]:
        same = config.model_copy(update={key: getattr(plain[0], key) for key in ("study", "title", "survey")})
        assert same == plain[0]


@pytest.mark.parametrize("kind", WORLDS)
def test_codebook_names_exactly_the_columns_of_the_survey(kind: str, codebook: Codebook) -> None:
    survey, _ = simulate_survey(kind, seed=1)
    assert set(codebook.variables) == set(survey.columns)


def test_every_code_of_the_survey_is_declared(codebook: Codebook) -> None:
    survey, _ = simulate_survey("simulated", seed=1)
    for name, variable in codebook.variables.items():
        found = set(survey[name].dropna())
        if variable.values:
            assert found <= set(variable.values) | set(variable.missing), name
        if variable.missing:
            assert not set(variable.values) & set(variable.missing), name


def test_codebook_and_simulator_agree_on_roles_and_routing(codebook: Codebook) -> None:
    assert set(codebook.names("typology")) == {q.name for q in TYPOLOGY}
    assert set(codebook.names("risk")) == {q.name for q in FACTORS}
    assert set(codebook.names("outcome")) == {q.name for q in OUTCOMES}
    for question in QUESTIONS:
        routed = {} if question.asked_if is None else {question.asked_if[0]: question.asked_if[1]}
        assert codebook.variables[question.name].asked_if == routed, question.name


def test_scales_reverse_the_items_worded_against_the_trait(codebook: Codebook) -> None:
    for battery in BATTERIES:
        (scale,) = (s for s in codebook.scales.values() if s.items == battery.items)
        assert scale.reverse == battery.flipped


def test_typology_items_cover_the_five_fields(codebook: Codebook) -> None:
    domains = {codebook.variables[name].domain for name in codebook.names("typology")}
    assert domains == {
        "online contact",
        "online aggression",
        "online sexual behaviour",
        "offline risky behaviour",
        "online victimisation",
        "offline victimisation",
        "solicitation",
    }
    levels = {codebook.variables[name].type for name in codebook.names("typology")}
    assert levels == {"binary", "ordinal", "nominal", "numeric"}


@pytest.mark.parametrize("wave", ["yrbs2019", "yrbs2023"])
def test_yrbs_codebooks_bind_known_factors(wave: str) -> None:
    from typology.schema.catalogue import Catalogue
    from typology.schema.translate import build
    from typology.schema.yaml_file import read_yaml

    book, faults = build(Codebook, read_yaml(configs_dir() / f"codebooks/{wave}.yaml", shown=wave))
    known, more = build(Catalogue, read_yaml(configs_dir() / "risk_factors.yaml", shown="catalogue"))
    assert not faults
    assert not more
    bound = {variable.factor for variable in book.variables.values()} - {None}
    assert bound
    assert bound <= set(known.factors)
