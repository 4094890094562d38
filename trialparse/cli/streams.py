"""Standard streams: lines that cannot act on a terminal, bytes as they are, and streams that are closed."""

import errno
import io
import os
import sys
from typing import Any, BinaryIO, NoReturn

import click


def plain(text: str) -> str:
    """Return foreign words on one line, without characters that act on a terminal."""
    from trialparse.model.harmless import harmless

    return harmless(text)


def echo(text: str = "") -> None:
    """Print a text, with escapes for what the terminal's encoding lacks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding))


def line(text: str) -> bytes:
    """Return a text as a line in UTF-8; raises UnicodeEncodeError for a lone surrogate."""
    return text.rstrip("\n").encode() + b"\n"


def write(stream: BinaryIO, data: bytes) -> None:
    """Write bytes to a stream and flush it."""
    stream.write(data)
    stream.flush()


def printing() -> bool:
    """Whether standard output is a terminal, which must not show a bar as well."""
    return bool(sys.stdout.isatty())


class Closed(io.TextIOBase):
    """A standard stream that the caller has closed: using it raises OSError. Python would leave it as None."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def buffer(self) -> Any:
        """The stream itself; it refuses bytes as well."""
        return self

    def read(self, size: int | None = -1, /) -> NoReturn:
        """Refuse."""
        self.refuse()

    def write(self, text: object, /) -> NoReturn:
        """Refuse."""
        self.refuse()

    def refuse(self) -> NoReturn:
        """Raise the error that names the closed stream."""
        raise OSError(errno.EBADF, f"{self._name} is closed")


def hold_closed() -> None:
    """Replace closed standard streams, so that no file opened later gets their descriptors."""
    for name, words in (("stdin", "standard input"), ("stdout", "standard output"), ("stderr", "standard error")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor: that of the stream
            setattr(sys, name, Closed(words))
