"""What is said about replication, and the reasons given where there is nothing to say."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables
from typology.models.replication import ABSENT, NOT, REPLICATES, SMALL, UNTOLD
from typology.plots import pictures
from typology.plots.picture import Picture
from typology.profile.display import Notice, TableView
from typology.profile.replication import items_table, replication_table, sentences, type_sentence
from typology.report.replication_methods import replication_methods


def with_groups(*verdicts: str) -> dict[str, pd.DataFrame]:
    """Release tables of one type in as many countries."""
    tables = make_tables(1)
    groups = ["UK", "Ireland", "Italy", "Greece", "Poland"][: len(verdicts)]
    rows = pd.DataFrame({"type": "T1", "group": groups, "verdict": verdicts, "n": 50.0, "base": 200.0})
    measures = {"share": 0.25, "lo": 0.2, "hi": 0.3, "difference": 0.02, "difference_lo": -0.1}
    agreement = dict.fromkeys(("matched_r", "agreement", "reference_r", "reference_agreement"), 0.9)
    rows = rows.assign(**measures, difference_hi=0.1, **agreement, suppressed="")
    items = pd.DataFrame(
        {
            "variable": ["a", "b"], "label": ["Was threatened", "Was asked"], "level": "binary",
            "group": ["Italy", "UK"], "observed": [0.5, 0.2], "expected": [0.2, 0.2], "size": [0.3, 0.0],
            "q": [0.001, 0.9], "differs": [True, False], "suppressed": "",
        }
    )  # fmt: skip
    return {**tables, "replication": rows, "measurement_differences": items}


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ((REPLICATES, REPLICATES, NOT), "replicates in UK and Ireland, not in Italy"),
        ((REPLICATES, REPLICATES, REPLICATES), "replicates in UK, Ireland and Italy"),
        (
            (REPLICATES, ABSENT, SMALL),
            "replicates in UK, hardly occurs in Ireland, too few to judge in Italy",
        ),
        ((NOT, UNTOLD, NOT), "does not replicate in UK and Italy, cannot be told in Ireland"),
    ],
)
def test_sentences(verdicts: tuple[str, ...], sentence: str) -> None:
    rows = pd.DataFrame({"group": ["UK", "Ireland", "Italy"], "verdict": verdicts})
    assert type_sentence(rows) == sentence


def test_tables_pictures_and_methods_tell_the_same() -> None:
    tables = with_groups(REPLICATES, NOT, ABSENT, UNTOLD, SMALL)
    summary = make_summary(tables)
    table = replication_table(tables, summary)
    assert isinstance(table, TableView)
    assert [row[-1] for row in table.rows] == [REPLICATES, NOT, ABSENT, UNTOLD, SMALL]
    assert "not in Ireland" in sentences(tables)[0]
    picture = pictures.replication(tables, summary)
    assert isinstance(picture, Picture)
    assert "not in Ireland" in picture.alt
    items = items_table(tables, summary)
    assert isinstance(items, TableView)
    assert [row[0] for row in items.rows] == ["Was threatened"]
    assert "0.50 in Italy against 0.20" in repr(pictures.measurement(tables, summary))
    assert "kappa of 0.6" in replication_methods(tables)[0]


@pytest.mark.parametrize("verdict", ["gradient", "none", "types"])
def test_without_replication_the_reason_is_given(verdict: str) -> None:
    tables = make_tables(verdict=verdict) if verdict != "types" else make_tables(2)
    summary = make_summary(tables, verdict=verdict)
    for say in (replication_table, items_table, pictures.replication):
        told = say(tables, summary)
        assert isinstance(told, Notice)
        assert ("no types" in told.text) == (verdict != "types")
    assert replication_methods(tables) == ("", ())
