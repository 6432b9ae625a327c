"""How many were clustered, and what a release says of it."""

from __future__ import annotations

import pandas as pd
import pytest

from typology.disclose.clustered import Clustered, how_many_clustered
from typology.results import ReleaseTable


def read(raw: dict[str, float], hidden: set[str]) -> Clustered:
    frame = pd.DataFrame({"step": list(raw), "n": list(raw.values())})
    table = ReleaseTable("participation", "", frame, ("step",))
    shown = ReleaseTable(
        "participation", "", frame.assign(n=frame["n"].where(~frame["step"].isin(hidden))), ("step",)
    )
    return how_many_clustered({"participation": table}, {"participation": shown})


def test_nothing_is_known_without_the_flow_or_without_clustered() -> None:
    nothing = Clustered(n=None, aside=0.0, withheld=False, any_withheld=False, all_withheld=False)
    assert how_many_clustered({}, {}) == nothing
    assert read({"read": 150, "set aside: x": 4}, {"set aside: x"}) == nothing


STEPS = {"read": 170, "respondents": 160, "clustered": 150, "unassigned": 4}


@pytest.mark.parametrize(
    ("hidden", "withheld", "any_withheld", "all_withheld"),
    [
        (set(), False, False, False),
        ({"unassigned"}, False, True, False),
        ({"clustered"}, True, True, False),
        ({"clustered", "unassigned"}, True, True, True),
        ({"read"}, False, True, False),
    ],
)
def test_what_is_withheld(
    hidden: set[str], *, withheld: bool, any_withheld: bool, all_withheld: bool
) -> None:
    assert read(STEPS, hidden) == Clustered(150, 10, withheld, any_withheld, all_withheld)


def test_those_set_aside_are_counted_from_the_nearest_row_before() -> None:
    assert read({"read": 170, "clustered": 150}, set()).aside == 20
    assert read({"clustered": 150}, set()).aside == 0
    # only one row about them: nothing is left that could be withheld together with it
    assert not read({"read": 170, "clustered": 150}, {"clustered"}).all_withheld
