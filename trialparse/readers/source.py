"""Sources: a path, bytes or a binary file becomes documents, unpacked, counted and in UTF-8."""

import array
import bisect
import codecs
import contextlib
import errno
import functools
import io
import itertools
import os
import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

import attrs

from trialparse.diagnostics import MalformedDocument, Problem
from trialparse.generated.classes import define
from trialparse.limits import DEFAULTS, Limits

ONE_PIECE = 8 << 20
"""A document up to this many bytes is held in one piece; a longer one is a stream."""

_CHUNK = 64 << 10
_WHOLE = "a source that has to be read as a whole"
_RATIO_FROM = 1 << 20  # below this, a high ratio is a short document that repeats itself and costs nothing

Input = str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO
Note = tuple[Problem, str]


class _Pieces(io.RawIOBase):
    """A readable file over an iterator of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # typeshed asks for a Buffer
        """Fill `buffer` from the current piece, or from the next one that is not empty."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


@define(eq=False)
class Document:
    """One document of a source: a plain file, or a member of an archive.

    Up to `ONE_PIECE` bytes are in `data`. A longer document is a stream: it can be opened or read once, and after
    `hold` any number of times, one after another. Its first bytes are held for `head`. Malformed compression raises
    an error when it is reached: for a stream, during reading.
    """

    member: str | None = None
    """Name in the archive, None outside of one."""
    data: bytes | None = None
    """The whole content as UTF-8 (or in the encoding of its XML declaration), None for a stream."""
    notes: tuple[Note, ...] = ()
    """Changes made to the bytes before reading."""
    _start: bytes = b""
    _rest: Iterator[bytes] | None = None
    _again: Callable[[], Iterator[bytes]] | None = None
    """Returns the pieces of a stream from its beginning, if its source can be searched."""
    _beside: Callable[[], Iterator[str]] | None = None
    """Yields the names of all members of its archive."""

    def head(self, count: int) -> bytes:
        """Return the first `count` bytes, at most `ONE_PIECE` of a stream, and consume nothing."""
        return (self._start if self.data is None else self.data)[:count]

    def names(self, count: int) -> list[str]:
        """Return the names of the first members of its archive, as far as they can be read; none outside of one."""
        found: list[str] = []
        with contextlib.suppress(MalformedDocument):
            found.extend(itertools.islice(self._beside() if self._beside is not None else (), count))
        return found

    def read(self, limits: Limits = DEFAULTS) -> bytes:
        """Return the whole content, which stays in `data`; raises `LimitExceeded` beyond `limits.record`."""
        if self.data is None:
            self.data = _joined(self._stream(), "record", limits)
        elif len(self.data) > limits.record:
            raise limits.exceeded("record", _WHOLE)
        return self.data

    def hold(self, limits: Limits) -> None:
        """Make sure that the document can be opened more than once: hold a stream whose source cannot be searched.

        Raises `LimitExceeded` for one of more than `limits.held` bytes.
        """
        if self.data is None and self._again is None:
            self.data = _joined(self._stream(), "held", limits)

    def open(self) -> BinaryIO:
        """Return the content as a binary file, read in constant memory if the document is a stream."""
        if self.data is not None:
            return io.BytesIO(self.data)
        return io.BufferedReader(_Pieces(self._stream()), _CHUNK)

    def _stream(self) -> Iterator[bytes]:
        """Return the pieces of a stream; works only once, unless its source can be searched."""
        if self._rest is None:
            if self._again is not None:
                return self._again()
            raise RuntimeError("the document is a stream and has been read")
        pieces = itertools.chain((self._start,), self._rest)
        self._rest = None
        return pieces


def documents(source: Input, limits: Limits) -> Iterator[Document]:
    """Yield the documents of a source, one for a plain or gzip file and one for each file in a zip.

    A `str` is always a path. A binary file is read from its current position and is left open.

    Raises `OSError` for a path that cannot be read, `TypeError` for a source of another type, and
    `MalformedDocument` or `LimitExceeded` for what is in it.
    """
    if isinstance(source, bytes):
        yield from _of_bytes(source, limits)
    elif isinstance(source, bytearray | memoryview):
        yield from _of_bytes(bytes(source), limits)
    else:
        yield from _unpacked(_file(source), limits)


