from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.release_factory import make_summary, make_tables, read_folder, write_folder
from typology.errors import RunFolderError
from typology.profile.card import build_cards, odds_limits, outcome_limit


@pytest.mark.parametrize("n_types", [2, 4, 12])
def test_one_card_a_type_in_table_order_with_shared_scales(n_types: int) -> None:
    tables = make_tables(n_types)
    cards = build_cards(tables, make_summary(tables))
    assert [card.heading.id for card in cards] == [f"T{i + 1}" for i in range(n_types)]
    assert {card.scales for card in cards} == {cards[0].scales}
    assert all(list(card.factors["variable"]) == list(cards[0].factors["variable"]) for card in cards)


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_without_types_there_are_no_cards(verdict: str) -> None:
    tables = make_tables(verdict=verdict)
    assert build_cards(tables, make_summary(tables, verdict=verdict)) == ()


def test_a_card_is_the_same_from_memory_and_from_files(tmp_path: Path) -> None:
    tables = make_tables(3)
    summary = make_summary(tables)
    read, said = read_folder(write_folder(tmp_path / "run", tables, summary))
    for ours, theirs in zip(build_cards(tables, summary), build_cards(read, said), strict=True):
        assert ours.heading.name == theirs.heading.name
        assert ours.withheld_items == theirs.withheld_items
        pd.testing.assert_frame_equal(ours.factors, theirs.factors, check_dtype=False)
        pd.testing.assert_frame_equal(ours.people, theirs.people, check_dtype=False)


def test_all_estimates_lie_within_the_shared_axes() -> None:
    tables = make_tables(8)
    cards = build_cards(tables, make_summary(tables))
    low, high = cards[0].scales.odds
    for card in cards:
        ratios = card.factors["odds_ratio"].dropna()
        assert ratios.between(low, high).all()
        assert (card.outcomes["hi"].dropna() <= card.scales.outcome).all()


def test_odds_axis_always_shows_both_directions() -> None:
    frame = pd.DataFrame(
        [[1.1, 1.0, 1.2, np.nan, np.nan]],
        columns=["odds_ratio", "lo", "hi", "literature_lo", "literature_hi"],
    )
    assert odds_limits([frame]) == (0.5, 2.0)
    assert odds_limits([frame.assign(hi=900.0, lo=0.0001)]) == (0.05, 40.0)
    assert odds_limits([]) == (0.5, 2.0)


def test_outcome_axis_ends_at_the_next_ten_percent() -> None:
    frame = pd.DataFrame([[0.2, 0.31, 0.25]], columns=["prevalence", "hi", "everyone_hi"])
    assert outcome_limit([frame]) == 0.4
    assert outcome_limit([frame.assign(hi=0.3)]) == 0.3
    assert outcome_limit([]) == 0.1


def test_flags_are_split_and_a_nameless_type_bears_its_id() -> None:
    tables = make_tables(4)
    types = tables["types"].copy()
    types.loc[0, "name"] = ""
    cards = build_cards({**tables, "types": types}, make_summary(tables))
    assert cards[0].heading.name == "T1"
    assert cards[0].heading.flags == ()
    assert cards[3].heading.flags == ("close to T1", "rests on few core respondents")


def test_a_missing_table_is_said_by_name() -> None:
    tables = make_tables(2)
    del tables["outcomes"]
    with pytest.raises(RunFolderError, match="outcomes"):
        build_cards(tables, {"study": "x"})
