"""Who does the work of a run: processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from typology.errors import InputFault, InputFaults
from typology.models.parallel import worker_processes
from typology.models.scheduler import ENCRYPTED

BACKENDS = ("local", "dask")


@dataclass(frozen=True)
class Workers:
    """The choice of workers.

    Attributes
    ----------
    jobs : int
        Processes of this machine.
    scheduler : str or None
        Address of the scheduler whose workers do the work instead.
    """

    jobs: int
    scheduler: str | None = None

    @property
    def warning(self) -> str:
        """What to say of answers that leave this machine without encryption; empty where none do."""
        if self.scheduler is None:
            return ""
        at = urlsplit(self.scheduler if "://" in self.scheduler else f"tcp://{self.scheduler}")
        if self.scheduler.startswith(ENCRYPTED) or _is_loopback(at.hostname or ""):
            return ""
        return f"Answers of respondents travel unencrypted to {self.scheduler}: use tls:// there"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def choose_workers(*, jobs: int | None, backend: str, scheduler: str | None) -> Workers:
    """Check what was asked for.

    Parameters
    ----------
    jobs : int or None
        One a processor by default, and at most: more of them only take memory.
    backend : str
        ``local`` or ``dask``.
    scheduler : str or None
        For ``dask``, and only for it.

    Raises
    ------
    InputFaults
        If these do not go together, or Dask is not installed.
    """
    fault = _fault(jobs, backend, scheduler)
    if fault is not None:
        raise InputFaults([fault])
    return Workers(jobs=1 if scheduler else min(jobs or processors(), processors()), scheduler=scheduler)


def _fault(jobs: int | None, backend: str, scheduler: str | None) -> InputFault | None:
    if backend not in BACKENDS:
        return InputFault("backend", "is not known", f"Use {' or '.join(BACKENDS)}.", value=backend)
    if jobs is not None and jobs < 1:
        return InputFault("jobs", "is not a number of processes", "Use 1 or more.", value=str(jobs))
    if backend == "dask":
        return _fault_of_dask(jobs, scheduler)
    if scheduler is not None:
        message = "is used with the backend dask only"
        return InputFault("scheduler", message, "Add --backend dask, or leave it out.", value=scheduler)
    return None


def _fault_of_dask(jobs: int | None, scheduler: str | None) -> InputFault | None:
    if not scheduler:
        remedy = "Give the address that 'dask scheduler' prints: --scheduler tls://HOST:8786."
        return InputFault("backend", "needs the address of a scheduler", remedy, value="dask")
    if jobs is not None:
        message = "counts processes of this machine, which the backend dask does not use"
        return InputFault("jobs", message, "Leave it out.", value=str(jobs))
    if importlib.util.find_spec("distributed") is None:
        remedy = "Install it: pip install 'typology[dask]'."
        return InputFault("backend", "needs Dask, which is not installed", remedy, value="dask")
    return None


def processors() -> int:
    """Count the processors this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def at_work(workers: Workers) -> Iterator[Callable[[], None]]:
    """Have all parallel work done by these workers inside the block.

    Yields
    ------
    callable
        Dismisses the workers before the end of the block.

    Raises
    ------
    InputFaults
        If the cluster cannot be used.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(worker_processes(jobs=workers.jobs, scheduler=workers.scheduler))
        yield stack.close
