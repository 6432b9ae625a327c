"""The README: its two commands are what CI runs, and what it names exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from typer.main import get_command

from typology.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    found = re.findall(r"^<!-- command (\d) -->\n```bash\n(.+)\n```$", TEXT, flags=re.MULTILINE)
    assert [number for number, _ in found] == ["1", "2"]
    return [command for _, command in found]


def test_two_commands_of_one_line_each_do_all_the_set_up() -> None:
    for command in commands():
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -c constraints.txt ")
    demo, tests = commands()
    assert demo.endswith(".venv/bin/typology demo")
    assert "[test,dev]" in tests
    assert "pytest" in tests


def test_ci_runs_exactly_these() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (function,) = re.findall(r"^readme\(\) \{\n.*?^\}$", script, flags=re.MULTILINE | re.DOTALL)
    for number, command in enumerate(commands(), start=1):
        done = subprocess.run(
            ["/bin/bash", "-c", f"{function}\nreadme {number}"],
            check=True,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert done.stdout.strip() == command


def test_every_command_it_shows_exists() -> None:
    known = set(get_command(app).commands)
    shown = set(re.findall(r"^(?:\S*/)?typology ([a-z]+)", TEXT, flags=re.MULTILINE))
    assert shown
    assert shown <= known


def test_every_file_of_the_project_it_names_exists() -> None:
    ignored = ("configs/survey.yaml", "configs/codebooks/survey.yaml", "configs/data/")
    named = set(re.findall(r"\b(?:configs|typology|tests|notebooks|benchmarks)/[\w./-]+\w", TEXT))
    named = {name for name in named if not name.startswith(ignored)}
    assert named
    for name in named:
        assert (ROOT / name).exists(), name
