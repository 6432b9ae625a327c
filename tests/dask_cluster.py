"""A real Dask cluster of worker processes on loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPENSSL = shutil.which("openssl")
_TLS = "DASK_DISTRIBUTED__COMM__TLS"


@dataclass
class Dask:
    """A scheduler and workers on loopback, and what they logged."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
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
                command, cwd=self.folder, env=environment(self.settings), stdout=log, stderr=log
            )
        self.processes.append(process)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not ready():
            assert time.monotonic() < deadline, self.log
            time.sleep(0.1)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process, with these settings of Dask's TLS and no others."""
    here = {name: value for name, value in os.environ.items() if not name.startswith(_TLS)}
    return {**here, "PYTHONPATH": str(ROOT), **settings}


def on(address: str) -> list[str]:
    """Options of a run on the cluster with this scheduler."""
    return ["--backend", "dask", "--scheduler", address]


def run_command(
    study: Path, out: Path, *options: str, program: Sequence[str] = ("-m", "typology")
) -> list[str]:
    """The command that runs a study quietly, in a process of its own."""
    return [sys.executable, *program, "run", str(study), "--out", str(out), *options, "--quiet"]


def certificates(folder: Path, name: str) -> dict[str, str]:
    """Make a certificate that signs itself; returns the settings of Dask with which all sides use it."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    command = [str(OPENSSL), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={name}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    settings = {f"{_TLS}__CA_FILE": str(certificate)}
    for side in ("SCHEDULER", "WORKER", "CLIENT"):
        settings |= {f"{_TLS}__{side}__CERT": str(certificate), f"{_TLS}__{side}__KEY": str(key)}
    return settings


@contextmanager
def some_workers(
    folder: Path, *, count: int = 2, settings: Mapping[str, str] | None = None
) -> Iterator[Dask]:
    """Start a scheduler and workers, by TLS where settings of it are given; they end with the block."""
    with scheduler(folder, settings=settings) as started:
        for _ in range(count):
            started.start("worker", "--nthreads", "1", "--no-nanny")
        # work begins with the first worker that is there, and on a busy machine the other may miss it all
        started.wait_until(lambda: started.log.count("Registered to") == count)
        yield started


@contextmanager
def scheduler(folder: Path, *, settings: Mapping[str, str] | None = None) -> Iterator[Dask]:
    """Start a scheduler alone."""
    started = Dask(folder, settings or {})
    try:
        started.start("scheduler", "--port", "0", "--protocol", "tls" if settings else "tcp")
        started.wait_until((folder / "scheduler.json").exists)
        yield started
    finally:
        for process in started.processes:
            process.kill()
            process.wait()
