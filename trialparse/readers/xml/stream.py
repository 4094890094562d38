"""A stream of XML: parsed piece by piece, so that memory holds one record at a time."""

import re
from collections.abc import Generator, Iterator
from typing import BinaryIO

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.limits import Limits
from trialparse.readers.xml import lines
from trialparse.readers.xml.chunks import WholeTags, chunks_of, stops
from trialparse.readers.xml.elements import growth, local_name, marks, tag_name, too_deep, too_large
from trialparse.readers.xml.levels import Levels, Piece, drop, names_at, strays, within
from trialparse.readers.xml.namespaces import start_tags
from trialparse.readers.xml.outline import Outline
from trialparse.readers.xml.parser import Element, close, feed, pull_parser
from trialparse.readers.xml.prolog import PROLOG, opened
from trialparse.readers.xml.tags import OPENING, TAG, VALUE, Tags

_SPELLINGS = 32
"""How many spellings of the name of a record are noted.

Records with others are read too, but not behind a record that is too large.
"""


class Stream:
    """A stream of XML, which is parsed piece by piece.

    A record that is beyond a limit is passed over, without a parser; what is behind it goes to another one.
    """

    def __init__(self, stream: BinaryIO, levels: Levels, limits: Limits) -> None:
        self._levels, self._limits = levels, limits
        self._encoding, first = opened(stream.read(PROLOG))
        self._chunks = WholeTags(chunks_of(first, stream), limits)
        self._tags = Tags(limits)
        self._names = _spelled({name for name in levels[-1] if name != "*"}, first, self._encoding)
        """How records are named in tags, as far as that is known."""
        self._ends = self._end_tags()
        """The tags with which they may end."""
        self._lines = 0
        """Line ends of the document up to the place."""
        self._begin(b"", 0)

    def _end_tags(self) -> re.Pattern[bytes]:
        """Return the pattern of the tags with which a record may end."""
        names = _any_of(self._names, self._encoding)
        return re.compile(rb"</" + names + rb"[ \t\r\n]*>|<" + names + rb"(?:\s(?:[^<>\"'/]++|" + VALUE + rb")*+)?/>")

    def _begin(self, around: bytes, depth: int) -> None:
        """Begin with a new parser, behind the start tags of so many elements that are around the place."""
        self._parser = pull_parser(self._encoding, self._levels[-1])
        self._size = self._nodes = 0
        """What the parser got since the last record."""
        self._open: Element | None = None
        """The record that has begun."""
        self._last: Element | None = None
        self._held: list[bytes] | None = []
        """What the parser got since a place around which there are `_depth` elements; None if that is too much."""
        self._depth = depth
        self._before = self._lines
        """Line ends before what the parser got."""
        if around:
            feed(self._parser, around, 0)
            list(self._parser.read_events())

    def elements(self) -> Iterator[Piece]:
        """Yield the elements; raises MalformedDocument and LimitExceeded."""
        levels = self._levels
        while (chunk := self._next()) is not None:
            large = chunk if isinstance(chunk, LimitExceeded) else None
            whole = self._chunks.take(TAG) if isinstance(chunk, LimitExceeded) else chunk
            error = (yield from self._parsed(whole)) or large
            if error is not None:
                is_in_tag = self._open is None and (yield from self._begun(error))
                yield from self._passed_over(error, is_in_tag=is_in_tag)
        root = close(self._parser, self._before)
        if root is not None and len(levels) > 1:
            found = within(root, levels, (local_name(root),))
            yield from (Piece(one, names, False) for one, names, known in found if not known)

    def _next(self) -> bytes | LimitExceeded | None:
        """Return the next chunk, or the error on a tag or a text that is too long; None at the end."""
        try:
            return self._chunks.next()
        except LimitExceeded as error:
            return error

    def _parsed(self, chunk: bytes) -> Generator[Piece, None, LimitExceeded | None]:
        """Parse a chunk, record by record; yield the records that end in it, and what is beside them.

        Return the error on what is beyond a limit; what is behind it is not taken.
        """
        whole, error = self._tags.split(chunk)
        place, known = 0, frozenset(self._names)
        for end, is_exact in stops(whole, [found.end() for found in self._ends.finditer(whole)]):
            part, place = whole[place:end], end
            wrong: TrialParseError | None = None
            try:
                self._feed(part)
            except TrialParseError as found:
                wrong = found
            yield from self._ended(known if is_exact else frozenset())
            if wrong is None and (self._measured() > self._limits.record or self._nodes > self._limits.nodes):
                wrong = growth(self._size, self._nodes, self._limits)
            if isinstance(wrong, LimitExceeded) and self._open is not None:
                error = wrong
                break
            if wrong is not None:
                raise wrong
        self._chunks.back(chunk[place:])
        return error

    def _feed(self, data: bytes) -> None:
        """Give bytes to the parser, and hold them in case that it cannot go on."""
        self._size, self._nodes = self._size + len(data), self._nodes + marks(data)
        if self._held is not None:
            self._held.append(data)
            if self._size > self._limits.record + PROLOG:
                self._held = None
        self._lines += data.count(b"\n")
        feed(self._parser, data, self._before)

    def _begun(self, error: LimitExceeded) -> Generator[Piece, None, bool]:
        """Begin the record whose start tag is beyond a limit, without its attributes; return whether there is one.

        Its prefix is declared anew, because the declaration may be one of the attributes.
        """
        begin = self._chunks.take(OPENING)
        if self._held is None or not begin or self._tags.is_full:
            return False
        self._held.append(begin)
        prefix, colon, _ = begin[1:].partition(b":")
        declaration = b' xmlns:%b="urn:any"' % prefix if colon else b""
        try:
            feed(self._parser, begin + declaration + b">", self._before)
        except MalformedDocument:
            raise error from None
        yield from self._ended(frozenset())
        return self._open is not None

    def _ended(self, exact: frozenset[str]) -> Iterator[Piece]:
        """Yield the records that end in what was parsed, each behind what is beside it.

        One with a name of `exact` ends with it, if it is the last.
        """
        levels, limits = self._levels, self._limits
        is_exact = False
        for event, element in self._parser.read_events():
            names = names_at(element, levels)
            is_exact = event == "end" and bool(names) and tag_name(element) in exact
            if names and event == "start":
                self._open = element
                name = tag_name(element)
                if name not in self._names and len(self._names) < _SPELLINGS:
                    self._names.add(name)
                    self._ends = self._end_tags()
            elif names:
                yield from strays(element, levels, self._last)
                large = too_deep(element, limits.depth - len(levels) + 1, limits)
                if large is None and self._nodes > limits.nodes:
                    large = too_large(element, limits)
                if large is None and self._measured() > limits.record:
                    large = growth(self._size, 0, limits)
                yield Piece(element if large is None else large, names, True, self._line(element))
                drop(element)
                self._last, self._open = element, None
                self._size = self._nodes = 0
        if is_exact:
            self._held, self._depth = [], len(levels) - 1
            if self._last is not None and self._depth and self._lines - self._before > lines.LAST_LINE // 2:
                self._begin(start_tags(self._last, self._encoding), self._depth)

    def _line(self, element: Element) -> int | None:
        """Return the line of the document on which an element begins."""
        line = lines.line_of(element)
        return None if line is None else line + self._before

    def _measured(self) -> int:
        """Return what the parser got since the record began, or since the last one if none has begun."""
        if self._size > self._limits.record and self._open is not None and self._held:
            outline, _ = self._outlined(self._held)
            self._size = min(self._size, outline.size)
        return self._size

    def _outlined(self, held: list[bytes]) -> tuple[Outline, bytes | None]:
        """Follow what the parser got; return what is behind the last record if it has ended."""
        outline, rest = Outline(self._depth), None
        for data in filter(None, held):
            rest = data
            while rest:
                rest = outline.follow(rest, len(self._levels) - 1)
        return outline, rest

    def _passed_over(self, error: LimitExceeded, *, is_in_tag: bool) -> Iterator[Piece]:
        """Yield the error on the record that has begun, and go on behind it; raise the error if there is none.

        The place may be in the start tag of the record.
        """
        record, held, depth = self._open, self._held, len(self._levels) - 1
        if record is None or held is None or self._tags.is_full or not depth:
            raise error
        names, line = names_at(record, self._levels), self._line(record)
        yield from strays(record, self._levels, self._last)
        around = start_tags(record, self._encoding)
        self._open = self._last = record = None  # nothing of the parser is held while the rest goes by
        outline, rest = self._outlined(held)
        has_ended = rest == b""
        if outline.depth <= depth and not has_ended and not is_in_tag:
            raise error
        yield Piece(error, names, True, line)
        if not has_ended:
            self._begin(b"", 0)
            self._follow(outline, depth, f"the record on line {line}" if line else "a record")
        self._begin(around, depth)

    def _follow(self, outline: Outline, depth: int, what: str) -> None:
        """Move to the end of a record."""
        for data in self._chunks.raw():
            self._lines += data.count(b"\n")
            rest = outline.follow(data, depth)
            if rest is not None:
                self._lines -= rest.count(b"\n")
                self._chunks.back(rest)
                return
        raise MalformedDocument(f"the document is cut short in {what}")


def _spelled(names: set[str], data: bytes, encoding: str) -> set[str]:
    """Return the names of elements as they are in tags, with each prefix that one has in these bytes."""
    if not names:
        return set()
    tags = re.compile(rb"<([^\s<>/:]++:" + _any_of(names, encoding) + rb")[\s/>]")
    found = {tag[1].decode(encoding, "ignore") for tag in tags.finditer(data)}
    return {*names, *sorted(found)[:_SPELLINGS]}


def _any_of(names: set[str], encoding: str) -> bytes:
    """Return a pattern for one of some names."""
    return b"(?:" + b"|".join(re.escape(name.encode(encoding, "ignore")) for name in sorted(names)) + b")"
