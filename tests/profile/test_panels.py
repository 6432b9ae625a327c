from __future__ import annotations

import numpy as np
import pandas as pd

from tests.release_factory import make_tables
from typology.profile import panels


def factors(rows: list[tuple[str, str, float, bool]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["type", "variable", "odds_ratio", "stands_out"])
    return frame.assign(label=frame["variable"], domain="peer", suppressed="")


def test_every_type_has_its_strongest_factor_on_the_cards() -> None:
    rows = [("T1", f"strong{i:02d}", 20.0 - i, True) for i in range(20)] + [("T2", "small", 1.7, True)]
    order = panels.factor_order(panels.tidy_factors({"factors": factors(rows)}))
    assert len(order) == panels.MAX_FACTORS
    assert order[:2] == ("strong00", "small")


def test_an_odds_ratio_below_one_counts_as_much_as_one_above() -> None:
    rows = [("T1", "twice", 2.0, True), ("T1", "quarter", 0.25, True), ("T1", "none", 1.0, False)]
    assert panels.factor_order(panels.tidy_factors({"factors": factors(rows)})) == (
        "quarter",
        "twice",
        "none",
    )


def test_all_types_show_the_same_factors_even_where_one_is_missing() -> None:
    rows = [("T1", "a", 2.0, True), ("T1", "b", 3.0, True), ("T2", "a", 0.5, True)]
    tidy = panels.tidy_factors({"factors": factors(rows)})
    order = panels.factor_order(tidy)
    second = panels.factor_panel(tidy, "T2", order=order)
    assert list(second["variable"]) == list(order)
    assert second.set_index("variable").loc["b", "suppressed"] == "not estimated for this type"


def test_items_come_by_size_of_the_difference_in_either_direction() -> None:
    frame = panels.item_panel(panels.tidy_prevalence(make_tables(3)), "T1")
    sizes = frame["difference"].abs().to_list()
    assert sizes == sorted(sizes, reverse=True)
    assert np.allclose(frame["share"] - frame["everyone"], frame["difference"])


def test_a_binary_item_is_told_by_its_endorsed_answer_and_an_ordinal_one_by_the_telling_category() -> None:
    answers = panels.tidy_prevalence(make_tables(3, suppress=False))
    typology = answers[(answers["role"] == "typology") & (answers["group"] == "T1")]
    frame = panels.item_panel(answers, "T1")
    assert not any(label.endswith(": No") for label in frame["label"])
    chat = typology[typology["variable"] == "chat"]
    telling = chat.loc[chat["difference"].abs().idxmax(), "category_label"]
    shown = [label for label in frame["label"] if label.startswith("Chats with strangers")]
    assert shown in ([], [f"Chats with strangers: {telling}"])


def test_suppressed_items_are_left_out_and_counted() -> None:
    hidden = panels.tidy_prevalence(make_tables(3, suppress=True))
    shown = panels.tidy_prevalence(make_tables(3, suppress=False))
    assert panels.withheld_items(hidden, "T2") == 1
    assert panels.withheld_items(shown, "T2") == 0
    assert "Went on webcam with a stranger" not in set(panels.item_panel(hidden, "T2")["label"])


def test_withheld_people_stay_as_rows_without_numbers() -> None:
    frame = panels.people_panel(panels.tidy_prevalence(make_tables(3)), "T2")
    country = frame[frame["heading"] == "Country"]
    assert list(country["label"]) == ["UK", "Ireland", "Italy"]
    assert country["share"].isna().all()
    assert set(country["suppressed"]) == {"threshold"}


def test_guidance_speaks_to_each_audience_once_and_names_the_factor() -> None:
    tables = make_tables(2)
    frame = panels.guidance_panel(tables, "T1")
    assert list(frame["audience"]) == ["schools", "police", "parents"]
    known = panels.tidy_factors(tables).set_index("factor")["factor_label"]
    given = tables["guidance"].set_index("type")["factor"]["T1"]
    assert set(frame["because"]) == set(known.loc[given])


def test_no_statement_is_shown_that_no_finding_supports() -> None:
    tables = make_tables(2)
    factors = tables["factors"]
    tables["guidance"]["factor"] = "talk_sex"
    mine = (factors["type"] == "T1") & (factors["factor"] == "talk_sex")
    factors.loc[mine, ["odds_ratio", "lo", "hi"]] = [2.5, 1.5, 4.0]
    factors.loc[mine, "stands_out"] = True
    frame = panels.supported_guidance(tables)
    assert set(frame.loc[frame["type"] == "T1", "finding"]) == {
        "Talked about sex with people not known offline: odds ratio 2.5 (1.5 to 4.0)"
    }
    for column, value in (("odds_ratio", 0.5), ("stands_out", False), ("suppressed", "threshold")):
        changed = factors.astype({column: object})
        changed.loc[mine, column] = value
        assert "T1" not in set(panels.supported_guidance({**tables, "factors": changed})["type"]), column


def test_cells_withheld_by_disclosure_control_are_not_on_the_map() -> None:
    tables = make_tables(2)
    density = tables["map_density"].assign(suppressed="")
    density.loc[0, "suppressed"] = "threshold"
    assert len(panels.hexes({"map_density": density})) == len(density) - 1


def test_a_factor_bears_its_own_name_and_not_that_of_the_variable_behind_it() -> None:
    frame = factors([("T1", "fam_talk", 2.0, True)]).assign(factor="poor_family_communication")
    tidy = panels.tidy_factors({"factors": frame})
    assert list(tidy["label"]) == ["Poor family communication"]
    assert list(tidy["measure"]) == ["fam_talk"]
    named = panels.tidy_factors({"factors": frame.assign(factor_label="Little talk at home")})
    assert list(named["label"]) == ["Little talk at home"]


def test_two_measures_of_one_factor_are_told_apart() -> None:
    frame = factors([("T1", "a", 2.0, True), ("T1", "b", 2.0, True)]).assign(factor="loneliness")
    assert list(panels.tidy_factors({"factors": frame})["label"]) == ["Loneliness (a)", "Loneliness (b)"]


def test_yes_or_no_people_take_one_row_without_heading() -> None:
    rows = [("edu", "In education", "Yes", 0.7), ("edu", "In education", "No", 0.3),
            ("sex", "Gender", "Female", 0.6), ("sex", "Gender", "Male", 0.4)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["variable", "label", "category_label", "share"])
    frame = frame.assign(role="demographic", group="T1", endorsed=False, difference=0.0)
    people = panels.people_panel(panels.tidy_prevalence({"prevalence": frame}), "T1")
    assert list(people["label"]) == ["In education", "Female", "Male"]
    assert list(people["heading"]) == ["", "Gender", "Gender"]
    assert [line["heading_row"] for line in panels.with_headings(people)] == [False, True, False, False]
