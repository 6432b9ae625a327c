"""From answers to the clustering input: direction, order, bands, gaps and who is set aside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from clustering import study, survey

from typology.errors import InputFaults
from typology.prepare.encode import prepare
from typology.results import Gate, Prepared

N = 80
YES_NO = {1: "Yes", 2: "No"}
OFTEN = {1: "Never", 2: "Rarely", 3: "Often"}


def frame(**columns: Any) -> pd.DataFrame:
    index = pd.Index([f"r{i:03d}" for i in range(N)], name="id")
    return pd.DataFrame(columns, index=index)


def three(rng: np.random.Generator) -> dict[str, Any]:
    """Two ordinary items, so that one more makes the three that are needed."""
    return {"a": rng.choice([1.0, 2.0], N), "b": rng.choice([1.0, 2.0], N)}


BASIC = {"a": {"type": "binary", "values": YES_NO}, "b": {"type": "binary", "values": YES_NO}}


def encode(answers: pd.DataFrame, variables: dict[str, Any], **options: Any) -> Prepared:
    read = survey(answers, variables, missing=options.pop("missing", None))
    return prepare(read, study(read.codebook, **options))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def item(prepared: Prepared, name: str) -> tuple[Any, np.ndarray]:
    place = [one.name for one in prepared.items].index(name)
    return prepared.items[place], prepared.codes[:, place]


@pytest.mark.parametrize("values", [{1: "Yes", 2: "No"}, {2: "No", 1: "Yes"}])
def test_the_positive_answer_is_level_one_however_it_is_coded(
    rng: np.random.Generator, values: dict[int, str]
) -> None:
    asked = rng.choice([1.0, 2.0], N)
    variables = {**BASIC, "sent": {"type": "binary", "values": values, "positive": 1}}
    encoded, codes = item(encode(frame(**three(rng), sent=asked), variables), "sent")
    assert (codes == (asked == 1)).all()
    assert encoded.categories == (2, 1)
    assert encoded.labels == ("No", "Yes")


def test_ordinal_items_keep_their_order_and_reverse_flips_it(rng: np.random.Generator) -> None:
    asked = rng.choice([1.0, 2.0, 3.0], N)
    variables = {
        **BASIC,
        "up": {"type": "ordinal", "values": OFTEN},
        "down": {"type": "ordinal", "values": OFTEN, "reverse": True},
    }
    prepared = encode(frame(**three(rng), up=asked, down=asked), variables)
    up, codes = item(prepared, "up")
    down, reversed_codes = item(prepared, "down")
    assert (codes == asked - 1).all()
    assert (reversed_codes == 3 - asked).all()
    assert (up.level, up.labels) == ("ordinal", ("Never", "Rarely", "Often"))
    assert down.labels == ("Often", "Rarely", "Never")


def test_nominal_items_keep_their_categories(rng: np.random.Generator) -> None:
    asked = rng.choice([3.0, 7.0, 9.0], N)
    variables = {**BASIC, "where": {"type": "nominal", "values": {9: "Game", 3: "Chat", 7: "Forum"}}}
    encoded, codes = item(encode(frame(**three(rng), where=asked), variables), "where")
    assert encoded.level == "nominal"
    assert encoded.categories == (9, 3, 7)
    assert np.array_equal(np.array(encoded.categories)[codes], asked)


def test_an_answer_nobody_gave_is_no_level(rng: np.random.Generator) -> None:
    asked = rng.choice([1.0, 3.0], N)
    encoded, codes = item(
        encode(frame(**three(rng), seldom=asked), {**BASIC, "seldom": {"type": "ordinal", "values": OFTEN}}),
        "seldom",
    )
    assert encoded.labels == ("Never", "Often")
    assert set(codes) == {0, 1}


def test_counts_become_ordered_bands_and_a_heavy_zero_keeps_its_own(rng: np.random.Generator) -> None:
    times = np.r_[np.zeros(50), rng.integers(1, 40, N - 50)].astype(float)
    encoded, codes = item(
        encode(frame(**three(rng), times=times), {**BASIC, "times": {"type": "numeric"}}), "times"
    )
    assert encoded.level == "ordinal"
    assert 2 <= len(encoded.labels) <= 5
    assert (codes[times == 0] == 0).all()
    assert (codes[times > 0] > 0).all()
    assert encoded.labels[0] == "up to 0"
    order = np.argsort(times, kind="stable")
    assert (np.diff(codes[order]) >= 0).all()


def test_bands_of_a_spread_out_amount_are_of_similar_size_and_reversible() -> None:
    amount = np.random.default_rng(1).permutation(np.arange(N, dtype=float))
    amount[:4] = np.nan
    rng = np.random.default_rng(0)
    variables = {**BASIC, "up": {"type": "numeric"}, "down": {"type": "numeric", "reverse": True}}
    prepared = encode(frame(**three(rng), up=amount, down=amount), variables)
    up, codes = item(prepared, "up")
    down, reversed_codes = item(prepared, "down")
    assert np.bincount(codes[4:]).min() > 0.7 * (N - 4) / 5
    assert (codes[:4] == -1).all()
    assert (reversed_codes[:4] == -1).all()
    assert (reversed_codes[4:] == 4 - codes[4:]).all()
    assert down.labels == up.labels[::-1]


def test_items_without_variation_are_left_out(rng: np.random.Generator) -> None:
    variables = {
        **BASIC, "c": {"type": "binary", "values": YES_NO}, "never": {"type": "binary", "values": YES_NO},
        "count": {"type": "numeric"},
    }  # fmt: skip
    answers = frame(**three(rng), c=rng.choice([1.0, 2.0], N), never=np.full(N, 2.0), count=np.zeros(N))
    prepared = encode(answers, variables)
    assert [one.name for one in prepared.items] == ["a", "b", "c"]
    assert prepared.codes.shape == prepared.not_asked.shape == (N, 3)


def many(rng: np.random.Generator, items: int = 10) -> tuple[pd.DataFrame, dict[str, Any]]:
    names = [f"q{j}" for j in range(items)]
    answers = frame(**{name: rng.choice([1.0, 2.0], N) for name in names})
    return answers, {name: {"type": "binary", "values": YES_NO, "positive": 1} for name in names}


def test_who_answered_too_little_of_what_was_asked_is_set_aside(rng: np.random.Generator) -> None:
    answers, variables = many(rng)
    answers.iloc[0, :6] = np.nan  # 4 of 10 asked
    answers.iloc[1, :5] = np.nan  # 5 of 10: just enough
    answers.iloc[2, :7] = np.nan  # 3 of 3 asked: the rest was routed past
    answers.iloc[3, :] = np.nan  # was asked nothing
    missing = answers.isna().map(lambda gone: "refused" if gone else "")
    missing.iloc[2, :7] = "not asked"
    missing.iloc[3, :] = "not asked"
    prepared = encode(answers, variables, missing=missing)
    assert list(prepared.set_aside.index) == ["r000", "r003"]
    assert prepared.set_aside.unique().tolist() == ["answered under 50% of the typology items asked"]
    assert prepared.n == N - 2
    assert {"r001", "r002"} <= set(prepared.ids)
    stricter = encode(answers, variables, missing=missing, prepare={"min_answered": 0.6})
    assert list(stricter.set_aside.index) == ["r000", "r001", "r003"]
    assert stricter.set_aside["r000"] == "answered under 60% of the typology items asked"


def test_not_asked_stays_apart_from_refused(rng: np.random.Generator) -> None:
    answers, variables = many(rng)
    missing = answers.map(lambda _: "")
    answers.iloc[5, 0] = answers.iloc[6, 0] = np.nan
    missing.iloc[5, 0], missing.iloc[6, 0] = "refused", "not asked"
    prepared = encode(answers, variables, missing=missing)
    assert prepared.codes[[5, 6], 0].tolist() == [-1, -1]
    assert prepared.not_asked[[5, 6], 0].tolist() == [False, True]
    assert prepared.not_asked.sum() == 1


def test_routing_gates_are_recorded_in_levels(rng: np.random.Generator) -> None:
    answers, variables = many(rng)
    answers["met"], answers["far"] = rng.choice([1.0, 2.0], N), rng.choice([1.0, 2.0], N)
    answers["online"] = 1.0
    variables["met"] = {"type": "binary", "values": YES_NO, "positive": 1, "asked_if": {"q3": [1]}}
    variables["far"] = {"type": "binary", "values": YES_NO, "asked_if": {"online": [1]}}
    variables["online"] = {"type": "binary", "role": "ignore", "values": YES_NO}
    prepared = encode(answers, variables)
    names = [one.name for one in prepared.items]
    # q3 has "Yes" on level 1; a gate outside the items is none of these
    assert prepared.gates == (Gate(names.index("met"), 3, (1,)),)


def test_design_group_and_flags_follow_the_clustered_respondents(rng: np.random.Generator) -> None:
    answers, variables = many(rng)
    answers["wt"] = np.arange(N, dtype=float) + 1
    answers["place"] = rng.choice([1.0, 2.0], N)
    answers.loc["r007", [f"q{j}" for j in range(8)]] = np.nan
    variables["wt"] = {"type": "numeric", "role": "weight"}
    variables["place"] = {"type": "nominal", "role": "group", "values": {1: "UK", 2: "Italy"}}
    read = survey(answers, variables)
    flags = pd.DataFrame({"straight_lining": np.arange(N) == 9}, index=read.answers.index)
    prepared = prepare(read, study(read.codebook), flags=flags)
    assert "r007" not in prepared.ids
    expected = answers.drop(index="r007")
    assert prepared.design.weight is not None
    assert prepared.design.weight.tolist() == expected["wt"].tolist()
    assert prepared.group is not None
    assert set(prepared.group) == {"UK", "Italy"}
    assert list(prepared.ids[prepared.flags["straight_lining"]]) == ["r009"]
    assert prepared.design.psu is None
    assert prepared.design.stratum is None


def test_too_few_items_and_respondents_are_faults_raised_together(rng: np.random.Generator) -> None:
    answers, variables = many(rng, items=2)
    answers.iloc[:40] = np.nan
    with pytest.raises(InputFaults) as raised:
        encode(answers, variables)
    text = str(raised.value)
    assert "only 2 typology item(s)" in text
    assert "small.yaml" in text
    assert "only 40 respondents" in text
    assert "small.csv" in text


def test_nothing_is_imputed(rng: np.random.Generator) -> None:
    answers, variables = many(rng)
    answers = answers.mask(rng.random(answers.shape) < 0.3)
    prepared = encode(answers, variables, prepare={"min_answered": 0.1})
    kept = answers.loc[prepared.ids]
    assert ((prepared.codes == -1) == kept.isna().to_numpy()).all()
