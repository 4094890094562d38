"""Text: records of lines, split at the lines that begin a record."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialparse.diagnostics import MalformedDocument
from trialparse.limits import Limits
from trialparse.readers.source import Document

_CHUNK = 256 << 10
_OVERLAP = 4096
"""Maximum length of the lines that begin a record, in bytes."""

Beginning = tuple[str, ...]
"""Consecutive lines that begin a record; a line that ends in a colon is a label."""


class Piece(NamedTuple):
    """A part of a document that begins as a record does."""

    number: int
    """The number of its first line, from 1."""
    raw: bytes
    beginning: int | None
    """Index of its beginning, among those that were looked for; None for what is before the first of them."""


def _pattern(lines: Beginning) -> bytes:
    """Return the pattern of consecutive lines, without a line feed at its ends."""
    return rb"\n".join(
        re.escape(line).encode() + (rb"[^\n]{0,1000}" if line.endswith(":") else rb"[ \t\r]*") for line in lines
    )


def beginning(lines: Beginning) -> re.Pattern[bytes]:
    """Return the pattern of consecutive lines after a line feed; a line that ends in a colon is a label.

    >>> bool(beginning(("Summary", "Number:")).search(b"...\\nSummary \\r\\nNumber: 7\\n"))
    True
    """
    return re.compile(b"\n" + _pattern(lines))  # a pattern with a literal prefix is fast


def place_of(head: bytes, lines: Beginning) -> int:
    """Return where the beginning of a document has the lines that begin a record; -1 if it has not."""
    found = beginning(lines).search(b"\n" + head)
    return -1 if found is None else found.start()


def begun(raw: bytes, lines: Beginning) -> int:
    """Return where, at the end of a text, a record begins that has only the first of the lines; -1 if none does.

    >>> begun(b"Link: x\\nSummary\\n\\n", ("Summary", "Number:")), begun(b"Link: x\\n", ("Summary", "Number:"))
    (8, -1)
    """
    tail = b"\n" + raw[-_OVERLAP:].rstrip()
    for count in range(1, len(lines)):
        found = re.search(b"\n" + _pattern(lines[:count]) + rb"\Z", tail)
        if found is not None:
            return max(len(raw) - _OVERLAP, 0) + found.start()
    return -1


def pieces(document: Document, beginnings: Sequence[Beginning], limits: Limits) -> Iterator[Piece]:
    """Yield the parts of a document, in constant memory: each begins with one of the beginnings, except the first.

    Raises `LimitExceeded` for a part beyond `limits.record`.
    """
    patterns = [(lines[-1].encode(), beginning(lines)) for lines in beginnings]
    held, looked, number = b"\n", 0, 0  # a line feed before the first line, counted as a line
    kind: int | None = None
    for read in _pieces(document):
        held += read
        place = 0
        found = [
            (match.start(), match.end(), index)
            for index, (sign, pattern) in enumerate(patterns)
            if sign in held  # looking for plain bytes is much faster than the pattern
            for match in pattern.finditer(held, looked)
        ]
        for start, end, index in sorted(found):
            if start - place > limits.record:
                raise limits.exceeded("record", f"the record that begins on line {number + 1}")
            if start > place:
                yield Piece(number + 1, held[place + 1 : start + 1], kind)
                number += held.count(b"\n", place + 1, start + 1)
                place = start
            kind, looked = index, end
        held = held[place:]
        looked = max(looked - place, len(held) - _OVERLAP, 0)
        looked = max(held.rfind(b"\n", 0, looked), 0)
        if len(held) > limits.record:
            raise limits.exceeded("record", f"the record that begins on line {number + 1}")
    if len(held) > 1:
        yield Piece(number + 1, held[1:], kind)


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
