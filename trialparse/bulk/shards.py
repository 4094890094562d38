"""Cut the records of sources into shards, by the sources alone, so that any number of workers makes the same parts."""

import hashlib
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, starmap
from typing import BinaryIO, NamedTuple

import attrs

from trialparse.diagnostics import Place, TrialParseError
from trialparse.generated.classes import frozen
from trialparse.parsing.calls import outcomes_of, records_of
from trialparse.parsing.options import Options
from trialparse.parsing.parsed import Failure, Outcome
from trialparse.parsing.record import Record
from trialparse.parsing.unread import Unparsed
from trialparse.readers.source import opened

STDIN = "-"
"""The source that is standard input."""

_BYTES = 3 << 20
_RECORDS = 4000
"""Bytes and number of records of a shard: it ends with the record that reaches one of them."""

_PICKLE_PROTOCOL = 5
"""It is fixed because the digest of a shard must not depend on the version of Python."""


class Item(NamedTuple):
    """A record of a source, or the end of a source that could not be read or holds no record."""

    source: str
    """Name of the source."""
    found: Unparsed
    """The record; at an end, a failure that belongs to no record."""
    ends: bool = False
    """Whether this is the end of a source."""


@frozen(kw_only=True)
class Shard:
    """Some records, one after another, that one worker reads."""

    number: int
    """Its place among the shards, from 0."""
    content: tuple[bytes, ...]
    """Its items, each pickled."""
    digest: str
    """Changes if the items change."""
    done: int
    """Bytes of the sources up to its end, as far as they are known."""
    careful: bool = False
    """Whether a process reports each item that it begins, because one has died."""

    def items(self) -> Iterator[Item]:
        """Yield its records and ends."""
        return map(_unpickled, self.content)

    def with_items(self, items: Iterable[Item]) -> "Shard":
        """Return the shard with other items in place of its own, to be read with care."""
        return attrs.evolve(self, content=tuple(map(_pickled, items)), careful=True)


def _pickled(item: Item) -> bytes:
    return pickle.dumps(item, _PICKLE_PROTOCOL)


def _unpickled(content: bytes) -> Item:
    item: Item = pickle.loads(content)  # noqa: S301  made by this run
    return item


def shards(
    sources: Iterable[str], format: str | None, options: Options, unread: Iterable[tuple[str, str]] = ()
) -> Iterator[Shard]:
    """Yield the records of sources in order, cut into shards; what cannot be read is also a record or an end.

    The ends of `unread`, paths with the reason, come last.
    """
    position = Position()
    some: list[bytes] = []
    number = size = 0
    for item in chain(items(sources, format, options, position), starmap(_unread, unread)):
        some.append(_pickled(item))
        size += len(some[-1])
        if size >= _BYTES or len(some) >= _RECORDS:
            yield _shard(number, some, position.bytes)
            some, size, number = [], 0, number + 1
    if some:
        yield _shard(number, some, position.bytes)


def _shard(number: int, some: list[bytes], done: int) -> Shard:
    digest = hashlib.blake2b(digest_size=16)
    for content in some:
        digest.update(content)
    return Shard(number=number, content=(*some,), digest=digest.hexdigest(), done=done)


class Position:
    """How far the sources have been read."""

    def __init__(self) -> None:
        self._before, self._file = 0, None

    _file: BinaryIO | None

    def enter(self, file: BinaryIO) -> None:
        """Begin with a file."""
        self._file = file

    def leave(self) -> None:
        """End with a file: all of it has been read."""
        if self._file is not None and self._file is not sys.stdin.buffer:
            self._before += os.fstat(self._file.fileno()).st_size
        self._file = None

    @property
    def bytes(self) -> int:
        """Bytes of files read so far; those of standard input are not counted."""
        if self._file is None or not self._file.seekable():
            return self._before
        return self._before + self._file.tell()


def items(sources: Iterable[str], format: str | None, options: Options, position: Position) -> Iterator[Item]:
    """Yield the records of sources in order, and the end of each source that is to be reported."""
    for source in sources:
        index = 0
        for item in _items(source, format, options, position):
            if item.ends:
                found = item.found
                assert isinstance(found, Failure)  # noqa: S101  the ends of `_items` are
                yield item._replace(found=attrs.evolve(found, index=index, place=Place(path="", record=index)))
            else:
                yield item
                index += 1 if isinstance(item.found, Record) else item.found.count


def _items(source: str, format: str | None, options: Options, position: Position) -> Iterator[Item]:
    """Yield the records of one source, and its end if that is to be reported."""
    name = _name(source)
    try:
        file = sys.stdin.buffer if source == STDIN else opened(source)
    except OSError as error:
        yield _end(name, _UNOPENED, error)
        return
    position.enter(file)
    found = records_of(file, format, options)
    is_empty = True
    while True:
        try:
            one = next(found)
        except StopIteration as end:
            if is_empty:
                yield Item(name, _failure(TrialParseError("no record: it is {what}", what=end.value)), ends=True)
            break
        except TrialParseError as error:
            yield Item(name, _failure(error), ends=True)
            break
        except OSError as error:
            yield _end(name, _UNREAD, error)
            break
        is_empty = False
        if isinstance(one, Record):
            one.settle()
        yield Item(name, one)
    del found
    position.leave()


def _name(source: str) -> str:
    """Return the name of a source; that of its file may have bytes that are not UTF-8."""
    return os.fsencode(source).decode("utf-8", "backslashreplace")


def _unread(source: str, reason: str) -> Item:
    """Return the end of a source that is not opened."""
    return Item(_name(source), _failure(TrialParseError(f"it is not read: {reason}")), ends=True)


_UNOPENED = "it cannot be opened: {reason}"
_UNREAD = "it cannot be read to its end: {reason}"


def _end(name: str, sentence: str, error: OSError) -> Item:
    """Return the end of a source whose bytes cannot be read."""
    reason = error.strerror or type(error).__name__
    return Item(name, _failure(TrialParseError(sentence.format(reason=reason))), ends=True)


def _failure(error: TrialParseError) -> Failure:
    """Return the failure of a source, without a traceback, which would keep what was read in memory."""
    error = error.with_traceback(None)
    error.__cause__ = error.__context__ = None
    return Failure(index=0, place=Place(path=""), error=error)


class Read(NamedTuple):
    """What an item was read as."""

    source: str
    outcome: Outcome
    ends: bool
    """Whether it is the end of the source, and not a record."""


def outcomes(some: Iterable[Item], options: Options) -> Iterator[Read]:
    """Yield what items are read as; equal failures one after another in a source are one."""
    for (source, ends), group in groupby(some, key=lambda item: (item.source, item.ends)):
        for outcome in outcomes_of((item.found for item in group), options):
            yield Read(source, outcome, ends)
