"""JSON lines: one record a line, each line as it stands."""

from collections.abc import Iterator

from trialparse.limits import Limits
from trialparse.readers.source import Document

_BLANK = b" \t\r\n"  # what JSON counts as white space, and no more


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
    """Whether the first bytes of a document are lines that are objects; one of the first two may be broken.

    A head that ends within its first line is taken for plain JSON: ask with a longer one where lines may be
    long.
    """
    first, _, rest = head.lstrip(_BLANK).partition(b"\n")
    second, _, third = rest.lstrip(_BLANK).partition(b"\n")
    whole = [line.strip(_BLANK) for line in (first, second)]
    if not (whole[0].startswith(b"{") and whole[1]):
        return False
    if whole[0].endswith(b"}"):
        return whole[1].startswith(b"{") or third.lstrip(_BLANK).startswith(b"{")
    return whole[1].startswith(b'{"') and whole[1].endswith(b"}")
