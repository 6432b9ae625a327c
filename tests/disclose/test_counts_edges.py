"""Counts that are missing, at a bound or among several of a row, and what is hidden of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from typology.disclose.counts import hidden_parts, hidden_rows, protect_flow
from typology.results import ReleaseTable


def hidden_of(
    rows: dict[str, list[float]], counts: tuple[tuple[str | None, str], ...] = (("n", "base"),)
) -> list[bool]:
    frame = pd.DataFrame({"band": list("abcdef")[: len(next(iter(rows.values())))], **rows})
    made = ReleaseTable("severity", "severity", frame, ("band",), counts=counts, margins=(("band",),))
    return [bool(each) for each in hidden_rows(made, threshold=10)]


def test_a_row_without_a_count_is_hidden_as_nobody_is() -> None:
    assert hidden_of({"n": [50.0, 60.0, np.nan], "base": [110.0] * 3}) == [True, False, True]
    # nine and nobody are not enough to cover for each other
    assert hidden_of({"n": [np.nan, 9.0, 50.0, 30.0], "base": [89.0] * 4}) == [True, True, False, True]
    assert hidden_of({"n": [50.0, 60.0], "base": [np.nan] * 2}) == [True, True]
    assert hidden_of({"n": [50.0, 60.0], "base": [110.0, 110.0]}) == [False, False]


def test_of_several_counts_of_a_row_each_hides_it() -> None:
    counts = (("few", "base"), ("n", "base"), (None, "all"))
    rows = {"few": [4, 56, 50], "n": [40, 30, 40], "base": [110] * 3, "all": [200, 200, 9]}
    assert hidden_of(rows, (("n", "base"),)) == [False, False, False]
    # four and, to cover for them, fifty; and a row that rests on nine
    assert hidden_of(rows, counts) == [True, False, True]
    assert hidden_of({**rows, "all": [200, 9, 200]}, counts) == [True, True, True]


def parts(events: list[float], base: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"outcome": "met", "events": events, "base": base})


def test_a_part_without_a_number_does_not_help_to_cover_for_others() -> None:
    hidden = np.array([True, True, True, False])
    few = parts([np.nan, 4, 5, 30], [np.nan, 40, 50, 80])
    assert hidden_parts(few, hidden, threshold=10).tolist() == [True] * 4  # nine with the outcome
    most = parts([np.nan, 36, 45, 30], [np.nan, 40, 50, 80])
    assert hidden_parts(most, hidden, threshold=10).tolist() == [True] * 4  # nine without
    enough = parts([np.nan, 4, 6, 30], [np.nan, 40, 50, 80])
    assert hidden_parts(enough, hidden, threshold=10).tolist() == [True, True, True, False]


def test_of_parts_of_the_same_size_the_first_is_hidden_on_every_machine() -> None:
    frame = parts([20.0] * 16, [60.0] * 8 + [40.0] * 8)
    hidden = np.arange(16) == 3
    assert np.flatnonzero(hidden_parts(frame, hidden, threshold=10)).tolist() == [3, 8]


def flow(**n: float) -> pd.DataFrame:
    names = [name.replace("__", ": ").replace("_", " ") for name in n]
    return pd.DataFrame({"step": names, "n": list(n.values())})


def types(*n: int) -> pd.DataFrame:
    return pd.DataFrame({"id": [f"T{k + 1}" for k in range(len(n))], "n": n})


def test_sizes_are_rounded_where_one_of_them_is_small() -> None:
    everybody = flow(read=169, respondents=169, clustered=169, unassigned=20)
    for sizes, told in (((83, 60, 6), [80, 60, 10]), ((83, 50, 16), [83, 50, 16])):
        _, shown, hidden = protect_flow(everybody, types(*sizes), threshold=10)
        assert shown is not None
        assert shown["n"].tolist() == told
        assert not hidden.any()


def sizes(share: list[float], weighted: list[float], **more: list[float]) -> pd.DataFrame:
    """Sizes of 36 and 114 of 150, as shown where the number of the unassigned is not."""
    told = types(36, 114).assign(base=150, share=share, share_weighted=weighted, **more)
    few = flow(read=153, respondents=153, clustered=153, unassigned=3)
    shown = protect_flow(few, told, threshold=10)[1]
    assert shown is not None
    return shown


def test_nearly_equal_weights_tell_sizes_as_equal_ones_do() -> None:
    share = [36 / 150, 114 / 150]
    for weights in (0.0, 3e-6):
        shown = sizes(share, [share[0] + weights, share[1] - weights])
        assert shown["share_weighted"].tolist() == [0.27, 0.73]  # 40 and 110 of 150
    assert sizes(share, [0.28, 0.72])["share_weighted"].tolist() == [0.3, 0.7]


def test_intervals_of_weighted_shares_are_cut_at_nobody_and_everybody() -> None:
    shown = sizes([36 / 150, 114 / 150], [0.28, 0.72], lo=[-0.07, 0.61], hi=[0.62, 1.08])
    assert shown["lo"].tolist() == [0.0, 0.6]
    assert shown["hi"].tolist() == [0.6, 1.0]


def test_what_is_small_stays_hidden_where_others_are_withheld_besides() -> None:
    few = flow(read=9, respondents=9, clustered=9, unassigned=0)
    _, _, hidden = protect_flow(few, types(9), withhold=True, threshold=10)
    assert hidden.tolist() == [True, True, True, True]


def test_half_of_an_odd_threshold_is_rounded_down() -> None:
    """120 less a type of 105 to 115 leaves 5 to 10 to the eight set aside: six values, of 11."""
    told = flow(read=120, respondents=120, set_aside__twice=8, clustered=112, unassigned=0)
    _, _, hidden = protect_flow(told, types(112), threshold=11)
    assert told["step"][hidden].tolist() == ["set aside: twice", "clustered"]
    closer = flow(read=121, respondents=121, set_aside__twice=9, clustered=112, unassigned=0)
    _, _, hidden = protect_flow(closer, types(112), threshold=11)  # six to ten
    assert closer["step"][hidden].tolist() == ["set aside: twice", "clustered", "unassigned"]
