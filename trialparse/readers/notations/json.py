"""JSON: a record is an object, by itself, in a list, on a line, or in a page of rows."""

import contextlib
import io
import itertools
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from trialparse.diagnostics import LimitExceeded, MalformedDocument, Problem, TrialParseError, UnrecognisedFormat
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.readers import json, json_parts, json_within, jsonlines
from trialparse.readers.json import Survey
from trialparse.readers.notations.notation import (
    Candidate,
    Empty,
    Found,
    Notation,
    Page,
    RawRecord,
    Unreadable,
)
from trialparse.readers.paths import Keys, pointer
from trialparse.readers.selection import Selection
from trialparse.readers.shapes import DoesNotFit, Remark, Tree, attribute_name
from trialparse.readers.source import ONE_PIECE, Document

_HEAD = 2048
"""Bytes of a document in which a format's hints are looked for."""
_SHORT = 8
"""Bytes of elements that are taken one by one: shorter ones would cost too much if all were held."""
_HELD = 32 << 10
"""Bytes of a list whose elements are all held, however short they are."""
_DEEPEST = 4
"""How many lists may be around a record."""
_QUOTED = 150
"""Characters of the keys of an object that an error quotes."""


@frozen
class Pagination:
    """Where a page says that it is not the whole answer; each path of keys starts at the page."""

    total: tuple[str, ...] = ()
    """The number of all records."""
    further: tuple[str, ...] = ()
    """Token or address of the next page, or a flag that there is one."""

    def cut(self, page: Tree, count: int) -> tuple[Remark, ...]:
        """Return the remark on a page of `count` records if it is not the whole answer."""
        total, further = _at(page, self.total), _at(page, self.further)
        if isinstance(total, int) and not isinstance(total, bool) and total > count:
            return ((Problem.TRUNCATED, self.total, f"{count} of {total} records"),)
        if further:
            return ((Problem.TRUNCATED, self.further, f"{count} records, and a next page"),)
        return ()


def _at(tree: Tree, path: tuple[str, ...]) -> Tree:
    """Return what a path leads to; None if it leads to nothing or is empty."""
    for key in path:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree if path else None


