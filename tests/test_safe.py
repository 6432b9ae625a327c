"""Inputs are read, never run, and errors tell nobody's id."""

from __future__ import annotations

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import typology
from tests.survey.mini import STUDY, mini_frame, write_mini
from typology.cli.app import app
from typology.schema.study import SURVEY_SUFFIXES


class Dangerous:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("ran"),))


@pytest.mark.parametrize("suffix", [*SURVEY_SUFFIXES, ".pkl", ".pickle", ".npz", ".rds", ".rda", ".RData"])
def test_a_pickle_in_place_of_the_survey_is_not_run(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_mini(tmp_path, study=STUDY.replace("mini.csv", f"survey{suffix}"))
    (tmp_path / f"survey{suffix}").write_bytes(pickle.dumps(Dangerous()))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", str(study)])
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith(f"survey{suffix}") or f"survey{suffix}" in result.stderr
    assert not (tmp_path / "ran").exists()


def test_the_pickle_would_run_where_pickles_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(Dangerous()))  # noqa: S301 - shows that the test above could fail
    assert (tmp_path / "ran").exists()


def test_rows_of_one_id_are_told_by_row_and_not_by_id(tmp_path: Path) -> None:
    frame = mini_frame()
    frame["rid"] = [f"person-{number}" for number in frame["rid"]]
    frame.loc[5, "rid"] = frame.loc[2, "rid"]
    frame.loc[[2, 5], "threat"] = [1, 2]
    result = CliRunner().invoke(app, ["check", str(write_mini(tmp_path, frame=frame))])
    assert result.exit_code == 2
    assert "the same id stands for different answers (found: rows 3, 6)" in result.stderr
    assert "person-" not in result.output


HOSTILE = "!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [ran]]"


@pytest.mark.parametrize("name", ["study", "codebook", "factors"])
@pytest.mark.parametrize("tag", [HOSTILE, "!!python/name:os.system", "!!python/module:os", "!include x"])
def test_a_tag_of_yaml_builds_nothing(
    name: str, tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_mini(tmp_path)
    path = tmp_path / f"{name}.yaml"
    path.write_text(f"more: {tag}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", str(study)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{name}.yaml:1: " in result.stderr
    assert "tags are not allowed" in result.stderr
    assert not (tmp_path / "ran").exists()


# What runs or builds whatever a text or a file says. Pandas evaluates what `query` and `eval` are given.
RUNS_TEXT = frozenset(
    {
        "eval", "exec", "compile", "__import__", "query", "system", "popen", "from_string", "read_pickle",
        "load_module", "unsafe_load", "full_load", "load_all",
    }
)  # fmt: skip
UNPACKS = frozenset({"pickle", "cloudpickle", "marshal", "shelve", "dill", "joblib", "yaml"})
# the workers of the team's own Dask cluster get their work this way; no file is read so
ALLOWED = {("cluster.py", "cloudpickle.loads")}


def risky(tree: ast.AST) -> Iterator[str]:
    """Calls that could run what an input says."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        owner, _, last = name.rpartition(".")
        options = {option.arg: ast.unparse(option.value) for option in call.keywords}
        if (last in RUNS_TEXT and owner != "re") or (last in {"load", "loads"} and owner in UNPACKS):
            yield name
        elif last == "load" and owner in {"np", "numpy"} and options.get("allow_pickle") != "False":
            yield f"{name} of pickles"
        elif options.get("shell") == "True" or "unsafe" in options.get("typ", ""):
            yield f"{name} unsafe"


def test_nothing_in_the_package_runs_what_it_reads() -> None:
    package = Path(typology.__file__).parent
    files = sorted(package.rglob("*.py"))
    assert len(files) > 100
    found = {(path.name, call) for path in files for call in risky(ast.parse(path.read_text("utf-8")))}
    assert found == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "eval(x)", "frame.query(x)", "pickle.load(f)", "yaml.load(t)", "np.load(f)", "YAML(typ='unsafe')",
        "subprocess.run(x, shell=True)", "Environment().from_string(x)", "pd.read_pickle(p)", "os.system(x)",
    ],
)  # fmt: skip
def test_the_search_finds_such_calls(code: str) -> None:
    assert list(risky(ast.parse(code)))
    assert not list(risky(ast.parse("re.compile(x); json.loads(x); np.load(f, allow_pickle=False)")))
