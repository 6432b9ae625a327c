"""What happens to each kind of release table, by hand-made ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.disclose import protect
from typology.disclose.answers import EVERYONE
from typology.disclose.suppress_answers import _exposures_apart
from typology.errors import DisclosureError
from typology.results import ReleaseTable

ANSWER_KEYS = ("variable", "category", "category_label", "group")


def table(name: str, rows: Any, keys: Sequence[str], **more: Any) -> ReleaseTable:
    return ReleaseTable(name, name, pd.DataFrame(rows), tuple(keys), **more)


def safe(*tables: ReleaseTable) -> dict[str, pd.DataFrame]:
    return {each.name: each.frame for each in protect(tables, threshold=10)[0]}


def flow(**n: float) -> ReleaseTable:
    names = [name.replace("__", ": ").replace("_", " ") for name in n]
    return table("participation", {"step": names, "n": list(n.values()), "note": ""}, ["step", "note"])


FEW_ASIDE = {"read": 155, "respondents": 155, "set_aside__twice": 5, "clustered": 150, "unassigned": 0}
NOBODY_ASIDE = {"read": 150, "respondents": 150, "clustered": 150, "unassigned": 0}


def test_two_tables_of_the_same_name_are_refused() -> None:
    one = table("power", {"a": [1]}, ["a"])
    with pytest.raises(DisclosureError, match="same name"):
        protect([one, one], threshold=10)


def bands(name: str, n: Sequence[int], base: int) -> ReleaseTable:
    rows = {"band": list("abcd")[: len(n)], "n": n, "base": base, "share": np.array(n) / base}
    return table(name, rows, ["band"], counts=(("n", "base"),), values=("share",))


def test_few_set_aside_are_counted_among_the_clustered() -> None:
    told = safe(flow(**FEW_ASIDE), bands("severity", [60, 90], 150))["severity"]
    assert told["base"].tolist() == [160, 160]  # 155 in steps
    assert told["n"].tolist() == [60, 90]  # 62 and 93
    more = safe(flow(**FEW_ASIDE), bands("severity", [64, 86], 150))["severity"]
    assert more["n"].tolist() == [70, 90]  # 66.1 and 88.9
    plain = safe(flow(**NOBODY_ASIDE), bands("severity", [64, 86], 150))["severity"]
    assert plain["base"].tolist() == [150, 150]
    assert plain["n"].tolist() == [60, 90]


def test_analyses_of_all_the_clustered_count_the_set_aside_in_and_of_a_sample_do_not() -> None:
    rows = {"analysis": ["a"], "n": [60], "base": [150]}
    keys = {"keys": ["analysis"], "counts": (("n", "base"),)}
    assert safe(flow(**FEW_ASIDE), table("sensitivity", rows, **keys))["sensitivity"]["base"].tolist() == [
        160
    ]
    sampled = table("sensitivity", {**rows, "base": [100]}, **keys)
    assert safe(flow(**FEW_ASIDE), sampled)["sensitivity"]["base"].tolist() == [100]
    # other tables are of those of the clustered who answered
    fewer = table("short_form", {"k": [1], "base": [142], "kappa": 0.5, "lo": 0.4, "hi": 0.6}, ["k"])
    assert safe(flow(**FEW_ASIDE), fewer)["short_form"]["base"].tolist() == [147]


def test_a_table_that_is_not_of_the_clustered_stays_as_it_is() -> None:
    rows = {"type": ["T1"], "count": [64], "base": [153]}
    other = table("crosswalk", rows, ["type"], counts=(("count", "base"),))
    told = safe(flow(**FEW_ASIDE), other)["crosswalk"]
    assert told[["count", "base"]].to_numpy().tolist() == [[60, 150]]


def test_the_map_counts_down() -> None:
    hexes = table("map_density", {"x": [1, 2], "n": [19, 31]}, ["x"])
    assert safe(flow(**NOBODY_ASIDE), hexes)["map_density"]["n"].tolist() == [10, 30]
    few = {"read": 163, "clustered": 150, "unassigned": 4}
    assert safe(flow(**few), hexes)["map_density"]["n"].tolist() == [10, 30]


def test_a_table_can_say_itself_what_to_hide() -> None:
    rows = {"type": ["T1", "T2"], "latent_class": ["a", "b"], "count": [50, 60], "base": [150, 150],
            "_hidden": [False, True]}  # fmt: skip
    told = safe(table("crosswalk", rows, ["type"], counts=(("count", "base"),)))["crosswalk"]
    assert told["suppressed"].tolist() == ["", "threshold"]
    assert told["count"].isna().tolist() == [False, True]
    assert "_hidden" not in told


def test_parts_of_an_outcome_cover_for_each_other() -> None:
    ratios = dict.fromkeys(["odds_ratio", "ratio_lo", "ratio_hi", "lo", "hi"], 1.0)
    rows = {"outcome": "met", "band": list("abc"), "events": [4, 20, 30], "base": [40, 60, 80],
            "share": [0.1, 0.33, 0.375], **ratios}  # fmt: skip
    dose = table("risk_dose", rows, ["outcome", "band"], counts=(("events", "base"),))
    assert safe(dose)["risk_dose"]["events"].isna().tolist() == [True, True, False]


def test_models_are_those_of_as_many_as_if_few_had_not_been_set_aside() -> None:
    rows = {"classes": [2], "log_likelihood": [-1000.0], "parameters": [20], "smallest_share": [0.3],
            "bic": [2000 + 20 * np.log(150)]}  # fmt: skip
    fits = table("latent_classes", rows, ["classes"])
    assert safe(flow(**FEW_ASIDE), fits)["latent_classes"]["bic"].tolist() == [round(2000 + 20 * np.log(155))]
    plain = safe(flow(**NOBODY_ASIDE), fits)["latent_classes"]
    assert plain["bic"].tolist() == [round(2000 + 20 * np.log(150))]
    assert plain["smallest_share"].tolist() == [0.33]  # 45 of 150, to the nearest ten
    assert safe(fits)["latent_classes"]["smallest_share"].isna().all()


def prevalence(counts: Mapping[str, Mapping[str, Sequence[int]]], **about: Any) -> ReleaseTable:
    """Raw prevalences: variable -> group -> counts by answer, everyone the sum of the groups."""
    rows = []
    for name, by_group in counts.items():
        everyone = [sum(column) for column in zip(*by_group.values(), strict=True)]
        for group, of in {EVERYONE: everyone, **by_group}.items():
            for code, (count, whole) in enumerate(zip(of, everyone, strict=True), start=1):
                share, share_everyone = count / sum(of), whole / sum(everyone)
                rows.append(
                    {"variable": name, "category": str(code), "category_label": f"{name} {code}",
                     "role": about.get(name, "risk"), "endorsed": code == 1, "group": group, "base": sum(of),
                     "count": count, "share": share, "lo": share, "hi": share,
                     "share_everyone": share_everyone, "difference": share - share_everyone,
                     "_size": sum(of), "_asked_if": {}}
                )  # fmt: skip
    return table("prevalence", rows, ANSWER_KEYS)


LARGE = {"T1": [200, 300, 400], "T2": [300, 200, 300]}


def factors(*rows: tuple[str, str, tuple[str, ...] | None, int, int, int, int]) -> ReleaseTable:
    names = ["variable", "type", "_categories", "exposed_type", "base_type", "exposed_rest", "base_rest"]
    frame = pd.DataFrame(rows, columns=names)
    frame = frame.assign(
        factor=frame["variable"], prevalence_type=0.5, prevalence_rest=0.5, difference=0.1, odds_ratio=1.5,
        _size_type=frame["base_type"], _size_rest=frame["base_rest"],
    )  # fmt: skip
    return table("factors", frame, ["type", "factor", "variable"])


def test_large_counts_are_shown_and_logged_nowhere() -> None:
    after, log = protect([prevalence({"x": LARGE})], threshold=10)
    assert after[0].frame["suppressed"].eq("").all()
    assert after[0].frame[["count", "share", "share_everyone", "difference"]].notna().all(axis=None)
    assert log == []


def test_the_log_names_the_row_and_tells_no_reason_of_its_own() -> None:
    _, log = protect([prevalence({"x": {"T1": [4, 300, 400], "T2": [300, 200, 300]}})], threshold=10)
    row = {"variable": "x", "category": "1", "category_label": "x 1", "group": "T1"}
    first = next(entry for entry in log if entry["row"] == row)
    assert first["table"] == "prevalence"
    assert first["rule"] == "threshold"
    assert {entry["explanation"] for entry in log} == {first["explanation"]}


def test_a_hidden_sum_takes_everyones_share_and_the_differences_with_it() -> None:
    shown = safe(prevalence({"x": {"T1": [4, 300, 300], "T2": [4, 250, 300]}}))["prevalence"]
    first = shown[shown["category"] == "1"]
    assert first["count"].isna().all()
    whole = shown[(shown["group"] == EVERYONE) & shown["count"].isna()]["category"]
    assert len(whole) >= 2
    mine = shown[shown["category"].isin(whole)]
    assert mine["share_everyone"].isna().all()
    assert mine["difference"].isna().all()
    rest = shown[~shown["category"].isin(whole) & (shown["suppressed"] == "")]
    assert rest[["share_everyone", "difference"]].notna().all(axis=None)


def test_an_exposure_by_nobody_or_everybody_of_the_answers_is_hidden() -> None:
    shown = safe(
        prevalence({"x": LARGE}),
        factors(
            ("x", "T1", ("1",), 200, 900, 300, 800),
            ("x", "T1", (), 200, 900, 300, 800),
            ("x", "T1", ("1", "2", "3"), 900, 900, 800, 800),
        ),
    )["factors"]
    assert shown["suppressed"].tolist() == ["", "threshold", "threshold"]
    assert shown["odds_ratio"].isna().tolist() == [False, True, True]


def test_an_exposure_is_hidden_with_its_small_union_in_the_type_or_in_everyone() -> None:
    counts = {"T1": [4, 4, 400], "T2": [300, 200, 300]}
    shown = safe(
        prevalence({"x": counts}),
        factors(("x", "T1", ("1", "2"), 8, 408, 500, 800), ("x", "T2", ("1", "2"), 500, 800, 8, 408)),
    )["factors"]
    assert (shown["suppressed"] == "threshold").all()
    few = {"T1": [2, 2, 400], "T2": [3, 2, 500], "T3": [200, 200, 200]}
    assert (
        safe(prevalence({"x": few}), factors(("x", "T3", ("1", "2"), 400, 600, 9, 909)))["factors"][
            "suppressed"
        ]
        == "threshold"
    ).all()


def apart(*types: tuple[int, int], rest: tuple[int, int]) -> pd.DataFrame:
    """Rows of an exposure of its own: exposed and base of each type; `rest` is in no type."""
    exposed = sum(each[0] for each in types) + rest[0]
    base = sum(each[1] for each in types) + rest[1]
    return factors(
        *(
            ("hours", f"T{at}", None, mine, of, exposed - mine, base - of)
            for at, (mine, of) in enumerate(types, start=1)
        )
    ).frame


def test_exposures_that_are_no_answers_are_judged_by_themselves() -> None:
    large = apart((50, 150), (60, 150), rest=(0, 0))
    assert _exposures_apart(large, {}, threshold=10) == {("hours", "T1"): False, ("hours", "T2"): False}
    small = apart((5, 150), (60, 150), rest=(40, 90))
    assert _exposures_apart(small, {}, threshold=10)["hours", "T1"]
    assert _exposures_apart(None, {}, threshold=10) == {}
    assert _exposures_apart(small.iloc[:0], {}, threshold=10) == {}


def test_the_rest_of_an_exposure_counts_as_much_as_the_type() -> None:
    """All but 6 of the exposed are in T1: `exposed_rest` would be 6."""
    found = _exposures_apart(apart((60, 150), (3, 150), rest=(3, 90)), {}, threshold=10)
    assert found["hours", "T1"]


def test_an_exposure_and_the_answers_it_is_close_to_are_hidden_together() -> None:
    """Whoever is exposed by scale gave nearly the answers of the variable of the same name."""
    hours = {"T1": [50, 100], "T2": [60, 90], "T3": [70, 80]}
    exposed = apart((5, 150), (60, 150), (70, 150), rest=(0, 0))
    both = safe(prevalence({"hours": hours}), table("factors", exposed, ["type", "factor", "variable"]))
    assert both["factors"].set_index("type")["suppressed"]["T1"] == "threshold"
    answers = both["prevalence"]
    assert answers.loc[answers["group"] == "T1", "count"].isna().all()
    alone = safe(prevalence({"hours": hours}))["prevalence"]
    assert alone["count"].notna().all()


def test_answers_hidden_of_a_type_hide_the_exposure_too() -> None:
    hours = {"T1": [5, 145], "T2": [60, 90], "T3": [70, 80]}
    exposed = apart((50, 150), (60, 150), (70, 150), rest=(0, 0))
    both = safe(prevalence({"hours": hours}), table("factors", exposed, ["type", "factor", "variable"]))
    hidden = both["factors"].set_index("type")["suppressed"].ne("")
    answers = both["prevalence"].set_index(["group", "category"])["suppressed"].ne("")
    assert hidden["T1"]
    for name in ("T1", "T2", "T3"):
        assert hidden[name] == answers[name, "1"]


def outcomes(*rows: tuple[str, int, int]) -> ReleaseTable:
    frame = pd.DataFrame(rows, columns=["type", "count", "base"])
    share = frame["count"] / frame["base"]
    frame = frame.assign(
        outcome="x", _categories=[("1",)] * len(frame), prevalence=share, lo=share, hi=share,
        prevalence_naive=share, everyone=0.3, everyone_lo=0.28, everyone_hi=0.32, _size=frame["base"],
    )  # fmt: skip
    return table("outcomes", frame, ["type", "outcome"])


def test_outcomes_keep_everyones_numbers_while_these_are_shown() -> None:
    counts = {"T1": [4, 300, 400], "T2": [300, 200, 300]}
    shown = safe(prevalence({"x": counts}), outcomes(("T1", 4, 704), ("T2", 300, 800)))["outcomes"]
    assert shown["suppressed"].iloc[0] == "threshold"
    assert np.isnan(shown["prevalence"].iloc[0])
    assert shown["everyone"].notna().all()
    few = {"T1": [4, 300, 400], "T2": [4, 200, 300]}
    shown = safe(prevalence({"x": few}), outcomes(("T1", 4, 704), ("T2", 4, 504)))["outcomes"]
    assert shown[["everyone", "everyone_lo", "everyone_hi"]].isna().all(axis=None)


def replication(n: Mapping[tuple[str, str], tuple[int, int]], **more: Any) -> ReleaseTable:
    rows = [
        {"type": kind, "group": group, "n": count, "base": base, "share": count / base}
        for (kind, group), (count, base) in n.items()
    ]
    told = dict.fromkeys(["lo", "hi", "difference", "difference_lo", "difference_hi"], 0.5)
    return table("replication", pd.DataFrame(rows).assign(**told, **more), ["type", "group"],
                 counts=(("n", "base"),))  # fmt: skip


COUNTRY = {"T1": [5, 300, 400], "T2": [300, 200, 300]}


def test_a_country_hidden_of_a_type_is_hidden_where_types_are_counted_by_country() -> None:
    whole = {
        (kind, f"country {code}"): (count, sum(by[code - 1] for by in COUNTRY.values()))
        for kind, of in COUNTRY.items()
        for code, count in enumerate(of, start=1)
    }
    both = safe(prevalence({"country": COUNTRY}, country="group"), replication(whole))
    answers, counted = both["prevalence"], both["replication"]
    hidden = answers[answers["suppressed"] != ""]
    names = set(zip(hidden["group"], hidden["category_label"], strict=True))
    mine = counted[counted["suppressed"] != ""]
    assert ("T1", "country 1") in names
    assert {pair for pair in names if pair[0] != EVERYONE} <= set(
        zip(mine["type"], mine["group"], strict=True)
    )


def test_countries_large_everywhere_are_shown_unless_the_table_says_otherwise() -> None:
    whole = {
        (kind, f"country {code}"): (count, sum(by[code - 1] for by in LARGE.values()))
        for kind, of in LARGE.items()
        for code, count in enumerate(of, start=1)
    }
    answers = prevalence({"country": LARGE}, country="group")
    assert safe(answers, replication(whole))["replication"]["suppressed"].eq("").all()
    told = safe(answers, replication(whole, _hidden=[True] + [False] * 5))["replication"]
    assert told["suppressed"].ne("").tolist() == [True] + [False] * 5
