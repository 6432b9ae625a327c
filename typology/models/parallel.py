"""Work shared out over processes, with one thread of linear algebra in each, in a fixed order."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from threadpoolctl import threadpool_limits

from typology.models.cluster import Cluster, connected

T = TypeVar("T")

_cluster: ContextVar[Cluster | None] = ContextVar("cluster", default=None)


def run_all(function: Callable[..., T], tasks: Sequence[tuple[Any, ...]], *, jobs: int) -> Iterator[T]:
    """Yield ``function(*task)`` for every task, in the order of `tasks`.

    On the cluster of `worker_processes`, where it was given one; a single task is done here. Results do not
    depend on where, nor on `jobs`: every task is seeded by its arguments, and linear algebra is
    single-threaded in the workers and here alike.
    """
    cluster = _cluster.get()
    if len(tasks) > 1 and cluster is not None:
        yield from cluster.run_all(function, tasks)
        return
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield _single_threaded(function, task)
        return
    workers = Parallel(n_jobs=jobs, return_as="generator", backend="loky", max_nbytes=None)
    yield from workers(delayed(_in_worker)(os.getpid(), function, task) for task in tasks)


@contextlib.contextmanager
def worker_processes(*, jobs: int, scheduler: str | None = None) -> Iterator[None]:
    """Have `run_all` use one set of workers inside the block.

    Parameters
    ----------
    jobs : int
        Processes of this machine. They end with the block: left alone they stay for minutes, with their
        memory, and those that outlive this process are reported as leaks.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers are used instead.

    Raises
    ------
    InputFaults
        If the cluster cannot be used.
    """
    if scheduler is not None:
        with connected(scheduler) as cluster:
            token = _cluster.set(cluster)
            try:
                yield
            finally:
                _cluster.reset(token)
        return
    try:
        yield
    finally:
        if jobs != 1:
            get_reusable_executor(reuse=True).shutdown(wait=True)


def _in_worker(parent: int, function: Callable[..., T], task: tuple[Any, ...]) -> T:
    _end_with(parent)
    return _single_threaded(function, task)


@cache  # once a process
def _end_with(parent: int) -> None:
    """End this process soon after its parent, which may be killed: it would stay on, with answers."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    if os.getppid() == parent:
        threading.Thread(target=watch, daemon=True).start()


def _single_threaded(function: Callable[..., T], task: tuple[Any, ...]) -> T:
    with threadpool_limits(limits=1):
        return function(*task)