def _of_bytes(data: bytes, limits: Limits) -> Iterator[Document]:
    """Return the documents of bytes; plain bytes are not copied."""
    if limits.bytes is not None and len(data) > limits.bytes:
        raise limits.exceeded("bytes", f"a source of {len(data):,} bytes")
    if data.startswith(_SPECIAL) or b"\0" in data[:2]:
        return _unpacked(io.BytesIO(data), limits)
    if data.startswith(b"<?xml"):
        data, notes = _declared(data, "", "")
        return iter((Document(None, data, notes),))
    return iter((Document(None, data),))


class _Owned(io.FileIO):
    """A file opened here, which knows whether it has changed since.

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


_PATH = 4096
"""Characters of a path: no system takes more."""

_NAMED = 80
"""Characters of a path that an error names."""
_JSON = re.compile(r'[\[{]\s*(?:["\[{]|[^"\[{]*[\]}]\s*\Z)')
"""JSON, by more than its first sign: a name of a file may begin with a bracket."""


def _looks_like(text: str) -> str:
    """Return what a text that is no path looks like; nothing if it may be one."""
    start = text[:_PATH].lstrip("\ufeff \t\r\n")
    first, *below = start.splitlines() or [""]
    is_long = bool(below) or len(text) > _PATH
    if first[:1] in ("{", "[") and (is_long or _JSON.match(start)):
        return "JSON"
    if first[:1] == "<" and (is_long or start.rstrip().endswith(">")):
        return "XML"
    if below or len(text) > _PATH:
        return "CSV" if any(sign in first for sign in ",;\t|") else "text"
    return ""


def check_no_folder(source: Input) -> None:
    """Raise IsADirectoryError for a path of a folder."""
    if isinstance(source, str | os.PathLike) and os.path.isdir(source):  # noqa: PTH112  also a path of bytes
        raise IsADirectoryError(errno.EISDIR, "a folder is no source: read each of its files", os.fspath(source))


def opened(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a path as `documents` does, so that a change during reading is noticed; raises `OSError`."""
    return _file(path)


def _file(source: str | os.PathLike[str] | BinaryIO) -> BinaryIO:
    """Return a source that is no bytes as a binary file."""
    if isinstance(source, str | os.PathLike):
        try:
            return _Owned(source)
        except ValueError as error:  # a NUL or a lone surrogate in the path: there is no such file
            found = OSError(errno.EINVAL, str(error), os.fspath(source))
            found.__cause__ = error
        except OSError as error:
            found = error
        notation = _looks_like(source) if isinstance(source, str) else ""
        if isinstance(source, str) and notation:
            what = f"a str is a path, and this one looks like {notation}: pass bytes, as text.encode() gives them"
            raise type(found)(found.errno, what, *([source] if len(source) <= _NAMED else ()))
        raise found
    if not hasattr(source, "read"):
        raise TypeError(f"a source is a path, bytes or a binary file, not {type(source).__name__}")
    return source


@define(eq=False)
class _Meter:
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


def _unpacked(file: BinaryIO, limits: Limits) -> Iterator[Document]:
    """Yield the documents of an open file, plain or packed."""
    can_search = getattr(file, "seekable", bool)()
    start = file.tell() if can_search else 0

    def again() -> Iterator[bytes]:
        file.seek(start)
        meter = _Meter(limits)
        return _gunzipped(_pieces(file, meter), meter, None)

    meter = _Meter(limits)
    pieces = _pieces(file, meter)
    first = next(pieces, b"")
    if first.startswith((b"PK\3\4", b"PK\5\6")):
        yield from _zip_documents(file if can_search else _searchable(first, pieces, limits), limits)
        return
    yield _document(None, _gunzipped(itertools.chain((first,), pieces), meter, None), again if can_search else None)


def _pieces(file: BinaryIO, meter: _Meter) -> Iterator[bytes]:
    """Yield a file in full chunks, even if it returns small ones."""
    while piece := _read(file, _CHUNK):
        meter.take(len(piece))
        yield piece
    _check_unchanged(file)


