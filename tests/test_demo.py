"""The demo, end to end: what a person gets from the first command of the README."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from typer.testing import CliRunner

from tests.browser.looking import look_at_report
from tests.browsing import Chromium
from typology.cli.app import app
from typology.cli.console import closing_summary
from typology.errors import RunFolderError
from typology.pipeline import copy_notebooks, render_again
from typology.pipeline.write import refuse_leaks
from typology.report.execute import execute_notebooks
from typology.report.render import parts
from typology.resources import configs_dir, notebooks_dir
from typology.runs import Run, open_run
from typology.runs.manifest import hash_outputs, sha256
from typology.runs.private import open_private, run_column
from typology.schema.load import load_study
from typology.survey.read import read_survey

pytestmark = pytest.mark.slow

TABLES = {
    "candidates", "correlations", "crosswalk", "evidence", "factors", "guidance", "latent_classes",
    "map_density", "measurement_differences", "missingness", "missingness_groups", "naming",
    "outcome_models", "outcomes", "participation", "power", "prevalence", "quality", "replication",
    "risk_calibration", "risk_dose", "risk_models", "risk_predictors", "runs", "scale_items", "scales",
    "sensitivity", "severity", "short_form", "types",
}  # fmt: skip
SUMMARY = {
    "study",
    "verdict",
    "reason",
    "seconds",
    "respondents",
    "types",
    "evidence",
    "rivals",
    "provenance",
}
TYPE = {
    "id",
    "name",
    "n",
    "share",
    "share_weighted",
    "share_ci",
    "stability",
    "grade",
    "profile_match",
    "factors",
}


def test_four_types_are_found(demo_run: Run) -> None:
    assert demo_run.verdict == "types"
    assert list(demo_run.types.index) == ["T1", "T2", "T3", "T4"]
    assert demo_run.types["share_weighted"].is_monotonic_decreasing


def test_respondents_are_in_the_types_that_were_planted(demo_run: Run, configs: Path) -> None:
    truth = read_survey(load_study(configs / "demo.yaml")).truth
    assert truth is not None
    found = demo_run.respondents().set_index("id")["type"]
    truth = truth.dropna()
    # an unassigned respondent is wrong: a group of one
    own = [f"nobody {k}" if pd.isna(kind) else str(kind) for k, kind in enumerate(found.loc[truth.index])]
    assert adjusted_rand_score(truth.astype(str), own) >= 0.90


def test_its_report_reads_well_on_desktop_phone_and_paper(demo_run: Run, chromium: Chromium) -> None:
    look_at_report(chromium, demo_run.report)


def test_the_run_folder_is_as_the_contract_says(demo_run: Run) -> None:
    folder = demo_run.folder
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "summary.json", "private", "release"}
    release = folder / "release"
    assert {path.stem for path in (release / "tables").glob("*.csv")} == TABLES
    assert {path.name for path in (release / "cards").iterdir()} == {
        *(f"T{k}.png" for k in range(1, 5)),
        "cards.pdf",
    }
    for name in ("report.html", "report.pdf", "disclosure.json", "methods.md"):
        assert (release / name).stat().st_size > 0
    assert {path.name for path in release.iterdir()} == {
        "report.html", "report.pdf", "cards", "figures", "tables", "disclosure.json", "methods.md",
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_summary_is_as_the_contract_says(demo_run: Run) -> None:
    summary = json.loads((demo_run.folder / "summary.json").read_text(encoding="utf-8"))
    assert set(summary) == SUMMARY
    assert set(summary["respondents"]) == {"read", "set_aside", "clustered", "unassigned"}
    assert set(summary["evidence"]) == {"p_no_types", "p_no_association", "seed_agreement"}
    assert set(summary["rivals"]["latent_class"]) == {"classes", "ari"}
    assert set(summary["rivals"]["plain_umap_hdbscan"]) == {"clusters", "ari"}
    for entry in summary["types"]:
        assert set(entry) == TYPE
        low, high = entry["share_ci"]
        assert low < entry["share_weighted"] < high
        for factor in entry["factors"]:
            assert set(factor) == {"factor", "odds_ratio", "ci", "q"}
            assert factor["ci"][0] < factor["odds_ratio"] < factor["ci"][1]
    assert any(entry["factors"] for entry in summary["types"])


def test_the_private_table_has_everybody_and_is_private(demo_run: Run) -> None:
    path = demo_run.folder / "private" / "respondents.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    table = demo_run.respondents()
    assert list(table.columns) == [
        "id", "type", "core", "membership", "candidate_type",
        *(name for name in table.columns if name.startswith("p_")), "set_aside",
    ]  # fmt: skip
    assert len(table) == table["id"].nunique() == demo_run.manifest["rows_read"]
    clustered = table[table["set_aside"].isna()]
    assert np.allclose(clustered.filter(like="p_T").sum(axis=1), 1.0)
    assert clustered["core"].dtype == bool
    assert table.loc[table["set_aside"].notna(), "type"].isna().all()


def test_the_private_runs_are_those_of_the_release(demo_run: Run) -> None:
    for name in ("runs", "items"):
        path = demo_run.folder / "private" / f"{name}.parquet"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    private = open_private(demo_run)
    released = demo_run.tables["runs"]
    assert list(private.clusters) == [run_column(row) for row in released.to_dict("records")]
    for row in released.to_dict("records"):
        cluster = private.clusters[run_column(row)]
        assert cluster.max() + 1 == row["clusters"]
        # released down to a step of ten respondents, in whole percent
        assert np.mean(cluster < 0) == pytest.approx(row["noise"], abs=10 / len(cluster) + 0.005)
        aside = demo_run.respondents()["set_aside"].notna().sum()
        assert len(cluster) == len(private.levels) == len(demo_run.respondents()) - aside


def test_the_manifest_accounts_for_inputs_and_outputs(demo_run: Run) -> None:
    manifest = demo_run.manifest
    assert manifest["outputs"] == hash_outputs(demo_run.folder)
    for entry in manifest["inputs"].values():
        assert sha256(configs_dir() / entry["path"]) == entry["sha256"]
    assert manifest["seed"] == manifest["config"]["seed"] == 2015
    assert {"read", "prepare", "discover", "evidence", "label", "tables", "report"} <= set(
        manifest["timings"]
    )
    assert manifest["environment"]["packages"]["umap-learn"]
    told = (demo_run.folder / "manifest.json").read_text(encoding="utf-8")
    for place in (configs_dir(), demo_run.folder.parent, Path.home(), Path.cwd()):
        assert str(place) not in told


def test_the_release_passes_its_check(demo_run: Run) -> None:
    refuse_leaks(demo_run.folder, threshold=10)


def test_no_identifier_of_a_respondent_is_released(demo_run: Run) -> None:
    report = (demo_run.folder / "release" / "report.html").read_text(encoding="utf-8")
    assert str(demo_run.folder.parent) not in report
    for path in (demo_run.folder / "release" / "tables").glob("*.csv"):
        assert "rid" not in pd.read_csv(path, nrows=0).columns


def test_everything_shows_itself(demo_run: Run) -> None:
    shown = (
        demo_run, demo_run.cards(), demo_run.card("T1"), demo_run.map(), demo_run.evidence(),
        demo_run.risk_table(),
    )  # fmt: skip
    for one in shown:
        assert "<" in one._repr_html_()


def test_the_closing_summary_can_be_read(demo_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    closing_summary(demo_run)
    told = capsys.readouterr().out
    assert told.strip().startswith("Types were found.")
    for entry in demo_run.summary["types"]:
        assert entry["id"] in told
        assert f"{entry['share_weighted']:.0%}" in told
    assert "report.html" in told.replace("\n", "")


def test_the_report_renders_again_from_the_release_alone(demo_run: Run) -> None:
    before = demo_run.report.stat().st_size
    moved = demo_run.folder / "private"
    aside = moved.rename(demo_run.folder.parent / "private aside")
    try:
        path = render_again(demo_run.folder)
    finally:
        aside.rename(moved)
    assert abs(path.stat().st_size - before) < 0.05 * before


def test_every_notebook_runs_those_the_report_has_no_use_for_included(demo_run: Run) -> None:
    others = [path for path in sorted(notebooks_dir().glob("*.ipynb")) if path.stem not in parts("types")]
    books = execute_notebooks(others, parameters={"run_dir": str(demo_run.folder)})
    assert len(books) + len(parts("types")) >= 7
    for book in books:
        outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
        assert {output.output_type for output in outputs} == {"execute_result"}


def test_notebooks_are_copied_and_never_overwritten(demo_run: Run, tmp_path: Path) -> None:
    copies = copy_notebooks(demo_run.folder, tmp_path / "lab")
    assert copies
    assert str(demo_run.folder.absolute()) in copies[0].read_text(encoding="utf-8")
    copies[0].write_text("mine", encoding="utf-8")
    assert copy_notebooks(demo_run.folder, tmp_path / "lab") == copies
    assert copies[0].read_text(encoding="utf-8") == "mine"


def test_running_again_gives_the_same_with_another_number_of_processes(demo_run: Run) -> None:
    # the run of the fixture has two; "same" means every number of the release and everybody's type
    result = CliRunner().invoke(app, ["verify", str(demo_run.folder), "--jobs", "1", "--quiet"])
    assert result.exit_code == 0, result.output
    assert result.stdout == "same\n"


def test_verify_needs_the_study_file(demo_run: Run, tmp_path: Path) -> None:
    manifest = {**demo_run.manifest, "study_file": "gone.yaml"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / "summary.json").write_text(json.dumps(demo_run.summary), encoding="utf-8")
    assert isinstance(open_run(tmp_path), Run)
    result = CliRunner().invoke(app, ["verify", str(tmp_path), "--quiet"])
    assert result.exit_code == 1
    assert "gone.yaml" in result.stderr
    assert "--study" in result.stderr
    assert RunFolderError.__name__ not in result.stderr
