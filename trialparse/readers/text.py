"""Text: records of lines, parted where the lines stand that begin a record."""

import re
from collections.abc import Iterator

from trialparse.diagnostics import MalformedDocument
from trialparse.limits import Limits
from trialparse.readers.source import Document

_CHUNK = 256 << 10
_OVERLAP = 4096
"""How many bytes the lines that begin a record may have together."""


def beginning(lines: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return the pattern of consecutive lines; of one that ends in a colon that is the label.

    >>> bool(beginning(("Summary", "Number:")).search(b"...\\nSummary \\r\\nNumber: 7\\n"))
    True
    """
    patterns = [
        re.escape(line).encode() + (rb"[^\n]{0,1000}" if line.endswith(":") else rb"[ \t\r]*") for line in lines
    ]
    return re.compile(rb"^" + rb"\n".join(patterns), re.MULTILINE)


def records(document: Document, begins: re.Pattern[bytes], limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Yield the number of its first line, from 1, and the bytes of each record, in constant memory.

    What stands before the first record is part of it. Raises `LimitExceeded` for a record beyond `limits.record`.
    """
    held, looked, number, found_one = b"", 0, 1, False
    for piece in _pieces(document):
        held += piece
        place = 0
        for match in begins.finditer(held, looked):
            if not found_one:
                found_one = True
            elif match.start() > place:
                yield number, held[place : match.start()]
                number += held.count(b"\n", place, match.start())
                place = match.start()
            looked = match.end()
        held = held[place:]
        looked = max(looked - place, len(held) - _OVERLAP, 0)
        looked = held.rfind(b"\n", 0, looked) + 1
        if len(held) > limits.record:
            raise limits.exceeded("record", f"the record that begins on line {number}")
    if held:
        yield number, held


def _pieces(document: Document) -> Iterator[bytes]:
    """Yield a document in pieces, or in one if that is how it is held."""
    if document.data is not None:
        yield document.data
        return
    stream = document.open()
    while piece := stream.read(_CHUNK):
        yield piece


def decoded(raw: bytes, number: int) -> str:
    """Return a record as text; raises `MalformedDocument` where it is not UTF-8."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = number + raw.count(b"\n", 0, error.start)
        raise MalformedDocument(f"line {line}: not UTF-8 at byte {error.start} of the record") from error
