"""Work over processes: same results whatever the number of processes, and none left behind."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

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
