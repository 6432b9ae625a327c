"""The explorer driven by its controls, as a browser would, and what a saved notebook holds of it."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

import typology as ty
from tests.explorer.finished import HIDDEN, finished_run
from typology.explorer import Explorer
from typology.explorer.saved import PLUGIN
from typology.profile.display import Notice
from typology.report.execute import execute_notebooks
from typology.resources import notebooks_dir
from typology.runs import Run
from typology.runs.names import naming_log


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of JupyterLab settings; cards, slow to draw and tested elsewhere, are text."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", str(folder))
    monkeypatch.setattr("typology.explorer.saved.jupyter_path", lambda *_: [])
    monkeypatch.setattr(Run, "card", lambda _, type_id: Notice(f"Card of {type_id}."))
    yield folder
    ipywidgets.Widget.close_all()


def turn_on_saving(settings: Path, text: str = '{"saveState": true}') -> None:
    file = settings / PLUGIN
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")


def saved_state(explorer: Explorer) -> str:
    """What a notebook with the state of its widgets would hold of the explorer."""
    del explorer  # the only one there is
    return json.dumps(ipywidgets.Widget.get_manager_state(drop_defaults=False), default=str)


def shown(explorer: Explorer) -> str:
    return str(explorer.runs.shown.value + explorer.region.shown.value)


def test_a_type_is_picked_and_its_card_shown(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    for type_id in ("T1", "T3", "T1"):
        explorer.types.type.value = type_id
        assert f"Card of {type_id}." in explorer.types.card.value


def test_sliding_the_settings_shows_another_run_at_once(tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run")
    explorer = ty.explore(run.folder)
    explorer.gate.open()
    seen = {}
    for n_neighbors in explorer.runs.n_neighbors.options:
        explorer.runs.n_neighbors.value = n_neighbors
        for label, seed in explorer.runs.seed.options:
            explorer.runs.seed.value = seed
            row = run.tables["runs"].query("n_neighbors == @n_neighbors and seed == @seed")
            if len(row):
                assert f"{row.iloc[0]['clusters']} clusters" in explorer.runs.summary.value
                seen[n_neighbors, label] = explorer.runs.shown.value
    assert len(seen) >= 4
    assert any("C1 merges T1 and T2" in html for html in seen.values())
    assert any("Every type is one cluster" in html for html in seen.values())


def test_nothing_private_is_there_before_somebody_asks_or_after_it_is_hidden(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    assert shown(explorer) == ""
    assert HIDDEN not in saved_state(explorer)
    explorer.gate.reveal.click()
    assert HIDDEN in shown(explorer)
    assert "merges" in shown(explorer) or "one cluster" in shown(explorer)
    assert "not written into the notebook" in explorer.gate.notice.value
    explorer.gate.hide.click()
    assert shown(explorer) == ""
    assert HIDDEN not in saved_state(explorer)


def test_no_respondent_is_named_even_when_it_is_shown(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    explorer.gate.open()
    assert HIDDEN in saved_state(explorer)
    assert "person0" not in saved_state(explorer)


def test_what_the_notebook_saves_as_output_says_nothing(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    explorer.gate.open()
    output = explorer._repr_mimebundle_()
    assert set(output) == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert output["text/plain"] == "<Explorer of invented: run this cell in JupyterLab to use it>"


@pytest.mark.parametrize("text", ['{"saveState": true}', '// a comment\n{\n  "saveState" : true,\n}'])
def test_it_refuses_where_jupyterlab_would_save_it(tmp_path: Path, settings: Path, text: str) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    turn_on_saving(settings, text)
    explorer.gate.open()
    assert shown(explorer) == ""
    assert "Nothing private is shown" in explorer.gate.notice.value


def test_it_closes_when_saving_is_turned_on_while_it_is_open(tmp_path: Path, settings: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    explorer.gate.open()
    turn_on_saving(settings)
    explorer.region.across.value = (10, 50)
    assert shown(explorer) == ""
    assert "Nothing private is shown" in explorer.gate.notice.value


def test_in_a_kernel_it_closes_without_being_touched(
    tmp_path: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typology.explorer.gate.EVERY", 0.01)
    explorer = ty.explore(finished_run(tmp_path / "run"))

    async def used() -> None:
        explorer.gate.open()
        await asyncio.sleep(0.05)
        assert HIDDEN in shown(explorer)
        turn_on_saving(settings)
        await asyncio.sleep(0.2)

    asyncio.run(used())
    assert shown(explorer) == ""
    assert explorer.gate._watching is not None
    assert explorer.gate._watching.done()


def test_a_setting_that_is_off_or_only_mentioned_does_not_close_it(tmp_path: Path, settings: Path) -> None:
    turn_on_saving(settings, '// "saveState": true\n{"saveState": false}')
    explorer = ty.explore(finished_run(tmp_path / "run"))
    explorer.gate.open()
    assert HIDDEN in shown(explorer)


def test_a_region_is_chosen_with_two_ranges(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    explorer.gate.open()
    assert "300 respondents" in explorer.region.shown.value
    explorer.region.across.value = (0, 30)
    assert "100 respondents" in explorer.region.shown.value
    explorer.region.across.value = (36, 38)
    assert "Too few" in explorer.region.shown.value


def test_a_run_without_private_files_says_so_and_still_shows_what_is_released(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run", private=False))
    explorer.gate.open()
    assert "the private file is not there" in explorer.gate.notice.value
    assert "clusters" in explorer.runs.summary.value
    assert shown(explorer) == ""


@pytest.mark.parametrize("verdict", ["gradient", "none"])
def test_a_run_without_types_says_what_its_clusters_are_not(tmp_path: Path, verdict: str) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run", verdict=verdict))
    explorer.gate.open()
    texts = saved_state(explorer)
    assert "they are not types" in texts
    assert "there is nothing to name" in texts
    assert "is split" not in explorer.runs.shown.value
    assert '<tr><th scope="row">everyone</th>' in explorer.runs.shown.value


def test_one_view_is_shown_at_a_time_and_the_door_only_with_private_views(tmp_path: Path) -> None:
    explorer = ty.explore(finished_run(tmp_path / "run"))
    for view in explorer.view.options:
        explorer.view.value = view
        open_ = [name for name, box in explorer._boxes.items() if box.layout.display != "none"]
        assert open_ == [view]
        assert (explorer.gate.box.layout.display != "none") == (view in ("Runs", "Region"))


def test_a_type_is_renamed_and_logged(tmp_path: Path) -> None:
    run = finished_run(tmp_path / "run")
    explorer = ty.explore(run)
    panel = explorer.naming
    assert panel.type.value == "T1"
    panel.type.value, panel.name.value, panel.who.value = "T2", "  Known from <school>  ", "A. B."
    panel.give.click()
    assert "typology report" in panel.status.value
    assert "<school>" not in panel.status.value + panel.log.value
    (entry,) = naming_log(run)
    assert (entry.type, entry.new, entry.who) == ("T2", "Known from <school>", "A. B.")
    assert stat.S_IMODE((run.folder / "private" / "names.json").stat().st_mode) == 0o600
    assert ("T2 Known from <school>", "T2") in list(panel.type.options)
    assert panel.study_file.disabled


@pytest.mark.parametrize(
    ("name", "told"), [("", "is not a name"), ("x" * 81, "too long"), ("taken", "is the name of T1")]
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(tmp_path: Path, name: str, told: str) -> None:
    run = finished_run(tmp_path / "run")
    panel = ty.explore(run).naming
    panel.type.value = "T2"
    panel.name.value = str(run.summary["types"][0]["name"]).upper() if name == "taken" else name
    panel.who.value = "A. B."
    panel.give.click()
    assert told in panel.status.value
    assert not (run.folder / "private" / "names.json").exists()


def test_controls_are_plain_and_labelled(tmp_path: Path) -> None:
    """Sliders, lists, buttons and text fields of ipywidgets work with the keyboard; each has a label."""

    def below(widget: Any) -> list[Any]:
        return [widget, *(each for child in getattr(widget, "children", ()) for each in below(child))]

    plain = (
        ipywidgets.SelectionSlider, ipywidgets.IntRangeSlider, ipywidgets.Dropdown, ipywidgets.Text,
        ipywidgets.Button, ipywidgets.ToggleButtons, ipywidgets.Checkbox,
    )  # fmt: skip
    boxes = (ipywidgets.VBox, ipywidgets.HBox, ipywidgets.HTML)
    found = below(ty.explore(finished_run(tmp_path / "run")).box)
    controls = [each for each in found if not isinstance(each, boxes)]
    assert len(controls) >= 15
    for control in controls:
        assert isinstance(control, plain)
        assert control.description


def test_an_executed_notebook_holds_nothing_private(tmp_path: Path) -> None:
    """Executing keeps the state of widgets in the notebook: what is in it at the start is released."""
    run = finished_run(tmp_path / "run")
    (book,) = execute_notebooks(
        [notebooks_dir() / "06_explorer.ipynb"], parameters={"run_dir": str(run.folder)}
    )
    kept = json.dumps(book)
    assert "application/vnd.jupyter.widget-state+json" in kept
    assert "Show what is private" in kept
    assert HIDDEN not in kept
    assert "person0" not in kept
    outputs = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.output_type for output in outputs] == ["execute_result"] * 2
