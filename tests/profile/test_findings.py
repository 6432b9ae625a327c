from __future__ import annotations

import pytest

from tests.release_factory import make_summary, make_tables
from typology.profile.atlas import Standing, standing_out, standing_sentence
from typology.profile.findings import key_findings


def test_findings_name_every_type_with_share_and_what_marks_it() -> None:
    tables = make_tables(4)
    findings = key_findings(tables, make_summary(tables))
    assert "4 groups" in findings.headline
    for row in tables["types"].to_dict("records"):
        assert any(point.startswith(f"{row['id']}, {row['name']}: ") for point in findings.points)
    assert any("odds ratio" in point for point in findings.points)


@pytest.mark.parametrize(("verdict", "word"), [("gradient", "no separate groups"), ("none", "no groups")])
def test_without_types_the_headline_says_so_and_what_would_help(verdict: str, word: str) -> None:
    tables = make_tables(verdict=verdict)
    findings = key_findings(tables, make_summary(tables, verdict=verdict))
    assert word in findings.headline
    assert any("To show groups" in point for point in findings.points)
    assert not any(point.startswith("T1") for point in findings.points)


def test_without_types_it_is_said_what_was_found_instead_and_what_the_verdict_is_worth() -> None:
    tables = make_tables(verdict="gradient")
    summary = make_summary(tables, verdict="gradient")
    told = " ".join(key_findings(tables, summary).points)
    shown = tables["severity"][tables["severity"]["suppressed"] == ""]["band"]
    assert f"({shown.iloc[0]})" in told
    assert f"({shown.iloc[-1]})" in told
    assert f"“{tables['correlations']['label_a'].iloc[0]}”" in told
    assert "would have been found with a chance of at least 80%" in told
    tables["power"] = tables["power"].assign(share_found=0.0)
    told = " ".join(key_findings(tables, summary).points)
    assert "does not mean that there are none" in told
    assert "with a chance of 0% at best" in told
    assert f"factor of {tables['power']['odds_ratio'].max():.1f}" in told


def test_withheld_counts_are_passed_over_in_silence_not_as_none() -> None:
    tables = make_tables(2)
    summary = make_summary(tables)
    summary["respondents"] = {"read": 1166, "set_aside": None, "clustered": None, "unassigned": None}
    text = " ".join(key_findings(tables, summary).points)
    assert "1,166 respondents took part." in text
    assert "fewer than 10" not in text, "where all are withheld, the unassigned need not be few"
    assert "None" not in text
    summary["respondents"] |= {"set_aside": 14, "clustered": 1152}
    text = " ".join(key_findings(tables, summary).points)
    assert "1,152 were analysed and fewer than 10 fit no group well enough" in text


def test_without_types_nobody_is_said_to_fit_no_group() -> None:
    tables = make_tables(verdict="gradient")
    summary = make_summary(tables, verdict="gradient")
    summary["respondents"] = {"read": 1166, "set_aside": 14, "clustered": 1152, "unassigned": 1152}
    assert "unassigned" not in " ".join(key_findings(tables, summary).points)


def test_what_stands_out_is_strongest_first_and_never_suppressed() -> None:
    tables = make_tables(4)
    factors = tables["factors"].copy()
    mine = factors["type"] == "T2"
    factors.loc[mine, "stands_out"] = False
    chosen = factors.index[mine][:3]
    factors.loc[chosen, "stands_out"] = True
    factors.loc[chosen, "odds_ratio"] = [2.0, 0.1, 3.0]
    factors.loc[chosen[2], "suppressed"] = "threshold"
    standing = standing_out({**tables, "factors": factors}, "T2")
    assert [s.odds_ratio for s in standing] == [0.1, 2.0]


def test_directions_are_told_apart() -> None:
    text = standing_sentence((Standing("Loneliness", 3.0), Standing("Bullied", 0.25)))
    assert text.startswith("More often than among the rest: Loneliness (odds ratio 3.0). ")
    assert text.endswith("Less often: Bullied (odds ratio 0.25).")
    assert standing_sentence(()) == "No known risk factor stands out."
