"""Text: records of lines, split at the lines that begin a record."""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialparse.diagnostics import LimitExceeded, MalformedDocument
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
    offset: int = 0
    """Bytes of the document before it."""
    error: LimitExceeded | None = None
    """Why it is not held."""


class _Begin:
    """Looks for the lines that begin a record, from the last of them backwards.

    The last two are enough, because a file may lack the lines before them. What follows a text that was cut off
    within a line may begin in that line.
    """

    def __init__(self, lines: Beginning) -> None:
        *first, last = lines
        self._before = [line.encode() for line in reversed(first)]
        self._sign = b"\n" + last.encode()
        self._last = re.compile(re.escape(self._sign) + (_REST if last.endswith(":") else rb"[ \t\r]*"))
        self._length = len(self._sign)

    def found(self, held: bytes, looked: int = 0) -> Iterator[tuple[int, int]]:
        """Yield where a record begins, and the end of the lines that begin it; looks behind `looked`."""
        if self._sign not in held:  # looking for plain bytes is much faster than the pattern
            return
        for match in self._last.finditer(held, max(looked - self._length, 0)):
            start = self._start(held, match.start())
            if start >= 0:
                yield start, match.end()

    def _start(self, held: bytes, end: int) -> int:
        """Return where the lines begin that end at the end of a line; -1 if it is not in such lines."""
        start = -1
        for line in self._before:
            lowest = max(end - _OVERLAP, 0)
            row = max(held.rfind(b"\n", lowest, end) + 1, lowest)
            place = _place_in(held[row:end], line)
            if place < 0:
                return start
            start = row + place
            if place or held[row - 1 : row] != b"\n":
                return start
            end = row - 1
        return start


_REST = rb"[^\n]{0,1000}"
"""What is behind the label of a line that begins a record."""


def _place_in(row: bytes, line: bytes) -> int:
    """Return where a line that begins a record is in a row; the last place, as a torn line may be before it."""
    if line.endswith(b":"):
        place = row.rfind(line)
        found = place >= 0 and len(row) - place - len(line) <= 1000
    else:
        row = row.rstrip(b" \t\r")
        place = len(row) - len(line)
        found = row.endswith(line)
    return place if found and (not place or row[:place].strip(b" \t")) else -1


def place_of(head: bytes, lines: Beginning) -> int:
    """Return where a document has the lines that begin a record, two at least; -1 if it has not.

    >>> place_of(b"...\\nSummary \\r\\nNumber: 7\\nName: x\\n", ("Summary", "Number:", "Name:"))
    4
    """
    return next((start for start, _ in _Begin(lines).found(head)), -1)


def begun(raw: bytes, lines: Beginning) -> int:
    """Return where, at the end of a text, a record begins that has only the first of the lines; -1 if none does.

    The last line may be torn, unless it is the first of them as well.

    >>> begun(b"Link: x\\nSummary\\n\\n", ("Summary", "Number:")), begun(b"Link: x\\n", ("Summary", "Number:"))
    (8, -1)
    >>> begun(b"Link: x\\nSummary\\nNum", ("Summary", "Number:"))
    8
    """
    tail = raw[-_OVERLAP:]
    first, *others = _encoded(lines)
    if first not in tail:
        return -1
    rows = tail.rstrip().rsplit(b"\n", len(lines))
    if all(not row.startswith(first) for row in rows[-len(lines) :]):
        return -1
    for count, following in enumerate(others, start=1):
        torn = following.startswith(rows[-1].rstrip()) and not tail.endswith(b"\n")
        for there in (rows[-count:], rows[-count - 1 : -1] if torn else []):
            if len(there) == count and all(map(_is_line, there, lines)):
                return len(raw) - len(tail) + tail.rindex(b"\n".join(there))
    return -1


@functools.cache
def _encoded(lines: Beginning) -> tuple[bytes, ...]:
    """Return lines in UTF-8."""
    return tuple(line.encode() for line in lines)


def _is_line(row: bytes, line: str) -> bool:
    """Whether a row is a line that begins a record."""
    return _place_in(row, line.encode()) == 0


class _Reached:
    """The record at which a text was reached, and what was let go of it because it is too large."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._number, self._offset = 1, 0
        self._lines = self._bytes = 0
        self.kind: int | None = None

    @property
    def is_let_go(self) -> bool:
        """Whether something of it was let go."""
        return self._bytes > 0

    def let_go(self, part: bytes) -> None:
        """Let go of a part of it."""
        self._lines += part.count(b"\n")
        self._bytes += len(part)

    def is_large(self, held: int) -> bool:
        """Whether it is too large with the bytes that are held of it."""
        return self._bytes + held > self._limits.record

    def piece(self, held: bytes) -> Piece:
        """Return it with what is held of it, and go on to the next one."""
        number, offset, error = self._number, self._offset, None
        if self.is_large(len(held)):
            error = self._limits.exceeded("record", f"the record that begins on line {number}")
        self._number += self._lines + held.count(b"\n")
        self._offset += self._bytes + len(held)
        self._lines = self._bytes = 0
        return Piece(number, b"" if error is not None else held, self.kind, offset, error)


def pieces(document: Document, beginnings: Sequence[Beginning], limits: Limits) -> Iterator[Piece]:
    """Yield the parts of a document, in constant memory: each begins with one of the beginnings, except the first.

    A part beyond `limits.record` is passed over and has an error.
    """
    signs = [_Begin(lines) for lines in beginnings]
    held, looked, begun = b"", 0, 0
    reached = _Reached(limits)
    for read in _pieces(document):
        held += read
        place = 0
        found = [(*places, index) for index, sign in enumerate(signs) for places in sign.found(held, looked)]
        for start, end, index in sorted(found):
            if start > place or (start == place and reached.is_let_go):
                yield reached.piece(held[place:start])
                place = start
            if start == place:
                reached.kind, looked, begun = index, end, end
        held = held[place:]
        looked, begun = max(looked - place, len(held) - _OVERLAP, 0), max(begun - place, 0)
        if reached.is_large(len(held)):
            gone = max(len(held) - _OVERLAP, min(begun, len(held) - 1))  # the lines that begin it are not found again
            reached.let_go(held[:gone])
            held, looked, begun = held[gone:], max(looked - gone, 0), max(begun - gone, 0)
    if held or reached.is_let_go:
        yield reached.piece(held)


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