def _check_unchanged(file: BinaryIO) -> None:
    """Check that a file opened here has not changed."""
    if isinstance(file, _Owned):
        file.check_unchanged()


def _read(file: BinaryIO, count: int) -> bytes:
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


def _searchable(first: bytes, pieces: Iterator[bytes], limits: Limits) -> BinaryIO:
    """Return a file that can be searched, with the pieces of one that cannot: a zip is read from its end."""
    return io.BytesIO(_joined(itertools.chain((first,), pieces), "held", limits))


def _joined(pieces: Iterator[bytes], limit: str, limits: Limits) -> bytes:
    """Return the bytes of all pieces; raises `LimitExceeded` if they are beyond a limit."""
    most: int = getattr(limits, limit)
    parts, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise limits.exceeded(limit, _WHOLE)
        parts.append(piece)
    return b"".join(parts)


# --- gzip ---------------------------------------------------------------------------------------------------


def _gunzipped(pieces: Iterator[bytes], meter: _Meter, member: str | None) -> Iterator[bytes]:
    """Yield the content of a gzip file, or the pieces unchanged if it is none."""
    first = next(pieces, b"")
    pieces = itertools.chain((first,), pieces)
    if not first.startswith(b"\x1f\x8b"):
        return pieces
    return _inflated(pieces, meter, member)


def _inflated(pieces: Iterator[bytes], meter: _Meter, member: str | None) -> Iterator[bytes]:
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
                        "members", f"{_named(member)}gzip of {streams:,} streams", member=member or ""
                    )
                inflater = zlib.decompressobj(31)
            out = _step(inflater, left, member)
            left = inflater.unconsumed_tail or inflater.unused_data
            meter.inflate(len(out))
            if out:
                yield out
            if inflater.eof:
                inflater = None
    if inflater is not None:
        raise MalformedDocument(f"{_named(member)}the gzip stream is cut short", member=member or "")


def _step(inflater: "zlib._Decompress", data: bytes, member: str | None) -> bytes:
    """Inflate at most one chunk."""
    try:
        return inflater.decompress(data, _CHUNK)
    except zlib.error as error:
        raise MalformedDocument(f"{_named(member)}broken compression ({error})", member=member or "") from error


def _named(member: str | None) -> str:
    """Return an error message that begins with the member."""
    return "{member}: " if member else ""


# --- zip ----------------------------------------------------------------------------------------------------
# zipfile builds an object for every entry it is promised before it returns, 600 bytes for each 46 of the
# file, and lets nine kinds of foreign exceptions out. What registries publish needs a small part of it:
# stored and deflated members, found by the central directory, read in order and counted.


