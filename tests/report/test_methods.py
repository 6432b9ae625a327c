from __future__ import annotations

import pytest

from tests.release_factory import make_summary, make_tables
from typology.label import association
from typology.report.methods import methods_text
from typology.results import BANDS


def test_methods_hold_settings_versions_and_references() -> None:
    tables = make_tables(3)
    text = methods_text(tables, make_summary(tables))
    for told in (
        "1,166 respondents were read",
        "15, 30 and 60 neighbours",
        "up to 100 bootstrap samples",
        "beyond every draw, by at least 3.5",
        "smallest type holds 2%",
        "umap-learn 0.5.12",
        "weights and strata",
        "fewer than 10 respondents",
        "arXiv:1802.03426",
        "random seed 2015",
    ):
        assert told in text


def test_the_rule_for_standing_out_is_the_one_that_is_applied() -> None:
    tables = make_tables(3)
    text = methods_text(tables, make_summary(tables))
    assert f"odds ratio is at least {association.RATIO_LIMIT}" in text
    assert f"is below {association.Q_LIMIT}" in text


@pytest.mark.parametrize("verdict", ["types", "gradient", "none"])
def test_methods_without_provenance_leave_out_what_is_unknown(verdict: str) -> None:
    tables = make_tables(2 if verdict == "types" else 0, verdict=verdict)
    summary = make_summary(tables, verdict=verdict)
    summary["provenance"] = {}
    summary["respondents"] = {"read": 1166, "set_aside": None, "clustered": None, "unassigned": None}
    text = methods_text(tables, summary)
    assert "None" not in text
    assert "nan" not in text.split()
    assert "Counts below the disclosure threshold are not given." in text
    assert "simple random sampling" in text
    for told in ("Each type was compared", "Bolck", "Benjamini"):
        assert (told in text) == (verdict == "types")


def test_the_bands_of_stability_are_those_that_are_applied() -> None:
    tables = make_tables(3)
    text = " ".join(methods_text(tables, make_summary(tables)).split())
    (high, _), (stable, _), (pattern, _) = BANDS
    assert f"{high} or more is called highly stable, {stable} to {high} stable" in text
    assert f"{pattern} to {stable} a pattern only, less dissolved" in text


def test_missing_answers_and_scales_are_told_with_their_sources_where_there_are_any() -> None:
    tables = make_tables(3)
    text = " ".join(methods_text(tables, make_summary(tables)).split())
    assert "0.91 for those who answered everything they were asked and 0.97 after five-fold" in text
    assert "Feldt LS (1965)" in text
    assert "Rubin DB (1987)" in text
    tables["sensitivity"] = tables["sensitivity"].assign(ari=[float("nan"), 0.97], note=["too few", ""])
    assert "everything they were asked" not in methods_text(tables, make_summary(tables))
    tables |= {name: tables[name].iloc[:0] for name in ("sensitivity", "scales")}
    text = methods_text(tables, make_summary(tables))
    assert "Missing answers." not in text
    assert "Feldt" not in text
