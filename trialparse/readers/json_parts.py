"""JSON in parts: the values of a document one after another, without holding all of it."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import BinaryIO, Final, NoReturn, TypeVar

import attrs

from trialparse.diagnostics import LimitExceeded, MalformedDocument, TrialParseError
from trialparse.generated.classes import define
from trialparse.limits import Limits
from trialparse.readers import json

_CHUNK: Final = 64 << 10
"""Bytes that are asked for at once."""
_SEEN: Final = 16
"""Bytes behind an error that the decoder may have looked at: near the end of what is held, more bytes may mend it."""
_FEW: Final = 256
"""Bytes that are looked at first where halves of surrogate pairs may be."""
_KEPT: Final = 1000
"""Bytes that are kept of a list that is not held."""
_SPACE = re.compile(rb"[ \t\r\n]*")
_SIGNS = re.compile(rb'["\[\]{},]')
"""What may be outside of a string, as far as it shows where a value ends."""
_BRACKETS = re.compile(rb'["\[\]{}]')
"""The same within a list or an object."""
_IN_STRING = re.compile(rb'["\\]')
"""What ends a string, or makes the next byte no end of it."""
_CUT: Final = "not JSON: Input data was truncated"
_BEHIND: Final = "JSON is malformed: trailing characters"


def _fault_paired(view: memoryview, fault: str, at: int | None) -> tuple[str, int | None]:
    """Return what the decoder finds wrong with one value whose halves of surrogate pairs are replaced.

    `fault` and `at` are what it finds before. Only as much as the value needs is replaced, which changes no length.
    """
    size = _FEW
    while True:
        raw = bytes(view[:size])
        paired = json.paired(raw)
        if paired is not raw:
            fault, at = json.fault(paired)
        if size >= len(view) or (paired is not raw and at is not None and (fault == _BEHIND or at + _SEEN < size)):
            return fault, at
        size *= 2


def _shift() -> int:
    """Return how far after the first byte behind a value the place is that the decoder names."""
    fault, place = json.fault(b"1,")
    if fault == _BEHIND and place is not None:
        return place - 1
    raise RuntimeError("this version of msgspec does not name the place where a value ends")


_SHIFT: Final = _shift()


class Cursor:
    """A place in a document, which moves over values; only the value at the place is held.

    Every error names the place in the whole document.
    """

    def __init__(self, stream: BinaryIO, limits: Limits, place: int = 0) -> None:
        self._stream, self._limits = stream, limits
        self._held = bytearray()
        self._at = 0
        self._gone = 0
        """Bytes before those that are held."""
        self._ended = False
        self._error: TrialParseError | None = None
        """Why the document breaks off."""
        self.began = 0
        """The number of bytes before the last value."""
        self.move(place)

    @property
    def place(self) -> int:
        """The number of bytes before the place."""
        return self._gone + self._at

    def move(self, place: int) -> None:
        """Move forward to a place of a document that was read before."""
        while self.place < place:
            self._at = min(len(self._held), place - self._gone)
            if self.place < place:
                if self._ended:
                    return
                self._more()

    def peek(self) -> bytes:
        """Return the next byte that is not white space, and move to it; empty at the end."""
        while not (sign := self._peek_held()) and not self._ended:
            self._more()
        return sign

    def ends_line(self) -> bool:
        """Move over the white space behind a value, and return whether it has a line end and something behind it."""
        ends, before = False, self._at
        while before and self._held[before - 1] in b" \t\r\n":  # the value was taken with it
            before -= 1
        while True:
            sign = self._peek_held()
            ends = ends or b"\n" in self._held[before : self._at]
            if sign or self._ended:
                return ends and bool(sign)
            self._more()
            before = self._at

    def _peek_held(self) -> bytes:
        """Return the next byte that is held and is not white space, and move to it; empty if there is none."""
        found = _SPACE.match(self._held, self._at)
        self._at = found.end() if found else self._at
        return bytes(self._held[self._at : self._at + 1])

    def take(self, *signs: bytes) -> bytes:
        """Move over the next byte and return it if it is one of these signs; otherwise return nothing."""
        sign = self.peek()
        if sign not in signs:
            return b""
        self._at += 1
        return sign

    def refuse(self, what: str) -> NoReturn:
        """Raise MalformedDocument about the next byte, or about the end if there is none."""
        if not self.peek():
            raise self._cut()
        raise MalformedDocument(f"not JSON: JSON is malformed: {what} (byte {self.place})")

    def value(self) -> bytes:
        """Move over the next value and return it as it is written.

        Raises MalformedDocument and, for a value of more than `limits.record` bytes, LimitExceeded. What is held
        doubles between two looks at it, so the work is in proportion to the bytes.
        """
        self.peek()
        self.began = self.place
        looked = 0
        while True:
            held = len(self._held) - self._at
            if held >= looked or self._ended:
                length = self._length()
                if length is not None:
                    break
                self._check(held - 2 * _SEEN)
                if self._ended:
                    raise self._cut()
                looked = 2 * held
            self._more()
        found = bytes(self._held[self._at : self._at + length]).rstrip(b" \t\r\n")
        self._check(len(found))
        self._at += length
        return found

    def element(self) -> bytes | LimitExceeded:
        """Move over the next value and return it; in place of one beyond a limit return the error.

        Raises MalformedDocument.
        """
        try:
            return self.value()
        except LimitExceeded as error:
            self._pass_over()
            return error

    def _pass_over(self) -> None:
        """Move over the next value without holding it; only its strings and brackets are looked at."""
        depth, in_string = 0, False
        while True:
            signs = _IN_STRING if in_string else _BRACKETS if depth else _SIGNS
            found = signs.search(self._held, self._at)
            sign = found[0] if found else b""
            if found is None or (sign == b"\\" and found.end() == len(self._held)):
                self._at = len(self._held) if found is None else found.start()
                if self._ended:
                    raise self._cut()
                self._more()
                continue
            self._at = found.end()
            if sign == b"\\":
                self._at += 1
            elif sign == b'"':
                in_string = not in_string
            elif sign in b"[{":
                depth += 1
            elif depth:
                depth -= 1
            else:  # behind a number or a word
                self._at = found.start()
                return
            if not depth and not in_string and sign != b"\\":
                return

    def _check(self, length: int) -> None:
        """Raise LimitExceeded if a value is longer than a record may be."""
        if length > self._limits.record:
            raise self._limits.exceeded("record", f"a value at byte {self.place:,}")

    def _length(self) -> int | None:
        """Return the length of the next value and the white space after it; None if more bytes are needed."""
        with memoryview(self._held) as held, held[self._at :] as view:
            size = len(view)
            fault, at = json.fault(view)
            if fault and fault != _BEHIND:
                fault, at = _fault_paired(view, fault, at)
            is_whole = self._ended or bytes(view[:1]) in (b"{", b"[", b'"')  # a number may go on
        if not fault:
            return size if is_whole else None
        if at is None:
            return None
        if fault == _BEHIND:
            return at - _SHIFT
        if at + _SEEN >= size and not self._ended:
            return None
        self._check(at)
        raise MalformedDocument(f"not JSON: {fault} (byte {self.place + at})")

    def finish(self) -> None:
        """Read to the end of the document, where it is checked for changes; raises the error if it breaks off."""
        while not self._ended:
            self._at = len(self._held)
            self._more()
        if self._error is not None:
            raise self._error

    def _cut(self) -> TrialParseError:
        """Return the error on a document that ends too early."""
        return self._error or MalformedDocument(_CUT)

    def _more(self) -> None:
        """Hold the next piece, and let go of what is behind."""
        piece = b""
        try:
            piece = self._stream.read(_CHUNK)
        except TrialParseError as error:  # what comes before it is read first
            self._error = error
        del self._held[: self._at]
        self._gone += self._at
        self._at = 0
        self._held += piece
        self._ended = not piece


def elements(cursor: Cursor) -> Iterator[bytes | LimitExceeded]:
    """Yield what `Cursor.element` returns for each element of the array that is next; raises what it raises."""
    return _parts(cursor, cursor.element, "[]", "array")


def keys(cursor: Cursor) -> Iterator[bytes]:
    """Yield the keys of the object that is next, as they are written; who takes one moves over its value."""
    return _parts(cursor, cursor.value, "{}", "object")


def first_key(cursor: Cursor) -> str:
    """Return the first key of the object that is next; empty if it has none. Raises MalformedDocument."""
    key = next(keys(cursor), b"")
    return read_key(cursor, key) if key else ""


def read_key(cursor: Cursor, key: bytes) -> str:
    """Return a key that was just moved over, and move to its value; raises MalformedDocument."""
    json.check_utf8(key, cursor.place - len(key))
    if not cursor.take(b":"):
        cursor.refuse("expected ':'")
    return name_of(key)


def members(cursor: Cursor) -> Iterator[tuple[str, bytes | LimitExceeded]]:
    """Yield name and value of each member of the object that is next, the value as `Cursor.element` returns it."""
    for key in keys(cursor):
        name = read_key(cursor, key)
        yield name, cursor.element()


def skip(cursor: Cursor) -> None:
    """Move over the next value; of a list or an object only one element is held at a time."""
    sign = cursor.peek()
    found: Iterator[object] = elements(cursor) if sign == b"[" else members(cursor) if sign == b"{" else iter(())
    if sign not in (b"[", b"{"):
        cursor.value()
    for _ in found:
        pass


_Part = TypeVar("_Part")


def _parts(cursor: Cursor, part: Callable[[], _Part], brackets: str, kind: str) -> Iterator[_Part]:
    """Yield the elements of an array, or the keys of an object."""
    begin, close = brackets[0].encode(), brackets[1].encode()
    if not cursor.take(begin):
        cursor.refuse(f"expected '{brackets[0]}'")
    if cursor.take(close):
        return
    while True:
        if kind == "object" and cursor.peek() != b'"':
            cursor.refuse("object keys must be strings")
        yield part()
        sign = cursor.take(b",", close)
        if sign == close:
            return
        if not sign:
            cursor.refuse(f"expected ',' or '{brackets[1]}'")
        if cursor.peek() == close:
            cursor.refuse(f"trailing comma in {kind}")


def end(cursor: Cursor) -> None:
    """Raise MalformedDocument if anything comes before the end of the document except white space."""
    if cursor.peek():
        cursor.refuse("trailing characters")
    cursor.finish()


@define(kw_only=True)
class Skimmed:
    """The members of an object, without the elements of its long lists."""

    members: list[tuple[bytes, bytes]] = attrs.Factory(list)
    """Each key and value in order, as they are written; of a list that is not held, the first elements."""
    lists: dict[str, tuple[int, int]] = attrs.Factory(dict)
    """Place and number of elements of the last list that is not held, by its key."""
    error: MalformedDocument | None = None
    """Why the rest of the document could not be read."""
    length: int | None = None
    """Number of bytes up to the end of the object, if nothing is behind it; None if it is not whole."""

    def named(self) -> dict[str, bytes]:
        """Return the last value of each key."""
        return {name_of(key): value for key, value in self.members}

    def around(self, rows: str) -> bytes:
        """Return the object without its rows; if a key occurs twice, with all members, so that this can be seen."""
        twice = len(self.named()) < len(self.members)
        written = [key + b":" + value for key, value in self.members if twice or name_of(key) != rows]
        return b"{" + b",".join(written) + b"}"


def skim(stream: BinaryIO, lists: Collection[str], limits: Limits) -> Skimmed:
    """Read an object, and hold all of it except the lists under some keys.

    An error of notation is in the result, with what is before it. Raises LimitExceeded for more than `limits.record`
    bytes or `limits.nodes` members beside these lists.
    """
    cursor, found, held = Cursor(stream, limits), Skimmed(), 0
    try:
        for key in keys(cursor):
            name = read_key(cursor, key)
            if name in lists and cursor.peek() == b"[":
                _skim_list(key, cursor, found)
            else:
                found.lists.pop(name, None)
                value = cursor.value()
                json.check_utf8(value, cursor.place - len(value))
                found.members.append((key, value))
            held += sum(map(len, found.members[-1]))
            if held > limits.record:
                raise limits.exceeded("record", "what is around the rows of a page")
            if len(found.members) > limits.nodes:
                raise limits.exceeded("nodes", "the number of values in the record")
        found.length = None if cursor.peek() else cursor.place
        end(cursor)
    except MalformedDocument as error:
        found.error = error
    return found


def _skim_list(key: bytes, cursor: Cursor, found: Skimmed) -> None:
    """Move over a list, as far as it can be read; hold its first elements, and count all."""
    place, count, kept = cursor.place, 0, b""
    try:
        for element in elements(cursor):
            if len(kept) < _KEPT and isinstance(element, bytes):
                kept += (b"," if kept else b"") + element
            count += 1
    finally:
        found.members.append((key, b"[" + kept + b"]"))
        found.lists[name_of(key)] = place, count


def name_of(key: bytes) -> str:
    """Return a key that is written as JSON."""
    return json.text(json.paired(key))
