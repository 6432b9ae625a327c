"""What participation and the sizes of types tell of each other, of which some are withheld."""

from __future__ import annotations

import numpy as np
import pytest
from disclose.flow_rows import EARLY, HIDDEN, LATE, attacked, participation, sizes_of, types

from typology.disclose.attack_sizes import SizeTold, size_leaks

OTHER = "set aside: too fast"


def test_sizes_that_are_told_are_exact() -> None:
    tables = {"participation": participation(), "types": types(100, 50)}
    leaks, sizes = size_leaks(tables, threshold=10, weighted=False)
    assert leaks == []
    assert not sizes.coarse
    assert sizes.bounds == {
        "T1": (100, 100), "T2": (50, 50), "unassigned": (20, 20), LATE: (30, 30), EARLY: (20, 20),
        "no group": (30, 30), "everyone": (200, 200),
    }  # fmt: skip


def test_sizes_are_exact_in_a_survey_without_types_too() -> None:
    flow = participation(unassigned=None)
    assert sizes_of(flow) == {
        "unassigned": (170, 170), LATE: (30, 30), EARLY: (20, 20), "no group": (30, 30),
        "everyone": (200, 200),
    }  # fmt: skip


def test_a_withheld_type_is_what_the_others_leave_and_they_are_rounded() -> None:
    tables = {"participation": participation(), "types": types(100, HIDDEN)}
    leaks, sizes = size_leaks(tables, threshold=10, weighted=False)
    assert sizes.coarse
    assert sizes.bounds["T1"] == (95, 104)
    assert sizes.bounds["T2"] == (46, 55)
    assert leaks == []  # open by nine, which is half the threshold and more
    leaks, _ = attacked(tables, least=10)
    assert leaks == [SizeTold("T2", (46, 55), frozenset())]
    assert str(leaks[0]) == "participation: T2 lies between 46 and 55"
    assert attacked(tables, least=9)[0] == []


def test_of_three_types_two_may_be_withheld() -> None:
    tables = {"participation": participation(), "types": types(100, HIDDEN, HIDDEN)}
    leaks, sizes = attacked(tables)
    assert leaks == []
    assert sizes["T2"] == sizes["T3"] == (0, 55)


def test_who_is_withheld_alone_is_few() -> None:
    """One reason of few, and with it the number of the clustered."""
    flow = participation(early_n=None, read=200.0, late_n=HIDDEN, clustered=HIDDEN)
    sizes = sizes_of(flow, types(120, 50))
    assert sizes[LATE] == sizes["no group"] == (200 - 20 - 124 - 54, 9)
    assert sizes_of(flow, types(120, 60))[LATE] == (1, 9)
    assert sizes["unassigned"] == (20, 20)
    assert sizes["T1"] == (200 - 9 - 20 - 54, 124)
    assert sizes["T2"] == (200 - 9 - 20 - 124, 54)


def test_of_two_reasons_either_may_be_withheld_for_the_other() -> None:
    flow = participation((LATE, OTHER), late_n=HIDDEN, clustered=HIDDEN, **{OTHER: HIDDEN})
    sizes = sizes_of(flow, types(100, 50))
    # 200 less 20 and types of 95 to 104 and 45 to 54
    assert sizes["no group"] == (22, 40)
    assert sizes[LATE] == sizes[OTHER] == (1, 39)
    # a reason while reading is one as well
    early = participation(late_n=HIDDEN, clustered=HIDDEN, early_n=HIDDEN)
    assert sizes_of(early, types(100, 50))[LATE] == (22, 40)
    # the unassigned are few whatever the reasons
    unassigned = participation((LATE, OTHER), unassigned=HIDDEN, **{OTHER: 0.0})
    assert sizes_of(unassigned, types(100, 60))["unassigned"] == (2, 9)  # 170 less 150 to 168
    assert sizes_of(unassigned, types(100, 70))["unassigned"] == (1, 9)


