"""Errors in plain words: one line a fault, the right exit status, no traceback unless asked for."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import typer

from typology.errors import InputFaults, TypologyError
from typology.letters import visible

BAD_INPUT = 2
FAILED = 1
STOPPED = 128  # and the number of the signal: what shells expect


@contextlib.contextmanager
def explained(ctx: typer.Context) -> Iterator[None]:
    """Turn errors into lines on standard error and an exit status.

    Parameters
    ----------
    ctx : typer.Context
        `ctx.obj["traceback"]` lets unexpected errors through.
    """
    received = [signal.SIGINT]
    try:
        with _stopped_by_signals(received):
            yield
    except (typer.Exit, typer.Abort, BrokenPipeError):  # typer ends in silence where nobody reads on
        raise
    except KeyboardInterrupt as stopped:
        typer.echo(f"typology: stopped. {stopped}".rstrip(), err=True)
        raise typer.Exit(STOPPED + received[-1]) from None
    except InputFaults as error:
        for fault in error.faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except Exception as error:
        if ctx.obj["traceback"]:
            raise
        typer.echo(f"typology: {_line(error)}", err=True)
        raise typer.Exit(FAILED) from None


@contextlib.contextmanager
def _stopped_by_signals(received: list[signal.Signals]) -> Iterator[None]:
    """Let the end asked for by a system or a closed terminal stop a command as Ctrl-C does."""

    def stop(number: int, _: FrameType | None) -> None:
        received.append(signal.Signals(number))
        raise KeyboardInterrupt

    asked = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        asked = []  # no other thread may ask for signals
    for each in asked:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each in asked:
            signal.signal(each, signal.SIG_DFL)


def _line(error: Exception) -> str:
    """Say what went wrong in one line."""
    if isinstance(error, OSError) and error.strerror:
        from typology.runs.whole import REMEDIES  # slow to import, and errors are rare

        place = f"{error.filename}: " if error.filename else ""
        remedy = REMEDIES.get(error.errno or 0, "Nothing was written")
        if isinstance(error, PermissionError):  # it may have been read
            remedy = "Check its permissions; nothing was written"
        return visible(f"{place}{error.strerror}. {remedy}.")
    if isinstance(error, MemoryError):
        return "there is not enough memory. Close other programs, use fewer --jobs, or a machine with more."
    text = visible(str(error)) or type(error).__name__
    if isinstance(error, TypologyError):
        return text
    return f"unexpected error ({type(error).__name__}): {text} Use 'typology --traceback ...' to see where."
