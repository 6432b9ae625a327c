"""A real Dask cluster of two worker processes on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Dask:
    """A scheduler and workers on loopback, and what they logged."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(json.loads((self.folder / "scheduler.json").read_text(encoding="utf-8"))["address"])

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self, what: str, *options: str) -> None:
        command = [sys.executable, "-m", "dask", what, "--host", "127.0.0.1", "--no-dashboard", *options]
        command += ["--scheduler-file", str(self.folder / "scheduler.json")]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
            )
        self.processes.append(process)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not ready():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)


@contextmanager
def two_workers(folder: Path) -> Iterator[Dask]:
    """Start a scheduler and two workers; they end with the block."""
    started = Dask(folder)
    try:
        started.start("scheduler", "--port", "0")
        started.wait_until((folder / "scheduler.json").exists)
        for _ in range(2):
            started.start("worker", "--nthreads", "1", "--no-nanny")
        # work begins with the first worker that is there, and on a busy machine the other may miss it all
        started.wait_until(lambda: started.log.count("Registered to") == 2)
        yield started
    finally:
        for process in started.processes:
            process.kill()
            process.wait()
