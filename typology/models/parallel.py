"""Work shared out over processes, with one thread of linear algebra in each, in a fixed order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from joblib import Parallel, delayed
from joblib.externals.loky import get_reusable_executor
from threadpoolctl import threadpool_limits

T = TypeVar("T")


def run_all(function: Callable[..., T], tasks: Sequence[tuple[Any, ...]], *, jobs: int) -> Iterator[T]:
    """Yield ``function(*task)`` for every task, in the order of `tasks`.

    Results do not depend on `jobs`: every task is seeded by its arguments, and linear algebra is
    single-threaded in the workers and here alike.
    """
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield _single_threaded(function, task)
        return
    workers = Parallel(n_jobs=jobs, return_as="generator", backend="loky", max_nbytes=None)
    yield from workers(delayed(_single_threaded)(function, task) for task in tasks)


@contextlib.contextmanager
def worker_processes(*, jobs: int) -> Iterator[None]:
    """End the worker processes that `run_all` shares between its calls when the block is left.

    Left alone they stay for minutes, with their memory, and those that outlive this process are reported as
    leaks.
    """
    try:
        yield
    finally:
        if jobs != 1:
            get_reusable_executor(reuse=True).shutdown(wait=True)


def _single_threaded(function: Callable[..., T], task: tuple[Any, ...]) -> T:
    with threadpool_limits(limits=1):
        return function(*task)
