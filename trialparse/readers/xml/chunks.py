"""Chunks: the bytes of a stream in pieces of some size, none of which ends within a tag or a line end."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from trialparse.diagnostics import TrialParseError
from trialparse.limits import Limits
from trialparse.readers.xml.elements import growth
from trialparse.readers.xml.lines import with_line_feeds

_CHUNK = 64 << 10
"""Bytes of a chunk."""


def chunks_of(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream whose beginning has been read, with line ends that the parser counts."""
    held = b""
    for chunk in _as_read(first, stream):
        data = held + chunk
        held = b"\r" if data.endswith(b"\r") else b""  # LF may follow
        data = data.removesuffix(held)
        if data:
            yield with_line_feeds(data)
    if held:
        yield with_line_feeds(held)


def _as_read(first: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream whose beginning has been read."""
    for place in range(0, len(first), _CHUNK):
        yield first[place : place + _CHUNK]
    while chunk := stream.read(_CHUNK):
        yield chunk


def stops(data: bytes, ends: list[int]) -> Iterator[tuple[int, bool]]:
    """Yield the ends of the pieces in which data go to the parser, each with whether it is one of `ends`.

    libxml2 refuses what is longer than ten million bytes before it has looked at it.
    """
    place = 0
    for number, end in enumerate([*ends, len(data)]):
        yield from ((one, False) for one in range(place + _CHUNK, end, _CHUNK))
        yield end, number < len(ends)
        place = end


class WholeTags:
    """Chunks of a document, cut so that no tag is split."""

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        self._chunks, self._limits = chunks, limits
        self._held: list[bytes] = []
        self._size = 0
        self._error: TrialParseError | None = None
        """Why the document breaks off."""

    def next(self) -> bytes | None:
        """Return the next chunk, None at the end; raises LimitExceeded for a long one without the beginning of a tag.

        Raises the error with which the document breaks off.
        """
        held = b"".join(self._held)  # with whole tags if they were taken back
        cut = held.rfind(b"<", 1)
        if cut > 0:
            self._held, self._size = [held[cut:]], len(held) - cut
            return held[:cut]
        while (chunk := self._read()) is not None:
            cut = chunk.rfind(b"<")
            if cut >= 0:
                whole = b"".join((*self._held, chunk[:cut]))
                self._held, self._size = [chunk[cut:]], len(chunk) - cut
                return whole
            self._held.append(chunk)
            self._size += len(chunk)
            if self._size > self._limits.record:
                raise growth(self._size, 0, self._limits)
        whole, self._held = b"".join(self._held), []
        if self._error is not None:
            whole = whole[: whole.rfind(b">") + 1]
            if not whole:
                raise self._error
        return whole or None

    def back(self, data: bytes) -> None:
        """Take bytes back."""
        if data:
            self._held.insert(0, data)
            self._size += len(data)

    def take(self, pattern: re.Pattern[bytes]) -> bytes:
        """Return what a pattern matches at the place, and move behind it."""
        held = b"".join(self._held)
        found = pattern.match(held)
        taken = found[0] if found else b""
        self._held, self._size = [held[len(taken) :]], len(held) - len(taken)
        return taken

    def raw(self) -> Iterator[bytes]:
        """Yield what is left as it is, in any pieces."""
        while self._held:
            piece = self._held.pop(0)
            self._size -= len(piece)
            yield piece
        while (chunk := self._read()) is not None:
            yield chunk
        if self._error is not None:
            raise self._error

    def _read(self) -> bytes | None:
        """Return more bytes; None at the end, and where the document breaks off, which is noted."""
        if self._error is None:
            try:
                return next(self._chunks, None)
            except TrialParseError as error:  # what comes before it is read first
                self._error = error
        return None
