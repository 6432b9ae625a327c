"""Work on the workers of a Dask cluster that is there already.

What a task reads and what it gives travel sealed, as bytes without a printed form, and a task that fails says
so in its sealed result: Dask's logs and pages show neither answers nor results. What several tasks read is
sent once. It is a task of its own and not scattered, because the scheduler makes a lost task again, and
scattered data are lost with their worker.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import platform
import threading
import time
import traceback
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from typology._version import __version__
from typology.errors import ClusterError, InputFault, InputFaults

T = TypeVar("T")

# what results depend on; they must not hang on which worker a task came to
PACKAGES = (
    "distributed",
    "hdbscan",
    "llvmlite",
    "numba",
    "numpy",
    "pynndescent",
    "scikit-learn",
    "scipy",
    "umap-learn",
)
PATIENCE = 10.0  # seconds to reach the scheduler and the first worker
RETRIES = 2  # of a task that fails outside of what it computes; its own errors would come again
SHARED_FROM = 50_000  # bytes; smaller arguments travel with each task
WITHOUT_WORKERS = 300.0  # seconds a run waits for workers to come back
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
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._shared: dict[int, tuple[object, Any]] = {}

    def run_all(self, function: Callable[..., T], tasks: Sequence[tuple[Any, ...]]) -> Iterator[T]:
        """Yield ``function(*task)`` for every task, in the order of `tasks`.

        A task whose worker is lost is done again by another one.

        Raises
        ------
        ClusterError
            If the scheduler is lost, all workers are for minutes, or a task ends every worker it comes to.
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
                future = self._client.submit(
                    _as_it_is, sealed, key=_key(_as_it_is), pure=False, retries=RETRIES
                )
                shared[at] = (thing, future)  # with the thing itself, or its id might be another's one day
        self._shared = shared

    def _submit(self, parts: tuple[Any, ...]) -> Any:
        used = list(dict.fromkeys(id(part) for part in parts if id(part) in self._shared))
        sealed = Sealed.of([_Shared(used.index(id(part))) if id(part) in used else part for part in parts])
        read = [self._shared[at][1] for at in used]
        return self._client.submit(_call, sealed, *read, key=_key(parts[0]), pure=False, retries=RETRIES)

    def _wait(self, future: Any) -> Sealed:
        """Wait for a result as long as there is anybody to work on it."""
        last_seen = time.monotonic()
        while True:
            try:
                sealed: Sealed = future.result(timeout=_LOOK)
            except TimeoutError:
                if self._client.scheduler_info(n_workers=-1)["workers"]:
                    last_seen = time.monotonic()
                elif time.monotonic() - last_seen > WITHOUT_WORKERS:
                    message = f"the Dask cluster has had no workers for {WITHOUT_WORKERS / 60:.0f} minutes."
                    raise ClusterError(message) from None
            except Exception as error:
                raise ClusterError(_lost(error)) from error
            else:
                return sealed


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
        If nothing answers at the address within ten seconds, the cluster has no
        workers, or it has another Python, typology or numerical library than this process.
    """
    client = _client(scheduler)
    try:
        _refuse_others(client, scheduler)
        yield Cluster(client)
    finally:
        client.close()


def _client(scheduler: str) -> Any:
    from distributed import Client

    try:
        return Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=PATIENCE, set_as_default=False, name="typology"
        )
    except (OSError, ValueError, TypeError, RuntimeError, AssertionError) as error:
        why = f"no Dask scheduler answers there within {PATIENCE:.0f} s"
        remedy = (
            "Start one with 'dask scheduler', and give the address it prints; tls:// needs Dask's settings "
            "of TLS on this side, too."
        )
        raise _fault(why, remedy, scheduler) from error


def _refuse_others(client: Any, scheduler: str) -> None:
    """Refuse a cluster on which results could differ from those of this process."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        remedy = f"Start one with 'dask worker {scheduler} --nthreads 1'."
        raise _fault("the scheduler has no workers", remedy, scheduler) from None
    mine = versions()
    theirs = {"the scheduler": _asked(lambda: client.run_on_scheduler(versions))}
    theirs |= {f"worker {at}": found for at, found in client.run(versions, on_error="return").items()}
    faults = [fault for where, found in theirs.items() for fault in _differences(where, found, mine)]
    if faults:
        raise InputFaults(faults)


def _asked(ask: Callable[[], Any]) -> Any:
    """What `ask` returns, or the error it raises: which says that the other side lacks this module."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 - told as a fault by the caller
        return error


def _differences(where: str, theirs: Any, mine: Mapping[str, str]) -> list[InputFault]:
    same = "Install the same on the cluster, such as with -c constraints.txt, and restart it."
    if not isinstance(theirs, Mapping):
        return [InputFault("scheduler", f"{where} has no typology {__version__}", same)]
    return [
        InputFault("scheduler", f"{where} has another {name} than the {version} of this process", same,
                   value=str(theirs.get(name)))
        for name, version in mine.items() if theirs.get(name) != version
    ]  # fmt: skip


def versions() -> dict[str, str]:
    """Versions of this process that results depend on, by name."""
    found = {"typology": __version__, "python": ".".join(platform.python_version_tuple()[:2])}
    return found | {name: importlib.metadata.version(name) for name in PACKAGES}


def _fault(message: str, remedy: str, value: str) -> InputFaults:
    return InputFaults([InputFault("scheduler", message, remedy, value=value)])


def _lost(error: Exception) -> str:
    """Say what became of the cluster."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return "a task ended every Dask worker it came to: probably their memory is too small."
    return f"the Dask cluster was lost ({type(error).__name__})."


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
