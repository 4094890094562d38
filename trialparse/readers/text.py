"""Text: records of lines, split at the lines that begin a record."""

import re
from collections.abc import Iterator

from trialparse.diagnostics import MalformedDocument
from trialparse.limits import Limits
from trialparse.readers.source import Document

_CHUNK = 256 << 10
_OVERLAP = 4096
"""Maximum length of the lines that begin a record, in bytes."""


def beginning(lines: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return the pattern of consecutive lines after a line feed; a line that ends in a colon is a label.

    >>> bool(beginning(("Summary", "Number:")).search(b"...\\nSummary \\r\\nNumber: 7\\n"))
    True
    """
    patterns = [
        re.escape(line).encode() + (rb"[^\n]{0,1000}" if line.endswith(":") else rb"[ \t\r]*") for line in lines
    ]
    return re.compile(b"\n" + rb"\n".join(patterns))  # a pattern with a literal prefix is fast


def begins(head: bytes, lines: tuple[str, ...]) -> bool:
    """Whether the beginning of a document has consecutive lines that begin a record."""
    return beginning(lines).search(b"\n" + head) is not None


def records(document: Document, lines: tuple[str, ...], limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Yield the number of its first line, from 1, and the bytes of each record, in constant memory.

    `lines` begin a record. The first record includes any text before it. Raises `LimitExceeded` for a record beyond
    `limits.record`.
    """
    pattern = beginning(lines)
    held, looked, number, found_one = b"\n", 0, 0, False  # a line feed before the first line, counted as a line
    for piece in _pieces(document):
        held += piece
        place = 0
        for match in pattern.finditer(held, looked):
            if found_one:
                if match.start() - place > limits.record:
                    raise limits.exceeded("record", f"the record that begins on line {number + 1}")
                yield number + 1, held[place + 1 : match.start() + 1]
                number += held.count(b"\n", place + 1, match.start() + 1)
                place = match.start()
            found_one = True
            looked = match.end()
        held = held[place:]
        looked = max(looked - place, len(held) - _OVERLAP, 0)
        looked = max(held.rfind(b"\n", 0, looked), 0)
        if len(held) > limits.record:
            raise limits.exceeded("record", f"the record that begins on line {number + 1}")
    if len(held) > 1:
        yield number + 1, held[1:]


def _pieces(document: Document) -> Iterator[bytes]:
    """Yield a document in pieces, or in one if it is held in one."""
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
