"""Work over processes: same results whatever the number of processes, and none left behind."""

from __future__ import annotations

import math
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
import pytest

from typology.models.parallel import run_all, worker_processes

SCRIPT = """
import math, multiprocessing, psutil
from typology.models.parallel import run_all, worker_processes

def workers():
    return [p for p in psutil.Process().children(recursive=True) if "popen_loky" in " ".join(p.cmdline())]

if __name__ == "__main__":
    for _ in range(2):
        with worker_processes(jobs=2):
            assert list(run_all(math.sqrt, [(1,), (4,), (9,)], jobs=2)) == [1.0, 2.0, 3.0]
            assert len(workers()) == 2
        assert not workers()
    print("done")
"""


KILLED = """
import os, psutil, signal, time
from typology.models.parallel import run_all

if __name__ == "__main__":
    list(run_all(time.sleep, [(0.5,)] * 6, jobs=2))
    print(*[process.pid for process in psutil.Process().children()], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    tasks: list[tuple[Any, ...]] = [(k * k,) for k in range(8)]
    with worker_processes(jobs=jobs):
        assert list(run_all(math.sqrt, tasks, jobs=jobs)) == list(range(8))


def test_an_error_in_a_worker_arrives_here() -> None:
    with worker_processes(jobs=2), pytest.raises(ValueError, match=r"math domain|nonnegative"):
        list(run_all(math.sqrt, [(1,), (-1,)], jobs=2))


def test_no_worker_outlives_its_block_and_nothing_is_reported_as_leaked() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    assert done.stdout == "done\n"
    assert done.stderr == ""


def test_workers_end_when_what_they_work_for_is_killed() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL
    workers = [int(number) for number in done.stdout.split()]
    assert len(workers) > 2  # those who look after what the workers share are among them
    until = time.monotonic() + 30
    while any(map(works, workers)):
        assert time.monotonic() < until
        time.sleep(0.1)


def works(number: int) -> bool:
    try:
        return bool(psutil.Process(number).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
