"""JSON lines: one record in each line."""

from collections.abc import Iterator

from trialparse.limits import Limits
from trialparse.readers.json import is_value
from trialparse.readers.source import Document

_BLANK = b" \t\r\n"  # the white space of JSON


def lines(document: Document, limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Yield number, from 1, and bytes of each line that is not blank, without the white space around it.

    Raises `LimitExceeded` for a line of more than `limits.record` bytes, before the whole of it is read.
    """
    stream = document.open()
    number = 0
    while line := stream.readline(limits.record + 1):
        number += 1
        if len(line) > limits.record:
            raise limits.exceeded("record", f"line {number}")
        if line := line.strip(_BLANK):
            yield number, line


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
