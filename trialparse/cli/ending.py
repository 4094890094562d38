"""How a run ends: exit codes, and what ends it from outside."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import click

from trialparse.cli.streams import plain

READ, SOME_BAD, UNREADABLE = 0, 1, 2
"""Exit codes: all was read; some records were not, or a file gave none; wrong usage, or no file held a record."""

SIGNALLED = 128
"""Exit code of a run that a signal ends, before the number of the signal is added, as shells do."""
INTERRUPTED, UNHEARD = SIGNALLED + 2, SIGNALLED + 13
"""Exit codes: Ctrl-C (SIGINT); the reader of the output has gone away, as `| head` does (SIGPIPE)."""


class _Unwritable(click.ClickException):
    """The output cannot be written."""

    exit_code = UNREADABLE


@contextmanager
def ending() -> Iterator[None]:
    """Turn Ctrl-C, a reader that has gone away and output that cannot be written into exit codes."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        let_go()
        raise SystemExit(UNHEARD) from None
    except OSError as error:
        let_go()
        where = f" {error.filename}" if error.filename else ""
        raise _Unwritable(plain(f"cannot write{where}: {error.strerror or error}")) from None


def let_go() -> None:
    """Drop unwritten output; Python would try again when it exits, and print a traceback."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a run as Ctrl-C does, so that it removes its temporary file."""
    here = threading.current_thread() is threading.main_thread()  # Python allows signal handlers only there
    numbers = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")] if here else []
    asked = [number for number in numbers if number is not None and signal.getsignal(number) is signal.SIG_DFL]
    for number in asked:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in asked:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(SIGNALLED + number)
