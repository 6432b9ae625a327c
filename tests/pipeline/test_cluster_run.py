"""Whole runs on a Dask cluster: the files of a run of here.

Also by TLS, with a worker lost, and resumed after the whole cluster was lost.
"""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.interrupted import outcome, write_study
from tests.dask_cluster import OPENSSL, Dask, certificates, environment, on, run_command, some_workers
from typology.cli.app import app

# the command, with a limit that a test can wait for
COMMAND = """\
import typology.models.cluster as cluster
cluster.WITHOUT_WORKERS = 6.0
from typology.cli.app import main
main()
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def alone(study: Path) -> dict[str, str]:
    found, _ = run(study, study.parent / "alone", "--jobs", "1")
    assert len(found) > 20
    return found


def run(study: Path, out: Path, *options: str) -> tuple[dict[str, str], str]:
    done = CliRunner().invoke(app, ["run", str(study), "--out", str(out), *options])
    assert done.exit_code == 0, done.output
    return outcome(out), done.output


def wait_for_the_search(out: Path) -> None:
    """Wait until the search is done, so that evidence is at work."""
    deadline = time.monotonic() + 120
    while not list(out.with_name(f".{out.name}.checkpoints").glob("*discover*")):
        assert time.monotonic() < deadline, "the search does not end"
        time.sleep(0.02)


def kill(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGKILL)


def lost(study: Path, out: Path, dask: Dask, lose: Callable[[], None]) -> str:
    """Run until the search is done, lose the cluster, and return what is said then."""
    command = run_command(study, out, *on(dask.address), program=("-c", COMMAND))
    process = subprocess.Popen(command, env=environment({}), stderr=subprocess.PIPE, text=True)
    try:
        wait_for_the_search(out)
        lose()
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1, told
    assert [path.name for path in out.parent.iterdir() if out.name in path.name] == [
        f".{out.name}.checkpoints"
    ]
    return told


def test_a_run_on_a_cluster_that_loses_a_worker_gives_the_same_files(
    study: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    with some_workers(tmp_path) as dask:
        out = tmp_path / "there"
        killer = threading.Thread(target=lambda: (wait_for_the_search(out), kill(dask.processes[-1:])))
        killer.start()
        there, _ = run(study, out, *on(dask.address))
        killer.join()
        assert dask.processes[-1].wait() == -signal.SIGKILL
        assert dask.processes[-2].poll() is None
    assert there == alone


@pytest.mark.skipif(OPENSSL is None, reason="needs the command openssl to make certificates")
def test_a_run_by_tls_gives_the_same_files(study: Path, alone: dict[str, str], tmp_path: Path) -> None:
    ours, out = certificates(tmp_path, "ours"), tmp_path / "there"
    with some_workers(tmp_path, settings=ours) as dask:
        assert dask.address.startswith("tls://")
        command = run_command(study, out, *on(dask.address))
        subprocess.run(command, env=environment(ours), check=True)
        assert dask.log.count("Start worker at:      tls://") == 2
    assert outcome(out) == alone


def test_a_run_that_loses_its_scheduler_ends_at_once_and_goes_on_without(
    study: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "there"
    with some_workers(tmp_path, count=1) as dask:
        told = lost(study, out, dask, lambda: kill(dask.processes[:1]))
        address = dask.address
    assert told == (
        f"typology: the connection with the Dask scheduler {address} was lost: it has ended, or the network "
        "failed. Finished stages are kept: --resume goes on from them, with or without a cluster.\n"
    )
    resumed, output = run(study, out, "--jobs", "1", "--resume")
    assert "Done before: discover" in output
    assert resumed == alone


def test_a_run_that_loses_all_workers_ends_after_the_limit_and_goes_on_with_another(
    study: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    out = tmp_path / "there"
    with some_workers(tmp_path, count=1) as dask:
        told = lost(study, out, dask, lambda: kill(dask.processes[1:]))
        assert dask.processes[0].poll() is None
        assert told.startswith(
            f"typology: the Dask scheduler {dask.address} has had no workers for 0.1 minutes."
        )
        assert "--resume goes on from them" in told
        assert len(told.splitlines()) == 1
        dask.start("worker", "--nthreads", "1", "--no-nanny")
        dask.wait_until(lambda: dask.log.count("Registered to") == 2)
        resumed, output = run(study, out, *on(dask.address), "--resume")
    assert "Done before: discover" in output
    assert resumed == alone
