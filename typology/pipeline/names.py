"""Names given after a run, put into everything the run released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from typology.label.naming import override_step
from typology.report.figures import save_figures
from typology.runs import Run
from typology.runs.names import current_names, naming_log
from typology.runs.tables import table_bytes, write_json

PROPOSED = "name proposed"


def put_names(run: Run) -> bool:
    """Bring tables, summary, cards and figures of a run up to the names of its log.

    Parameters
    ----------
    run : Run
        As opened: it still holds the names of before.

    Returns
    -------
    bool
        Whether anything had to change. The pictures are drawn first, so that a call that fails is made good
        by the next one.
    """
    shown = dict(zip(run.tables["types"]["id"], run.tables["types"]["name"], strict=True))
    names = {type_id: name for type_id, name in current_names(run).items() if shown[type_id] != name}
    if not names:
        return False
    in_study = {entry.type: bool(entry.study_file) for entry in naming_log(run)}
    renamed = [str(names.get(each, shown[each])) for each in shown]
    types = run.tables["types"].assign(name=renamed)
    naming = _trace(run.tables["naming"], names, in_study)
    tables = {**run.tables, "types": types, "naming": naming}
    entries = [{**entry, "name": names.get(entry["id"], entry["name"])} for entry in run.summary["types"]]
    summary = {**run.summary, "types": entries}
    release = run.folder / "release"
    save_figures(tables, summary, release)
    _rename_withheld(run, names)
    write_json(summary, run.folder / "summary.json")
    for name, frame in (("naming", naming), ("types", types)):
        (release / "tables" / f"{name}.csv").write_bytes(table_bytes(frame))
    return True


def _trace(naming: pd.DataFrame, names: Mapping[str, str], in_study: Mapping[str, bool]) -> pd.DataFrame:
    """The trace of why types have their names, as a run with the new names in its study file writes it."""
    rows: list[dict[Any, Any]] = []
    for row in naming.to_dict("records"):
        given = names.get(row["type"])
        if given is not None and row["step"] == override_step("", "")[0]:
            continue
        rows.append(row)
        if given is not None and row["step"] == PROPOSED:
            where = "the study file" if in_study[row["type"]] else "the explorer"
            step, detail = override_step(given, row["detail"], source=where)
            rows.append({**row, "step": step, "detail": detail})
    return pd.DataFrame(rows, columns=naming.columns)


def _rename_withheld(run: Run, names: Mapping[str, str]) -> None:
    """The list of withheld cells names the rows of the types table by id and name."""
    path = run.folder / "release" / "disclosure.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for entry in content["suppressed"]:
        if entry["table"] == "types" and entry["row"]["id"] in names:
            entry["row"]["name"] = names[entry["row"]["id"]]
    write_json(content, path)
