"""JSON lines: one record in each line."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from trialparse.diagnostics import LimitExceeded
from trialparse.limits import Limits
from trialparse.readers.json import is_value
from trialparse.readers.source import Document, break_behind

_BLANK = b" \t\r\n"  # the white space of JSON
_CHUNK = 64 << 10


class Line(NamedTuple):
    """A line of a document that is not blank."""

    number: int
    """Its number, from 1."""
    offset: int
    """Bytes of the document before what is in it."""
    raw: bytes
    """What is in it, without the white space around."""
    error: LimitExceeded | None = None
    """Why it is not held."""


def lines(document: Document, limits: Limits) -> Iterator[Line]:
    """Yield each line that is not blank.

    A line of more than `limits.record` bytes is passed over and has an error. A line in which a document breaks off is
    part of the break, unless it is whole.
    """
    stream = document.open()
    number = place = 0
    while raw := stream.readline(limits.record + 1):
        number, begin = number + 1, place
        place += len(raw)
        if len(raw) > limits.record:
            place += _passed_over(stream, raw)
            yield Line(number, begin, b"", limits.exceeded("record", f"line {number}"))
            continue
        broken = None if raw.endswith(b"\n") else break_behind(stream)
        line = raw.strip(_BLANK)
        if line and (broken is None or (line.startswith((b"{", b"[")) and is_value(line))):
            yield Line(number, begin + raw.find(line[:1]), line)
        if broken is not None:
            raise broken


def _passed_over(stream: BinaryIO, begun: bytes) -> int:
    """Read to the end of a line, and return the number of bytes."""
    size = 0
    while not begun.endswith(b"\n") and (begun := stream.readline(_CHUNK)):
        size += len(begun)
    return size


def looks_like_lines(head: bytes) -> bool:
    """Whether the first bytes of a document are lines of JSON values; one of the first two may be broken.

    A head that ends within its first line is taken for plain JSON: ask with a longer one where lines may be
    long.
    """
    first, second, third = _first_lines(head)
    if second and is_value(first):
        return any(line.startswith((b"{", b"[")) or is_value(line) for line in (second, third))
    return first.startswith(b"{") and second.startswith(b'{"') and second.endswith(b"}")


def _first_lines(head: bytes) -> Iterator[bytes]:
    """Yield the first three lines that are not blank, without the white space around them."""
    for _ in range(3):
        line, _, head = head.lstrip(_BLANK).partition(b"\n")
        yield line.rstrip(_BLANK)