class _Entry(NamedTuple):
    """One entry of the central directory (APPNOTE.TXT 4.3.12)."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    """Position of its local header in the file."""


_STORED, _DEFLATED = 0, 8
_LONG = 0xFFFFFFFF


@define(eq=False)
class _Zip:
    """A zip that is being read."""

    file: BinaryIO
    size: int
    meter: _Meter
    begins: "array.array[int]" = attrs.Factory(lambda: array.array("Q"))
    """Where its members and its directory begin, in order."""

    def at(self, place: int, count: int) -> bytes:
        """Read `count` bytes at a position from the zip, which may be nonsense."""
        if 0 <= place <= self.size - count:
            self.file.seek(place)
            data = _read(self.file, count)
            if len(data) == count:
                return data
        raise MalformedDocument("the zip is cut short or points outside of itself")


def _zip_documents(file: BinaryIO, limits: Limits) -> Iterator[Document]:
    """Yield the members of a zip that are files, in the order of its directory."""
    archive = _Zip(file, file.seek(0, io.SEEK_END), _Meter(limits))
    if limits.bytes is not None and archive.size > limits.bytes:
        raise limits.exceeded("bytes", f"a source of {archive.size:,} bytes")
    notes = tuple((Problem.NOT_READ, name) for name in _surveyed(archive, limits))
    for entry in _entries(archive, limits):
        if _is_no_file(entry.name):
            continue
        _check_method(entry)
        start = _claimed(archive, entry)
        again = functools.partial(_member, archive, entry, start, attrs.evolve(archive.meter))
        document = _document(entry.name, _content(archive, entry, start, archive.meter), again)
        document._beside = functools.partial(_names, archive, limits)
        if not is_pdf(document):
            document.notes, notes = document.notes + notes, ()
        yield document
    _check_unchanged(file)


def _names(archive: _Zip, limits: Limits) -> Iterator[str]:
    """Yield the names of the members of a zip."""
    return (entry.name for entry in _entries(archive, limits))


def _member(archive: _Zip, entry: _Entry, start: int, before: _Meter) -> Iterator[bytes]:
    """Return the content of a member once more; what is counted begins as it was `before`."""
    return _content(archive, entry, start, attrs.evolve(before))


def _is_no_file(name: str) -> bool:
    """Whether an entry is a folder, or a companion file of macOS."""
    return name.endswith("/") or "__MACOSX/" in name


def _surveyed(archive: _Zip, limits: Limits) -> list[str]:
    """Note where the members begin, and return the names of those that look like PDFs.

    The directory is read as far as it can be.
    """
    names: list[str] = []
    with contextlib.suppress(MalformedDocument):
        archive.begins.append(_directory(archive)[1])
        for entry in _entries(archive, limits):
            if not _is_no_file(entry.name):
                archive.begins.append(min(entry.at, archive.size))
                names += [entry.name] if entry.name.lower().endswith(".pdf") else []
    archive.begins = array.array("Q", sorted(archive.begins))
    return names


def is_pdf(document: Document) -> bool:
    """Whether a document is a PDF."""
    return document.head(1024).lstrip(b" \t\r\n").startswith(b"%PDF-")


def _entries(archive: _Zip, limits: Limits) -> Iterator[_Entry]:
    """Yield the central directory of a zip, entry by entry."""
    count, place, end, shift = _directory(archive)
    if limits.members is not None and count > limits.members:
        raise limits.exceeded("members", f"a zip of {count:,} members")
    for _ in range(count):
        entry, place = _entry(archive, place, shift)
        yield entry
    if place != end:
        raise MalformedDocument("the directory of the zip does not hold the members it promises")


def _directory(archive: _Zip) -> tuple[int, int, int, int]:
    """Return number of members, start and end of the directory, and the number of bytes before the zip."""
    tail_at = max(0, archive.size - 22 - 0xFFFF)
    tail = archive.at(tail_at, archive.size - tail_at)
    found = tail.rfind(b"PK\5\6")
    if found < 0 or len(tail) - found < 22:
        raise MalformedDocument("the zip has no end record; it is cut short")
    end = tail_at + found
    count, length, offset = struct.unpack_from("<HLL", tail, found + 10)
    if end >= 20 and (_LONG in (length, offset) or count == 0xFFFF):
        locator = archive.at(end - 20, 20)
        if locator.startswith(b"PK\6\7"):
            end = struct.unpack_from("<Q", locator, 8)[0]
            count, length, offset = struct.unpack_from("<QQQ", archive.at(end, 56), 32)
    start = end - length
    if start < 0 or offset > start:
        raise MalformedDocument("the zip has a directory that points outside of it")
    return count, start, end, start - offset


def _entry(archive: _Zip, place: int, shift: int) -> tuple[_Entry, int]:
    """Return the entry at a position of the directory, and the position of the next one."""
    fixed = archive.at(place, 46)
    if not fixed.startswith(b"PK\1\2"):
        raise MalformedDocument("the directory of the zip is broken")
    flags, method, crc, packed, size = struct.unpack_from("<HH4xLLL", fixed, 8)
    name_length, extra_length, comment_length = struct.unpack_from("<HHH", fixed, 28)
    at = struct.unpack_from("<L", fixed, 42)[0]
    variable = archive.at(place + 46, name_length + extra_length)
    # A name is only a label here, so bytes that are not UTF-8 must not stop the reading.
    name = variable[:name_length].decode("utf-8" if flags & 0x800 else "cp437", "backslashreplace")
    size, packed, at = _long(variable[name_length:], size, packed, at)
    following = place + 46 + name_length + extra_length + comment_length
    return _Entry(name, flags, method, crc, packed, size, at + shift), following


def _long(extra: bytes, *numbers: int) -> Iterator[int]:
    """Yield size, packed size and place, from the zip64 field where too large for their own (4.5.3)."""
    place, wide = 0, b""
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == 1:
            wide = extra[place + 4 : place + 4 + length]
            break
        place += 4 + length
    for number in numbers:
        if number == _LONG and len(wide) >= 8:
            number, wide = struct.unpack_from("<Q", wide)[0], wide[8:]
        yield number


def _check_method(entry: _Entry) -> None:
    """Check that a member is packed in a way that can be read."""
    if entry.flags & 0x2041:
        raise MalformedDocument("{member}: the member is encrypted", member=entry.name)
    if entry.method not in (_STORED, _DEFLATED):
        raise MalformedDocument(
            f"{{member}}: compression method {entry.method} of zip is not supported", member=entry.name
        )


def _content(archive: _Zip, entry: _Entry, start: int, meter: _Meter) -> Iterator[bytes]:
    """Yield the content of a member, unpacked; its size and checksum are checked at the end."""
    pieces = _packed(archive, entry, start, meter)
    if entry.method == _DEFLATED:
        pieces = _raw_inflated(pieces, meter, entry.name)
    return _gunzipped(_checked(pieces, entry), meter, entry.name)


def _data_place(archive: _Zip, entry: _Entry) -> int:
    """Return where the bytes of a member begin: after its local header, whose lengths are its own."""
    local = archive.at(entry.at, 30)
    if not local.startswith(b"PK\3\4"):
        raise MalformedDocument("{member}: the member is not where the directory says", member=entry.name)
    name_length, extra_length = struct.unpack_from("<HH", local, 26)
    return entry.at + 30 + int(name_length) + int(extra_length)


def _claimed(archive: _Zip, entry: _Entry) -> int:
    """Return where the bytes of a member begin; checks that it shares none with another one, as in a zip bomb."""
    start = _data_place(archive, entry)
    first, following = (find(archive.begins, entry.at) for find in (bisect.bisect_left, bisect.bisect_right))
    ends = archive.begins[following] if following < len(archive.begins) else 0
    if following - first > 1 or start + entry.packed > ends:
        raise MalformedDocument("{member}: the member overlaps another one", member=entry.name)
    return start


def _packed(archive: _Zip, entry: _Entry, start: int, meter: _Meter) -> Iterator[bytes]:
    """Yield the packed bytes of a member, and count them as read."""
    place, end = start, start + entry.packed
    while place < end:
        piece = archive.at(place, min(_CHUNK, end - place))
        place += len(piece)
        meter.take(len(piece))
        yield piece


def _raw_inflated(packed: Iterator[bytes], meter: _Meter, member: str) -> Iterator[bytes]:
    """Yield the content of a deflated member."""
    inflater = zlib.decompressobj(-15)
    for piece in packed:
        left = piece
        while left and not inflater.eof:
            out = _step(inflater, left, member)
            left = inflater.unconsumed_tail
            meter.inflate(len(out))
            yield out
    while not inflater.eof:
        out = _step(inflater, b"", member)
        if not out:
            raise MalformedDocument("{member}: the member is cut short", member=member)
        meter.inflate(len(out))
        yield out


def _checked(pieces: Iterator[bytes], entry: _Entry) -> Iterator[bytes]:
    """Yield a member, and check it against the directory."""
    size = crc = 0
    for piece in pieces:
        size += len(piece)
        if size > entry.size:
            break
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != entry.size:
        raise MalformedDocument(
            f"{{member}}: the member is not of the {entry.size:,} bytes it promises", member=entry.name
        )
    if crc != entry.crc:
        raise MalformedDocument("{member}: the checksum of the member is wrong", member=entry.name)


# --- encoding -----------------------------------------------------------------------------------------------

_MARKS = (  # the longer ones first: UTF-32 LE begins as UTF-16 LE does
    (b"\xff\xfe\0\0", "utf-32-le", "UTF-32 LE byte order mark"),
    (b"\0\0\xfe\xff", "utf-32-be", "UTF-32 BE byte order mark"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 LE byte order mark"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 BE byte order mark"),
    (b"\xef\xbb\xbf", "utf-8", "UTF-8 byte order mark"),
)
_SPECIAL = (b"\x1f\x8b", b"PK\3\4", b"PK\5\6", *(mark for mark, _, _ in _MARKS))
_UNMARKED = re.compile(
    rb"(?P<utf_32_le>[<{\[]\0\0\0)|(?P<utf_32_be>\0\0\0[<{\[])|(?P<utf_16_le>[<{\[]\0)|(?P<utf_16_be>\0[<{\[])"
)
_DECLARED = re.compile(rb"""(<\?xml\s[^>]{0,100}?)\s+encoding\s*=\s*["']([^"'>]{0,60})["']""")


def _document(member: str | None, pieces: Iterator[bytes], again: Callable[[], Iterator[bytes]] | None) -> Document:
    """Make the document of pieces: one piece if they are few, and in UTF-8; `again` returns the pieces once more."""
    start, rest = _gathered(pieces)
    length, encoding, note = _encoding(start)
    if encoding:
        start, rest = _gathered(_marked_off(itertools.chain((start,), rest or ()), length, encoding, member))
    start, notes = _declared(start, encoding, note)
    if rest is None:
        return Document(member, start, notes)
    if again is not None and encoding:
        packed = again

        def again() -> Iterator[bytes]:
            return _marked_off(packed(), length, encoding, member)

    return Document(member, None, notes, start, rest, again)


def _marked_off(pieces: Iterator[bytes], length: int, encoding: str, member: str | None) -> Iterator[bytes]:
    """Return pieces in UTF-8 without their byte order mark of so many bytes."""
    pieces = _without(pieces, length)
    return pieces if encoding == "utf-8" else _transcoded(pieces, encoding, length, member)


def _without(pieces: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield pieces without their first bytes."""
    for piece in pieces:
        yield piece[count:]
        count = max(0, count - len(piece))


