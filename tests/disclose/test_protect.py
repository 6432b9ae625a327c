"""What disclosure control does to release tables, and what the audit finds in a finished release."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from label.factory import make_inputs, release_tables

from typology.disclose import audit, protect
from typology.disclose.rules import share_band
from typology.errors import DisclosureError
from typology.label import label_types
from typology.results import ReleaseTable


@pytest.fixture(scope="module")
def raw() -> list[ReleaseTable]:
    return release_tables(label_types(*make_inputs(400, seed=11)))


@pytest.fixture(scope="module")
def safe(raw: list[ReleaseTable]) -> list[ReleaseTable]:
    return protect(raw, threshold=10)[0]


def table(name: str, rows: dict[str, Sequence[object]], keys: Sequence[str], **more: object) -> ReleaseTable:
    return ReleaseTable(name, name, pd.DataFrame(rows), tuple(keys), **more)  # type: ignore[arg-type]


def write(folder: Path, tables: list[ReleaseTable], summary: dict[str, object] | None = None) -> Path:
    release = folder / "release"
    (release / "tables").mkdir(parents=True)
    for each in tables:
        each.frame.to_csv(release / "tables" / f"{each.name}.csv", index=False)
    (folder / "summary.json").write_text(json.dumps(summary or {}))
    return release


def test_hidden_rows_keep_their_keys_only_and_are_logged(raw: list[ReleaseTable]) -> None:
    safe, log = protect(raw, threshold=10)
    for each in safe:
        hidden = each.frame[each.frame["suppressed"] != ""]
        assert not [name for name in each.frame if name.startswith("_")]
        assert len(hidden) == sum(entry["table"] == each.name for entry in log)
        numbers = (
            ["base", "count"]
            if "base" in hidden
            else ["base_type", "exposed_type", "base_rest", "odds_ratio"]
        )
        assert hidden[numbers].isna().all(axis=None)
    assert log, "a survey of 400 has something to hide"
    assert {entry["rule"] for entry in log} == {"threshold"}, (
        "the rule must not tell small from protecting cells"
    )


def test_nothing_happens_to_the_tables_handed_in(raw: list[ReleaseTable]) -> None:
    before = [each.frame.copy() for each in raw]
    protect(raw, threshold=10)
    for each, frame in zip(raw, before, strict=True):
        pd.testing.assert_frame_equal(each.frame, frame)


def test_a_hidden_answer_is_hidden_in_every_table(safe: list[ReleaseTable]) -> None:
    frames = {each.name: each.frame for each in safe}
    prevalence, factors, outcomes = frames["prevalence"], frames["factors"], frames["outcomes"]
    cells = prevalence[prevalence["endorsed"]].set_index(["variable", "group"])["suppressed"]
    for variable, type_id, state in factors[["variable", "type", "suppressed"]].itertuples(index=False):
        if (variable, type_id) in cells.index and cells[variable, type_id] != "":
            assert state != ""
    for outcome, type_id, state in outcomes[["outcome", "type", "suppressed"]].itertuples(index=False):
        assert (cells[outcome, type_id] == "") or state != ""


def test_routed_questions_are_hidden_where_their_gate_is() -> None:
    found = 0
    for seed in range(4):
        frame = protect(release_tables(label_types(*make_inputs(150, seed=seed, rare=0.1))), threshold=10)[0][
            0
        ].frame
        state = frame.set_index(["variable", "category", "group"])["suppressed"]
        for group in frame["group"].unique():
            if state["online", "1", group] != "":
                found += 1
                assert state["sent", "1", group] != ""
    assert found, "some gate must have been hidden for this to mean anything"


def test_shown_shares_are_rounded_to_their_base_and_never_all_or_none(safe: list[ReleaseTable]) -> None:
    frame = safe[0].frame[safe[0].frame["suppressed"] == ""]
    assert frame["share"].between(0.01, 0.99).all()
    np.testing.assert_allclose(frame["share"] * 100, (frame["share"] * 100).round(), atol=1e-9)
    assert (frame["count"] % 10 == 0).all()


def test_an_unchanged_table_without_respondents_passes() -> None:
    plain = table("power", {"separation": ["weak"], "share_found": [0.3]}, ["separation", "share_found"])
    after, log = protect([plain], threshold=10)
    assert after[0].frame.drop(columns="suppressed").equals(plain.frame)
    assert log == []


def test_one_small_band_takes_another_with_it() -> None:
    bands = table(
        "severity",
        {
            "band": ["0", "1", "2", "3"],
            "n": [40, 30, 25, 5],
            "base": [100] * 4,
            "share": [0.4, 0.3, 0.25, 0.05],
        },
        ["band"],
        counts=(("n", "base"),),
        values=("share",),
        margins=(("band",),),
    )
    hidden = protect([bands], threshold=10)[0][0].frame["suppressed"].ne("")
    assert hidden.tolist() == [False, False, True, True]


def test_the_size_of_a_tiny_type_cannot_be_had_by_subtraction() -> None:
    types = table(
        "types",
        {"id": ["T1", "T2", "T3"], "n": [100, 40, 6], "base": [146] * 3, "share": [0.68, 0.27, 0.04]},
        ["id"],
    )
    frame = protect([types], threshold=10)[0][0].frame
    assert frame["n"].isna().tolist() == [False, True, True]
    assert frame["share"].isna().tolist() == [False, True, True]


def test_few_unassigned_are_hidden_and_the_sizes_that_would_tell_them_are_rounded() -> None:
    flow = table(
        "participation",
        {"step": ["read", "clustered", "unassigned"], "n": [150, 150, 4], "note": [""] * 3},
        ["step", "note"],
    )
    types = table(
        "types", {"id": ["T1", "T2"], "n": [93, 53], "base": [150] * 2, "share": [0.62, 0.3533]}, ["id"]
    )
    after = {each.name: each.frame for each in protect([flow, types], threshold=10)[0]}
    assert after["participation"]["n"].isna().tolist() == [False, False, True]
    assert after["types"]["n"].tolist() == [90, 50]


def test_no_other_column_tells_the_size_of_a_rounded_type() -> None:
    """With equal weights the weighted share is the share; the share of the core has the size below."""
    n, core = np.array([93, 53]), np.array([71, 41])
    flow = table(
        "participation",
        {"step": ["read", "clustered", "unassigned"], "n": [150, 150, 4], "note": [""] * 3},
        ["step", "note"],
    )
    rows = {
        "id": ["T1", "T2"], "n": n, "base": [150] * 2, "share": n / 150, "share_weighted": n / 150,
        "lo": n / 150 - 0.0311, "hi": n / 150 + 0.0311, "core_n": core, "core_share": core / n,
    }  # fmt: skip
    frame = {each.name: each.frame for each in protect([flow, table("types", rows, ["id"])], threshold=10)[0]}
    types = frame["types"]
    for name in ("share", "share_weighted", "lo", "hi", "core_share"):
        np.testing.assert_allclose(types[name], types[name].round(2))
    assert types["core_n"].tolist() == [70, 40]
    least = 150 - ((types["share_weighted"] + 0.005) * 150).sum()
    most = 150 - ((types["share_weighted"] - 0.005) * 150).sum()
    assert most - least >= 3


def test_a_band_never_tells_that_a_count_is_small() -> None:
    for base in range(10, 400):
        inside: dict[str, list[int]] = {}
        for count in range(base + 1):
            inside.setdefault(share_band(count, base, threshold=10), []).append(count)
        for band, counts in inside.items():
            assert band == "" or max(counts) >= 10
            assert band == "" or base - min(counts) >= 10
    assert share_band(140, 140, threshold=10) == "over 90%"
    assert share_band(3, 570, threshold=10) == "under 10%"


def test_nobody_unassigned_is_nobody_to_protect() -> None:
    flow = table(
        "participation",
        {"step": ["read", "clustered", "unassigned"], "n": [163, 150, 0], "note": [""] * 3},
        ["step", "note"],
    )
    assert protect([flow], threshold=10)[0][0].frame["n"].tolist() == [163, 150, 0]


def test_few_missing_answers_look_like_none() -> None:
    def shown(answered: int) -> pd.DataFrame:
        rows = {
            "variable": ["a", "a"],
            "kind": ["answered", "refused"],
            "n": [answered, 500 - answered],
            "base": [500] * 2,
            "share": [0.0, 0.0],
        }
        return protect([table("missingness", rows, ["variable", "kind"])], threshold=10)[0][0].frame

    assert shown(499).equals(shown(492))
    assert shown(499)["n"].iloc[0] == 500
    assert shown(470)["n"].tolist() == [470, 30]


def test_factors_without_prevalences_are_refused(raw: list[ReleaseTable]) -> None:
    with pytest.raises(DisclosureError, match="prevalence"):
        protect([raw[1]], threshold=10)


def test_counts_that_do_not_add_up_are_refused(raw: list[ReleaseTable]) -> None:
    frame = raw[0].frame.copy()
    frame.loc[frame["group"] == "everyone", "count"] = 12
    with pytest.raises(DisclosureError, match="do not add up"):
        protect([ReleaseTable("prevalence", "", frame, raw[0].keys)], threshold=10)


def test_audit_passes_a_protected_release(tmp_path: Path, safe: list[ReleaseTable]) -> None:
    assert audit(write(tmp_path, safe), threshold=10) == []


def test_audit_finds_an_unprotected_release(tmp_path: Path, raw: list[ReleaseTable]) -> None:
    tables = [ReleaseTable(t.name, t.title, t.frame.assign(suppressed=""), t.keys) for t in raw]
    leaks = audit(write(tmp_path, tables), threshold=10)
    assert any("fewer than 10" in leak for leak in leaks)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [("count", 4, "fewer than 10"), ("share", 1.0, "0% or 100%"), ("max_age", 25, "extreme")],
)
def test_audit_finds_a_planted_leak(
    tmp_path: Path, safe: list[ReleaseTable], column: str, value: float, expected: str
) -> None:
    frame = safe[0].frame.copy()
    frame.loc[0, column] = value
    tables = [ReleaseTable("prevalence", "", frame, safe[0].keys), *safe[1:]]
    assert any(expected in leak for leak in audit(write(tmp_path, tables), threshold=10))


def test_audit_works_a_lone_hidden_count_out(tmp_path: Path) -> None:
    """Only T2 is hidden: everyone minus T1 leaves 0 to 8 however the shown counts were rounded."""
    groups = ["everyone", "T1", "T2"]
    rows = [
        ("x", category, category == "1", group, base, count)
        for category, counts in (("1", (60, 60, None)), ("2", (140, 70, None)))
        for group, base, count in zip(groups, (200, 130, None), counts, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["variable", "category", "endorsed", "group", "base", "count"])
    frame["suppressed"] = np.where(frame["count"].isna(), "threshold", None)
    leaks = audit(write(tmp_path, [ReleaseTable("prevalence", "", frame, ())]), threshold=10)
    assert any("x = 1 in T2 lies between 0 and 9" in leak for leak in leaks)


def test_audit_finds_ids_in_tables_and_text(tmp_path: Path, safe: list[ReleaseTable]) -> None:
    release = write(tmp_path, safe)
    (tmp_path / "private").mkdir()
    pd.DataFrame({"id": ["r00001", "r00002"]}).to_parquet(tmp_path / "private" / "respondents.parquet")
    assert audit(release, threshold=10) == []
    (release / "methods.md").write_text("As r00002 told us.")
    assert audit(release, threshold=10) == ["methods.md: holds 1 respondent ids"]


def test_audit_reads_the_summary(tmp_path: Path, safe: list[ReleaseTable]) -> None:
    hidden = safe[1].frame.query("suppressed != ''").iloc[0]
    summary = {
        "respondents": {"read": 400, "unassigned": 3},
        "types": [{"id": hidden["type"], "n": 40, "factors": [{"factor": hidden["factor"]}]}],
    }
    leaks = audit(write(tmp_path, safe, summary), threshold=10)
    assert any("unassigned is 3" in leak for leak in leaks)
    assert any("withheld in the tables" in leak for leak in leaks)


def test_an_empty_release_is_no_clean_release(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="no release tables"):
        audit(tmp_path, threshold=10)


def test_missingness_by_group_tells_neither_few_missing_nor_the_size_of_a_small_group() -> None:
    rows = []
    for group, base, refused in (("UK", 343, 23), ("Ireland", 52, 4), ("Malta", 7, 2)):
        rows += [
            {"variable": "a", "label": "A", "role": "risk", "group": group, "kind": kind, "n": n,
             "base": base, "share": n / base}
            for kind, n in (("answered", base - refused), ("refused", refused))
        ]  # fmt: skip
    keys = ["variable", "label", "role", "group", "kind"]
    shown = protect([table("missingness_groups", rows, keys)], threshold=10)[0][0].frame
    by = shown.set_index(["group", "kind"])
    assert by.loc[("UK", "refused"), "n"] == 20
    assert by.loc[("UK", "answered"), "n"] == 320
    assert by.loc[("Ireland", "answered"), "n"] == by.loc[("Ireland", "answered"), "base"] == 50
    # reasons of a few are left out, and questions that few of a group answered
    assert set(by.index) == {("UK", "refused"), ("UK", "answered"), ("Ireland", "answered")}
    assert ((shown["n"].dropna() % 10) == 0).all()
    assert ((shown["base"].dropna() % 10) == 0).all()
