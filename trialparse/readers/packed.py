"""Packed bytes: files read in full chunks, gzip, and what they cost, counted while they are unpacked."""

import io
import itertools
import os
import stat
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from trialparse.diagnostics import MalformedDocument
from trialparse.generated.classes import define
from trialparse.limits import Limits

CHUNK = 64 << 10
"""Bytes that are read or unpacked at once."""

_RATIO_FROM = 1 << 20  # below this, a high ratio is a short document that repeats itself and costs nothing


class Owned(io.FileIO):
    """A file that trialparse opened; it can check whether it has changed since.

    It closes without a warning when its last document lets go of it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(path)
        self._then = self._state()

    def check_unchanged(self) -> None:
        """Check at the end that nobody wrote to the file during reading; raises MalformedDocument."""
        if self._state() != self._then:
            raise MalformedDocument("the file changed while it was read")

    def _state(self) -> tuple[int, int] | None:
        """Return size and time of the last change; None for a pipe and the like, which change when read."""
        found = os.fstat(self.fileno())
        return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None

    def __del__(self) -> None:
        self.close()


def check_unchanged(file: BinaryIO) -> None:
    """Check that a file opened here has not changed."""
    if isinstance(file, Owned):
        file.check_unchanged()


@define(eq=False)
class Meter:
    """The cost of a source so far, over all members and layers."""

    limits: Limits
    packed: int = 0
    """Bytes read from the source."""
    inflated: int = 0
    """Bytes after decompression."""

    def take(self, count: int) -> None:
        """Count bytes of the source."""
        self.packed += count
        if self.limits.bytes is not None and self.packed > self.limits.bytes:
            raise self.limits.exceeded("bytes", f"a source of {self.packed:,} bytes or more")

    def inflate(self, count: int) -> None:
        """Count bytes that were decompressed."""
        self.inflated += count
        if self.limits.inflated is not None and self.inflated > self.limits.inflated:
            raise self.limits.exceeded("inflated", f"{self.inflated:,} decompressed bytes")
        if self.inflated > _RATIO_FROM and self.inflated > self.limits.ratio * self.packed:
            raise self.limits.exceeded("ratio", f"compression of {self.inflated:,} bytes to {self.packed:,}")


def pieces(file: BinaryIO, meter: Meter) -> Iterator[bytes]:
    """Yield a file in full chunks, even if it returns small ones."""
    while piece := read(file, CHUNK):
        meter.take(len(piece))
        yield piece
    check_unchanged(file)


def read(file: BinaryIO, count: int) -> bytes:
    """Read `count` bytes, or as many as there are."""
    piece = file.read(count)
    if not isinstance(piece, bytes | bytearray | memoryview):
        raise TypeError(f"the file gives {type(piece).__name__}, not bytes; open it in binary mode")
    if len(piece) == count or not piece:
        return bytes(piece)
    parts = [bytes(piece)]
    missing = count - len(piece)
    while missing and (piece := file.read(missing)):
        parts.append(bytes(piece))
        missing -= len(piece)
    return b"".join(parts)


def gunzipped(pieces: Iterator[bytes], meter: Meter, member: str | None) -> Iterator[bytes]:
    """Yield the content of a gzip file, or the pieces unchanged if it is none."""
    first = next(pieces, b"")
    pieces = itertools.chain((first,), pieces)
    yield from _inflated(pieces, meter, member) if first.startswith(b"\x1f\x8b") else pieces


def _inflated(pieces: Iterator[bytes], meter: Meter, member: str | None) -> Iterator[bytes]:
    """Yield the content of gzip streams one after another; zeros after the last one are padding."""
    streams, left, inflater = 0, b"", None
    for piece in pieces:
        left += piece
        while left:
            if inflater is None:
                left = left.lstrip(b"\0") if streams else left
                if not left:
                    break
                streams += 1
                if meter.limits.members is not None and streams > meter.limits.members:
                    raise meter.limits.exceeded(
                        "members", f"{named(member)}gzip of {streams:,} streams", member=member or ""
                    )
                inflater = zlib.decompressobj(31)
            out = step(inflater, left, member)
            left = inflater.unconsumed_tail or inflater.unused_data
            meter.inflate(len(out))
            if out:
                yield out
            if inflater.eof:
                inflater = None
    if inflater is not None:
        yield from _drained(inflater, meter, member)
        raise MalformedDocument(f"{named(member)}the gzip stream is cut short", member=member or "")


def _drained(inflater: "zlib._Decompress", meter: Meter, member: str | None) -> Iterator[bytes]:
    """Yield what is left of the bytes given so far: a chunk may have been full before their end."""
    while not inflater.eof and (out := step(inflater, b"", member)):
        meter.inflate(len(out))
        yield out


def raw_inflated(packed: Iterator[bytes], meter: Meter, member: str) -> Iterator[bytes]:
    """Yield the content of a deflated stream without a header; bytes behind its end are not content."""
    inflater = zlib.decompressobj(-15)
    for piece in packed:
        left = piece
        while left and not inflater.eof:
            out = step(inflater, left, member)
            left = inflater.unconsumed_tail
            meter.inflate(len(out))
            yield out
    yield from _drained(inflater, meter, member)
    if not inflater.eof:
        raise MalformedDocument("{member}: the member is cut short", member=member)


def step(inflater: "zlib._Decompress", data: bytes, member: str | None) -> bytes:
    """Inflate at most one chunk."""
    try:
        return inflater.decompress(data, CHUNK)
    except zlib.error as error:
        raise MalformedDocument(f"{named(member)}broken compression ({error})", member=member or "") from error


def named(member: str | None) -> str:
    """Return how the message of an error begins: with the member, if there is one."""
    return "{member}: " if member else ""
