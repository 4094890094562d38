"""JSON within JSON: what is at the end of a path of keys, and the document around it."""

from collections.abc import Callable, Collection
from enum import Enum
from typing import BinaryIO, TypeAlias

import attrs

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.generated.classes import define, frozen
from trialparse.limits import Limits
from trialparse.readers import json, json_parts
from trialparse.readers.json_parts import Cursor
from trialparse.readers.shapes import DoesNotFit

IsRecord: TypeAlias = Callable[[Collection[str]], bool]
"""Whether an object with these keys is a record, or a page of records."""


class Shape(Enum):
    """What is at a place: which of its values are the records."""

    LIST = "each element"
    MAP = "each value of an object by keys"
    ONE = "the value itself"


@frozen
class Place:
    """A place in a document."""

    start: int
    """The number of bytes before it."""
    shape: Shape


@frozen
class _Beside:
    """A member beside the way, as it is written."""

    key: bytes
    value: bytes

    def written(self, inside: bytes) -> bytes:
        return self.key + b":" + self.value


@frozen
class _OnTheWay:
    """A member on the way: an object in which the path goes on."""

    key: bytes
    members: "list[_Member]"

    def written(self, inside: bytes) -> bytes:
        value = _object(self.members, inside)
        is_left_out = value == b"{}" and self.members  # all of it leads to what is there
        return b"" if is_left_out else self.key + b":" + value


@frozen
class _There:
    """A member that is what is looked for; its value is not held."""

    key: bytes

    def written(self, inside: bytes) -> bytes:
        return self.key + b":" + inside if inside else b""


_Member: TypeAlias = _Beside | _OnTheWay | _There


def _object(members: "list[_Member]", inside: bytes) -> bytes:
    """Write members as an object, with `inside` in place of what is looked for, or without it."""
    return b"{" + b",".join(filter(None, (one.written(inside) for one in members))) + b"}"


@define(kw_only=True)
class Within:
    """What was found in a document."""

    _limits: Limits
    _is_record: IsRecord
    places: list[Place] = attrs.Factory(list)
    """The places of what is at the path, in order: several if a key occurs twice."""
    error: MalformedDocument | None = None
    """Why the rest of the document could not be read."""
    _members: list[_Member] = attrs.Factory(list)
    _held: int = 0
    """Bytes that are held."""

    def around(self, inside: bytes = b"") -> bytes:
        """Return the document without what is there, or with `inside` in its place."""
        return _object(self._members, inside)

    def names(self) -> list[str]:
        """Return the keys of the document."""
        return [json_parts.name_of(one.key) for one in self._members]

    def look(self, cursor: Cursor, path: tuple[str, ...]) -> None:
        """Move over the value that is next, and find what is at a path in it."""
        if path:
            self._look(cursor, path, self._members)
        else:
            self._note(cursor)

    def _look(self, cursor: Cursor, path: tuple[str, ...], members: list[_Member]) -> None:
        for key in json_parts.keys(cursor):
            name = json_parts.read_key(cursor, key)
            self._held += len(key)
            if name == path[0] and len(path) == 1:
                members.append(_There(key))
                self._note(cursor)
            elif name == path[0] and cursor.peek() == b"{":
                inner: list[_Member] = []
                members.append(_OnTheWay(key, inner))
                self._look(cursor, path[1:], inner)
            else:
                value = cursor.value()
                json.check_utf8(value, cursor.place - len(value))
                members.append(_Beside(key, value))
                self._held += len(value)
            if self._held > self._limits.record:
                raise self._limits.exceeded("record", "what is around the records")
            if len(members) > self._limits.nodes:
                raise self._limits.exceeded("nodes", "the number of values around the records")

    def _note(self, cursor: Cursor) -> None:
        """Move over what is at the path, and note its place, also if it breaks off."""
        sign, start = cursor.peek(), cursor.place
        names: set[str] = set()
        holds_record = False
        try:
            if sign != b"{":
                json_parts.skip(cursor)
                return
            for name, value in json_parts.members(cursor):
                names.add(name)
                holds_record = holds_record or self._is_record(_names(value))
        finally:
            is_map = holds_record and not self._is_record(names)
            self.places.append(Place(start, Shape.LIST if sign == b"[" else Shape.MAP if is_map else Shape.ONE))


def _names(raw: bytes | LimitExceeded) -> Collection[str]:
    """Return the keys of a value; none if it is no object."""
    if isinstance(raw, LimitExceeded):
        return ()
    try:
        return json.names(json.paired(raw))
    except (DoesNotFit, TrialParseError):
        return ()


def look(stream: BinaryIO, path: tuple[str, ...], limits: Limits, is_record: IsRecord) -> Within:
    """Find what is at a path in a document, and hold what is around it.

    An error of notation is in the result, with what is before it. Raises LimitExceeded for more than `limits.record`
    bytes, or an object of more than `limits.nodes` members, around what is there.
    """
    cursor, found = Cursor(stream, limits), Within(limits=limits, is_record=is_record)
    try:
        found.look(cursor, path)
        json_parts.end(cursor)
    except MalformedDocument as error:
        found.error = error
    return found