def test_where_the_unassigned_and_the_clustered_are_withheld_neither_need_be_few() -> None:
    flow = participation(late_n=HIDDEN, clustered=HIDDEN, unassigned=HIDDEN)
    sizes = sizes_of(flow, types(100, 50))
    # 200 less 140 to 158, of whom one at least is set aside and maybe nobody unassigned
    assert sizes["unassigned"] == (0, 59)
    assert sizes[LATE] == (1, 60)


def test_nobody_without_a_type_has_no_row_or_one_of_nobody() -> None:
    flow = participation(unassigned=None, clustered=150.0, late_n=50.0)
    assert sizes_of(flow, types(100, HIDDEN))["unassigned"] == (0, 55)
    assert sizes_of(participation(unassigned=0.0), types(100, HIDDEN))["unassigned"] == (0, 0)


def test_a_step_that_is_not_set_aside_after_reading_is_before_it() -> None:
    """Without a note, or with another one, a reason is among those read and not among the respondents."""
    told = participation((LATE,), late_n=30.0)
    noted = told.assign(note=told["note"].fillna("while reading"))
    for flow in (told, noted):
        sizes = sizes_of(flow, types(100, 50))
        assert sizes["no group"] == (30, 30)
        assert sizes["everyone"] == (200, 200)


def test_who_was_read_less_who_responded_was_set_aside_while_reading() -> None:
    flow = participation((LATE,), early_n=HIDDEN, **{OTHER: HIDDEN})
    sizes = sizes_of(flow, types(100, 50))
    assert sizes[EARLY] == sizes[OTHER] == (1, 19)
    # those read are not told: a reason may be withheld for the other one, alone it is few
    without = sizes_of(participation(early_n=HIDDEN, read=None), types(100, 50))
    assert without[EARLY] == (1, 1e7)
    alone = participation(early_n=HIDDEN, read=None, late_n=None, respondents=170.0)
    assert sizes_of(alone, types(100, 50))[EARLY] == (1, 9)
    nobody = sizes_of(participation(respondents=None), types(100, 50))
    assert nobody["everyone"] == (200, 200)  # read less those set aside while reading


def test_exact_shares_of_types_tell_the_clustered() -> None:
    steps = dict.fromkeys(["read", "respondents", "clustered", "unassigned"])
    flow = participation(early_n=None, **steps)
    assert sizes_of(flow, types(80, 60, share=[0.5, 0.375]))["unassigned"] == (20, 20)
    assert sizes_of(flow, types(80, 60, share=[np.nan, 0.375]))["unassigned"] == (20, 20)
    assert sizes_of(flow, types(80, 60, share=[np.nan, np.nan]))["unassigned"] == (0, 1e7)
    # where sizes are rounded their shares are made from them
    assert sizes_of(flow, types(80, HIDDEN, share=[0.5, np.nan]))["T2"] == (0, 1e7)


def test_numbers_that_cannot_be_are_told_and_nothing_else() -> None:
    tables = {"participation": participation(clustered=160.0), "types": types(100, HIDDEN)}
    leaks, sizes = size_leaks(tables, threshold=10, weighted=False)
    assert sizes.bounds == {}
    assert sizes.coarse
    assert [str(leak) for leak in leaks] == [
        "participation: the numbers shown contradict each other, so nothing is proved of the others"
    ]
    assert leaks[0].bounds == (0, np.inf)
    exact = {"participation": participation(clustered=160.0), "types": types(100, 50)}
    assert not size_leaks(exact, threshold=10, weighted=False)[1].coarse


@pytest.mark.parametrize("lost", ["step", "n", "note"])
def test_without_participation_nothing_tells_a_size(lost: str) -> None:
    for tables in ({}, {"participation": participation().drop(columns=lost), "types": types(100, HIDDEN)}):
        leaks, sizes = size_leaks(tables, threshold=10, weighted=False)
        assert leaks == []
        assert sizes.bounds == {}
        assert not sizes.coarse
