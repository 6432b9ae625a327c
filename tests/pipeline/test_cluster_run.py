"""A whole run on a Dask cluster, one of whose two workers is killed, ends with the files of a run of here."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

from typer.testing import CliRunner

from benchmarks.interrupted import write_study
from tests.dask_cluster import Dask, two_workers
from typology.cli.app import app
from typology.runs.manifest import hash_outputs


def run(study: Path, out: Path, *options: str) -> dict[str, str]:
    done = CliRunner().invoke(app, ["run", str(study), "--out", str(out), "--quiet", *options])
    assert done.exit_code == 0, done.output
    # the summary holds the seconds it took
    return {name: digest for name, digest in hash_outputs(out).items() if name != "summary.json"}


def kill_a_worker(dask: Dask, checkpoints: Path) -> None:
    """Kill one as soon as the search is done, so that evidence is at work."""
    deadline = time.monotonic() + 300
    while not list(checkpoints.glob("*discover*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    dask.processes[-1].send_signal(signal.SIGKILL)


def test_a_run_on_a_cluster_that_loses_a_worker_gives_the_same_files(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    alone = run(study, tmp_path / "alone", "--jobs", "1")
    with two_workers(tmp_path) as dask:
        killer = threading.Thread(target=kill_a_worker, args=(dask, tmp_path / ".there.checkpoints"))
        killer.start()
        there = run(study, tmp_path / "there", "--backend", "dask", "--scheduler", dask.address)
        killer.join()
        assert dask.processes[-1].wait() == -signal.SIGKILL
        assert dask.processes[-2].poll() is None
    assert len(alone) > 20
    assert there == alone
