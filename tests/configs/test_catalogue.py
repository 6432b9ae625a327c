"""The risk-factor catalogue: nothing in it without a source, nothing of the literature left out."""

import re

import pytest

from typology.resources import configs_dir
from typology.schema.catalogue import Catalogue, EvidenceEntry
from typology.schema.load import load_study

GRADES = {"strong", "moderate", "limited", "qualitative", "conflicting", "null"}
AUDIENCES = {"industry", "police", "schools", "parents", "services"}
CITED = re.compile(r"\b(19|20)\d\d\b|PMC\d+")
BLAMING = re.compile(
    r"\b(fault|blame|careless|reckless|naive|promiscuous|provocative|should have|asked for it)\b",
    re.IGNORECASE,
)

PUBLISHED = [
    # factor, source, estimate, interval: the table of effects the catalogue must carry
    ("rude_comments", "Ybarra", 2.3, None),
    ("embarrassing_others", "Ybarra", 4.6, None),
    ("meeting_people_many_ways", "Ybarra", 3.4, None),
    ("talking_about_sex_online", "Ybarra", 2.0, None),
    ("many_risky_behaviours", "Ybarra", 11.3, None),
    ("sharing_personal_information", "Ybarra", None, None),
    ("posting_personal_information", "BMJ Open", 1.1, (0.7, 1.3)),
    ("sending_information_to_strangers", "BMJ Open", 1.2, (0.9, 1.7)),
    ("interacting_with_strangers", "BMJ Open", 1.1, (0.6, 2.0)),
    ("revealing_pictures", "BMJ Open", 3.5, (1.4, 8.9)),
    ("perpetrating_harassment", "BMJ Open", 5.6, (4.0, 7.9)),
    ("perpetrating_solicitation", "BMJ Open", 2.2, (1.1, 4.4)),
    ("many_risky_behaviours", "BMJ Open", 2.4, (1.5, 3.8)),
    ("many_risky_behaviours", "BMJ Open", 4.2, (2.6, 6.7)),
    ("many_risky_behaviours", "BMJ Open", 6.4, (3.7, 11.1)),
    ("depressive_symptoms", "Ybarra", 3.54, (2.19, 5.71)),
    ("depressive_symptoms", "Ybarra", 1.55, None),
    ("gender_female", "Mitchell", None, None),
    ("gender_female", "Madigan", None, None),
    ("gender_female", "Turner", None, None),
    ("gender_female", "de Santisteban", None, None),
    ("older_adolescent", "Mitchell", None, None),
    ("troubled_offline", "Mitchell", None, None),
    ("troubled_offline", "Wachs", None, None),
    ("frequent_internet_use", "Mitchell", None, None),
    ("frequent_internet_use", "de Santisteban", None, None),
    ("chat_use", "Mitchell", None, None),
    ("chat_use", "de Santisteban", None, None),
    ("interacting_with_strangers", "Mitchell", None, None),
    ("prior_offline_sexual_abuse", "Turner", None, None),
    ("sexual_minority", "Turner", None, None),
    ("sexual_minority", "Priebe", None, None),
    ("low_parental_education", "Turner", None, None),
    ("low_self_esteem", "Wachs", None, None),
    ("cyberbullied", "Wachs", None, None),
    ("cyberbullied", "de Santisteban", None, None),
    ("compulsive_internet_use", "Wachs", None, None),
    ("maltreatment", "Noll et al. 2009", None, None),
    ("maltreatment", "Noll et al. 2013", None, None),
    ("no_filter_software", "Noll", None, None),
    ("special_education", "Wells", None, None),
    ("polyvictimisation", "Jonsson", None, None),
    ("poor_parent_relations", "Jonsson", None, None),
    ("social_isolation", "RAYUELA", None, None),
    ("poor_family_communication", "RAYUELA", None, None),
    ("revealing_pictures", "de Santisteban", None, None),
    ("unknown_friends", "de Santisteban", None, None),
    ("depressive_symptoms", "de Santisteban", None, None),
    ("low_parental_involvement", "Whittle", None, None),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_study(configs_dir() / "demo.yaml").catalogue


def entries(catalogue: Catalogue) -> list[tuple[str, EvidenceEntry]]:
    return [(name, entry) for name, factor in catalogue.factors.items() for entry in factor.evidence]


@pytest.mark.parametrize(("factor", "source", "estimate", "interval"), PUBLISHED)
def test_published_effect_is_in_the_catalogue(
    catalogue: Catalogue,
    factor: str,
    source: str,
    estimate: float | None,
    interval: tuple[float, float] | None,
) -> None:
    found = [
        entry
        for entry in catalogue.factors[factor].evidence
        if source in entry.source and (entry.estimate, entry.ci) == (estimate, interval)
    ]
    assert len(found) == 1


def test_every_entry_names_its_source_year_outcome_and_finding(catalogue: Catalogue) -> None:
    for name, entry in entries(catalogue):
        assert CITED.search(entry.source), (name, entry.source)
        assert str(entry.year) in entry.source, (name, entry.source)
        assert entry.finding, name
        assert entry.design, name
        assert entry.outcome, name


def test_numbers_are_whole(catalogue: Catalogue) -> None:
    """An interval belongs to an estimate inside it, an estimate to a named measure."""
    for name, entry in entries(catalogue):
        assert (entry.estimate is None) == (entry.measure == ""), name
        if entry.ci is not None:
            assert entry.ci[0] < entry.estimate < entry.ci[1], name


def test_every_factor_has_evidence_and_a_grade_that_fits_it(catalogue: Catalogue) -> None:
    for name, factor in catalogue.factors.items():
        assert factor.evidence, name
        assert factor.grade in GRADES, name
        sized = [entry for entry in factor.evidence if entry.estimate is not None]
        if factor.grade in ("limited", "qualitative"):
            assert not sized, name
        if factor.grade == "strong":
            assert len(sized) >= 2, name
        if factor.grade == "null":
            assert all(entry.ci is None or entry.ci[0] < 1 < entry.ci[1] for entry in sized), name


def test_null_findings_are_kept(catalogue: Catalogue) -> None:
    null = {name for name, factor in catalogue.factors.items() if factor.grade == "null"}
    assert {"sharing_personal_information", "posting_personal_information", "no_filter_software"} <= null


def test_profiles_name_known_factors_and_their_source(catalogue: Catalogue) -> None:
    assert set(catalogue.profiles) == {
        "adapted",
        "inquisitive_online",
        "risk_taking_aggressive",
        "sexually_inquisitive_online",
        "vulnerable",
        "risk_taking",
        "resilient",
    }
    for name, profile in catalogue.profiles.items():
        assert CITED.search(profile.source), name
        assert set(profile.high) | set(profile.low) <= set(catalogue.factors), name
        assert profile.high or profile.low, name
        assert not set(profile.high) & set(profile.low), name
        assert "our reading" in profile.description, name


def test_profiles_are_told_apart_by_what_the_demo_measures(catalogue: Catalogue) -> None:
    codebook = load_study(configs_dir() / "demo.yaml").codebook
    measured = {variable.factor for variable in codebook.variables.values()}
    measured |= {scale.factor for scale in codebook.scales.values()}
    seen = {
        (frozenset(profile.high) & measured, frozenset(profile.low) & measured)
        for profile in catalogue.profiles.values()
    }
    assert len(seen) == len(catalogue.profiles)


def test_every_guidance_statement_has_a_source(catalogue: Catalogue) -> None:
    assert set(catalogue.guidance) <= set(catalogue.factors)
    seen = set()
    for factor, by_audience in catalogue.guidance.items():
        assert by_audience, factor
        for audience, statements in by_audience.items():
            seen.add(audience)
            assert statements, (factor, audience)
            for advice in statements:
                assert CITED.search(advice.source), (factor, audience, advice.source)
                assert advice.statement.endswith("."), advice.statement
                assert 20 < len(advice.statement) < 200, advice.statement
    assert seen == AUDIENCES


def test_guidance_carries_the_stakeholder_themes(catalogue: Catalogue) -> None:
    themes = {
        advice.statement
        for by_audience in catalogue.guidance.values()
        for statements in by_audience.values()
        for advice in statements
        if "ISEC" in advice.source
    }
    for word in ("public-health", "training", "communication", "partnerships"):
        assert any(word in theme for theme in themes), word


def test_what_the_surveys_measure_has_guidance(catalogue: Catalogue) -> None:
    codebook = load_study(configs_dir() / "demo.yaml").codebook
    bound = {variable.factor for variable in codebook.variables.values()} - {None}
    bound |= {scale.factor for scale in codebook.scales.values()}
    for factor in bound:
        assert len(catalogue.guidance[factor]) >= 2, factor


def test_wording_never_blames(catalogue: Catalogue) -> None:
    texts = [factor.statement for factor in catalogue.factors.values()]
    texts += [profile.description for profile in catalogue.profiles.values()]
    texts += [
        advice.statement
        for by_audience in catalogue.guidance.values()
        for statements in by_audience.values()
        for advice in statements
    ]
    assert not [text for text in texts if BLAMING.search(text)]


def test_every_sentence_and_number_has_a_source_of_a_year(catalogue: Catalogue) -> None:
    """Findings, profiles and guidance alike; a number in a sentence stands in a finding of its factor."""
    sources = [entry.source for _, entry in entries(catalogue)]
    sources += [profile.source for profile in catalogue.profiles.values()]
    for by_audience in catalogue.guidance.values():
        for statements in by_audience.values():
            sources += [advice.source for advice in statements]
    assert [source for source in sources if not CITED.search(source)] == []
    for name, factor in catalogue.factors.items():
        assert not re.search(r"\d", factor.statement), name


def test_the_dose_response_of_the_literature_carries_its_levels(catalogue: Catalogue) -> None:
    entry = {each.level: each.estimate for each in catalogue.factors["many_risky_behaviours"].evidence}
    assert {level: entry[level] for level in ("2", "3", "4 or more")} == {
        "2": 2.4,
        "3": 4.2,
        "4 or more": 6.4,
    }
    behaviours = {name for name, factor in catalogue.factors.items() if factor.behaviour}
    assert {"rude_comments", "revealing_pictures", "talking_about_sex_online"} <= behaviours
    assert all(catalogue.factors[name].domain == "online" for name in behaviours)
