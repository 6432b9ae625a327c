"""Work on a real Dask cluster of two worker processes: same results, nothing lost, nothing told."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.dask_cluster import Dask, some_workers
from typology.cli.app import app
from typology.errors import ClusterError, InputFaults
from typology.models import cluster as cluster_module
from typology.models import scheduler as scheduler_module
from typology.models.parallel import run_all, worker_processes

ROOT = Path(__file__).resolve().parents[2]
ANSWER = "was-hurt-at-nine"


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    with some_workers(tmp_path) as started:
        yield started


def total(data: np.ndarray[Any, Any], seed: int, meet: Path | None = None) -> tuple[float, int]:
    """Something that depends on the seed, the shared array and the order of floating-point sums.

    With `meet`, a folder, it waits until two processes are at it: the scheduler gives work to where the array
    is, and moves some to an idle worker only while it lasts.
    """
    if meet is not None:
        (meet / f"at-work-{os.getpid()}").touch()
        deadline = time.monotonic() + 60
        while len(list(meet.glob("at-work-*"))) < 2:
            assert time.monotonic() < deadline, "all work came to one worker"
            time.sleep(0.05)
    drawn = np.random.default_rng(seed).choice(data, len(data))
    return float((drawn @ drawn) / drawn.std()), os.getpid()


def fail(answer: str, _: int) -> None:
    raise ValueError(answer)


def die(folder: str, at: int) -> int:
    """Kill the own worker, the first time only."""
    marker = Path(folder) / "died"
    if at == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return at * at


def test_results_are_those_of_one_process_and_come_from_both_workers(dask: Dask, tmp_path: Path) -> None:
    data = np.random.default_rng(1).normal(size=50_000)
    here = list(run_all(total, [(data, seed) for seed in range(12)], jobs=1))
    tasks = [(data, seed, tmp_path) for seed in range(12)]
    with worker_processes(jobs=1, scheduler=dask.address):
        there = list(run_all(total, tasks, jobs=1))
        again = list(run_all(total, tasks, jobs=1))
    assert [value for value, _ in there] == [value for value, _ in here]
    assert [value for value, _ in again] == [value for value, _ in here]
    assert {pid for _, pid in there} <= {process.pid for process in dask.processes}
    assert len({pid for _, pid in there + again}) == 2


def test_a_worker_killed_at_work_loses_nothing(dask: Dask, tmp_path: Path) -> None:
    with worker_processes(jobs=1, scheduler=dask.address):
        found = list(run_all(die, [(str(tmp_path), at) for at in range(10)], jobs=1))
    assert found == [at * at for at in range(10)]
    ended = [process for process in dask.processes if process.poll() == -signal.SIGKILL]
    assert len(ended) == 1


def test_a_scheduler_lost_between_two_uses_is_told_and_leaving_is_no_error(dask: Dask) -> None:
    with worker_processes(jobs=1, scheduler=dask.address):
        assert list(run_all(pow, [(at, 2) for at in range(4)], jobs=1)) == [0, 1, 4, 9]
        dask.processes[0].kill()
        dask.processes[0].wait()
        for _ in range(2):  # while its client tries to connect again, and when it has given up
            with pytest.raises(
                ClusterError, match=f"connection with the Dask scheduler {dask.address} was lost"
            ):
                list(run_all(pow, [(at, 2) for at in range(4)], jobs=1))


def test_a_scheduler_that_says_nothing_is_given_up(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "WITHOUT_ANSWER", 3.0)
    began = time.monotonic()
    with worker_processes(jobs=1, scheduler=dask.address):
        dask.processes[0].send_signal(signal.SIGSTOP)
        with pytest.raises(ClusterError, match=r"has not answered for 0\.05 minutes"):
            list(run_all(pow, [(at, 2) for at in range(4)], jobs=1))
    assert time.monotonic() - began < 40


def test_an_error_arrives_here_and_the_logs_tell_no_answers(dask: Dask) -> None:
    with worker_processes(jobs=1, scheduler=dask.address), pytest.raises(ValueError, match=ANSWER):
        list(run_all(fail, [(ANSWER, 1), (ANSWER, 2)], jobs=1))
    assert "Registered to" in dask.log
    assert ANSWER not in dask.log


def test_another_version_on_the_cluster_is_refused(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_module, "__version__", "99.0")
    with pytest.raises(InputFaults) as caught, worker_processes(jobs=1, scheduler=dask.address):
        pass
    lines = [str(fault) for fault in caught.value.faults]
    assert len(lines) >= 2  # the scheduler and every worker
    assert all(re.search(r"another typology than the 99\.0", line) for line in lines)


def test_an_address_without_a_scheduler_is_told_within_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(InputFaults, match=r"no Dask scheduler answers.*127\.0\.0\.1:1\b"):  # noqa: SIM117
        with worker_processes(jobs=1, scheduler="tcp://127.0.0.1:1"):
            pass
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--scheduler", "tcp://127.0.0.1:1"], "scheduler: is used with the backend dask only"),
        (["--backend", "dask"], "backend: needs the address of a scheduler"),
        (["--backend", "spark"], "backend: is not known"),
        (["--backend", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"], "jobs: counts processes"),
    ],
)
def test_options_that_do_not_go_together(options: list[str], told: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "out"), *options])
    assert result.exit_code == 2
    assert result.stderr.startswith(told)
    assert len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_dask_not_installed_is_told_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    options = ["--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"]
    result = CliRunner().invoke(app, ["demo", "--out", str(tmp_path / "out"), *options])
    assert result.exit_code == 2
    assert "pip install 'typology[dask]'" in result.stderr
