"""The risk-factor catalogue as the command line lists it."""

from __future__ import annotations

from typing import Any

import pytest

from typology.profile.catalogue import HEADER, catalogue_counts, catalogue_rows, estimates
from typology.schema.catalogue import Catalogue, Factor


def entry(source: str, **more: Any) -> dict[str, Any]:
    return {"source": source, "year": 2014, "finding": "It goes with it.", **more}


def factor(*evidence: dict[str, Any]) -> Factor:
    return Factor.model_validate(
        {"label": "Loneliness", "domain": "individual", "statement": "Some are lonely.",
         "evidence": evidence, "grade": "moderate"}
    )  # fmt: skip


SIZE = {"measure": "OR", "estimate": 2.5}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (entry("Lee & Kim", **SIZE), "OR 2.5; Lee 2014"),
        (entry("Lee, A. and Kim", **SIZE, ci=(1.0, 6.25)), "OR 2.5 (1 to 6.25); Lee 2014"),
        (entry("Lee et al. 2014", **SIZE, n=13677), "OR 2.5; Lee 2014, N 13,677"),
        (entry("Lee", **SIZE, adjusted=True, level="often"), "adjusted OR 2.5 for often; Lee 2014"),
        (entry("Lee", **SIZE, adjusted=False), "OR 2.5; Lee 2014"),
        (entry("Lee"), "1 finding, no size found"),
    ],
)
def test_an_estimate_is_told_with_what_it_is_of_and_who_found_it(found: dict[str, Any], told: str) -> None:
    assert estimates(factor(found)) == told


def test_sizes_come_first_and_findings_without_are_counted() -> None:
    found = factor(entry("Ray"), entry("Lee", **SIZE), entry("Roe"), entry("Kim", measure="RR", estimate=3))
    assert estimates(found).split("\n") == ["OR 2.5; Lee 2014", "RR 3; Kim 2014", "2 findings, no size found"]
    assert estimates(factor()) == ""


def test_a_row_says_for_whom_there_is_guidance() -> None:
    advice = {"statement": "Talk.", "source": "Somebody 2020"}
    catalogue = Catalogue.model_validate(
        {
            "factors": {name: factor(entry("Lee", **SIZE)).model_dump() for name in ("lonely", "other")},
            "profiles": {"p": {"label": "P", "source": "S"}},
            "guidance": {
                "lonely": {"schools": [advice, {**advice, "statement": "Ask."}], "parents": [advice]}
            },
        }
    )
    rows = catalogue_rows(catalogue)
    assert rows == [
        ("Loneliness", "individual", "moderate", "OR 2.5; Lee 2014", "schools, parents"),
        ("Loneliness", "individual", "moderate", "OR 2.5; Lee 2014", ""),
    ]
    assert {len(row) for row in rows} == {len(HEADER)}
    # a statement given to two audiences is one statement
    assert catalogue_counts(catalogue) == (
        "2 factors with 2 findings, 1 published profiles, 2 practice statements."
    )
