"""Work on the workers of a Dask cluster that is there already.

What a task reads and what it gives travel sealed, as bytes without a printed form, and a task that fails says
so in its sealed result: Dask's logs and pages show neither answers nor results. What several tasks read is
sent once. It is a task of its own and not scattered, because the scheduler makes a lost task again, and
scattered data are lost with their worker.
"""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from typology.errors import ClusterError
from typology.models.scheduler import client_of

T = TypeVar("T")

RETRIES = 2  # of a task that fails outside of what it computes; its own errors would come again
SHARED_FROM = 50_000  # bytes; smaller arguments travel with each task
WITHOUT_WORKERS = 300.0  # seconds a run waits for workers to come back
WITHOUT_ANSWER = 120.0  # seconds a run waits for a scheduler that is there and says nothing
_LOOK = 5.0
_alone = threading.Lock()


@dataclass(frozen=True, repr=False)
class Sealed:
    """Any object, as bytes that no log prints.

    Attributes
    ----------
    content : bytes
    """

    content: bytes

    @classmethod
    def of(cls, thing: object) -> Sealed:
        """Seal an object."""
        import cloudpickle

        return cls(cloudpickle.dumps(thing))

    def open(self) -> Any:
        """Return the object, another one each time."""
        import cloudpickle

        return cloudpickle.loads(self.content)

    def __repr__(self) -> str:
        return f"<sealed, {len(self.content)} bytes>"

    def __sizeof__(self) -> int:
        return len(self.content)


@dataclass(frozen=True)
class _Shared:
    """Stands for what several tasks read: its place among what a task waits for."""

    at: int


class Cluster:
    """The workers of a cluster, seen from here. To be had from `connected`.

    Parameters
    ----------
    client : distributed.Client
    scheduler : str
        Its address, for messages.
    """

    def __init__(self, client: Any, scheduler: str) -> None:
        self._client = client
        self._scheduler = scheduler
        self._shared: dict[int, tuple[object, Any]] = {}

    def run_all(self, function: Callable[..., T], tasks: Sequence[tuple[Any, ...]]) -> Iterator[T]:
        """Yield ``function(*task)`` for every task, in the order of `tasks`.

        A task whose worker is lost is done again by another one.

        Raises
        ------
        ClusterError
            If the connection with the scheduler is lost, it says nothing for two minutes, there are no
            workers for five, or a task ends every worker it comes to.
        """
        import dask

        whole = [(function, *task) for task in tasks]
        # a task is as large as what it reads: being warned of it helps nobody
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
            self._share(whole)
            waiting = deque(self._submit(parts) for parts in whole)
        try:
            while waiting:
                done, value = self._wait(waiting[0]).open()
                waiting.popleft()
                if not done:
                    raise value
                yield value
        finally:
            # a cluster that is lost has nothing to cancel, and what is raised already says so
            with contextlib.suppress(Exception):
                self._client.cancel(list(waiting))

    def _share(self, whole: Sequence[tuple[Any, ...]]) -> None:
        """Send what several of the tasks read, unless it was sent for those before; forget anything else."""
        things = {id(part): part for parts in whole for part in parts}
        uses = Counter(at for parts in whole for at in {id(part) for part in parts})
        shared = {}
        for at, thing in things.items():
            if at in self._shared:
                shared[at] = self._shared[at]
            elif uses[at] > 1 and len((sealed := Sealed.of(thing)).content) >= SHARED_FROM:
                future = self._send(_as_it_is, sealed, key=_key(_as_it_is))
                shared[at] = (thing, future)  # with the thing itself, or its id might be another's one day
        self._shared = shared

    def _submit(self, parts: tuple[Any, ...]) -> Any:
        used = list(dict.fromkeys(id(part) for part in parts if id(part) in self._shared))
        sealed = Sealed.of([_Shared(used.index(id(part))) if id(part) in used else part for part in parts])
        read = [self._shared[at][1] for at in used]
        return self._send(_call, sealed, *read, key=_key(parts[0]))

    def _send(self, function: Callable[..., Sealed], *given: Any, key: str) -> Any:
        try:
            return self._client.submit(function, *given, key=key, pure=False, retries=RETRIES)
        except Exception as error:
            raise ClusterError(self._lost(error)) from error

    def _wait(self, future: Any) -> Sealed:
        """Wait for a result as long as there is anybody to work on it."""
        answered = worked = time.monotonic()
        while True:
            try:
                sealed: Sealed = future.result(timeout=_LOOK)
            except TimeoutError:
                workers = self._count_workers()
                now = time.monotonic()
                answered = answered if workers is None else now
                worked = now if workers else worked
                if now - answered > WITHOUT_ANSWER:
                    raise ClusterError(self._after("has not answered", WITHOUT_ANSWER)) from None
                if workers == 0 and now - worked > WITHOUT_WORKERS:
                    raise ClusterError(self._after("has had no workers", WITHOUT_WORKERS)) from None
            except Exception as error:
                raise ClusterError(self._lost(error)) from error
            else:
                return sealed

    def _count_workers(self) -> int | None:
        """Ask the scheduler how many there are; None where it says nothing."""
        try:
            return len(self._client.sync(self._client.scheduler.ncores, callback_timeout=_LOOK))
        except TimeoutError:
            return None
        except Exception as error:
            raise ClusterError(self._lost(error)) from error

    def _after(self, what: str, seconds: float) -> str:
        return f"the Dask scheduler {self._scheduler} {what} for {seconds / 60:.2g} minutes."

    def _lost(self, error: Exception) -> str:
        """Say what became of the cluster."""
        from distributed.scheduler import KilledWorker

        if isinstance(error, KilledWorker):
            return "a task ended every Dask worker it came to: probably their memory is too small."
        if isinstance(error, CancelledError) or self._client.status != "running":
            return (
                f"the connection with the Dask scheduler {self._scheduler} was lost: it has ended, or the "
                "network failed."
            )
        return f"the Dask cluster {self._scheduler} does its tasks no more ({type(error).__name__})."


@contextlib.contextmanager
def connected(scheduler: str) -> Iterator[Cluster]:
    """Connect with a cluster and disconnect when the block is left; the cluster itself stays.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tls://10.0.0.5:8786``.

    Raises
    ------
    InputFaults
        If it cannot be used (see `client_of`).
    """
    with client_of(scheduler) as client:
        yield Cluster(client, scheduler)


def _key(function: Callable[..., Any]) -> str:
    """Name of a task, made of nothing in it but of what does it.

    By the first word the scheduler remembers how long such tasks take. With one word for all, those that only
    bring data would make the others seem too short to be moved to an idle worker.
    """
    name = getattr(function, "__name__", type(function).__name__)
    return f"typology_{name.strip('_')}-{uuid.uuid4()}"


def _as_it_is(sealed: Sealed) -> Sealed:
    return sealed


def _call(sealed: Sealed, *shared: Sealed) -> Sealed:
    """Do a task on a worker; one at a time in each process, since limits on threads are the process's."""
    with _alone:
        function, *given = [
            shared[each.at].open() if isinstance(each, _Shared) else each for each in sealed.open()
        ]
        try:
            with threadpool_limits(limits=1):
                return Sealed.of((True, function(*given)))
        except Exception as error:  # noqa: BLE001 - raised again where the task came from
            error.add_note("".join(traceback.format_exception(error)))
            return Sealed.of((False, error))
