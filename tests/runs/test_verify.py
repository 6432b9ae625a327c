"""Same, same within tolerance, or changed."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from typology.results import ReleaseTable
from typology.runs import Run, open_run
from typology.runs.manifest import hash_outputs
from typology.runs.tables import write_json, write_tables
from typology.runs.verify import Again, compare

INPUTS = {"data": {"path": "survey.csv", "sha256": "aa"}}
PACKAGES = {"numpy": "2.4.6", "umap-learn": "0.5.12"}


def type_table(shares: list[float]) -> ReleaseTable:
    frame = pd.DataFrame({"id": [f"T{k + 1}" for k in range(len(shares))], "share": shares})
    return ReleaseTable(name="types", title="", frame=frame, keys=("id",))


def people(candidate: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"r{k:03d}" for k in range(len(candidate))],
            "candidate_type": pd.array(candidate, dtype="string"),
            "set_aside": pd.array([None] * len(candidate), dtype="string"),
        }
    )


GROUPS: list[str | None] = ["T1"] * 120 + ["T2"] * 70 + [None] * 10


def again(**changes: Any) -> Again:
    summary = {
        "study": "small",
        "verdict": "types",
        "seconds": 60.0,
        "types": [{"id": "T1", "share_weighted": 0.6}, {"id": "T2", "share_weighted": 0.35}],
    }
    whole = Again(
        summary=summary,
        tables=(type_table([0.6, 0.35]),),
        respondents=people(GROUPS),
        inputs=INPUTS,
        packages=PACKAGES,
    )
    return replace(whole, **changes)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    first = again()
    write_tables(first.tables, tmp_path / "release" / "tables")
    write_json(first.summary, tmp_path / "summary.json")
    write_json(
        {"study": "small", "inputs": INPUTS, "environment": {"packages": PACKAGES}},
        tmp_path / "manifest.json",
    )
    (tmp_path / "private").mkdir()
    first.respondents.to_parquet(tmp_path / "private" / "respondents.parquet", index=False)
    return open_run(tmp_path)


def changed_summary(**changes: Any) -> dict[str, Any]:
    summary = copy.deepcopy(dict(again().summary))
    summary.update(changes)
    return summary


def test_the_same_again_is_same_whatever_the_clock_says(run: Run) -> None:
    found = compare(run, again(summary=changed_summary(seconds=75.0)))
    assert (found.outcome, found.reasons, found.agreement) == ("same", (), 1.0)


def test_order_of_respondents_does_not_matter(run: Run) -> None:
    shuffled = people(GROUPS).sample(frac=1, random_state=1)
    assert compare(run, again(respondents=shuffled)).outcome == "same"


def test_one_moved_respondent_is_within_tolerance(run: Run) -> None:
    moved = [*GROUPS]
    moved[0] = "T2"
    found = compare(run, again(respondents=people(moved)))
    assert found.outcome == "same within tolerance"
    assert 0.95 < found.agreement < 1


def test_a_number_that_moved_a_little_is_named(run: Run) -> None:
    types = [{"id": "T1", "share_weighted": 0.605}, {"id": "T2", "share_weighted": 0.345}]
    found = compare(run, again(tables=(type_table([0.605, 0.345]),), summary=changed_summary(types=types)))
    assert found.outcome == "same within tolerance"
    assert "summary, types differ" in found.sentence


def test_shares_that_moved_far_are_a_change(run: Run) -> None:
    types = [{"id": "T1", "share_weighted": 0.55}, {"id": "T2", "share_weighted": 0.40}]
    found = compare(run, again(summary=changed_summary(types=types)))
    assert found.outcome == "changed"
    assert "share of T1 went from 60.0% to 55.0%" in found.sentence


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"verdict": "gradient", "types": []}, "verdict types became gradient"),
        ({"types": []}, "2 types became 0"),
    ],
)
def test_another_verdict_or_number_of_types_is_a_change(
    run: Run, changes: dict[str, Any], reason: str
) -> None:
    found = compare(run, again(summary=changed_summary(**changes)))
    assert found.outcome == "changed"
    assert reason in found.sentence


def test_another_grouping_is_a_change(run: Run) -> None:
    rng = np.random.default_rng(3)
    found = compare(run, again(respondents=people(list(rng.permutation(np.array(GROUPS, dtype=object))))))
    assert found.outcome == "changed"
    assert found.agreement < 0.2


def test_other_respondents_are_a_change(run: Run) -> None:
    found = compare(run, again(respondents=people(GROUPS[:-1])))
    assert found.outcome == "changed"
    assert np.isnan(found.agreement)


def test_the_cause_is_named(run: Run) -> None:
    moved: list[str | None] = ["T2", *GROUPS[1:]]
    found = compare(
        run,
        again(
            respondents=people(moved),
            inputs={"data": {"path": "survey.csv", "sha256": "bb"}},
            packages={**PACKAGES, "numpy": "2.5.0"},
        ),
    )
    assert "input changed since: data" in found.sentence
    assert "numpy 2.4.6 to 2.5.0" in found.sentence


@pytest.mark.parametrize("what", ["changed", "removed"])
@pytest.mark.parametrize("name", ["summary.json", "release/report.html", "release/tables/types.csv"])
def test_a_released_file_altered_since_is_a_change(run: Run, name: str, what: str) -> None:
    (run.folder / "release" / "report.html").write_text("a report", encoding="utf-8")
    (run.folder / "private" / "names.json").write_text("{}", encoding="utf-8")
    run.manifest["outputs"] = hash_outputs(run.folder)
    (run.folder / "private" / "names.json").unlink()  # as people do with what is private
    assert compare(run, again()).outcome == "same"
    path = run.folder / name
    if what == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().replace(b"0.6", b"0.7") + b" ")
    found = compare(run, again())
    assert found.outcome == "changed"
    assert found.reasons[0] == f"altered since the run was written: {name}"
