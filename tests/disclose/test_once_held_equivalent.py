"""Changes of the code that were first held to change nothing, and what they would change."""

from __future__ import annotations

import pandas as pd

from typology.disclose.counts import protect_flow
from typology.disclose.puzzle import Puzzle
from typology.disclose.rounding import everyone_base


def test_of_several_answers_of_a_variable_everyones_base_is_read_once() -> None:
    rows = [
        ("x", "1", "T1", 40),
        ("x", "1", "everyone", 490),
        ("x", "2", "everyone", 490),
        ("y", "1", "everyone", 70),
    ]
    base = everyone_base(pd.DataFrame(rows, columns=["variable", "category", "group", "base"]))
    assert base.index.is_unique
    assert base.to_dict() == {"x": 490, "y": 70}


def test_whether_a_count_is_open_is_asked_with_its_place_and_bounds() -> None:
    puzzle = Puzzle(2)
    puzzle.know([0, 1], 100, 120)
    puzzle.know([0], 40, 60)
    asked: list[tuple[int, tuple[float, float]]] = []

    def is_open(position: int, bounds: tuple[float, float]) -> bool:
        asked.append((position, bounds))
        return False

    assert puzzle.extremes([[0], [1]], is_open) == [(40, 60), (40, 80)]
    assert {position for position, _ in asked} == {0, 1}
    assert all(len(bounds) == 2 for _, bounds in asked)
    # each is looked at by itself, both ways, as long as it is not open
    assert sum(position == 1 for position, _ in asked) >= 4


def test_many_unassigned_keep_the_few_set_aside_open() -> None:
    """200 less types of 75 to 84 and 65 to 74 less 40 unassigned leave 2 to 9 of the five set aside."""
    flow = pd.DataFrame(
        [
            ("read", 200),
            ("respondents", 200),
            ("set aside: twice", 5),
            ("clustered", 195),
            ("unassigned", 40),
        ],
        columns=["step", "n"],
    )
    types = pd.DataFrame({"id": ["T1", "T2"], "n": [83, 72]})
    _, sizes, hidden = protect_flow(flow, types, threshold=10)
    assert flow["step"][hidden].tolist() == ["set aside: twice", "clustered"]
    assert sizes is not None
    assert sizes["n"].tolist() == [80, 70]
