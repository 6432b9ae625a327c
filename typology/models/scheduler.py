"""Reach the scheduler of a Dask cluster, or say in plain words why it cannot be used."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import logging
import platform
import ssl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from typology._version import __version__
from typology.errors import InputFault, InputFaults

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
_NO_CONNECTION = (OSError, ValueError, TypeError, RuntimeError, AssertionError)
ENCRYPTED = ("tls://", "wss://")
_SETTINGS = ("ca-file", "client.cert", "client.key")  # of distributed.comm.tls, for this side
_ADDRESS = "Give the address that 'dask scheduler' prints, such as tls://10.0.0.5:8786."
_TLS = (
    "Set Dask's distributed.comm.tls.ca-file, client.cert and client.key on this side, too: in its "
    "configuration or as DASK_DISTRIBUTED__COMM__TLS__CA_FILE, ...__CLIENT__CERT and ...__CLIENT__KEY."
)
_SAME_CA = (
    "Certificates of both sides must be signed by what distributed.comm.tls.ca-file holds on the other."
)


@contextlib.contextmanager
def client_of(scheduler: str) -> Iterator[Any]:
    """Connect with a scheduler, and disconnect when the block is left.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tls://10.0.0.5:8786``.

    Yields
    ------
    distributed.Client

    Raises
    ------
    InputFaults
        If nothing answers within ten seconds, or certificates do not fit; if the cluster has no workers, or
        another Python, typology or numerical library than this process.
    """
    from distributed import Client

    _refuse_unreachable(scheduler)
    with _log_off():
        try:
            client = Client(  # type: ignore[no-untyped-call]
                scheduler, timeout=PATIENCE, set_as_default=False, name="typology"
            )
        except _NO_CONNECTION as error:
            raise _unreached(error, scheduler) from error
        try:
            _refuse_others(client, scheduler)
            yield client
        finally:
            # of a cluster that is lost nothing can be taken leave of, and what it has done is here already
            with contextlib.suppress(Exception):
                client.close(timeout=PATIENCE)  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def _log_off() -> Iterator[None]:
    """Keep tracebacks of a lost connection off the terminal: it is told as an error."""
    logger = logging.getLogger("distributed.client")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _refuse_unreachable(scheduler: str) -> None:
    """Try the connection without a client: one that cannot connect goes on trying after its error."""
    import dask

    if dask.config.get("distributed.client.security-loader"):
        return  # the certificates are known to the client only
    faults = _lacking_files(dask.config.get) if scheduler.startswith(ENCRYPTED) else []
    if faults:
        raise InputFaults(faults)
    try:
        with ThreadPoolExecutor(1) as apart:  # in a notebook this thread has a running event loop
            apart.submit(lambda: asyncio.run(_reach(scheduler))).result()
    except _NO_CONNECTION as error:
        raise _unreached(error, scheduler) from error


async def _reach(scheduler: str) -> None:
    from distributed import Security
    from distributed.comm.core import connect

    certificates = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    connection = await connect(scheduler, timeout=PATIENCE, **certificates)  # type: ignore[no-untyped-call]
    connection.abort()


def _lacking_files(setting: Callable[[str], Any]) -> list[InputFault]:
    """Files named in Dask's settings of TLS that are not there; a setting of several lines is no name."""
    named = {name: setting(f"distributed.comm.tls.{name}") for name in _SETTINGS}
    return [
        InputFault(
            "scheduler", f"distributed.comm.tls.{name} is a file that is not there", _TLS, value=str(path)
        )
        for name, path in named.items()
        if path and "\n" not in path and not Path(path).is_file()
    ]


def _unreached(error: Exception, scheduler: str) -> InputFaults:
    message, remedy = _why(error, encrypted=scheduler.startswith(ENCRYPTED))
    return _fault(message, remedy, scheduler)


def _why(error: Exception, *, encrypted: bool) -> tuple[str, str]:
    """Say why there is no connection, and what to do."""
    from distributed.comm.core import CommClosedError

    if isinstance(error, CommClosedError):
        if not encrypted:
            return "what answers there ends the connection at once", f"Does it use TLS? {_ADDRESS}"
        reason = getattr(error.__cause__ or error.__context__, "reason", None)  # not always told by OpenSSL
        return f"no connection by TLS ({reason or 'certificate refused'})", _SAME_CA
    if isinstance(error, ssl.SSLError):
        return f"Dask's settings of TLS hold no valid certificates and key ({error.reason})", _TLS
    if isinstance(error, OSError):
        remedy = f"Start one with 'dask scheduler'. {_ADDRESS}"
        return f"no Dask scheduler answers there within {PATIENCE:.0f} s", remedy
    if isinstance(error, TypeError):
        return "needs certificates, and Dask's settings of TLS hold none", _TLS
    return f"cannot be used as the address of a Dask scheduler ({error})", _ADDRESS


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