def _gathered(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes] | None]:
    """Return the first `ONE_PIECE` bytes or more, and the pieces after them, None if there are none."""
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size > ONE_PIECE:
            return b"".join(parts), pieces
    return b"".join(parts), None


def _encoding(start: bytes) -> tuple[int, str, str]:
    """Return length of the byte order mark, encoding and note of a document that is not plain UTF-8."""
    for mark, encoding, note in _MARKS:
        if start.startswith(mark):
            return len(mark), encoding, note
    if found := _UNMARKED.match(start):
        encoding = str(found.lastgroup).replace("_", "-")
        return 0, encoding, f"{encoding[:6].upper()} {encoding[7:].upper()} without a byte order mark"
    return 0, "", ""


def _transcoded(pieces: Iterable[bytes], encoding: str, place: int, member: str | None) -> Iterator[bytes]:
    """Yield pieces in UTF-8; `place` is where they begin in the document."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in itertools.chain(filter(None, pieces), (b"",)):
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            wrong = place - kept + error.start
            raise MalformedDocument(f"{_named(member)}no {encoding} at byte {wrong}", member=member or "") from error
        place += len(piece)
        if text:
            yield text.encode()


def _declared(start: bytes, encoding: str, note: str) -> tuple[bytes, tuple[Note, ...]]:
    """Remove a wrong encoding from the XML declaration, and note it."""
    notes: tuple[Note, ...] = ((Problem.ENCODING, note),) if encoding else ()
    if not start.startswith(b"<?xml") or not (found := _DECLARED.match(start)):
        return start, notes
    declared = found[2].decode("ascii", "backslashreplace")
    if declared.lower() in ("utf-8", "utf8"):
        return start, notes
    # Programs that write XML to a string declare UTF-16 and then save it in another encoding.
    if not encoding and declared.lower().startswith(("utf-16", "utf16", "ucs-2", "iso-10646-ucs", "utf-32")):
        notes = ((Problem.ENCODING, f"declared as {declared}, yet of single bytes"),)
    if not notes:
        return start, notes
    return found[1] + start[found.end() :], notes