@frozen(kw_only=True, eq=False, slots=False)
class Json(Notation):
    """Objects of JSON."""

    name: ClassVar[str] = "json"
    title: ClassVar[str] = "JSON"
    lone: ClassVar[bool] = False

    keys: tuple[frozenset[str], ...]
    """Alternative sets of keys: a record, or a page of records, has all keys of one set."""
    hints: tuple[bytes, ...] = ()
    """Bytes near the beginning of a document at which the format is tried before the document is skimmed."""
    around: frozenset[str] = frozenset()
    """Keys of an object that may be around a record or a page: `{"FullStudy": record}`."""
    rows: str = ""
    """The key of a page under which its records are; empty if a document is one record."""
    envelope: tuple[str, ...] = ()
    """Keys of a page besides its rows."""
    pagination: Pagination = Pagination()
    """Where a page says that it is not the whole answer."""
    empty: str = "a document without records"
    """What to call a page without rows."""
    chosen: bool = False
    """Whether a record has only what was asked for, so that what is not there is not carried."""
    whole: str = ""
    """A key that every record has unless it has only what was asked for."""
    nothing: str = ""
    """What an empty object means as an answer of the register."""

    @classmethod
    def claims(cls, document: Document, start: bytes, candidates: Sequence[Candidate["Json"]]) -> bool:
        return start[:1] in (b"{", b"[")

    @classmethod
    def split(cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Json"]]) -> Iterator[Found]:
        return _Splitter(limits, candidates).records(document)

    @classmethod
    def split_within(
        cls, document: Document, limits: Limits, candidates: Sequence[Candidate["Json"]], path: tuple[str, ...]
    ) -> Iterator[Found]:
        """Yield the records that are at a path of keys in a document, or in each of its lines."""
        return _Splitter(limits, candidates, path).within(document)

    @property
    def signs(self) -> Iterator[Hashable]:
        yield from self.keys
        yield from self.around

    def record(self, raw: bytes, base: Keys, limits: Limits) -> "JsonRecord":
        """Return the record that is a value of a document."""
        return JsonRecord(notation=self, content=raw, base=base, limits=limits, offset=0)

    @property
    def rank(self) -> int:
        return min(map(len, self.keys), default=0)

    def is_partial(self, keys: Collection[str]) -> bool:
        return self.chosen or bool(self.whole and self.whole not in keys)

    def faults(self) -> Iterator[str]:
        if self.chosen and self.whole:
            yield "whole= with chosen="
        if not self.keys or not all(self.keys):
            yield "no keys: any object would be one of the format"
        if self.envelope and not self.rows:
            yield "envelope= without rows="
        if self.pagination != Pagination() and not self.rows:
            yield "pagination= without rows="
        for path in (self.pagination.total, self.pagination.further):
            if path and self.rows and path[0] not in self.envelope:
                yield f"pagination: {path[0]!r} is not in the envelope"


@frozen(kw_only=True)
class _Frame:
    """What is around the rows of a page."""

    notation: Json
    count: int
    """Number of rows."""
    members: Mapping[str, bytes]
    written: bytes
    """The page without its rows; if a key occurs twice, with all members."""
    remarks: Sequence[Remark] = ()

    def cut(self, limits: Limits) -> tuple[Remark, ...]:
        """Return the remark on the page if it is not the whole answer."""
        pagination = self.notation.pagination
        named = {path[0] for path in (pagination.total, pagination.further) if path}
        heads = {name: json.tree(json.paired(self.members[name]), limits)[0] for name in named & self.members.keys()}
        return pagination.cut(heads, self.count)


@frozen
class _Splitter:
    """Splits documents into the records of some formats."""

    limits: Limits
    candidates: Sequence[Candidate[Json]]
    at: tuple[str, ...] = ()
    """The keys that lead to the records in the document."""

    def records(self, document: Document) -> Iterator[Found]:
        """Yield the records of a document: at once if it is short and whole, otherwise part by part."""
        if document.data is not None and len(document.data) <= ONE_PIECE:
            yield from self._short(document.data, document)
        elif jsonlines.looks_like_lines(json.paired(document.head(ONE_PIECE))):
            yield from self.lines(document)
        else:
            yield from self.parts(document)

    def _short(self, raw: bytes, document: Document) -> Iterator[Found]:
        """Yield the records of a document that is held in one piece."""
        whole = json.paired(raw)
        at_once = whole is raw and len(raw) <= self.limits.record
        hinted = self._hinted(raw) if at_once else None
        if hinted is not None:
            yield hinted
            return
        try:
            json.check_utf8(raw)
            if at_once:
                yield from self._of_value(raw, ())
                return
            is_broken = not json.is_value(whole)
        except (MalformedDocument, LimitExceeded):  # before the first record is yielded
            is_broken = True
        if is_broken and jsonlines.looks_like_lines(whole):
            yield from self.lines(document)
        else:
            yield from self.parts(document)

    def parts(self, document: Document) -> Iterator[Found]:
        """Yield the records of a document part by part, up to the place where it is broken."""
        if not document.head(_HEAD).lstrip(b" \t\r\n").startswith(b"["):
            yield from self._of_object_or_lines(document)
            return
        cursor = json_parts.Cursor(document.open(), self.limits)
        index = -1
        for index, element in enumerate(json_parts.elements(cursor)):
            yield from self._element(element, (index,), cursor.began)
        json_parts.end(cursor)
        if index < 0:
            raise self._no_elements()

    def _element(self, raw: bytes | LimitExceeded, base: Keys, offset: int) -> Iterator[Found]:
        """Yield the records of an element of a list, which is written in any way, from a place of the document on."""
        try:
            json.check_utf8(_held(raw))
        except TrialParseError as error:
            yield Unreadable(error=error, path=pointer(base), offset=offset)
            return
        whole = json.paired(_held(raw))
        found = _moved(offset, self._tolerant(whole, base))
        yield from found if whole is raw else _remarked(found, _halves(_held(raw), base))

    def _of_object(self, document: Document) -> Iterator[Found]:
        """Yield the records of an object that is read part by part: the object itself, or a page of rows."""
        first = json_parts.first_key(json_parts.Cursor(document.open(), self.limits))
        if first in self._surrounding():  # then the rows of a page need not be held
            yield from self._of_surrounded(document, first)
            return
        lists = {one.notation.rows for one in self.candidates if one.notation.rows}
        skimmed = json_parts.skim(document.open(), lists, self.limits)
        members = skimmed.named()
        error = skimmed.error
        try:
            notation = self._notation(members)
        except UnrecognisedFormat as unknown:
            if error is None and self._around(members):
                yield from self._of_whole(document)
                return
            raise error or unknown from None
        if not notation.rows:
            yield from self._one(notation, document, skimmed)
            return
        if notation.rows not in skimmed.lists:
            raise error or _no_rows(notation)
        place, count = skimmed.lists[notation.rows]
        if error is not None and not count:
            raise error
        around = skimmed.around(notation.rows)
        remarks = [one for one in _halves(around, ()) if one[1][:1] != (notation.rows,)]
        frame = _Frame(notation=notation, count=count, members=members, written=json.paired(around), remarks=remarks)
        cursor = json_parts.Cursor(document.open(), self.limits, place)
        rows = ((cursor.began, row) for row in json_parts.elements(cursor))
        yield from self._of_page(frame, itertools.islice(rows, count), ())
        if error is not None:
            raise error
        cursor.finish()

    def _of_object_or_lines(self, document: Document) -> Iterator[Found]:
        """Yield the records of an object, or of lines whose first is too long to be recognised as one."""
        document.hold(self.limits)
        is_first = True
        try:
            for found in self._of_object(document):
                is_first = False
                yield found
            return
        except (MalformedDocument, LimitExceeded):
            if not is_first or not self._goes_on(document):
                raise
        yield from self.lines(document)

    def _goes_on(self, document: Document) -> bool:
        """Whether another object is on a line behind the first object of a document."""
        cursor = json_parts.Cursor(document.open(), self.limits)
        try:
            cursor.element()
            return cursor.ends_line() and cursor.peek() == b"{"
        except TrialParseError:
            return False

    def _of_surrounded(self, document: Document, key: str) -> Iterator[Found]:
        """Yield the records of a document that begins with a key around a record, or around a page of rows."""
        pages = (one.notation for one in self.candidates if key in one.notation.around and one.notation.rows)
        for notation in pages:
            looked = json_within.look(document.open(), (key, notation.rows), self.limits, self._is_record)
            if looked.places:
                yield from self._of_distant_page(document, notation, looked, key)
                return
        yield from self._of_whole(document)

    def _of_distant_page(
        self, document: Document, notation: Json, looked: json_within.Within, key: str
    ) -> Iterator[Found]:
        """Yield the rows of a page that is below a key of a document, as far as the document can be read."""
        place = looked.places[-1]
        if place.shape is not json_within.Shape.LIST:
            raise looked.error or _no_rows(notation)
        count = 0
        with contextlib.suppress(MalformedDocument):
            for _ in json_parts.elements(json_parts.Cursor(document.open(), self.limits, place.start)):
                count += 1
        if looked.error is not None and not count:
            raise looked.error
        around = looked.around()
        members = _members_below(json.paired(around), key)
        remarks = _halves(around, ())
        frame = _Frame(notation=notation, count=count, members=members, written=json.paired(around), remarks=remarks)
        cursor = json_parts.Cursor(document.open(), self.limits, place.start)
        rows = ((cursor.began, row) for row in json_parts.elements(cursor))
        for found in self._of_page(frame, itertools.islice(rows, count), (key,)):
            if isinstance(found, JsonRecord) and found.envelope is not None:
                found.way = (key,)
            yield found
        if looked.error is not None:
            raise looked.error
        cursor.finish()

    def _of_whole(self, document: Document) -> Iterator[Found]:
        """Yield the records of a document that is held as a whole."""
        raw = document.read(self.limits)
        json.check_utf8(raw)
        whole = json.paired(raw)
        found = self._of_value(whole, ())
        yield from found if whole is raw else _remarked(found, json.halves(raw))

    def _one(self, notation: Json, document: Document, skimmed: json_parts.Skimmed) -> Iterator[Found]:
        """Yield the record that a document is, also if the document breaks off behind it."""
        if skimmed.error is not None and skimmed.length is None:
            raise skimmed.error
        raw = document.read(self.limits) if skimmed.error is None else document.open().read(skimmed.length or 0)
        json.check_utf8(raw)
        whole = json.paired(raw)
        found = [notation.record(whole, (), self.limits)]
        yield from found if whole is raw else _remarked(found, json.halves(raw))
        if skimmed.error is not None:
            raise skimmed.error

    def lines(self, document: Document) -> Iterator[Found]:
        """Yield the records of a document that has one on each line."""
        for line in jsonlines.lines(document, self.limits):
            path = pointer((f"line {line.number}",))
            try:
                json.check_utf8(_held(line.error or line.raw))
            except TrialParseError as error:
                yield Unreadable(error=error, path=path, offset=line.offset)
                continue
            whole = json.paired(line.raw)
            found = self._tolerant(whole, ())
            for record in _moved(line.offset, found if whole is line.raw else _remarked(found, json.halves(line.raw))):
                if isinstance(record, Unreadable):
                    record.is_line = record.path == ""
                    record.path = path
                yield record

    def within(self, document: Document) -> Iterator[Found]:
        """Yield the records at the path in a document, or in each line of one that has a document in each."""
        if not jsonlines.looks_like_lines(json.paired(document.head(ONE_PIECE))):
            yield from self._within(document)
            return
        for line in jsonlines.lines(document, self.limits):
            path = pointer((f"line {line.number}",))
            try:
                for found in _moved(line.offset, self._within(Document(data=_held(line.error or line.raw)))):
                    if isinstance(found, Unreadable):
                        found.path = path
                    yield found
            except TrialParseError as error:
                yield Unreadable(error=error, path=path, offset=line.offset)

    def _within(self, document: Document) -> Iterator[Found]:
        """Yield the records at the path in one document; the first has what is around them."""
        if len(self.at) > self.limits.depth:
            raise self.limits.exceeded("depth", "the path to the records")
        document.hold(self.limits)
        if self.at and not document.head(_HEAD).lstrip(b" \t\r\n").startswith(b"{"):
            raise UnrecognisedFormat(
                "there is nothing at {at}: the document is no JSON object, and a list is read whole",
                at=pointer(self.at),
            )
        looked = json_within.look(document.open(), self.at, self.limits, self._is_record)
        if not looked.places:
            raise looked.error or self._nothing_there(looked.names())
        cursor = json_parts.Cursor(document.open(), self.limits)
        first = True
        for found in itertools.chain.from_iterable(self._values(cursor, place) for place in looked.places):
            if first and self.at and isinstance(found, JsonRecord):
                _wrap(found, looked, (), self.at)
                first = False
            yield found
        if looked.error is not None:
            raise looked.error
        cursor.finish()

    def _values(self, cursor: json_parts.Cursor, place: json_within.Place) -> Iterator[Found]:
        """Move to a place, and yield its records: those in a list or a map by keys, or the one that is there."""
        cursor.move(place.start)
        if place.shape is json_within.Shape.LIST:
            index = -1
            for index, element in enumerate(json_parts.elements(cursor)):
                yield from self._element(element, (*self.at, index), cursor.began)
            if index < 0:
                raise self._no_elements()
        elif place.shape is json_within.Shape.MAP:
            for key, value in json_parts.members(cursor):
                yield from self._named(self._element(value, (*self.at, key), cursor.began))
        else:
            is_object = cursor.peek() == b"{"
            raw = cursor.value()
            if not is_object:
                json.check_utf8(raw)
                raise UnrecognisedFormat("what is at {at!r} is a single JSON value, no record", at=pointer(self.at))
            yield from self._element(raw, self.at, cursor.began)

    def _named(self, found: Iterator[Found]) -> Iterator[Found]:
        """Yield what is found in a member of an object, whose name is a word of the source."""
        for one in found:
            if isinstance(one, Unreadable | RawRecord):
                one.around = pointer(self.at)
            yield one

    def _is_record(self, names: Collection[str]) -> bool:
        """Whether an object with these keys is of a known format, or has such an object below a key around it."""
        notations = [one.notation for one in self.candidates]
        return any(keys.issubset(names) for one in notations for keys in one.keys) or bool(self._around(names))

    def _nothing_there(self, names: Collection[str]) -> UnrecognisedFormat:
        return UnrecognisedFormat(
            "there is nothing at {at}, where the records should be; the document has the keys {keys!r}, "
            "and no place leads into a list, which is read whole",
            at=pointer(self.at),
            keys=", ".join(itertools.islice(names, 12))[:_QUOTED],
        )

    def _hinted(self, raw: bytes) -> "JsonRecord | None":
        """Return the record of a document that decodes into the struct of the one format it hints at.

        That saves a pass over the bytes; None if the document has to be skimmed. Nothing is compiled for it.
        """
        head = raw[:_HEAD]
        hinted = [one for one in self.candidates if any(hint in head for hint in one.notation.hints)]
        if len(hinted) != 1 or not hinted[0].is_compiled():
            return None
        (candidate,) = hinted
        notation, selection = candidate.notation, candidate.selection()
        try:
            struct = selection.read(raw)
        except (DoesNotFit, TrialParseError):
            return None
        if not any(_holds(struct, selection, keys) for keys in notation.keys):
            return None
        json.check_utf8(raw)
        return JsonRecord(notation=notation, content=raw, limits=self.limits, ready=struct, offset=0)

    def _of_value(self, raw: bytes, base: Keys) -> Iterator[Found]:
        """Yield the records of one value: a record, a page of rows, or a list of these."""
        try:
            names = json.names(raw)
        except DoesNotFit:
            yield from self._of_list(raw, base)
            return
        try:
            notation = self._notation(names)
        except UnrecognisedFormat:
            key = self._around(names)
            if not key:
                raise
            yield from self._of_wrapped(raw, base, key)
            return
        if not notation.rows:
            yield notation.record(raw, base, self.limits)
            return
        members = json.members(raw)
        try:
            rows = json.elements(members[notation.rows])
        except DoesNotFit:
            raise _no_rows(notation) from None
        around = {name: value for name, value in members.items() if name != notation.rows}
        if json.each_once(raw, members):
            written = json.join(around)
        else:
            written = json_parts.skim(io.BytesIO(raw), {notation.rows}, self.limits).around(notation.rows)
        frame = _Frame(notation=notation, count=len(rows), members=around, written=written)
        yield from self._of_page(frame, _placed(raw, max(raw.find(members[notation.rows]), 0), rows), base)

    def _of_wrapped(self, raw: bytes, base: Keys, key: str) -> Iterator[Found]:
        """Yield the records of an object that has one, or a page of them, below a key."""
        if len(base) - len(self.at) > _DEEPEST:
            raise self._unknown((key,))
        looked = json_within.look(io.BytesIO(raw), (key,), self.limits, self._is_record)
        cursor = json_parts.Cursor(io.BytesIO(raw), self.limits)
        is_first = True
        for place in looked.places:
            cursor.move(place.start)
            if cursor.peek() != b"{":
                raise self._unknown((key,))
            for found in _moved(place.start, self._of_value(cursor.value(), (*base, key))):
                if is_first and isinstance(found, JsonRecord):
                    _wrap(found, looked, base, (key,))
                    is_first = False
                yield found

    def _surrounding(self) -> frozenset[str]:
        """Return the keys that may be around a record or a page."""
        return frozenset[str]().union(*(one.notation.around for one in self.candidates))

    def _around(self, names: Collection[str]) -> str:
        """Return the key below which an object that is no record has one, or a page; empty if there is no such key."""
        surrounding = self._surrounding()
        return next((key for key in names if key in surrounding), "")

    def _notation(self, names: Collection[str]) -> Json:
        """Return the notation of the format that an object with these keys has; raises UnrecognisedFormat."""
        fitting = [
            (max(map(len, found)), one.notation)
            for one in self.candidates
            if (found := [keys for keys in one.notation.keys if keys.issubset(names)])
        ]
        if not fitting:
            raise self._unknown(names)
        return max(fitting, key=lambda pair: pair[0])[1]

    def _of_page(
        self, frame: "_Frame", rows: Iterable[tuple[int, bytes | LimitExceeded]], base: Keys
    ) -> Iterator[Found]:
        """Yield the rows of a page, each with its offset, as records; the first one has the page around it."""
        notation = frame.notation
        cut = [(problem, (*base, *keys), text) for problem, keys, text in frame.cut(self.limits)]
        if not frame.count:
            yield Empty(notation=notation, text=", ".join((notation.empty, *(text for _, _, text in cut))))
        is_first = True
        for index, (offset, row) in enumerate(rows):
            here = (*base, notation.rows, index)
            try:
                whole = _row(_held(row), notation)
            except TrialParseError as error:
                yield Unreadable(error=error, path=pointer(here), offset=offset)
                continue
            record = notation.record(whole, here, self.limits)
            record.offset = offset
            if is_first:
                record.envelope = frame.written
                record.notes = (*cut, *frame.remarks)
                is_first = False
            if whole is not row:
                record.notes += tuple(_halves(_held(row), here))
            yield record

    def _of_list(self, raw: bytes, base: Keys) -> Iterator[Found]:
        if _HELD < len(raw) < _SHORT * raw.count(b",") and raw.lstrip(b" \t\r\n").startswith(b"["):
            cursor = json_parts.Cursor(io.BytesIO(raw), self.limits)
            for index, element in enumerate(json_parts.elements(cursor)):
                yield from _moved(cursor.began, self._tolerant(element, (*base, index)))
            json_parts.end(cursor)
            return
        try:
            elements = json.elements(raw)
        except DoesNotFit:
            raise self._no_export() from None
        if not elements:
            raise self._no_elements()
        for index, (offset, element) in enumerate(_placed(raw, 0, elements)):
            yield from _moved(offset, self._tolerant(element, (*base, index)))

    def _tolerant(self, raw: bytes | LimitExceeded, base: Keys) -> Iterator[Found]:
        """Yield the records of one value among others; an error becomes an `Unreadable`, so the others are read."""
        try:
            if isinstance(raw, LimitExceeded):
                raise raw
            if len(base) - len(self.at) > _DEEPEST:
                raise UnrecognisedFormat("arrays within arrays are not an export")
            yield from self._of_value(raw, base)
        except TrialParseError as error:
            content = b"" if isinstance(raw, LimitExceeded) else raw
            yield Unreadable(error=error, path=pointer(base), content=content, offset=0)

    def _no_elements(self) -> UnrecognisedFormat:
        if self.at:
            return UnrecognisedFormat("what is at {at!r} is an empty JSON array, without records", at=pointer(self.at))
        return UnrecognisedFormat("the document is an empty JSON array: there are no records in it")

    def _no_export(self) -> UnrecognisedFormat:
        if self.at:
            return UnrecognisedFormat("an element of what is at {at!r} is a single JSON value", at=pointer(self.at))
        return UnrecognisedFormat("the document is a single JSON value, not an export")

    def _unknown(self, names: Collection[str]) -> UnrecognisedFormat:
        if not names:
            meanings = dict.fromkeys(one.notation.nothing for one in self.candidates if one.notation.nothing)
            meaning = "; ".join(meanings)
            return UnrecognisedFormat(f"an empty JSON object: {meaning}" if meaning else "an empty JSON object")
        return UnrecognisedFormat(
            "a JSON object with the keys {keys!r} is of no known format; `trialparse formats` lists what is read",
            keys=", ".join(itertools.islice(names, 12))[:_QUOTED],
        )


_GAP = re.compile(rb"[ \t\r\n,]*")
"""What is between two elements of a list."""


def _held(raw: bytes | LimitExceeded) -> bytes:
    """Return the bytes of a value; raises the error on one that is beyond a limit."""
    if isinstance(raw, LimitExceeded):
        raise raw
    return raw


def _moved(offset: int, found: Iterable[Found]) -> Iterator[Found]:
    """Yield what is found in a value that is at a place of a document."""
    for one in found:
        if not isinstance(one, Empty) and one.offset is not None:
            one.offset += offset
        yield one


def _placed(raw: bytes, start: int, elements: Iterable[Any]) -> Iterator[tuple[int, bytes]]:
    """Yield the elements of the list at a place, each with its own place."""
    place = raw.find(b"[", start) + 1
    for element in map(bytes, elements):
        gap = _GAP.match(raw, place)
        place = gap.end() if gap else place
        yield place, element
        place += len(element)


def _wrap(record: "JsonRecord", looked: json_within.Within, base: Keys, at: tuple[str, ...]) -> None:
    """Give a record what is around it: the value at `base`, without what the keys `at` lead to.

    In it is the page that the record begins, if any.
    """
    way: tuple[str, ...] = ()
    inside = b""
    if record.envelope is not None:
        between = tuple(map(str, record.page_base[len(base) + len(at) :]))
        inside = record.envelope
        for key in reversed(between):
            inside = json.join({key: inside})
        if record.way != ():
            way = (*at, *between, *record.page_way)
    around = looked.around(inside)
    record.notes += tuple(_halves(around, base))
    if len(looked.places) > 1:
        record.notes += ((Problem.DUPLICATE_KEY, (*base, *at), f"{len(looked.places)} times; all are read"),)
    if around != b"{}":
        record.envelope, record.way, record.outer = json.paired(around), way, len(base)


def _members_below(raw: bytes, key: str) -> dict[str, bytes]:
    """Return the members of what is below a key of an object; none if that is no object, or not there."""
    try:
        return json.members(json.members(raw)[key])
    except (DoesNotFit, KeyError):
        return {}


def _below(tree: Tree, way: Iterable[str]) -> Tree:
    """Return what the keys of objects lead to, None if there is nothing."""
    for key in way:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _row(raw: bytes, notation: Json) -> bytes:
    """Return a row of a page without halves of surrogate pairs; raises MalformedDocument if it is no object."""
    json.check_utf8(raw)
    if not raw.lstrip(b" \t\r\n").startswith(b"{"):
        raise MalformedDocument(f"a row of {notation.rows!r} is no object")
    return json.paired(raw)


def _no_rows(notation: Json) -> MalformedDocument:
    return MalformedDocument(f"{notation.rows!r} of a page is no list of rows")


def _halves(raw: bytes, base: Keys) -> list[Remark]:
    """Return the remarks on halves of surrogate pairs in a value, with their places in the document."""
    return [(problem, (*base, *keys), text) for problem, keys, text in json.halves(raw)]


def _holds(struct: Any, selection: Selection, keys: frozenset[str]) -> bool:
    """Whether a struct has a value for each of these keys that the selection reads, and for at least one."""
    empty = selection.empty
    names = [attribute_name(key) for key in keys if key in selection.shape.members]
    return bool(names) and all(getattr(struct, name) is not getattr(empty, name) for name in names)


def _remarked(found: Iterable[Found], remarks: list[Remark]) -> Iterator[Found]:
    """Yield records with the remarks on their own values; the first record also gets those outside of any record."""
    within: dict[int, dict[Keys, list[Remark]]] = {}
    first = True
    for record in found:
        if isinstance(record, RawRecord):
            here = record.base
            if len(here) not in within:  # there are few different lengths in one document
                within[len(here)] = _by_place(remarks, len(here))
            own = within[len(here)].get(here, [])
            beside = [remark for remark in remarks if remark[1][: len(here) - 1] != here[:-1]] if first and here else []
            record.notes += (*beside, *own)
            first = False
        yield record


def _by_place(remarks: list[Remark], length: int) -> dict[Keys, list[Remark]]:
    """Return remarks by the first keys of their places."""
    found: dict[Keys, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark[1][:length], []).append(remark)
    return found


@define(kw_only=True, eq=False)
class JsonRecord(RawRecord):
    """An object of JSON."""

    is_surveyable: ClassVar[bool] = True

    envelope: bytes | None = None
    """The page around the record, without its records if no key occurs twice; only the first record has it."""
    _page: Page | None = None
    """The page as `page` returns it, once it was asked for."""
    way: tuple[str, ...] | None = None
    """If more than the page is in `envelope`: the keys in it that lead to the page, none if there is no page."""
    outer: int = 0
    """How many keys of `base` lead to `envelope` then: none if it is the whole document."""
    ready: Any = None
    """The struct by which the record was recognised, until the record is settled."""

    def examine(self, selection: Selection) -> tuple[Tree, tuple[Remark, ...]]:
        json.check_utf8(self.content)
        value, remarks = json.tree(self.content, self.limits)
        return value, tuple(remarks)

    def read(self) -> Tree:
        return json.plain(self.content, self.limits)

    def struct(self, selection: Selection, tree: Callable[[], Tree]) -> Any:
        return selection.read(self.content) if self.ready is None else self.ready

    def fitted(self, tree: Tree, selection: Selection) -> Tree:
        return tree

    def settle(self) -> None:
        self.ready = None

    def check_limits(self) -> None:
        json.check_nodes(self.content, self.limits)

    def written(self, tree: Tree, selection: Selection) -> bytes:
        return json.encode(tree)

    def keys(self) -> Collection[str]:
        return json.names(self.content)

    def is_partial(self) -> bool:
        whole = self.notation.whole
        if whole and b'"%s"' % whole.encode() in self.content:  # to look for a key costs a pass over the record
            return False
        return bool((whole or self.notation.chosen) and self.notation.is_partial(self.keys()))

    def path(self, keys: Keys) -> str:
        return pointer((*self.base, *keys))

    def remarks_on(self, tree: Tree, remarks: list[Remark]) -> list[Remark]:
        # a remark quotes its value as JSON and cut short: a name in it may not be found
        return json.remarks(tree) if remarks else []

    def is_whole(self, survey: Survey) -> bool:
        return json.is_whole(self.content, survey, self.limits)

    @property
    def begins_page(self) -> bool:
        return self.envelope is not None

    def page(self) -> Page:
        if self.envelope is None:
            return {}, []
        if self._page is None:
            rows = (*self.page_way, self.notation.rows)
            tree, remarks = json.tree(self.envelope, self.limits)
            page = _below(tree, rows[:-1])  # nothing if the document breaks off within the page
            if isinstance(page, dict) and self.way != ():
                page.pop(rows[-1], None)
            own = [one for one in remarks if one[1][: len(rows)] != rows or len(one[1]) == len(rows)]
            self._page = tree, own
        return self._page

    @property
    def page_base(self) -> Keys:
        return self.base[: -2 if self.way is None else self.outer]

    @property
    def page_way(self) -> tuple[str, ...]:
        return self.way or ()

    def changes(self, names: Mapping[str, str], page: Page) -> dict[str, Any]:
        envelope = None if self.envelope is None else json.encode(page[0])
        way = None if self.way is None else tuple(names.get(key, key) for key in self.way)
        return {"envelope": envelope, "page": page, "way": way, "ready": None}
