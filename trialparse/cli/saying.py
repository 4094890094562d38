"""What goes to standard output: plain lines that do nothing to a terminal, and bytes as they are."""

import sys
from typing import BinaryIO

import click


def plain(text: str) -> str:
    """Return words from outside on one line, without characters that act on a terminal."""
    from trialparse.pages.harmless import harmless

    return harmless(text)


def say(text: str = "") -> None:
    """Print a text, with escapes for what the terminal's encoding lacks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding))


def write(stream: BinaryIO, line: str) -> None:
    """Write a line to a stream at once, in UTF-8."""
    stream.write(line.rstrip("\n").encode() + b"\n")
    stream.flush()


def printing() -> bool:
    """Whether standard output is a terminal, which is then no place for a bar."""
    return bool(sys.stdout.isatty())
