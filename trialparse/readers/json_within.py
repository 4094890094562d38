"""JSON within JSON: what is at the end of a path of keys, and the document around it."""

from typing import BinaryIO, TypeAlias

import attrs

from trialparse.diagnostics import MalformedDocument
from trialparse.generated.classes import define
from trialparse.limits import Limits
from trialparse.readers import json, json_parts
from trialparse.readers.json_parts import Cursor

Members: TypeAlias = "list[tuple[bytes, bytes | Members | None]]"
"""Keys and values of an object as they are written; an object on the way is members, and what is looked for None."""


@define(kw_only=True)
class Within:
    """What was found in a document."""

    places: list[int] = attrs.Factory(list)
    """The places of what is at the path: several if a key occurs twice."""
    error: MalformedDocument | None = None
    """Why the rest of the document could not be read."""
    _members: Members = attrs.Factory(list)
    _held: int = 0
    """Bytes that are held."""

    def around(self, inside: bytes = b"") -> bytes:
        """Return the document without what is there, or with `inside` in its place."""
        return _written(self._members, inside)

    def names(self) -> list[str]:
        """Return the keys of the document."""
        return [json_parts.name_of(key) for key, _ in self._members]

    def look(self, cursor: Cursor, path: tuple[str, ...], limits: Limits) -> None:
        """Move over the object that is next, and find what is at a path in it."""
        self._look(cursor, path, limits, self._members)

    def _look(self, cursor: Cursor, path: tuple[str, ...], limits: Limits, members: Members) -> None:
        for key in json_parts.keys(cursor):
            name = json_parts.read_key(cursor, key)
            is_way = name == path[0]
            if is_way and len(path) == 1:
                members.append((key, None))
                cursor.peek()
                self.places.append(cursor.place)
                json_parts.skip(cursor)
            elif is_way and cursor.peek() == b"{":
                inner: Members = []
                members.append((key, inner))
                self._look(cursor, path[1:], limits, inner)
            else:
                value = cursor.value()
                json.check_utf8(value, cursor.place - len(value))
                members.append((key, value))
                self._held += len(value)
            self._held += len(key)
            if self._held > limits.record:
                raise limits.exceeded("record", "what is around the records")
            if len(members) > limits.nodes:
                raise limits.exceeded("nodes", "the number of values around the records")


def _written(members: Members, inside: bytes) -> bytes:
    """Write members as an object, with `inside` where something is left out."""
    parts = []
    for key, value in members:
        if isinstance(value, list):
            inner = _written(value, inside)
            if inner != b"{}" or not value:  # without what is left out, an object may be empty
                parts.append(key + b":" + inner)
        elif value is not None:
            parts.append(key + b":" + value)
        elif inside:
            parts.append(key + b":" + inside)
    return b"{" + b",".join(parts) + b"}"


def look(stream: BinaryIO, path: tuple[str, ...], limits: Limits) -> Within:
    """Find what is at a path in a document, and hold what is around it.

    An error of notation is in the result, with what is before it. Raises LimitExceeded for more than `limits.record`
    bytes, or an object of more than `limits.nodes` members, around what is there.
    """
    cursor, found = Cursor(stream, limits), Within()
    try:
        found.look(cursor, path, limits)
        json_parts.end(cursor)
    except MalformedDocument as error:
        found.error = error
    return found
