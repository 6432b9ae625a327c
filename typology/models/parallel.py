"""Work shared out over processes, with one thread of linear algebra in each, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

T = TypeVar("T")


def run_all(function: Callable[..., T], tasks: Sequence[tuple[Any, ...]], *, jobs: int) -> Iterator[T]:
    """Yield ``function(*task)`` for every task, in the order of `tasks`.

    Results do not depend on `jobs`: every task is seeded by its arguments, and linear algebra is single-threaded
    in the workers and here alike.
    """
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield _single_threaded(function, task)
        return
    workers = Parallel(n_jobs=jobs, return_as="generator", backend="loky", max_nbytes=None)
    yield from workers(delayed(_single_threaded)(function, task) for task in tasks)


def _single_threaded(function: Callable[..., T], task: tuple[Any, ...]) -> T:
    with threadpool_limits(limits=1):
        return function(*task)
